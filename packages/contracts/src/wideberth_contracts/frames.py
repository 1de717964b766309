"""Frames: pixels with the time the container gave them.

Pixels are 8-bit BGR, row-major, C-contiguous, shape (height, width, 3), as a flat or shaped `memoryview` of bytes.
Masks are 8-bit, shape (height, width), 0 or 255. Nothing here copies; a read-only buffer stays read-only.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from wideberth_contracts.poses import CameraPose, GeoOrigin, NoPose
from wideberth_contracts.wire import Fraction, NonNegative, Positive, UtcDatetime, Wire

PositiveInt = Annotated[int, Field(gt=0)]


class TimeBase(Wire):
    """Seconds per unit of PTS, as a fraction."""

    numerator: PositiveInt
    denominator: PositiveInt


class FrameMeta(Wire):
    """Which frame this is. A frame is named by its clip and PTS, never by counting.

    Attributes:
        clip: SHA-256 of the video file, or another stable name for a picture.
        pts: presentation time in units of `time_base`, as in the container.
        t_s: presentation time in s from the clip's first frame.
        captured_at: UTC, where telemetry or container tell it.
    """

    clip: str
    pts: int
    time_base: TimeBase
    t_s: float
    captured_at: UtcDatetime | None = None
    width_px: PositiveInt
    height_px: PositiveInt


@dataclass(frozen=True, slots=True)
class Frame:
    """Pixels and what they are: BGR, `meta.height_px * meta.width_px * 3` bytes."""

    meta: FrameMeta
    pixels: memoryview

    def __post_init__(self) -> None:
        """Refuse a buffer whose size does not fit the meta data."""
        expected = self.meta.height_px * self.meta.width_px * 3
        if self.pixels.nbytes != expected:
            raise ValueError(f"{self.pixels.nbytes} bytes of pixels, {expected} expected for {self.meta}")


class PixelEncoding(StrEnum):
    """How pixels of a frame travel where memory cannot be shared."""

    BGR24 = "bgr24"
    PNG = "png"
    JPEG = "jpeg"


class SharedPixels(Wire):
    """A place in shared memory on this host that holds the pixels of a frame.

    `name` is a file in the shared volume, `generation` guards against reading a slot that was written again.
    """

    name: str
    offset: Annotated[int, Field(ge=0)]
    nbytes: PositiveInt
    generation: Annotated[int, Field(ge=0)]


class GlintGate(StrEnum):
    """When to clear: where glint is predicted or measured, always, or never."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class ClearSettings(Wire):
    """Settings of the verb *clear*.

    Attributes:
        window_frames: frames on each side of the reference that may be used.
        place: where the flight is, if known; with a pose and the time of a frame it tells where the sun can glint.
    """

    gate: GlintGate = GlintGate.AUTO
    window_frames: Annotated[int, Field(ge=0, le=7)] = 1
    place: GeoOrigin | None = None


@dataclass(frozen=True, slots=True)
class FrameWindow:
    """A reference frame and its neighbours in time, each with its pose where one is known.

    Attributes:
        frames: in order of time; all of one size.
        reference: index of the frame to clear.
        poses: one a frame.
    """

    frames: tuple[Frame, ...]
    reference: int
    poses: tuple[CameraPose | NoPose, ...]
    settings: ClearSettings


class ClearOutcome(StrEnum):
    """What *clear* did: filled glint, or left the frame alone and why."""

    CLEARED = "cleared"
    NO_GLINT = "no_glint"
    SWITCHED_OFF = "switched_off"


@dataclass(frozen=True, slots=True)
class ClearedFrame:
    """The frame without glint. When nothing was cleared, `frame` is the original.

    Attributes:
        glint_mask: (height, width) bytes, 255 where pixels were refilled: they are no evidence.
    """

    frame: Frame
    glint_mask: memoryview
    glint_fraction: float
    outcome: ClearOutcome


class CropMeta(Wire):
    """Where a crop came from.

    Attributes:
        pts, t_s: of the frame.
        ground_sample_m: metres of sea per pixel at the box, where known.
        filled_fraction: share of the box that was refilled glint.
        detection_px: length of the detection's long side.
    """

    pts: int
    t_s: float
    width_px: PositiveInt
    height_px: PositiveInt
    detection_px: Positive
    confidence: Fraction
    ground_sample_m: Positive | None = None
    filled_fraction: Fraction = 0.0
    sharpness: NonNegative = 0.0


@dataclass(frozen=True, slots=True)
class Crop:
    """A square piece of a frame around one detection, BGR."""

    meta: CropMeta
    pixels: memoryview


class ImageMotion(Wire):
    """How the picture moved: homography (row-major 3 x 3) that takes pixels of the earlier frame to the later one."""

    later_from_earlier: tuple[float, float, float, float, float, float, float, float, float]
    inliers: Annotated[int, Field(ge=0)]


class NoImageMotion(Wire):
    """The motion of the picture could not be measured, and why."""

    reason: str
