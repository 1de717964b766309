"""The clock in telemetry rows: where it jumps against the rows' own time, and whether it fits the video's.

Rows carry two times: seconds of the file, and often a time of day. Both go on alike; where they part by more than two
seconds something was set or cut. While rows follow one another without a hole their own time cannot have jumped, so
it was the clock (a first GPS fix sets it). Across a hole nothing tells which of the two is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np

from wideberth_contracts.joining import JoinFinding, JoinNote
from wideberth_contracts.poses import TelemetryPoint

JUMP_S = 2.0
"""Clocks of one second may seem to part by nearly as much."""
AGREES_S, CONTRADICTS_S = 3.0, 60.0
ZONE_STEP_S = 900.0
"""Zones differ by quarters of an hour."""
FARTHEST_ZONE_S = 14 * 3600.0


@dataclass(frozen=True, slots=True)
class Jump:
    """Clock and rows part by `by_s` between two rows, in the rows' own time."""

    before_s: float
    after_s: float
    by_s: float


@dataclass(frozen=True, slots=True)
class ClockVerdict:
    """Telemetry's clock against the video's.

    Attributes:
        late_s: telemetry's start less the video's, whole zones taken off.
        zone_s: the zones taken off.
        agrees: None where it neither agrees nor contradicts.
    """

    late_s: float
    zone_s: float
    agrees: bool | None


def jumps(points: Sequence[TelemetryPoint]) -> tuple[Jump, ...]:
    """Every place where clock and rows part by more than `JUMP_S`, in order of the rows."""
    found = []
    timed = [(point.t_s, point.captured_at) for point in points if point.captured_at is not None]
    for (t_s, clock), (next_s, next_clock) in pairwise(timed):
        by_s = (next_clock - clock).total_seconds() - (next_s - t_s)
        if abs(by_s) > JUMP_S:
            found.append(Jump(t_s, next_s, by_s))
    return tuple(found)


def starts_at(points: Sequence[TelemetryPoint]) -> datetime | None:
    """UTC of t = 0: the median over the rows, which jitter by a frame or a second."""
    starts = [(p.captured_at - timedelta(seconds=p.t_s)).timestamp() for p in points if p.captured_at]
    return datetime.fromtimestamp(float(np.median(starts)), tz=UTC) if starts else None


def later(moment: datetime, by_s: float) -> datetime:
    """A moment, seconds on."""
    return moment + timedelta(seconds=by_s)


def against(start: datetime, created_at: datetime, duration_s: float) -> ClockVerdict:
    """Whether a video whose container says `created_at` may have begun at `start`.

    Some cameras write the end of the recording, some their local time: either is accepted.
    """
    late_s = (start - created_at).total_seconds()
    zone_s = ZONE_STEP_S * round(late_s / ZONE_STEP_S)
    if abs(zone_s) > FARTHEST_ZONE_S:
        return ClockVerdict(late_s, 0.0, agrees=False)
    rest_s = late_s - zone_s
    of_end_s = late_s + duration_s
    end_zone_s = ZONE_STEP_S * round(of_end_s / ZONE_STEP_S)
    if abs(rest_s) > AGREES_S and abs(of_end_s - end_zone_s) <= AGREES_S:
        return ClockVerdict(of_end_s - end_zone_s, end_zone_s, agrees=True)
    agrees = True if abs(rest_s) <= AGREES_S else (False if abs(rest_s) > CONTRADICTS_S else None)
    return ClockVerdict(rest_s, zone_s, agrees)


def note_of(verdict: ClockVerdict) -> JoinNote | None:
    """The verdict as a finding; None where it says nothing."""
    if verdict.agrees is None:
        return None
    if not verdict.agrees:
        return JoinNote(
            finding=JoinFinding.CLOCK_DISAGREES,
            detail=f"telemetry begins {_span(verdict.late_s)} than the video's creation time says, zones aside",
        )
    if verdict.zone_s:
        hours = verdict.zone_s / 3600
        return JoinNote(
            finding=JoinFinding.CLOCK_ZONE,
            detail=f"telemetry's clock and the video's creation time lie {hours:+.2f} h apart: check utc_offset_h",
        )
    return JoinNote(
        finding=JoinFinding.CLOCK_AGREES,
        detail=f"telemetry begins within {abs(verdict.late_s):.1f} s of the video's creation time",
    )


def _span(late_s: float) -> str:
    size = abs(late_s)
    text = f"{size:.0f} s" if size < 7200 else f"{size / 3600:.1f} h" if size < 172_800 else f"{size / 86_400:.0f} days"
    return f"{text} {'later' if late_s > 0 else 'earlier'}"
