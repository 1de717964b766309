"""The guard alone: what is kept on the working grid."""

import cv2
import numpy as np
import pytest

from wideberth_glare.core.guard import GridFrame, solid_parts
from wideberth_glare.core.scale import Scale, scale_for

SHAPE = (270, 480)
SCALE = scale_for(0.08)
LEVEL = np.full(SHAPE, 80, np.uint8)


def _with_boat(x: int, length: int = 40, beam: int = 14) -> np.ndarray:
    grey = np.full(SHAPE, 80, np.uint8)
    cv2.ellipse(grey, (x, 135), (length // 2, beam // 2), 0, 0, 360, 230, -1)
    return grey


def _bright(grey: np.ndarray) -> np.ndarray:
    return np.where(grey > 102, 255, 0).astype(np.uint8)


@pytest.mark.parametrize("moved_cells", [0, 2, 10, 18])
def test_a_small_boat_that_moves_is_seen_again(moved_cells):
    small = _with_boat(200, 20, 8)
    seen = [GridFrame(_bright(_with_boat(200 + moved_cells, 20, 8)), 0.2)]
    assert solid_parts(small, seen, LEVEL, None, SCALE)[135, 200] == 255


def test_a_small_patch_that_no_neighbour_holds_is_glint():
    seen = [GridFrame(np.zeros(SHAPE, np.uint8), 0.2)]
    assert not solid_parts(_with_boat(200, 14, 8), seen, LEVEL, None, SCALE).any()


def test_a_large_boat_is_kept_whatever_the_neighbours_show():
    seen = [GridFrame(np.zeros(SHAPE, np.uint8), 0.2)]
    assert solid_parts(_with_boat(200), seen, LEVEL, None, SCALE)[135, 200] == 255


def test_at_the_border_no_neighbour_can_refuse():
    seen = [GridFrame(np.zeros(SHAPE, np.uint8), 0.2)]
    assert solid_parts(_with_boat(8, 14, 8), seen, LEVEL, None, SCALE)[135, 8] == 255


def test_dark_places_within_a_boat_belong_to_it():
    grey = _with_boat(200)
    grey[132:138, 196:204] = 40
    assert solid_parts(grey, [], LEVEL, None, SCALE)[135, 200] == 255


def test_a_small_thing_is_kept_where_it_is_rare_and_not_among_hundreds():
    buoy = np.full(SHAPE, 80, np.uint8)
    cv2.circle(buoy, (240, 135), 3, 230, -1)
    assert solid_parts(buoy, [], LEVEL, None, SCALE)[135, 240] == 255
    for x in range(20, 470, 30):
        for y in range(20, 260, 30):
            cv2.circle(buoy, (x, y), 3, 230, -1)
    assert not solid_parts(buoy, [], LEVEL, None, SCALE).any()


def test_far_rows_take_smaller_kernels():
    rows_m = np.linspace(0.25, 0.04, 540)
    oblique = Scale(0.08, 2, rows_m)
    far = np.full(SHAPE, 80, np.uint8)
    cv2.rectangle(far, (200, 20), (212, 22), 230, -1)
    assert solid_parts(far, [], LEVEL, None, oblique)[21, 206] == 255
    near = np.full(SHAPE, 80, np.uint8)
    cv2.rectangle(near, (200, 250), (212, 252), 230, -1)
    assert not solid_parts(near, [], LEVEL, None, oblique).any()
