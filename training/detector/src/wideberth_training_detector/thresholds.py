"""From which confidence a class is believed by default: the best F1 on simulated stills that real empty pictures bear.

Where pictures without anything of ours give more false alarms than allowed, confidences are raised one false alarm at
a time, of the class that loses least F1 by it. A swimmer may be a real surfer there, so swimmers have their own budget.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.accuracy.average_precision import Floats, Rule, recall_and_precision
from bench.accuracy.judged import Judged
from wideberth_contracts.detections import ObjectKind

MOST_ALARMS = 0.2
"""False alarms a picture on each set of empty pictures; one a set is always borne, or the smallest set decides."""
_TOGETHER = ((ObjectKind.DOLPHIN, ObjectKind.VESSEL, ObjectKind.JET_SKI), (ObjectKind.SWIMMER,))
# Never more sure of a class than this for want of examples, nor less.
_RANGE = (0.05, 0.95)


@dataclass(frozen=True)
class F1Curve:
    """F1 of one class if believed from a confidence up; both falling with the index."""

    confidences: Floats
    f1: Floats

    @classmethod
    def of(cls, judged: Judged, kind: ObjectKind) -> "F1Curve":
        """Read off the tables, detections right by half overlap."""
        recall, precision, confidences = recall_and_precision(*judged.scored(kind, Rule.IOU50), judged.truths(kind))
        return cls(confidences, 2 * recall * precision / np.maximum(recall + precision, 1e-9))

    def best(self) -> float:
        """The confidence with the highest F1."""
        return float(self.confidences[self.f1.argmax()]) if len(self.f1) else _RANGE[1]

    def at(self, confidence: float) -> float:
        """F1 at a confidence."""
        believed = int((self.confidences >= confidence).sum())
        return float(self.f1[believed - 1]) if believed else 0.0


def choose(simulated: Judged, empties: Sequence[Judged], most_alarms: float = MOST_ALARMS) -> dict[ObjectKind, float]:
    """Confidence by class, in hundredths.

    Args:
        simulated: judged stills with truth.
        empties: sets of pictures without anything of ours.
        most_alarms: false alarms a picture each set may have, and in any case one alarm.
    """
    curves = {kind: F1Curve.of(simulated, kind) for kind in ObjectKind}
    chosen = {kind: _rounded(float(np.clip(curve.best(), *_RANGE))) for kind, curve in curves.items()}
    for kinds in _TOGETHER:
        for empty in empties:
            most = max(most_alarms, 1 / len(empty.pictures)) + 1e-9
            while sum(empty.false_alarms(kind, chosen[kind]) for kind in kinds) > most:
                raised = {kind: up for kind in kinds if (up := _above_weakest(empty, kind, chosen[kind])) is not None}
                kind = max(raised, key=lambda one: curves[one].at(raised[one]) - curves[one].at(chosen[one]))
                chosen[kind] = raised[kind]
    return chosen


def _above_weakest(empty: Judged, kind: ObjectKind, confidence: float) -> float | None:
    """The next hundredth above a class's weakest false alarm; None where there is none."""
    wrong = [
        row.confidence
        for row in empty.detections
        if row.kind == kind.value and not row.touches and row.confidence >= confidence
    ]
    return float(np.floor(min(wrong) * 100 + 1e-9) + 1) / 100 if wrong else None


def _rounded(confidence: float) -> float:
    """Down to a hundredth: what was believed stays believed."""
    return float(np.floor(confidence * 100 + 1e-9)) / 100
