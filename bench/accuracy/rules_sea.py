"""Seas for the bench of the rules: paths of craft and animals become tracks as a tracker would hand them on.

Every sighting is off by an error drawn from what is stated: an own one (pixels, waves), and a shared one, the height,
that stretches all places of the flight about the point below the drone. Separations and speeds are then measured by
the real act *separate*.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import DroneMoment, JudgeRequest
from wideberth_contracts.known import Known
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.positions import Covariance2, EastNorth, ErrorSource, Position, SharedTerm
from wideberth_contracts.separations import SeparateRequest
from wideberth_contracts.tracks import Sighted, Track, TrackPoint, TrackState
from wideberth_contracts.wire import Measured
from wideberth_distance.local import LocalDistance

Path = Callable[[float], tuple[float, float]]
ORIGIN = (33.2, 126.2)
METRES_PER_DEGREE = 111_194.93
START = datetime(2026, 8, 1, 3, 0, tzinfo=UTC)


def still(east_m: float, north_m: float) -> Path:
    """A thing that stays."""
    return lambda _t: (east_m, north_m)


def straight(east_m: float, north_m: float, east_mps: float, north_mps: float) -> Path:
    """A thing that keeps its velocity."""
    return lambda t: (east_m + east_mps * t, north_m + north_mps * t)


def pod(north_mps: float = 0.0, spread_m: float = 4.0) -> dict[str, Path]:
    """Four dolphins about the origin that swim north together."""
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    return {
        f"d{number}": straight(spread_m * e, spread_m * n, 0.0, north_mps) for number, (e, n) in enumerate(corners, 1)
    }


@dataclass(frozen=True)
class Sea:
    """A scene; lengths in m, times in s.

    Attributes:
        own_m: standard error of one sighting, per axis.
        height_share: standard error of the drone's height, as a share of it.
        heights_m: of the drone with its standard error; None where its own conduct is not asked.
    """

    crafts: Mapping[str, Path]
    animals: Mapping[str, Path] = field(default_factory=pod)
    seconds: float = 12.0
    fps: float = 5.0
    own_m: float = 0.3
    height_share: float = 0.01
    known: Known = field(default_factory=Known)
    kind: ObjectKind = ObjectKind.VESSEL
    starts_at: datetime | None = START
    heights_m: tuple[float, float] | None = None
    drone: tuple[float, float] = (0.0, 0.0)

    def changed(self, **changes: Any) -> "Sea":
        """The same with other values."""
        return replace(self, **changes)

    async def request(self, rules: str, seed: int) -> JudgeRequest:
        """The scene as the judge gets it."""
        draws = np.random.default_rng(seed)
        stretch = 1.0 + self.height_share * float(draws.standard_normal())
        tracks = tuple(self._track(name, path, self.kind, draws, stretch) for name, path in self.crafts.items())
        tracks += tuple(
            self._track(name, path, ObjectKind.DOLPHIN, draws, stretch) for name, path in self.animals.items()
        )
        series = (await LocalDistance().separate(SeparateRequest(tracks=tracks, draws=400))).series
        drone = tuple(self._drone(t) for t in self._times()) if self.heights_m else ()
        return JudgeRequest(
            rules=rules,
            grade=TelemetryGrade.A,
            tracks=tracks,
            series=series,
            drone=drone,
            starts_at=self.starts_at,
            known=self.known,
        )

    def _times(self) -> list[float]:
        return [index / self.fps for index in range(round(self.seconds * self.fps))]

    def _track(self, name: str, path: Path, kind: ObjectKind, draws: np.random.Generator, stretch: float) -> Track:
        own = Covariance2(east_east=self.own_m**2, east_north=0.0, north_north=self.own_m**2)
        points = []
        for t_s in self._times():
            east, north = (stretch * true + self.own_m * float(draws.standard_normal()) for true in path(t_s))
            step = EastNorth(east_m=self.height_share * east, north_m=self.height_share * north)
            back = EastNorth(east_m=-step.east_m, north_m=-step.north_m)
            position = Position(
                east_m=east,
                north_m=north,
                latitude=ORIGIN[0] + north / METRES_PER_DEGREE,
                longitude=ORIGIN[1] + east / METRES_PER_DEGREE / math.cos(math.radians(ORIGIN[0])),
                shared=(SharedTerm(source=ErrorSource.HEIGHT, plus=step, minus=back),),
                own=own,
            )
            sighted = Sighted(east_m=east, north_m=north, own=own)
            pts = round(t_s * 1000)
            points.append(TrackPoint(t_s=t_s, pts=pts, observed=True, position=position, sighted=sighted))
        return Track(id=name, kind=kind, state=TrackState.CONFIRMED, points=tuple(points))

    def _drone(self, t_s: float) -> DroneMoment:
        value, sigma = self.heights_m or (0.0, 0.0)
        height = Measured(value=value, sigma=sigma)
        return DroneMoment(t_s=t_s, height_m=height, east_m=self.drone[0], north_m=self.drone[1])
