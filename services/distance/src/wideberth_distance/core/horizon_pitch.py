"""The pitch of a camera whose telemetry does not tell it, from the horizons its frames show.

Most consumer drones write no gimbal angles into their subtitles. Where the horizon is in view the picture tells them;
between two such frames the pitch is interpolated while they are near enough in time and the gimbal kept still. Nothing
is told away from them, nor across a move: a gimbal can do anything unseen.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from wideberth_contracts.clues import HorizonView
from wideberth_contracts.poses import TelemetryPoint, TelemetryRecord
from wideberth_distance.core.wander import Wander

MOST_APART_S = 6.0
STILL_DEG_PER_S = 0.5
"""As for telemetry: a frame of a faster pan is not measured."""
JUMP_DEG = 1.5
"""A horizon this far from every other that is near in time is another line."""
PITCH_UNTOLD_DEG = Wander(constant=3.0, wander=0.25, memory_s=3.0)
"""Between the horizons: the gimbal corrects itself within seconds, by a tenth or two of a degree."""
_REACH_S = 1e-6


def lacks_pitch(record: TelemetryRecord) -> bool:
    """Whether no row tells the pitch."""
    return all(point.pitch_deg is None for point in record.points)


def agreeing(views: Sequence[HorizonView]) -> tuple[list[HorizonView], list[str]]:
    """Views in order of time without those that stand alone, and what was said of each of these."""
    ordered = sorted(views, key=lambda view: view.t_s)
    kept, reasons = [], []
    for view in ordered:
        near = [each for each in ordered if each is not view and abs(each.t_s - view.t_s) <= MOST_APART_S]
        apart = min((abs(each.pitch_deg.value - view.pitch_deg.value) for each in near), default=None)
        if apart is None:
            reasons.append(f"the horizon at {view.t_s:.1f} s has no other within {MOST_APART_S:.0f} s to agree with")
        elif apart > JUMP_DEG:
            reasons.append(f"the horizon at {view.t_s:.1f} s is {apart:.1f} deg from all others near in time")
        else:
            kept.append(view)
    return kept, reasons


def with_pitch(record: TelemetryRecord, views: Sequence[HorizonView]) -> TelemetryRecord:
    """The record with pitch and roll in the rows that lie between two horizons of a still gimbal.

    Args:
        record: without pitch; its grade stays.
        views: in order of time, as `agreeing` leaves them.
    """
    times = np.array([point.t_s for point in record.points])
    pitch = np.full(times.size, np.nan)
    roll = np.full(times.size, np.nan)
    for before, after in pairwise(views):
        gap_s = after.t_s - before.t_s
        if gap_s > MOST_APART_S or abs(after.pitch_deg.value - before.pitch_deg.value) > STILL_DEG_PER_S * gap_s:
            continue
        between = (times >= before.t_s - _REACH_S) & (times <= after.t_s + _REACH_S)
        ends = (before.t_s, after.t_s)
        pitch[between] = np.interp(times[between], ends, (before.pitch_deg.value, after.pitch_deg.value))
        roll[between] = np.interp(times[between], ends, (before.roll_deg.value, after.roll_deg.value))
    rows = [
        point if np.isnan(p) else _told(point, float(p), float(r))
        for point, p, r in zip(record.points, pitch, roll, strict=True)
    ]
    return record.model_copy(update={"points": tuple(rows)})


def _told(point: TelemetryPoint, pitch_deg: float, roll_deg: float) -> TelemetryPoint:
    update = {"pitch_deg": pitch_deg}
    return point.model_copy(update=update if point.roll_deg is not None else {**update, "roll_deg": roll_deg})
