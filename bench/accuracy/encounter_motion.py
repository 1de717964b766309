"""Exact motion of a simulated encounter as its rules need it, and how long something held."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.encounter_conduct import KNOT_MPS
from bench.accuracy.encounter_sight import FrameTruth
from wideberth_contracts.known import Known
from wideberth_simulator.separations import polygon_distances_m

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
KNOWN_FOR_S = 6.0
"""An animal that dived belongs to the outline of its pod so long."""
HEADING_S = 6.0
"""A pod's heading and pace are those of its movement so long before and after."""


@dataclass(frozen=True)
class Widths:
    """Widths of the stated 95 % intervals of one craft, one a frame: m, kn, deg."""

    separation_m: Floats
    speed_kn: Floats
    course_deg: Floats
    bearing_deg: Floats
    off_heading_deg: Floats
    ahead_m: Floats
    aside_m: Floats
    place_m: Floats
    slowest_kn: Floats


@dataclass(frozen=True)
class Motion:
    """One craft beside the pod, one value a frame.

    Attributes:
        any_m, shown_m: separation from the nearest animal, and from the nearest that shows (infinite where none does).
        shown: craft and some animal show.
        off_deg: between the pod's heading and the craft; ahead_m, aside_m: along and across it.
        hull_m: distance to the pod's outline, below nought inside; shown_hull_m: to that of animals lately seen.
        front_m: of the foremost animal, ahead of the middle.
        nearing_deg: between the craft's course and its nearest animal.
    """

    t_s: Floats
    any_m: Floats
    shown_m: Floats
    shown: Bools
    speed_kn: Floats
    course_deg: Floats
    off_deg: Floats
    bearing_deg: Floats
    ahead_m: Floats
    aside_m: Floats
    hull_m: Floats
    shown_hull_m: Floats
    front_m: Floats
    nearing_deg: Floats
    place: Floats
    heading_deg: Floats
    slowest_kn: Floats
    pod_mps: Floats


@dataclass(frozen=True)
class Case:
    """What a rule is held against."""

    motions: Mapping[str, Motion]
    widths: Mapping[str, Widths]
    kinds: Mapping[str, str]
    known: Known
    start: datetime
    fence: tuple[tuple[float, float], ...]


def motions_of(truth: Sequence[FrameTruth]) -> dict[str, Motion]:
    """Every craft of an encounter."""
    t_s = np.array([one.t_s for one in truth])
    names = list(truth[0].animals)
    animals = np.array([[(one.animals[n].east_m, one.animals[n].north_m) for n in names] for one in truth])
    shows = np.array([[one.animals[n].is_seen for n in names] for one in truth])
    middle = animals.mean(axis=1)
    fps = (len(t_s) - 1) / (t_s[-1] - t_s[0])
    span = max(1, round(HEADING_S * fps))
    index = np.arange(len(t_s))
    low, high = np.maximum(index - span, 0), np.minimum(index + span, len(t_s) - 1)
    moved = (animals[high] - animals[low]) / (t_s[high] - t_s[low])[:, None, None]
    pod = moved.mean(axis=1)
    heading = np.degrees(np.arctan2(pod[:, 0], pod[:, 1]))
    slowest = np.hypot(moved[..., 0], moved[..., 1]).min(axis=1) / KNOT_MPS
    ahead = np.stack([np.sin(np.radians(heading)), np.cos(np.radians(heading))], axis=1)
    front = ((animals - middle[:, None]) * ahead[:, None]).sum(axis=2).max(axis=1)
    lately = np.array([shows[(t_s <= t) & (t_s >= t - KNOWN_FOR_S)].any(axis=0) for t in t_s])
    found = {}
    for name in truth[0].crafts:
        crafts = [one.crafts[name] for one in truth]
        apart = np.array([polygon_distances_m(c.outline_m, a) for c, a in zip(crafts, animals, strict=True)])
        place = np.array([(c.east_m, c.north_m) for c in crafts])
        offset = place - middle
        course = np.array([c.course_deg for c in crafts])
        to = animals[index, apart.argmin(axis=1)] - place
        bearing = np.degrees(np.arctan2(offset[:, 0], offset[:, 1]))
        seen = np.array([c.is_seen for c in crafts])
        found[name] = Motion(
            t_s=t_s, any_m=apart.min(axis=1),
            shown_m=np.where(shows & seen[:, None], apart, np.inf).min(axis=1), shown=seen & shows.any(axis=1),
            speed_kn=np.array([c.speed_mps for c in crafts]) / KNOT_MPS, course_deg=course,
            off_deg=np.abs(turn_deg(bearing - heading)), bearing_deg=bearing % 360,
            ahead_m=(offset * ahead).sum(axis=1), aside_m=offset[:, 0] * ahead[:, 1] - offset[:, 1] * ahead[:, 0],
            hull_m=np.array([to_hull_m(c.outline_m, a) for c, a in zip(crafts, animals, strict=True)]),
            shown_hull_m=np.array(
                [to_hull_m(c.outline_m, a[k]) for c, a, k in zip(crafts, animals, lately, strict=True)]
            ),
            front_m=front, nearing_deg=np.abs(turn_deg(np.degrees(np.arctan2(to[:, 0], to[:, 1])) - course)),
            place=place, heading_deg=heading, slowest_kn=slowest, pod_mps=np.hypot(pod[:, 0], pod[:, 1]),
        )  # fmt: skip
    return found


def turn_deg(degrees: Any) -> Any:
    return (np.asarray(degrees) + 180.0) % 360.0 - 180.0


def to_hull_m(outline_m: Floats, animals_m: Floats) -> float:
    """Distance of a craft to the convex outline of animals; below nought how deep it reaches in. Far where none is."""
    if len(animals_m) < 3:
        return math.inf
    hull = _convex(animals_m)
    if len(hull) < 3:
        return math.inf
    edge = np.roll(hull, -1, axis=0) - hull
    normal = np.stack([edge[:, 1], -edge[:, 0]], axis=1) / np.linalg.norm(edge, axis=1)[:, None]
    # Of a convex outline taken anticlockwise, the largest distance along an outward normal is nought on its edge.
    depth = ((outline_m[:, None] - hull[None]) * normal[None]).sum(axis=2).max(axis=1).min()
    if depth <= 0:
        return float(depth)
    return float(max(0.0, min(polygon_distances_m(hull, outline_m).min(), polygon_distances_m(outline_m, hull).min())))


def _convex(points: Floats) -> Floats:
    """Andrew's monotone chain, anticlockwise."""
    ordered = sorted(map(tuple, points.tolist()))

    def chain(line: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
        out: list[tuple[float, ...]] = []
        for p in line:
            while len(out) > 1 and (out[-1][0] - out[-2][0]) * (p[1] - out[-2][1]) <= (out[-1][1] - out[-2][1]) * (
                p[0] - out[-2][0]
            ):
                out.pop()
            out.append(p)
        return out[:-1]

    return np.array(chain(ordered) + chain(ordered[::-1]))


def runs(broken: Bools, counted: Bools, t_s: Floats, decision: Any) -> list[tuple[float, float]]:
    """Spans of unbroken time, long enough for the rule, over the frames that count.

    Args:
        broken: by frame.
        counted: frames that show it; the others neither break a run nor count.
        decision: shortest time, longest gap and fewest frames of the rule.
    """
    found, run = [], list[int]()
    for i in [*np.flatnonzero(counted).tolist(), None]:
        if i is not None and broken[i] and (not run or t_s[i] - t_s[run[-1]] <= decision.max_gap_s + 1e-6):
            run.append(i)
            continue
        if run and len(run) >= decision.min_frames and t_s[run[-1]] - t_s[run[0]] >= decision.min_duration_s - 1e-6:
            found.append((float(t_s[run[0]]), float(t_s[run[-1]])))
        run = [i] if i is not None and broken[i] else []
    return found


def fulfilled_s(broken: Bools, counted: Bools, t_s: Floats, decision: Any) -> float | None:
    """When the act was first complete: broken for as long, and in as many frames, as the rule asks."""
    run: list[int] = []
    for i in np.flatnonzero(counted).tolist():
        if not broken[i]:
            run = []
            continue
        if run and t_s[i] - t_s[run[-1]] > decision.max_gap_s + 1e-6:
            run = []
        run.append(i)
        if len(run) >= decision.min_frames and t_s[i] - t_s[run[0]] >= decision.min_duration_s - 1e-6:
            return float(t_s[i])
    return None
