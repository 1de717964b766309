import numpy as np
import pytest

from wideberth_training_detector import paint_animals, paint_vessels
from wideberth_training_detector.composite import compose

_WATER = np.array([110, 90, 40], np.float32)


@pytest.mark.parametrize(
    ("painter", "aspect"),
    [
        pytest.param(paint_animals.paint_dolphin, (2.0, 12.0), id="dolphin"),
        pytest.param(paint_vessels.paint_vessel, (1.8, 6.0), id="vessel"),
        pytest.param(paint_vessels.paint_jet_ski, (1.8, 4.5), id="jet ski"),
    ],
)
@pytest.mark.parametrize("length_px", [12.0, 90.0, 200.0])
def test_painted_objects_have_the_length_asked_for(painter, aspect, length_px) -> None:
    for seed in range(6):
        sprite = painter(np.random.default_rng(seed), length_px, _WATER)
        long, wide = np.ptp(sprite.outline_px, axis=0)
        assert long == pytest.approx(length_px, rel=0.08, abs=1.0)
        assert aspect[0] < long / wide < aspect[1]
        assert np.isfinite(sprite.bgr).all()


def test_clutter_has_no_outline_to_label() -> None:
    for seed in range(10):
        assert len(paint_vessels.paint_clutter(np.random.default_rng(seed), 40, _WATER).outline_px) == 0


def test_the_same_seed_paints_the_same_picture() -> None:
    first, second = (compose(np.random.default_rng([3, 4]), 160, [], []) for _ in range(2))
    np.testing.assert_array_equal(first.pixels, second.pixels)
    assert len(first.boxes) == len(second.boxes)


def test_labels_lie_in_the_picture_and_differ_from_the_water() -> None:
    labelled = 0
    for index in range(12):
        sample = compose(np.random.default_rng([9, index]), 240, [], [])
        for box in sample.boxes:
            labelled += 1
            assert box.corners_px.min() >= 0
            assert box.corners_px.max() < 240
    assert labelled > 8
