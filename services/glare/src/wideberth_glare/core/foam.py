"""Foam and whitecaps in a glitter field: bright and white like glint, but dull, wide and lasting.

A glint is either saturated or the narrow skirt of something saturated. What is bright over half a metre without one
saturated pixel, and lasts in every neighbour, is foam and stays as it is. One frame alone cannot tell it from the dull
patches of a low sun.
"""

import cv2
import numpy as np

from wideberth_glare.core.arrays import Grey, Mask, ellipse, grown_to
from wideberth_glare.core.brightness import above_level, saturated
from wideberth_glare.core.cells import Cells
from wideberth_glare.core.scale import Scale, odd

DULL_M = 0.45
"""Diameter over which nothing may be saturated."""
GROWTH_M = 0.45


def foam(cells: Cells, grey: Grey, level: Grey, bright: Mask, lasting: list[Mask], scale: Scale) -> Mask:
    """Return 255 at full size where there is foam.

    Args:
        cells: of the reference.
        grey: the reference at full size.
        level: sea level on the grid.
        bright: bright and white, at full size.
        lasting: one a neighbour, 255 on the grid where it is bright.
    """
    out = np.zeros_like(bright)
    if not lasting:
        return out
    dull = cv2.bitwise_and(above_level(cells.darkest, level), cv2.bitwise_not(saturated(cells.brightest)))
    for lit in lasting:
        dull = cv2.bitwise_and(dull, cv2.dilate(lit, ellipse(3)))
    wide = cv2.morphologyEx(dull, cv2.MORPH_OPEN, ellipse(odd(DULL_M / scale.cell_m, 3)))
    near = np.asarray(cv2.dilate(wide, ellipse(odd(GROWTH_M / scale.cell_m, 3))), np.uint8)
    x, y, width, height = cv2.boundingRect(near)
    if not width:
        return out
    around = near[y : y + height, x : x + width]
    factor = scale.reduction
    box = (slice(factor * y, factor * (y + height)), slice(factor * x, factor * (x + width)))
    # It grows into what is dull too: a saturated pixel at its edge, and that pixel's skirt, are glint.
    beside = cv2.bitwise_and(bright[box], cv2.bitwise_not(cv2.dilate(saturated(grey[box]), ellipse(3))))
    out[box] = cv2.bitwise_and(grown_to(around, bright[box], cv2.INTER_NEAREST), beside)
    return out
