"""The detections of one frame as arrays: where they are in the picture and on the sea, and how sure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_contracts.positions import ErrorSource, LocatedDetection, Position
from wideberth_tracker.core.kalman import ONE_2, Floats
from wideberth_tracker.core.kinds import GROUPS, Group

JITTER: dict[ErrorSource, float] = {
    ErrorSource.HEIGHT: 0.10,
    ErrorSource.PITCH: 0.15,
    ErrorSource.ROLL: 0.15,
    ErrorSource.YAW: 0.10,
    ErrorSource.FOCAL_LENGTH: 0.0,
    ErrorSource.CAMERA_EAST: 0.10,
    ErrorSource.CAMERA_NORTH: 0.10,
}
"""Part of one standard error of a shared source that changes from frame to frame: most of a pitch error of 1 deg stays
for the flight, the gimbal trembles by about a tenth of it. The focal length does not tremble."""

BOX_SHARE = 0.08
BOX_FLOOR_PX = 1.5
"""A box centre is right to 8 % of the box's size and not better than 1.5 px."""
HULL_SHARE = 0.08
"""The waterline centre of a craft wanders along its hull by this share of its length as the box breathes."""
CUT_SHARE = 0.3
"""The same where the picture's edge cuts the box."""
EDGE_PX = 2.0
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sightings:
    """m detections of one frame.

    Attributes:
        boxes: (m, 5) cx, cy, length, width in px, angle in rad; upright: (m, 4) left, top, right, bottom.
        box_covs: (m, 2, 2) of the box centre, px².
        located: (m,) whether there is a position; where not, `sea`, `sea_covs`, `basis` mean nothing.
        sea: (m, 2) east, north in m; sea_covs: (m, 2, 2) own error; basis: (m, 2, k) displacement by one standard
            deviation of each shared source's jitter; shared: (m, 3) east-east, east-north and north-north of all
            shared errors together, m².
        log_lengths: (m,) logarithm of the length in m; has_length: (m,) whether it is known.
    """

    kinds: tuple[ObjectKind, ...]
    groups: tuple[Group, ...]
    confidences: Floats
    boxes: Floats
    upright: Floats
    box_covs: Floats
    located: Bools
    sea: Floats
    sea_covs: Floats
    basis: Floats
    shared: Floats
    log_lengths: Floats
    has_length: Bools

    def __len__(self) -> int:
        """Number of detections."""
        return len(self.kinds)


def sightings_of(detections: Sequence[LocatedDetection], size_px: tuple[int, int]) -> Sightings:
    """Arrays of one frame's detections; `size_px` is the picture's (width, height)."""
    kinds = tuple(item.detection.kind for item in detections)
    boxes, upright = box_arrays([item.detection.box for item in detections])
    confidences = np.array([item.detection.confidence for item in detections], dtype=np.float64)
    count = len(kinds)
    cut = _cut_by_edge(upright, size_px)
    positions = [item.position if isinstance(item.position, Position) else None for item in detections]
    lengths_m = np.array([0.0 if item.length_m is None else item.length_m.value for item in detections])
    has_length = lengths_m > 0
    lengths_m[~has_length] = 0.0
    seas = [(0.0, 0.0) if place is None else (place.east_m, place.north_m) for place in positions]
    shifts = np.array([_NO_SHIFT if place is None else _shifts(place) for place in positions])
    shifts = shifts.reshape(count, len(ErrorSource), 2).transpose(0, 2, 1)
    east, north = shifts[:, 0], shifts[:, 1]
    return Sightings(
        kinds=kinds,
        groups=tuple(GROUPS[kind] for kind in kinds),
        confidences=confidences,
        boxes=boxes,
        upright=upright,
        box_covs=_box_covs(boxes, cut),
        located=np.array([place is not None for place in positions], dtype=bool),
        sea=np.array(seas).reshape(count, 2),
        sea_covs=_own(positions, np.where(cut, CUT_SHARE, HULL_SHARE) * lengths_m),
        basis=shifts * _AMPLITUDES,
        shared=np.stack([(east * east).sum(1), (east * north).sum(1), (north * north).sum(1)], axis=1),
        log_lengths=np.log(np.where(has_length, lengths_m, 1.0)),
        has_length=has_length,
    )


def sightings_of_boxes(kind: ObjectKind, boxes: Sequence[OrientedBox], confidences: Sequence[float]) -> Sightings:
    """Arrays of boxes of one kind that have no position."""
    arrays, upright = box_arrays(boxes)
    count = len(boxes)
    return Sightings(
        kinds=(kind,) * count,
        groups=(GROUPS[kind],) * count,
        confidences=np.array(confidences, dtype=np.float64),
        boxes=arrays,
        upright=upright,
        box_covs=_box_covs(arrays, np.zeros(count, dtype=bool)),
        located=np.zeros(count, dtype=bool),
        sea=np.zeros((count, 2)),
        sea_covs=np.tile(ONE_2, (count, 1, 1)),
        basis=np.zeros((count, 2, len(ErrorSource))),
        shared=np.zeros((count, 3)),
        log_lengths=np.zeros(count),
        has_length=np.zeros(count, dtype=bool),
    )


def box_arrays(boxes: Sequence[OrientedBox]) -> tuple[Floats, Floats]:
    """Oriented boxes as (m, 5) and the upright boxes around them as (m, 4)."""
    rows = [(box.cx_px, box.cy_px, box.length_px, box.width_px, math.radians(box.angle_deg)) for box in boxes]
    arrays = np.array(rows, dtype=np.float64).reshape(-1, 5)
    return arrays, upright_around(arrays)


def upright_around(boxes: Floats) -> Floats:
    """Upright boxes (m, 4) around oriented ones (m, 5)."""
    cos, sin = np.abs(np.cos(boxes[:, 4])), np.abs(np.sin(boxes[:, 4]))
    half = np.stack([boxes[:, 2] * cos + boxes[:, 3] * sin, boxes[:, 2] * sin + boxes[:, 3] * cos], axis=1) / 2
    return np.concatenate([boxes[:, :2] - half, boxes[:, :2] + half], axis=1)


def _cut_by_edge(upright: Floats, size_px: tuple[int, int]) -> Bools:
    width, height = size_px
    low = (upright[:, :2] <= EDGE_PX).any(axis=1)
    high = (upright[:, 2:] >= np.array([width, height]) - EDGE_PX).any(axis=1)
    return np.asarray(low | high, dtype=np.bool_)


def _box_covs(boxes: Floats, cut: Bools) -> Floats:
    size = np.sqrt(boxes[:, 2] * boxes[:, 3])
    share = np.where(cut, CUT_SHARE, BOX_SHARE)
    return ((share * size) ** 2 + BOX_FLOOR_PX**2)[:, None, None] * ONE_2


def _own(positions: Sequence[Position | None], wander_m: Floats) -> Floats:
    """Own covariances (m, 2, 2), widened by the wandering along the hull (m,)."""
    rows = [
        _ONE
        if place is None
        else (place.own.east_east, place.own.east_north, place.own.east_north, place.own.north_north)
        for place in positions
    ]
    covs = np.array(rows, dtype=np.float64).reshape(-1, 2, 2)
    # 1 cm: a simulated position may come without error, a filter needs one.
    covs += (wander_m**2 + 1e-4)[:, None, None] * ONE_2
    return covs


def _shifts(position: Position) -> list[float]:
    """East and north displacement by one standard error, source after source."""
    columns = [0.0] * len(_NO_SHIFT)
    for term in position.shared:
        at, plus, minus = _AT[term.source], term.plus, term.minus
        columns[at], columns[at + 1] = (plus.east_m - minus.east_m) / 2, (plus.north_m - minus.north_m) / 2
    return columns


_ONE = (1.0, 0.0, 0.0, 1.0)
_NO_SHIFT = [0.0] * (2 * len(ErrorSource))
_AT = {source: 2 * number for number, source in enumerate(ErrorSource)}
_AMPLITUDES = np.array([JITTER[source] for source in ErrorSource])
