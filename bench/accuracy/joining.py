"""Telemetry put to video: how exactly a log's offset is found, and whether another flight's telemetry is refused.

Simulated flights of 24 s, each rendered; a quarter of them hover. Logs are 10 Hz with a flag up to 1 s off.
Others' telemetry is of flights as long, begun at the same second: nothing but the picture can tell.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import numpy as np

from bench.accuracy.joining_flights import Clip, draw_log, draw_scene, longer_srt_of, rendered, srt_of
from wideberth_contracts.joining import Join, JoinFinding, JoinMethod
from wideberth_simulator import Scene

Row = dict[str, Any]
FLIGHTS, QUICK_FLIGHTS = 32, 6
OTHERS = 3
CUT_S = 7.4
FIRST_SEED = 4_000
"""Above those looked at while the method was made."""


@dataclass(frozen=True, slots=True)
class Joined:
    """One log: error and standard error of the offset before and after the picture was asked."""

    before_s: float | None
    after_s: float | None
    sigma_s: float
    method: JoinMethod
    refused: JoinFinding | None
    findings: tuple[JoinFinding, ...]


@dataclass(frozen=True, slots=True)
class Flown:
    """One flight: its own log, the same with two more recordings as long, its .SRT, a cut one, and others'."""

    turns: bool
    log: Joined
    among_three: Joined
    srt: Joined
    cut_srt: Joined
    other_logs: tuple[Joined, ...]
    other_srts: tuple[Joined, ...]


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


def fly(seed: int) -> Flown:
    """One flight with everybody's telemetry."""
    scene, turns = draw_scene(seed)
    clip, folder = rendered(scene)
    with folder:
        return asyncio.run(_fly(seed, scene, turns, clip))


async def _fly(seed: int, scene: Scene, turns: bool, clip: Clip) -> Flown:
    own, three = draw_log(scene, seed), draw_log(scene, seed + 1, alike=2)
    others = [draw_scene(seed + 50_000 + k)[0] for k in range(OTHERS)]
    return Flown(
        turns=turns,
        log=_told(await clip.joined(own.record), own.offset_s),
        among_three=_told(await clip.joined(three.record, created=False), three.offset_s),
        srt=_told(await clip.joined(srt_of(scene)), 0.0),
        cut_srt=_told(await clip.joined(longer_srt_of(scene, CUT_S), created=False), -CUT_S),
        other_logs=tuple([_told(await clip.joined(draw_log(each, seed).record), None) for each in others]),
        other_srts=tuple([_told(await clip.joined(srt_of(each)), None) for each in others]),
    )


def _told(joins: tuple[Join, Join], true_s: float | None) -> Joined:
    before, after = joins

    def error(join: Join) -> float | None:
        return None if true_s is None or join.refused else join.offset_s.value - true_s

    return Joined(
        error(before), error(after), after.offset_s.sigma, after.method, after.refused,
        tuple(note.finding for note in after.notes),
    )  # fmt: skip


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
