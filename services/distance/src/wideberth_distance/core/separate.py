"""Every craft against its nearest animal, through time.

For each draw of the Monte Carlo the nearest hull point and the nearest animal are found anew; errors that craft and
animal share move both with the same draw. Own errors are drawn once a track: a hull keeps its shape.

An animal under water keeps its last seen place for `hold_animal_s`. It is never moved on: only its error grows, by
`animal_speed_mps` times its age. Growth can widen an interval and never narrow it to one side: the upper end is at
least what it would be had the animal stayed. So no violation is made from what nobody saw.
"""

import math
from dataclasses import dataclass

import numpy as np

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.positions import Position, Separation
from wideberth_contracts.separations import (
    PathCrossing,
    SeparateAnswer,
    SeparateRequest,
    SeparationSample,
    SeparationSeries,
)
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_contracts.wire import Interval
from wideberth_distance.core.approach import crossings_of, relative_bearing_deg, stays_of
from wideberth_distance.core.draws import Draws, Fix, edges_95, fix_of, places, summary
from wideberth_distance.core.polygons import (
    Polygons,
    apart_m,
    distance_m,
    hull_order,
    polygon_to_points_m,
    polygons_of,
)
from wideberth_distance.core.projection import Array
from wideberth_distance.core.speed import DrawnVelocity, course_of, speed_of, velocity_at
from wideberth_distance.core.underway import underway

REACH_M = 2_000.0
"""Farther pairs are not measured: no rule asks, and no drone sees."""
POD_SIZE = 3
POD_DRAWS = 300
"""The pod's hull moves with the same draws; its interval needs fewer of them."""
MAX_CANDIDATES = 6
CANDIDATE_SHARE = 0.2
"""An animal is a candidate for the nearest if it is within this share, and four own errors, of the nearest."""
MEASURED_STATES = (TrackState.CONFIRMED, TrackState.LOST)


@dataclass(frozen=True, slots=True)
class Animal:
    """An animal as known at one time."""

    track: str
    fix: Fix
    age_s: float


@dataclass(frozen=True, slots=True)
class Sightings:
    """Moments at which one animal was seen with a position, times rising."""

    track: str
    t_s: Array
    fixes: tuple[Fix, ...]

    def known_at(self, t_s: float, hold_s: float) -> Animal | None:
        """The last sighting at or before a time, if it is not too old."""
        index = int(np.searchsorted(self.t_s, t_s + 1e-6, side="right")) - 1
        if index < 0 or t_s - self.t_s[index] > hold_s + 1e-6:
            return None
        return Animal(self.track, self.fixes[index], max(0.0, t_s - float(self.t_s[index])))


def separate(request: SeparateRequest) -> SeparateAnswer:
    """One series a craft that had an animal within reach at some time."""
    measurement = _Measurement(request, Draws.of(request.draws, request.seed))
    series = []
    for craft in (t for t in request.tracks if t.kind.is_craft and t.state in MEASURED_STATES):
        samples = measurement.samples(craft)
        if samples:
            nearest = tuple(dict.fromkeys(sample.animal_track for sample in samples))
            series.append(
                SeparationSeries(
                    craft_track=craft.id,
                    animals=nearest,
                    samples=samples,
                    stays=stays_of(samples, request.thresholds_m),
                    crossings=measurement.crossings(craft),
                )
            )
    return SeparateAnswer(series=tuple(series))


class _Measurement:
    """One request at work: its draws, and every animal's sightings."""

    def __init__(self, request: SeparateRequest, draws: Draws) -> None:
        self._request = request
        self._draws = draws
        animals = [t for t in request.tracks if t.kind is ObjectKind.DOLPHIN and t.state in MEASURED_STATES]
        self._sightings = [found for track in animals if (found := _sightings(track)) is not None]
        drifters = [t for t in request.tracks if t.kind is not ObjectKind.DOLPHIN and t.state in MEASURED_STATES]
        self._swimmers = {track.id for track in drifters if track.kind is ObjectKind.SWIMMER}
        self._courses = {track.id: course_of(track) for track in drifters} if self._sightings else {}
        self._drifting: tuple[float, dict[str, tuple[DrawnVelocity, bool]]] = (math.nan, {})

    def samples(self, craft: Track) -> tuple[SeparationSample, ...]:
        """Every moment of a craft at which an animal was known."""
        if not self._sightings:
            return ()
        found = (self._sample(craft, point) for point in craft.points)
        return tuple(sample for sample in found if sample is not None)

    def crossings(self, craft: Track) -> tuple[PathCrossing, ...]:
        """Of the pod's path by a craft."""
        placed = [
            (p.t_s, (p.position.east_m, p.position.north_m)) for p in craft.points if isinstance(p.position, Position)
        ]
        if not placed:
            return ()
        times, pod, half = [], [], []
        for t_s, _ in placed:
            known = np.array([animal.fix.nominal for animal in self._known_at(t_s)])
            if known.size:
                times.append(t_s)
                pod.append(known.mean(axis=0))
                half.append(float(np.hypot(*(known - pod[-1]).T).max()))
        return crossings_of(
            np.array([t_s for t_s, _ in placed]),
            np.array([place for _, place in placed]),
            np.array(times),
            np.array(pod).reshape(-1, 2),
            np.array(half),
        )

    def _known_at(self, t_s: float) -> list[Animal]:
        hold_s = self._request.hold_animal_s
        return [a for each in self._sightings if (a := each.known_at(t_s, hold_s)) is not None]

    def _drifters(self, t_s: float) -> dict[str, tuple[DrawnVelocity, bool]]:
        """Velocities of craft and swimmers in view at a moment, and which are swimmers'; kept for the next craft."""
        if self._drifting[0] != t_s:
            found = {}
            for name, course in self._courses.items():
                if course.t_s.size and course.t_s[0] - 1e-6 <= t_s <= course.t_s[-1] + 1e-6:
                    velocity = velocity_at(course, t_s, self._draws, name)
                    if velocity is not None:
                        found[name] = (velocity, name in self._swimmers)
            self._drifting = (t_s, found)
        return self._drifting[1]

    def _sample(self, craft: Track, point: TrackPoint) -> SeparationSample | None:
        if not isinstance(point.position, Position):
            return None
        known = self._known_at(point.t_s)
        if not known:
            return None
        hull = [fix_of(corner) for corner in point.outline or (point.position,)]
        corners = np.array([fix.nominal for fix in hull])
        nominal_m = polygon_to_points_m(corners, np.array([animal.fix.nominal for animal in known]))
        order = np.argsort(nominal_m, kind="stable")
        nearest, nearest_m = known[order[0]], float(nominal_m[order[0]])
        if nearest_m > REACH_M:
            return None
        drawn = polygons_of(*places(hull, self._draws.powered, self._draws.own(craft.id)))
        candidates = [
            known[i] for i in order if self._may_be_nearest(known[i], float(nominal_m[i]) - nearest_m, nearest_m)
        ]
        drifters = self._drifters(point.t_s)
        velocity = drifters[craft.id][0] if craft.id in drifters else None
        speed = speed_of(self._courses[craft.id], velocity) if velocity is not None else None
        bearing = None
        if speed is not None and speed.course_deg is not None:
            here = np.array([point.position.east_m, point.position.north_m])
            bearing = relative_bearing_deg(speed.course_deg, here, np.array(nearest.fix.nominal))
        return SeparationSample(
            t_s=point.t_s,
            pts=point.pts,
            captured_at=point.captured_at,
            animal_track=nearest.track,
            animal_age_s=nearest.age_s,
            craft_observed=point.observed,
            separation=self._separation(drawn, nearest_m, candidates[:MAX_CANDIDATES]),
            pod=self._pod(drawn, corners, known) if len(known) >= POD_SIZE else None,
            speed=speed,
            underway=underway(craft.id, velocity, drifters) if velocity is not None else None,
            relative_bearing_deg=bearing,
        )

    def _may_be_nearest(self, animal: Animal, farther_m: float, nearest_m: float) -> bool:
        first, second, third = animal.fix.root
        own_m = (
            math.sqrt(first * first + second * second + third * third) + animal.age_s * self._request.animal_speed_mps
        )
        return farther_m <= CANDIDATE_SHARE * nearest_m + 4 * own_m

    def _separation(self, hull: Polygons, nominal_m: float, animals: list[Animal]) -> Separation:
        stayed, moved = [], []
        for animal in animals:
            east, north = places([animal.fix], self._draws.powered, self._draws.own(animal.track))
            stayed.append(distance_m(hull, east[0], north[0]))
            if animal.age_s > 0:
                growth = self._growth(animal)
                moved.append(distance_m(hull, east[0] + growth[0], north[0] + growth[1]))
            else:
                moved.append(stayed[-1])
        found = summary(nominal_m, np.min(moved, axis=0), self._request.thresholds_m)
        if all(animal.age_s == 0 for animal in animals):
            return found
        high = max(found.interval_95_m.high, edges_95(np.min(stayed, axis=0))[1])
        return found.model_copy(update={"interval_95_m": Interval(low=found.interval_95_m.low, high=high)})

    def _growth(self, animal: Animal) -> Array:
        """How far an unseen animal may have gone, shape (2, D)."""
        return self._draws.own(f"{animal.track} unseen") * (animal.age_s * self._request.animal_speed_mps)

    def _pod(self, hull: Polygons, corners: Array, known: list[Animal]) -> Separation:
        """Distance to the convex hull of all animals known; its corners are chosen at the nominal places."""
        centres = np.array([animal.fix.nominal for animal in known])
        ring = [known[i] for i in hull_order(centres)]
        nominal = np.array([animal.fix.nominal for animal in ring])
        nominal_m = apart_m(_one(corners), _one(nominal))
        east, north = [], []
        for animal in ring:
            place = places(
                [animal.fix], self._draws.powered[:, :POD_DRAWS], self._draws.own(animal.track)[:, :POD_DRAWS]
            )
            growth = self._growth(animal)[:, :POD_DRAWS]
            east.append(place[0][0] + growth[0])
            north.append(place[1][0] + growth[1])
        some = polygons_of(hull.east[:, :POD_DRAWS], hull.north[:, :POD_DRAWS])
        apart = apart_m(some, polygons_of(np.stack(east), np.stack(north)))
        return summary(float(nominal_m[0]), apart, self._request.thresholds_m)


def _one(corners: Array) -> Polygons:
    return polygons_of(corners[:, :1], corners[:, 1:])


def _sightings(track: Track) -> Sightings | None:
    seen = [(p.t_s, fix_of(p.position)) for p in track.points if p.observed and isinstance(p.position, Position)]
    if not seen:
        return None
    return Sightings(track.id, np.array([t for t, _ in seen]), tuple(fix for _, fix in seen))
