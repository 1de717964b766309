"""Average precision and recall per class, for truth with or without angles."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from wideberth_training_detector.runtime import Rect, rotated_iou
from wideberth_training_detector.shapes import Floats, LabelledBox

# Axis-aligned truth is compared with the upright box round the detection. Small objects are lost by a pixel or two at
# IoU 0.5, so recall is also given at 0.3 and by "centre inside".
_AP_IOU = 0.5
_LOOSE_IOU = 0.3


@dataclass
class Tally:
    """What one class has shown so far."""

    scores: list[float] = field(default_factory=list)
    hits: list[bool] = field(default_factory=list)
    truths: int = 0
    found: int = 0
    found_loose: int = 0
    false_alarms: int = 0
    size_found: list[tuple[float, bool]] = field(default_factory=list)


def count_picture(
    tally: Tally, truth: list[LabelledBox], found: Floats, oriented: bool, operating_confidence: float
) -> None:
    """Match one picture's detections of one class with its truth, best score first, each truth once.

    Args:
        tally: updated in place.
        truth: boxes of the class.
        found: shape (n, 7), one class, best first.
        oriented: truth has angles; otherwise detections are compared by their upright boxes.
        operating_confidence: where recall and false alarms are read.
    """
    truth_rects = [_truth_rect(b, oriented) for b in truth]
    found_rects = [_found_rect(d, oriented) for d in found]
    overlap = np.array([[rotated_iou(f, t) for t in truth_rects] for f in found_rects]).reshape(len(found), len(truth))
    taken = np.zeros(len(truth), bool)
    for row, detection in enumerate(found):
        free = np.where(taken, -1.0, overlap[row]) if len(truth) else np.zeros(0)
        best = int(free.argmax()) if len(truth) else -1
        hit = best >= 0 and free[best] >= _AP_IOU
        tally.scores.append(float(detection[5]))
        tally.hits.append(bool(hit))
        if hit:
            taken[best] = True
    sure = found[:, 5] >= operating_confidence
    reached = overlap[sure].max(axis=0, initial=0.0) if len(truth) else np.zeros(0)
    tally.truths += len(truth)
    tally.found += int((reached >= _AP_IOU).sum())
    tally.found_loose += int((reached >= _LOOSE_IOU).sum())
    touched = overlap[sure].max(axis=1, initial=0.0) if sure.any() else np.zeros(0)
    tally.false_alarms += int((touched < 0.1).sum())
    tally.size_found += [(max(r[1]), bool(v >= _LOOSE_IOU)) for r, v in zip(truth_rects, reached, strict=True)]


def average_precision(tally: Tally) -> float | None:
    """Area under the precision-recall curve (all points, precision made monotone); `None` without truth."""
    if tally.truths == 0:
        return None
    order = np.argsort(-np.array(tally.scores), kind="stable")
    hits = np.array(tally.hits, bool)[order]
    if len(hits) == 0:
        return 0.0
    true = np.cumsum(hits)
    precision = true / np.arange(1, len(hits) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    steps = np.diff(np.concatenate([[0], true / tally.truths]))
    return float((precision * steps).sum())


def _truth_rect(box: LabelledBox, oriented: bool) -> Rect:
    if oriented:
        (x, y), (w, h), angle = cv2.minAreaRect(box.corners_px)
        return ((float(x), float(y)), (float(w), float(h)), float(angle))
    low, high = box.corners_px.min(axis=0), box.corners_px.max(axis=0)
    return _upright(low, high)


def _found_rect(detection: Floats, oriented: bool) -> Rect:
    x, y, w, h, angle = (float(v) for v in detection[:5])
    rect = ((x, y), (w, h), float(np.degrees(angle)))
    if oriented:
        return rect
    corners = cv2.boxPoints(rect)
    return _upright(corners.min(axis=0), corners.max(axis=0))


def _upright(low: Floats, high: Floats) -> Rect:
    centre, size = (low + high) / 2, high - low
    return ((float(centre[0]), float(centre[1])), (float(size[0]), float(size[1])), 0.0)
