"""Parts of a picture made unreadable: nothing finer than a coarse cell is left of them."""

from collections.abc import Sequence

import cv2
import numpy as np

from wideberth_media.pixels import Pixels

CELLS = 6
"""A part is left with so many cells along its longer side."""
LEAST_CELL_PX = 6
WHOLE_CELLS = 24
"""The same for a picture that is made unreadable as a whole."""

Outline = Sequence[tuple[float, float]]
"""Corners of a convex part, px."""


def mosaic(picture: Pixels, outlines: Sequence[Outline]) -> Pixels:
    """A copy of the picture in which the parts are coarse cells.

    Args:
        picture: shape (height, width, 3), BGR.
        outlines: of convex parts, in pixels of this picture; what lies outside of it is left out.
    """
    made = picture.copy()
    for outline in outlines:
        _cover(made, outline)
    return made


def whole_mosaic(picture: Pixels) -> Pixels:
    """A copy of the picture of which only coarse cells are left, shape as before."""
    height_px, width_px = picture.shape[:2]
    return _coarse(picture, max(1, -(-max(height_px, width_px) // WHOLE_CELLS)))


def _cover(picture: Pixels, outline: Outline) -> None:
    height_px, width_px = picture.shape[:2]
    corners = np.asarray(outline, dtype=np.float64)
    left, top = np.maximum(np.floor(corners.min(axis=0)), 0).astype(int)
    right, bottom = np.minimum(np.ceil(corners.max(axis=0)) + 1, (width_px, height_px)).astype(int)
    if right <= left or bottom <= top:
        return
    part = picture[top:bottom, left:right]
    mask = np.zeros(part.shape[:2], dtype=np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners - (left, top)).astype(np.int32), 255)
    coarse = _coarse(part, max(LEAST_CELL_PX, -(-max(part.shape[:2]) // CELLS)))
    part[mask > 0] = coarse[mask > 0]


def _coarse(part: Pixels, cell_px: int) -> Pixels:
    height_px, width_px = part.shape[:2]
    size = (max(1, round(width_px / cell_px)), max(1, round(height_px / cell_px)))
    means = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(means, (width_px, height_px), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
