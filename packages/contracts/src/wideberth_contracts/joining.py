"""How the rows of a telemetry file were put to the frames of a video, and what spoke against it.

An .SRT carries the time of every frame. A flight log runs on its own clock: its record flag tells to about a second
when the video began, and the turning of the picture tells it better.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from wideberth_contracts.wire import Interval, Measured, NonNegative, Positive, UtcDatetime, Wire


class PictureTurn(Wire):
    """How the picture moved between two frames: what a 3 x 3 grid over its middle half did, on average.

    Attributes:
        from_s, to_s: times of both frames in the video.
        right_px, down_px: mean displacement of what was seen, in pixels of the video's own width.
        clockwise_deg: turn about the middle of the picture.
    """

    from_s: float
    to_s: float
    right_px: float
    down_px: float
    clockwise_deg: float


class VideoFacts(Wire):
    """What the video itself tells of when it was taken and how the camera turned.

    Attributes:
        file: for messages.
        duration_s: as its header says, or as its frames do where they reach further.
        created_at: as written in the container; some cameras write local time as if it were UTC.
        telemetry_inside: the rows are a track of this very file; nothing then says they are another's.
        turns: of the picture, in order of time, for some stretches of the video; none: not looked at.
    """

    file: str
    duration_s: NonNegative
    width_px: Annotated[int, Field(gt=0)]
    height_px: Annotated[int, Field(gt=0)]
    created_at: UtcDatetime | None = None
    telemetry_inside: bool = False
    turns: tuple[PictureTurn, ...] = ()


class JoinMethod(StrEnum):
    """What the offset between rows and video rests on."""

    FRAME_TIME = "frame_time"
    RECORD_FLAG = "record_flag"
    CLOCK = "clock"
    LOG_START = "log_start"
    IMAGE_MOTION = "image_motion"
    GIVEN = "given"


class JoinFinding(StrEnum):
    """What was noticed when rows were put to frames, by name."""

    OTHER_VIDEO = "other_video"
    RECORDING_AMBIGUOUS = "recording_ambiguous"
    RECORDING_UNKNOWN = "recording_unknown"
    LENGTH_DIFFERS = "length_differs"
    LONGER_THAN_VIDEO = "telemetry_longer_than_video"
    SHORTER_THAN_VIDEO = "telemetry_shorter_than_video"
    GAP = "telemetry_gap"
    CLOCK_JUMP = "clock_jump"
    CLOCK_SET = "clock_set"
    CLOCK_AGREES = "clock_agrees"
    CLOCK_DISAGREES = "clock_disagrees"
    CLOCK_ZONE = "clock_zone"
    MOTION_AGREES = "motion_agrees"
    MOTION_DISAGREES = "motion_disagrees"
    MOTION_SHIFTED = "motion_shifted"
    MOTION_SILENT = "motion_silent"


class JoinNote(Wire):
    """One finding, with its numbers in words."""

    finding: JoinFinding
    detail: str


class TurnMatch(Wire):
    """How the turning of the picture fits that of the telemetry.

    Attributes:
        offset_s: that fits best, with its error; None where nothing fits well enough.
        correlation: of both at the best offset, -1 to 1.
        turning_dps: root mean square of how fast the picture should turn by the telemetry, deg/s.
        pairs: of frames compared.
    """

    offset_s: Measured | None
    correlation: Annotated[float, Field(ge=-1, le=1)]
    turning_dps: NonNegative
    pairs: Annotated[int, Field(ge=0)]


class Join(Wire):
    """The outcome. Where `refused` names a finding, no frame has a pose by this telemetry.

    Attributes:
        offset_s: added to the time of a row it gives the time in the video; the error is part of every pose's.
        method: what the offset rests on.
        covered_s: the stretch of the video's time that has rows; None where none does.
        recording, recordings: which recording of a log was taken, from 1, and how many it names; None: it names none.
        row_step_s: usual time between rows.
        turns: None where the picture was not compared.
        notes: everything noticed, by name.
    """

    offset_s: Measured
    method: JoinMethod
    covered_s: Interval | None
    recording: Annotated[int, Field(ge=1)] | None = None
    recordings: Annotated[int, Field(ge=0)] | None = None
    row_step_s: Positive | None = None
    turns: TurnMatch | None = None
    refused: JoinFinding | None = None
    notes: tuple[JoinNote, ...] = ()
