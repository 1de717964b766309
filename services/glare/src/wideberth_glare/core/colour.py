"""What is neither sea nor sunlight on it: decks, windows, people, hulls in shade, animals.

Sunlight takes the sea's colour along a line to white: on the working grid the differences between channels shrink in
proportion as the brightness rises. What lies off that line, or below the sea's brightness, is a thing. It does not
see white things (the guard's solid parts do), and a sensor that tints its highlights makes glint look like a thing.
"""

import cv2
import numpy as np

from wideberth_glare.core.arrays import Bgr, Floats, Grey, Mask, over, reduce_by_mean, shifted
from wideberth_glare.core.scale import Scale
from wideberth_glare.core.strips import strips

OFF_LINE_DN = 22
DARKER_DN = 22
SMOOTH_CELLS = 15
"""SD of the window over which the sea's colour is taken, 2.4 m."""
COARSENING = 8
"""Cells of the working grid over which the sea's colour is averaged first."""
WINDOW_CELLS = 61
LEAST_SEA_SHARE = 0.55
"""Share of a window of 10 m that must be free of bright pixels: in dense glitter nobody knows the sea's colour."""
MOST_ROOM = 1.2
"""Of the sea's own distance to white: darker things are compared with the sea's colour at this."""
DIFFERENCES = np.array([[-1, 0, 1, 0], [-0.5, 1, -0.5, 0], [-1 / 3, -1 / 3, -1 / 3, 255]], np.float32)
"""From B, G, R."""


def _sea_colour(small: Bgr, free: Mask) -> Floats:
    """Return the mean colour of the sea around, on a grid coarser by `COARSENING`; (h, w, 3); of every fourth cell."""
    some, known = small[::2, ::2], np.ascontiguousarray(free[::2, ::2])
    masked = cv2.bitwise_and(some, cv2.merge([known] * 3))
    parts = (reduce_by_mean(shifted(part), COARSENING // 2) for part in (masked, known))
    sigma = SMOOTH_CELLS / COARSENING
    total, share = (cv2.GaussianBlur(part.astype(np.float32), (0, 0), sigma) for part in parts)
    return np.asarray(total * (255 / np.maximum(share, 1))[..., None], np.float32)


def _differences(colour: Floats) -> list[Floats]:
    """Return red less blue, green less the mean of both, and the distance to white, of a picture (h, w, 3)."""
    at_once = cv2.transform(colour, DIFFERENCES)
    return [np.asarray(cv2.extractChannel(at_once, c), np.float32) for c in range(3)]


def _off_line(small: Bgr, free: Mask, clear: Mask) -> Mask:
    """Return 255 where the colour is not the sea's with some sunlight on it.

    Args:
        free: 255 where no pixel of the cell is bright; same size.
        clear: 255 where the answer is wanted.
    """
    *sea, sea_white = _differences(_sea_colour(small, free))
    size = (small.shape[1], small.shape[0])
    room = cv2.resize(sea_white * np.float32(MOST_ROOM), size, interpolation=cv2.INTER_LINEAR)
    per_white = [cv2.resize(d / np.maximum(sea_white, 1), size, interpolation=cv2.INTER_LINEAR) for d in sea]
    out = np.zeros(free.shape, np.uint8)
    for strip in strips(len(out)):
        if not cv2.countNonZero(clear[strip]):
            continue
        *here, white = _differences(small[strip].astype(np.float32))
        light = np.minimum(white, room[strip])
        off = [np.abs(d - light * per[strip]) for d, per in zip(here, per_white, strict=True)]
        out[strip] = np.where(np.maximum(*off) > OFF_LINE_DN, 255, 0)
    return out


def things(frame: Bgr, darkest: Grey, level: Grey, lit: Mask, scale: Scale) -> Mask:
    """Return 255 on the working grid where something is neither sea nor sunlight.

    Args:
        frame: full size.
        darkest: darkest of each cell of the reference.
        level: sea level on the grid.
        lit: 255 where a cell holds a bright and white pixel.
    """
    free = np.asarray(cv2.bitwise_not(lit), np.uint8)
    clear = over(np.asarray(cv2.blur(free, (WINDOW_CELLS, WINDOW_CELLS)), np.uint8), LEAST_SEA_SHARE * 255)
    off = _off_line(reduce_by_mean(frame, scale.reduction), free, clear)
    dark = over(np.asarray(cv2.subtract(level, darkest), np.uint8), DARKER_DN)
    return np.asarray(cv2.bitwise_and(cv2.bitwise_or(off, dark), clear), np.uint8)
