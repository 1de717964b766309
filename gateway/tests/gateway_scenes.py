"""Small scenes at sea, made by hand: series of separations, tracks, heights."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import DroneMoment, JudgeRequest
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.positions import Covariance2, Position, Separation
from wideberth_contracts.separations import SeparationSample, SeparationSeries, SpeedEstimate
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_contracts.wire import Interval, Measured

KNOT_MPS = 1852 / 3600
START = datetime(2026, 8, 1, 3, 0, tzinfo=UTC)
FRAME_S = 0.2


@dataclass(frozen=True)
class At:
    """One moment of one craft: distance with half-widths, speed with half-width, and what the frame shows."""

    distance_m: float
    error_m: float = 2.0
    speed_kn: float | None = 0.0
    speed_error_kn: float = 0.3
    craft_seen: bool = True
    animal_age_s: float = 0.0
    animal: str = "d1"
    pod_m: float | None = None


def separation(distance_m: float, error_m: float) -> Separation:
    low = max(0.0, distance_m - error_m)
    return Separation(
        value_m=distance_m, sigma_m=error_m / 1.96, interval_95_m=Interval(low=low, high=distance_m + error_m)
    )


def speed(at: At) -> SpeedEstimate | None:
    if at.speed_kn is None:
        return None
    low, high = max(0.0, at.speed_kn - at.speed_error_kn), at.speed_kn + at.speed_error_kn
    interval = Interval(low=low * KNOT_MPS, high=high * KNOT_MPS)
    return SpeedEstimate(value_mps=at.speed_kn * KNOT_MPS, interval_95_mps=interval, baseline_s=4.0)


def sample(at: At, index: int) -> SeparationSample:
    return SeparationSample(
        t_s=index * FRAME_S,
        pts=index * 6,
        animal_track=at.animal,
        animal_age_s=at.animal_age_s,
        craft_observed=at.craft_seen,
        separation=separation(at.distance_m, at.error_m),
        pod=None if at.pod_m is None else separation(at.pod_m, at.error_m),
        speed=speed(at),
    )


def series(craft: str, moments: Sequence[At]) -> SeparationSeries:
    samples = tuple(sample(at, index) for index, at in enumerate(moments))
    return SeparationSeries(craft_track=craft, animals=tuple({s.animal_track for s in samples}), samples=samples)


def track(track_id: str, kind: ObjectKind, count: int, *, east_m: float = 0.0, **changes: object) -> Track:
    points = tuple(
        TrackPoint(
            t_s=index * FRAME_S,
            pts=index * 6,
            observed=True,
            position=Position(
                east_m=east_m,
                north_m=0.0,
                latitude=33.2,
                longitude=126.2,
                own=Covariance2(east_east=0.1, east_north=0.0, north_north=0.1),
            ),
        )
        for index in range(count)
    )
    return Track(id=track_id, kind=kind, state=TrackState.CONFIRMED, points=points).model_copy(update=changes)


def request(
    crafts: dict[str, Sequence[At]],
    *,
    grade: TelemetryGrade = TelemetryGrade.A,
    heights_m: Sequence[tuple[float, float]] = (),
    dolphins: Sequence[str] = ("d1",),
    starts_at: datetime | None = START,
) -> JudgeRequest:
    length = max([len(moments) for moments in crafts.values()] + [len(heights_m), 20])
    vessels = tuple(track(name, ObjectKind.VESSEL, length, east_m=80.0) for name in crafts)
    animals = tuple(track(name, ObjectKind.DOLPHIN, length) for name in dolphins)
    return JudgeRequest(
        rules="kr",
        grade=grade,
        tracks=vessels + animals,
        series=tuple(series(name, moments) for name, moments in crafts.items()),
        drone=tuple(
            DroneMoment(t_s=index * FRAME_S, height_m=Measured(value=value, sigma=sigma))
            for index, (value, sigma) in enumerate(heights_m)
        ),
        starts_at=starts_at,
    )


def steady(at: At, frames: int = 20) -> list[At]:
    return [at] * frames


def changed(moments: Sequence[At], change: Callable[[At], dict[str, object]]) -> list[At]:
    return [replace(at, **change(at)) for at in moments]  # type: ignore[arg-type]
