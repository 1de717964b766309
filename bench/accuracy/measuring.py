"""Rows and runs that the benches of distances share."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from wideberth_distance.trials.coverage import Scenes, Trial, run_trials
from wideberth_distance.trials.flights import Known

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
PIECE = 25
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Series:
    """So many scenes of one kind, from seeds of their own."""

    known: Known
    scenes: Scenes
    count: int
    first_seed: int


def row(
    name: str, value: float | str | None, unit: str = "", aim: str = "", met: bool | None = None, note: str = ""
) -> Row:
    """One row of a bench's table."""
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}


def trials_of(every: Sequence[Series]) -> list[list[Trial]]:
    """The trials of each series, drawn in several processes; the same for any number of them."""
    jobs = [
        (one.known, one.scenes, min(PIECE, one.count - k), one.first_seed + k)
        for one in every
        for k in range(0, one.count, PIECE)
    ]
    os.environ.update({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})
    with ProcessPoolExecutor(os.cpu_count() or 1, get_context("spawn")) as pool:
        pieces = iter(list(pool.map(_drawn, jobs)))
    return [[trial for _ in range(0, one.count, PIECE) for trial in next(pieces)] for one in every]


def _drawn(job: tuple[Known, Scenes, int, int]) -> list[Trial]:
    known, scenes, count, seed = job
    return run_trials(count, seed, known=known, scenes=scenes)
