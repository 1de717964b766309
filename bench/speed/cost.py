"""What locating, tracking and posing cost on one core.

Twenty objects a frame before one hovering camera (`trials.traffic`), all detected, five frames a second; boxes are
exact but for jitter, so no time goes into false alarms. Times are processor time, the best of several rounds, the
process held to one core. The measure beside *locate* is the same call with one detection at a time. Poses are those of
a made ten-minute flight: 18,000 rows of telemetry, a horizon in sixty key frames, and one pose for every sensed frame.
"""

import gc
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from wideberth_contracts.clues import FlightClues, HorizonView
from wideberth_contracts.detections import Detection
from wideberth_contracts.frames import FrameMeta, NoImageMotion, TimeBase
from wideberth_contracts.poses import (
    FlightContext,
    FrameTime,
    GeoOrigin,
    PosesRequest,
    TelemetryGrade,
    TelemetryPoint,
    TelemetryRecord,
)
from wideberth_contracts.positions import LocateRequest
from wideberth_contracts.tracks import SensedFrame, TrackRequest
from wideberth_contracts.wire import Measured
from wideberth_distance.core import placing
from wideberth_distance.core.hull import fit_hulls
from wideberth_distance.core.hull_terms import Boxes
from wideberth_distance.core.locate import locate
from wideberth_distance.core.poses import poses_of
from wideberth_distance.core.projection import cameras_of
from wideberth_distance.trials.flights import FOCAL_PX, HEIGHT_PX, WIDTH_PX
from wideberth_distance.trials.traffic import STEP_S, hovering, traffic
from wideberth_tracker.core.track import track

Row = dict[str, Any]
Frame = tuple[Detection, ...]
AIM_MS, POSES_AIM_S = 3.0, 10.0
ORIGIN = GeoOrigin(latitude=33.2, longitude=126.2)
MIXES = {"10 vessels and 10 dolphins": (10, 10), "20 vessels": (20, 0)}
FLIGHT_S, ROWS_PER_S, SENSED_PER_S, HORIZONS = 600.0, 30, 5, 60
TICKS_PER_S = 90_000


def run(quick: bool) -> list[Row]:
    """All rows: `name, value, unit, aim, met, note`."""
    with _one_core():
        rows = [row for name, mix in MIXES.items() for row in _sea_rows(name, *mix, quick=quick)]
        return [*rows, *_pose_rows(quick)]


def _row(name: str, value: float, unit: str, aim: float | None = None, note: str = "") -> Row:
    met = None if aim is None else value <= aim
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "aim": None if aim is None else f"<= {aim:g}",
        "met": met,
        "note": note,
    }


@contextmanager
def _one_core() -> Iterator[None]:
    """Hold this process to one core, where the system lets it; numpy's threads count in processor time anyway."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


# --- locate and track -------------------------------------------------------------------------------------------------


def _sea_rows(name: str, vessels: int, dolphins: int, *, quick: bool) -> list[Row]:
    frames = traffic(vessels, dolphins, 25 if quick else 100, seed=1)
    rounds = 3 if quick else 7
    sensed = [_sensed(number, frame) for number, frame in enumerate(frames)]
    request = TrackRequest(frames=tuple(sensed))
    locating = _best_ms(lambda: [_located(frame) for frame in frames], len(frames), rounds)
    one_by_one = _best_ms(lambda: [_located((each,)) for frame in frames for each in frame], len(frames), rounds)
    tracking = _best_ms(lambda: track(request), len(frames), rounds)
    fitting = _best_ms(lambda: [_fitted(frame) for frame in frames], len(frames), rounds) if vessels else 0.0
    writing = _best_ms(_positions_again(frames), len(frames), rounds)
    return [
        _row(f"{name}: locate and track", locating + tracking, "ms a frame", AIM_MS),
        _row(f"{name}: locate", locating, "ms a frame"),
        _row(f"{name}: of it, hull fits", fitting, "ms a frame"),
        _row(f"{name}: of it, positions made and checked for the wire", writing, "ms a frame"),
        _row(f"{name}: locate, one object after the other", one_by_one, "ms a frame", note="the measure"),
        _row(f"{name}: that over all at once", one_by_one / locating, "times"),
        _row(f"{name}: track", tracking, "ms a frame"),
    ]


def _located(frame: Frame) -> Any:
    return locate(LocateRequest(pose=hovering(), origin=ORIGIN, detections=frame)).detections


def _sensed(number: int, frame: Frame) -> SensedFrame:
    meta = FrameMeta(
        clip="traffic",
        pts=round(number * STEP_S * TICKS_PER_S),
        time_base=TimeBase(numerator=1, denominator=TICKS_PER_S),
        t_s=number * STEP_S,
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
    )
    return SensedFrame(
        frame=meta, pose=hovering(), detections=_located(frame), motion=NoImageMotion(reason="worked out from poses")
    )


def _fitted(frame: Frame) -> None:
    craft = [each for each in frame if each.kind.is_craft]
    rows = [(d.box.cx_px, d.box.cy_px, d.box.length_px, d.box.width_px, d.box.angle_deg) for d in craft]
    fit_hulls(cameras_of(hovering()).nominal(), Boxes.of(np.array(rows)), [each.kind for each in craft])


def _positions_again(frames: Sequence[Frame]) -> Callable[[], object]:
    """The last step of placing alone, on what `locate` hands it in these frames."""
    handed: list[tuple[Any, ...]] = []
    made = placing.positions

    def keep(*given: Any) -> Any:
        handed.append(given)
        return made(*given)

    placing.positions = keep
    try:
        for frame in frames:
            _located(frame)
    finally:
        placing.positions = made
    return lambda: [list(made(*given)) for given in handed]


def _best_ms(work: Callable[[], object], updates: int, rounds: int) -> float:
    """Processor time of one update, the best round; what lived before is kept out of the collector's sight."""
    gc.collect()
    gc.freeze()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    gc.unfreeze()
    return 1000 * min(times) / updates


# --- poses ------------------------------------------------------------------------------------------------------------


def _pose_rows(quick: bool) -> list[Row]:
    request = _flight()
    seconds = _best_ms(lambda: poses_of(request), 1, 1 if quick else 3) / 1000
    answer = poses_of(request)
    assert answer.calibration is not None
    note = f"{len(request.clues.horizons)} horizons, {len(request.moments)} poses, {int(FLIGHT_S * ROWS_PER_S)} rows"
    bare = request.model_copy(update={"clues": FlightClues()})
    without = _best_ms(lambda: poses_of(bare), 1, 1 if quick else 3) / 1000
    return [
        _row("poses of a 10-minute flight, calibrated by horizons", seconds, "s", POSES_AIM_S, note),
        _row("the same without clues", without, "s"),
    ]


def _flight() -> PosesRequest:
    """A flight that turns, climbs and tilts slowly; its horizons say that the gimbal is off by 0.6 deg."""
    rng = np.random.default_rng(5)
    count = int(FLIGHT_S * ROWS_PER_S)
    t_s = np.arange(count) / ROWS_PER_S
    height_m, pitch = 60 + 10 * np.sin(t_s / 90), -14 + 3 * np.sin(t_s / 40)
    yaw, north = 40 * np.sin(t_s / 120), 0.5 * t_s / 111_195
    points = tuple(
        TelemetryPoint(
            t_s=t,
            latitude=33.2 + moved,
            longitude=126.2,
            height_above_takeoff_m=round(height, 1),
            pitch_deg=round(tilt, 1),
            roll_deg=0.0,
            yaw_deg=round(turn, 1),
        )
        for t, moved, height, tilt, turn in zip(
            *(part.tolist() for part in (t_s, north, height_m, pitch, yaw)), strict=True
        )
    )
    looks = np.linspace(0, count - 1, HORIZONS).astype(int)
    horizons = tuple(
        HorizonView(
            t_s=float(t_s[look]),
            pitch_deg=Measured(value=float(pitch[look] + 0.6 + rng.normal(0, 0.05)), sigma=0.05),
            roll_deg=Measured(value=float(rng.normal(0.3, 0.06)), sigma=0.06),
            focal_px=FOCAL_PX,
            height_m=float(height_m[look]),
            columns_share=1.0,
        )
        for look in looks
    )
    step = ROWS_PER_S // SENSED_PER_S
    return PosesRequest(
        telemetry=TelemetryRecord(file="made", dialect="C4", grade=TelemetryGrade.A, points=points),
        moments=tuple(FrameTime(t_s=t, width_px=WIDTH_PX, height_px=HEIGHT_PX) for t in t_s[::step].tolist()),
        context=FlightContext(focal_px=Measured(value=FOCAL_PX, sigma=0.02 * FOCAL_PX)),
        clues=FlightClues(horizons=horizons),
    )
