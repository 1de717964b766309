import cv2
import numpy as np
import pytest

from wideberth_training_detector.orient import orient
from wideberth_training_detector.shapes import Sample, axis_aligned


def _boat(angle_deg: float) -> np.ndarray:
    rng = np.random.default_rng(1)
    picture = rng.normal((120, 90, 40), 6, (200, 200, 3)).clip(0, 255).astype(np.uint8)
    corners = cv2.boxPoints(((100, 100), (80, 26), angle_deg))
    cv2.fillPoly(picture, [np.round(corners).astype(np.int32)], (235, 240, 240))
    return picture


@pytest.mark.parametrize("angle_deg", [25.0, 45.0, 70.0])
def test_an_upright_box_turns_to_its_boat(angle_deg: float) -> None:
    corners = cv2.boxPoints(((100, 100), (80, 26), angle_deg))
    (x0, y0), (x1, y1) = corners.min(axis=0) - 3, corners.max(axis=0) + 3
    turned = orient(Sample(_boat(angle_deg), (axis_aligned(1, x0, y0, x1, y1),))).boxes[0]
    (_, _), sides, _ = cv2.minAreaRect(turned.corners_px)
    assert max(sides) == pytest.approx(80, abs=5)
    assert min(sides) == pytest.approx(26, abs=5)


def test_where_nothing_stands_out_the_label_stays() -> None:
    water = np.random.default_rng(2).normal(100, 5, (200, 200, 3)).clip(0, 255).astype(np.uint8)
    box = axis_aligned(1, 60, 60, 140, 140)
    assert orient(Sample(water, (box,))).boxes[0] is box
