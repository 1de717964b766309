"""The truth of every rule, from exact motion and the pack's numbers alone; none of the judge's primitives is called.

`broken` are the frames at which the law was broken. `sure` are those at which it was broken by so much that every
interval as wide as the stated one that holds the truth lies wholly on the wrong side: the truth is past the threshold
by more than the whole width (`slack` 1) or by half of it (`slack` 0.5, where half of all measurements would not show
it). Only frames that show the craft and an animal can be sure.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from bench.accuracy.encounter_conduct import KNOT_MPS
from bench.accuracy.encounter_motion import Bools, Case, Floats, Motion, turn_deg
from bench.accuracy.encounter_sight import FrameTruth
from wideberth_simulator.separations import polygon_distances_m

WAY_MPS = 0.5
CROSSED_WITHIN_S = 30.0

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
    same = np.abs(turn_deg(motion.course_deg - motion.heading_deg))
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
