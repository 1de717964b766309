"""A ring of slots in a file in memory (tmpfs), so that pixels need not cross a socket.

One process writes a ring, any process on the host with the same volume reads it. A slot is 64 bytes of header
(generation and length) and then the pixels. A generation is never used twice in a ring: a reader that holds an old
reference sees another one and is told, instead of taking another frame's pixels.

The file is locked by its writer for as long as that lives. A file whose lock is free was left behind by a process that
was killed; the next writer in the same folder removes it.
"""

import contextlib
import fcntl
import itertools
import mmap
import os
import secrets
import struct
import threading
import time
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Self

from wideberth_contracts.errors import Busy, Unavailable
from wideberth_contracts.frames import SharedPixels

SUFFIX = ".wideberth-ring"
HEADER = struct.Struct("<QQ")  # generation, length in bytes; generation 0: nothing there, or being written
HEADER_BYTES = 64
_PAGE_BYTES = mmap.PAGESIZE


class SharedRing:
    """The writer's end; thread-safe. Its file is removed by `close`.

    Args:
        folder: in memory: /dev/shm, or a tmpfs volume that several containers mount. Made if missing.
        slots: pictures that can be out at once.
        slot_bytes: size of the largest picture.
        hold_s: None: a slot is taken until `release`. Else it is free again this long after it was written, which
            suits answers, whose reader never says when it is done.
    """

    def __init__(
        self, folder: Path, *, slots: int = 8, slot_bytes: int = 32 << 20, hold_s: float | None = None
    ) -> None:
        _make_folder(folder)
        remove_left_behind(folder)
        self._stride = -(-(HEADER_BYTES + slot_bytes) // _PAGE_BYTES) * _PAGE_BYTES
        self._slot_bytes = slot_bytes
        self._hold_s = hold_s
        self._path = folder / f"{secrets.token_hex(8)}{SUFFIX}"
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(self._fd, self._stride * slots)
        self._map = mmap.mmap(self._fd, self._stride * slots)
        self._lock = threading.Lock()
        self._generations = itertools.count(1)
        self._free = deque(range(slots))
        self._out: deque[tuple[int, int, float]] = deque()  # slot, generation, when written
        self._backed_bytes = [0] * slots
        self._closed = False

    @property
    def name(self) -> str:
        """The file's name in the folder."""
        return self._path.name

    def put(self, pixels: memoryview) -> SharedPixels:
        """Copy pixels into a free slot.

        Raises:
            Busy: every slot is out, or the picture is larger than a slot: send it another way.
            Unavailable: the volume is full.
        """
        flat = pixels.cast("B")
        if flat.nbytes > self._slot_bytes:
            raise Busy(f"a picture of {flat.nbytes} bytes does not fit a slot of {self._slot_bytes}", where=self.name)
        with self._lock:
            slot = self._take()
            self._back(slot, HEADER_BYTES + flat.nbytes)
            generation = next(self._generations)
            self._out.append((slot, generation, time.monotonic()))
        offset = slot * self._stride + HEADER_BYTES
        HEADER.pack_into(self._map, slot * self._stride, 0, 0)
        self._map[offset : offset + flat.nbytes] = flat
        HEADER.pack_into(self._map, slot * self._stride, generation, flat.nbytes)
        return SharedPixels(name=self.name, offset=offset, nbytes=flat.nbytes, generation=generation)

    def release(self, pixels: SharedPixels) -> None:
        """Give a slot back; harmless when repeated."""
        with self._lock:
            for entry in self._out:
                if entry[1] == pixels.generation:
                    self._out.remove(entry)
                    # The warmest slot is taken next.
                    self._free.appendleft(entry[0])
                    return

    def close(self) -> None:
        """Remove the file; harmless when repeated. Readers that still hold it keep their memory."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._path.unlink(missing_ok=True)
        self._map.close()
        os.close(self._fd)

    def __enter__(self) -> Self:
        """For `with`, which closes."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    def _take(self) -> int:
        if self._closed:
            raise Unavailable("the ring of shared memory is closed", where=self.name)
        # A slot used before is taken before a fresh one: the ring takes no more memory than it needs.
        if self._hold_s is not None and self._out and time.monotonic() - self._out[0][2] >= self._hold_s:
            return self._out.popleft()[0]
        if self._free:
            return self._free.popleft()
        raise Busy("every slot of shared memory is in use", where=self.name, retry_after_s=1.0)

    def _back(self, slot: int, nbytes: int) -> None:
        """Have the volume reserve the slot's pages: touching a page it has no room for would kill the process."""
        if nbytes <= self._backed_bytes[slot]:
            return
        try:
            os.posix_fallocate(self._fd, slot * self._stride, nbytes)
        except OSError as error:
            self._free.append(slot)
            raise Unavailable(
                f"no room in shared memory: {error.strerror}",
                where=str(self._path.parent),
                remedy="give the volume more memory (docker: shm_size, or the tmpfs size)",
            ) from error
        self._backed_bytes[slot] = nbytes


def remove_left_behind(folder: Path) -> int:
    """Remove rings whose writer is gone; returns how many."""
    removed = 0
    for path in folder.glob(f"*{SUFFIX}"):
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
                removed += 1
            finally:
                os.close(descriptor)
    return removed


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"no folder for shared memory: {error.strerror}", where=str(folder)) from error
