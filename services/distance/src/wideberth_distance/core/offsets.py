"""The offsets at which a flight log may belong to a video, before anybody looks at the picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from wideberth_contracts.joining import JoinFinding, JoinMethod, JoinNote, VideoFacts
from wideberth_contracts.poses import TelemetryPoint
from wideberth_distance.core import clocks
from wideberth_distance.core.recordings import (
    EDGE_SIGMA_S,
    Recording,
    fitting,
    longer,
    offset_of,
    recordings,
)

REACH_S = 3.0
"""How far from what the flag says the picture may move it."""
CLOCK_SIGMA_S = 1.5
"""A log's clock of whole seconds, a container's of whole seconds, and how late either is written."""
CLOCK_REACH_S = 6.0


@dataclass(frozen=True, slots=True)
class Offset:
    """One possibility: added to the time of a row it gives that of the video.

    Attributes:
        lowest_s, highest_s: within which the picture may place it.
        recording: of the log, from 1; None where it names none.
        is_told: False where only the range is known and the picture must say where in it.
    """

    offset_s: float
    sigma_s: float
    method: JoinMethod
    lowest_s: float
    highest_s: float
    recording: int | None = None
    is_told: bool = True

    @staticmethod
    def near(offset_s: float, sigma_s: float, method: JoinMethod, reach_s: float) -> "Offset":
        """Within reach of a value."""
        return Offset(offset_s, sigma_s, method, offset_s - reach_s, offset_s + reach_s)


@dataclass(frozen=True, slots=True)
class Offsets:
    """All possibilities, what was noticed, and what it is called if none of them can be taken."""

    possible: tuple[Offset, ...]
    notes: tuple[JoinNote, ...] = ()
    recordings: int | None = None
    refused: JoinFinding | None = None


def log_offsets(points: Sequence[TelemetryPoint], video: VideoFacts | None) -> Offsets:
    """By the recordings that fit the video; by the clock; else anywhere in the log.

    Args:
        points: of a log, in its own time.
        video: None: its only recording, or its own t = 0 where it names none.
    """
    runs = recordings(points)
    if video is None:
        return _without_video(runs)
    by_clock = _by_clock(points, video)
    if runs is None:
        anywhere = Offset(
            0.0, 0.0, JoinMethod.LOG_START, video.duration_s - points[-1].t_s - 1.0, 1.0 - points[0].t_s, is_told=False
        )
        return Offsets(
            (by_clock or anywhere,),
            (_note(JoinFinding.RECORDING_UNKNOWN, "the log does not say when the camera recorded"),),
            None,
            JoinFinding.RECORDING_UNKNOWN,
        )
    return _by_recordings(runs, by_clock, video)


def _without_video(runs: tuple[Recording, ...] | None) -> Offsets:
    if runs is None:
        return Offsets((Offset.near(0.0, 0.0, JoinMethod.LOG_START, 0.0),))
    usable = tuple(_of(run, 0.0) for run in runs if run.opens)
    if len(usable) == 1:
        return Offsets(usable, (), len(runs))
    refused = JoinFinding.RECORDING_AMBIGUOUS if usable else JoinFinding.RECORDING_UNKNOWN
    return Offsets(usable, (_note(refused, _listed(runs)),), len(runs), refused)


def _by_recordings(runs: tuple[Recording, ...], by_clock: Offset | None, video: VideoFacts) -> Offsets:
    fits = fitting(runs, video.duration_s)
    possible = tuple(_of(run, video.duration_s) for run in fits if offset_of(run, video.duration_s) is not None)
    if len(possible) > 1 and by_clock is not None:
        near = tuple(each for each in possible if abs(each.offset_s - by_clock.offset_s) <= CLOCK_REACH_S)
        possible = near if len(near) == 1 else possible
    if len(possible) == 1:
        return Offsets(possible, (), len(runs))
    if possible:
        refused = JoinFinding.RECORDING_AMBIGUOUS
        return Offsets(possible, (_note(refused, _listed(fits)),), len(runs), refused)
    within = longer(runs, video.duration_s)
    refused = JoinFinding.LENGTH_DIFFERS if within else JoinFinding.OTHER_VIDEO
    what = "is a part of a recording" if within else "fits none of its recordings"
    note = _note(refused, f"the video of {video.duration_s:.1f} s {what}: {_listed(runs)}")
    if not within:
        return Offsets((), (note,), len(runs), refused)
    anywhere = tuple(
        Offset(-run.start_s, 0.0, JoinMethod.RECORD_FLAG, video.duration_s - run.stop_s - 1, 1 - run.start_s,
               run.number, is_told=False)
        for run in within
    )  # fmt: skip
    inside = by_clock is not None and any(each.lowest_s <= by_clock.offset_s <= each.highest_s for each in anywhere)
    return Offsets((by_clock,) if by_clock and inside else anywhere, (note,), len(runs), refused)


def _of(run: Recording, duration_s: float) -> Offset:
    offset_s = offset_of(run, duration_s)
    assert offset_s is not None
    return Offset(offset_s, EDGE_SIGMA_S, JoinMethod.RECORD_FLAG, offset_s - REACH_S, offset_s + REACH_S, run.number)


def _by_clock(points: Sequence[TelemetryPoint], video: VideoFacts) -> Offset | None:
    """By the log's clock and the container's creation time, in the zone that puts the video into the log."""
    start = clocks.starts_at(points)
    if start is None or video.created_at is None:
        return None
    late_s = (start - video.created_at).total_seconds()
    lowest_s, highest_s = video.duration_s - points[-1].t_s - REACH_S, REACH_S - points[0].t_s
    steps = round(clocks.FARTHEST_ZONE_S / clocks.ZONE_STEP_S)
    offsets = [late_s - k * clocks.ZONE_STEP_S for k in range(-steps, steps + 1)]
    inside = [each for each in offsets if lowest_s <= each <= highest_s]
    # A long log holds the video in several zones: then only the one that both claim will do.
    offset_s = late_s if late_s in inside else inside[0] if len(inside) == 1 else None
    return None if offset_s is None else Offset.near(offset_s, CLOCK_SIGMA_S, JoinMethod.CLOCK, CLOCK_REACH_S)


def _listed(runs: Sequence[Recording]) -> str:
    listed = ", ".join(f"no. {run.number} at {run.start_s:.1f} s of {run.length_s:.1f} s" for run in runs[:6])
    return f"the log names {len(runs)} that may be meant: {listed}" if runs else "the log names no recording"


def _note(finding: JoinFinding, detail: str) -> JoinNote:
    return JoinNote(finding=finding, detail=detail)
