"""The alert feed under load: a real gateway, many open streams, receivers that misbehave; nothing lost, nothing late.

Alerts are written into the database as a job writes them, a batch every half second, by another process. Streams are
raw sockets; a quarter of them hang up again and again and go on with `Last-Event-ID`. Receivers run here: a good one,
one that fails every first try, one that hangs, one that redirects, one that is gone.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from bench.load.alert_writer import BATCH, EVERY_S, first_second
from bench.load.receivers import Receiver, listening
from wideberth_gateway.access.roles import Role
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.keys import add_key
from wideberth_gateway.store.migrate import migrate

ALERTS, READERS = 10_000, 200
QUICK_ALERTS, QUICK_READERS = 500, 40
HANGS_UP_EACH = 4
PORT = 8797
_EVENT = re.compile(rb"id: (\d+)\ndata: .*?\"id\":\"([0-9a-f]+)\"")
Row = dict[str, Any]


@dataclass
class Stream:
    """What one reader got: event numbers in order, and how late each was, s."""

    numbers: list[int] = field(default_factory=list)
    late_s: list[float] = field(default_factory=list)
    hangs_up: bool = False


def run(quick: bool) -> list[Row]:
    """All rows."""
    alerts, readers = (QUICK_ALERTS, QUICK_READERS) if quick else (ALERTS, READERS)
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder), alerts, readers))


async def _measure(folder: Path, alerts: int, readers: int) -> list[Row]:
    streams = [Stream(hangs_up=number % HANGS_UP_EACH == 0) for number in range(readers)]
    bad = [Receiver("fails first"), Receiver("hangs"), Receiver("redirects"), Receiver("gone")]
    receivers = {each.manner: each for each in (Receiver("good"), *bad)}
    async with listening(*receivers.values()), _gateway(folder) as key:
        ids = {name: await _add(each.url, key) for name, each in receivers.items()}
        reading = [asyncio.create_task(_read(stream, alerts)) for stream in streams]
        await asyncio.sleep(1.0)
        database = f"sqlite:///{folder / 'gateway.sqlite'}"
        writer = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.load.alert_writer", database, str(alerts), cwd=Path(__file__).parents[2]
        )
        await writer.wait()
        _, late = await asyncio.wait(reading, timeout=60 + alerts / 50)
        for task in late:
            task.cancel()
        good, flaky = receivers["good"], receivers["fails first"]
        await _settled(lambda: len(good.times) >= alerts and len(flaky.times) >= alerts, 60 + alerts / 50)
        states = {name: await _states(ids[name], key) for name in ids}
    return [*_stream_rows(streams, alerts), *_receiver_rows(receivers, states, alerts)]


def _row(name: str, value: float, unit: str, aim: str = "", met: bool | None = None, note: str = "") -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}


def _stream_rows(streams: list[Stream], alerts: int) -> list[Row]:
    lost = sum(alerts - len(set(stream.numbers)) for stream in streams)
    twice = sum(len(stream.numbers) - len(set(stream.numbers)) for stream in streams)
    order = sum(stream.numbers != sorted(stream.numbers) for stream in streams)
    steady = np.concatenate([stream.late_s for stream in streams if not stream.hangs_up])
    p95 = float(np.quantile(steady, 0.95)) if steady.size else float("nan")
    note = (
        f"{alerts} alerts at {BATCH / EVERY_S:.0f} a second, {len(streams)} streams, every fourth hangs up and goes on"
    )
    return [
        _row("streams: alerts lost", lost, "", "0", lost == 0, note),
        _row("streams: alerts told twice", twice, "", "0", twice == 0),
        _row("streams: out of order", order, "streams", "0", order == 0),
        _row("streams: from made to read, 95 %", p95, "s", "<= 2", p95 <= 2, "those that stay on"),
        _row("streams: from made to read, median", float(np.median(steady)), "s"),
    ]


def _receiver_rows(receivers: dict[str, Receiver], states: dict[str, dict[str, int]], alerts: int) -> list[Row]:
    rows = []
    for name in ("good", "fails first"):
        each = receivers[name]
        lost = alerts - len(each.times)
        rows.append(_row(f"receiver {name}: alerts lost", lost, "", "0", lost == 0, f"{each.tries} tries"))
        late = float(np.quantile(each.late_s(), 0.95))
        aim = ("<= 2", late <= 2) if name == "good" else ("", None)
        rows.append(_row(f"receiver {name}: from made to taken, 95 %", late, "s", *aim))
    for name in ("hangs", "redirects", "gone"):
        said = ", ".join(f"{count} {state}" for state, count in sorted(states[name].items()))
        rows.append(_row(f"receiver {name}: tries", receivers[name].tries, "", note=said))
    return rows


@asynccontextmanager
async def _gateway(folder: Path) -> AsyncIterator[str]:
    """A gateway in its own process; an administrator's key."""
    engine = open_engine(f"sqlite:///{folder / 'gateway.sqlite'}")
    migrate(engine)
    key = add_key(engine, "bench", Role.ADMINISTRATOR)
    engine.dispose()
    environment = {
        **os.environ,
        "WIDEBERTH_GATEWAY_RECEIVERS_ON_PRIVATE_ADDRESSES": "true",
        "WIDEBERTH_GATEWAY_ACCESS": "open",
    }
    call = [
        str(Path(sys.executable).with_name("wideberth")),
        "serve",
        "--access",
        "open",
        "--port",
        str(PORT),
        "--data",
        str(folder),
    ]
    process = subprocess.Popen(call, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await _until_alive(process)
        yield key
    finally:
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, 30)
        except subprocess.TimeoutExpired:
            process.kill()


async def _until_alive(process: subprocess.Popen[bytes]) -> None:
    async with httpx.AsyncClient() as client:
        while process.poll() is None:
            try:
                if (await client.get(f"http://127.0.0.1:{PORT}/livez")).is_success:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.5)
    raise RuntimeError(f"the gateway did not start; is port {PORT} taken?")


async def _add(url: str, key: str) -> str:
    return str((await _ask("POST", "/v1/webhooks", key, {"url": url}))["id"])


async def _states(webhook: str, key: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for state in ("waiting", "delivered", "dead"):
        found = await _ask("GET", f"/v1/webhooks/{webhook}/deliveries?limit=1000&state={state}", key)
        if found:
            counts[state + (" or more" if len(found) == 1000 else "")] = len(found)
    return counts


async def _ask(method: str, path: str, key: str, body: object = None) -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(timeout=60) as client:
        answer = await client.request(method, f"http://127.0.0.1:{PORT}{path}", headers=headers, json=body)
        answer.raise_for_status()
        return answer.json()


async def _read(stream: Stream, alerts: int) -> None:
    """One reader, until it has all; one that hangs up does so after each tenth of them."""
    while len(stream.numbers) < alerts:
        until = len(stream.numbers) + max(1, alerts // 10) if stream.hangs_up else alerts
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT, limit=1 << 24)
        last = stream.numbers[-1] if stream.numbers else 0
        writer.write(f"GET /v1/alerts/stream HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: {last}\r\n\r\n".encode())
        await writer.drain()
        rest = b""
        while len(stream.numbers) < min(until, alerts):
            piece = await reader.read(1 << 18)
            if not piece:
                break
            rest = _taken(stream, rest + piece)
        writer.close()


def _taken(stream: Stream, text: bytes) -> bytes:
    """Note whole events; what is left over is the beginning of the next."""
    now = time.time()
    *whole, rest = text.split(b"\n\n")
    for event in whole:
        for number, identity in _EVENT.findall(event):
            stream.numbers.append(int(number))
            stream.late_s.append(now - first_second(identity.decode()))
    return rest


async def _settled(true: Any, most_s: float) -> None:
    stop = time.monotonic() + most_s
    while not true() and time.monotonic() < stop:
        await asyncio.sleep(0.2)
