"""Do the intervals hold the truth? Made scenes with every error drawn as measured, by what is known of the flight.

Heights 30 to 120 m, pitch straight down to -15 deg, ranges to 1,000 m; errors as `wideberth_distance.trials.flights`
says. Each stratum is looked at by itself: an interval that is true on the average only would be of no use in court.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from bench.accuracy.measuring import Row, Series, row, trials_of
from wideberth_distance.trials.coverage import NEAR_LIMIT, Scenes, Trial, covered_share, false_inside_share
from wideberth_distance.trials.flights import Known

COUNT, QUICK = 1000, 150
FIRST_SEED, NEAR_SEED = 100_000, 200_000
EDGES = {
    "height_m": ("height {} to {} m", (30, 60, 90, 121)),
    "pitch_deg": ("pitch {} to {} deg", (-91, -60, -40, -25, -14)),
    "range_m": ("range {} to {} m", (0, 50, 100, 200, 400, 1001)),
    "truth_m": ("{} to {} m apart", (0, 25, 50, 90, 200)),
}
LEAST_IN_STRATUM = 60
"""Fewer scenes say nothing of a share near 95 %."""


def run(quick: bool) -> list[Row]:
    """All rows."""
    count = QUICK if quick else COUNT
    plain = [Series(known, Scenes(), count, FIRST_SEED + 10_000 * k) for k, known in enumerate(Known)]
    near = [Series(known, NEAR_LIMIT, count, NEAR_SEED + 10_000 * k) for k, known in enumerate(Known)]
    found = trials_of([*plain, *near])
    rows: list[Row] = []
    for known, trials, close in zip(Known, found[: len(plain)], found[len(plain) :], strict=True):
        rows += _of_known(known, trials, close, quick=quick)
    return rows


def _of_known(known: Known, trials: list[Trial], close: list[Trial], *, quick: bool) -> list[Row]:
    covered, wrong = covered_share(trials), false_inside_share(close)
    # So many scenes know a share of 95 % to this (two standard errors).
    slack = 2 * (0.95 * 0.05 / len(trials)) ** 0.5 if quick else 0.0
    shares = _by_stratum(trials)
    lowest, highest = min(shares.items(), key=lambda pair: pair[1]), max(shares.items(), key=lambda pair: pair[1])
    fine = 0.93 - slack <= covered <= 0.97 + slack
    all_fine = lowest[1] >= 0.90 - slack and highest[1] <= 0.99 + slack
    spread = f"lowest: {lowest[0]}; highest {highest[1]:.3f}: {highest[0]}"
    return [
        row(f"{known.value}: 95 % interval holds the truth", covered, "share", "0.93 to 0.97", fine,
            f"{len(trials)} scenes"),
        row(f"{known.value}: the same, worst stratum", lowest[1], "share", "0.90 to 0.99", all_fine, spread),
        row(f"{known.value}: 'violation' wrong", wrong, "share", "<= 0.025", wrong <= 0.025 + slack / 2,
            f"{len(close)} scenes truly 50 to 60 m apart whose whole interval lies inside 50 m"),
        row(f"{known.value}: width of the interval, median", _width(trials), "share of the truth"),
    ]  # fmt: skip


def _width(trials: Sequence[Trial]) -> float:
    widths = [(t.said.interval_95_m.high - t.said.interval_95_m.low) / max(t.truth_m, 1.0) for t in trials]
    return float(np.median(widths))


def _by_stratum(trials: Sequence[Trial]) -> dict[str, float]:
    """Coverage of every stratum that is large enough."""
    strata: dict[str, Callable[[Trial], bool]] = {
        "horizon in the same frame": lambda trial: trial.same_frame is True,
        "horizon in another frame": lambda trial: trial.same_frame is False,
    }
    for field, (label, edges) in EDGES.items():
        for low, high in pairwise(edges):
            strata[label.format(low, high)] = _between(field, low, high)
    members = {name: [trial for trial in trials if belongs(trial)] for name, belongs in strata.items()}
    return {name: covered_share(those) for name, those in members.items() if len(those) >= LEAST_IN_STRATUM}


def _between(field: str, low: float, high: float) -> Callable[[Trial], bool]:
    return lambda trial: low <= getattr(trial, field) < high
