"""Receivers of webhooks, one for each way to behave, on real sockets."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bench.load.alert_writer import first_second

ANSWERS = {
    "redirects": "302 Found\r\nLocation: http://127.0.0.1:1/",
    "gone": "410 Gone",
}


@dataclass
class Receiver:
    """Takes messages in its manner: good, fails first, hangs, redirects or gone.

    Attributes:
        times: by message id, when it was made and when it was first taken, s since 1970.
        tries: all that came.
    """

    manner: str
    times: dict[str, tuple[float, float]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    tries: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/"

    def late_s(self) -> list[float]:
        """From made to taken, of each."""
        return [taken - made for made, taken in self.times.values()]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept open."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                body = await reader.readexactly(int(headers["content-length"]))
                self.tries += 1
                if self.manner == "hangs":
                    await asyncio.sleep(3600)
                writer.write(
                    f"HTTP/1.1 {self._answer(headers['webhook-id'], body)}\r\nContent-Length: 0\r\n\r\n".encode()
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, identity: str, body: bytes) -> str:
        if self.manner in ANSWERS:
            return ANSWERS[self.manner]
        if self.manner == "fails first" and identity not in self.refused:
            self.refused.add(identity)
            return "500 No"
        self.times.setdefault(identity, (first_second(json.loads(body)["subject"]), time.time()))
        return "204 No Content"


@asynccontextmanager
async def listening(*receivers: Receiver) -> AsyncIterator[None]:
    """All of them until the end of the block."""
    servers = [await asyncio.start_server(each.serve, "127.0.0.1", 0) for each in receivers]
    for each, server in zip(receivers, servers, strict=True):
        each.port = server.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        for server in servers:
            server.close()
