"""What rows of telemetry say against themselves: gaps, jumps of the clock, a length that is not the video's."""

from collections.abc import Sequence

import numpy as np

from wideberth_contracts.joining import JoinFinding, JoinNote, VideoFacts
from wideberth_contracts.poses import TelemetryPoint
from wideberth_contracts.wire import Interval
from wideberth_distance.core import clocks
from wideberth_distance.core.projection import Array
from wideberth_distance.core.recordings import LENGTH_TOLERANCE_S
from wideberth_distance.core.timeline import Series

MARGIN_S = 5.0
"""Rows of a log this long before and after the video are kept: rates at its ends need them."""
LEAST_COVER = 0.5
"""An .SRT that covers less of the video, and whose clock does not agree, is not taken for its own."""


def length_doubt(points: Sequence[TelemetryPoint], video: VideoFacts, clock_agrees: bool | None) -> JoinFinding | None:
    """Why an .SRT is not taken for this video's by its length, where the picture says nothing."""
    rows_end_s = end_s(points)
    if abs(rows_end_s - video.duration_s) <= LENGTH_TOLERANCE_S:
        return None
    if clock_agrees is False:
        return JoinFinding.OTHER_VIDEO
    if rows_end_s > video.duration_s:
        # Which part of the recording was kept?
        return JoinFinding.LENGTH_DIFFERS
    too_short = rows_end_s < LEAST_COVER * video.duration_s and clock_agrees is None
    return JoinFinding.LENGTH_DIFFERS if too_short else None


def _begin_and_end(points: Sequence[TelemetryPoint], video: VideoFacts) -> list[JoinNote]:
    """Rows that begin or end elsewhere than the video; times as in the video."""
    first_s, last_s, long_s = points[0].t_s, end_s(points), video.duration_s
    notes = []
    if first_s > LENGTH_TOLERANCE_S or last_s < long_s - LENGTH_TOLERANCE_S:
        said = f"rows lie from {first_s:.1f} to {last_s:.1f} s of a video of {long_s:.1f} s: no pose outside"
        notes.append(_note(JoinFinding.SHORTER_THAN_VIDEO, said))
    return notes


def longer_note(points: Sequence[TelemetryPoint], video: VideoFacts) -> list[JoinNote]:
    """An .SRT that goes on after the video; times as it has them."""
    rows_end_s = end_s(points)
    if rows_end_s <= video.duration_s + LENGTH_TOLERANCE_S:
        return []
    said = f"telemetry ends at {rows_end_s:.1f} s, the video at {video.duration_s:.1f} s"
    return [_note(JoinFinding.LONGER_THAN_VIDEO, said)]


def row_doubts(
    points: Sequence[TelemetryPoint], video: VideoFacts | None
) -> tuple[list[JoinNote], tuple[Interval, ...]]:
    """Gaps, jumps of the clock, and the stretches that lie beyond a jump across a gap; times as in the video."""
    times = np.array([point.t_s for point in points])
    widest_s = Series(times, times).max_gap_s()
    notes = [*_gaps(times, widest_s, video), *(_begin_and_end(points, video) if video else [])]
    doubtful, set_at = [], []
    last_s = max(float(times[-1]) if times.size else 0.0, video.duration_s if video else 0.0) + MARGIN_S
    for jump in clocks.jumps(points):
        where = f"clock and rows part by {jump.by_s:+.1f} s at {jump.before_s:.1f} s"
        if jump.after_s - jump.before_s <= widest_s:
            set_at.append(where)
            continue
        low, high = (jump.before_s, last_s) if jump.after_s > 0 else (-MARGIN_S, jump.after_s)
        doubtful.append(Interval(low=low, high=high))
        beyond = "what lies beyond it from the start of the video has no pose"
        notes.append(_note(JoinFinding.CLOCK_JUMP, f"{where}, across a hole: {beyond}"))
    if set_at:
        more = f" and at {len(set_at) - 1} more places" if len(set_at) > 1 else ""
        why = "the clock was set, or pieces were put together: times of day are doubtful"
        notes.append(_note(JoinFinding.CLOCK_SET, f"{set_at[0]}{more}; {why}"))
    return notes, tuple(doubtful)


def _gaps(times: Array, widest_s: float, video: VideoFacts | None) -> list[JoinNote]:
    holes = np.diff(times)
    wide = np.nonzero(holes > widest_s)[0]
    inside = [i for i in wide if times[i + 1] > 0 and (video is None or times[i] < video.duration_s)]
    if not inside:
        return []
    total, first = float(holes[inside].sum()), float(times[inside[0]])
    said = f"{len(inside)} holes, {total:.1f} s in all, the first at {first:.1f} s: no pose in them"
    return [_note(JoinFinding.GAP, said)]


def row_step_s(points: Sequence[TelemetryPoint]) -> float:
    """Usual time between rows; 0 for a single row."""
    steps = np.diff(np.array([point.t_s for point in points]))
    return float(np.median(steps)) if steps.size else 0.0


def end_s(points: Sequence[TelemetryPoint]) -> float:
    """When the last row's time is over."""
    return points[-1].t_s + row_step_s(points)


def _note(finding: JoinFinding, detail: str) -> JoinNote:
    return JoinNote(finding=finding, detail=detail)
