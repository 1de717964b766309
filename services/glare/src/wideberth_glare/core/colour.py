"""What is neither sea nor sunlight on it: decks, windows, people, hulls in shade, animals.

Sunlight takes the sea's colour along a line to white: on the working grid the differences between channels shrink in
proportion as the brightness rises. What lies off that line, or below the sea's brightness, is a thing. It does not
see white things (the guard's solid parts do), and a sensor that tints its highlights makes glint look like a thing.
"""

import cv2
import numpy as np

from wideberth_glare.core.arrays import Bgr, Floats, Grey, Mask

OFF_LINE_DN = 22
DARKER_DN = 22
SMOOTH_CELLS = 15
"""SD of the window over which the sea's colour is taken, 2.4 m."""
WINDOW_CELLS = 61
LEAST_SEA_SHARE = 0.55
"""Share of a window of 10 m that must be free of bright pixels: in dense glitter nobody knows the sea's colour."""


def _sea_mean(values: Floats, weight: Floats) -> Floats:
    """Return the weighted mean around each cell, from a coarse grid."""
    size = (max(1, weight.shape[1] // 8), max(1, weight.shape[0] // 8))
    total = cv2.resize(cv2.multiply(values, weight), size, interpolation=cv2.INTER_AREA)
    share = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
    sigma = SMOOTH_CELLS / 8
    mean = cv2.GaussianBlur(total, (0, 0), sigma) / np.maximum(cv2.GaussianBlur(share, (0, 0), sigma), 1e-3)
    back = cv2.resize(mean.astype(np.float32), (weight.shape[1], weight.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(back, np.float32)


def things(frame: Bgr, darkest: Grey, level: Grey, bright: Mask) -> Mask:
    """Return 255 on the working grid where something is neither sea nor sunlight.

    Args:
        frame: full size.
        darkest: darkest of each cell of the reference.
        level: sea level on the grid.
        bright: bright and white, at full size.
    """
    size = (level.shape[1], level.shape[0])
    small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    blue, green, red = (np.asarray(c, np.float32) for c in cv2.split(small))
    mean = (blue + green + red) * np.float32(1 / 3)
    sea = np.asarray(cv2.resize(bright, size, interpolation=cv2.INTER_AREA) == 0, np.float32)
    room = np.clip((255 - mean) / np.maximum(255 - _sea_mean(mean, sea), 1), 0, 1.2)
    off = np.zeros(level.shape, np.float32)
    for difference in (red - blue, green - (red + blue) * np.float32(0.5)):
        off = np.maximum(off, np.abs(difference - room * _sea_mean(difference, sea)))
    dark = np.asarray(cv2.subtract(level, darkest), np.uint8) > DARKER_DN
    clear = cv2.blur(sea, (WINDOW_CELLS, WINDOW_CELLS)) >= LEAST_SEA_SHARE
    return np.where(((off > OFF_LINE_DN) | dark) & clear, 255, 0).astype(np.uint8)
