"""A line between client and server that is cut after so many bytes, again and again."""

import contextlib
import random
import socket
import threading
from types import TracebackType
from typing import Self

PIECE_BYTES = 65_536


class CuttingLine:
    """A TCP proxy on loopback; each connection is cut after a random number of bytes.

    Args:
        port: of the server.
        least_bytes, most_bytes: carried towards the server before a cut.
        cuts: how often; after that it lets everything through.
        seed: of the numbers drawn.
    """

    def __init__(self, port: int, least_bytes: int, most_bytes: int, cuts: int, seed: int) -> None:
        self._server = ("127.0.0.1", port)
        self._draw, self._range = random.Random(seed), (least_bytes, most_bytes)
        self._left, self._lock = cuts, threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.cut = 0
        self.carried_bytes = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.close()

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with self._lock:
            budget = self._draw.randint(*self._range) if self._left > 0 else None
        try:
            far = socket.create_connection(self._server, timeout=60)
        except OSError:
            near.close()
            return
        back = threading.Thread(target=_copied, args=(far, near), daemon=True)
        back.start()
        with near, far:
            while piece := _received(near):
                if budget is not None and len(piece) >= budget:
                    self._cut(near, far, piece[:budget])
                    return
                budget = None if budget is None else budget - len(piece)
                self.carried_bytes += len(piece)
                with contextlib.suppress(OSError):
                    far.sendall(piece)

    def _cut(self, near: socket.socket, far: socket.socket, last: bytes) -> None:
        with self._lock:
            self._left -= 1
            self.cut += 1
            self.carried_bytes += len(last)
        with contextlib.suppress(OSError):
            far.sendall(last)
        for end in (near, far):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _received(end: socket.socket) -> bytes:
    try:
        return end.recv(PIECE_BYTES)
    except OSError:
        return b""


def _copied(source: socket.socket, target: socket.socket) -> None:
    while piece := _received(source):
        try:
            target.sendall(piece)
        except OSError:
            return
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
