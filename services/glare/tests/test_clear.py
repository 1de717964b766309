"""What clearing does to glint, vessels, animals and sea, against a sea whose truth is known."""

import cv2
import numpy as np
import pytest
from windows import window

from wideberth_contracts.frames import ClearOutcome, GlintGate
from wideberth_glare.core.arrays import Neighbour
from wideberth_glare.core.clear import Cleared, Sight, clear
from wideberth_glare.core.scale import scale_for
from wideberth_glare.local import clear_window
from wideberth_glare.reference_sea import SeaFrame
from wideberth_glare.self_test import glittering_window
from wideberth_media.pixels import as_array, mask_array

REFERENCE_GSD_M = 0.08


def _cleared(frames: tuple[SeaFrame, ...], neighbours: int, always: bool = False) -> tuple[SeaFrame, Cleared]:
    middle = frames[len(frames) // 2]
    beside = [f for f in frames if f is not middle][:neighbours]
    onto = [middle.image_from_sea @ np.linalg.inv(f.image_from_sea) for f in beside]
    given = [Neighbour(f.glinted, f.t_s - middle.t_s, h) for f, h in zip(beside, onto, strict=True)]
    return middle, clear(middle.glinted, given, scale_for(REFERENCE_GSD_M), Sight(), always)


def _psnr_db(a: np.ndarray, b: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / np.mean((a.astype(float) - b) ** 2)))


def test_glint_goes_on_the_reference_sea(glitter):
    truth, out = _cleared(glitter, 2)
    glint = truth.glinted.mean(axis=2) - truth.clean.mean(axis=2) > 8
    sea = glint & ~cv2.dilate((truth.boat | truth.dolphin).astype(np.uint8), np.ones((21, 21))).astype(bool)
    assert _psnr_db(truth.glinted[sea], truth.clean[sea]) < 10
    assert _psnr_db(out.pixels[sea], truth.clean[sea]) > 28


@pytest.mark.parametrize("neighbours", [0, 1, 2])
@pytest.mark.parametrize("clip", ["glitter", "sparse_samples"], ids=["30 fps", "5 fps, boat 8 m/s"])
def test_a_boat_survives_with_any_neighbours(clip, neighbours, request):
    truth, out = _cleared(request.getfixturevalue(clip), neighbours, always=True)
    assert np.mean(out.glint[truth.boat] > 0) < 0.1
    inside = cv2.erode(truth.boat.astype(np.uint8), np.ones((7, 7))) > 0
    assert np.array_equal(out.pixels[inside], truth.glinted[inside])
    assert _psnr_db(out.pixels[truth.boat], truth.clean[truth.boat]) > 30


def test_glint_at_the_rim_of_a_boat_goes_without_harm_to_the_boat(glitter):
    truth, out = _cleared(glitter, 2)
    rim = truth.boat & ~(cv2.erode(truth.boat.astype(np.uint8), np.ones((5, 5))) > 0)
    assert _psnr_db(out.pixels[rim], truth.clean[rim]) > _psnr_db(truth.glinted[rim], truth.clean[rim]) + 2


def test_foam_in_the_glitter_stays(glitter):
    truth, out = _cleared(glitter, 2)
    clean, seen = (cv2.cvtColor(p, cv2.COLOR_BGR2GRAY).astype(float) for p in (truth.clean, truth.glinted))
    things = cv2.dilate((truth.boat | truth.dolphin).astype(np.uint8), np.ones((21, 21))) > 0
    foam = (clean > np.median(clean) + 40) & (seen - clean < 8) & ~things
    assert foam.sum() > 100
    assert np.mean(out.glint[foam] > 0) < 0.5


def test_a_dolphin_stays_dark(glitter):
    truth, out = _cleared(glitter, 2)
    body = truth.dolphin.astype(np.uint8)
    ring = (cv2.dilate(body, np.ones((41, 41))) > 0) & (cv2.dilate(body, np.ones((7, 7))) == 0)
    true_depth = truth.clean[ring].mean() - truth.clean[truth.dolphin].mean()
    kept_depth = truth.clean[ring].mean() - out.pixels[truth.dolphin].mean()
    assert true_depth > 5
    assert kept_depth > 0.7 * true_depth


def test_no_pixel_darker_than_the_sea_is_refilled(glitter):
    truth, out = _cleared(glitter, 2)
    grey = cv2.cvtColor(truth.glinted, cv2.COLOR_BGR2GRAY)
    assert grey[out.glint > 0].min() > np.median(grey[out.glint == 0]) - 5


def test_a_sea_without_glint_comes_back_bit_identical(glitter):
    result = clear_window(window([f.clean for f in glitter], reference=1))
    assert result.outcome is ClearOutcome.NO_GLINT
    assert np.array_equal(as_array(result.frame), glitter[1].clean)
    assert result.glint_fraction == 0.0
    assert not any(result.glint_mask)


def test_outside_mask_and_skirt_every_pixel_is_the_original():
    given, _ = glittering_window()
    before = as_array(given.frames[1])
    result = clear_window(given)
    mask = mask_array(result.glint_mask, *before.shape[:2])
    touched = cv2.dilate(mask, np.ones((7, 7), np.uint8)) > 0
    assert result.outcome is ClearOutcome.CLEARED
    assert np.array_equal(as_array(result.frame)[~touched], before[~touched])
    assert result.glint_fraction == pytest.approx(np.mean(mask > 0))


def test_never_means_never():
    given, _ = glittering_window()
    result = clear_window(window([as_array(f) for f in given.frames], 1, GlintGate.NEVER))
    assert result.outcome is ClearOutcome.SWITCHED_OFF
    assert result.frame is not None
    assert np.array_equal(as_array(result.frame), as_array(given.frames[1]))


def test_the_input_is_never_written_to():
    given, _ = glittering_window()
    before = [bytes(f.pixels) for f in given.frames]
    clear_window(given)
    assert [bytes(f.pixels) for f in given.frames] == before


def test_the_same_window_gives_the_same_bytes():
    given, _ = glittering_window()
    first, second = clear_window(given), clear_window(given)
    assert bytes(first.frame.pixels) == bytes(second.frame.pixels)
    assert bytes(first.glint_mask) == bytes(second.glint_mask)


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (17, 31), (541, 963)], ids=str)
def test_odd_sizes_come_back_in_their_size(shape):
    picture = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    result = clear_window(window([picture, picture], 0, GlintGate.ALWAYS))
    assert as_array(result.frame).shape == (*shape, 3)
    assert len(result.glint_mask) == shape[0] * shape[1]
