"""How well one ship explains one camera track, against an unknown craft, over the camera's shared errors."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from wideberth_contracts.positions import ErrorSource
from wideberth_gateway.identity.gaussians import Quadratic, cholesky, forward, log_sum, pair_evidence
from wideberth_gateway.identity.routes import Route, Whereabouts
from wideberth_gateway.identity.scene import CameraTrack, Sighting

SATELLITE_M = 5.0
"""Standard error of a ship's own satellite position, most of which stays the same over an encounter."""

ANTENNA_SHARE, ANTENNA_LEAST_M, ANTENNA_UNKNOWN_M = 0.15, 2.0, 6.0
"""Of the antenna's place: a share of the length where it is told (such entries are often wrong), else a length."""

SHIP_SPEED_MPS, SHIP_TURNING_MPS2, SHIP_JERK_MPS3 = 0.4, 0.03, 0.003
"""Standard errors of the difference of camera and AIS in velocity, in acceleration and in its change."""

UNKNOWN_PLACE_M, UNKNOWN_SPEED_MPS, UNKNOWN_TURNING_MPS2, UNKNOWN_JERK_MPS3 = 250.0, 5.0, 0.3, 0.02
"""An unknown craft is anywhere about the scene, at any speed of small craft, turning or not."""

IN_COMPANY = 0.5
NEAR_COMPANY_M = 60.0
COMPANY_LOOSENESS = (1.0, 3.0, 8.0)
"""Share of unknown craft that move as the ship does, only elsewhere: boats go out together, and a course is no name.
They keep near it or lie anywhere about the scene, and hold its course and speed as well as the ship's own errors tell,
or so many times worse. Without the loose ones a boat that goes roughly with a ship out of view is taken for it."""

FOUND, BESIDE_M = 0.97, 30.0
"""A ship that reports so near to a craft that was seen would have been seen itself, with that probability: if the
craft is another, the ship was missed. Farther off it may be out of the picture. Chosen on the bench's seeds for it."""

GATE = -12.0
"""A pair whose evidence alone, in natural logarithms, is below this is no candidate: 1 in 160,000."""

FLOOR_M = 1.5
"""Independent error of a sighting at least: hull centre, swell."""

COMPASS_FACTOR = 2.0
"""On the told error of the yaw: a drone's compass errs by 1 to 5 degrees, and a pose is told with 2."""

LEAST_COVERED = 0.5
"""Share of the sightings at which the ship's place must be known."""

FARTHEST_M = 3_000.0


@dataclass(frozen=True, slots=True)
class Delay:
    """How late a receiver's clock is taken to be, and how far that may be off."""

    late_s: float
    error_s: float


@dataclass(frozen=True, slots=True)
class Pairing:
    """One ship held against one track.

    Attributes:
        evidence: log of how much better the ship explains it than an unknown craft, over the camera's shared errors.
        is_near: the ship reported near enough in time to be named; else it is a rival of others only.
    """

    mmsi: int
    evidence: Quadratic
    is_near: bool


def sources_of(tracks: Sequence[CameraTrack]) -> tuple[str, ...]:
    """Names of all shared errors in the scene, in a fixed order."""
    return tuple(sorted({name for track in tracks for sighting in track.sightings for name in sighting.shared_m}))


def centre_of(tracks: Sequence[CameraTrack]) -> tuple[float, float]:
    """The middle of all sightings, east and north."""
    every = [sighting for track in tracks for sighting in track.sightings]
    return sum(s.east_m for s in every) / len(every), sum(s.north_m for s in every) / len(every)


def place_sigma_m(tracks: Sequence[CameraTrack], centre: tuple[float, float]) -> float:
    """How far from the middle an unknown craft may be."""
    every = [sighting for track in tracks for sighting in track.sightings]
    spread = sum((s.east_m - centre[0]) ** 2 + (s.north_m - centre[1]) ** 2 for s in every) / len(every)
    return max(UNKNOWN_PLACE_M, 1.5 * math.sqrt(spread))


def pairing_of(
    track: CameraTrack,
    route: Route,
    delay: Delay,
    sources: Sequence[str],
    centre: tuple[float, float],
    place_m: float,
) -> Pairing | None:
    """The evidence for one ship at one delay of its receiver's clock; None where it is too far or not known enough."""
    known = [(s, w) for s in track.sightings if (w := route.at(s.epoch_s + delay.late_s)) is not None]
    if len(known) < max(1.0, LEAST_COVERED * len(track.sightings)):
        return None
    if min(math.hypot(s.east_m - w.east_m, s.north_m - w.north_m) for s, w in known) > FARTHEST_M:
        return None
    sightings = [s for s, _ in known]
    places = [w for _, w in known]
    slid_m2 = (delay.error_s * _speed_mps(sightings, places)) ** 2
    prior = _ship_prior(route, sightings, places, slid_m2)
    ship = _evidence(sightings, places, sources, prior)
    missed = 1 - FOUND * math.exp(-0.5 * _apart_m2(sightings, places) / BESIDE_M**2)
    alone = _alone(sightings, centre, place_m)
    if ship.integrated() - alone - math.log(missed) <= GATE:
        return None  # what else the craft may be only takes from the evidence
    others = log_sum([alone, *_in_company(sightings, places, prior, place_m)])
    evidence = Quadratic(ship.constant - others - math.log(missed), ship.linear, ship.curvature)
    return Pairing(route.mmsi, evidence, sum(w.is_near for w in places) >= LEAST_COVERED * len(track.sightings))


def _alone(sightings: Sequence[Sighting], centre: tuple[float, float], place_m: float) -> float:
    """Log of the share and evidence of an unknown craft that goes its own way."""
    nowhere = [Whereabouts(centre[0], centre[1], 0.0)] * len(sightings)
    prior = (place_m**2, UNKNOWN_SPEED_MPS**2, UNKNOWN_TURNING_MPS2**2, UNKNOWN_JERK_MPS3**2)
    return _evidence(sightings, nowhere, (), prior).constant + math.log(1 - IN_COMPANY)


def _in_company(
    sightings: Sequence[Sighting], places: Sequence[Whereabouts], ship: tuple[float, ...], place_m: float
) -> list[float]:
    """The same for every way of one that goes with the ship. `ship`: variances of the ship's place and movement."""
    kinds = [(near_m, loose) for near_m in (NEAR_COMPANY_M, place_m) for loose in COMPANY_LOOSENESS]
    share = math.log(IN_COMPANY / len(kinds))
    return [
        _evidence(sightings, places, (), (near_m**2 + ship[0], *(loose**2 * v for v in ship[1:]))).constant + share
        for near_m, loose in kinds
    ]


def _apart_m2(sightings: Sequence[Sighting], places: Sequence[Whereabouts]) -> float:
    """Mean square of how far the camera and AIS put them apart, no error taken off."""
    apart = [(s.east_m - w.east_m) ** 2 + (s.north_m - w.north_m) ** 2 for s, w in zip(sightings, places, strict=True)]
    return sum(apart) / len(apart)


def _factor(source: str) -> float:
    return COMPASS_FACTOR if source == ErrorSource.YAW.value else 1.0


def _speed_mps(sightings: Sequence[Sighting], places: Sequence[Whereabouts]) -> float:
    lasted_s = sightings[-1].epoch_s - sightings[0].epoch_s
    moved_m = math.hypot(places[-1].east_m - places[0].east_m, places[-1].north_m - places[0].north_m)
    return moved_m / lasted_s if lasted_s >= 1 else UNKNOWN_SPEED_MPS


def _ship_prior(
    route: Route, sightings: Sequence[Sighting], places: Sequence[Whereabouts], slid_m2: float
) -> tuple[float, float, float, float]:
    told = route.particulars is not None and route.particulars.antenna_is_told()
    length = route.particulars.length_m() if route.particulars else None
    if told and length:
        antenna = max(ANTENNA_LEAST_M, ANTENNA_SHARE * length)
    else:
        antenna = max(ANTENNA_UNKNOWN_M, 0.3 * length) if length else ANTENNA_UNKNOWN_M
    bridged = sum(place.variance_m2 for place in places) / len(places)
    lasting = sum(s.east_variance_m2 + s.north_variance_m2 for s in sightings) / (2 * len(sightings))
    speed = SHIP_SPEED_MPS**2 + bridged / 900
    return SATELLITE_M**2 + antenna**2 + bridged + lasting + slid_m2, speed, SHIP_TURNING_MPS2**2, SHIP_JERK_MPS3**2


def unfollowed_m2(sightings: Sequence[Sighting]) -> float:
    """Mean square of what a cubic in time cannot follow of a track, beyond its own error: no model tells that."""
    middle_s = (sightings[0].epoch_s + sightings[-1].epoch_s) / 2
    half_s = max(1.0, (sightings[-1].epoch_s - sightings[0].epoch_s) / 2)
    powers = [[((s.epoch_s - middle_s) / half_s) ** k for k in range(4)] for s in sightings]
    normal = [
        [sum(row[i] * row[j] for row in powers) + (1e-6 if i == j else 0.0) for j in range(i + 1)] for i in range(4)
    ]
    lower = cholesky(normal)
    left = 0.0
    for values in ([s.east_m for s in sightings], [s.north_m for s in sightings]):
        mean = sum(values) / len(values)
        moved = [value - mean for value in values]
        explained = forward(lower, [sum(row[i] * v for row, v in zip(powers, moved, strict=True)) for i in range(4)])
        left += sum(v * v for v in moved) - sum(e * e for e in explained)
    own = sum(s.east_variance_m2 + s.north_variance_m2 + 2 * FLOOR_M**2 for s in sightings)
    return max(0.0, left - own) / (2 * len(sightings))


def _evidence(
    sightings: Sequence[Sighting], places: Sequence[Whereabouts], sources: Sequence[str], prior: tuple[float, ...]
) -> Quadratic:
    """East and north have nuisances of their own (place and three derivatives) and share the camera's errors."""
    zero = [0.0] * len(prior)
    spread_m2 = FLOOR_M**2 + unfollowed_m2(sightings)
    middle_s = (sightings[0].epoch_s + sightings[-1].epoch_s) / 2
    residuals: list[float] = []
    variances: list[float] = []
    shared: list[list[float]] = []
    own: list[list[float]] = []
    for axis in (0, 1):
        for s, w in zip(sightings, places, strict=True):
            t = s.epoch_s - middle_s
            path = [1.0, t, t * t / 2, t * t * t / 6]
            residuals.append(s.east_m - w.east_m if axis == 0 else s.north_m - w.north_m)
            variances.append((s.east_variance_m2 if axis == 0 else s.north_variance_m2) + spread_m2)
            shared.append([_factor(name) * s.shared_m.get(name, (0.0, 0.0))[axis] for name in sources])
            own.append([*path, *zero] if axis == 0 else [*zero, *path])
    return pair_evidence(residuals, variances, shared, own, [*prior, *prior])
