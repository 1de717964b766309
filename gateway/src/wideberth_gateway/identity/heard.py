"""Sentences that a gateway hears live: listened to while it runs, and those of a time found again."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wideberth_gateway.identity.kept import SentenceStore
from wideberth_gateway.identity.live import Listener, address_of

FOLDER = "ais"
_TIME = re.compile(rb"^\\(?:[^\\]*,)?c:(\d{10,13})")
_MILLISECONDS = 1e11
_log = logging.getLogger("wideberth.gateway.ais")


def heard_in(data_dir: Path) -> Path:
    """Where a gateway keeps what it hears: a folder for each address."""
    return data_dir / FOLDER


@asynccontextmanager
async def listening(sources: Sequence[str], data_dir: Path) -> AsyncIterator[tuple[Listener, ...]]:
    """All addresses are listened to; at the end what was heard is on disk.

    Args:
        sources: `tcp://HOST:PORT` or `udp://HOST:PORT`.
        data_dir: of the gateway.

    Raises:
        BadInput: an address is none.
    """
    addresses = [address_of(source) for source in sources]
    named = [f"{one.kind}-{re.sub(r'[^A-Za-z0-9.-]', '_', one.host)}-{one.port}" for one in addresses]
    listeners = tuple(
        Listener(address, SentenceStore(heard_in(data_dir) / name, name))
        for address, name in zip(addresses, named, strict=True)
    )
    tasks = [asyncio.create_task(_run(one, name)) for one, name in zip(listeners, named, strict=True)]
    try:
        yield listeners
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def _run(listener: Listener, name: str) -> None:
    try:
        await listener.run()
    except OSError as error:  # the port is taken, or the disk is full: the gateway goes on without
        _log.error("AIS from %s has stopped: %s", name, error)


def heard_between(folder: Path, start_epoch_s: float, stop_epoch_s: float) -> Iterator[tuple[str, bytes]]:
    """By address, the lines heard in that time, as they came; those without any are left out."""
    first, last = (datetime.fromtimestamp(at, tz=UTC).date() for at in (start_epoch_s, stop_epoch_s))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for source in sorted(folder.iterdir()) if folder.is_dir() else ():
        lines = [
            line
            for day in days
            if (path := source / f"ais-{day}.nmea").is_file()
            for line in _lines(path, start_epoch_s, stop_epoch_s)
        ]
        if lines:
            yield source.name, b"".join(lines)


def _lines(path: Path, start_epoch_s: float, stop_epoch_s: float) -> Iterator[bytes]:
    """Later parts of a longer message bear a time too: the store gives every line one."""
    with path.open("rb") as file:
        for line in file:
            found = _TIME.match(line)
            if found is None:
                continue
            at = float(found[1])
            at = at / 1000 if at > _MILLISECONDS else at
            if start_epoch_s <= at <= stop_epoch_s:
                yield line
