"""Lengths of real boards from straight above: what telemetry's height is worth, learnt on other flights or not at all.

The rows (Xcertainty, MIT) give pixels of boards of known length, the altimeter's reading and the printed focal length.
Each flight is predicted from the others of its platform and altimeter. The published model (Bierlich and others 2021,
as in Xcertainty) has one bias and one standard deviation a platform, all pictures alike; here as its closed form, a
normal model with weak priors, whose prediction is Student's t. Ours is the product's height prior with nothing
learnt, and the same with bias and spread learnt by flights: what a flight's pictures share does not average away.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from scipy import stats

from bench.accuracy.measuring import DATA, Row, row
from wideberth_distance.core.priors import HEIGHT_DEGREES_OF_FREEDOM, HEIGHT_FLOOR_M, HEIGHT_NOISE_M, HEIGHT_SHARE
from wideberth_distance.core.projection import Array

FILE = DATA / "photogrammetry" / "xcertainty" / "calibration.csv"
MEASURED_FOCAL_MM = {"P4P": (8.8, 9.2)}
"""Printed, and as measured by the set's authors (geometry notes, section 4)."""
TABLE_SHARE, MEASURED_SHARE, PICK_PX = 0.05, 0.01, 2.0
LEAST_FLIGHTS = 5
COVERED = 0.90
ALTIMETERS = {"barometer": "Baro_Alt", "laser": "Laser_Alt"}
LASER_M, LASER_SHARE = 0.5, 0.015


class Board(NamedTuple):
    """One picture of one board. `scale`: length by pixels at a height of 1 m."""

    platform: str
    flight: str
    day: datetime
    length_m: float
    length_px: float
    height_m: float
    scale: float
    focal_share: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """A length with its 95 % interval."""

    truth_m: float
    low_m: float
    high_m: float

    @property
    def held(self) -> bool:
        """Whether the truth lies in it."""
        return self.low_m <= self.truth_m <= self.high_m


def run(_quick: bool) -> list[Row]:
    """All rows; none of them where the data are not at hand."""
    if not FILE.is_file():
        return [row("boards of known length", None, note=f"left out: no {FILE}")]
    rows: list[Row] = []
    for altimeter, column in ALTIMETERS.items():
        boards = list(_boards(column))
        for platform in sorted({board.platform for board in boards}):
            of_it = [board for board in boards if board.platform == platform]
            if len({board.flight for board in of_it}) >= LEAST_FLIGHTS:
                rows += _platform(f"{platform}, {altimeter}", of_it, laser=altimeter == "laser")
    return [*rows, _seasons()]


def _boards(column: str) -> Iterator[Board]:
    with FILE.open(newline="", encoding="utf-8") as file:
        for each in csv.DictReader(file):
            if each[column] in ("", "NA"):
                continue
            platform = each["uas"]
            printed, measured = MEASURED_FOCAL_MM.get(platform, (0.0, 0.0))
            focal = float(each["Focal_Length"])
            known = focal == printed
            focal = measured if known else focal
            name = each["image"].split("_")
            day = datetime.strptime(name[0], "%y%m%d").replace(tzinfo=UTC)
            yield Board(
                platform, "_".join(name[:4]), day, float(each["CO.L"]),
                float(each["Lpix"]), float(each[column]), float(each["Sw"]) / (focal * float(each["Iw"])),
                MEASURED_SHARE if known else TABLE_SHARE,
            )  # fmt: skip


def _platform(name: str, boards: list[Board], *, laser: bool) -> list[Row]:
    ways: dict[str, Callable[[Board, Sequence[Board]], Prediction]] = {
        "published model": _published,
        "ours, nothing learnt": _by_laser if laser else _by_prior,
        "ours, learnt by flights": _learnt,
    }
    flights = {board.flight for board in boards}
    made = {
        way: [predict(board, [b for b in boards if b.flight != board.flight]) for board in boards]
        for way, predict in ways.items()
    }
    rows, widths = [], {way: float(np.mean([p.high_m - p.low_m for p in those])) for way, those in made.items()}
    for way, those in made.items():
        held = float(np.mean([p.held for p in those]))
        ours = way != "published model"
        note = f"{len(boards)} pictures, {len(flights)} flights; mean width {widths[way]:.3f} m a metre"
        rows.append(row(f"{name}: {way}, 95 % interval holds the length", held, "share", ">= 0.9" if ours else "",
                        held >= COVERED if ours else None, note))  # fmt: skip
    wider = widths["ours, learnt by flights"] / widths["published model"]
    rows.append(row(f"{name}: width, ours learnt over published", wider, "", "<= 1", wider <= 1.0))
    return rows


def _offset_m(board: Board) -> float:
    """Reading less the height that the board's length implies."""
    return board.height_m - board.length_m / (board.length_px * board.scale)


def _predicted(board: Board, height_m: float, half_m: float, share: float = 0.0) -> Prediction:
    """By a height and its half interval, a share (of the length) and the picking added in quadrature."""
    per_m = board.length_px * board.scale
    length, pick = height_m * per_m, 1.96 * 2**0.5 * PICK_PX / board.length_px
    half = length * float(np.sqrt((half_m / height_m) ** 2 + share**2 + pick**2))
    return Prediction(board.length_m, length - half, length + half)


def _published(board: Board, others: Sequence[Board]) -> Prediction:
    """Normal with unknown mean and variance, weak priors: Student's t of n - 1 degrees of freedom."""
    offsets = np.array([_offset_m(other) for other in others])
    count, spread = offsets.size, float(offsets.std(ddof=1))
    half = float(stats.t.ppf(0.975, count - 1)) * spread * (1 + 1 / count) ** 0.5
    per_m = board.length_px * board.scale
    height = board.height_m - float(offsets.mean())
    # The board pictures' own picking is in the spread already.
    return Prediction(board.length_m, (height - half) * per_m, (height + half) * per_m)


def _by_prior(board: Board, _others: Sequence[Board]) -> Prediction:
    """The product's prior of a barometer: 1 m and 4 %, each with heavy tails, 0.6 m that comes and goes."""
    heavy = float(stats.t.ppf(0.975, HEIGHT_DEGREES_OF_FREEDOM))
    half = heavy * float(np.sqrt(HEIGHT_FLOOR_M**2 + HEIGHT_NOISE_M**2 + (HEIGHT_SHARE * board.height_m) ** 2))
    return _predicted(board, board.height_m, half, 1.96 * board.focal_share)


def _by_laser(board: Board, _others: Sequence[Board]) -> Prediction:
    """A laser altimeter: 0.5 m and 1.5 % (geometry notes, section 4)."""
    half = 1.96 * float(np.hypot(LASER_M, LASER_SHARE * board.height_m))
    return _predicted(board, board.height_m, half, 1.96 * board.focal_share)


def _learnt(board: Board, others: Sequence[Board]) -> Prediction:
    """Bias and spread as a share of the height, between flights and within them (one-way random effects)."""
    groups: dict[str, list[float]] = {}
    for other in others:
        groups.setdefault(other.flight, []).append(_offset_m(other) / other.height_m)
    means = np.array([np.mean(group) for group in groups.values()])
    within = [np.var(group, ddof=1) for group in groups.values() if len(group) > 1]
    inside = float(np.mean(within)) if within else 0.0
    flights = means.size
    # The spread of the flights' means holds what is within them over their pictures.
    of_means, pictures = float(means.var(ddof=1)), 1 / float(np.mean([1 / len(group) for group in groups.values()]))
    variance = max(of_means - inside / pictures, 0.0) + inside + of_means / flights
    half = float(stats.t.ppf(0.975, flights - 1)) * variance**0.5 * board.height_m
    height = board.height_m * (1 - float(means.mean()))
    per_m = board.length_px * board.scale
    return Prediction(board.length_m, (height - half) * per_m, (height + half) * per_m)


def _seasons() -> Row:
    """The set tells no temperatures, so T / 288.15 K cannot be tested on it; a season would show through it."""
    boards = [board for board in _boards("Baro_Alt") if board.platform in ("I2F", "I2O")]
    days: dict[tuple[str, datetime], list[float]] = {}
    for board in boards:
        days.setdefault((board.platform, board.day), []).append(_offset_m(board) / board.height_m)
    # Warm air makes a barometer read too little: the offset would be lowest in late summer.
    warm: Array = np.array([np.cos(2 * np.pi * (day.timetuple().tm_yday - 220) / 365.25) for _, day in days])
    offset: Array = np.array([np.mean(each) for each in days.values()])
    share = float(np.corrcoef(warm, offset)[0, 1]) if len(days) > 2 else float("nan")
    note = f"{len(days)} days of Inspire 2; no temperatures in the data: the correction by T / 288.15 K stays untested"
    return row("barometer's error against the season, correlation", share, "", note=note)
