import numpy as np
import pytest

from wideberth_training_detector.shapes import (
    LabelledBox,
    Sample,
    axis_aligned,
    crop,
    read_sample,
    resize,
    turn,
    write_sample,
)


def _sample() -> Sample:
    pixels = np.zeros((60, 100, 3), np.uint8)
    pixels[10:20, 30:60] = 255
    return Sample(pixels, (axis_aligned(1, 30, 10, 60, 20),))


def _under_box(sample: Sample) -> np.ndarray:
    low = sample.boxes[0].corners_px.min(axis=0).round().astype(int)
    high = sample.boxes[0].corners_px.max(axis=0).round().astype(int)
    return sample.pixels[low[1] : high[1], low[0] : high[0]]


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
@pytest.mark.parametrize("mirror", [False, True])
def test_a_box_stays_on_its_object_when_turned(quarter_turns: int, mirror: bool) -> None:
    turned = turn(_sample(), quarter_turns, mirror)
    assert _under_box(turned).min() == 255
    assert (turned.pixels == 255).sum() == _under_box(turned).size


@pytest.mark.parametrize(
    ("x0", "kept"),
    [pytest.param(20, 1, id="whole"), pytest.param(40, 1, id="two thirds"), pytest.param(52, 0, id="a quarter")],
)
def test_a_window_keeps_objects_mostly_inside(x0: int, kept: int) -> None:
    piece = crop(_sample(), x0, 0, 40)
    assert len(piece.boxes) == kept
    assert piece.pixels.shape == (40, 40, 3)
    for box in piece.boxes:
        assert box.corners_px.min() >= -1
        assert box.corners_px.max() <= 41


def test_a_small_picture_is_padded_never_mirrored() -> None:
    piece = crop(_sample(), 0, 0, 150)
    assert (piece.pixels == 255).sum() == 10 * 30 * 3
    assert _under_box(piece).min() == 255


def test_labels_survive_the_file(tmp_path) -> None:
    box = LabelledBox(0, np.array([[10, 5], [30, 15], [28, 19], [8, 9]], np.float32))
    write_sample(Sample(np.zeros((50, 80, 3), np.uint8), (box,)), tmp_path, "a", 90)
    again = read_sample(tmp_path / "images" / "a.jpg", tmp_path / "labels" / "a.txt")
    np.testing.assert_allclose(again.boxes[0].corners_px, box.corners_px, atol=1e-3)


def test_resize_scales_the_box() -> None:
    np.testing.assert_allclose(resize(_sample(), 0.5).boxes[0].corners_px.max(axis=0), [30, 10])
