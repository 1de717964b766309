"""The projector: round trips, closed forms, and the sign of every angle."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_contracts.poses import CameraPose
from wideberth_contracts.wire import Measured
from wideberth_distance.core.projection import (
    CURVATURE_PER_M,
    EARTH_RADIUS_M,
    REFRACTION_K,
    cameras_of,
    horizon_dip_rad,
    image_from_sea,
    range_from_depression_m,
    sea_from_image,
)


def pose(height_m=80.0, pitch_deg=-30.0, roll_deg=0.0, yaw_deg=0.0, focal_px=1332.5, **rest) -> CameraPose:
    exact = {"sigma": 0.0}
    return CameraPose(
        height_m=Measured(value=height_m, sigma=rest.get("height_sigma", 0.0)),
        pitch_deg=Measured(value=pitch_deg, sigma=rest.get("pitch_sigma", 0.0)),
        roll_deg=Measured(value=roll_deg, **exact),
        yaw_deg=Measured(value=yaw_deg, **exact),
        focal_px=Measured(value=focal_px, **exact),
        east_m=Measured(value=rest.get("east_m", 0.0), **exact),
        north_m=Measured(value=rest.get("north_m", 0.0), **exact),
        width_px=1920,
        height_px=1080,
    )


@settings(max_examples=200, deadline=None)
@given(
    height=st.floats(5, 400), pitch=st.floats(-90, -5), roll=st.floats(-30, 30), yaw=st.floats(-180, 180),
    focal=st.floats(500, 6000), x=st.floats(0, 1920), y=st.floats(0, 1080), east=st.floats(-1e4, 1e4),
)  # fmt: skip
def test_picture_to_sea_to_picture_is_identity(height, pitch, roll, yaw, focal, x, y, east) -> None:
    camera = cameras_of(pose(height, pitch, roll, yaw, focal, east_m=east)).nominal()
    places, visible = sea_from_image(camera, np.array([[x, y]]), np.zeros(1))
    if not visible[0, 0] or np.hypot(*(places[0, 0] - [east, 0])) > 20_000:
        return
    back = image_from_sea(camera, np.array([[[*places[0, 0], 0.0]]]))[0, 0]
    assert back[2] > 0
    assert back[:2] == pytest.approx([x, y], abs=1e-5)


@settings(max_examples=200, deadline=None)
@given(height=st.floats(5, 400), range_m=st.floats(1, 20_000))
def test_range_agrees_with_the_closed_form(height: float, range_m: float) -> None:
    tangent = height / range_m + range_m * (1 - REFRACTION_K) / (2 * EARTH_RADIUS_M)
    if range_m > math.sqrt(2 * height / CURVATURE_PER_M):
        return  # beyond the horizon
    found, visible = range_from_depression_m(np.array([height]), np.array([tangent]))
    assert visible[0]
    root = math.sqrt(max(tangent**2 - 2 * height * (1 - REFRACTION_K) / EARTH_RADIUS_M, 0.0))
    other_form = 2 * height / (tangent + root)
    assert found[0] == pytest.approx(other_form, abs=1e-6)
    if range_m < 5000:
        assert found[0] == pytest.approx(range_m, abs=1e-6 * max(1.0, range_m))


@pytest.mark.parametrize(("height", "dip_deg"), [(30, 0.164), (60, 0.232), (100, 0.299), (120, 0.328)])
def test_dip_of_the_horizon(height: float, dip_deg: float) -> None:
    assert math.degrees(horizon_dip_rad(height)) == pytest.approx(dip_deg, abs=6e-4)
    # The shortcut height over distance to the horizon gives half of it, and must not pass.
    shortcut = math.degrees(height / math.sqrt(2 * EARTH_RADIUS_M * height / (1 - REFRACTION_K)))
    assert shortcut != pytest.approx(dip_deg, abs=0.05)
    assert shortcut == pytest.approx(dip_deg / 2, abs=0.001)


def test_the_horizon_in_the_picture_lies_at_the_dip() -> None:
    camera = cameras_of(pose(height_m=60, pitch_deg=-10.0)).nominal()
    row = 540 + 1332.5 * math.tan(math.radians(-10.0) + horizon_dip_rad(60.0))
    pixels = np.array([[960.0, row - 0.01], [960.0, row + 0.01]])
    _, visible = sea_from_image(camera, pixels, np.zeros(2))
    assert visible[0].tolist() == [False, True]


def test_flat_sea_is_short_by_the_drop() -> None:
    """At 1,000 m from 30 m the flat sea is 2.3 m wrong, at 400 m 0.15 m."""
    for range_m, error_m in ((400.0, -0.15), (1000.0, -2.3), (2000.0, -18.0)):
        tangent = 30 / range_m + range_m * CURVATURE_PER_M / 2
        assert 30 / tangent - range_m == pytest.approx(error_m, rel=0.06)


@pytest.mark.parametrize(
    ("angles", "pixel", "direction"),
    [
        pytest.param({}, (960, 540), (0, 1), id="north ahead"),
        pytest.param({"yaw_deg": 90.0}, (960, 540), (1, 0), id="yaw clockwise to the east"),
        pytest.param({"pitch_deg": -90.0, "yaw_deg": 90.0}, (960, 340), (1, 0), id="straight down, up is the heading"),
        pytest.param({"pitch_deg": -90.0}, (1160, 540), (1, 0), id="straight down, right is east"),
    ],
)
def test_directions(angles, pixel, direction) -> None:
    camera = cameras_of(pose(**angles)).nominal()
    places, _ = sea_from_image(camera, np.array([pixel], dtype=float), np.zeros(1))
    unit = places[0, 0] / np.hypot(*places[0, 0])
    assert unit == pytest.approx(direction, abs=1e-9)


def test_roll_is_positive_when_the_right_side_points_down() -> None:
    camera = cameras_of(pose(roll_deg=5.0)).nominal()
    places, _ = sea_from_image(camera, np.array([[460.0, 540.0], [1460.0, 540.0]]), np.zeros(2))
    left, right = np.hypot(*places[0].T)
    assert right < left


def test_variants_move_one_source_each() -> None:
    cameras = cameras_of(pose(height_sigma=3.0, pitch_sigma=0.7))
    assert cameras.height_m[:3].tolist() == [80.0, 83.0, 77.0]
    assert (cameras.height_m[3:] == 80.0).all()
    assert cameras.rotation.shape == (15, 3, 3)
    assert not np.allclose(cameras.rotation[3], cameras.rotation[0])
