"""The skirt of a glint: sunlight added to pixels that are not saturated.

Water is nearly black in red, so red measures how much was added.
"""

import cv2
import numpy as np

from wideberth_glare.core.arrays import FINE_SHIFT, Bgr, Floats, Mask, ellipse, grown_to, reduce_by_mean, shifted
from wideberth_glare.core.strips import strips

HALO_PX = 5
BLOCK_PX = 16
SLOPE_RANGE = (0.3, 1.1)
SLOPE_STEP_PX = 8
LEAST_SLOPE_SAMPLES = 300


def _sea_red(red: Mask, good: Mask) -> Mask:
    """Return the red of the sea, smooth, from good pixels only."""
    total, share = (_coarse(part) for part in (np.asarray(cv2.bitwise_and(red, good), np.uint8), good))
    smooth = cv2.GaussianBlur(total, (0, 0), 2) * 255 / np.maximum(cv2.GaussianBlur(share, (0, 0), 2), 0.25)
    return grown_to(np.asarray(cv2.convertScaleAbs(smooth), np.uint8), red, cv2.INTER_LINEAR)


def _coarse(image: Mask) -> Floats:
    """Return the means of blocks of `BLOCK_PX`, without the rounding that 8 bit would bring."""
    fine = reduce_by_mean(shifted(reduce_by_mean(image, 2)), BLOCK_PX // 2)
    return np.asarray(fine, np.float32) / np.float32(1 << FINE_SHIFT)


def _slopes(frame: Bgr, halo: Mask) -> tuple[float, float, float]:
    """Return how much of each channel comes with one level of red on the skirt: the sunlight's colour."""
    step = SLOPE_STEP_PX
    samples = frame[::step, ::step][halo[::step, ::step] > 0].astype(np.float32)
    samples = samples[samples[:, 2] < 250]
    if len(samples) < LEAST_SLOPE_SAMPLES:
        return 1.0, 1.0, 1.0
    red = samples[:, 2] - samples[:, 2].mean()
    variance = max(float(red @ red), 1e-6)
    found = (samples - samples.mean(axis=0)).T @ red / variance
    low, high = SLOPE_RANGE
    blue, green, own = (float(np.clip(k, low, high)) for k in found)
    return blue, green, own


def halo_of(glint: Mask, kept: Mask) -> Mask:
    """Return the skirt: within 2 px of glint, not glint, not kept."""
    wide = cv2.dilate(glint, ellipse(HALO_PX))
    return np.asarray(cv2.bitwise_and(wide, cv2.bitwise_not(cv2.bitwise_or(glint, kept))), np.uint8)


def dehalo(frame: Bgr, glint: Mask, kept: Mask, halo: Mask) -> tuple[Bgr, Mask]:
    """Return the frame with the sunlight of the skirt taken off, and how much was red (DN); elsewhere nothing changes.

    Args:
        kept: vessels; not used as sea.
    """
    near_kept = cv2.dilate(kept, ellipse(HALO_PX))
    good = np.asarray(cv2.bitwise_not(cv2.bitwise_or(cv2.bitwise_or(glint, halo), near_kept)), np.uint8)
    red = np.asarray(cv2.extractChannel(frame, 2), np.uint8)
    excess = np.asarray(cv2.bitwise_and(cv2.subtract(red, _sea_red(red, good)), halo), np.uint8)
    slopes = _slopes(frame, halo)
    out = np.empty_like(frame)
    for strip in strips(frame.shape[0]):
        parts = [cv2.convertScaleAbs(excess[strip], alpha=k) for k in slopes]
        cv2.subtract(frame[strip], cv2.merge(parts), dst=out[strip])
    return out, excess
