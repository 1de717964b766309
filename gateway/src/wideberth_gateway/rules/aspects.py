"""How a craft lies to a group of animals that goes somewhere: ahead, abeam, astern, and whether it comes nearer."""

import math
from dataclasses import dataclass

from wideberth_contracts.judgement import Missing
from wideberth_contracts.phrases import Phrase, phrase
from wideberth_gateway.rules.places import STANDARD_ERRORS_95, Offset, Place, offset, turn_deg
from wideberth_gateway.rules.pods import MILLING, NO_ANIMAL, Pod
from wideberth_gateway.rules.readings import Moment

WAY_MPS = 0.5
"""About one knot: slower than that is no way made, as in the separations."""

NO_PLACE = phrase("lacks.craft_place")


@dataclass(frozen=True, slots=True)
class Aspect:
    """A craft seen from the middle of a group that heads somewhere; half-widths are of 95 % intervals.

    Attributes:
        off_heading_deg: angle between the heading and the craft, 0 straight ahead, 180 straight astern.
        ahead_m: along the heading; aside_m: across it, to starboard positive.
    """

    pod: Pod
    to_craft: Offset
    off_heading_deg: float
    off_heading_half_95_deg: float
    ahead_m: float
    ahead_half_95_m: float
    aside_m: float
    aside_half_95_m: float

    @property
    def side(self) -> int:
        """1 surely to starboard of the heading's line, -1 surely to port, 0 neither."""
        if abs(self.aside_m) <= self.aside_half_95_m:
            return 0
        return 1 if self.aside_m > 0 else -1


@dataclass(frozen=True, slots=True)
class NoAspect:
    """Ahead and astern mean nothing here, and why."""

    why: Phrase
    missing: Missing


def aspect_of(place: Place | None, pod: Pod | None) -> Aspect | NoAspect:
    """How a craft lies to a group."""
    if place is None:
        return NoAspect(NO_PLACE, Missing.NO_POSITION)
    if pod is None:
        return NoAspect(NO_ANIMAL, Missing.NO_POSITION)
    if pod.course_deg is None:
        return NoAspect(pod.why or MILLING, Missing.NO_DIRECTION)
    return aspect_on(offset(pod.middle, place), pod, pod.course_deg, pod.course_half_95_deg)


def aspect_on(to_craft: Offset, pod: Pod, course_deg: float, half_95_deg: float) -> Aspect:
    """The same against a heading of another moment."""
    east, north = math.sin(math.radians(course_deg)), math.cos(math.radians(course_deg))
    ahead = to_craft.east_m * east + to_craft.north_m * north
    aside = to_craft.east_m * north - to_craft.north_m * east
    swing = math.radians(half_95_deg)
    off = abs(turn_deg(course_deg, to_craft.bearing_deg)) if to_craft.distance_m > 0 else 0.0
    return Aspect(
        pod=pod,
        to_craft=to_craft,
        off_heading_deg=off,
        off_heading_half_95_deg=min(180.0, math.hypot(half_95_deg, to_craft.bearing_half_95_deg)),
        ahead_m=ahead,
        ahead_half_95_m=math.hypot(to_craft.spread.half_95_along(east, north), aside * swing),
        aside_m=aside,
        aside_half_95_m=math.hypot(to_craft.spread.half_95_along(north, -east), ahead * swing),
    )


def makes_way(moment: Moment) -> bool | None:
    """True when the craft surely moves over ground, False when it surely does not, None where neither is sure."""
    speed, state = moment.sample.speed, moment.sample.underway
    if speed is None:
        return None
    if speed.interval_95_mps.low > WAY_MPS:
        return True
    if speed.interval_95_mps.high <= WAY_MPS:
        return False
    if state is not None and state.water is not None and (state.p_drifting or 0) + (state.p_stopped or 0) >= 0.975:
        return False
    return None


def closing(moment: Moment) -> bool | None:
    """True when the craft surely steers nearer to its nearest animal, False when surely not, None where not told."""
    way = makes_way(moment)
    if way is not True:
        return way
    speed, bearing = moment.sample.speed, moment.sample.relative_bearing_deg
    if speed is None or bearing is None or speed.course_half_95_deg is None:
        return None
    separation = moment.sample.separation
    swing = math.degrees(
        math.atan2(STANDARD_ERRORS_95 * separation.sigma_m, max(separation.value_m, 1e-6))
    )  # the animal's place turns the bearing by about as much as it changes the distance
    half = math.hypot(speed.course_half_95_deg, swing)
    if abs(bearing) + half < 90.0:
        return True
    return False if abs(bearing) - half > 90.0 else None
