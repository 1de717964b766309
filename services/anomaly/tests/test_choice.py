"""Which crops are looked at."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wideberth_anomaly.core.choice import FILLED, OTHERS_BETTER, TOO_SMALL, choose
from wideberth_contracts.frames import CropMeta
from wideberth_contracts.screening import ScreenSettings


def meta(t_s: float, **others: float) -> CropMeta:
    known = {"confidence": 0.5, "detection_px": 30.0} | others
    return CropMeta(pts=round(t_s * 1000), t_s=t_s, width_px=90, height_px=90, **known)


@pytest.mark.parametrize(
    ("crop", "reason"),
    [
        pytest.param(meta(0, filled_fraction=0.6), FILLED, id="glint was there"),
        pytest.param(meta(0, detection_px=5), TOO_SMALL, id="a few pixels"),
    ],
)
def test_what_cannot_be_used_says_why(crop, reason):
    choice = choose([crop, meta(1)], ScreenSettings())
    assert choice.used == (1,)
    assert choice.reasons == {0: reason}


def test_a_half_filled_crop_is_still_used():
    assert choose([meta(0, filled_fraction=0.5)], ScreenSettings()).used == (0,)


def test_the_best_of_each_third_of_the_time_is_taken():
    # The three surest all lie in the first second; an animal seen later must still get its look.
    crops = [
        meta(t, confidence=c) for t, c in ((0.0, 0.9), (0.2, 0.95), (0.4, 0.92), (5.0, 0.3), (5.2, 0.4), (9.9, 0.35))
    ]
    choice = choose(crops, ScreenSettings(max_crops=3))
    assert choice.used == (1, 4, 5)
    assert set(choice.reasons.values()) == {OTHERS_BETTER}


def test_empty_spans_are_made_up_for_by_the_best_of_the_rest():
    crops = [meta(t, confidence=c) for t, c in ((0.0, 0.9), (0.1, 0.8), (0.2, 0.5), (9.0, 0.6))]
    assert choose(crops, ScreenSettings(max_crops=3)).used == (0, 1, 3)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param({"confidence": 0.8}, {"confidence": 0.6}, id="surer"),
        pytest.param({"sharpness": 400.0}, {"sharpness": 20.0}, id="sharper"),
        pytest.param({"filled_fraction": 0.0}, {"filled_fraction": 0.4}, id="less refilled"),
    ],
)
def test_of_two_at_one_moment_the_better_is_taken(better, worse):
    crops = [meta(1, **worse), meta(1, **better)]
    assert choose(crops, ScreenSettings(max_crops=1)).used == (1,)


CROPS = st.lists(
    st.builds(
        meta,
        t_s=st.integers(0, 30).map(float),
        confidence=st.floats(0, 1),
        filled_fraction=st.floats(0, 1),
        detection_px=st.floats(1, 60),
        sharpness=st.floats(0, 500),
    ),
    max_size=12,
    unique_by=lambda crop: crop.pts,
)


@given(CROPS, st.integers(0, 5), st.randoms(use_true_random=False))
def test_each_crop_is_used_or_has_a_reason_whatever_the_order(crops, most, shuffle: random.Random):
    settings = ScreenSettings(max_crops=most)
    choice = choose(crops, settings)
    assert sorted([*choice.used, *choice.reasons]) == list(range(len(crops)))
    assert len(choice.used) <= most
    mixed = crops.copy()
    shuffle.shuffle(mixed)
    assert [mixed[index] for index in choose(mixed, settings).used] == [crops[index] for index in choice.used]


def test_no_crops_no_choice():
    assert choose([], ScreenSettings()).used == ()
