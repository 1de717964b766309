"""Whether a confidence means what it says: of detections at 0.7, seven in ten should be right.

Reliability by bins of confidence, and the expected calibration error (ECE): the gap between the mean confidence and the
share that is right, averaged over detections.

Reference: Naeini, Cooper, Hauskrecht 2015, *Obtaining Well Calibrated Probabilities Using Bayesian Binning*, eq. 3.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.accuracy.average_precision import Bools, Floats, Rule
from bench.accuracy.judged import Judged
from wideberth_contracts.detections import ObjectKind

LEAST_CONFIDENCE = 0.05
"""Weaker detections are not shown to anyone, and there are a thousand of them for one that matters."""
BINS = 10
_COLOURS = ("#d62728", "#1f77b4", "#2ca02c", "#9467bd")


@dataclass(frozen=True)
class Bin:
    """Detections of similar confidence: their number, mean confidence and the share that is right."""

    number: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Reliability:
    """Of one class. `error` is the ECE, None without detections."""

    error: float | None
    bins: tuple[Bin, ...]


def reliability(confidences: Floats, right: Bools) -> Reliability:
    """Bins of equal width over 0..1, empty ones left out, and the error.

    Args:
        confidences, right: (n,) of all detections; those under `LEAST_CONFIDENCE` are not looked at.
    """
    shown = confidences >= LEAST_CONFIDENCE
    confidences, right = confidences[shown], right[shown]
    if not len(confidences):
        return Reliability(None, ())
    place = np.minimum((confidences * BINS).astype(int), BINS - 1)
    bins = []
    for index in range(BINS):
        inside = place == index
        if inside.any():
            number = int(inside.sum())
            bins.append(Bin(number, float(confidences[inside].mean()), float(right[inside].mean())))
    error = sum(one.number * abs(one.confidence - one.right) for one in bins) / len(confidences)
    return Reliability(float(error), tuple(bins))


def by_class(judged: Judged, rule: Rule) -> dict[str, dict[str, Any]]:
    """Reliability of every class with detections, as plain numbers."""
    found = {kind: reliability(*judged.scored(kind, rule)) for kind in ObjectKind}
    return {kind.value: asdict(one) for kind, one in found.items() if one.bins}


def draw(panels: dict[str, dict[str, dict[str, Any]]], path: Path) -> Path:
    """A PNG with one reliability plot a panel: share right over confidence, a line a class, dots as large as bins."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(panels), figsize=(4.6 * len(panels), 4.2), squeeze=False)
    for axis, (name, classes) in zip(axes[0], panels.items(), strict=True):
        axis.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle=":")
        for colour, kind in zip(_COLOURS, ObjectKind, strict=True):
            if kind.value not in classes:
                continue
            bins = classes[kind.value]["bins"]
            x, y = [one["confidence"] for one in bins], [one["right"] for one in bins]
            label = f"{kind.value}, ECE {classes[kind.value]['error']:.3f}"
            axis.plot(x, y, color=colour, linewidth=1.2, label=label)
            axis.scatter(x, y, color=colour, s=[6 + 9 * np.log1p(one["number"]) for one in bins])
        axis.set(title=name, xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1))
        if classes:
            axis.legend(fontsize=7, loc="upper left")
    figure.tight_layout()
    figure.savefig(path, dpi=80, metadata={"Software": ""})
    pyplot.close(figure)
    return path
