"""How far separations err, by what is known of the flight: heights 60 to 100 m, ranges to 200 m, 20 to 100 m apart."""

from dataclasses import replace

import numpy as np

from bench.accuracy.measuring import Row, Series, row, trials_of
from wideberth_distance.trials.coverage import Scenes, Trial, covered_share
from wideberth_distance.trials.flights import MEASURED_SHARE, Known

COUNT, QUICK = 1000, 100
FIRST_SEED = 300_000
SCENES = Scenes(height_m=(60, 100), range_m=(0, 200), apart_m=(20, 100))
MEASURED = replace(SCENES, focal_share=MEASURED_SHARE)
LENGTH_EXACT = replace(MEASURED, length_share=0.01)
AIMS = {Known.RAW: 0.08, Known.HORIZON: 0.04, Known.LENGTH: 0.02, Known.WATERLINE: 0.02}


def run(quick: bool) -> list[Row]:
    """All rows: those with an aim by the camera table, then with a measured camera."""
    count = QUICK if quick else COUNT
    kinds = [(known, SCENES, "") for known in Known] + [
        (known, MEASURED, ", camera measured to 1 %") for known in Known
    ]
    kinds.append((Known.LENGTH, LENGTH_EXACT, ", camera and length to 1 %"))
    every = [Series(known, scenes, count, FIRST_SEED + 10_000 * k) for k, (known, scenes, _) in enumerate(kinds)]
    rows: list[Row] = []
    for (known, scenes, label), trials in zip(kinds, trials_of(every), strict=True):
        aim = AIMS[known] if scenes is SCENES else None
        rows += _rows(f"{known.value}{label}", trials, aim)
    return rows


def _rows(name: str, trials: list[Trial], aim: float | None) -> list[Row]:
    errors = np.array([trial.relative_error for trial in trials])
    median = float(np.median(errors))
    told, met = (f"<= {aim:g}", median <= aim) if aim is not None else ("", None)
    late, held = float(np.quantile(errors, 0.95)), covered_share(trials)
    note = f"{len(trials)} scenes; 95 % of errors within {late:.3f}; interval holds the truth in {held:.3f}"
    return [row(f"{name}: error, median", median, "share of the truth", told, met, note)]
