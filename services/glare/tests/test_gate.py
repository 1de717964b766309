"""What opens the gate, and what must not."""

import cv2
import numpy as np
import pytest
from windows import pose, window

from wideberth_contracts.errors import BadInput
from wideberth_contracts.frames import ClearOutcome, FrameWindow, GlintGate
from wideberth_glare.local import clear_window
from wideberth_glare.self_test import WATER_BGR, glittering_window
from wideberth_media.pixels import as_array, mask_array

SHAPE = (540, 960, 3)


def _water(seed: int = 0) -> np.ndarray:
    ripple = cv2.GaussianBlur(np.random.default_rng(seed).normal(0, 20, SHAPE[:2]), (0, 0), 4)
    return np.clip(np.array(WATER_BGR) + ripple[..., None], 0, 255).astype(np.uint8)


def _surf() -> np.ndarray:
    """A broken wave: a wide band of foam, bright, textured and not saturated."""
    rng = np.random.default_rng(5)
    foam = 190 + 40 * cv2.GaussianBlur(rng.normal(0, 1, SHAPE[:2]), (0, 0), 1.5) * 3
    holes = cv2.GaussianBlur(rng.normal(0, 1, SHAPE[:2]), (0, 0), 3) > 0.06
    picture = _water()
    band = np.zeros(SHAPE[:2], bool)
    band[180:330] = True
    where = band & ~holes
    picture[where] = np.clip(foam, 0, 240)[where][:, None]
    return picture


def _whitecaps() -> np.ndarray:
    picture = _water()
    rng = np.random.default_rng(7)
    for x, y in zip(rng.integers(0, 960, 40), rng.integers(0, 540, 40), strict=True):
        cv2.ellipse(picture, (int(x), int(y)), (14, 4), int(rng.integers(0, 180)), 0, 360, (235, 235, 235), -1)
    return picture


def _boat_and_wake() -> np.ndarray:
    picture = _water()
    cv2.ellipse(picture, (400, 260), (45, 14), 0, 0, 360, (255, 255, 255), -1)
    rng = np.random.default_rng(3)
    for x, y in zip(rng.integers(445, 640, 400), rng.normal(260, 10, 400), strict=True):
        cv2.circle(picture, (int(x), int(y)), 1, (255, 255, 255), -1)
    return picture


@pytest.mark.parametrize("make", [_water, _surf, _whitecaps, _boat_and_wake])
@pytest.mark.parametrize("frames", [1, 3])
def test_no_glint_no_touch(make, frames):
    picture = make()
    result = clear_window(window([picture] * frames, frames // 2))
    assert result.outcome is ClearOutcome.NO_GLINT
    assert np.array_equal(as_array(result.frame), picture)


def test_specks_that_stay_are_no_glint():
    given, _ = glittering_window(1)
    still = as_array(given.frames[0])
    assert clear_window(window([still], 0)).outcome is ClearOutcome.CLEARED
    assert clear_window(window([still, still, still], 1)).outcome is ClearOutcome.NO_GLINT


def test_glint_stays_where_there_is_no_glitter_field():
    given, _ = glittering_window(3, boat=False)
    pictures = []
    for number, one in enumerate(given.frames):
        picture = _water(number)
        picture[:, :400] = as_array(one)[:, :400]
        cv2.ellipse(picture, (800, 270), (40, 12), 30, 0, 360, (255, 255, 255), -1)
        pictures.append(picture)
    result = clear_window(window(pictures, 1))
    mask = mask_array(result.glint_mask, *SHAPE[:2])
    assert result.outcome is ClearOutcome.CLEARED
    assert np.mean(mask[:, :350] > 0) > 0.1
    assert not mask[:, 560:].any()


def test_the_sky_is_never_touched():
    given, _ = glittering_window(3, boat=False)
    pictures = [as_array(f) for f in given.frames]
    level = tuple(pose(960, 540, height_m=25.0, pitch_deg=-8.0, focal_px=700.0) for _ in pictures)
    result = clear_window(window(pictures, 1, GlintGate.ALWAYS, poses=level))
    horizon_px = round(270 - 700.0 * np.tan(np.radians(8.0)))
    mask = mask_array(result.glint_mask, *SHAPE[:2])
    assert not mask[: horizon_px + 5].any()
    assert np.array_equal(as_array(result.frame)[: horizon_px + 5], pictures[1][: horizon_px + 5])
    assert mask[horizon_px + 150 :].any()


def test_a_saturated_picture_is_left_alone():
    picture = np.full(SHAPE, 255, np.uint8)
    assert clear_window(window([picture], 0)).outcome is ClearOutcome.NO_GLINT


def test_a_window_that_makes_no_sense_is_refused():
    given, _ = glittering_window()
    with pytest.raises(BadInput, match="reference"):
        clear_window(FrameWindow(given.frames, 3, given.poses, given.settings))
    with pytest.raises(BadInput, match="pose"):
        clear_window(FrameWindow(given.frames, 1, given.poses[:2], given.settings))
    mixed = window([_water(), _water()[:270]], 0)
    with pytest.raises(BadInput, match="size"):
        clear_window(mixed)
