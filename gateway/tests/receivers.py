"""Receivers of webhooks that behave well or badly, on real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Receiver:
    """Answers each request by the next of `answers`; the last one goes on. `hang` answers never."""

    answers: list[str] = field(default_factory=lambda: ["204 No Content"])
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/alerts"

    @property
    def ids(self) -> list[str]:
        """Of the messages that came, in order."""
        return [headers["webhook-id"] for headers, _ in self.got]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")[1:]
                headers = {
                    name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines if one)
                }
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                self.got.append((headers, body))
                if answer == "hang":
                    await asyncio.sleep(3600)
                first, _, more = answer.partition("\n")
                extra = f"{more}\r\n" if more else ""
                writer.write(f"HTTP/1.1 {first}\r\n{extra}Content-Length: 0\r\n\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def listening(*receivers: Receiver) -> AsyncIterator[None]:
    """All of them on their own ports until the end of the block."""
    servers = [await asyncio.start_server(each.serve, "127.0.0.1", 0) for each in receivers]
    for each, server in zip(receivers, servers, strict=True):
        each.port = server.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        for server in servers:
            server.close()
