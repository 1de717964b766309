"""Reading the raw head of a YOLO11-OBB network.

The head answers one column an anchor: centre x, centre y, width, height in pixels of the network's input, one score a
class (already through the sigmoid), and the angle of `width` in rad, clockwise from image +x. Networks without
oriented boxes have the same rows less the angle. Nothing is suppressed here.
"""

import numpy as np
from numpy.typing import NDArray

from wideberth_detector.core.candidates import Bools, Candidates, Floats, long_side_first, xyxy_px
from wideberth_detector.core.tiling import Tile

# A box ending this close to a border between tiles is taken as cut by it, in pixels of the network's input: regressed
# sides are off by one or two.
CUT_MARGIN_PX = 3.0
# Anchors kept a tile, best first. A tile with more real objects than this does not occur; noise does.
MOST_ANCHORS = 1000


def decode(head: NDArray[np.float32], oriented: bool, floors: Floats, tile: Tile) -> Candidates:
    """Candidates of one tile, in pixels of the frame, best first.

    Args:
        head: (rows, anchors), rows = 4 + classes (+ 1 if oriented).
        oriented: whether the last row is an angle.
        floors: (classes,) the least confidence of each class; anchors whose best class is below its own are not read.
        tile: where the input came from.

    Raises:
        ValueError: the head has another number of rows.
    """
    classes = len(floors)
    expected = 4 + classes + int(oriented)
    if head.ndim != 2 or head.shape[0] != expected:
        raise ValueError(f"a head of shape {head.shape}; {expected} rows expected for {classes} classes")
    scores = head[4 : 4 + classes]
    best = scores.max(axis=0)
    near = np.flatnonzero(best >= floors.min())
    kept = near[best[near] >= floors[scores[:, near].argmax(axis=0)]]
    # Stable, so that equal scores keep the order of the anchors and the answer never depends on the sort.
    kept = kept[np.argsort(-best[kept], kind="stable")][:MOST_ANCHORS]
    columns = head[:, kept].astype(np.float64)
    angle = columns[-1] if oriented else np.zeros(len(kept))
    sides = np.maximum(columns[2:4], 1e-3) / tile.scale
    boxes = np.column_stack(
        [columns[0] / tile.scale + tile.x_px, columns[1] / tile.scale + tile.y_px, sides[0], sides[1], angle]
    )
    boxes = long_side_first(boxes)
    return Candidates(
        boxes=boxes,
        kinds=scores[:, kept].argmax(axis=0).astype(np.int64),
        confidences=np.clip(best[kept].astype(np.float64), 0.0, 1.0),
        cut=_cut_by(tile, boxes),
        tiles=np.full(len(kept), tile.index, np.int64),
    )


def _cut_by(tile: Tile, boxes: Floats) -> Bools:
    """Which boxes end at a side of the tile that is not a side of the frame."""
    left, top, right, bottom = xyxy_px(boxes).T
    inner, margin_px = tile.inner, CUT_MARGIN_PX / tile.scale
    return np.asarray(
        (inner.left & (left <= tile.x_px + margin_px))
        | (inner.top & (top <= tile.y_px + margin_px))
        | (inner.right & (right >= tile.x_px + tile.width_px - margin_px))
        | (inner.bottom & (bottom >= tile.y_px + tile.height_px - margin_px)),
        dtype=np.bool_,
    )
