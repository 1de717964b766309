"""One box an object: suppression of duplicates within and across tiles, joining of halves.

Overlap is measured between the oriented rectangles themselves. Upright boxes of two slender animals side by side
overlap widely where the animals do not touch.
"""

import cv2
import numpy as np

from wideberth_detector.core.candidates import Bools, Candidates, Floats, Ints, corners_px, long_side_first, xyxy_px

# A box cut by a tile is a duplicate of one that holds this share of it; so is a hull: hulls do not lie in each other
# as animals may, and one hull is often seen twice at slightly different angles.
HELD_FRACTION = 0.6
# Two halves of one object overlap where the tiles do, by at least this share of the smaller half ...
HALVES_FRACTION = 0.1
# ... and point the same way, unless one of them is too stubby to have a direction.
HALVES_ANGLE_RAD = np.radians(20.0)
STUBBY_ASPECT = 1.6


def overlap_px2(box: Floats, others: Floats) -> Floats:
    """Area in px² that one oriented box shares with each of the others; others is (n, 5)."""
    shared = np.zeros(len(others))
    if not len(others):
        return shared
    left, top, right, bottom = xyxy_px(box[None])[0]
    upright = xyxy_px(others)
    near = (upright[:, 0] < right) & (upright[:, 2] > left) & (upright[:, 1] < bottom) & (upright[:, 3] > top)
    cos, sin = np.cos(box[4]), np.sin(box[4])
    outlines = (corners_px(others[near]) - box[:2]) @ np.array([[cos, -sin], [sin, cos]])
    shared[near] = [_area_within(outline.tolist(), box[2] / 2, box[3] / 2) for outline in outlines]
    return shared


def _area_within(outline: list[list[float]], half_length: float, half_width: float) -> float:
    """Area of a convex polygon within a rectangle about the origin (Sutherland and Hodgman, one side after another)."""
    for axis, limit in ((0, half_length), (1, half_width)):
        for sign in (1.0, -1.0):
            inside: list[list[float]] = []
            for start, end in zip(outline, outline[1:] + outline[:1], strict=True):
                from_side, to_side = limit - sign * start[axis], limit - sign * end[axis]
                if from_side >= 0:
                    inside.append(start)
                if (from_side >= 0) != (to_side >= 0):
                    part = from_side / (from_side - to_side)
                    inside.append([a + part * (b - a) for a, b in zip(start, end, strict=True)])
            outline = inside
            if not outline:
                return 0.0
    turns = zip(outline, outline[1:] + outline[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in turns)) / 2


def iou(box: Floats, others: Floats) -> Floats:
    """Intersection over union of one oriented box with each of the others."""
    shared = overlap_px2(box, others)
    union = box[2] * box[3] + others[:, 2] * others[:, 3] - shared
    return np.asarray(shared / np.maximum(union, 1e-9))


def suppress(candidates: Candidates, groups: Ints, solid: Bools, merge_iou: float) -> Bools:
    """Which candidates stay when duplicates go, best first; whole boxes go before cut ones.

    Args:
        candidates: in any order.
        groups: (n,) only boxes of one group are duplicates of each other.
        solid: (n,) whether a box mostly within a better one is a duplicate too.
        merge_iou: overlap above which the weaker of two is a duplicate.
    """
    order = np.lexsort((-candidates.confidences, candidates.cut))
    alive = np.ones(len(candidates), np.bool_)
    areas = candidates.boxes[:, 2] * candidates.boxes[:, 3]
    for place, index in enumerate(order):
        if not alive[index]:
            continue
        rest = order[place + 1 :]
        rest = rest[alive[rest] & (groups[rest] == groups[index])]
        shared = overlap_px2(candidates.boxes[index], candidates.boxes[rest])
        union = areas[index] + areas[rest] - shared
        duplicate = shared > merge_iou * union
        held = solid[rest] | (candidates.cut[rest] & (candidates.tiles[rest] != candidates.tiles[index]))
        duplicate |= held & (shared > HELD_FRACTION * areas[rest])
        alive[rest[duplicate]] = False
    return alive


def join_halves(candidates: Candidates, groups: Ints) -> tuple[Candidates, Candidates]:
    """Boxes cut by neighbouring tiles joined into one each, the others as they were; and the pieces that are gone.

    The joined box is the smallest rectangle around both, with the higher confidence and the kind that goes with it; the
    piece that is gone is the less confident one.
    """
    current, labels = candidates, groups
    pieces: list[Candidates] = []
    while True:
        pair = _halves(current, labels)
        if pair is None:
            return current, Candidates.joined(pieces)
        first, second = pair
        pieces.append(current.select(np.array([second])))
        keep = np.ones(len(current), np.bool_)
        keep[second] = False
        boxes, tiles = current.boxes.copy(), current.tiles.copy()
        boxes[first] = _around(current.boxes[[first, second]])
        # A joined box was seen in no single tile: it may join on with a third piece.
        tiles[first] = -1 - first
        joined = Candidates(boxes, current.kinds, current.confidences, current.cut, tiles)
        current, labels = joined.select(keep), labels[keep]


def _halves(candidates: Candidates, groups: Ints) -> tuple[int, int] | None:
    """The first pair that are pieces of one object, the more confident first; None when there is none."""
    cut = np.flatnonzero(candidates.cut)
    cut = cut[np.argsort(-candidates.confidences[cut], kind="stable")]
    for place, first in enumerate(cut):
        rest = cut[place + 1 :]
        rest = rest[(groups[rest] == groups[first]) & (candidates.tiles[rest] != candidates.tiles[first])]
        shared = overlap_px2(candidates.boxes[first], candidates.boxes[rest])
        area = candidates.boxes[first, 2] * candidates.boxes[first, 3]
        smaller = np.minimum(area, candidates.boxes[rest, 2] * candidates.boxes[rest, 3])
        for second in rest[shared > HALVES_FRACTION * smaller]:
            if _same_way(candidates.boxes[first], candidates.boxes[second]):
                return int(first), int(second)
    return None


def _same_way(first: Floats, second: Floats) -> bool:
    """Whether two boxes lie along one line, as far as they have a direction."""
    if min(first[2] / first[3], second[2] / second[3]) < STUBBY_ASPECT:
        return True
    turn = abs(first[4] - second[4]) % np.pi
    return bool(min(turn, np.pi - turn) <= HALVES_ANGLE_RAD)


def _around(boxes: Floats) -> Floats:
    """The smallest rectangle around some boxes, (5,)."""
    points = corners_px(boxes).reshape(-1, 2)
    origin = points.mean(axis=0)
    (x, y), (width, height), angle_deg = cv2.minAreaRect((points - origin).astype(np.float32))
    rectangle = np.array([[x + origin[0], y + origin[1], width, height, np.radians(angle_deg)]])
    return np.asarray(long_side_first(rectangle)[0])
