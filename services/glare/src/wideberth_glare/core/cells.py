"""A picture on the working grid: the darkest and the brightest of each cell."""

from dataclasses import dataclass

import numpy as np

from wideberth_glare.core.arrays import Bgr, Grey, reduce_by_maximum, reduce_by_minimum
from wideberth_glare.core.brightness import grey_of, strong_of
from wideberth_glare.core.scale import Scale
from wideberth_glare.core.strips import strips


@dataclass(frozen=True)
class Cells:
    """Darkest (of grey, or red where that is more) and brightest (of grey) of each cell."""

    darkest: Grey
    brightest: Grey


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
