"""How well the detector finds things in simulated stills it never saw: by class, size, depth, glint, sea and view.

A detection is right where its oriented box overlaps the true one by half (IoU). Recall and false alarms are read at the
confidence the model's card recommends for the class. Full tiling, as for single pictures.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.accuracy import sim_stills
from bench.accuracy.detector_libraries import pace_rows, parity_row
from bench.accuracy.judged import Judged
from bench.accuracy.looking import LEAST_CONFIDENCE, default_confidence, detect, open_detector
from bench.accuracy.strata import STRATA, average_precision_below, by_band
from wideberth_contracts.detections import ObjectKind, Tiling
from wideberth_detector.local import LocalDetector

Row = dict[str, Any]

AIMS = {ObjectKind.DOLPHIN: 0.92, ObjectKind.VESSEL: 0.98, ObjectKind.JET_SKI: 0.95}
SMALL_PX = 24.0
SMALL_AIM = 0.75
STILLS, QUICK_STILLS = 400, 60


def run(quick: bool, model: Path | None = None) -> list[Row]:
    """All rows: `name, value, unit, aim, met, note`."""
    judged = look(open_detector(model), draw(QUICK_STILLS if quick else STILLS))
    return [*score_rows(judged, default_confidence(model)), *pace_rows(quick, model), parity_row(model)]


def draw(count: int) -> sim_stills.Stills:
    """The first `count` stills that judge."""
    return sim_stills.render(range(sim_stills.FIRST_SEED, sim_stills.FIRST_SEED + count))


def look(detector: LocalDetector, stills: sim_stills.Stills) -> Judged:
    """The tables of some stills."""
    judged = Judged()
    for still in stills:
        found = detect(detector, still.pixels, LEAST_CONFIDENCE, Tiling.FULL).detections
        judged.add(
            still.picture,
            still.truths,
            found,
            oriented=True,
            ignored=still.ignored,
            about_box=lambda boxes, mask=still.glint: sim_stills.glint_round(mask, boxes),  # type: ignore[misc]
        )
    return judged


def score_rows(judged: Judged, sure: dict[ObjectKind, float]) -> Iterator[Row]:
    """Scores by class, then by band."""
    for kind in ObjectKind:
        if judged.truths(kind):
            yield from _kind_rows(judged, kind, sure[kind])
    value, truths = average_precision_below(judged, ObjectKind.DOLPHIN, "length_px", SMALL_PX)
    note = f"{truths} of them"
    yield _row(f"dolphins under {SMALL_PX:g} px long: AP50", value, "", note, SMALL_AIM)
    for kind in ObjectKind:
        for stratum in STRATA if kind in AIMS else STRATA[:1]:
            for band in by_band(judged, kind, stratum, sure[kind]):
                name = f"{kind.value}, {stratum.name} {band['band']}"
                of = f"{band['truths']} of them"
                if band["ap50"] is None:
                    yield _row(f"{name}: recall", band["recall_iou50"], "", f"at {sure[kind]:.2f}; {of}")
                else:
                    note = f"recall {band['recall_iou50']:.2f} at {sure[kind]:.2f}; {of}"
                    yield _row(f"{name}: AP50", band["ap50"], "", note)


def _kind_rows(judged: Judged, kind: ObjectKind, sure: float) -> Iterator[Row]:
    of = f"{judged.truths(kind)} of them in {len(judged.pictures)} stills"
    yield _row(f"{kind.value}: AP50", judged.average_precision(kind), "", f"{of}; oriented overlap", AIMS.get(kind))
    yield _row(f"{kind.value}: recall", judged.recall(kind, sure), "", f"at {sure:.2f}; {of}")
    alarms = judged.false_alarms(kind, sure)
    yield _row(f"{kind.value}: false alarms", alarms, "a picture", f"at {sure:.2f}; they touch nothing of the class")


def _row(name: str, value: float | None, unit: str, note: str, least: float | None = None) -> Row:
    met = None if least is None or value is None else value >= least
    rounded = None if value is None else round(value, 3)
    return {
        "name": name,
        "value": rounded,
        "unit": unit,
        "aim": f"≥ {least}" if least else None,
        "met": met,
        "note": note,
    }
