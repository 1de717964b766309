"""Which native frames are sampled, and the frames beside them.

The grid is that of the whole clip: number k of it is the first frame whose `t_s >= k / sample_fps`. A reading of
[start, stop) takes the grid frames whose `t_s` lies in it, so readings of adjoining spans partition the clip.
"""

import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wideberth_contracts.frames import Frame

# Times in a container are rounded to its time base; a frame this little early still counts as on the grid.
GRID_TOLERANCE_S = 0.001


@dataclass(frozen=True, slots=True)
class Sampled:
    """A sampled frame and the native frames beside it.

    Attributes:
        frame: the sampled frame.
        neighbours: the native frames before and after it, in order of time, without `frame` itself. Fewer at the
            clip's ends; they may lie outside the span that is read.
        index: how many of `neighbours` come before `frame`, so `window[index] is frame`.
    """

    frame: Frame
    neighbours: tuple[Frame, ...]
    index: int

    @property
    def window(self) -> tuple[Frame, ...]:
        """Neighbours and frame together, in order of time; the frame is at `index`."""
        return (*self.neighbours[: self.index], self.frame, *self.neighbours[self.index :])


class Native:
    """A decoded frame that is made into a `Frame` once, and only if it is part of a window."""

    __slots__ = ("_frame", "_make", "t_s")

    def __init__(self, t_s: float, make: Callable[[], Frame]) -> None:
        self.t_s = t_s
        self._make: Callable[[], Frame] | None = make
        self._frame: Frame | None = None

    def frame(self) -> Frame:
        """The same frame every time."""
        if self._frame is None:
            if self._make is None:
                raise RuntimeError("a frame was made twice")
            self._frame, self._make = self._make(), None
        return self._frame


@dataclass(frozen=True, slots=True)
class Span:
    """What is read: [start_s, stop_s) of the clip, at `sample_fps` or every frame, with `neighbours` on each side."""

    start_s: float
    stop_s: float | None
    sample_fps: float | None
    neighbours: int

    def __post_init__(self) -> None:
        """Refuse a span that means nothing."""
        if self.start_s < 0 or (self.stop_s is not None and self.stop_s < self.start_s):
            raise ValueError(f"no span of time: {self.start_s} to {self.stop_s} s")
        if self.sample_fps is not None and not self.sample_fps > 0:
            raise ValueError(f"sample_fps is above 0, not {self.sample_fps}")
        if self.neighbours < 0:
            raise ValueError(f"neighbours is 0 or more, not {self.neighbours}")

    def wants(self, t_s: float, before_s: float | None) -> bool:
        """True for a frame at `t_s` that follows one at `before_s` (None: the clip's first)."""
        if t_s < self.start_s or self.is_past(t_s):
            return False
        if self.sample_fps is None or before_s is None:
            return True
        return self._cell(t_s, self.sample_fps) > self._cell(before_s, self.sample_fps)

    def is_past(self, t_s: float) -> bool:
        """True from the end of the span on."""
        return self.stop_s is not None and t_s >= self.stop_s

    @staticmethod
    def _cell(t_s: float, sample_fps: float) -> int:
        tolerance_s = min(GRID_TOLERANCE_S, 0.1 / sample_fps)
        return math.floor((t_s + tolerance_s) * sample_fps)


def sampled(natives: Iterator[Native], span: Span) -> Iterator[Sampled]:
    """The grid frames of a span, each as soon as its later neighbours are there.

    Args:
        natives: frames in order of time, from at least `max(neighbours, 1)` before the span on, or from the clip's
            first. They are drawn no further than needed.
        span: what to take.
    """
    held: deque[Native] = deque()  # frames that may still be a neighbour
    waiting: deque[Native] = deque()  # sampled frames whose later neighbours are not all there
    before_s: float | None = None
    for native in natives:
        held.append(native)
        if span.wants(native.t_s, before_s):
            waiting.append(native)
        before_s = native.t_s
        while waiting and _later(held, waiting[0]) >= span.neighbours:
            yield _window(held, waiting.popleft(), span.neighbours)
        _forget(held, waiting, span.neighbours)
        if span.is_past(native.t_s) and not waiting:
            return
    while waiting:
        yield _window(held, waiting.popleft(), span.neighbours)


def _position(held: deque[Native], native: Native) -> int:
    return next(i for i, other in enumerate(held) if other is native)


def _later(held: deque[Native], native: Native) -> int:
    return len(held) - 1 - _position(held, native)


def _window(held: deque[Native], native: Native, neighbours: int) -> Sampled:
    at = _position(held, native)
    first = max(0, at - neighbours)
    frames = tuple(other.frame() for other in list(held)[first : at + neighbours + 1])
    index = at - first
    return Sampled(frame=frames[index], neighbours=frames[:index] + frames[index + 1 :], index=index)


def _forget(held: deque[Native], waiting: deque[Native], neighbours: int) -> None:
    keep_from = _position(held, waiting[0]) if waiting else len(held)
    for _ in range(max(0, keep_from - neighbours)):
        held.popleft()
