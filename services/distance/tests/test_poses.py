"""Telemetry to poses: errors, gaps, wraps, focal lengths, absences."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from wideberth_contracts.poses import (
    CameraPose,
    FlightContext,
    FrameTime,
    NoPose,
    PosesRequest,
    TelemetryGrade,
    TelemetryPoint,
    TelemetryRecord,
)
from wideberth_contracts.wire import Measured
from wideberth_distance.core.poses import poses_of

START = datetime(2026, 5, 14, 6, 10, tzinfo=UTC)


def record(points, dialect="C4", grade=TelemetryGrade.A) -> TelemetryRecord:
    return TelemetryRecord(file="f.SRT", dialect=dialect, grade=grade, points=tuple(points))


def point(t_s: float, **values) -> TelemetryPoint:
    whole = {
        "height_above_takeoff_m": 60.0, "pitch_deg": -30.0, "roll_deg": 0.0, "yaw_deg": 10.0, "latitude": 33.2,
        "longitude": 126.2, "focal_length_mm": 24.0, "captured_at": START + timedelta(seconds=t_s),
    }  # fmt: skip
    return TelemetryPoint(t_s=t_s, **{**whole, **values})


def ask(points, *moments: float, context: FlightContext | None = None, width=3840, height=2160):
    times = tuple(FrameTime(t_s=t, width_px=width, height_px=height) for t in moments)
    return poses_of(PosesRequest(telemetry=record(points), moments=times, context=context or FlightContext()))


STEADY = [point(t / 10) for t in range(41)]


def test_errors_of_a_plain_pose() -> None:
    pose = ask(STEADY, 2.0).poses[0]
    assert isinstance(pose, CameraPose)
    assert pose.height_m.value == pytest.approx(62.0)
    assert pose.height_m.sigma == pytest.approx(math.sqrt(1 + 0.6**2 + (0.04 * 60) ** 2 + 4))
    assert (pose.pitch_deg.sigma, pose.roll_deg.sigma, pose.yaw_deg.sigma) == (0.7, 0.5, 2.0)
    assert pose.focal_px.value == pytest.approx(2665)
    assert pose.focal_px.sigma == pytest.approx(0.05 * 2665)
    assert (pose.east_m.value, pose.north_m.value) == pytest.approx((0, 0), abs=1e-6)


def test_a_known_takeoff_narrows_the_height() -> None:
    pose = ask(STEADY, 2.0, context=FlightContext(takeoff_above_sea_m=Measured(value=5.0, sigma=0.2))).poses[0]
    assert isinstance(pose, CameraPose)
    assert pose.height_m.value == 65.0
    assert pose.height_m.sigma < math.sqrt(1 + 0.6**2 + (0.04 * 60) ** 2 + 4)


def test_yaw_crosses_north_the_short_way() -> None:
    pose = ask([point(0.0, yaw_deg=179.0), point(0.5, yaw_deg=-179.0)], 0.25).poses[0]
    assert isinstance(pose, CameraPose)
    assert abs(pose.yaw_deg.value) == pytest.approx(180.0)


@pytest.mark.parametrize(
    ("points", "moment", "reason"),
    [
        pytest.param([point(0.0), point(0.1), point(2.0)], 1.0, "telemetry_gap", id="hole of 1.9 s"),
        pytest.param(STEADY, 8.0, "outside_telemetry", id="after the end"),
        pytest.param([point(t / 10, pitch_deg=None) for t in range(9)], 0.4, "no_pitch", id="no gimbal"),
        pytest.param(
            [point(t / 10, height_above_takeoff_m=None) for t in range(9)], 0.4, "no_height", id="no height",
        ),
        pytest.param([point(t / 10, height_above_takeoff_m=-5.0) for t in range(9)], 0.4, "too_low", id="sunk"),
        pytest.param([point(t / 10, pitch_deg=-30 - t) for t in range(41)], 2.0, "pitching_too_fast", id="tilting"),
    ],
)  # fmt: skip
def test_absence_has_a_reason(points, moment, reason) -> None:
    pose = ask(points, moment).poses[0]
    assert isinstance(pose, NoPose)
    assert pose.reason.value == reason


def test_one_row_a_second_is_no_gap() -> None:
    answer = ask([point(float(t)) for t in range(1, 6)], 0.2, 1.5, 5.9)
    assert all(isinstance(pose, CameraPose) for pose in answer.poses)


def test_shake_of_the_gimbal_is_no_pan() -> None:
    shaking = [point(t / 30, pitch_deg=-30 + round(0.1 * math.sin(6 * t / 30), 1)) for t in range(300)]
    answer = ask(shaking, *(t / 5 for t in range(1, 49)))
    assert all(isinstance(pose, CameraPose) for pose in answer.poses)


def test_the_absolute_height_is_never_used() -> None:
    answer = ask([point(t / 10, height_above_takeoff_m=None, absolute_height_m=80.0) for t in range(9)], 0.4)
    assert isinstance(answer.poses[0], NoPose)


def test_a_given_pitch_stands_in_and_is_said() -> None:
    context = FlightContext(pitch_deg=Measured(value=-90.0, sigma=2.0))
    answer = ask([point(t / 10, pitch_deg=None) for t in range(9)], 0.4, context=context)
    pose = answer.poses[0]
    assert isinstance(pose, CameraPose)
    assert (pose.pitch_deg.value, pose.pitch_deg.sigma) == (-90.0, 2.0)
    assert any("given pitch" in w for w in answer.warnings)


@pytest.mark.parametrize(
    ("values", "context", "focal", "share"),
    [
        pytest.param({"focal_length_mm": 48.0}, {}, 5330, 0.05, id="35 mm equivalent scales"),
        pytest.param({"zoom_ratio": 2.0}, {}, 5330, 0.05, id="digital zoom"),
        pytest.param({"focal_length_mm": None}, {}, 2665, 0.12, id="nothing known"),
        pytest.param({}, {"camera": "mini 2"}, 3049, 0.01, id="measured camera"),
        pytest.param({}, {"camera": "Mavic Pro"}, 2871, 0.05, id="table"),
        pytest.param({"focal_length_mm": 48.0}, {"camera": "Mavic 2 Zoom"}, 5330, 0.05, id="zoom lens of the table"),
        pytest.param({"focal_length_mm": None}, {"camera": "no such"}, 2665, 0.12, id="unknown camera is said"),
        pytest.param({}, {"focal_px": Measured(value=2900, sigma=29)}, 2900, 0.01, id="measured by a person"),
    ],
)
def test_focal_lengths(values, context, focal, share) -> None:
    answer = ask([point(t / 10, **values) for t in range(9)], 0.4, context=FlightContext(**context))
    pose = answer.poses[0]
    assert isinstance(pose, CameraPose)
    assert pose.focal_px.value == pytest.approx(focal, rel=1e-3)
    assert pose.focal_px.sigma / pose.focal_px.value == pytest.approx(share, rel=1e-3)
    if share == 0.12:
        assert any("focal" in w for w in answer.warnings)


def test_focal_length_follows_the_long_side() -> None:
    for width, height in ((1920, 1080), (1080, 1920)):
        pose = ask(STEADY, 1.0, width=width, height=height).poses[0]
        assert isinstance(pose, CameraPose)
        assert pose.focal_px.value == pytest.approx(1332.5)


def test_camera_position_and_start() -> None:
    moving = [point(t / 10, latitude=33.2 + t * 1e-6) for t in range(41)]
    answer = ask(moving, 4.0)
    pose = answer.poses[0]
    assert isinstance(pose, CameraPose)
    assert pose.north_m.value == pytest.approx(40e-6 * 110_900, rel=0.01)
    assert answer.starts_at == START
    assert answer.origin is not None
    assert answer.origin.latitude == 33.2


def test_coarse_positions_are_less_certain() -> None:
    coarse = [point(float(t), latitude=33.2 + round(t * 1e-4, 4)) for t in range(9)]
    pose = ask(coarse, 2.0).poses[0]
    assert isinstance(pose, CameraPose)
    assert pose.north_m.sigma > 3


def test_without_telemetry_every_pose_says_so() -> None:
    moments = (FrameTime(t_s=0, width_px=100, height_px=50),)
    answer = poses_of(PosesRequest(telemetry=None, moments=moments))
    assert answer.grade is TelemetryGrade.C
    assert isinstance(answer.poses[0], NoPose)
    assert answer.poses[0].reason.value == "no_telemetry"
    assert answer.warnings
