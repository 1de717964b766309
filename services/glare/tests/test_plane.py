"""The flat sea: homographies, horizon and metres per pixel against projecting points one by one."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from windows import pose

from wideberth_glare.core.align import Tracked, on_grid, warp
from wideberth_glare.core.plane import (
    image_from_sea,
    reference_from_neighbour,
    row_ground_sample_m,
    sea_mask,
)


def _pixel(homography: np.ndarray, east_m: float, north_m: float) -> np.ndarray:
    whole = homography @ np.array([east_m, north_m, 1.0])
    return whole[:2] / whole[2]


def test_straight_down_one_metre_is_focal_over_height():
    down = image_from_sea(pose(960, 540, height_m=60.0, focal_px=750.0))
    assert np.allclose(_pixel(down, 0, 0), [480, 270])
    assert np.allclose(_pixel(down, 1, 0), [480 + 12.5, 270])
    assert np.allclose(_pixel(down, 0, 1), [480, 270 - 12.5])


def test_east_is_up_when_the_camera_looks_east():
    east = image_from_sea(pose(960, 540, yaw_deg=90.0, pitch_deg=-60.0))
    ahead_m = 60.0 / math.tan(math.radians(60.0))
    assert np.allclose(_pixel(east, ahead_m, 0), [480, 270])
    assert _pixel(east, ahead_m + 5, 0)[1] < 270
    assert _pixel(east, ahead_m, -5)[0] > 480


@given(
    east=st.floats(-5, 5),
    north=st.floats(-5, 5),
    yaw=st.floats(0, 360),
    pitch=st.floats(-90, -35),
    roll=st.floats(-10, 10),
    x=st.floats(-10, 10),
    y=st.floats(30, 60),
)
def test_a_sea_point_of_the_neighbour_lands_on_itself(east, north, yaw, pitch, roll, x, y):
    here = pose(960, 540, pitch_deg=pitch, roll_deg=roll, yaw_deg=yaw)
    there = pose(960, 540, pitch_deg=pitch + 1, roll_deg=-roll, yaw_deg=yaw + 2, east_m=east, north_m=north)
    point = np.append(_pixel(image_from_sea(there), x, y), 1.0)
    landed = reference_from_neighbour(here, there) @ point
    assert np.allclose(landed[:2] / landed[2], _pixel(image_from_sea(here), x, y), atol=1e-6)


def test_horizon_and_distance():
    level = pose(960, 540, height_m=30.0, pitch_deg=-5.0, focal_px=800.0)
    mask = sea_mask(level)
    first_sea_row = int(np.flatnonzero(mask[:, 480])[0])
    assert abs(first_sea_row - (270 - 800 * math.tan(math.radians(4.0)))) < 2
    rows = row_ground_sample_m(level)
    assert np.isinf(rows[:190]).all()
    assert np.all(np.diff(rows[210:]) < 0)


def test_the_image_alone_finds_a_shift():
    blocks = np.random.default_rng(0).integers(40, 75, (70, 90), dtype=np.uint8)
    still = np.kron(blocks, np.ones((6, 6), np.uint8))
    here, there = still[20:290, 20:500], still[26:296, 12:492]
    found = Tracked(here).reference_from(there, 2)
    assert np.allclose(found[:2, 2], [-16, 12], atol=0.6)
    laid = warp(there, on_grid(found, 2))
    assert np.abs(laid[30:-30, 30:-30].astype(int) - here[30:-30, 30:-30]).mean() < 2


def test_the_grid_homography_moves_by_the_reduced_shift():
    shift = np.array([[1, 0, 8.0], [0, 1, -4.0], [0, 0, 1]])
    assert np.allclose(on_grid(shift, 4)[:2, 2], [2, -1])
