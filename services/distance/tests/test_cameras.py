"""Focal lengths by model, mode and person; the grade where nobody knows."""

import pytest

from wideberth_contracts.poses import (
    CameraIntrinsics,
    CameraPose,
    FlightContext,
    FrameTime,
    PosesRequest,
    TelemetryGrade,
    TelemetryPoint,
    TelemetryRecord,
)
from wideberth_contracts.wire import Measured
from wideberth_distance.core.camera_table import Picture, Shot, camera_rows, row_of, rows_named, sensor_named, sensors
from wideberth_distance.core.cameras import FocalHint, focal_px
from wideberth_distance.core.poses import poses_of

UHD = (3840, 2160)
NOTHING = FocalHint()


def said(size=UHD, hint=NOTHING, rows=None, **context) -> tuple[float, float, str]:
    focal, warning = focal_px(size, hint, FlightContext(**context), rows)
    return focal.value, focal.sigma / focal.value, warning


def test_every_row_makes_sense() -> None:
    assert len(camera_rows()) >= 18
    for row in camera_rows():
        own = row.intrinsics
        assert 0.5 < own.focal_px.value / own.width_px < 1.3
        assert own.source.startswith(("[M]", "[D]", "[O]"))
        share = own.focal_px.sigma / own.focal_px.value
        assert (
            share <= 0.021 if own.source.startswith("[M]") and own.height_px == 2160 else share == pytest.approx(0.05)
        )
    for sensor in sensors():
        assert 0.5 < sensor.pitch_um < 8
        assert 3 < sensor.width_px * sensor.pitch_um / 1000 < 37


def test_rows_and_sensors_agree() -> None:
    """Two ways to the same full-width focal length: 35 mm equivalent, and printed millimetres over the pixel pitch."""
    for camera, printed_mm in (("Mavic 2 Pro", 10.26), ("Mavic 3 Enterprise", 12.29), ("Mavic Pro", 4.73)):
        sensor = sensor_named(camera)
        assert sensor is not None
        by_pitch = printed_mm * 1000 / sensor.pitch_um * 3840 / sensor.width_px
        mode = rows_named(camera, camera_rows())[0].intrinsics.mode
        assert said(camera=camera, video_mode=mode)[0] == pytest.approx(by_pitch, rel=0.03)


def test_a_measured_mode_is_believed_in_that_mode_only() -> None:
    assert said(camera="fc7303")[:2] == (3049, pytest.approx(0.01))
    value, share, warning = said((1920, 1080), camera="Mini 2")
    assert (value, share) == (pytest.approx(1524.5), pytest.approx(0.12))
    assert "3840x2160" in warning
    assert "calibrate" in warning
    assert said((2160, 3840), camera="Mini 2")[:2] == (3049, pytest.approx(0.01))  # held upright


def test_modes_that_differ_must_be_named() -> None:
    assert said(camera="Mavic 2 Pro", video_mode="hq")[:2] == (4256, pytest.approx(0.05))
    assert said(camera="Mavic 2 Pro", video_mode="full fov")[:2] == (2986, pytest.approx(0.05))
    value, share, warning = said(camera="Mavic 2 Pro")
    assert (value, share) == (2986, pytest.approx(0.12))
    assert "full FOV, HQ" in warning
    assert said((1920, 1080), camera="Mavic 2 Pro")[:2] == (1493, pytest.approx(0.05))  # HQ films 4K only


def test_stills_are_not_video() -> None:
    assert Shot(5472, 3648).picture is Picture.STILL
    assert Shot(4000, 3000).picture is Picture.STILL
    assert Shot(4096, 2160).picture is Picture.VIDEO
    assert said((5472, 3648), camera="Phantom 4 Pro")[0] == 3814
    value, share, warning = said((4000, 3000), FocalHint(24.0), camera="Mini 2")
    assert value == pytest.approx(5000 / 43.267 * 24)  # 35 mm equivalent on the diagonal of the whole still
    assert share == pytest.approx(0.05)
    assert "still" in warning


def test_the_frame_rate_counts_where_a_mode_depends_on_it() -> None:
    base = {"model": "X", "also": [], "picture": "video", "width_px": 3840, "height_px": 2160, "source": "[M] test"}
    rows = [
        row_of(base | {"focal_px": 2700, "sigma_fraction": 0.01, "fps": [23, 30]}),
        row_of(base | {"focal_px": 3100, "sigma_fraction": 0.01, "fps": [48, 60]}),
    ]
    assert said((3840, 2160), fps=29.97, rows=rows, camera="x")[0] == 2700
    assert said((3840, 2160), fps=59.94, rows=rows, camera="x")[:2] == (3100, pytest.approx(0.01))
    _, share, warning = said((3840, 2160), fps=120.0, rows=rows, camera="x")
    assert share == pytest.approx(0.12)
    assert "120/s" in warning


def test_a_sensor_and_the_millimetres_of_the_lens() -> None:
    value, share, warning = said(camera="FC230", focal_mm=Measured(value=4.3, sigma=0.02))
    assert value == pytest.approx(4.3e3 / 1.5212 * 3840 / 4048, rel=1e-4)
    assert share == pytest.approx(0.05)
    assert "full width" in warning
    assert "give focal_mm" in said(camera="FC230")[2]


def test_what_a_calibration_found_wins_over_the_table() -> None:
    own = CameraIntrinsics(
        model="mine", focal_px=Measured(value=3010, sigma=6), width_px=3840, height_px=2160, source="calibrate"
    )
    assert said(camera="Mini 2", intrinsics=own) == (3010, pytest.approx(6 / 3010), "")
    value, share, warning = said((1920, 1080), intrinsics=own)
    assert (value, share) == (1505, pytest.approx(0.12))
    assert "calibrated at 3840x2160" in warning
    assert said(hint=FocalHint(None, 2.0), intrinsics=own)[0] == 6020
    assert said(intrinsics=own, focal_px=Measured(value=2900, sigma=29))[0] == 2900


@pytest.mark.parametrize(
    ("values", "context", "grade"),
    [
        pytest.param({}, {}, "A", id="35 mm equivalent in the telemetry"),
        pytest.param({"focal_length_mm": None}, {}, "B", id="nothing known"),
        pytest.param({"focal_length_mm": None}, {"camera": "no such"}, "B", id="unknown model"),
        pytest.param({"focal_length_mm": None}, {"camera": "Mini 2"}, "A", id="in the table"),
        pytest.param({}, {"camera": "Mavic 2 Pro"}, "B", id="mode not said"),
    ],
)
def test_a_guessed_focal_length_lowers_the_grade(values, context, grade) -> None:
    whole = {"height_above_takeoff_m": 60.0, "pitch_deg": -30.0, "roll_deg": 0.0, "yaw_deg": 10.0,
             "focal_length_mm": 24.0} | values  # fmt: skip
    record = TelemetryRecord(
        file="f.SRT", dialect="C4", grade=TelemetryGrade.A,
        points=tuple(TelemetryPoint(t_s=t / 10, **whole) for t in range(20)),
    )  # fmt: skip
    moments = (FrameTime(t_s=9.0, width_px=3840, height_px=2160), FrameTime(t_s=1.0, width_px=3840, height_px=2160))
    answer = poses_of(PosesRequest(telemetry=record, moments=moments, context=FlightContext(**context)))
    assert isinstance(answer.poses[1], CameraPose)
    assert answer.grade.value == grade
    assert grade == "A" or any("12 %" in warning for warning in answer.warnings)
