"""A picture on the working grid: the darkest and the brightest of each cell."""

from dataclasses import dataclass

import cv2
import numpy as np

from wideberth_glare.core.arrays import Bgr, Grey, reduce_by_maximum, reduce_by_minimum
from wideberth_glare.core.brightness import grey_of, strong_of
from wideberth_glare.core.region import Region
from wideberth_glare.core.scale import MAX_REDUCTION, Scale
from wideberth_glare.core.strips import strips


@dataclass(frozen=True)
class Cells:
    """Darkest (of grey, or red where that is more) and brightest (of grey) of each cell."""

    darkest: Grey
    brightest: Grey

    def of(self, region: Region, scale: Scale) -> "Cells":
        """Return the cells of a region, its last ones repeated up to whole working steps."""
        rows, columns = grid_size(region, scale)
        top, left = region.top // scale.reduction, region.left // scale.reduction
        darkest, brightest = (_part(g, top, left, rows, columns) for g in (self.darkest, self.brightest))
        return Cells(darkest, brightest)


def grid_size(region: Region, scale: Scale) -> tuple[int, int]:
    """Return rows and columns of a region's working grid; its sides are grown to whole steps of `MAX_REDUCTION`."""
    step = MAX_REDUCTION
    rows, columns = (-(-side // step) * step // scale.reduction for side in (region.height, region.width))
    return rows, columns


def _part(grid: Grey, top: int, left: int, rows: int, columns: int) -> Grey:
    part = grid[top : top + rows, left : left + columns]
    down, across = rows - part.shape[0], columns - part.shape[1]
    if not down and not across:
        return np.ascontiguousarray(part)
    return np.asarray(cv2.copyMakeBorder(part, 0, down, 0, across, cv2.BORDER_REPLICATE), np.uint8)


def cells_of(pixels: Bgr, scale: Scale) -> Cells:
    """Return a picture's cells; the last ones may be smaller than the others."""
    factor = scale.reduction
    shape = (-(-pixels.shape[0] // factor), -(-pixels.shape[1] // factor))
    dark, light = np.empty(shape, np.uint8), np.empty(shape, np.uint8)
    for strip in strips(pixels.shape[0]):
        within = slice(strip.start // factor, -(-strip.stop // factor))
        part = pixels[strip]
        grey = grey_of(part)
        dark[within] = reduce_by_minimum(strong_of(part, grey), factor)
        light[within] = reduce_by_maximum(grey, factor)
    return Cells(dark, light)
