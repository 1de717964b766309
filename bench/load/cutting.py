"""A line between client and server that breaks after so many bytes, and knows what was sent twice."""

import contextlib
import random
import re
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

PIECE_BYTES = 65_536
_OFFSET = re.compile(rb"\r\nupload-offset: (\d+)\r\n", re.IGNORECASE)


class CuttingLine:
    """A TCP proxy on loopback; a connection breaks after a random number of bytes.

    Args:
        port: of the server.
        least_bytes, most_bytes: carried towards the server before a break.
        cuts: how often; after that it lets everything through.
        seed: of the numbers drawn.
        breaks: what happens at a break, told its number; the line itself is cut unless that returns False.
    """

    def __init__(
        self,
        port: int,
        least_bytes: int,
        most_bytes: int,
        cuts: int,
        seed: int,
        breaks: Callable[[int], bool] = lambda number: True,
    ) -> None:
        self._server = ("127.0.0.1", port)
        self._draw, self._range = random.Random(seed), (least_bytes, most_bytes)
        self._left, self._lock, self._breaks = cuts, threading.Lock(), breaks
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._at = self._highest = 0
        self.port = int(self._listening.getsockname()[1])
        self.cut = 0
        self.carried_bytes = 0
        self.sent_again: list[int] = []
        """Bytes that a request began behind the highest byte sent before, where it did."""
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
        threading.Thread(target=_copied, args=(far, near), daemon=True).start()
        with near, far:
            while piece := _received(near):
                broken = budget is not None and len(piece) >= budget
                last = piece[:budget] if broken else piece
                if not self._sent(far, last) or (broken and self._broken(near, far)):
                    return
                if not self._sent(far, piece[len(last) :]):
                    return
                # Where another part was ended instead, the connection ends by itself, or carries on.
                budget = None if budget is None or broken else budget - len(piece)

    def _sent(self, far: socket.socket, piece: bytes) -> bool:
        """Whether the other end still takes it."""
        self._count(piece)
        try:
            far.sendall(piece)
        except OSError:
            return False
        return True

    def _count(self, piece: bytes) -> None:
        with self._lock:
            self.carried_bytes += len(piece)
            if piece.startswith((b"HEAD ", b"POST ", b"GET ")):
                return
            if not piece.startswith(b"PATCH "):
                self._at += len(piece)
                self._highest = max(self._highest, self._at)
                return
            head, _, body = piece.partition(b"\r\n\r\n")
            found = _OFFSET.search(head + b"\r\n")
            if found is None:
                return
            begins = int(found[1])
            if begins < self._highest:
                self.sent_again.append(self._highest - begins)
            self._at = begins + len(body)
            self._highest = max(self._highest, self._at)

    def _broken(self, near: socket.socket, far: socket.socket) -> bool:
        with self._lock:
            self._left -= 1
            self.cut += 1
            number = self.cut
        if not self._breaks(number):
            return False
        for end in (near, far):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        return True


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
