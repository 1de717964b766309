"""AIS as it is sent: sentences over TCP (a receiver's server) or UDP (sent to us), kept in a store as they come.

A connection that breaks is made again after 1, 2, 4 … s. Between socket and disk stands a queue that holds so many
lines and no more: when the disk cannot follow, the oldest are dropped, and counted.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from wideberth_contracts.errors import BadInput
from wideberth_gateway.identity.kept import Heard

MOST_WAITING = 20_000
LONGEST_LINE = 4096
LONGEST_PAUSE_S = 60.0
SILENCE_S = 120.0
"""A connection that says nothing for so long is made anew; a receiver with no ship near still hears base stations."""

WRITE_EVERY_S = 1.0
_log = logging.getLogger("wideberth.gateway.ais")


class Store(Protocol):
    """Where lines go."""

    def append(self, heard: list[Heard]) -> None:
        """After this the lines are kept."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where sentences come from; `kind` is `tcp` (connected to) or `udp` (listened on)."""

    kind: str
    host: str
    port: int


def address_of(text: str) -> Address:
    """`tcp://HOST:PORT` or `udp://HOST:PORT`. Raises `BadInput` for anything else."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("tcp", "udp") or not parts.hostname or port is None:
        raise BadInput(
            f"{text!r} is no address of AIS", remedy="write tcp://HOST:PORT, or udp://0.0.0.0:PORT to listen"
        )
    return Address(parts.scheme, parts.hostname, port)


@dataclass(slots=True)
class Counts:
    """What became of the lines: heard = kept + dropped + waiting."""

    heard: int = 0
    kept: int = 0
    dropped: int = 0
    connections: int = 0


class Listener:
    """Reads one address into one store until it is cancelled.

    Args:
        address: where from.
        store: where to; its `append` runs in a thread.
        most_waiting: lines in the queue.
        pause_s: before the first new connection.
        silence_s: after which a connection is taken for dead.
    """

    def __init__(
        self, address: Address, store: Store, *, most_waiting: int = MOST_WAITING, pause_s: float = 1.0,
        silence_s: float = SILENCE_S, write_every_s: float = WRITE_EVERY_S,
    ) -> None:  # fmt: skip
        self.counts = Counts()
        self.port: int | None = None
        self._address = address
        self._store = store
        self._waiting: deque[Heard] = deque()
        self._writing: asyncio.Task[None] | None = None
        self._most_waiting = most_waiting
        self._pause_s, self._silence_s, self._write_every_s = pause_s, silence_s, write_every_s

    async def run(self) -> None:
        """Until cancelled; then what waits is kept. Errors of the store end it, those of the network do not."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._tcp() if self._address.kind == "tcp" else self._udp())
                group.create_task(self._keep())
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from errors
        finally:
            await asyncio.shield(self._write())

    def take(self, data: bytes) -> None:
        """A line, or a datagram of some."""
        for line in data.splitlines():
            if not line.strip():
                continue
            self.counts.heard += 1
            self._waiting.append(Heard(time.time(), line[:LONGEST_LINE]))
            if len(self._waiting) > self._most_waiting:
                self._waiting.popleft()
                self.counts.dropped += 1

    async def _tcp(self) -> None:
        pause_s = self._pause_s
        while True:
            try:
                async with self._connected() as reader:
                    self.counts.connections += 1
                    while line := await asyncio.wait_for(reader.readline(), self._silence_s):
                        pause_s = self._pause_s
                        self.take(line)
                _log.warning("%s closed the connection; again in %.0f s", self._address.host, pause_s)
            except (OSError, TimeoutError, ValueError) as error:  # ValueError: a line beyond the limit
                _log.warning("%s: %s; again in %.0f s", self._address.host, error or "silent", pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(LONGEST_PAUSE_S, 2 * pause_s)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[asyncio.StreamReader]:
        opening = asyncio.open_connection(self._address.host, self._address.port, limit=LONGEST_LINE)
        reader, writer = await asyncio.wait_for(opening, self._silence_s)
        try:
            yield reader
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _udp(self) -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self), local_addr=(self._address.host, self._address.port)
        )
        self.port = transport.get_extra_info("sockname")[1]
        try:
            await asyncio.Event().wait()
        finally:
            transport.close()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._write_every_s)
            await self._write()

    async def _write(self) -> None:
        """What waits goes to the store. A write that has begun ends even if this is cancelled."""
        if self._writing is not None and not self._writing.done():
            await asyncio.shield(self._writing)
        batch = list(self._waiting)
        self._waiting.clear()
        if batch:
            self._writing = asyncio.create_task(self._append(batch))
            await asyncio.shield(self._writing)

    async def _append(self, batch: list[Heard]) -> None:
        await asyncio.to_thread(self._store.append, batch)
        self.counts.kept += len(batch)


class _Datagrams(asyncio.DatagramProtocol):
    """Hands datagrams on."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def datagram_received(self, data: bytes, addr: object) -> None:
        """One datagram holds one or more sentences."""
        self._listener.take(data)
