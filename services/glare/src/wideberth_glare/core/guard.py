"""The guard: bright things that are no glint stay as they are.

A glint is smaller than a vessel, and what is solid over 0.8 m in the *reference alone* is almost never glint. So the
reference proposes and the neighbours may only refuse: a small solid part is given up as glint when no neighbour holds
a part of its shape within the distance a fast vessel covers in between. That way neither a moving vessel nor a missing
neighbour can delete a vessel. Limits: white things under about 1.4 m2 (a buoy, a swimmer) fall through; glints that
run together into a solid patch larger than `ALWAYS_KEPT_M2` stay in the picture.
"""

import cv2
import numpy as np

from wideberth_glare.core.arrays import Grey, Mask, ellipse
from wideberth_glare.core.brightness import above_level
from wideberth_glare.core.scale import Scale, odd

LEAST_AREA_M2 = 1.4
ALWAYS_KEPT_M2 = 6.0
"""Larger than this no part is given up, whatever the neighbours show."""
FASTEST_MPS = 20.0
SLACK_M = 0.8
"""Reach besides motion: registration and the sway of the drone."""
LARGEST_REACH_CELLS = 40
SAME_SHARE = 0.75
"""Share of a part's cells that must be bright in a neighbour for the part to count as seen again."""
GROWTH_M = 0.5


def _seen_again(shape: Mask, bright: Mask, box: tuple[int, int, int, int], reach: int) -> bool:
    """Say whether a neighbour holds the shape (0/1 floats) within `reach` cells of its box (x, y, w, h)."""
    x, y, width, height = box
    top, left = max(0, y - reach), max(0, x - reach)
    window = bright[top : y + height + reach, left : x + width + reach]
    found = cv2.matchTemplate((window > 0).astype(np.float32), shape.astype(np.float32), cv2.TM_CCORR)
    return bool(found.max() >= SAME_SHARE * shape.sum())


def solid_parts(reduced: Grey, neighbours: list[tuple[Grey, float]], level: Grey, scale: Scale) -> Mask:
    """Return 255 on the working grid where something solid is bright, and not seen to scintillate.

    Args:
        reduced: the reference.
        neighbours: reduced and aligned, each with its time from the reference in s.
        level: sea level on the grid.
    """
    opened = cv2.morphologyEx(above_level(reduced, level), cv2.MORPH_OPEN, ellipse(scale.solid_cells))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    keep = np.where(areas >= scale.area_cells(LEAST_AREA_M2), 255, 0).astype(np.uint8)
    keep[0] = 0
    others = [(above_level(other, level), _reach_cells(offset_s, scale)) for other, offset_s in neighbours]
    for part in range(1, count):
        if not others or not keep[part] or areas[part] >= scale.area_cells(ALWAYS_KEPT_M2):
            continue
        x, y, width, height = (int(v) for v in stats[part, :4])
        shape = np.asarray(labels[y : y + height, x : x + width] == part, np.uint8)
        if not any(_seen_again(shape, bright, (x, y, width, height), reach) for bright, reach in others):
            keep[part] = 0
    return np.asarray(keep[labels], np.uint8)


def _reach_cells(offset_s: float, scale: Scale) -> int:
    return min(LARGEST_REACH_CELLS, scale.cells(SLACK_M + FASTEST_MPS * abs(offset_s)))


def grown(solid: Mask, bright: Mask, scale: Scale) -> Mask:
    """Return the solid parts at full size, grown into what is solid around them in this very frame.

    Args:
        solid: on the working grid.
        bright: bright and white, at full size.
    """
    size = (bright.shape[1], bright.shape[0])
    full = cv2.resize(solid, size, interpolation=cv2.INTER_NEAREST)
    near = cv2.dilate(solid, ellipse(odd(2 * GROWTH_M / scale.cell_m, 3)))
    near = cv2.resize(near, size, interpolation=cv2.INTER_NEAREST)
    firm = cv2.morphologyEx(bright, cv2.MORPH_OPEN, ellipse(5))
    return np.asarray(cv2.bitwise_or(full, cv2.bitwise_and(near, firm)), np.uint8)
