"""Distances against truth: interval coverage, surveyed pictures, real telemetry files, the projector's closed form."""

from pathlib import Path
from typing import Any

import numpy as np

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_distance.core.projection import CURVATURE_PER_M, horizon_dip_rad, range_from_depression_m
from wideberth_distance.core.telemetry import read_telemetry
from wideberth_distance.trials.coverage import covered_share, false_inside_share, run_trials
from wideberth_distance.trials.openathena import errors_with_one_scale, relative_errors, surveyed_pairs

DATA = Path(__file__).parents[3] / "shared" / "data"
Row = dict[str, Any]


def run(quick: bool) -> list[Row]:
    """All rows; those that need real data only where it is."""
    rows = [*_projector(), *_coverage(quick)]
    if not DATA.is_dir():
        return [*rows, _row("real data", None, "", "present", None, f"left out: no {DATA}")]
    return [*rows, *_telemetry(), *_surveyed()]


def _row(name: str, value: float | str | None, unit: str, aim: str, met: bool | None, note: str = "") -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}


def _projector() -> list[Row]:
    heights, ranges = (g.ravel() for g in np.meshgrid(np.linspace(10, 300, 59), np.geomspace(1, 5_000, 200)))
    tangents = heights / ranges + ranges * CURVATURE_PER_M / 2
    found, visible = range_from_depression_m(heights, tangents)
    worst = float(np.abs(found - ranges)[visible].max())
    dip = float(np.degrees(horizon_dip_rad(60.0)))
    return [
        _row("projector against closed form, 1 m to 5 km", worst, "m", "< 1e-6", worst < 1e-6, f"{ranges.size} ranges"),
        _row("dip of the horizon from 60 m", dip, "deg", "0.232", abs(dip - 0.232) < 1e-3, "k = 0.13"),
    ]


def _coverage(quick: bool) -> list[Row]:
    count = 300 if quick else 2000
    trials = run_trials(count, seed=11)
    near = run_trials(count // 2, seed=12, only_near_limit=True)
    covered, inside = covered_share(trials), false_inside_share(near)
    # 300 trials know a share of 95 % to 1.3 points.
    low, high = (0.91, 0.99) if quick else (0.93, 0.98)
    errors = [abs(t.said.value_m - t.truth_m) for t in trials]
    note = "numeric scenes, 30 to 120 m, D/h < 4, telemetry errors as the simulator's"
    return [
        _row("separation, 95 % interval holds the truth", covered, "share", f"{low} to {high}", low <= covered <= high,
             f"{count} {note}"),
        _row("truly outside 50 m, said to be inside", inside, "share", "<= 0.05", inside <= 0.05,
             f"{count // 2} scenes at 50 to 60 m"),
        _row("separation error, median", float(np.median(errors)), "m", "", None, "3 to 80 m apart"),
    ]  # fmt: skip


def _telemetry() -> list[Row]:
    files = sorted(p for p in (DATA / "telemetry").rglob("*") if p.suffix.lower() in (".srt", ".csv"))
    refused, read, zeros = [], 0, 0
    for file in files:
        try:
            record = read_telemetry(file.name, file.read_bytes(), 9.0)
        except UnreadableTelemetry as error:
            refused.append(str(error))
            continue
        read += 1
        zeros += any(p.latitude == 0 and p.longitude == 0 for p in record.points)
    note = "; ".join(reason.split(" (")[0] for reason in refused)
    return [
        _row("telemetry files read", read, f"of {len(files)}", "all but the broken", read == len(files) - 2),
        _row("telemetry files refused by name and reason", len(refused), "files", "2", len(refused) == 2, note),
        _row("telemetry files with silent zeros", zeros, "files", "0", zeros == 0),
    ]


def _surveyed() -> list[Row]:
    folder = DATA / "photogrammetry" / "openathena_accuracy"
    if not folder.is_dir():
        return []
    pairs = surveyed_pairs(folder)
    raw, scaled = np.abs(relative_errors(pairs)), np.abs(errors_with_one_scale(pairs))
    held = float(np.mean([p.said.interval_95_m.low <= p.truth_m <= p.said.interval_95_m.high for p in pairs]))
    size = f"{len(pairs)} pairs in {len({p.image for p in pairs})} real oblique pictures (land)"
    median, calibrated = float(np.median(raw)), float(np.median(scaled))
    return [
        _row("surveyed separations, raw telemetry, median error", median, "share", "< 0.058", median < 0.058, size),
        _row("the same, one scale a flight from other pictures", calibrated, "share", "< 0.058", calibrated < 0.058),
        _row("surveyed separations, 95 % interval holds the truth", held, "share", ">= 0.90", held >= 0.90),
    ]
