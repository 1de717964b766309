"""What of an analysed video is made unreadable: persons, and what may bear a registration number.

Geometry alone: the boxes of the analysis, grown, and swept over the time between two frames that were looked at. What
was not detected is not covered; what was not looked at is covered whole.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_contracts.frames import ImageMotion, NoImageMotion
from wideberth_contracts.tracks import SensedFrame, Track
from wideberth_media import mosaic, whole_mosaic
from wideberth_media.pixels import Pixels
from wideberth_pipeline.plan import Plan
from wideberth_pipeline.segment_file import is_done, read_segment, segment_path
from wideberth_pipeline.track_table import tracks_in

GROWN = 1.3
"""Boxes are made so much longer and wider: a box may miss the edge of what it shows."""
GROWN_BLINDLY = 1.8
"""The same where it is not known how the picture moved until the next frame."""
LEAST_PX = 12.0
FAR_PX = 1e6
END = 0.35
"""Share of a hull's length, at either end, that may bear a registration number: which end is the bow, no box tells."""
HELD_S = 3.0
"""A track that was not seen for so long was somewhere between where it was lost and found."""
STEPS = 2.5
"""Frames further apart than so many steps of the sampling: between them nothing was looked at."""

Outline = tuple[tuple[float, float], ...]
Floats = NDArray[np.float64]


class Hulls(StrEnum):
    """How much of a vessel: all of it with whoever is aboard, or the ends alone, where the registration stands."""

    WHOLE = "whole"
    ENDS = "ends"


class Reason(StrEnum):
    """Why something is made unreadable."""

    PERSON = "person"
    HULL = "hull"
    NOT_LOOKED_AT = "not_looked_at"


PERSONS = frozenset({ObjectKind.SWIMMER, ObjectKind.JET_SKI})


@dataclass(frozen=True, slots=True)
class Patch:
    """A convex part of the picture, px of the original."""

    outline: Outline
    reason: Reason


@dataclass(frozen=True)
class Blur:
    """What to cover, by time.

    Attributes:
        pts: of the frames that were looked at, rising.
        t_s: when those were.
        patches: of the time from each of them until the next.
        covered: whether what lies from each of them until the next was looked at.
        step_s: of the sampling.
    """

    pts: tuple[int, ...]
    t_s: tuple[float, ...]
    patches: tuple[tuple[Patch, ...], ...]
    covered: tuple[bool, ...]
    step_s: float
    counts: dict[str, int] = field(default_factory=dict)

    def at(self, pts: int) -> tuple[Patch, ...] | None:
        """What to cover of a frame; None: all of it."""
        place = bisect_right(self.pts, pts) - 1
        if place < 0:
            return self.patches[0] if self.pts and self.covered[0] and self._near(pts) else None
        if place == len(self.pts) - 1 and pts != self.pts[-1] and not self._near(pts):
            return None
        return self.patches[place] if self.covered[place] else None

    def paint(self, picture: Pixels, pts: int, scale: float) -> Pixels:
        """A frame of that time, shrunk by that scale, with all of that covered."""
        patches = self.at(pts)
        if patches is None:
            return whole_mosaic(picture)
        return mosaic(picture, [[(x * scale, y * scale) for x, y in one.outline] for one in patches])

    def _near(self, pts: int) -> bool:
        """Before the first or behind the last frame looked at, by no more than a step."""
        if len(self.pts) < 2:
            return False
        unit_s = (self.t_s[-1] - self.t_s[0]) / (self.pts[-1] - self.pts[0])
        off = self.pts[0] - pts if pts < self.pts[0] else pts - self.pts[-1]
        return off * unit_s <= self.step_s


def read_blur(folder: Path, plan: Plan, hulls: Hulls) -> Blur:
    """From the files of an analysis, as far as it is.

    Raises:
        OSError, pyarrow.ArrowInvalid: they cannot be read.
    """
    frames = sorted(_frames(folder, plan), key=lambda one: one.frame.pts)
    table = folder / "tracks.parquet"
    tracks = tracks_in(table) if table.is_file() else ()
    return blur_of(frames, tracks, hulls, 1.0 / plan.settings.sample_fps)


def blur_of(frames: Sequence[SensedFrame], tracks: Sequence[Track], hulls: Hulls, step_s: float) -> Blur:
    """From frames in order of time, those that could not be sensed among them, and tracks."""
    own = [_of_frame(frame, hulls) for frame in frames]
    patches: list[list[Patch]] = [list(one) for one in own]
    for number, after in enumerate(frames[1:]):
        patches[number] += [*_swept(own[number], after, forward=True), *_swept(own[number + 1], after, forward=False)]
        patches[number] += own[number + 1]
    times = [frame.frame.t_s for frame in frames]
    for start_s, stop_s, patch in _between_sightings(tracks, hulls):
        for number in range(max(0, bisect_right(times, start_s) - 1), bisect_right(times, stop_s)):
            patches[number].append(patch)
    covered = [frame.failure is None for frame in frames]
    for number, (before, after) in enumerate(pairwise(frames)):
        apart_s = after.frame.t_s - before.frame.t_s
        covered[number] = covered[number] and after.failure is None and apart_s <= STEPS * step_s
    counts = {
        reason.value: sum(patch.reason is reason for one in own for patch in one)
        for reason in (Reason.PERSON, Reason.HULL)
    }
    return Blur(
        tuple(frame.frame.pts for frame in frames),
        tuple(times),
        tuple(tuple(one) for one in patches),
        tuple(covered),
        step_s,
        counts | {"frames": len(frames)},
    )


def _frames(folder: Path, plan: Plan) -> Iterator[SensedFrame]:
    for span in plan.spans:
        path = segment_path(folder, span)
        if is_done(path, plan.analysis_id):
            yield from (row.sensed for row in read_segment(path).rows)


def _of_frame(frame: SensedFrame, hulls: Hulls) -> tuple[Patch, ...]:
    return tuple(
        patch
        for located in frame.detections
        for patch in _of_box(located.detection.kind, located.detection.box, hulls, GROWN)
    )


def _of_box(kind: ObjectKind, box: OrientedBox, hulls: Hulls, grown: float) -> tuple[Patch, ...]:
    if kind in PERSONS:
        return (Patch(_grown(box, grown).corners_px(), Reason.PERSON),)
    if kind is not ObjectKind.VESSEL:
        return ()
    whole = _grown(box, grown)
    if hulls is Hulls.WHOLE:
        return (Patch(whole.corners_px(), Reason.HULL),)
    first, second, third, fourth = whole.corners_px()  # the long sides lead from first to fourth, second to third
    ends = (
        (first, second, _along(second, third, END), _along(first, fourth, END)),
        (_along(fourth, first, END), _along(third, second, END), third, fourth),
    )
    return tuple(Patch(one, Reason.HULL) for one in ends)


def _grown(box: OrientedBox, grown: float) -> OrientedBox:
    length, width = (max(side * grown, LEAST_PX) for side in (box.length_px, box.width_px))
    return box.model_copy(update={"length_px": length, "width_px": width})


def _along(start: tuple[float, float], end: tuple[float, float], share: float) -> tuple[float, float]:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _swept(patches: Sequence[Patch], later: SensedFrame, *, forward: bool) -> Iterator[Patch]:
    """Each part, from where it is in one frame to where the motion of the picture puts it in the other."""
    homography = _homography(later.motion, forward=forward)
    for patch in patches:
        moved = None if homography is None else _moved(patch.outline, homography)
        outline = _wider(patch.outline) if moved is None else _around((*patch.outline, *moved))
        yield Patch(outline, patch.reason)


def _homography(motion: ImageMotion | NoImageMotion, *, forward: bool) -> Floats | None:
    if not isinstance(motion, ImageMotion):
        return None
    matrix = np.asarray(motion.later_from_earlier, dtype=np.float64).reshape(3, 3)
    if forward:
        return matrix
    try:
        return np.asarray(np.linalg.inv(matrix), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None


def _moved(outline: Outline, homography: Floats) -> Outline | None:
    """None where the motion takes it nowhere sensible."""
    points = cv2.perspectiveTransform(np.asarray(outline, dtype=np.float64).reshape(-1, 1, 2), homography)
    return _points(points) if np.all(np.abs(points) < FAR_PX) else None


def _wider(outline: Outline) -> Outline:
    middle = np.mean(np.asarray(outline), axis=0)
    return _points((np.asarray(outline) - middle) * (GROWN_BLINDLY / GROWN) + middle)


def _between_sightings(tracks: Sequence[Track], hulls: Hulls) -> Iterator[tuple[float, float, Patch]]:
    """Where a track was on its way from one sighting to the next, as times and a part that holds both ends."""
    for track in tracks:
        seen = [(point.t_s, point.box) for point in track.points if point.observed and point.box is not None]
        for (start_s, before), (stop_s, after) in pairwise(seen):
            if stop_s - start_s > HELD_S:
                continue
            ends = zip(_of_box(track.kind, before, hulls, GROWN), _of_box(track.kind, after, hulls, GROWN), strict=True)
            for one, other in ends:
                yield start_s, stop_s, Patch(_around((*one.outline, *other.outline)), one.reason)


def _around(points: Sequence[tuple[float, float]]) -> Outline:
    """The convex outline around points."""
    return _points(cv2.convexHull(np.asarray(points, dtype=np.float32)))


def _points(array: "NDArray[Any]") -> Outline:
    return tuple((float(x), float(y)) for x, y in np.asarray(array).reshape(-1, 2))
