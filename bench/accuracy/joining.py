"""Telemetry put to video: how exactly a log's offset is found, and whether another flight's telemetry is refused.

Simulated flights of 24 s, each rendered; a quarter of them hover. Logs are 10 Hz with a flag up to 1 s off.
Others' telemetry is of flights as long, begun at the same second: nothing but the picture can tell.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np

from bench.accuracy.joining_tries import CUT_S, Joined, fly
from wideberth_contracts.joining import JoinFinding, JoinMethod

Row = dict[str, Any]
FLIGHTS, QUICK_FLIGHTS = 32, 6
FIRST_SEED = 4_000
"""Above those looked at while the method was made."""


def run(quick: bool) -> list[Row]:
    """All rows: `name, value, unit, aim, met, note`."""
    # One thread a process.
    os.environ.update({"NUMBA_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})
    seeds = range(FIRST_SEED, FIRST_SEED + (QUICK_FLIGHTS if quick else FLIGHTS))
    with ProcessPoolExecutor(os.cpu_count() or 1, get_context("spawn")) as pool:
        flown = list(pool.map(fly, seeds))
    turning, still = [each for each in flown if each.turns], [each for each in flown if not each.turns]
    return [
        *_offsets([each.log for each in turning], "log of a drone that looks round"),
        *_offsets([each.among_three for each in turning], "one of three recordings as long"),
        *_offsets([each.log for each in still], "log of a drone that hovers"),
        *_offsets([each.cut_srt for each in turning], f".SRT whose video lost its first {CUT_S} s"),
        _share("own .SRT refused or moved", [each.srt for each in flown], _is_spoilt, "<= 0.0"),
        _share("own log refused", [each.log for each in flown], _is_refused, "<= 0.0"),
        *_of_others([each.other_logs for each in turning], "log of another flight, the drone looks round"),
        *_of_others([each.other_srts for each in turning], ".SRT of another flight, the drone looks round"),
        *_of_others([each.other_srts for each in still], ".SRT of another flight, the drone hovers"),
    ]


def _offsets(joined: Sequence[Joined], title: str) -> list[Row]:
    if not joined:
        return []
    by_picture = [each for each in joined if each.method is JoinMethod.IMAGE_MOTION and each.after_s is not None]
    before = np.abs([each.before_s for each in joined if each.before_s is not None])
    rows = [_row(f"{title}: found by the picture", len(by_picture) / len(joined), "share", None, f"{len(joined)} logs")]
    if before.size:
        rows.append(_row(f"{title}: error without the picture, median", float(np.median(before)), "s", None,
                         f"{before.size} that are joined without it"))  # fmt: skip
    if by_picture:
        errors = np.abs([each.after_s for each in by_picture if each.after_s is not None])
        sigmas = np.array([each.sigma_s for each in by_picture])
        inside = float(np.mean(errors <= 2 * sigmas))
        note = f"stated error {np.median(sigmas):.3f} s at the median"
        rows += [
            _row(f"{title}: error, median", float(np.median(errors)), "s", "<= 0.1", note),
            _row(f"{title}: error, 95 %", float(np.quantile(errors, 0.95)), "s", None, note),
            _row(f"{title}: error within two of its own sigma", inside, "share", ">= 0.9", ""),
        ]
    left = [each for each in joined if each.method is not JoinMethod.IMAGE_MOTION and each.after_s is not None]
    if left:
        z = np.abs([(each.after_s or 0.0) / each.sigma_s for each in left])
        rows.append(_row(f"{title}: left to flag or clock, within two sigma", float(np.mean(z <= 2)), "share", None,
                         f"{len(left)} logs"))  # fmt: skip
    return rows


def _of_others(groups: Sequence[Sequence[Joined]], title: str) -> list[Row]:
    joined = [each for group in groups for each in group]
    if not joined:
        return []
    taken = [each for each in joined if each.refused is None]
    unsaid = [each for each in taken if JoinFinding.MOTION_SILENT not in each.findings]
    note = f"{len(joined)} joins"
    return [
        _row(f"{title}: refused by name", 1 - len(taken) / len(joined), "share", None, note),
        _row(f"{title}: taken, not checked and said so", (len(taken) - len(unsaid)) / len(joined), "share", None, note),
        _row(f"{title}: taken as if it fitted", len(unsaid) / len(joined), "share", "<= 0.01", note),
    ]


def _is_refused(each: Joined) -> bool:
    return each.refused is not None


def _is_spoilt(each: Joined) -> bool:
    return each.refused is not None or each.method is not JoinMethod.FRAME_TIME


def _share(title: str, joined: Sequence[Joined], what: Callable[[Joined], bool], aim: str) -> Row:
    return _row(title, sum(map(what, joined)) / len(joined), "share", aim, f"{len(joined)} joins")


def _row(name: str, value: float, unit: str, aim: str | None, note: str) -> Row:
    met = None
    if aim is not None:
        limit = float(aim[3:])
        met = value <= limit if aim.startswith("<=") else value >= limit
    return {"name": name, "value": round(value, 4), "unit": unit, "aim": aim, "met": met, "note": note}
