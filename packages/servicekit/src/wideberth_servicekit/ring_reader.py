"""The reader's end of rings of shared memory."""

import mmap
import os
import re
import threading
from collections import OrderedDict
from pathlib import Path

from wideberth_contracts.errors import BadInput, Conflict
from wideberth_contracts.frames import SharedPixels
from wideberth_servicekit.ring import HEADER, HEADER_BYTES, SUFFIX

# A name comes from another process: it must not lead out of the folder.
_NAME = re.compile(r"[0-9a-f]{16}" + re.escape(SUFFIX))
_RINGS_KEPT = 16


class RingReader:
    """Looks into the rings of one folder; thread-safe.

    Args:
        folder: the same memory volume as the writer's, under whatever path it has here.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._rings: OrderedDict[str, _Ring] = OrderedDict()

    def view(self, pixels: SharedPixels) -> memoryview:
        """The pixels, read-only and without a copy. Valid until the writer takes the slot again: see `check`.

        Raises:
            BadInput: the reference leads nowhere.
            Conflict: the slot has been written again since.
        """
        ring = self._ring(pixels.name)
        if pixels.offset < HEADER_BYTES or pixels.offset + pixels.nbytes > ring.size:
            raise BadInput("the reference leads outside the ring", where=pixels.name)
        self._compare(ring, pixels)
        return ring.memory[pixels.offset : pixels.offset + pixels.nbytes]

    def check(self, pixels: SharedPixels) -> None:
        """Make sure that what was read since `view` was the picture meant.

        Raises:
            Conflict: the slot was written again meanwhile; what was read is worthless.
        """
        self._compare(self._ring(pixels.name), pixels)

    def copy(self, pixels: SharedPixels) -> memoryview:
        """The pixels as memory of one's own, surely those meant."""
        copied = memoryview(bytes(self.view(pixels)))
        self.check(pixels)
        return copied

    def close(self) -> None:
        """Let go of every ring. Views handed out stay valid."""
        with self._lock:
            self._rings.clear()

    def _compare(self, ring: "_Ring", pixels: SharedPixels) -> None:
        generation, nbytes = HEADER.unpack_from(ring.memory, pixels.offset - HEADER_BYTES)
        if generation != pixels.generation or nbytes != pixels.nbytes:
            raise Conflict("the slot of shared memory was written again", where=pixels.name, remedy="send it again")

    def _ring(self, name: str) -> "_Ring":
        with self._lock:
            ring = self._rings.get(name)
            if ring is None:
                self._forget_removed()
                ring = self._rings[name] = _Ring(self._folder, name)
            self._rings.move_to_end(name)
            if len(self._rings) > _RINGS_KEPT:
                self._rings.popitem(last=False)
            return ring

    def _forget_removed(self) -> None:
        """A mapping keeps the memory of a removed file alive; drop those."""
        for name in [name for name in self._rings if not (self._folder / name).exists()]:
            del self._rings[name]


class _Ring:
    """One mapped file. The map closes itself when the last view is gone."""

    def __init__(self, folder: Path, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise BadInput("this is no name of a ring", where=name)
        try:
            descriptor = os.open(folder / name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError as error:
            raise BadInput(
                f"no such ring of shared memory here: {error.strerror}",
                where=name,
                remedy="mount the same memory volume on both sides, or send raw pixels",
            ) from error
        try:
            self.size = os.fstat(descriptor).st_size
            if self.size == 0:
                raise BadInput("this is no ring of shared memory", where=name)
            self.memory = memoryview(mmap.mmap(descriptor, self.size, access=mmap.ACCESS_READ))
        finally:
            os.close(descriptor)
