"""Every craft against its nearest animal, through time.

For each draw of the Monte Carlo the nearest hull point and the nearest animal are found anew; errors that craft and
animal share move both with the same draw. Own errors are drawn once a track: a hull keeps its shape.

An animal under water keeps its last seen place for `hold_animal_s`. It is never moved on: only its error grows, by
`animal_speed_mps` times its age. Growth can widen an interval and never narrow it to one side: the upper end is at
least what it would be had the animal stayed. So no violation is made from what nobody saw.
"""

import zlib
from dataclasses import dataclass, field

import numpy as np

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.positions import Position, Separation
from wideberth_contracts.separations import (
    SeparateAnswer,
    SeparateRequest,
    SeparationSample,
    SeparationSeries,
)
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_contracts.wire import Interval
from wideberth_distance.core.draws import PERCENTILES, draw_sources, own_roots, powers, shared_places, summary
from wideberth_distance.core.polygons import hull_order, polygon_to_points_m, polygons_apart_m
from wideberth_distance.core.projection import Array
from wideberth_distance.core.speed import speed_at

REACH_M = 2_000.0
"""Farther pairs are not measured: no rule asks, and no drone sees."""
POD_SIZE = 3
POD_DRAWS = 300
"""The pod's hull moves with the same draws; its interval needs fewer of them."""
MAX_CANDIDATES = 6
MEASURED_STATES = (TrackState.CONFIRMED, TrackState.LOST)


@dataclass(frozen=True, slots=True)
class Animal:
    """An animal as known at one time."""

    track: str
    position: Position
    age_s: float


@dataclass(frozen=True)
class Draws:
    """All random numbers of a request, made once.

    Attributes:
        powered: of the shared sources, see `draws.powers`.
        seed: own errors of a track come from it and the track's id, so that other tracks do not change them.
    """

    powered: Array
    seed: int
    _own: dict[str, Array] = field(default_factory=dict)

    def own(self, name: str) -> Array:
        """Standard normal pairs of one track, shape (D, 2)."""
        if name not in self._own:
            generator = np.random.default_rng([self.seed, zlib.crc32(name.encode())])
            self._own[name] = generator.standard_normal((self.powered.shape[0], 2))
        return self._own[name]


def separate(request: SeparateRequest) -> SeparateAnswer:
    """One series a craft that had an animal within reach at some time."""
    draws = Draws(powers(draw_sources(request.draws, request.seed)), request.seed)
    measured = [track for track in request.tracks if track.state in MEASURED_STATES]
    sightings = _sightings([track for track in measured if track.kind is ObjectKind.DOLPHIN])
    series = []
    for craft in (track for track in measured if track.kind.is_craft):
        samples = tuple(
            sample
            for point in craft.points
            if isinstance(point.position, Position)
            and (sample := _sample(craft, point, sightings, request, draws)) is not None
        )
        if samples:
            nearest = tuple(dict.fromkeys(sample.animal_track for sample in samples))
            series.append(SeparationSeries(craft_track=craft.id, animals=nearest, samples=samples))
    return SeparateAnswer(series=tuple(series))


@dataclass(frozen=True, slots=True)
class _Sightings:
    """Moments at which one animal was seen with a position, times rising."""

    track: str
    t_s: Array
    positions: tuple[Position, ...]

    def known_at(self, t_s: float, hold_s: float) -> Animal | None:
        """The last sighting at or before a time, if it is not too old."""
        index = int(np.searchsorted(self.t_s, t_s + 1e-6, side="right")) - 1
        if index < 0 or t_s - self.t_s[index] > hold_s + 1e-6:
            return None
        return Animal(self.track, self.positions[index], max(0.0, t_s - float(self.t_s[index])))


def _sightings(animals: list[Track]) -> list[_Sightings]:
    found = []
    for track in animals:
        seen = [(p.t_s, p.position) for p in track.points if p.observed and isinstance(p.position, Position)]
        if seen:
            found.append(_Sightings(track.id, np.array([t for t, _ in seen]), tuple(p for _, p in seen)))
    return found


def _sample(
    craft: Track, point: TrackPoint, sightings: list[_Sightings], request: SeparateRequest, draws: Draws
) -> SeparationSample | None:
    hull = point.outline or ((point.position,) if isinstance(point.position, Position) else ())
    known = [animal for each in sightings if (animal := each.known_at(point.t_s, request.hold_animal_s)) is not None]
    if not known or not hull:
        return None
    corners = np.array([[[p.east_m, p.north_m] for p in hull]])
    centres = np.array([[[a.position.east_m, a.position.north_m] for a in known]])
    nominal_m = polygon_to_points_m(corners, centres)[0]
    order = np.argsort(nominal_m, kind="stable")
    nearest = known[order[0]]
    nearest_m = float(nominal_m[order[0]])
    if nearest_m > REACH_M:
        return None
    hull_draws = _hull_draws(craft.id, hull, draws)
    candidates = [known[i] for i in order[:MAX_CANDIDATES]]
    return SeparationSample(
        t_s=point.t_s,
        pts=point.pts,
        captured_at=point.captured_at,
        animal_track=nearest.track,
        animal_age_s=nearest.age_s,
        craft_observed=point.observed,
        separation=_nearest(hull_draws, nearest_m, candidates, request, draws),
        pod=_pod(hull_draws, corners, known, centres, request, draws) if len(known) >= POD_SIZE else None,
        speed=speed_at(craft, point, draws.powered),
    )


def _hull_draws(craft_id: str, hull: tuple[Position, ...], draws: Draws) -> Array:
    """Outline under every draw, shape (D, K, 2). One own draw moves all its corners, for they come from one box."""
    own = np.einsum("kij,dj->dki", own_roots(hull), draws.own(craft_id))
    places: Array = shared_places(hull, draws.powered) + own
    return places


def _animal_draws(animals: list[Animal], draws: Draws) -> Array:
    places = shared_places([animal.position for animal in animals], draws.powered)
    roots = own_roots([animal.position for animal in animals])
    for index, animal in enumerate(animals):
        places[:, index] += draws.own(animal.track) @ roots[index].T
    return places


def _growth(animals: list[Animal], request: SeparateRequest, draws: Draws) -> Array:
    """How far each unseen animal may have gone, shape (D, M, 2)."""
    reach = [animal.age_s * request.animal_speed_mps for animal in animals]
    return np.stack([draws.own(f"{a.track} unseen") * r for a, r in zip(animals, reach, strict=True)], axis=1)


def _nearest(
    hull: Array, nominal_m: float, animals: list[Animal], request: SeparateRequest, draws: Draws
) -> Separation:
    stayed = _animal_draws(animals, draws)
    stayed_m = polygon_to_points_m(hull, stayed).min(axis=1)
    if all(animal.age_s == 0.0 for animal in animals):
        return summary(nominal_m, stayed_m, request.thresholds_m)
    moved_m = polygon_to_points_m(hull, stayed + _growth(animals, request, draws)).min(axis=1)
    found = summary(nominal_m, moved_m, request.thresholds_m)
    high = max(found.interval_95_m.high, float(np.percentile(stayed_m, PERCENTILES[1])))
    return found.model_copy(update={"interval_95_m": Interval(low=found.interval_95_m.low, high=high)})


def _pod(
    hull: Array, corners: Array, known: list[Animal], centres: Array, request: SeparateRequest, draws: Draws
) -> Separation:
    """Distance to the convex hull of all animals known; its corners are chosen at the nominal places."""
    ring = hull_order(centres[0])
    nominal_m = float(polygons_apart_m(corners, centres[:, ring])[0])
    animals = [known[i] for i in ring]
    places = (_animal_draws(animals, draws) + _growth(animals, request, draws))[:POD_DRAWS]
    return summary(nominal_m, polygons_apart_m(hull[:POD_DRAWS], places), request.thresholds_m)
