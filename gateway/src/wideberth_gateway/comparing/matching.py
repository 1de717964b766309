"""Which track of one analysis is which of another: by how far their boxes overlap in the frames that both looked at."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wideberth_contracts.detections import OrientedBox
from wideberth_contracts.tracks import Track, TrackPoint, TrackState

BELIEVED = (TrackState.CONFIRMED, TrackState.LOST)
LEAST_OVERLAP = 0.1
"""Mean overlap below which two tracks are different things: boxes of small animals rarely overlap by more than half."""

SAME_MOMENT_S = 0.11
"""Analyses at other rates look at other frames: half a step of the usual five frames a second counts as the same."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The same object in both analyses. `overlap`: mean over the frames both saw it in; `frames`: so many."""

    a: str
    b: str
    overlap: float
    frames: int


def believed(tracks: Iterable[Track]) -> list[Track]:
    """Tracks that count."""
    return [track for track in tracks if track.state in BELIEVED]


def matched(a: Sequence[Track], b: Sequence[Track]) -> tuple[Pair, ...]:
    """Believed tracks of both, each in one pair at most, the best overlap first. Craft match craft, animals animals."""
    candidates = []
    for one in believed(a):
        for other in believed(b):
            if one.kind.is_craft == other.kind.is_craft:
                overlap, frames = _overlap(one, other)
                if overlap >= LEAST_OVERLAP:
                    candidates.append((overlap * frames, Pair(one.id, other.id, round(overlap, 4), frames)))
    pairs: list[Pair] = []
    taken_a: set[str] = set()
    taken_b: set[str] = set()
    for _, pair in sorted(candidates, key=lambda item: (-item[0], item[1].a, item[1].b)):
        if pair.a not in taken_a and pair.b not in taken_b:
            pairs.append(pair)
            taken_a.add(pair.a)
            taken_b.add(pair.b)
    return tuple(sorted(pairs, key=lambda pair: pair.a))


def _overlap(one: Track, other: Track) -> tuple[float, int]:
    """Mean overlap over the moments at which both were seen; 0 where there are none."""
    theirs = [point for point in other.points if point.box is not None]
    times = [point.t_s for point in theirs]
    total, frames = 0.0, 0
    for point in one.points:
        if point.box is None or not times or not times[0] - SAME_MOMENT_S <= point.t_s <= times[-1] + SAME_MOMENT_S:
            continue
        box = _box_at(theirs, times, point.t_s)
        if box is not None:
            total += box_overlap(point.box, box)
            frames += 1
    return (total / frames, frames) if frames else (0.0, 0)


def _box_at(points: Sequence[TrackPoint], times: Sequence[float], t_s: float) -> OrientedBox | None:
    """The box at that moment, between its neighbours where no frame was looked at then; None in a gap."""
    after = bisect_left(times, t_s - 1e-6)
    near = [points[index] for index in (after - 1, after) if 0 <= index < len(points)]
    same = [point for point in near if abs(point.t_s - t_s) < 1e-3]
    if same:
        return same[0].box
    close = [point for point in near if abs(point.t_s - t_s) <= 2 * SAME_MOMENT_S]
    if len(close) == 2 and close[0].box is not None and close[1].box is not None:
        first, last = close
        share = (t_s - first.t_s) / (last.t_s - first.t_s)
        return close[0].box.model_copy(
            update={
                "cx_px": close[0].box.cx_px + share * (close[1].box.cx_px - close[0].box.cx_px),
                "cy_px": close[0].box.cy_px + share * (close[1].box.cy_px - close[0].box.cy_px),
            }
        )
    return close[0].box if len(close) == 1 and abs(close[0].t_s - t_s) <= SAME_MOMENT_S else None


def box_overlap(a: OrientedBox, b: OrientedBox) -> float:
    """Intersection over union of the upright boxes around both."""
    (al, at, ar, ab), (bl, bt, br, bb) = a.xyxy_px(), b.xyxy_px()
    wide, high = min(ar, br) - max(al, bl), min(ab, bb) - max(at, bt)
    if wide <= 0 or high <= 0:
        return 0.0
    shared = wide * high
    return shared / ((ar - al) * (ab - at) + (br - bl) * (bb - bt) - shared)
