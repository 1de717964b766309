"""How far boxes cover one another in the picture."""

import numpy as np

from wideberth_tracker.core.kalman import Floats

GRID = 7
"""Sample points along each side of a box: the share of a box inside another is right to about 1/GRID."""


def share_inside(boxes: Floats) -> Floats:
    """Share of each oriented box that lies inside each other one.

    Args:
        boxes: (n, 5): cx, cy, length, width in px, angle in radians clockwise from +x.

    Returns:
        (n, n): row i, column j: share of box i inside box j, in [0, 1].
    """
    steps = (np.arange(GRID) + 0.5) / GRID - 0.5
    along, across = (part.ravel() for part in np.meshgrid(steps, steps))
    cos, sin = np.cos(boxes[:, 4]), np.sin(boxes[:, 4])
    forward = along * boxes[:, 2, None]
    sideways = across * boxes[:, 3, None]
    x = boxes[:, 0, None] + forward * cos[:, None] - sideways * sin[:, None]
    y = boxes[:, 1, None] + forward * sin[:, None] + sideways * cos[:, None]
    dx = x[:, None, :] - boxes[None, :, 0, None]
    dy = y[:, None, :] - boxes[None, :, 1, None]
    in_length = np.abs(dx * cos[None, :, None] + dy * sin[None, :, None]) <= boxes[None, :, 2, None] / 2
    in_width = np.abs(dy * cos[None, :, None] - dx * sin[None, :, None]) <= boxes[None, :, 3, None] / 2
    return np.asarray((in_length & in_width).mean(axis=2), dtype=np.float64)


def iou(first: Floats, second: Floats) -> Floats:
    """Intersection over union of upright boxes (n, 4) and (m, 4) as left, top, right, bottom: (n, m)."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    common = np.prod(np.clip(high - low, 0.0, None), axis=2)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (first, second)]
    union = areas[0][:, None] + areas[1][None, :] - common
    return np.asarray(common / np.maximum(union, 1e-12), dtype=np.float64)
