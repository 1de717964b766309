"""Lengths of real boards from straight above: what telemetry's height is worth, learnt on other flights or not at all.

The pictures (Xcertainty, MIT) show boards of known length. Each flight, a day of a platform, is predicted from the
others of its platform and altimeters: by the published model (`trials/joint_lengths.py`), by the product's own prior
with nothing learnt, and by that prior with what the other flights teach (`trials/learnt_heights.py`).
"""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from bench.accuracy.measuring import DATA, Row, row
from wideberth_distance.trials.known_lengths import BAROMETER, LASER, WITHDRAWN, Photo, photos
from wideberth_distance.trials.left_out import Said, by_others, by_prior, published

FOLDER = DATA / "photogrammetry" / "xcertainty"
DEMO = DATA / "photogrammetry" / "morphometrix_demo"
COVERED, LEAST_FLIGHTS = 0.90, 5
ALTIMETERS: tuple[tuple[str, ...], ...] = ((BAROMETER,), (LASER,), (BAROMETER, LASER), (WITHDRAWN,))
PAPER, PACKAGE, PRIOR, LEARNT = (
    "published, paper of 2021",
    "published, package 1.0",
    "ours, nothing learnt",
    "ours, learnt",
)
OURS = (PRIOR, LEARNT)


def run(_quick: bool) -> list[Row]:
    """All rows; none of them where the data are not at hand."""
    if not FOLDER.is_dir():
        return [row("boards of known length", None, note=f"left out: no {FOLDER}")]
    every, twice = photos(FOLDER)
    rows = [row("pictures", len(every), note=f"{twice} rows say again what another says, and are left out")]
    for altimeters in ALTIMETERS:
        named = " and ".join(altimeters)
        told = [photo for photo in every if all(each in photo.readings_m for each in altimeters)]
        overall: dict[str, list[Said]] = {}
        for platform in sorted({photo.platform for photo in told}):
            those = [photo for photo in told if photo.platform == platform]
            if len({photo.day for photo in those}) < LEAST_FLIGHTS:
                rows.append(row(f"{platform}, {named}", None, note=f"left out: fewer than {LEAST_FLIGHTS} flights"))
                continue
            said = _said(those, altimeters)
            rows += _rows(
                f"{platform}, {named}", said, len({photo.day for photo in those}), WITHDRAWN not in altimeters
            )
            overall = {way: [*overall.get(way, []), *each] for way, each in said.items()}
        if WITHDRAWN not in altimeters:
            rows += _rows(f"all, {named}", overall, len({(p.platform, p.day) for p in told}), judged=True)
    return [*rows, *_seasons(every), *_demo()]


def _said(those: Sequence[Photo], altimeters: Sequence[str]) -> dict[str, list[Said]]:
    return {
        PAPER: published(those, altimeters, scaled=False),
        PACKAGE: published(those, altimeters, scaled=True),
        # Of two altimeters the product takes the laser.
        PRIOR: [by_prior(photo, altimeters[-1]) for photo in those],
        LEARNT: by_others(those, altimeters),
    }


def _rows(name: str, said: dict[str, list[Said]], flights: int, judged: bool) -> list[Row]:
    """Coverage of every way, and our widths over the narrower published one. A withdrawn altimeter has no aim."""
    rows, widths = [], {way: float(np.mean([each.width for each in those])) for way, those in said.items()}
    for way, those in said.items():
        held = float(np.mean([each.held for each in those]))
        note = f"{len(those)} pictures, {flights} flights; mean width {widths[way]:.3f}, score {_score(those):.3f}"
        aim = judged and way in OURS
        rows.append(
            row(f"{name}: {way}, 95 % interval holds the length", held, "share", f">= {COVERED}" if aim else "",
                held >= COVERED if aim else None, note)
        )  # fmt: skip
    least = min(widths[PAPER], widths[PACKAGE])
    for way in OURS:
        ratio = widths[way] / least
        rows.append(row(f"{name}: width, {way}, over the narrower published", ratio, "", "<= 1" if judged else "",
                        ratio <= 1.0 if judged else None))  # fmt: skip
    return rows


def _score(those: Sequence[Said]) -> float:
    """Mean interval score over the true length (Gneiting and Raftery 2007): width, and 40 times what it misses by."""
    missed = [max(each.low_m - each.truth_m, each.truth_m - each.high_m, 0.0) / each.truth_m for each in those]
    return float(np.mean([each.width for each in those]) + 2 / 0.05 * np.mean(missed))


def _seasons(every: Sequence[Photo]) -> list[Row]:
    """The set tells no temperature, so T / 288.15 K cannot be tested on it; a season might show through it.

    Barometer over laser in the same picture is free of the focal length and of the picking.
    """
    no_air = "the set tells no temperature: the correction by T / 288.15 K stays untested"
    rows = [row("temperature correction of the barometer", None, note=no_air)]
    for against in ("the board", LASER):
        days: dict[tuple[str, int, int], list[float]] = {}
        for photo in every:
            true_m = photo.implied_m if against != LASER else photo.readings_m.get(LASER)
            if BAROMETER in photo.readings_m and true_m is not None and photo.platform in ("I2F", "I2O"):
                key = photo.platform, photo.day.year, photo.day.timetuple().tm_yday
                days.setdefault(key, []).append(float(np.log(photo.readings_m[BAROMETER] / true_m)))
        of_year, offset = [float(key[2]) for key in days], [float(np.mean(each)) for each in days.values()]
        found = stats.spearmanr(of_year, offset)
        note = (
            f"{len(days)} days of Inspire 2, days {min(of_year):.0f} to {max(of_year):.0f}, p = {found.pvalue:.2f}; "
            f"spread over days {100 * np.std(offset, ddof=1):.1f} %, as much as {288.15 * np.std(offset, ddof=1):.0f} K"
        )
        rows.append(
            row(f"barometer against {against}, by day of the year: rank correlation", float(found.statistic), note=note)
        )
    return rows


def _demo() -> list[Row]:
    known = "its 7.593 m are another program's, by the same altitude" if DEMO.is_dir() else f"no {DEMO}"
    return [
        row("minke whale of the MorphoMetriX demonstration", None, note=f"left out: no known length in it; {known}")
    ]
