"""Separations in real oblique pictures of surveyed targets on land, from nothing but the pictures' own metadata."""

import numpy as np

from bench.accuracy.measuring import DATA, Row, row
from wideberth_distance.trials.openathena import (
    SurveyedPair,
    errors_with_one_scale,
    relative_errors,
    shared_by_picture,
    surveyed_pairs,
)

FOLDER = DATA / "photogrammetry" / "openathena_accuracy"
MEDIAN, P95, COVERED = 0.058, 0.21, 0.90


def run(_quick: bool) -> list[Row]:
    """All rows; none of them where the data are not at hand."""
    if not FOLDER.is_dir():
        return [row("surveyed separations", None, note=f"left out: no {FOLDER}")]
    pairs = surveyed_pairs(FOLDER)
    errors, scaled = np.abs(relative_errors(pairs)), np.abs(errors_with_one_scale(pairs))
    median, p95, held = float(np.median(errors)), float(np.quantile(errors, 0.95)), _held(pairs)
    common, left = shared_by_picture(pairs)
    return [
        row("raw metadata: error, median", median, "share", f"< {MEDIAN}", median < MEDIAN,
            f"{len(pairs)} pairs in {len({pair.image for pair in pairs})} pictures"),
        row("raw metadata: error, 95 %", p95, "share", f"< {P95}", p95 < P95),
        row("95 % interval holds the surveyed distance", held, "share", f">= {COVERED}", held >= COVERED),
        row("one scale a flight, learnt on its other pictures: error, median", float(np.median(scaled)), "share"),
        row("scale that all pairs of a picture share, spread over pictures", common, "share",
            note="height and focal length of that picture: only a clue in it can take this away"),
        row("error of a pair beside its picture's own scale, median", left, "share"),
    ]  # fmt: skip


def _held(pairs: list[SurveyedPair]) -> float:
    return float(np.mean([p.said.interval_95_m.low <= p.truth_m <= p.said.interval_95_m.high for p in pairs]))
