"""The level of the sea: how bright the water is where the sun does not glint on it."""

import cv2
import numpy as np

from wideberth_glare.core.arrays import Grey, grown_to, reduce_by_mean

LEVEL_OFFSET_DN = 3
"""The minimum of several frames lies under the water's mean; added back."""
COARSENING = 4


def sea_level(reduced: list[Grey]) -> Grey:
    """Return the sea level on the working grid from reduced and aligned frames, the reference among them."""
    darkest = reduced[0]
    for other in reduced[1:]:
        darkest = np.asarray(cv2.min(darkest, other), np.uint8)
    level = cv2.medianBlur(cv2.medianBlur(reduce_by_mean(darkest, COARSENING), 5), 5)
    level = cv2.GaussianBlur(cv2.convertScaleAbs(level, beta=LEVEL_OFFSET_DN), (0, 0), 2)
    return grown_to(np.asarray(level, np.uint8), darkest, cv2.INTER_LINEAR)
