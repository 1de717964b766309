"""Bytes of an upload on disk: cut back to the journal, appended, on disk before they are journalled."""

import errno
import fcntl
import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from wideberth_contracts.errors import Conflict, InternalFault, Unavailable

FULL = (errno.ENOSPC, errno.EDQUOT)
READ_BYTES = 4 << 20
MOST_PIECES = 1000
"""Of one call to the system, which takes 1,024 at most."""


@dataclass(slots=True)
class Tail:
    """The end of a partial file, held by this writer alone while it is open.

    Attributes:
        offset: bytes written; those before the journal's are on disk.
        running: SHA-256 of all bytes up to `offset`; None where this process did not write them all.
    """

    file: FileIO
    offset: int
    running: Any | None

    def write(self, pieces: Sequence[bytes]) -> None:
        """Append, without copying them together. Raises `Unavailable` where the disk is full."""
        try:
            length = _write_all(self.file.fileno(), pieces)
            _begin_writeback(self.file.fileno(), self.offset, length)
        except OSError as error:
            raise _told(error, str(self.file.name)) from error
        if self.running is not None:
            for piece in pieces:
                self.running.update(piece)
        self.offset += length

    def settle(self) -> int:
        """What was written is on disk; the new offset."""
        try:
            os.fsync(self.file.fileno())
        except OSError as error:
            raise _told(error, str(self.file.name)) from error
        return self.offset

    def cut(self, offset: int) -> None:
        """Take back what was written behind that offset."""
        self.file.truncate(offset)
        self.file.seek(offset)
        self.offset, self.running = offset, None

    def close(self) -> None:
        """Let go of the file; its lock goes with it."""
        self.file.close()


def open_tail(path: Path, offset: int, running: Any | None) -> Tail:
    """The partial file, cut back to the journalled offset: what lies behind was never acknowledged.

    Raises:
        Conflict: another process still writes to it.
        InternalFault: bytes that were acknowledged are gone.
    """
    file = path.open("r+b", buffering=0)
    try:
        _lock(file, path)
        size = os.fstat(file.fileno()).st_size
        file.truncate(min(offset, size))
        file.seek(offset)
    except BaseException:
        file.close()
        raise
    if size < offset:
        file.close()
        detail = f"{offset} bytes were kept and {size} are there"
        raise InternalFault(detail, where=path.name, remedy="end the upload and send the file again")
    return Tail(file, offset, running if offset else hashlib.sha256())


def _lock(file: FileIO, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Conflict("another request still writes", where=path.name, remedy="ask again in a second") from error


def _write_all(fd: int, pieces: Sequence[bytes]) -> int:
    """Bytes written: all of them. Raises `OSError`."""
    left, written = [memoryview(piece) for piece in pieces if piece], 0
    while left:
        count = os.writev(fd, left[:MOST_PIECES])
        written += count
        while left and count >= len(left[0]):
            count -= len(left.pop(0))
        if count:
            left[0] = left[0][count:]
    return written


def _begin_writeback(fd: int, offset: int, length: int) -> None:
    """The kernel starts to write these bytes while more come in, so that the `fsync` behind them waits less.

    Linux begins to write what is dirty in a range that is said not to be needed (mm/fadvise.c); elsewhere not.
    """
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(fd, offset, length, os.POSIX_FADV_DONTNEED)


def whole_sha256(path: Path, told: Callable[[int], None] = lambda _: None) -> str:
    """SHA-256 of a file, read again from the disk."""
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(READ_BYTES):
            digest.update(piece)
            done += len(piece)
            told(done)
    return digest.hexdigest()


def _told(error: OSError, name: str) -> Exception:
    if error.errno in FULL:
        remedy = "free some space; the upload goes on where it stood"
        return Unavailable("the disk is full", where=Path(name).name, remedy=remedy, retry_after_s=60)
    return error
