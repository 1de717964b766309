"""Candidate boxes as arrays: the one currency between decoding, merging and filtering."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Candidates:
    """n oriented boxes in pixels of the frame.

    Attributes:
        boxes: (n, 5) centre x, centre y, length, width in px, angle of the length in rad, clockwise from image +x.
        kinds: (n,) index into the kinds the head names.
        confidences: (n,) in 0..1.
        cut: (n,) True where the box ends at a border between tiles, so the object may go on beyond it.
        tiles: (n,) index of the tile the box was seen in.
    """

    boxes: Floats
    kinds: Ints
    confidences: Floats
    cut: Bools
    tiles: Ints

    def __len__(self) -> int:
        """Number of boxes."""
        return len(self.boxes)

    @classmethod
    def none(cls) -> Self:
        """No box at all."""
        return cls(np.zeros((0, 5)), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.bool_), np.zeros(0, np.int64))

    @classmethod
    def joined(cls, parts: list[Self]) -> Self:
        """All boxes of the parts, in their order."""
        if not parts:
            return cls.none()
        return cls(
            np.concatenate([part.boxes for part in parts]),
            np.concatenate([part.kinds for part in parts]),
            np.concatenate([part.confidences for part in parts]),
            np.concatenate([part.cut for part in parts]),
            np.concatenate([part.tiles for part in parts]),
        )

    def select(self, index: Ints | Bools) -> Self:
        """The boxes an index or a mask names."""
        return type(self)(
            self.boxes[index], self.kinds[index], self.confidences[index], self.cut[index], self.tiles[index]
        )


def corners_px(boxes: Floats) -> Floats:
    """Corners of oriented boxes, in order round the box.

    Args:
        boxes: (n, 5) as in `Candidates.boxes`.

    Returns:
        (n, 4, 2) x and y in px.
    """
    cos, sin = np.cos(boxes[:, 4]), np.sin(boxes[:, 4])
    along = np.stack([cos, sin], axis=1) * boxes[:, 2:3] / 2
    across = np.stack([-sin, cos], axis=1) * boxes[:, 3:4] / 2
    centre = boxes[:, :2]
    return np.stack(
        [centre + along - across, centre + along + across, centre - along + across, centre - along - across], axis=1
    )


def xyxy_px(boxes: Floats) -> Floats:
    """The upright boxes around oriented ones: (n, 4) left, top, right, bottom."""
    corners = corners_px(boxes)
    return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)


def long_side_first(boxes: Floats) -> Floats:
    """The same rectangles with length >= width and the angle in [-pi/2, pi/2)."""
    turned = boxes.copy()
    swap = boxes[:, 3] > boxes[:, 2]
    turned[swap, 2], turned[swap, 3] = boxes[swap, 3], boxes[swap, 2]
    turned[swap, 4] += np.pi / 2
    turned[:, 4] = np.mod(turned[:, 4] + np.pi / 2, np.pi) - np.pi / 2
    return turned
