"""The truth of every rule, from exact motion and the pack's numbers alone; none of the judge's primitives is called.

`broken` are the frames at which the law was broken. `sure` are those at which it was broken by so much that every
interval as wide as the stated one that holds the truth lies wholly on the wrong side: the truth is past the threshold
by more than the whole width (`slack` 1) or by half of it (`slack` 0.5, where half of all measurements would not show
it). Only frames that show the craft and an animal can be sure.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.encounter_plans import KNOT_MPS
from bench.accuracy.encounter_sight import FrameTruth
from wideberth_contracts.known import Known
from wideberth_simulator.separations import polygon_distances_m

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
WAY_MPS = 0.5
CROSSED_WITHIN_S = 30.0
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
            off_deg=np.abs(_turn(bearing - heading)), bearing_deg=bearing % 360,
            ahead_m=(offset * ahead).sum(axis=1), aside_m=offset[:, 0] * ahead[:, 1] - offset[:, 1] * ahead[:, 0],
            hull_m=np.array([to_hull_m(c.outline_m, a) for c, a in zip(crafts, animals, strict=True)]),
            shown_hull_m=np.array(
                [to_hull_m(c.outline_m, a[k]) for c, a, k in zip(crafts, animals, lately, strict=True)]
            ),
            front_m=front, nearing_deg=np.abs(_turn(np.degrees(np.arctan2(to[:, 0], to[:, 1])) - course)),
            place=place, heading_deg=heading, slowest_kn=slowest, pod_mps=np.hypot(pod[:, 0], pod[:, 1]),
        )  # fmt: skip
    return found


def _turn(degrees: Any) -> Any:
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


# --- one function a kind of rule: frames at which it is broken by `slack` times the stated width ---------------------

Rule = Any
Reference = Callable[[Rule, str, Case, float], Bools]


def _sep(motion: Motion, slack: float) -> Floats:
    """What the law asks about all animals, surely only about those that show."""
    return motion.shown_m if slack else motion.any_m


def _near(name: str, case: Case, radius_m: float, slack: float) -> Bools:
    motion, width = case.motions[name], case.widths[name]
    return np.asarray(_sep(motion, slack) + slack * width.separation_m <= radius_m)


def _in_band(name: str, case: Case, band: Any, slack: float) -> Bools:
    motion, width = case.motions[name], case.widths[name]
    inner = -math.inf if band.inner_m is None else band.inner_m.value
    sep, wide = _sep(motion, slack), slack * width.separation_m
    # Nearer than the inner edge to any animal is out of the band, whether that animal shows or not.
    return np.asarray((motion.any_m - wide > inner) & (sep + wide <= band.outer_m.value))


def _faster(name: str, case: Case, knots: float, slack: float) -> Bools:
    return np.asarray(case.motions[name].speed_kn - slack * case.widths[name].speed_kn > knots)


def min_distance(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """Nearer than the limit."""
    motion, width = case.motions[name], case.widths[name]
    near = _sep(motion, slack) + slack * width.separation_m
    return np.asarray(near <= rule.limit_m.value if rule.inclusive else near < rule.limit_m.value)


def vessel_class_override(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """The same for a craft that is seen to be of the class."""
    if case.kinds[name] != rule.craft_class:
        return np.zeros_like(case.motions[name].shown)
    return min_distance(rule, name, case, slack)


def calf_or_resting_override(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """The same where a person said so."""
    present = {one.state for one in case.known.states if one.present}
    if not present & set(rule.states):
        return np.zeros_like(case.motions[name].shown)
    return min_distance(rule, name, case, slack)


def speed_max_in_band(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """Faster than allowed there."""
    return _in_band(name, case, rule.band, slack) & _faster(name, case, rule.max_kn.value, slack)


def relative_speed_max(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """Faster than the slowest animal and a little."""
    motion, width = case.motions[name], case.widths[name]
    more = motion.speed_kn - motion.slowest_kn - slack * (width.speed_kn + width.slowest_kn)
    return _in_band(name, case, rule.band, slack) & (more > rule.plus_kn.value)


def propulsion_off_in_band(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """Under way in the band."""
    return _in_band(name, case, rule.band, slack) & _faster(name, case, rule.under_way_above_kn.value, slack)


def must_stop_if_inside(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """Under way in the disc."""
    return _near(name, case, rule.within_m.value, slack) & _faster(name, case, rule.under_way_above_kn.value, slack)


def count_within(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """This craft is inside, with enough others."""
    inside = {one: _near(one, case, rule.within_m.value, slack) for one in case.motions}
    return np.asarray(inside[name] & (np.sum(list(inside.values()), axis=0) >= rule.forbidden_from.value))


def already_there(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """In after enough others, who are still there."""
    radius = rule.within_m.value
    inside = {one: _near(one, case, radius, slack) for one in case.motions}
    motion, width = case.motions[name], case.widths[name]
    out = _sep(motion, slack) - slack * width.separation_m > radius
    if slack:
        out &= motion.shown
    broken = np.zeros_like(out)
    before: set[str] | None = None
    is_in = False
    for i in range(len(out)):
        here = {one for one in inside if one != name and inside[one][i]}
        if out[i]:
            before, is_in = here, False
        elif before is not None and not is_in:
            before &= here if motion.shown[i] or not slack else before
            is_in = bool(inside[name][i])
        broken[i] = is_in and before is not None and len(before & here) >= rule.already.value and inside[name][i]
    return broken


def no_sector(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """Near, in a forbidden direction, and coming nearer."""
    motion, width = case.motions[name], case.widths[name]
    clear = [np.full_like(motion.off_deg, 180.0)]
    if rule.ahead_half_deg is not None:
        clear.append(motion.off_deg - rule.ahead_half_deg.value)
    if rule.rear_half_deg is not None:
        clear.append(180.0 - motion.off_deg - rule.rear_half_deg.value)
    if rule.only_behind_deg is not None:
        clear.append(rule.only_behind_deg.value / 2 - (180.0 - motion.off_deg))
    wrong = np.min(clear, axis=0) < -slack * width.off_heading_deg
    wrong &= _near(name, case, rule.within_m.value, slack) & _heads_somewhere(motion, slack)
    if rule.approaching:
        turned = slack * np.hypot(width.course_deg, np.degrees(width.separation_m / np.maximum(motion.any_m, 1.0)))
        wrong &= (motion.nearing_deg + turned < 90.0) & (_makes_way(name, case, slack))
    return np.asarray(wrong)


def _heads_somewhere(motion: Motion, slack: float) -> Bools:
    """A pod that rests has no ahead; surely it has one only where it swims twice as fast as that needs."""
    return np.asarray(motion.pod_mps >= (2 * WAY_MPS if slack else 0.3))


def _makes_way(name: str, case: Case, slack: float) -> Bools:
    return _faster(name, case, (WAY_MPS if slack else 0.25) / KNOT_MPS, slack)


def no_path_crossing(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """From one side of the pod's heading to the other, ahead of it."""
    motion, width = case.motions[name], case.widths[name]
    wide = slack * width.aside_m
    side = np.where(motion.aside_m > wide, 1, np.where(motion.aside_m < -wide, -1, 0))
    if slack:
        side = np.where(motion.shown, side, 0)
        front = motion.front_m
    else:
        front = np.zeros_like(motion.front_m)
    far = motion.ahead_m + slack * width.ahead_m <= rule.within_m.value + (0.0 if slack else 1.0) * motion.front_m
    good = far & (motion.ahead_m - slack * width.ahead_m > front) & _heads_somewhere(motion, slack)
    good &= _makes_way(name, case, slack)
    broken = np.zeros_like(good)
    last: int | None = None
    for i in np.flatnonzero(side):
        if last is not None and side[last] != side[i] and motion.t_s[i] - motion.t_s[last] <= CROSSED_WITHIN_S:
            between = good[last : i + 1]
            if between.all() if slack else between.any():
                # The act is of an instant; a second about it is taken as its time.
                about = 0.0 if slack else 1.0
                broken |= (motion.t_s >= motion.t_s[last] - about) & (motion.t_s <= motion.t_s[i] + about)
        last = int(i)
    return broken


def no_pod_transit(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """Under way inside the outline; surely where it reaches in by more than its separations are known."""
    motion, width = case.motions[name], case.widths[name]
    if not slack:
        return np.asarray((motion.hull_m <= 0.0) & _makes_way(name, case, slack))
    deep = motion.shown_hull_m < -slack * width.separation_m
    return np.asarray(deep & motion.shown & _makes_way(name, case, slack))


def no_interception(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """Placed ahead by its own way, then nearer than it was there."""
    motion, width = case.motions[name], case.widths[name]
    half, wide = rule.ahead_half_deg.value, slack * width.off_heading_deg
    moving = _heads_somewhere(motion, slack)
    ahead, elsewhere = (motion.off_deg + wide <= half) & moving, (motion.off_deg - wide > half) & moving
    sep, seps = _sep(motion, slack), slack * width.separation_m
    broken = np.zeros_like(ahead)
    was_elsewhere, placed_m = False, None
    for i in range(len(ahead)):
        if slack and not motion.shown[i]:
            continue
        if elsewhere[i]:
            was_elsewhere, placed_m = True, None
        elif ahead[i] and was_elsewhere:
            placed_m = sep[i] - seps[i] if placed_m is None else max(placed_m, sep[i] - seps[i])
            broken[i] = sep[i] + seps[i] < placed_m and sep[i] + seps[i] <= rule.within_m.value
    return broken


def no_pursuit(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """Behind, on the same heading, under way."""
    motion, width = case.motions[name], case.widths[name]
    wide = slack * width.off_heading_deg
    behind = 180.0 - motion.off_deg + wide <= rule.rear_half_deg.value
    same = np.abs(_turn(motion.course_deg - motion.heading_deg))
    same = same + slack * np.hypot(width.course_deg, width.off_heading_deg) <= rule.match_deg.value
    near = _near(name, case, rule.within_m.value, slack)
    return np.asarray(near & behind & same & _heads_somewhere(motion, slack) & _makes_way(name, case, slack))


def no_encirclement(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """No gap left as wide as the limit, between craft that are near and where this one was lately."""
    motion = case.motions[name]
    inside = {one: _near(one, case, rule.within_m.value, slack) for one in case.motions}
    broken = np.zeros_like(motion.shown)
    for i, now in enumerate(motion.t_s):
        if not inside[name][i]:
            continue
        trail = (motion.t_s <= now) & (motion.t_s >= now - rule.circling_s.value) & inside[name]
        angles = [
            (case.motions[one].bearing_deg[i], case.widths[one].bearing_deg[i]) for one in inside if inside[one][i]
        ]
        angles += list(zip(motion.bearing_deg[trail][::5], case.widths[name].bearing_deg[trail][::5], strict=True))
        ordered = sorted(angles)
        following = [*ordered[1:], (ordered[0][0] + 360.0, ordered[0][1])]
        gaps = [b - a + slack * (u + w) for (a, u), (b, w) in zip(ordered, following, strict=True)]
        broken[i] = len(ordered) > 1 and max(gaps) < rule.gap_deg.value
    return broken


def max_stay(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """Too long; surely by the time for which frames showed it there."""
    motion, limit = case.motions[name], rule.max_min.value
    inside = _in_band(name, case, rule.band, slack)
    out = ~_in_band(name, case, rule.band, 0.0)
    broken, stay = np.zeros_like(inside), 0.0
    for i in range(1, len(inside)):
        step = motion.t_s[i] - motion.t_s[i - 1]
        stay = 0.0 if out[i] else stay + step * bool(inside[i] and inside[i - 1])
        broken[i] = inside[i] and stay / 60.0 > limit
    return broken


def time_of_day_window(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """Near at another hour."""
    local = [(case.start + timedelta(seconds=float(t))).astimezone(ZoneInfo(rule.zone)).time() for t in
             case.motions[name].t_s]  # fmt: skip
    outside = np.array([not rule.start <= one <= rule.end for one in local])
    return np.asarray(outside & _near(name, case, rule.within_m.value, slack))


def geofence(rule: Rule, name: str, case: Case, slack: float) -> Bools:
    """Inside the area, and faster where a speed is allowed."""
    motion, width = case.motions[name], case.widths[name]
    area = np.array(case.fence)
    inside = polygon_distances_m(area, motion.place) == 0.0
    ring = np.concatenate([np.linspace(a, b, 200) for a, b in zip(area, np.roll(area, -1, axis=0), strict=True)])
    edge = np.min(np.linalg.norm(motion.place[:, None] - ring[None], axis=2), axis=1)
    wrong = inside & (edge > slack * width.place_m)
    if slack:
        wrong &= motion.shown
    return wrong if rule.max_kn is None else wrong & _faster(name, case, rule.max_kn.value, slack)


REFERENCES: Mapping[str, Reference] = MappingProxyType(
    {
        one.__name__: one
        for one in (
            min_distance, vessel_class_override, calf_or_resting_override, speed_max_in_band, relative_speed_max,
            propulsion_off_in_band, must_stop_if_inside, count_within, already_there, no_sector, no_path_crossing,
            no_pod_transit, no_interception, no_pursuit, no_encirclement, max_stay, time_of_day_window, geofence,
        )
    }
)  # fmt: skip


def drone_height(rule: Rule, truth: Sequence[FrameTruth], width_m: Floats, slack: float) -> Bools:
    """The watching drone too low."""
    height = np.array([one.height_m for one in truth]) + slack * width_m
    return np.asarray(height <= rule.min_m.value if rule.strict else height < rule.min_m.value)


def drone_distance(rule: Rule, truth: Sequence[FrameTruth], widths_m: tuple[Floats, Floats], slack: float) -> Bools:
    """The watching drone too near, and too low where that matters; `widths_m` of height and of distance."""
    near = []
    for one in truth:
        wanted = [a for a in one.animals.values() if a.is_seen or not slack]
        near.append(
            min((math.hypot(a.east_m - one.drone[0], a.north_m - one.drone[1]) for a in wanted), default=math.inf)
        )
    wrong = np.array(near) + slack * widths_m[1] < rule.min_horizontal_m.value
    if rule.below_m is not None:
        wrong &= np.array([one.height_m for one in truth]) + slack * widths_m[0] < rule.below_m.value
    return wrong


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
