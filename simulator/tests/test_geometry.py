"""Projection against closed forms."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_simulator.geodesy import Origin
from wideberth_simulator.geometry import (
    CURVATURE_PER_M,
    EARTH_RADIUS_M,
    REFRACTION_K,
    Camera,
    horizon_dip_rad,
    range_from_depression_m,
)


def camera(height_m=60.0, pitch_deg=-20.0, yaw_deg=0.0, roll_deg=0.0, east_m=0.0, north_m=0.0):
    return Camera(1920, 1080, 1332.5, 960.0, 540.0, east_m, north_m, height_m, yaw_deg, pitch_deg, roll_deg)


@pytest.mark.parametrize(("height_m", "dip_deg"), [(30, 0.164), (60, 0.232), (100, 0.299), (120, 0.328)])
def test_dip_agrees_with_published_table(height_m, dip_deg):
    assert math.degrees(horizon_dip_rad(height_m)) == pytest.approx(dip_deg, abs=6e-4)


def test_half_dip_shortcut_is_rejected():
    height = 60.0
    shortcut = height / math.sqrt(2 * EARTH_RADIUS_M * height / (1 - REFRACTION_K))
    assert horizon_dip_rad(height) > 1.9 * shortcut


@pytest.mark.parametrize(
    ("height_m", "range_m", "flat_error_m"), [(30, 1000, -2.3), (60, 2000, -9.0), (100, 3000, -18)]
)
def test_flat_sea_error_agrees_with_published_table(height_m, range_m, flat_error_m):
    tangent = height_m / range_m + range_m * CURVATURE_PER_M / 2
    assert range_from_depression_m(height_m, tangent) == pytest.approx(range_m, abs=1e-6)
    assert height_m / tangent - range_m == pytest.approx(flat_error_m, rel=0.06)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(10, 150),
    st.floats(-90, -15),
    st.floats(0, 359),
    st.floats(-5, 5),
    st.floats(0, 1920),
    st.floats(500, 1080),
)
def test_pixel_to_sea_and_back(height_m, pitch_deg, yaw_deg, roll_deg, x_px, y_px):
    cam = camera(height_m, pitch_deg, yaw_deg, roll_deg, 12.0, -40.0)
    spot = cam.sea_point(x_px, y_px)
    assert spot is not None
    back = cam.project(np.array([*spot, 0.0]))
    assert back[:2] == pytest.approx([x_px, y_px], abs=1e-5)


def test_above_horizon_is_nowhere():
    cam = camera(60.0, -15.0)
    assert cam.sea_point(960.0, 5.0) is None


def test_axes():
    cam = camera(pitch_deg=-45.0, yaw_deg=90.0)
    straight = cam.sea_point(960.0, 540.0)
    assert straight is not None
    assert straight == pytest.approx((60.0, 0.0), abs=0.02)
    right = cam.sea_point(1400.0, 540.0)
    assert right is not None
    assert right[1] < -5  # looking east, the right-hand side is south
    rolled = camera(pitch_deg=-45.0, roll_deg=5.0)
    level, low = rolled.sea_point(500.0, 540.0), rolled.sea_point(1400.0, 540.0)
    assert level is not None
    assert low is not None
    # The right side has sunk: a pixel on the right of the middle row looks lower, that is nearer.
    assert low[1] < level[1]


def test_geodesy_round_trip_and_scale():
    origin = Origin(33.2, 126.24)
    lat, lon = origin.geodetic(812.0, -455.0)
    assert origin.enu(lat, lon) == pytest.approx((812.0, -455.0), abs=2e-3)
    one_second = origin.enu(33.2 + 1 / 3600, 126.24)[1]
    assert one_second == pytest.approx(30.81, abs=0.02)  # meridian arc of WGS 84 at 33.2 N
