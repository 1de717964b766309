"""From a crop to how far it is from clutter.

The map of the network says for each place how badly the student, which has seen clutter only, predicts the teacher.
Only the middle of the crop counts, where the detection lies: a neighbour, a boat's edge or one glint beside it says
nothing about it. A single cell would be noise, so the mean of the highest cells is taken.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

# The detection's square with 15 % around it.
BOX_MARGIN = 1.15
# Share of the cells within the box whose mean is the score.
TOP_FRACTION = 0.1
LEAST_CELLS = 4


def network_input(crop: NDArray[np.uint8], side_px: int) -> NDArray[np.float32]:
    """What the network sees of a crop: (1, 3, side, side), RGB, 0..1.

    Args:
        crop: (height, width, 3) BGR.
        side_px: of the network's input.
    """
    # Averaging where pixels are lost; where they are made up, the smoothest that keeps edges.
    shrinks = max(crop.shape[:2]) > side_px
    resized = cv2.resize(crop, (side_px, side_px), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    planes = np.asarray(resized, np.float32)[:, :, ::-1].transpose(2, 0, 1)
    return np.ascontiguousarray(planes[None] / np.float32(255))


def score_of(anomaly_map: NDArray[np.float32], box_fraction: float) -> float:
    """How far the middle of a crop is from clutter; higher is farther.

    Args:
        anomaly_map: (rows, columns) over the whole crop.
        box_fraction: the detection's long side as a share of the crop's side.
    """
    rows, columns = anomaly_map.shape
    reach = min(1.0, box_fraction * BOX_MARGIN) / 2
    down, across = (_within(rows, reach), _within(columns, reach))
    cells = np.sort(anomaly_map[down, across], axis=None)[::-1]
    count = max(LEAST_CELLS, math.ceil(TOP_FRACTION * cells.size))
    return float(np.mean(cells[:count], dtype=np.float64))


def _within(cells: int, reach: float) -> slice:
    """The cells of one axis that the box covers, at least the middle two."""
    half = max(1, math.ceil(reach * cells))
    middle = cells // 2
    return slice(max(0, middle - half), min(cells, middle + half))
