import numpy as np

from wideberth_training_detector.shapes import Sample, axis_aligned
from wideberth_training_detector.visibility import contrast, only_visible


def test_a_dark_animal_on_calm_water_is_kept_and_one_lost_in_glint_is_not() -> None:
    rng = np.random.default_rng(5)
    calm = rng.normal(90, 2, (120, 120, 3)).clip(0, 255).astype(np.uint8)
    box = axis_aligned(0, 45, 50, 75, 60)
    empty = Sample(calm, (box,))
    assert only_visible(empty).boxes == ()
    dark = calm.copy()
    dark[51:59, 47:73] = 70
    assert len(only_visible(Sample(dark, (box,))).boxes) == 1
    glint = np.where(rng.random((120, 120, 1)) < 0.5, 250, dark).astype(np.uint8)
    assert contrast(glint, box) < contrast(dark, box)


def test_other_classes_are_never_dropped() -> None:
    flat = np.full((80, 80, 3), 100, np.uint8)
    assert len(only_visible(Sample(flat, (axis_aligned(1, 20, 20, 50, 40),))).boxes) == 1
