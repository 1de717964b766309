"""What stands out from the water: darker, brighter or redder than the sea around it, by the sea's own measure.

Water is nearly black in red, so a grey back or a hull, wet or an arm's length under water, is redder than the sea
around it where it is no darker. Each of the three is measured twice: by the spread of the sea, and by what the sea
around does in its strongest tenth, so that glint, whitecaps and wave crests call less than a single back on quiet
water. Evidence of the three adds up: a dolphin is a little of each, a sparkle much of one.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from wideberth_detector.core.levels import Pixels

# The long side at which the water is looked at: the median dolphin of a 4K frame (64 x 16 px) is then 16 x 4 px.
LEAST_PX = 960
# Side in pixels of the reduced frame of a cell of the answer, and of a block of the sea.
CELL_PX = 4
BLOCK_PX = 16
# Least spread of the sea in grey levels: below it is the noise of the sensor.
LEAST_SPREAD = 0.6
# The sea around a cell: a window of so many cells each way, and the share of them that are ordinary.
WINDOW_CELLS = 12
ORDINARY = 0.9
# Each evidence counts at most so often its strongest hundredth in the frame: else one bright hull is all there is.
MOST_EVIDENCE = 3.0

Map = NDArray[np.float32]


def salience(picture: Pixels) -> Map:
    """How much each cell stands out from the sea around it.

    Args:
        picture: (height, width, 3) BGR, reduced so that the long side is `LEAST_PX` or little more.

    Returns:
        (ceil(height / CELL_PX), ceil(width / CELL_PX)), from 0 to 3 * MOST_EVIDENCE; water seldom reaches 2.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    red = picture[:, :, 2].astype(np.float32) - picture[:, :, 1]
    deviation, spread = _against_the_sea(grey)
    redder, red_spread = _against_the_sea(np.asarray(cv2.blur(red, (3, 3)), np.float32))
    evidence = (_most(deviation) / spread, _most(-deviation) / spread, _most(redder) / red_spread)
    total = np.zeros_like(evidence[0])
    for plane in evidence:
        total += _unusual(np.maximum(plane, 0))
    return total


def _against_the_sea(plane: Map) -> tuple[Map, Map]:
    """Pixels less the level of the sea around them, and the spread of that sea at each cell.

    Level and spread are medians over 5 by 5 blocks, so that no boat or pod is taken for the sea.
    """
    height, width = plane.shape
    down, across = -(-height // BLOCK_PX), -(-width // BLOCK_PX)
    # Whole blocks only: the mean over a whole number of pixels is ten times faster than over a broken one.
    below, beside = down * BLOCK_PX - height, across * BLOCK_PX - width
    whole = cv2.copyMakeBorder(plane, 0, below, 0, beside, cv2.BORDER_REPLICATE)
    level = cv2.medianBlur(cv2.resize(whole, (across, down), interpolation=cv2.INTER_AREA), 5)
    deviation = whole - cv2.resize(level, whole.shape[::-1], interpolation=cv2.INTER_LINEAR)
    spread = cv2.medianBlur(cv2.resize(np.abs(deviation), (across, down), interpolation=cv2.INTER_AREA), 5)
    cells = (across * BLOCK_PX // CELL_PX, down * BLOCK_PX // CELL_PX)
    spread = np.maximum(cv2.resize(spread, cells, interpolation=cv2.INTER_LINEAR), LEAST_SPREAD)
    rows, columns = -(-height // CELL_PX), -(-width // CELL_PX)
    return np.asarray(deviation[:height, :width], np.float32), np.asarray(spread[:rows, :columns], np.float32)


def _most(plane: Map) -> Map:
    """The highest pixel of each cell."""
    # Anchored at its first pixel, the kernel covers the cell that starts there.
    kernel = np.ones((CELL_PX, CELL_PX), np.uint8)
    highest = cv2.dilate(plane, kernel, anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(highest[::CELL_PX, ::CELL_PX], np.float32)


def _unusual(cells: Map) -> Map:
    """Cells in units of what the sea around does in its strongest tenth, then of the frame's strongest hundredth."""
    height, width = cells.shape
    down, across = -(-height // WINDOW_CELLS), -(-width // WINDOW_CELLS)
    whole = np.pad(cells, ((0, down * WINDOW_CELLS - height), (0, across * WINDOW_CELLS - width)), mode="edge")
    windows = whole.reshape(down, WINDOW_CELLS, across, WINDOW_CELLS).swapaxes(1, 2).reshape(down, across, -1)
    place = int(ORDINARY * windows.shape[2])
    ordinary = cv2.medianBlur(np.partition(windows, place, axis=2)[:, :, place].astype(np.float32), 3)
    relative = cells / np.maximum(cv2.resize(ordinary, (width, height), interpolation=cv2.INTER_LINEAR), 1e-3)
    strong = max(float(np.quantile(relative, 0.99)), 1e-3)
    return np.minimum(relative / strong, MOST_EVIDENCE)
