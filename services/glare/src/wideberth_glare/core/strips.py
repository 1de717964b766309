"""Work in strips: a strip and what is made of it stay in the cache, and the system is asked for few large arrays.

Asking is what costs: touching a fresh 4K mask for the first time takes longer than computing it.
"""

from collections.abc import Iterator

import cv2
import numpy as np

from wideberth_glare.core.arrays import Grey

STRIP_ROWS = 64
"""A multiple of every reduction."""


def strips(height: int) -> Iterator[slice]:
    """Yield slices of rows that together are all rows."""
    for top in range(0, height, STRIP_ROWS):
        yield slice(top, min(height, top + STRIP_ROWS))


def widened(rows: slice, margin: int, height: int) -> slice:
    """Return the rows with some more on both sides, as far as there are any."""
    return slice(max(0, rows.start - margin), min(height, rows.stop + margin))


def rows_at_full(grid: Grey, rows: slice, factor: int, interpolation: int = cv2.INTER_LINEAR) -> Grey:
    """Return some rows of a grid (one or more channels) enlarged to full size; the same as of enlarging all of it.

    Args:
        rows: at full size, whole cells.
        factor: pixels per cell and axis.
    """
    first, last = rows.start // factor, rows.stop // factor
    around = widened(slice(first, last), 1, grid.shape[0])
    part = grid[around]
    size = (part.shape[1] * factor, part.shape[0] * factor)
    large = np.asarray(cv2.resize(part, size, interpolation=interpolation), np.uint8)
    return large[(first - around.start) * factor : (last - around.start) * factor]
