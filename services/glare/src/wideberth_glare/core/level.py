"""The level of the sea: how bright the water is where the sun does not glint on it."""

import cv2
import numpy as np

from wideberth_glare.core.arrays import Grey

LEVEL_OFFSET_DN = 3
"""The minimum of several frames lies under the water's mean; added back."""
COARSENING = 4


def reduce_by_minimum(grey: Grey, factor: int) -> Grey:
    """Return the minimum of each `factor` x `factor` block: dark gaps between glints survive, glints do not.

    Args:
        grey: sides must be multiples of `factor`.
    """
    darkest = cv2.erode(grey, np.ones((factor, factor), np.uint8), anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(darkest[::factor, ::factor])


def sea_level(reduced: list[Grey]) -> Grey:
    """Return the sea level on the working grid from reduced and aligned frames, the reference among them."""
    darkest = reduced[0]
    for other in reduced[1:]:
        darkest = np.asarray(cv2.min(darkest, other), np.uint8)
    height, width = darkest.shape
    coarse = cv2.resize(darkest, (-(-width // COARSENING), -(-height // COARSENING)), interpolation=cv2.INTER_AREA)
    level = cv2.medianBlur(cv2.medianBlur(coarse, 5), 5)
    level = cv2.GaussianBlur(cv2.convertScaleAbs(level, beta=LEVEL_OFFSET_DN), (0, 0), 2)
    return np.asarray(cv2.resize(level, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def reduce_by_maximum(grey: Grey, factor: int) -> Grey:
    """Return the maximum of each `factor` x `factor` block; sides must be multiples of `factor`."""
    brightest = cv2.dilate(grey, np.ones((factor, factor), np.uint8), anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(brightest[::factor, ::factor])
