"""How well speeds are told: simulated vessels of 0 to 25 kn under a moving, yawing drone, in numbers.

The whole path runs: poses from telemetry with errors, locate, track, separate. Errors and scenes: `speed_flights`.
Heights 60 to 100 m, ranges to 200 m. A flight counts by the share of its samples, for they hang together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.accuracy.speed_flights import CALIBRATED, KNOT_MPS, RAW, Calibration, Flight, fly
from wideberth_contracts.separations import SeparateRequest
from wideberth_contracts.tracks import TrackRequest
from wideberth_distance.core.separate import separate
from wideberth_tracker.core.track import track

Row = dict[str, Any]
SURE = 0.9
"""A craft is called moving from this probability."""
FIRST_SEED = 5000
"""Flights before this one were looked at while the method was made."""
DRAWS = 600


@dataclass(frozen=True, slots=True)
class Result:
    """One flight: share of samples whose interval holds the truth, median error and width in kn, share called moving
    by `separate` and by the tracker's own points."""

    held: float
    error_kn: float
    width_kn: float
    moving: float
    moving_points: float


def run(quick: bool) -> list[Row]:
    """All rows: `name, value, unit, aim, met, note`."""
    count = 12 if quick else 120
    rows: list[Row] = []
    for title, known in (("raw telemetry", RAW), ("scale known to 1 %", CALIBRATED)):
        whole = _results(count, known, (0.0, 25.0))
        stopped = _results(count, known, (0.0, 0.0))
        slow = _results(count, known, (0.5, 10.0))
        note = f"{len(whole)} flights, 0-25 kn"
        rows += [
            _row(f"{title}: inside the 95 % interval", _mean(r.held for r in whole), "share", "0.93 to 0.97", note),
            _row(f"{title}: median error", _median(r.error_kn for r in whole), "kn", "<= 0.3", note),
            _row(f"{title}: median width", _median(r.width_kn for r in whole), "kn", None, note),
        ]
        note = f"{len(slow)} flights, 0.5-10 kn"
        rows += [
            _row(f"{title}: slow, inside the 95 % interval", _mean(r.held for r in slow), "share", None, note),
            _row(f"{title}: slow, median error", _median(r.error_kn for r in slow), "kn", None, note),
        ]
        note = f"{len(stopped)} flights, stopped"
        rows += [
            _row(f"{title}: stopped, inside the 95 % interval", _mean(r.held for r in stopped), "share", None, note),
            _row(f"{title}: stopped, median error", _median(r.error_kn for r in stopped), "kn", None, note),
            _row(f"{title}: stopped called moving", _mean(r.moving for r in stopped), "share", "<= 0.01", note),
            _row(
                f"{title}: stopped called moving by the filter",
                _mean(r.moving_points for r in stopped),
                "share",
                None,
                f"{note}; p_moving of track points",
            ),
        ]
    return rows


def _row(name: str, value: float, unit: str, aim: str | None, note: str) -> Row:
    met = None
    if aim is not None:
        met = value <= float(aim.removeprefix("<= ")) if aim.startswith("<=") else 0.93 <= value <= 0.97
    return {"name": name, "value": round(value, 4), "unit": unit, "aim": aim, "met": met, "note": note}


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


def _median(values: Iterable[float]) -> float:
    return float(np.median(list(values)))


def _results(count: int, known: Calibration, speed_kn: tuple[float, float]) -> list[Result]:
    flights = (fly(seed, known, speed_kn) for seed in range(FIRST_SEED, FIRST_SEED + count))
    return [result for flight in flights if flight is not None and (result := _result(flight)) is not None]


def _result(flight: Flight) -> Result | None:
    tracks = track(TrackRequest(frames=flight.frames, final=True)).tracks
    truth = {
        frame.frame.pts: float(np.hypot(*velocity))
        for frame, velocity in zip(flight.frames, flight.velocities, strict=True)
    }
    series = separate(SeparateRequest(tracks=tracks, draws=DRAWS)).series
    samples = [sample for each in series for sample in each.samples if sample.speed is not None]
    if not samples:
        return None
    table = np.array(
        [
            [truth[s.pts], s.speed.value_mps, s.speed.interval_95_mps.low, s.speed.interval_95_mps.high]
            for s in samples
            if s.speed is not None
        ]
    )
    chances = [s.underway.p_moving for s in samples if s.underway is not None]
    points = [p.p_moving for t in tracks if t.kind.is_craft for p in t.points if p.p_moving is not None and p.t_s > 5]
    return Result(
        held=float(np.mean((table[:, 0] >= table[:, 2] - 1e-9) & (table[:, 0] <= table[:, 3] + 1e-9))),
        error_kn=float(np.median(np.abs(table[:, 1] - table[:, 0]))) / KNOT_MPS,
        width_kn=float(np.median(table[:, 3] - table[:, 2])) / KNOT_MPS,
        moving=float(np.mean(np.array(chances) > SURE)),
        moving_points=float(np.mean(np.array(points) > SURE)) if points else 0.0,
    )
