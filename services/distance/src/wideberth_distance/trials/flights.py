"""Flights with a known truth and telemetry that errs as the priors say, with or without clues.

Errors drawn: height 1 m and 4 %, each Student-t (nu = 4), 0.6 m of noise and the take-off's 2 m; pitch 0.63 deg and
0.3 deg that wander, roll 0.4 and 0.3, yaw 2 deg; focal length within the table's 5 %, or 1 % where the camera was
measured; dip 0.03 deg. A horizon is read to 0.03 deg in pitch and 0.06 in roll, a waterline to 0.3 m, a length of 8
to 25 m is known to 2 % and its ends are picked to 2 px.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from wideberth_contracts.clues import FlightClues, HorizonView, KnownLength
from wideberth_contracts.poses import (
    CameraPose,
    FlightContext,
    FrameTime,
    PosesRequest,
    TelemetryGrade,
    TelemetryPoint,
    TelemetryRecord,
)
from wideberth_contracts.wire import Measured
from wideberth_distance.core.clue_terms import horizon_above_px
from wideberth_distance.core.poses import poses_of
from wideberth_distance.core.priors import (
    DIP_SIGMA_DEG,
    HEIGHT_DEGREES_OF_FREEDOM,
    HEIGHT_FLOOR_M,
    HEIGHT_NOISE_M,
    HEIGHT_SHARE,
    PITCH_OFFSET_DEG,
    ROLL_OFFSET_DEG,
    UNKNOWN_TAKEOFF,
    YAW_SIGMA_DEG,
)
from wideberth_distance.core.projection import Array, cameras_of, image_from_sea
from wideberth_distance.core.wander import Wander

WIDTH_PX, HEIGHT_PX, FOCAL_PX = 1920, 1080, 1332.5
TABLE_SHARE, MEASURED_SHARE, LENGTH_SHARE = 0.05, 0.01, 0.02
HORIZON_ABOVE_DEG, OTHER_PITCH_DEG = -19.0, -12.0
"""The horizon is in the frame itself above this pitch; else in one 10 to 90 s from it, at that pitch."""
_HORIZON_DEG, _HORIZON_ROLL_DEG, _WATERLINE_M, _PICK_PX = 0.03, 0.06, 0.3, 2.0
_EXACT = Measured(value=0.0, sigma=0.0)


class Known(StrEnum):
    """What tells of the camera beside its telemetry."""

    RAW = "raw telemetry"
    HORIZON = "horizon"
    LENGTH = "horizon and a known length"
    WATERLINE = "horizon and a waterline zero"


@dataclass(frozen=True, slots=True)
class Flight:
    """The true camera at t = 0, and the one that telemetry and clues make of it.

    Attributes:
        same_frame: whether the horizon was seen in this very frame; None without one.
    """

    true: CameraPose
    said: CameraPose
    same_frame: bool | None


def draw_flight(
    generator: np.random.Generator,
    height_m: float,
    pitch_deg: float,
    known: Known,
    *,
    focal_share: float = TABLE_SHARE,
    length_share: float = LENGTH_SHARE,
) -> Flight | None:
    """One flight; None where what telemetry says is below the water.

    Args:
        generator: of all errors.
        height_m: true, above the water.
        pitch_deg: true, of the frame that is measured.
        known: what tells of the camera beside its telemetry.
        focal_share: standard error of the focal length, as a share.
        length_share: of the known length.
    """
    true = _pose(height_m, pitch_deg, FOCAL_PX)
    level = _draw_level(generator, height_m)
    if level.rise_m < 3:
        return None
    focal_said = FOCAL_PX * np.exp(-focal_share * generator.standard_normal())
    context = FlightContext(
        focal_px=Measured(value=focal_said, sigma=focal_share * focal_said),
        waterline_reading_m=_waterline(generator, level.above_water_m) if known is Known.WATERLINE else None,
    )
    same = None if known is Known.RAW else pitch_deg > HORIZON_ABOVE_DEG
    moments = np.array([0.0]) if same is None or same else np.array([0.0, generator.uniform(10, 90)])
    pitches = np.array([pitch_deg, OTHER_PITCH_DEG])[: moments.size]
    clues = FlightClues()
    points = _rows(generator, moments, pitches, level.rise_m)
    if known is not Known.RAW:
        view = _horizon(generator, height_m, float(pitches[-1]), float(moments[-1]))
        length = _length(generator, true, length_share) if known is Known.LENGTH else None
        clues = FlightClues(horizons=(view,), lengths=() if length is None else (length,))
    answer = poses_of(
        PosesRequest(
            telemetry=TelemetryRecord(file="trial", dialect="C4", grade=TelemetryGrade.A, points=points),
            moments=(FrameTime(t_s=0.0, width_px=WIDTH_PX, height_px=HEIGHT_PX),),
            context=context,
            clues=clues,
        )
    )
    said = answer.poses[0]
    return Flight(true, said, same) if isinstance(said, CameraPose) else None


@dataclass(frozen=True, slots=True)
class _Level:
    """What the telemetry says of the height, and how high the take-off and the barometer's own error are."""

    rise_m: float
    above_water_m: float


def _draw_level(generator: np.random.Generator, height_m: float) -> _Level:
    takeoff = UNKNOWN_TAKEOFF.value + UNKNOWN_TAKEOFF.sigma * generator.standard_normal()
    floor_m, share = generator.standard_t(HEIGHT_DEGREES_OF_FREEDOM, 2) * (HEIGHT_FLOOR_M, HEIGHT_SHARE)
    noise_m = HEIGHT_NOISE_M * generator.standard_normal()
    rise_m = (height_m - takeoff - floor_m - noise_m) / max(1 + share, 0.5)
    return _Level(float(rise_m), float(takeoff + floor_m))


def _rows(generator: np.random.Generator, moments: Array, pitches: Array, rise_m: float) -> tuple[TelemetryPoint, ...]:
    """Telemetry around the moments, its angles off by offsets that wander."""
    pitch_off, roll_off = (_wander(generator, moments, each) for each in (PITCH_OFFSET_DEG, ROLL_OFFSET_DEG))
    yaw = float(YAW_SIGMA_DEG * generator.standard_normal())
    return tuple(
        TelemetryPoint(
            t_s=t + shift, height_above_takeoff_m=rise_m, pitch_deg=float(max(p - o, -90.0)), roll_deg=float(-r),
            yaw_deg=yaw,
        )
        for t, p, o, r in zip(moments.tolist(), pitches, pitch_off, roll_off, strict=True)
        for shift in (-0.1, 0.1)
    )  # fmt: skip


def _pose(height_m: float, pitch_deg: float, focal_px: float) -> CameraPose:
    return CameraPose(
        height_m=Measured(value=height_m, sigma=0.0), pitch_deg=Measured(value=pitch_deg, sigma=0.0), roll_deg=_EXACT,
        yaw_deg=_EXACT, focal_px=Measured(value=focal_px, sigma=0.0), east_m=_EXACT, north_m=_EXACT,
        width_px=WIDTH_PX, height_px=HEIGHT_PX,
    )  # fmt: skip


def _wander(generator: np.random.Generator, moments: Array, prior: Wander) -> Array:
    spread = prior.covariance(moments, moments)
    return np.asarray(generator.multivariate_normal(np.zeros(moments.size), spread))


def _waterline(generator: np.random.Generator, level_m: float) -> Measured:
    return Measured(value=-level_m + _WATERLINE_M * float(generator.standard_normal()), sigma=_WATERLINE_M)


def _horizon(generator: np.random.Generator, height_m: float, pitch_deg: float, t_s: float) -> HorizonView:
    """Read off the true line with the true focal length: what it says is the line's place, told in any camera's
    terms."""
    dip_error_deg = float(DIP_SIGMA_DEG * generator.standard_normal())
    above = horizon_above_px(np.array([FOCAL_PX]), np.array([height_m]), np.array([pitch_deg]), dip_error_deg)[0]
    stretch = FOCAL_PX * (1 + (above / FOCAL_PX) ** 2) * np.radians(1.0)
    read = above + stretch * _HORIZON_DEG * generator.standard_normal()
    exact = horizon_above_px(np.array([FOCAL_PX]), np.array([height_m]), np.array([pitch_deg]))[0]
    return HorizonView(
        t_s=t_s,
        pitch_deg=Measured(value=float(pitch_deg - (read - exact) / stretch), sigma=_HORIZON_DEG),
        roll_deg=Measured(value=float(_HORIZON_ROLL_DEG * generator.standard_normal()), sigma=_HORIZON_ROLL_DEG),
        focal_px=FOCAL_PX,
        height_m=height_m,
        columns_share=1.0,
    )


def _length(generator: np.random.Generator, true: CameraPose, share: float) -> KnownLength | None:
    """A vessel of known length somewhere in the middle of the picture, lying across the view within 40 deg."""
    height = true.height_m.value
    depression = np.radians(np.clip(-true.pitch_deg.value + generator.uniform(-8, 15), 10, 88))
    middle = np.array([generator.uniform(-0.3, 0.3), 1.0]) * height / np.tan(depression)
    length = generator.uniform(8, 25)
    across = np.radians(90 + generator.uniform(-40, 40))
    half = np.array([np.sin(across), np.cos(across)]) * length / 2
    places = np.array([[*(middle + half), 0.0], [*(middle - half), 0.0]])
    seen = image_from_sea(cameras_of(true).nominal(), places[None])[0]
    if seen[:, 2].min() < 1 or seen[:, :2].min() < 0 or (seen[:, :2].max(axis=0) > [WIDTH_PX, HEIGHT_PX]).any():
        return None
    ends = seen[:, :2] + _PICK_PX * generator.standard_normal((2, 2))
    said = length * np.exp(share * generator.standard_normal())
    (bow_x, bow_y), (stern_x, stern_y) = ends.tolist()
    return KnownLength(
        t_s=0.0, bow_px=(bow_x, bow_y), stern_px=(stern_x, stern_y), sigma_px=_PICK_PX, source="register",
        length_m=Measured(value=float(said), sigma=float(share * said)),
    )  # fmt: skip
