"""Scenes at sea from paths: places of craft and animals through time, measured exactly and given a stated error.

The sea may be turned, mirrored and moved as a whole: no verdict depends on where north is.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from gateway_scenes import START

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import DroneMoment, JudgeRequest
from wideberth_contracts.known import Known
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.positions import Covariance2, Position, Separation
from wideberth_contracts.separations import SeparationSample, SeparationSeries, SpeedEstimate, Underway
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_contracts.wire import Interval, Measured

FRAME_S = 0.2
METRES_PER_DEGREE = 111_194.93
ORIGIN = (33.2, 126.2)
Path = Callable[[float], tuple[float, float]]
"""East and north in m at a time in s."""


def still(east_m: float, north_m: float) -> Path:
    return lambda _t: (east_m, north_m)


def straight(east_m: float, north_m: float, east_mps: float, north_mps: float) -> Path:
    return lambda t: (east_m + east_mps * t, north_m + north_mps * t)


def circle(radius_m: float, seconds_a_round: float) -> Path:
    def at(t_s: float) -> tuple[float, float]:
        angle = 2 * math.pi * t_s / seconds_a_round
        return radius_m * math.sin(angle), radius_m * math.cos(angle)

    return at


def pod(east_mps: float = 0.0, north_mps: float = 1.5, spread_m: float = 4.0) -> dict[str, Path]:
    """Four dolphins that swim together, about the origin at the start."""
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    return {
        f"d{number}": straight(spread_m * e, spread_m * n, east_mps, north_mps)
        for number, (e, n) in enumerate(corners, start=1)
    }


@dataclass(frozen=True)
class Sea:
    """What is there, how long, and how well it is known; errors are half-widths of 95 % intervals."""

    crafts: Mapping[str, Path]
    animals: Mapping[str, Path] = field(default_factory=pod)
    seconds: float = 20.0
    error_m: float = 1.0
    speed_error_mps: float = 0.3
    surfaced: Callable[[float], bool] = lambda _t: True
    missed: Callable[[str, float], bool] = lambda _craft, _t: False
    kind: ObjectKind = ObjectKind.VESSEL
    known: Known = field(default_factory=Known)
    starts_at: datetime | None = START
    underway: Underway | None = None
    heights_m: tuple[float, float] | None = None
    drone: Path = field(default_factory=lambda: still(0.0, 0.0))
    turned_deg: float = 0.0
    mirrored: bool = False
    moved_m: tuple[float, float] = (0.0, 0.0)
    frame_s: float = FRAME_S

    def wider(self, times: float) -> "Sea":
        """The same, less well known."""
        return replace(self, error_m=self.error_m * times, speed_error_mps=self.speed_error_mps * times)

    def times(self) -> list[float]:
        return [index * self.frame_s for index in range(round(self.seconds / self.frame_s))]

    def place(self, path: Path, t_s: float) -> tuple[float, float]:
        east, north = path(t_s)
        if self.mirrored:
            east = -east
        angle = math.radians(self.turned_deg)
        turned = (
            east * math.cos(angle) + north * math.sin(angle),
            -east * math.sin(angle) + north * math.cos(angle),
        )
        return turned[0] + self.moved_m[0], turned[1] + self.moved_m[1]

    def request(self, rules: str = "xx") -> JudgeRequest:
        return JudgeRequest(
            rules=rules,
            grade=TelemetryGrade.A,
            tracks=tuple(self._track(name, path, self.kind) for name, path in self.crafts.items())
            + tuple(self._track(name, path, ObjectKind.DOLPHIN) for name, path in self.animals.items()),
            series=tuple(
                SeparationSeries(
                    craft_track=name,
                    animals=tuple(self.animals),
                    samples=tuple(self._sample(name, path, t) for t in self.times()),
                )
                for name, path in self.crafts.items()
            ),
            drone=tuple(self._drone(t) for t in self.times()) if self.heights_m else (),
            starts_at=self.starts_at,
            known=self.known,
        )

    def _own(self) -> Covariance2:
        """Of one end: both ends' errors together are `error_m`."""
        variance = (self.error_m / 1.96) ** 2 / 2
        return Covariance2(east_east=variance, east_north=0.0, north_north=variance)

    def _track(self, name: str, path: Path, kind: ObjectKind) -> Track:
        points = []
        for t_s in self.times():
            east, north = self.place(path, t_s)
            position = Position(
                east_m=east,
                north_m=north,
                latitude=ORIGIN[0] + north / METRES_PER_DEGREE,
                longitude=ORIGIN[1] + east / METRES_PER_DEGREE / math.cos(math.radians(ORIGIN[0])),
                own=self._own(),
            )
            seen = kind is not ObjectKind.DOLPHIN or self.surfaced(t_s)
            points.append(TrackPoint(t_s=t_s, pts=round(t_s * 1000), observed=seen, position=position))
        return Track(id=name, kind=kind, state=TrackState.CONFIRMED, points=tuple(points))

    def _drone(self, t_s: float) -> DroneMoment:
        height_m, sigma_m = self.heights_m or (0.0, 0.0)
        east, north = self.place(self.drone, t_s)
        return DroneMoment(t_s=t_s, height_m=Measured(value=height_m, sigma=sigma_m), east_m=east, north_m=north)

    def _sample(self, craft: str, path: Path, t_s: float) -> SeparationSample:
        here = self.place(path, t_s)
        places = {name: self.place(animal, t_s) for name, animal in self.animals.items()}
        nearest = min(places, key=lambda name: math.dist(here, places[name]))
        age_s = 0.0
        while age_s < t_s and not self.surfaced(t_s - age_s):
            age_s += self.frame_s
        error_m = self.error_m + 1.5 * 1.96 * age_s
        before, after = self.place(path, t_s - 0.05), self.place(path, t_s + 0.05)
        velocity = ((after[0] - before[0]) / 0.1, (after[1] - before[1]) / 0.1)
        speed = self._speed(velocity)
        bearing = None
        if speed.course_deg is not None:
            to = math.degrees(math.atan2(places[nearest][0] - here[0], places[nearest][1] - here[1]))
            bearing = 180.0 - (180.0 - (to - speed.course_deg)) % 360.0
        return SeparationSample(
            t_s=t_s,
            pts=round(t_s * 1000),
            animal_track=nearest,
            animal_age_s=age_s,
            craft_observed=not self.missed(craft, t_s),
            separation=between(math.dist(here, places[nearest]), error_m),
            pod=between(_to_hull_m(here, list(places.values())), error_m) if len(places) > 2 else None,
            speed=speed,
            underway=self.underway,
            relative_bearing_deg=bearing,
        )

    def _speed(self, velocity: tuple[float, float]) -> SpeedEstimate:
        value, half = math.hypot(*velocity), self.speed_error_mps
        known = value > half
        return SpeedEstimate(
            value_mps=value,
            interval_95_mps=Interval(low=max(0.0, value - half), high=value + half),
            baseline_s=4.0,
            course_deg=math.degrees(math.atan2(*velocity)) % 360.0 % 360.0 if known else None,
            course_half_95_deg=math.degrees(math.asin(half / value)) if known else None,
        )


def between(distance_m: float, error_m: float) -> Separation:
    """A distance with its interval; below nought (inside a hull) it is nought as far as the error reaches."""
    low, high = max(0.0, distance_m - error_m), max(0.0, distance_m + error_m)
    return Separation(value_m=max(0.0, distance_m), sigma_m=error_m / 1.96, interval_95_m=Interval(low=low, high=high))


def _to_hull_m(here: tuple[float, float], ring: list[tuple[float, float]]) -> float:
    """Distance to the quadrilateral of the animals, negative inside."""
    edges = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    signs = {(b[0] - a[0]) * (here[1] - a[1]) - (b[1] - a[1]) * (here[0] - a[0]) > 0 for a, b in edges}
    nearest = min(_to_edge_m(here, a, b) for a, b in edges)
    return -nearest if len(signs) == 1 else nearest


def _to_edge_m(p: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    east, north = b[0] - a[0], b[1] - a[1]
    share = ((p[0] - a[0]) * east + (p[1] - a[1]) * north) / (east * east + north * north)
    share = min(1.0, max(0.0, share))
    return math.dist(p, (a[0] + share * east, a[1] + share * north))
