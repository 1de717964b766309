"""Curves for the card: precision over recall of every class and set, and recall over false alarms of the porpoises."""

from pathlib import Path
from typing import Any

from bench.accuracy.average_precision import Rule, recall_and_precision
from bench.accuracy.judged import Judged
from bench.accuracy.real_sets import HUMPBACKS, LAKE, PORPOISES, VESSELS
from wideberth_contracts.detections import ObjectKind

_REAL = (
    (HUMPBACKS.name, ObjectKind.DOLPHIN),
    (VESSELS.name, ObjectKind.VESSEL),
    (VESSELS.name, ObjectKind.JET_SKI),
    (VESSELS.name, ObjectKind.SWIMMER),
    (LAKE.name, ObjectKind.VESSEL),
    (LAKE.name, ObjectKind.JET_SKI),
)
_MOST_ALARMS = 6.0
"""Right end of the porpoises' curve, false alarms a frame."""


def draw(judged: Judged, path: Path) -> Path:
    """A PNG of two or three panels: simulated stills, real sets, porpoises.

    Args:
        judged: all pictures.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    simulated = judged.part("simulated stills")
    real = any(picture.part != "simulated stills" for picture in judged.pictures)
    figure, axes = pyplot.subplots(1, 3 if real else 1, figsize=(13.2 if real else 4.4, 4.0), squeeze=False)
    for kind in ObjectKind:
        _precision(axes[0][0], simulated, kind, kind.value)
    _finish(axes[0][0], "simulated stills, overlap 0.5")
    if real:
        for part, kind in _REAL:
            _precision(axes[0][1], judged.part(part), kind, f"{part}: {kind.value}")
        _finish(axes[0][1], "real pictures, overlap 0.5")
        _free_response(axes[0][2], judged.part(PORPOISES.name))
    figure.tight_layout()
    figure.savefig(path, dpi=75, metadata={"Software": ""})
    pyplot.close(figure)
    return path


def _precision(axis: Any, judged: Judged, kind: ObjectKind, label: str) -> None:
    truths = judged.truths(kind)
    if truths:
        recall, precision, _ = recall_and_precision(*judged.scored(kind, Rule.IOU50), truths)
        axis.plot(recall, precision, linewidth=1.2, label=f"{label} ({truths})")


def _free_response(axis: Any, judged: Judged) -> None:
    for rule, label in ((Rule.IOU30, "overlap 0.3"), (Rule.CENTRE, "centre inside")):
        points = judged.free_response(ObjectKind.DOLPHIN, rule)
        axis.step([p["false_alarms"] for p in points], [p["recall"] for p in points], where="post", label=label)
    axis.set(title="porpoises", xlabel="false alarms a frame", ylabel="recall", xlim=(0, _MOST_ALARMS), ylim=(0, 1.02))
    axis.axvline(1.0, color="grey", linewidth=1, linestyle=":")
    axis.legend(fontsize=7, loc="lower right")


def _finish(axis: Any, title: str) -> None:
    axis.set(title=title, xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.02))
    if axis.lines:
        axis.legend(fontsize=7, loc="lower left")
