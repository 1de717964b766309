"""A frame at full size, half, a quarter …: each level the mean of two by two pixels of the one above."""

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


class Levels:
    """The levels of one frame, made when first asked for.

    Level k is reduced 2^k times; pixel centres are at half-integers, so a place x of the frame is at x / 2^k. An odd
    last row or column is left out.
    """

    def __init__(self, pixels: Pixels) -> None:
        """Take the frame: (height, width, 3) BGR."""
        self._levels = [pixels]

    def at(self, level: int) -> Pixels:
        """The frame reduced 2^level times."""
        while len(self._levels) <= level:
            above = self._levels[-1]
            height, width = above.shape[0] // 2, above.shape[1] // 2
            # Twice by two is more than twice as fast as once by four.
            half = cv2.resize(above[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
            self._levels.append(np.asarray(half, np.uint8))
        return self._levels[level]


def level_reaching(long_px: int, least_px: int) -> int:
    """The most reduced level whose long side has still `least_px`; 0 where the frame itself is smaller."""
    level = 0
    while (long_px >> (level + 1)) >= least_px:
        level += 1
    return level
