"""When every frame of a clip is shown, kept beside the plan: players step by it, exports count by it.

`frames.bin`, little-endian: `WBFRAME1`, numerator and denominator of the time base, how many frames are listed, the
number of the first of them in the video, its PTS (each int64), then the steps from frame to frame in units of the time
base (uint64). A part of the list has the same form.
"""

import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path

from wideberth_contracts.errors import BadInput, NotFound
from wideberth_media import frame_times, probe
from wideberth_pipeline.durable import write_bytes_whole

FRAMES_FILE = "frames.bin"
MAGIC = b"WBFRAME1"
HEAD = struct.Struct("<8sqqqqq")


@dataclass(frozen=True)
class FrameList:
    """The presentation times of a clip.

    Attributes:
        numerator, denominator: seconds per unit of PTS.
        pts: of every frame, rising.
    """

    numerator: int
    denominator: int
    pts: tuple[int, ...]

    def t_s(self, number: int) -> float:
        """Time of a frame, counted from 0, in s from the clip's first."""
        return (self.pts[number] - self.pts[0]) * self.numerator / self.denominator

    @property
    def offset_s(self) -> float:
        """Time of the first frame in the container: players count from the container's zero."""
        return self.pts[0] * self.numerator / self.denominator if self.pts else 0.0

    def number(self, pts: int) -> int:
        """Place of a frame among all, from 0. Raises `NotFound`."""
        found = self._numbers.get(pts)
        if found is None:
            raise NotFound("no frame of the video has that time", where=f"pts {pts}")
        return found

    def window(self, start_s: float, stop_s: float) -> tuple[int, int]:
        """Numbers [first, stop) of the frames in [start_s, stop_s)."""
        unit_s = self.numerator / self.denominator
        first_pts = self.pts[0] if self.pts else 0
        bounds = (bisect_left(self.pts, first_pts + t_s / unit_s - 1e-6) for t_s in (start_s, stop_s))
        first, stop = bounds
        return first, stop

    def packed(self, first: int = 0, stop: int | None = None) -> bytes:
        """Frames [first, stop) in the form of the file."""
        part = self.pts[first:stop]
        steps = array("Q", [after - before for before, after in pairwise(part)])
        if sys.byteorder == "big":
            steps.byteswap()
        head = HEAD.pack(MAGIC, self.numerator, self.denominator, len(part), first, part[0] if part else 0)
        return head + steps.tobytes()

    @classmethod
    def unpacked(cls, content: bytes) -> "FrameList":
        """From the form of the file.

        Raises:
            ValueError: it is of another form.
        """
        magic, numerator, denominator, count, number, first = HEAD.unpack_from(content)
        steps = array("Q", content[HEAD.size :])
        if sys.byteorder == "big":
            steps.byteswap()
        if magic != MAGIC or number != 0 or len(steps) != max(0, count - 1):
            raise ValueError("no whole list of frames")
        return cls(numerator, denominator, tuple(accumulate(steps, initial=first)) if count else ())

    @cached_property
    def _numbers(self) -> dict[int, int]:
        return {pts: number for number, pts in enumerate(self.pts)}


def keep_frames(folder: Path, numerator: int, denominator: int, pts: Sequence[int]) -> FrameList:
    """The list, written into the folder of its analysis."""
    made = FrameList(numerator, denominator, tuple(pts))
    write_bytes_whole(folder / FRAMES_FILE, made.packed())
    return made


def load_frames(folder: Path) -> FrameList | None:
    """The list kept in `folder`; None where there is none, as in analyses older than the list."""
    try:
        return FrameList.unpacked((folder / FRAMES_FILE).read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, struct.error) as error:
        raise BadInput(
            f"cannot be read: {error}", where=str(folder / FRAMES_FILE), remedy="delete it: it is made again"
        ) from error


def frames_of(folder: Path, video: Path) -> FrameList:
    """The list kept in `folder`; read from the video's packets, and kept, where there is none yet.

    Raises:
        UnreadableVideo: the video cannot be read.
    """
    known = load_frames(folder)
    if known is not None:
        return known
    base = probe(video, sha256="-").time_base
    return keep_frames(folder, base.numerator, base.denominator, [one.pts for one in frame_times(video)])
