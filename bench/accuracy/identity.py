"""Who was it: camera tracks put to simulated AIS, three boats at 100 m, however many of them carry it.

The probability from which a vessel is named, and what the model takes an unknown craft for, are chosen on `CHOOSING`
seeds; the numbers are of other seeds. Right and wrong are counted over craft, not over scenes. The fewer boats carry
AIS, the more of the names that could be given are wrong ones: every share of carriage has its own rows.
"""

import math
import os
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from typing import Any

from bench.accuracy.identity_judged import Seen, judged
from bench.accuracy.identity_scenes import CARRYING
from wideberth_contracts.identity import IdentityVerdict
from wideberth_gateway.identity.deciding import MATCHED_FROM, STATED_ERROR_RATE

STRATA = (
    (0.1, range(120_000, 121_500)),
    (0.2, range(130_000, 131_500)),
    (0.4, range(140_000, 140_600)),
    (CARRYING, range(150_000, 150_600)),
)
"""Share of the boats in view that carry AIS, and the seeds it is judged by: none of them was looked at before the level
was chosen."""
CHOOSING, CHOOSING_CARRYING = range(200_000, 202_000), 0.2
QUICK = 100
AIM = 0.01
"""Of the names, wrong at most."""
CHOSEN_BELOW = 0.005
"""The level is the lowest whose share of wrong names on the choosing seeds is below this: half the aim, for seeds by
which something is chosen flatter it."""
LEVELS = (0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)
LIKELIEST = 0.5
"""On the choosing seeds everything above this is looked at."""

CLOCKS = ((True, "where reports tell the second of the fix"), (False, "where not"))
Row = dict[str, Any]


def run(quick: bool) -> list[Row]:
    """Rows over the judged seeds, the worst share of carriage first; in the whole run also how the level was chosen."""
    start = time.process_time()
    judged(STRATA[-1][1][0], MATCHED_FROM, CARRYING)
    per_scene_s = time.process_time() - start
    strata = [
        (carrying, _seen(seeds[:QUICK] if quick else seeds, MATCHED_FROM, carrying)) for carrying, seeds in STRATA
    ]
    strata.sort(key=lambda one: -_bound(one[1]))
    rows = [row for carrying, seen in strata for row in _totals(seen, f"{10 * carrying:.0f} in 10 boats carry AIS: ")]
    rows.append(_row("the first scene", round(per_scene_s, 2), "s", "", None, "three tracks, up to six ships"))
    return rows if quick else [*rows, *chosen_by(CHOOSING)]


def _seen(seeds: range, level: float, carrying: float) -> list[Seen]:
    """Every craft of many scenes, in several processes."""
    with ProcessPoolExecutor(os.cpu_count() or 1, get_context("spawn")) as pool:
        scenes = pool.map(judged, seeds, repeat(level), repeat(carrying), chunksize=10)
        return [each for scene in scenes for each in scene]


def chosen_by(seeds: range) -> list[Row]:
    """Wrong names among the named on the choosing seeds, by level, and the share of boats with AIS that it names."""
    seen = _seen(seeds, LIKELIEST, CHOOSING_CARRYING)
    carrying = [s for s in seen if s.truth is not None]
    rows = []
    for level in LEVELS:
        named = [s for s in seen if s.said.mmsi is not None and s.said.probability >= level]
        wrong = sum(s.said.mmsi != s.truth for s in named)
        share = wrong / len(named) if named else 0.0
        found = (len(named) - wrong) / max(1, len(carrying))
        most = 100 * upper_bound(wrong, len(named))
        note = (
            f"{wrong} of {len(named)} on the choosing seeds; at most {most:.2f} %; {found:.0%} of those with AIS named"
        )
        rows.append(_row(f"wrong names from {level}", round(100 * share, 2), "%", "", None, note))
    return rows


def _bound(seen: list[Seen]) -> float:
    named = [s for s in seen if s.said.verdict is IdentityVerdict.MATCHED]
    return upper_bound(sum(s.said.mmsi != s.truth for s in named), len(named))


def _totals(seen: list[Seen], label: str) -> list[Row]:
    named = [s for s in seen if s.said.verdict is IdentityVerdict.MATCHED]
    wrong = [s for s in named if s.said.mmsi != s.truth]
    strangers = sum(s.truth is None for s in wrong)
    carrying, bare = [s for s in seen if s.truth is not None], [s for s in seen if s.truth is None]
    said = Counter((s.truth is not None, s.said.verdict) for s in seen)
    right = len(named) - len(wrong)
    share = right / len(named) if named else 0.0
    most = upper_bound(len(wrong), len(named))
    bound = f"at most {100 * most:.2f} % with 95 % confidence"
    by_clock = ", ".join(f"{_found([s for s in carrying if s.clocked is c]):.0%} {words}" for c, words in CLOCKS)
    none, open_ = IdentityVerdict.NONE, IdentityVerdict.AMBIGUOUS
    return [
        _row(f"{label}95 % bound of wrong names, against what is stated", round(100 * most, 2), "%",
             f"≤ {100 * STATED_ERROR_RATE:g} %", most <= STATED_ERROR_RATE),
        _row(f"{label}right of those called matched", round(100 * share, 2), "%", "≥ 95 %", share >= 0.95,
             f"{right} of {len(named)}, probability from {MATCHED_FROM}"),
        _row(f"{label}wrong names of those called matched", round(100 * (1 - share), 2), "%", "≤ 1 %",
             1 - share <= AIM, f"{len(wrong)}, {strangers} of them boats without AIS; {bound}"),
        _row(f"{label}boats with AIS that are named", round(100 * _found(carrying), 1), "%", "", None, by_clock),
        _row(f"{label}boats with AIS ambiguous", round(100 * said[True, open_] / len(carrying), 1), "%", "", None,
             f"of {len(carrying)}; called none: {said[True, none]}"),
        _row(f"{label}boats without AIS called none", round(100 * said[False, none] / len(bare), 1), "%", "", None,
             f"of {len(bare)}; ambiguous: {said[False, open_]}"),
    ]  # fmt: skip


def _found(carrying: list[Seen]) -> float:
    return sum(s.said.mmsi == s.truth for s in carrying) / max(1, len(carrying))


def upper_bound(wrong: int, of: int, confidence: float = 0.95) -> float:
    """Clopper-Pearson, one-sided: the share at which so few wrong ones have a chance of 1 − confidence."""
    if of == 0 or wrong >= of:
        return 1.0
    low, high = wrong / of, 1.0
    for _ in range(60):
        share = (low + high) / 2
        logs = (
            math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1) + k * math.log(share)
            + (of - k) * math.log1p(-share)
            for k in range(wrong + 1)
        )  # fmt: skip
        low, high = (share, high) if sum(map(math.exp, logs)) > 1 - confidence else (low, share)
    return high


def _row(name: str, value: float | str, unit: str, aim: str, met: bool | None, note: str = "") -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}
