"""Matching detections of one class with truth: average precision, recall, false alarms.

Detections are taken in falling order of confidence; each finds at most one object, and each object is found once. So
the match at a confidence is the beginning of the match over all, and every number below comes from one pass.

A detection is a *false alarm* when it touches nothing of its class: overlap under 0.1 and its centre in no true box.
One that touches an object without being right is neither: average precision counts it as wrong all the same.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from wideberth_detector.core.candidates import xyxy_px
from wideberth_detector.core.merge import iou

Boxes = NDArray[np.float64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

TOUCHING_IOU = 0.1


class Rule(StrEnum):
    """When a detection is right: by overlap (intersection over union), or by its centre lying in the true box."""

    IOU50 = "iou50"
    IOU30 = "iou30"
    CENTRE = "centre"


LEAST_IOU = {Rule.IOU50: 0.5, Rule.IOU30: 0.3}


@dataclass(frozen=True)
class Match:
    """One class in one picture.

    Attributes:
        truth_of: by rule, (n,) index of the object each detection found; -1 where none.
        touching: (n, m) whether a detection touches an object.
    """

    truth_of: dict[Rule, Ints]
    touching: Bools


def match(truth: Boxes, found: Boxes) -> Match:
    """Detections matched with the objects of one class in one picture.

    Args:
        truth, found: (m, 5) and (n, 5) centre x, y, length, width in px, angle in rad; found in falling confidence.
    """
    overlaps = np.array([iou(box, truth) for box in found]).reshape(len(found), len(truth))
    inside = _centres_inside(truth, found)
    worth = {
        Rule.IOU50: np.where(overlaps >= LEAST_IOU[Rule.IOU50], overlaps, 0.0),
        Rule.IOU30: np.where(overlaps >= LEAST_IOU[Rule.IOU30], overlaps, 0.0),
        Rule.CENTRE: np.where(inside, 1.0 + overlaps, 0.0),
    }
    touching = np.asarray((overlaps >= TOUCHING_IOU) | inside, np.bool_)
    return Match({rule: _each_once(values) for rule, values in worth.items()}, touching)


def _each_once(worth: Floats) -> Ints:
    """The object each detection gets: its best of those still free."""
    taken = np.zeros(worth.shape[1], np.bool_)
    chosen = np.full(len(worth), -1, np.int64)
    for index, row in enumerate(worth):
        left = np.where(taken, 0.0, row)
        if left.any():
            chosen[index] = int(left.argmax())
            taken[chosen[index]] = True
    return chosen


def _centres_inside(truth: Boxes, found: Boxes) -> Bools:
    """(n, m) whether the centre of a detection lies in a true box."""
    away = found[:, None, :2] - truth[None, :, :2]
    cos, sin = np.cos(truth[:, 4]), np.sin(truth[:, 4])
    along = np.abs(away[..., 0] * cos + away[..., 1] * sin)
    across = np.abs(away[..., 1] * cos - away[..., 0] * sin)
    return np.asarray((along <= truth[:, 2] / 2) & (across <= truth[:, 3] / 2))


def average_precision(confidences: Floats, right: Bools, truths: int) -> float | None:
    """Area under the curve of precision over recall, precision made monotone; None where there is no truth.

    Args:
        confidences, right: (n,) of all detections of the class, in any order.
        truths: objects there are.
    """
    if not truths:
        return None
    recall, precision, _ = recall_and_precision(confidences, right, truths)
    best_later = np.maximum.accumulate(precision[::-1])[::-1]
    return float((best_later * np.diff(recall, prepend=0.0)).sum())


def recall_and_precision(confidences: Floats, right: Bools, truths: int) -> tuple[Floats, Floats, Floats]:
    """Recall, precision and confidence after each detection, best first."""
    order = np.argsort(-confidences, kind="stable")
    true = np.cumsum(right[order])
    return true / max(truths, 1), true / np.arange(1, len(order) + 1), confidences[order]


def upright(boxes: Boxes) -> Boxes:
    """The upright boxes around oriented ones, in the same form with angle 0: truth without angles is compared so."""
    left, top, right, bottom = xyxy_px(boxes).T
    return np.column_stack([(left + right) / 2, (top + bottom) / 2, right - left, bottom - top, np.zeros(len(boxes))])
