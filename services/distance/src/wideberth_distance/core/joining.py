"""Rows of telemetry to the time of the video: by what the rows say, checked and refined by what the picture shows.

Three things tell whether and how rows and video belong together: lengths, clocks, and the turning of the picture.

- An .SRT holds the frames' own times: its offset is 0. It is refused where the picture turns otherwise (another
  video), where it is longer than the video and nothing tells which part was kept, or where it covers less than half of
  it and no clock agrees.
- A log is joined by the recording of the video's length (+-1 s), by the clock where none fits, and either is refined
  by the turning of the picture. Several recordings that fit as well: refused, never guessed.
- An offset that a person gave stands; what speaks against it is noted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from wideberth_contracts.joining import Join, JoinFinding, JoinMethod, JoinNote, TurnMatch, VideoFacts
from wideberth_contracts.poses import FlightContext, TelemetryPoint, TelemetryRecord
from wideberth_contracts.wire import Interval, Measured
from wideberth_distance.core import clocks
from wideberth_distance.core.alignment import (
    FITS,
    ROW_SD,
    STILL_DPS,
    TURNS_DPS,
    Turning,
    correlation_at,
    does_not_fit,
    match,
    seen_dps,
    turning_of,
)
from wideberth_distance.core.offsets import Offset, Offsets, log_offsets
from wideberth_distance.core.row_doubts import MARGIN_S, end_s, length_doubt, longer_note, row_doubts, row_step_s
from wideberth_distance.core.turning import Angles

FRAME_TIMED = re.compile(r"^([A-D]\d?z?|djmd)$")
"""Dialects whose rows hold the time of the frame they belong to: all of .SRT."""
FRAME_REACH_S = 1.0
"""How far around its own time an .SRT is compared, and as much further as it is longer than the video."""
SHIFTED_S = 0.25
"""An .SRT whose turns fit this far from 0, or nearer, fits at 0."""
PICTURE_TURNS_DPS = 3.0
"""What a picture shows beyond any swell's doing, root mean square, while the rows stand still."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Rows with the time of the video, and how that came about.

    Attributes:
        record: with `t_s` from the video's first frame; rows far from the video left out.
        doubtful: stretches of the video's time in which rows' own time and clock part across a hole.
    """

    record: TelemetryRecord
    account: Join
    doubtful: tuple[Interval, ...] = ()


def is_frame_timed(record: TelemetryRecord, video: VideoFacts | None) -> bool:
    """Whether rows carry the time of the frame, not that of a log: an .SRT, or a track of the video itself."""
    return FRAME_TIMED.match(record.dialect) is not None or (video is not None and video.telemetry_inside)


def join(record: TelemetryRecord, video: VideoFacts | None, context: FlightContext, angles: Angles) -> Joined:
    """Rows to the time of the video.

    Args:
        record: with at least one row.
        video: None: an .SRT is taken as it is, a log by its only recording.
        context: an offset a person gave.
        angles: of the same rows, in their own time.
    """
    step_s = row_step_s(record.points)
    offsets = _offsets(record, video, context)
    turning = turning_of(angles, video) if video is not None else None
    found = match(turning, [(each.lowest_s, each.highest_s) for each in offsets.possible], step_s) if (
        turning is not None and offsets.possible
    ) else None  # fmt: skip
    chosen, notes, refused = _decided(record, video, offsets, turning, found)
    sigma_s = float(np.hypot(chosen.sigma_s, step_s * ROW_SD)) if chosen.method is not JoinMethod.IMAGE_MOTION else (
        chosen.sigma_s
    )  # fmt: skip
    moved = _moved(record, chosen.offset_s, video, clip=not is_frame_timed(record, video))
    more, doubtful = row_doubts(moved.points, video)
    if video is not None and is_frame_timed(record, video):
        more = [*longer_note(record.points, video), *more]
    account = Join(
        offset_s=Measured(value=chosen.offset_s, sigma=sigma_s),
        method=chosen.method,
        covered_s=_covered(moved.points, video),
        recording=None if refused else chosen.recording,
        recordings=offsets.recordings,
        row_step_s=step_s if step_s > 0 else None,
        turns=found,
        refused=refused,
        notes=(*notes, *more),
    )
    return Joined(moved, account, doubtful)


def _offsets(record: TelemetryRecord, video: VideoFacts | None, context: FlightContext) -> Offsets:
    given = context.telemetry_offset_s
    if given is not None:
        reach_s = 1.0 + 3 * given.sigma
        return Offsets((Offset.near(given.value, given.sigma, JoinMethod.GIVEN, reach_s),))
    if is_frame_timed(record, video):
        longer_s = 0.0 if video is None else max(0.0, end_s(record.points) - video.duration_s)
        plain = Offset.near(0.0, 0.0, JoinMethod.FRAME_TIME, FRAME_REACH_S)
        return Offsets((replace(plain, lowest_s=plain.lowest_s - longer_s),))
    return log_offsets(record.points, video)


def _decided(
    record: TelemetryRecord, video: VideoFacts | None, offsets: Offsets, turning: Turning | None,
    found: TurnMatch | None,
) -> tuple[Offset, list[JoinNote], JoinFinding | None]:  # fmt: skip
    """The offset taken, what was noticed, and why none can be taken."""
    told = [each for each in offsets.possible if each.is_told]
    plain = told[0] if told else Offset.near(0.0, 1.0, JoinMethod.LOG_START, 1.0)
    if turning is not None and found is not None and found.offset_s is not None:
        taken, note = _by_turns(offsets, turning, found)
        kept = [each for each in offsets.notes if each.finding is not offsets.refused]
        return taken, [*kept, note, *_clock_notes(record, video, taken)[0]], None
    notes = [*offsets.notes, *_silence(video, turning, found)]
    clock_notes, agrees = _clock_notes(record, video, plain)
    stands = plain.method is JoinMethod.GIVEN or (video is not None and video.telemetry_inside)
    if turning is not None and found is not None and (why := _contradiction(turning, found)):
        notes.append(JoinNote(finding=JoinFinding.MOTION_DISAGREES, detail=why))
        if not stands:
            return plain, [*notes, *clock_notes], JoinFinding.OTHER_VIDEO
    if len(told) != 1:
        nothing = JoinFinding.RECORDING_AMBIGUOUS if told else JoinFinding.RECORDING_UNKNOWN
        return plain, notes, offsets.refused or nothing
    refused = None
    if plain.method is JoinMethod.FRAME_TIME and video is not None and not stands:
        refused = length_doubt(record.points, video, agrees)
    return plain, [*notes, *clock_notes], refused


def _by_turns(offsets: Offsets, turning: Turning, found: TurnMatch) -> tuple[Offset, JoinNote]:
    """The offset where an offset stands out in the picture, and what that says of the one told."""
    assert found.offset_s is not None
    at_s, sigma_s = found.offset_s.value, found.offset_s.sigma
    of = next(each for each in offsets.possible if each.lowest_s <= at_s <= each.highest_s)
    refined = replace(of, offset_s=at_s, sigma_s=sigma_s, method=JoinMethod.IMAGE_MOTION)
    where = f"the picture turns as the rows say at {at_s:+.2f} ± {sigma_s:.2f} s"
    fits = f"correlation {found.correlation:.2f} over {found.pairs} pairs of frames"
    agrees = JoinNote(finding=JoinFinding.MOTION_AGREES, detail=f"{where}, {fits}")
    if of.method not in (JoinMethod.FRAME_TIME, JoinMethod.GIVEN):
        return refined, agrees
    if abs(at_s - of.offset_s) <= max(SHIFTED_S, 3 * float(np.hypot(sigma_s, of.sigma_s))):
        return of, agrees
    if of.method is JoinMethod.GIVEN or correlation_at(turning, of.offset_s) >= FITS:
        said = f"{where} rather than at {of.offset_s:+.2f} s, {fits}"
        return of, JoinNote(finding=JoinFinding.MOTION_DISAGREES, detail=said)
    said = f"{where} and not where they stand, {fits}: a part of the recording was cut off"
    return refined, JoinNote(finding=JoinFinding.MOTION_SHIFTED, detail=said)


def _contradiction(turning: Turning, found: TurnMatch) -> str:
    if does_not_fit(found):
        return (
            f"the rows turn the camera at {found.turning_dps:.1f} deg/s and the picture does otherwise: correlation "
            f"{found.correlation:.2f} at best over {found.pairs} pairs of frames"
        )
    picture_dps = seen_dps(turning)
    has_place = turning.angles.east is not None
    if has_place and found.turning_dps <= STILL_DPS and picture_dps >= PICTURE_TURNS_DPS and found.pairs:
        return f"the picture turns at {picture_dps:.1f} deg/s while the rows have the camera still"
    return ""


def _silence(video: VideoFacts | None, turning: Turning | None, found: TurnMatch | None) -> list[JoinNote]:
    """Why the picture says nothing, where it was looked at and neither agrees nor contradicts."""
    if video is None or not video.turns:
        return []
    if turning is None or found is None:
        why = "the rows tell no heading, or too little of the picture could be followed"
    elif _contradiction(turning, found):
        return []
    elif found.turning_dps < TURNS_DPS[0]:
        why = f"the drone turned too little ({found.turning_dps:.1f} deg/s) in the stretches looked at"
    else:
        why = f"no offset stands out (correlation {found.correlation:.2f} at best)"
    return [JoinNote(finding=JoinFinding.MOTION_SILENT, detail=f"not checked against the picture: {why}")]


def _clock_notes(
    record: TelemetryRecord, video: VideoFacts | None, chosen: Offset
) -> tuple[list[JoinNote], bool | None]:
    start = clocks.starts_at(record.points)
    if video is None or video.created_at is None or start is None:
        return [], None
    verdict = clocks.against(clocks.later(start, -chosen.offset_s), video.created_at, video.duration_s)
    note = clocks.note_of(verdict)
    return [note] if note else [], verdict.agrees


def _moved(record: TelemetryRecord, offset_s: float, video: VideoFacts | None, *, clip: bool) -> TelemetryRecord:
    points: Sequence[TelemetryPoint] = record.points
    if clip and video is not None:
        low, high = -MARGIN_S - offset_s, video.duration_s + MARGIN_S - offset_s
        points = [point for point in points if low <= point.t_s <= high] or points
    if offset_s == 0.0 and len(points) == len(record.points):
        return record
    shifted = tuple(point.model_copy(update={"t_s": point.t_s + offset_s}) for point in points)
    return record.model_copy(update={"points": shifted})


def _covered(points: Sequence[TelemetryPoint], video: VideoFacts | None) -> Interval | None:
    first, last = points[0].t_s, points[-1].t_s
    low, high = max(0.0, first), last if video is None else min(last, video.duration_s)
    return Interval(low=low, high=high) if high >= low else None
