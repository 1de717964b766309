"""The horizon found in simulated frames: how exactly, how often, and how often wrongly."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from os import cpu_count
from typing import Any

import numpy as np

from bench.accuracy.horizon_looks import look
from bench.accuracy.horizon_scenes import Across

SCENES, QUICK = 600, 60
BIG = 40
WRONG_DEG = 0.2
FIRST_SEED = 10_000
"""Above those looked at while the finder was made."""
Row = dict[str, Any]


def run(quick: bool) -> list[Row]:
    """All rows."""
    cases = [(FIRST_SEED + k, 1920, False) for k in range(QUICK if quick else SCENES)]
    cases += [(FIRST_SEED + 5_000 + k, 1920, True) for k in range(QUICK // 3 if quick else BIG * 2)]
    cases += [(FIRST_SEED + 7_000 + k, 3840, False) for k in range(4 if quick else BIG)]
    with ProcessPoolExecutor(cpu_count() or 1, get_context("spawn")) as pool:
        looked = list(pool.map(look, cases, chunksize=4))
    plain = looked[: QUICK if quick else SCENES]
    rows = _scores(plain, "")
    rows += _scores(looked[len(plain) : len(looked) - (4 if quick else BIG)], "coded hard: ")[:3]
    rows += _scores(looked[len(looked) - (4 if quick else BIG) :], "3840 px: ")[:3]
    for across in Across:
        these = [row for row in plain if row["across"] is across]
        share = float(np.mean([row["error_deg"] is not None for row in these])) if these else None
        rows.append(_row(f"found: {across.value}", share, "share", "", None, f"{len(these)} frames"))
    cost = float(np.median([row["ms"] for row in looked[-(4 if quick else BIG) :]]))
    rows.append(_row("cost of a 3840-px frame, one core", cost, "ms", "", None, "processor time, median"))
    return rows


def _row(name: str, value: float | None, unit: str, aim: str, met: bool | None, note: str = "") -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}


def _scores(looked: list[dict[str, Any]], label: str) -> list[Row]:
    errors = np.array([row["error_deg"] for row in looked if row["error_deg"] is not None])
    told = np.array([row["as_told_deg"] for row in looked if row["as_told_deg"] is not None])
    rolls = np.array([row["roll_deg"] for row in looked if row["error_deg"] is not None])
    z = np.array([row["z"] for row in looked if row["z"] is not None])
    if not errors.size:
        return []
    median, wrong = float(np.median(np.abs(errors))), float(np.mean(np.abs(errors) > WRONG_DEG))
    size = f"{errors.size} found in {len(looked)} frames"
    return [
        _row(f"{label}pitch error, median", median, "deg", "<= 0.05", median <= 0.05, size),
        _row(f"{label}wrong accepted (over 0.2 deg)", wrong, "share", "<= 0.01", wrong <= 0.01, size),
        _row(f"{label}pitch error, 95 %", float(np.quantile(np.abs(errors), 0.95)), "deg", "", None),
        _row(f"{label}roll error, median", float(np.median(np.abs(rolls))), "deg", "", None),
        _row(f"{label}error within two of its own sigma", float(np.mean(np.abs(z) < 2)), "share", "", None),
        _row(f"{label}pitch error, median, focal length 5 % off", float(np.median(np.abs(told))), "deg", "", None,
             "the line is right; its pitch is for the focal length told, and the flight's fit knows that"),
    ]  # fmt: skip
