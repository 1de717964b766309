"""What limiting the rate of callers costs a request, when all processes share the buckets through the database.

The same requests through the gate's buckets alone: none, buckets of the process, shared ones; one caller after the
other and 32 at once. Then two processes that ask as one caller, and how many requests both let through together.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy.engine import Engine

from bench.load.databases import postgres
from wideberth_contracts.errors import Busy
from wideberth_gateway.access.limits import Buckets
from wideberth_gateway.store.buckets import Flow
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.migrate import migrate

FLOW = Flow(100.0, 1000.0)
"""As a gateway has it."""
WIDE = Flow(1e6, 1e7)
REQUESTS, QUICK_REQUESTS = 40_000, 5_000
ONE_AFTER_ANOTHER_S = 3.0
AT_ONCE = 32
Row = dict[str, Any]
Take = Callable[[str], Awaitable[None]]

ASKS = """
import asyncio, sys, time
from bench.load.limits import FLOW
from wideberth_contracts.errors import Busy
from wideberth_gateway.access.limits import Buckets
from wideberth_gateway.store.engine import open_engine

async def main():
    engine, buckets, until, through = open_engine(sys.argv[1]), Buckets("both", FLOW), time.time() + 4, 0
    while time.time() < until:
        try:
            await buckets.take(engine, "one")
            through += 1
        except Busy:
            await asyncio.sleep(0.01)
    print(through)

asyncio.run(main())
"""


def run(quick: bool) -> list[Row]:
    """All rows."""
    requests = QUICK_REQUESTS if quick else REQUESTS
    rows = [_row("none", "", asyncio.run(_timed(_nothing, requests))), _row("of the process", "", _own(requests))]
    with ExitStack() as stack:
        for kind, url in stack.enter_context(_databases()):
            engine = open_engine(url)
            migrate(engine)
            rows += _shared(kind, engine, requests)
            engine.dispose()
            rows.append(_together(kind, url))
    return rows


@contextmanager
def _databases() -> Iterator[list[tuple[str, str]]]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        found = [("SQLite", f"sqlite:///{Path(folder) / 'main.sqlite'}")]
        url = stack.enter_context(postgres())
        if url is not None:
            found.append(("PostgreSQL", url))
        yield found


def _shared(kind: str, engine: Engine, requests: int) -> list[Row]:
    """Of a caller who asks as often as they may, and of callers who ask at once; then of a question itself."""
    buckets = Buckets("cost", FLOW)

    async def take(caller: str) -> None:
        await buckets.take(engine, caller)

    wide = Buckets("wide", Flow(FLOW.per_s, WIDE.burst))

    async def freely(caller: str) -> None:
        await wide.take(engine, caller)

    first = quantiles([_first(engine, number) for number in range(200)], n=20)
    note = f"p95 {first[18] * 1e3:.2f} ms; a caller's first request pays it"
    return [
        _row(f"shared, {kind}", f"{wide.block} tokens a question", asyncio.run(_timed(freely, requests))),
        _row(f"shared, {kind}, {AT_ONCE} callers at once", "", asyncio.run(_timed(freely, requests, AT_ONCE))),
        _row(f"shared, {kind}, at the allowed rate", "", asyncio.run(_paced(take))),
        {"name": f"one question, {kind}, median", "value": round(first[9] * 1e3, 2), "unit": "ms", "note": note},
    ]


def _first(engine: Engine, number: int) -> float:
    async def ask() -> float:
        buckets, started = Buckets("first", FLOW), time.perf_counter()
        await buckets.take(engine, f"{number} {started}")
        return time.perf_counter() - started

    return asyncio.run(ask())


def _together(kind: str, url: str) -> Row:
    """Two processes for 4 s: at most what a bucket holds and what flows in, and a block each."""
    both = [subprocess.Popen([sys.executable, "-c", ASKS, url], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    through = [int(one.communicate()[0]) for one in both]
    most = int(FLOW.burst + 4.5 * FLOW.per_s + 2 * Buckets("", FLOW).block)
    return {
        "name": f"two processes, one caller, 4 s, {kind}", "value": sum(through), "unit": "requests",
        "aim": f"<= {most}", "met": sum(through) <= most, "note": f"{through[0]} and {through[1]}",
    }  # fmt: skip


async def _timed(take: Take, requests: int, callers: int = 1) -> float:
    """Mean s of a request."""
    for caller in range(callers):
        await take(f"{callers} {caller}")

    async def one(caller: str) -> None:
        for _ in range(requests // callers):
            await take(caller)

    started = time.perf_counter()
    await asyncio.gather(*(one(f"{callers} {caller}") for caller in range(callers)))
    return (time.perf_counter() - started) / requests


async def _paced(take: Take) -> float:
    """Mean s within the gate of a caller who asks 100 times a second."""
    spent_s, asked, ends = 0.0, 0, time.perf_counter() + ONE_AFTER_ANOTHER_S
    while time.perf_counter() < ends:
        started = time.perf_counter()
        await take("paced")
        spent_s, asked = spent_s + time.perf_counter() - started, asked + 1
        await asyncio.sleep(1 / FLOW.per_s)
    return spent_s / asked


async def _nothing(_caller: str) -> None:
    return


def _own(requests: int) -> float:
    """What limits cost that are counted in each process."""
    known: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def take(caller: str) -> None:
        now = time.monotonic()
        tokens, at = known.pop(caller, (WIDE.burst, now))
        tokens = min(WIDE.burst, tokens + (now - at) * WIDE.per_s)
        if tokens < 1:
            raise Busy("too many requests")
        known[caller] = (tokens - 1, now)

    return asyncio.run(_timed(take, requests))


def _row(name: str, note: str, mean_s: float) -> Row:
    return {"name": f"a request, {name}", "value": round(mean_s * 1e6, 2), "unit": "µs", "note": note}
