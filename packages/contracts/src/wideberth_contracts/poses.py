"""Telemetry as read, and camera poses with their error.

Convention: yaw clockwise from true north; pitch of the optical axis above the horizontal (-90 looks straight down);
roll positive when the right side of the picture points down. Order: R = yaw · pitch · roll, as DJI reports its gimbal.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from wideberth_contracts.clues import Calibration, ClueKind, FlightClues
from wideberth_contracts.joining import Join, VideoFacts
from wideberth_contracts.tides import TideStation, TideTable
from wideberth_contracts.wire import Latitude, Longitude, Measured, NonNegative, Positive, UtcDatetime, Wire


class TelemetryGrade(StrEnum):
    """A: gimbal and height per frame. B: some of it. C: none."""

    A = "A"
    B = "B"
    C = "C"


class TelemetryPoint(Wire):
    """One row of telemetry. What the source does not say is absent, never 0.

    Attributes:
        t_s: by the file: from the start of the video in an .SRT, on the log's own clock in a flight log (see `Join`).
        height_above_takeoff_m: barometric.
        absolute_height_m: as reported; unreliable, kept for the record, never used as height.
        focal_length_mm: 35 mm equivalent, as DJI writes it.
        zoom_ratio: digital zoom, 1 = none.
        recording: whether the camera was recording video, where a log says so; its edges align the log with the video.
    """

    t_s: float
    captured_at: UtcDatetime | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    height_above_takeoff_m: float | None = None
    absolute_height_m: float | None = None
    pitch_deg: float | None = None
    roll_deg: float | None = None
    yaw_deg: float | None = None
    focal_length_mm: Positive | None = None
    zoom_ratio: Positive | None = None
    recording: bool | None = None


class TelemetryRecord(Wire):
    """A telemetry file as understood.

    Attributes:
        dialect: `A0` … `D` for SRT (see docs/formats.md), or the name of a log format.
        warnings: one line each, naming file and line, with what was done about it.
    """

    file: str
    dialect: str
    grade: TelemetryGrade
    points: tuple[TelemetryPoint, ...]
    warnings: tuple[str, ...] = ()


class CameraIntrinsics(Wire):
    """Focal length in px at a picture size, with its error and where it comes from.

    Attributes:
        height_px: None where it holds for every height at that width.
        mode: the camera's name for the video mode it was measured in, where it has one.
    """

    model: str
    focal_px: Measured
    width_px: Annotated[int, Field(gt=0)]
    height_px: Annotated[int, Field(gt=0)] | None = None
    mode: str | None = None
    source: str


class FlightContext(Wire):
    """What a person knows about the flight that no file says.

    Attributes:
        takeoff_above_sea_m: height of the take-off point above the sea at the time of flight; unknown: 2 ± 2 m.
        camera: model name of the camera table, or None to go by the telemetry.
        video_mode: the camera's own name for it (`HQ`, `full FOV` …), where its modes differ.
        fps: frames a second of the video, where a mode depends on it; the analysis fills it in.
        focal_px: overrides the table, at the video's own width.
        focal_mm: of the lens itself (not the 35 mm equivalent), for a camera of which only the sensor is known.
        intrinsics: measured by `wideberth calibrate`; overrides the table.
        pitch_deg: used where telemetry gives none (a fixed gimbal).
        utc_offset_h: of the clock in the telemetry file, which has no zone.
        significant_wave_height_m: Hs.
        tide_m: level of the sea at the time of flight above the same datum as `takeoff_above_sea_m`; None where that
            was measured from the water itself.
        tide_stations, tide_table: where the tide is to come from instead, by the telemetry's clock and place; heights
            of the take-off then count from mean sea level.
        waterline_reading_m: what the telemetry's height above take-off read at the water: one reading at the waterline
            tells take-off height, tide and datum in one.
        telemetry_offset_s: added to the time of a row it gives the time in the video; stands above every other join.
        air_temperature_c: at take-off; a barometer assumes 15 degrees, and is 1 % off for every 2.9 beside that.
    """

    takeoff_above_sea_m: Measured | None = None
    tide_m: Measured | None = None
    tide_stations: tuple[TideStation, ...] = ()
    tide_table: TideTable | None = None
    waterline_reading_m: Measured | None = None
    air_temperature_c: Measured | None = None
    camera: str | None = None
    video_mode: str | None = None
    fps: Positive | None = None
    focal_px: Measured | None = None
    focal_mm: Measured | None = None
    intrinsics: CameraIntrinsics | None = None
    pitch_deg: Measured | None = None
    telemetry_offset_s: Measured | None = None
    utc_offset_h: Annotated[float, Field(ge=-12, le=14)] = 9.0
    significant_wave_height_m: NonNegative = 0.5


class GeoOrigin(Wire):
    """The point from which east and north are counted, WGS 84, on the sea."""

    latitude: Latitude
    longitude: Longitude


class Correlation(Wire):
    """How far the errors of two numbers of a pose go together, by the names of `positions.ErrorSource`."""

    a: str
    b: str
    value: Annotated[float, Field(ge=-1, le=1)]


class CameraPose(Wire):
    """Where the camera was and how it looked, each number with its standard error.

    Attributes:
        correlations: of errors that a fit left tied to one another; a pair not named is independent.
        clues: what the numbers rest on.
        height_m: above the sea surface.
        east_m, north_m: of the camera, from the analysis origin.
        focal_px: for a picture of `width_px` x `height_px`, principal point in its centre.
    """

    type: Literal["pose"] = "pose"
    height_m: Measured
    pitch_deg: Measured
    roll_deg: Measured
    yaw_deg: Measured
    focal_px: Measured
    east_m: Measured
    north_m: Measured
    width_px: Annotated[int, Field(gt=0)]
    height_px: Annotated[int, Field(gt=0)]
    significant_wave_height_m: NonNegative = 0.5
    correlations: tuple[Correlation, ...] = ()
    clues: tuple[ClueKind, ...] = (ClueKind.TELEMETRY,)


class PoseAbsence(StrEnum):
    """Why a frame has no pose. From `other_video` to `length_differs` it is that of all frames, see `Join.refused`."""

    NO_TELEMETRY = "no_telemetry"
    OTHER_VIDEO = "other_video"
    RECORDING_AMBIGUOUS = "recording_ambiguous"
    RECORDING_UNKNOWN = "recording_unknown"
    LENGTH_DIFFERS = "length_differs"
    OUTSIDE_TELEMETRY = "outside_telemetry"
    CLOCK_JUMP = "clock_jump"
    TOO_LOW = "too_low"
    NO_HEIGHT = "no_height"
    NO_PITCH = "no_pitch"
    TELEMETRY_GAP = "telemetry_gap"
    PITCHING_TOO_FAST = "pitching_too_fast"


class NoPose(Wire):
    """A frame without a pose, and why."""

    type: Literal["no_pose"] = "no_pose"
    reason: PoseAbsence


FramePose = Annotated[CameraPose | NoPose, Field(discriminator="type")]


class FrameTime(Wire):
    """One moment of the video for which a pose is wanted."""

    t_s: float
    width_px: Annotated[int, Field(gt=0)]
    height_px: Annotated[int, Field(gt=0)]


class PosesRequest(Wire):
    """Telemetry, the moments for which poses are wanted, and what else tells of the camera.

    Attributes:
        video: what the join is checked against; without it the times of an .SRT are taken as they are.
    """

    telemetry: TelemetryRecord | None
    moments: tuple[FrameTime, ...]
    context: FlightContext = FlightContext()
    clues: FlightClues = FlightClues()
    video: VideoFacts | None = None


class PosesAnswer(Wire):
    """One pose a moment, in the order asked.

    Attributes:
        starts_at: UTC of the video's first frame, where the telemetry tells it.
        join: how rows were put to frames; None without telemetry.
    """

    grade: TelemetryGrade
    origin: GeoOrigin | None
    starts_at: UtcDatetime | None
    poses: tuple[FramePose, ...]
    calibration: Calibration | None = None
    join: Join | None = None
    warnings: tuple[str, ...] = ()
