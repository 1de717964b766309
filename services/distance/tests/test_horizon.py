"""The horizon: its curve, exact pictures of it, and what is refused."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_contracts.clues import HorizonAbsence, HorizonView, NoHorizon
from wideberth_contracts.poses import CameraPose, NoPose, PoseAbsence
from wideberth_contracts.wire import Measured
from wideberth_distance.core.horizon import find_horizon
from wideberth_distance.core.horizon_curve import View, camera_of_line, horizon_rows
from wideberth_distance.core.projection import CURVATURE_PER_M, cameras_of, image_from_sea

WIDTH, HEIGHT, FOCAL = 1280, 720, 890.0


def pose(pitch_deg: float, roll_deg: float = 0.0, height_m: float = 60.0, sigma: float = 0.7) -> CameraPose:
    exact = Measured(value=0.0, sigma=0.0)
    return CameraPose(
        height_m=Measured(value=height_m, sigma=3.0), pitch_deg=Measured(value=pitch_deg, sigma=sigma),
        roll_deg=Measured(value=roll_deg, sigma=0.5), yaw_deg=exact, focal_px=Measured(value=FOCAL, sigma=40.0),
        east_m=exact, north_m=exact, width_px=WIDTH, height_px=HEIGHT,
    )  # fmt: skip


def picture(pitch_deg: float, roll_deg: float, height_m: float, seed: int, sea=(90, 70, 40), sky=(205, 190, 180)):
    """A sea with texture under a smooth sky, the edge between them exact to a hundredth of a pixel, then a lens."""
    rng = np.random.default_rng(seed)
    rows = horizon_rows(View(FOCAL, height_m, WIDTH, HEIGHT), pitch_deg, roll_deg, np.arange(WIDTH) + 0.5)
    under = np.clip(np.arange(HEIGHT)[:, None] + 1 - rows[None], 0, 1)[..., None]
    waves = cv2.GaussianBlur(rng.normal(0, 30, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 1.5)[..., None]
    light = np.array(sky) * (1 - under) + (np.array(sea) + waves) * under
    light = cv2.GaussianBlur(light, (0, 0), 0.8) + rng.normal(0, 1.5, (HEIGHT, WIDTH, 3))
    return np.clip(light, 0, 255).astype(np.uint8)


@given(
    pitch=st.floats(-25, 10), roll=st.floats(-4, 4), height=st.floats(20, 150), bearing=st.floats(-30, 30),
)  # fmt: skip
def test_the_curve_passes_through_the_farthest_sea(pitch: float, roll: float, height: float, bearing: float) -> None:
    far = np.sqrt(2 * height / CURVATURE_PER_M / 2)
    away = np.radians(bearing)
    # At its own distance sqrt(2 h R / (1 - k)) the sea lies at twice the drop: the tangent point of the view.
    place = np.array([[[far * np.sqrt(2) * np.sin(away), far * np.sqrt(2) * np.cos(away), 0.0]]])
    camera = cameras_of(pose(pitch, roll, height)).nominal()
    x, y, depth = image_from_sea(camera, place)[0, 0]
    assert depth > 0
    rows = horizon_rows(View(FOCAL, height, WIDTH, HEIGHT), pitch, roll, np.array([x]))
    assert rows[0] == pytest.approx(y, abs=0.05)


@given(pitch=st.floats(-20, 5), roll=st.floats(-3, 3))
def test_a_line_tells_its_camera(pitch: float, roll: float) -> None:
    view, columns = View(FOCAL, 60.0, WIDTH, HEIGHT), np.linspace(0, WIDTH, 9)
    rows = horizon_rows(view, pitch, roll, columns)
    found = camera_of_line(view, (pitch + 1.5, roll - 1.0), columns, rows)
    assert found == pytest.approx((pitch, roll), abs=1e-6)


@settings(max_examples=12, deadline=None)
@given(
    pitch=st.floats(-17, 8), roll=st.floats(-2, 2), height=st.floats(30, 120), off=st.floats(-2, 2),
    seed=st.integers(0, 999),
)  # fmt: skip
def test_an_exact_horizon_is_found_exactly(pitch: float, roll: float, height: float, off: float, seed: int) -> None:
    expected = pose(pitch + off, roll - off / 3, height)
    found = find_horizon(picture(pitch, roll, height, seed), 3.0, expected)
    assert isinstance(found, HorizonView), found
    assert found.t_s == 3.0
    assert found.pitch_deg.value == pytest.approx(pitch, abs=max(0.015, 3 * found.pitch_deg.sigma))
    assert found.roll_deg.value == pytest.approx(roll, abs=max(0.02, 3 * found.roll_deg.sigma))
    assert found.pitch_deg.sigma < 0.05


def refused(pixels, expected) -> NoHorizon:
    found = find_horizon(pixels, 0.0, expected)
    assert isinstance(found, NoHorizon), found
    return found


def test_what_is_no_horizon_is_refused_with_the_reason() -> None:
    exact = picture(-8.0, 0.0, 60.0, 1)
    assert refused(exact, NoPose(reason=PoseAbsence.NO_PITCH)).reason is HorizonAbsence.NO_POSE
    assert refused(exact, pose(-60.0)).reason is HorizonAbsence.OUT_OF_VIEW
    assert refused(exact, pose(-4.5)).reason is HorizonAbsence.DISAGREES
    fog = np.full_like(exact, 180)
    assert refused(fog, pose(-8.0)).reason is HorizonAbsence.NOT_FOUND
    bank = exact.copy()
    bank[:205] = 90
    assert "bank of cloud" in refused(bank, pose(-8.0)).detail


def test_a_coast_with_a_rough_skyline_is_refused() -> None:
    pixels = picture(-8.0, 0.0, 60.0, 2)
    rows = horizon_rows(View(FOCAL, 60.0, WIDTH, HEIGHT), -8.0, 0.0, np.arange(WIDTH) + 0.5)
    skyline = rows - 35 - 20 * np.sin(np.arange(WIDTH) / 90) - 8 * np.sin(np.arange(WIDTH) / 17)
    at = np.arange(HEIGHT)[:, None]
    pixels[(at > skyline) & (at < rows + 12)] = (60, 100, 80)
    assert refused(pixels, pose(-8.0)).reason is HorizonAbsence.NOT_FOUND


def test_a_border_of_the_picture_is_no_horizon() -> None:
    pixels = picture(-8.0, 0.0, 60.0, 3)
    pixels[:320] = 0
    assert "border" in refused(pixels, pose(-2.0, sigma=1.5)).detail


def test_below_a_horizon_there_are_waves() -> None:
    grey = np.random.default_rng(4).normal(0, 1.5, (HEIGHT, WIDTH, 3)) + 190
    grey[230:] -= 25
    assert "no waves" in refused(np.clip(grey, 0, 255).astype(np.uint8), pose(-8.0)).detail


def test_a_boat_leaves_the_rest_of_the_line() -> None:
    pixels = picture(-8.0, 0.6, 60.0, 5)
    pixels[150:330, 500:560] = 240
    found = find_horizon(pixels, 0.0, pose(-7.4))
    assert isinstance(found, HorizonView), found
    assert found.pitch_deg.value == pytest.approx(-8.0, abs=0.03)
    assert found.columns_share < 1.0


def test_beside_a_headland_no_line_is_believed() -> None:
    pixels = picture(-8.0, 0.6, 60.0, 5)
    pixels[170:270, 1000:] = (50, 80, 60)
    found = find_horizon(pixels, 0.0, pose(-7.4))
    assert isinstance(found, NoHorizon)
    assert found.detail.startswith("only a part of the line is seen")
