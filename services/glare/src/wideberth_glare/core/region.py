"""The part of a picture that is worth the work: the glitter field's surroundings."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from wideberth_glare.core.arrays import Homography, Mask
from wideberth_glare.core.scale import MAX_REDUCTION

Dtype = TypeVar("Dtype", bound=np.generic)
WHOLE_SHARE = 0.8
"""A region that covers so much of the picture is the picture."""


@dataclass(frozen=True)
class Region:
    """Rows from `top` to `bottom` and columns from `left` to `right`, px; the last ones are not part of it."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.right - self.left

    def of(self, image: npt.NDArray[Dtype]) -> npt.NDArray[Dtype]:
        """Return the region of an image, as a view."""
        return image[self.top : self.bottom, self.left : self.right]

    def from_picture(self) -> Homography:
        """Return the shift (3, 3) from pixels of the picture to pixels of the region."""
        return np.array([[1.0, 0.0, -self.left], [0.0, 1.0, -self.top], [0.0, 0.0, 1.0]])


def whole(shape: tuple[int, ...]) -> Region:
    """Return all of a picture of this shape."""
    return Region(0, shape[0], 0, shape[1])


def around(tiles: Mask, shape: tuple[int, ...], reach_px: float) -> Region:
    """Return the region that holds all marked tiles of an even grid over a picture, and `reach_px` more on each side.

    Args:
        tiles: at least one is marked.
        shape: of the picture.
    """
    marked_rows, marked_columns = np.flatnonzero(tiles.any(axis=1)), np.flatnonzero(tiles.any(axis=0))
    tall, wide = shape[0] / tiles.shape[0], shape[1] / tiles.shape[1]
    found = clipped(
        (
            marked_rows[0] * tall - reach_px,
            (marked_rows[-1] + 1) * tall + reach_px,
            marked_columns[0] * wide - reach_px,
            (marked_columns[-1] + 1) * wide + reach_px,
        ),
        shape,
    )
    return whole(shape) if found.height * found.width > WHOLE_SHARE * shape[0] * shape[1] else found


def clipped(edges: tuple[float, float, float, float], shape: tuple[int, ...]) -> Region:
    """Return top, bottom, left, right grown to whole working cells and cut to the picture; may be empty."""
    step = MAX_REDUCTION
    top, left = (max(0, int(e // step) * step) for e in (edges[0], edges[2]))
    bottom, right = (int(-(-e // step)) * step for e in (edges[1], edges[3]))
    return Region(top, max(top, min(bottom, shape[0])), left, max(left, min(right, shape[1])))
