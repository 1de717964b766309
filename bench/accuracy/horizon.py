"""The horizon found in simulated frames: how exactly, how often, and how often wrongly; and real frames without one."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.accuracy.horizon_looks import Look, look
from bench.accuracy.horizon_scenes import Across
from wideberth_contracts.clues import HorizonView
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.wire import Measured
from wideberth_distance.core.horizon import find_horizon

SCENES, CODED, BIG = 240, 60, 24
QUICK = {SCENES: 40, CODED: 10, BIG: 4}
WRONG_DEG = 0.2
CLEAR = 8.0
"""Grey levels between sky and sea: a horizon that anybody sees."""
FIRST_SEED = 60_000
"""Above those looked at while the finder was made: 0 to 399, 10,000 to 17,040, 20,000 to 20,239, 30,000 to 50,110."""
REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
REAL_FRAMES = ("vessel_frames/images", "coast_frames", "sea_negatives", "surf_frames", "humpback_frames/images")
Row = dict[str, Any]


def run(quick: bool) -> list[Row]:
    """All rows."""
    scenes, coded, big = (QUICK[count] if quick else count for count in (SCENES, CODED, BIG))
    cases = [(FIRST_SEED + k, 1920, False) for k in range(scenes)]
    cases += [(FIRST_SEED + 5_000 + k, 1920, True) for k in range(coded)]
    cases += [(FIRST_SEED + 7_000 + k, 3840, False) for k in range(big)]
    # One thread a process: threads that wait would be counted as work.
    os.environ.update({"NUMBA_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})
    with ProcessPoolExecutor(os.cpu_count() or 1, get_context("spawn")) as pool:
        looked = list(pool.map(look, cases, chunksize=4))
    plain, hard, large = looked[:scenes], looked[scenes : scenes + coded], looked[scenes + coded :]
    rows = [*_scores(plain, ""), *_scores(hard, "H.264, coded hard: ")[:3], *_scores(large, "3840 px: ")[:3]]
    rows += _strata(plain)
    cost = float(np.median([each.ms for each in large if each.across is not Across.NONE] or [np.nan]))
    rows.append(_row("cost of a 3840-px frame", cost, "ms", "<= 30", cost <= 30, "processor time, one core, median"))
    return rows + _real(quick)


def _row(name: str, value: float | None, unit: str, aim: str = "", met: bool | None = None, note: str = "") -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}


def _scores(looked: Sequence[Look], label: str) -> list[Row]:
    found = [each for each in looked if each.error_deg is not None]
    if not found:
        return [_row(f"{label}found", 0.0, "share", note=f"{len(looked)} frames")]
    errors = np.array([each.error_deg for each in found])
    told = np.array([each.told_error_deg for each in found if each.told_error_deg is not None])
    rolls = np.array([each.roll_error_deg for each in found])
    z = errors / np.array([each.sigma_deg for each in found])
    bad = [each.across.value for each in found if abs(each.error_deg or 0.0) > WRONG_DEG]
    median, wrong = float(np.median(np.abs(errors))), len(bad) / len(found)
    size = f"{len(found)} found in {len(looked)} frames"
    return [
        _row(f"{label}pitch error, median", median, "deg", "<= 0.05", median <= 0.05, size),
        _row(f"{label}wrong accepted (over 0.2 deg)", wrong, "share", "<= 0.01", wrong <= 0.01,
             ", ".join(f"{bad.count(name)} {name}" for name in dict.fromkeys(bad)) or size),
        _row(f"{label}pitch error, 95 %", float(np.quantile(np.abs(errors), 0.95)), "deg"),
        _row(f"{label}roll error, median", float(np.median(np.abs(rolls))), "deg"),
        _row(f"{label}error within two of its own sigma", float(np.mean(np.abs(z) < 2)), "share"),
        _row(f"{label}pitch error, median, height 4 % and focal length 5 % off", float(np.median(np.abs(told))), "deg",
             note="the line is right; its pitch is for what was told, and the flight's fit knows that"),
    ]  # fmt: skip


def _strata(looked: Sequence[Look]) -> list[Row]:
    seen = [each for each in looked if each.across in (Across.OPEN, Across.BOATS)]
    strata = {across.value: [each for each in looked if each.across is across] for across in Across}
    strata |= {
        f"anything, contrast of {CLEAR:.0f} grey levels or more": [e for e in looked if e.contrast >= CLEAR],
        "open sea and boats, the same contrast": [e for e in seen if e.contrast >= CLEAR],
        "open sea and boats, visibility over 20 km": [e for e in seen if e.visibility_m > 20_000],
        "open sea and boats, visibility 6 to 20 km": [e for e in seen if e.visibility_m <= 20_000],
        "open sea and boats, towards a low sun": [e for e in seen if e.towards_sun],
    }
    return [
        _row(f"found: {name}", float(np.mean([_right(each) for each in these])), "share", note=f"{len(these)} frames")
        for name, these in strata.items()
        if these
    ]


def _right(each: Look) -> bool:
    return each.error_deg is not None and abs(each.error_deg) <= WRONG_DEG


def _real(quick: bool) -> list[Row]:
    """Real frames without a sea horizon, each asked for one at several heights in the picture."""
    paths = [path for folder in REAL_FRAMES for path in sorted((REAL / folder).glob("*.*g"))][:: 8 if quick else 1]
    accepted, asked = [], 0
    for path in paths:
        pixels = cv2.imread(str(path))
        for at in (-0.4, -0.2, 0.0, 0.2, 0.4):
            height, width = pixels.shape[:2]
            pitch = float(np.degrees(np.arctan(at * height / (0.75 * width))))
            found = find_horizon(np.asarray(pixels, np.uint8), 0.0, _wide(pitch, width, height))
            asked += 1
            if isinstance(found, HorizonView):
                accepted.append(path.name)
    if not asked:
        return [_row("real frames without a horizon: lines accepted", None, "", note="no ../shared/data")]
    note = f"{len(paths)} frames, each asked at five heights; " + ", ".join(sorted(set(accepted)))
    return [_row("real frames without a horizon: lines accepted", len(accepted) / asked, "share", note=note)]


def _wide(pitch_deg: float, width_px: int, height_px: int) -> CameraPose:
    exact = Measured(value=0.0, sigma=0.0)
    return CameraPose(
        height_m=Measured(value=60.0, sigma=10.0), pitch_deg=Measured(value=pitch_deg, sigma=1.5),
        roll_deg=Measured(value=0.0, sigma=1.0), yaw_deg=exact, focal_px=Measured(value=0.75 * width_px, sigma=50.0),
        east_m=exact, north_m=exact, width_px=width_px, height_px=height_px,
    )  # fmt: skip
