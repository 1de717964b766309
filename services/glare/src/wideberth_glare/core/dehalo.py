"""The skirt of a glint: sunlight added to pixels that are not saturated.

Water is nearly black in red, so red measures how much was added.
"""

import cv2
import numpy as np

from wideberth_glare.core.arrays import FINE_SHIFT, Bgr, Floats, Mask, reduce_by_mean, shifted

HALO_PX = 5
"""Diameter of the disc by which glint is grown: the skirt is 2 px wide."""
BLOCK_PX = 8
SMOOTH_BLOCKS = 4
LEAST_SHARE = 0.25
"""Of 255, in the smoothed share of sea in a block: less tells nothing."""
SAME_SEA_DN = 30
"""How much darker than the mean of the sea a pixel of it may be in blue and green."""
SLOPE_RANGE = (0.3, 1.1)
SLOPE_STEP_PX = 8
LEAST_SLOPE_SAMPLES = 300


def block_means(frame: Bgr, other: Mask) -> tuple[Floats, Floats]:
    """Return for each block the mean colour of its sea pixels times their share, (h, w, 3), and that share (0 to 255).

    Every fourth pixel is looked at.

    Args:
        frame: some rows of the frame, whole blocks.
        other: 255 where there is no sea, or glint on it.
    """
    good = np.asarray(cv2.bitwise_not(other[::2, ::2]), np.uint8)
    masked = np.asarray(cv2.bitwise_and(frame[::2, ::2], cv2.merge([good] * 3)), np.uint8)
    total, share = (reduce_by_mean(shifted(part), BLOCK_PX // 2).astype(np.float32) for part in (masked, good))
    step = np.float32(1 << FINE_SHIFT)
    return np.asarray(total / step, np.float32), np.asarray(share / step, np.float32)


def sea_colour(means: list[tuple[Floats, Floats]]) -> Bgr:
    """Return the colour of the sea around each block, smooth.

    Args:
        means: of all rows, from the top.
    """
    total, share = (cv2.GaussianBlur(np.vstack(parts), (0, 0), SMOOTH_BLOCKS) for parts in zip(*means, strict=True))
    return np.asarray(cv2.convertScaleAbs(total * (255 / np.maximum(share, LEAST_SHARE))[..., None]), np.uint8)


def slopes(frame: Bgr, halo: Mask) -> tuple[float, float, float]:
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


def excess_of(frame: Bgr, sea: Bgr, halo: Mask, colour: tuple[float, float, float]) -> Mask:
    """Return by how much red is over the sea's red on the skirt, as far as it is sunlight, DN; 0 elsewhere.

    Sunlight lifts blue and green too: an animal's skin is redder than the sea without being bluer, and stays.

    Args:
        colour: how much of each channel comes with one level of red.
    """
    excess = np.asarray(cv2.subtract(cv2.extractChannel(frame, 2), cv2.extractChannel(sea, 2)), np.uint8)
    for channel in range(2):
        least = np.maximum(cv2.extractChannel(sea, channel), SAME_SEA_DN) - np.uint8(SAME_SEA_DN)
        lifted = cv2.subtract(cv2.extractChannel(frame, channel), least)
        excess = np.asarray(cv2.min(excess, cv2.convertScaleAbs(lifted, alpha=1 / colour[channel])), np.uint8)
    return np.asarray(cv2.bitwise_and(excess, halo), np.uint8)
