"""What is bright and near white against the sea: glint, foam and white vessels alike."""

import cv2
import numpy as np

from wideberth_glare.core.arrays import Bgr, Grey, Mask, over

ABOVE_SEA_DN = 22
WHITE_RATIO_PERCENT = 50
"""Smallest channel at least this share of the largest: near white, or saturated."""


def bright_white(frame: Bgr, grey: Grey, level: Grey) -> Mask:
    """Return 255 where a pixel is over `ABOVE_SEA_DN` brighter than the sea and near white.

    Args:
        level: sea level at full size.
    """
    blue, green, red = cv2.split(frame)
    smallest = cv2.min(cv2.min(blue, green), red)
    largest = cv2.max(cv2.max(blue, green), red)
    white = cv2.compare(smallest, cv2.convertScaleAbs(largest, alpha=WHITE_RATIO_PERCENT / 100), cv2.CMP_GE)
    bright = above_level(grey, level)
    return np.asarray(cv2.bitwise_and(bright, white), np.uint8)


def above_level(grey: Grey, level: Grey) -> Mask:
    """Return 255 where a grey frame is bright against the sea level of the same grid."""
    return over(np.asarray(cv2.subtract(grey, level), np.uint8), ABOVE_SEA_DN)
