"""A frame that turns into pixels only if someone looks at it.

A sampled frame comes with its neighbours, and where the sea does not glitter nobody looks at those: as a decoded
picture a frame takes half the memory of its pixels and none of the time.
"""

import threading
from collections.abc import Callable

from wideberth_contracts.frames import Frame, FrameMeta


class LateFrame(Frame):
    """A frame whose pixels are made by the first who asks, in whichever thread, and kept.

    Args:
        meta: what the pixels will be.
        make: the pixels, `meta.height_px * meta.width_px * 3` bytes; called once, then let go.
    """

    __slots__ = ("_lock", "_made", "_make")

    _lock: threading.Lock
    _make: Callable[[], memoryview] | None
    _made: memoryview | None

    def __init__(self, meta: FrameMeta, make: Callable[[], memoryview]) -> None:
        # The base is frozen, and its own constructor wants the pixels.
        for name, value in (("meta", meta), ("_lock", threading.Lock()), ("_make", make), ("_made", None)):
            object.__setattr__(self, name, value)

    @property
    def pixels(self) -> memoryview:
        """BGR, as in every frame."""
        with self._lock:
            if self._made is None:
                if self._make is None:
                    raise RuntimeError("the pixels of this frame could not be made")
                make = self._make
                object.__setattr__(self, "_make", None)
                made = make()
                if made.nbytes != self.meta.height_px * self.meta.width_px * 3:
                    raise ValueError(f"{made.nbytes} bytes of pixels for {self.meta}")
                object.__setattr__(self, "_made", made)
            assert self._made is not None
            return self._made
