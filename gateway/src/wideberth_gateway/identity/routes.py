"""Where a ship was at a time: between its reports, over short gaps only, with the error of that.

Between two reports the path is the cubic that has both places and, where told, both velocities. Its error is that of a
boat whose velocity wanders (`WANDER_M2S3`) and is known at both ends; a gap longer than `LONGEST_GAP_S` is not bridged.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wideberth_gateway.identity.reports import ShipParticulars, ShipReport

LONGEST_GAP_S = 180.0
LONGEST_STILL_GAP_S = 420.0
"""Between two reports of a ship below `STILL_MPS`: such ones report every three minutes, and one may be lost."""

LONGEST_CARRIED_S = 30.0
"""Before the first and after the last report, with a velocity."""

RIVAL_GAP_S = 900.0
"""Over gaps so long a ship may still be the one seen, with a growing error: a rival of others, and never named."""

NEAR_M = 10_000.0
"""A ship with no report within this of the scene takes no part."""

STILL_MPS = 1.03
WANDER_M2S3 = 0.1
"""Power of the acceleration of small craft: in half a minute the velocity changes by 1.7 m/s."""

STILL_SHARE = 0.05
"""Of that, for a ship below `STILL_MPS` in all its reports around."""

SPEED_ERROR_MPS, SPEED_ERROR_SHARE = 0.3, 0.05
"""Of a velocity by AIS: SOG is told to 0.1 kn; three degrees of COG are a twentieth of the speed."""

IMPOSSIBLE_MPS = 45.0
"""Between two reports of one MMSI: two units under one number, or a wrong position."""

STEERING_MPS = 1.0
"""Above this the course stands in for a heading that is not told."""

EQUATOR_M, FLATTENING_E2 = 6_378_137.0, 6.694_379_990_14e-3
"""WGS 84."""


@dataclass(frozen=True, slots=True)
class Plane:
    """East and north of a place, m; good to 1 in 10,000 within 10 km."""

    latitude: float
    longitude: float

    def east_north(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Of a point."""
        phi = math.radians(self.latitude)
        w = 1 - FLATTENING_E2 * math.sin(phi) ** 2
        east = math.radians((longitude - self.longitude + 180) % 360 - 180) * EQUATOR_M / math.sqrt(w) * math.cos(phi)
        return east, math.radians(latitude - self.latitude) * EQUATOR_M * (1 - FLATTENING_E2) / w**1.5


@dataclass(frozen=True, slots=True)
class Knot:
    """A report on the plane. Velocity None where not told."""

    epoch_s: float
    east_m: float
    north_m: float
    velocity_mps: tuple[float, float] | None
    heading_deg: float | None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place at a time: of the middle of the hull as far as the antenna's place is known.

    Attributes:
        variance_m2: of each axis, by the time since and until a report.
        is_near: reports are near enough in time for the ship to be named by it.
    """

    east_m: float
    north_m: float
    variance_m2: float
    is_near: bool = True


@dataclass(frozen=True, slots=True)
class Route:
    """One ship near the scene.

    Attributes:
        group: the clock its reports share; None where they told the seconds of their fixes.
        knots: in order of time.
        consistent: False where two places of it cannot both be; such a ship is never named.
    """

    mmsi: int
    group: str | None
    particulars: ShipParticulars | None
    knots: tuple[Knot, ...]
    consistent: bool

    def at(self, epoch_s: float) -> Whereabouts | None:
        """Where the ship was; None where no report is within `RIVAL_GAP_S`."""
        index = bisect_right(self.knots, epoch_s, key=lambda knot: knot.epoch_s)
        before = self.knots[index - 1] if index else None
        after = self.knots[index] if index < len(self.knots) else None
        if before and after and after.epoch_s - before.epoch_s <= RIVAL_GAP_S:
            return self._centred(*_between(before, after, epoch_s), _nearer(before, after, epoch_s))
        near = [knot for knot in (before, after) if knot and abs(knot.epoch_s - epoch_s) <= RIVAL_GAP_S / 2]
        if not near:
            return None
        knot = min(near, key=lambda each: abs(each.epoch_s - epoch_s))
        return self._centred(*_carried(knot, epoch_s), knot)

    def _centred(self, east: float, north: float, variance: float, is_near: bool, knot: Knot) -> Whereabouts:
        ahead, right = _middle_of(self.particulars)
        heading = knot.heading_deg
        if heading is None or not (ahead or right):
            return Whereabouts(east, north, variance + (ahead * ahead + right * right), is_near)
        sine, cosine = math.sin(math.radians(heading)), math.cos(math.radians(heading))
        east, north = east + ahead * sine + right * cosine, north + ahead * cosine - right * sine
        return Whereabouts(east, north, variance, is_near)


def routes_of(
    reports: Iterable[ShipReport], particulars: dict[int, ShipParticulars], plane: Plane, start_s: float, stop_s: float
) -> tuple[Route, ...]:
    """One route a ship, of the source that heard it most, of reports from `start_s` to `stop_s` and around."""
    heard: dict[int, dict[str, list[ShipReport]]] = {}
    for report in reports:
        if start_s - RIVAL_GAP_S <= report.epoch_s <= stop_s + RIVAL_GAP_S:
            heard.setdefault(report.mmsi, {}).setdefault(report.source, []).append(report)
    routes = [
        _route(mmsi, max(by_source.values(), key=len), particulars.get(mmsi), plane)
        for mmsi, by_source in sorted(heard.items())
    ]
    return tuple(route for route in routes if any(math.hypot(k.east_m, k.north_m) <= NEAR_M for k in route.knots))


def _route(mmsi: int, reports: Sequence[ShipReport], particulars: ShipParticulars | None, plane: Plane) -> Route:
    clocked = [report for report in reports if report.clocked]
    exact = 2 * len(clocked) >= len(reports)
    told = clocked if exact else [report for report in reports if not report.clocked]
    ordered = sorted(told, key=lambda report: report.epoch_s)
    knots: list[Knot] = []
    consistent = True
    for report in ordered:
        knot = _knot(report, plane)
        if knots and knot.epoch_s - knots[-1].epoch_s < 0.5:  # the same report, heard twice
            consistent &= math.hypot(knot.east_m - knots[-1].east_m, knot.north_m - knots[-1].north_m) < 100
            continue
        knots.append(knot)
    for a, b in pairwise(knots):
        apart_m = math.hypot(b.east_m - a.east_m, b.north_m - a.north_m)
        consistent &= apart_m <= IMPOSSIBLE_MPS * (b.epoch_s - a.epoch_s) + 50
    return Route(mmsi, None if exact else reports[0].source, particulars, tuple(knots), consistent)


def _knot(report: ShipReport, plane: Plane) -> Knot:
    east, north = plane.east_north(report.latitude, report.longitude)
    velocity = None
    speed, course = report.speed_mps, report.course_deg
    if speed is not None and speed < 0.25:
        velocity = (0.0, 0.0)
    elif speed is not None and course is not None:
        velocity = (speed * math.sin(math.radians(course)), speed * math.cos(math.radians(course)))
    steered = course if speed is not None and speed > STEERING_MPS else None
    return Knot(
        report.epoch_s, east, north, velocity, report.heading_deg if report.heading_deg is not None else steered
    )


def _middle_of(particulars: ShipParticulars | None) -> tuple[float, float]:
    """From the antenna to the middle of the hull: ahead and to starboard, m; 0 where not told."""
    if particulars is None or not particulars.antenna_is_told():
        return 0.0, 0.0
    bow, stern = particulars.to_bow_m or 0.0, particulars.to_stern_m or 0.0
    port, starboard = particulars.to_port_m or 0.0, particulars.to_starboard_m or 0.0
    return (bow - stern) / 2, (starboard - port) / 2 if port and starboard else 0.0


def _between(a: Knot, b: Knot, epoch_s: float) -> tuple[float, float, float, bool]:
    gap_s = b.epoch_s - a.epoch_s
    u = (epoch_s - a.epoch_s) / gap_s
    chord = ((b.east_m - a.east_m) / gap_s, (b.north_m - a.north_m) / gap_s)
    leave, arrive = a.velocity_mps or chord, b.velocity_mps or chord
    h00, h10, h01, h11 = (1 + 2 * u) * (1 - u) ** 2, u * (1 - u) ** 2, u * u * (3 - 2 * u), u * u * (u - 1)
    east = h00 * a.east_m + h01 * b.east_m + gap_s * (h10 * leave[0] + h11 * arrive[0])
    north = h00 * a.north_m + h01 * b.north_m + gap_s * (h10 * leave[1] + h11 * arrive[1])
    bridged_s = gap_s * u * (1 - u)
    speed = max(_speed(leave), _speed(arrive), _speed(chord))
    variance = bridged_s**3 * _wander(speed) / 3 + (_speed_error(speed) * bridged_s) ** 2
    return east, north, variance, gap_s <= (LONGEST_STILL_GAP_S if speed < STILL_MPS else LONGEST_GAP_S)


def _carried(knot: Knot, epoch_s: float) -> tuple[float, float, float, bool]:
    ahead_s = epoch_s - knot.epoch_s
    is_near = abs(ahead_s) <= LONGEST_CARRIED_S
    if knot.velocity_mps is None:
        return knot.east_m, knot.north_m, (5.0 * ahead_s) ** 2, is_near
    speed = _speed(knot.velocity_mps)
    wandered = _wander(speed) * abs(ahead_s) ** 3 / 3 + (_speed_error(speed) * ahead_s) ** 2
    east, north = (at + ahead_s * v for at, v in zip((knot.east_m, knot.north_m), knot.velocity_mps, strict=True))
    return east, north, wandered, is_near


def _speed(velocity_mps: tuple[float, float]) -> float:
    return math.hypot(*velocity_mps)


def _wander(speed_mps: float) -> float:
    return WANDER_M2S3 * (STILL_SHARE if speed_mps < STILL_MPS else 1.0)


def _speed_error(speed_mps: float) -> float:
    return SPEED_ERROR_MPS + SPEED_ERROR_SHARE * speed_mps


def _nearer(a: Knot, b: Knot, epoch_s: float) -> Knot:
    near, far = (a, b) if epoch_s - a.epoch_s <= b.epoch_s - epoch_s else (b, a)
    return near if near.heading_deg is not None else far
