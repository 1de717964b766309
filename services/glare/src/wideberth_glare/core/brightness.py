"""What is bright and near white against the sea: glint, foam and white vessels alike."""

import cv2
import numpy as np

from wideberth_glare.core.arrays import Bgr, Grey, Mask, over
from wideberth_glare.core.strips import rows_at_full, strips

ABOVE_SEA_DN = 22
WHITE_RATIO_PERCENT = 50
"""Smallest channel at least this share of the largest: near white, or saturated."""
SATURATED_DN = 247


def grey_of(pixels: Bgr) -> Grey:
    """Return the brightness, ITU-R BT.601 weights."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)


def strong_of(pixels: Bgr, grey: Grey) -> Grey:
    """Return grey, or red where that is more: an orange boat is as bright as a white one."""
    return np.asarray(cv2.max(grey, cv2.extractChannel(pixels, 2)), np.uint8)


def bright_white(frame: Bgr, grey: Grey, level: Grey, reduction: int) -> Mask:
    """Return 255 where a pixel is over `ABOVE_SEA_DN` brighter than the sea and near white.

    Args:
        level: sea level on the working grid.
        reduction: of that grid.
    """
    out = np.empty_like(grey)
    for strip in strips(grey.shape[0]):
        above = above_level(grey[strip], rows_at_full(level, strip, reduction))
        blue, green, red = (cv2.extractChannel(frame[strip], channel) for channel in range(3))
        smallest = cv2.min(cv2.min(blue, green), red)
        largest = cv2.max(cv2.max(blue, green), red)
        white = cv2.compare(smallest, cv2.convertScaleAbs(largest, alpha=WHITE_RATIO_PERCENT / 100), cv2.CMP_GE)
        cv2.bitwise_and(above, white, dst=out[strip])
    return out


def above_level(grey: Grey, level: Grey) -> Mask:
    """Return 255 where a grey frame is bright against the sea level of the same grid."""
    above = cv2.subtract(grey, level)
    return np.asarray(cv2.threshold(above, ABOVE_SEA_DN, 255, cv2.THRESH_BINARY, dst=above)[1], np.uint8)


def saturated(grey: Grey) -> Mask:
    """Return 255 where the camera could not tell how bright it was."""
    return over(grey, SATURATED_DN - 1)
