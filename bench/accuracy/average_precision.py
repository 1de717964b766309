"""Matching detections with truth: average precision and recall of one class."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wideberth_detector.core.candidates import xyxy_px
from wideberth_detector.core.merge import iou

Boxes = NDArray[np.float64]


@dataclass
class Tally:
    """One class over many pictures.

    Attributes:
        truths: objects there are.
        hits: (confidence, right at this overlap) of each detection.
        found: objects covered at the operating confidence.
        false_alarms: detections at the operating confidence that touch nothing of the class.
    """

    truths: int = 0
    hits: list[tuple[float, bool]] = field(default_factory=list)
    found: int = 0
    false_alarms: int = 0

    def count(
        self, truth: Boxes, found: Boxes, confidences: NDArray[np.float64], least_iou: float, sure: float
    ) -> None:
        """Add one picture; detections in falling order of confidence, each truth is matched once.

        Args:
            truth, found: (n, 5) centre x, y, length, width in px, angle in rad.
            confidences: of `found`.
            least_iou: overlap from which a detection is right.
            sure: the operating confidence.
        """
        overlaps = np.array([iou(box, truth) for box in found]).reshape(len(found), len(truth))
        free = np.ones(len(truth), np.bool_)
        for overlap, confidence in zip(overlaps, confidences, strict=True):
            best = int(np.argmax(np.where(free, overlap, -1.0))) if free.any() else -1
            right = best >= 0 and overlap[best] >= least_iou
            if right:
                free[best] = False
            self.hits.append((float(confidence), bool(right)))
        at_work = overlaps[confidences >= sure]
        self.truths += len(truth)
        self.found += int((at_work.max(axis=0, initial=0.0) >= least_iou).sum())
        self.false_alarms += int((at_work.max(axis=1, initial=0.0) < 0.1).sum())

    def average_precision(self) -> float:
        """Area under the curve of precision over recall, precision made monotone."""
        ordered = np.array([right for _, right in sorted(self.hits, key=lambda hit: -hit[0])], np.float64)
        if not len(ordered) or not self.truths:
            return 0.0
        right = np.cumsum(ordered)
        precision = np.maximum.accumulate((right / np.arange(1, len(ordered) + 1))[::-1])[::-1]
        return float((precision * np.diff(np.concatenate([[0.0], right / self.truths]))).sum())


def upright(boxes: Boxes) -> Boxes:
    """The upright boxes around oriented ones, in the same form with angle 0: truth without angles is compared so."""
    left, top, right, bottom = xyxy_px(boxes).T
    return np.column_stack([(left + right) / 2, (top + bottom) / 2, right - left, bottom - top, np.zeros(len(boxes))])
