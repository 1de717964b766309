"""Push-pull: holes take the colour of the clean sea around them, from the same frame, coarse to fine."""

import cv2
import numpy as np

from wideberth_glare.core.arrays import Bgr, Floats, Mask, reduce_by_mean, shifted
from wideberth_glare.core.strips import strips

MAX_LEVELS = 7
SMALLEST_SIDE_PX = 8


def known_cells(frame: Bgr, known: Mask, factor: int) -> tuple[Mask, Floats]:
    """Return 255 where any pixel of a cell is known, and the mean colour of those pixels, 0 where there is none.

    Args:
        frame: sides are multiples of `factor`.
        known: 255 where a pixel may be a source.
        factor: a power of 2; pixels per cell and axis.
    """
    rows, columns = known.shape[0] // factor, known.shape[1] // factor
    cells, colour = np.empty((rows, columns), np.uint8), np.empty((rows, columns, 3), np.float32)
    for strip in strips(known.shape[0]):
        within = slice(strip.start // factor, strip.stop // factor)
        masked = cv2.bitwise_and(frame[strip], cv2.merge([known[strip]] * 3))
        parts = (known[strip], masked)
        share, total = (reduce_by_mean(shifted(part), factor).astype(np.float32) for part in parts)
        cells[within] = np.where(share > 0, 255, 0)
        factors = np.float32(255) / np.maximum(share, 1)
        cv2.multiply(total, cv2.merge([factors] * 3), dst=colour[within])
    return cells, colour


def _divided(colour: Floats, weight: Floats) -> Floats:
    scarce = np.maximum(weight, np.float32(1e-4))
    return np.asarray(cv2.divide(colour, cv2.merge([scarce] * 3)), np.float32)


def _pushed(cells: Mask, colour: Floats) -> list[tuple[Floats, Floats]]:
    """Return weight and colour times weight, ever coarser; the cells themselves are not among them."""
    weight = np.asarray(cv2.threshold(cells, 0, 1, cv2.THRESH_BINARY)[1], np.float32)
    levels = [(weight, colour)]
    while len(levels) < 2 or (min(levels[-1][0].shape) > SMALLEST_SIDE_PX and len(levels) < MAX_LEVELS):
        w, c = levels[-1]
        levels.append((np.asarray(cv2.pyrDown(w), np.float32), np.asarray(cv2.pyrDown(c), np.float32)))
    return levels[1:]


def push_pull(cells: Mask, colour: Floats) -> Bgr:
    """Return a colour for every cell: the known ones as they are, low-passed where they had to grow into the unknown.

    Args:
        cells: 255 where a cell is known.
        colour: (h, w, 3), 0 where it is not.
    """
    levels = _pushed(cells, colour)
    weight, total = levels[-1]
    filled = _divided(total, weight)
    for weight, total in reversed(levels[:-1]):
        up = cv2.pyrUp(filled, dstsize=(weight.shape[1], weight.shape[0]))
        alpha = cv2.merge([np.minimum(4 * weight, np.float32(1))] * 3)
        step = cv2.multiply(alpha, cv2.subtract(_divided(total, weight), up))
        filled = np.asarray(cv2.add(up, step), np.float32)
    out = cv2.convertScaleAbs(cv2.pyrUp(filled, dstsize=(cells.shape[1], cells.shape[0])))
    return np.asarray(cv2.copyTo(cv2.convertScaleAbs(colour), cells, out), np.uint8)
