"""Reading the head: what each row means, and the one form of a rectangle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wideberth_contracts.detections import Tiling
from wideberth_detector.core.candidates import corners_px, long_side_first
from wideberth_detector.core.obb import decode
from wideberth_detector.core.tiling import plan_tiles

WHOLE = plan_tiles(640, 640, Tiling.AUTO, None)[0]
FLOORS = np.full(4, 0.5)


def head(*columns: tuple[float, ...]) -> np.ndarray:
    return np.array(columns, np.float32).T


@pytest.mark.parametrize(
    ("width", "height", "angle_rad", "length_px", "width_px", "angle_deg"),
    [
        pytest.param(40, 10, 0.0, 40, 10, 0, id="lies along x"),
        pytest.param(10, 40, 0.0, 40, 10, -90, id="stands: the long side points along y"),
        pytest.param(40, 10, np.pi / 4, 40, 10, 45, id="turned clockwise, y points down"),
        pytest.param(10, 40, np.pi / 4, 40, 10, -45, id="the short side is named first"),
        pytest.param(40, 10, 3 * np.pi / 4 - 1e-6, 40, 10, -45, id="beyond a quarter turn"),
        pytest.param(40, 10, np.pi / 2, 40, 10, -90, id="a right angle is the closed end of the range"),
    ],
)
def test_the_angle_is_of_the_long_side(width, height, angle_rad, length_px, width_px, angle_deg):
    found = decode(head((100, 200, width, height, 0.9, 0, 0, 0, angle_rad)), True, FLOORS, WHOLE)
    x, y, length, across, angle = found.boxes[0]
    assert (x, y, length, across) == pytest.approx((100, 200, length_px, width_px))
    assert np.degrees(angle) == pytest.approx(angle_deg, abs=1e-3)


@given(
    st.floats(1, 500), st.floats(1, 500), st.floats(-np.pi / 4, 3 * np.pi / 4), st.floats(0, 4000), st.floats(0, 4000)
)
def test_putting_the_long_side_first_moves_no_corner(width, height, angle, x, y):
    box = np.array([[x, y, width, height, angle]])
    turned = long_side_first(box)
    assert turned[0, 2] >= turned[0, 3]
    assert -np.pi / 2 <= turned[0, 4] < np.pi / 2
    before, after = corners_px(box)[0], corners_px(turned)[0]
    gaps = np.linalg.norm(before[:, None] - after[None], axis=2)
    assert gaps.min(axis=1).max() < 1e-6


def test_the_best_class_names_the_box_and_weak_anchors_are_not_read():
    answer = head(
        (10, 10, 8, 4, 0.2, 0.8, 0.1, 0, 0), (50, 50, 8, 4, 0.1, 0.0, 0.14, 0, 0), (90, 90, 8, 4, 0.9, 0, 0, 0, 0)
    )
    found = decode(answer, True, np.full(4, 0.15), WHOLE)
    assert found.kinds.tolist() == [0, 1]
    assert found.confidences.tolist() == pytest.approx([0.9, 0.8])


def test_each_class_has_its_own_floor():
    answer = head((10, 10, 8, 4, 0.3, 0.2, 0, 0, 0), (50, 50, 8, 4, 0.2, 0.3, 0, 0, 0), (90, 90, 8, 4, 0, 0.6, 0, 0, 0))
    found = decode(answer, True, np.array([0.25, 0.5, 0.5, 0.5]), WHOLE)
    assert found.boxes[:, 0].tolist() == pytest.approx([90, 10])


def test_a_head_without_angles_gives_upright_boxes():
    found = decode(head((10, 10, 4, 8, 0.9, 0)), False, FLOORS[:2], WHOLE)
    assert found.boxes[0].tolist() == pytest.approx([10, 10, 8, 4, -np.pi / 2])


def test_a_head_with_too_few_rows_is_refused():
    with pytest.raises(ValueError, match="9 rows expected"):
        decode(head((10, 10, 4, 8, 0.9, 0)), True, FLOORS, WHOLE)


def test_boxes_at_a_border_between_tiles_are_cut_and_at_the_frame_are_not():
    tiles = plan_tiles(1600, 640, Tiling.FULL, None)
    left = decode(
        head((2, 300, 40, 20, 0.9, 0), (tiles[0].width_px - 2, 300, 40, 20, 0.8, 0)), False, FLOORS[:2], tiles[0]
    )
    assert left.cut.tolist() == [False, True]


def test_boxes_of_a_shrunk_frame_are_in_pixels_of_the_frame():
    shrunk = plan_tiles(3840, 1920, Tiling.NONE, None)[0]
    found = decode(head((100, 50, 40, 10, 0.9, 0, 0, 0, 0)), True, FLOORS, shrunk)
    assert found.boxes[0].tolist() == pytest.approx([200, 100, 80, 20, 0])
