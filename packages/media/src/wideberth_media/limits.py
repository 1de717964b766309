"""How much a media file may ask of whoever reads it."""

from typing import Annotated

from pydantic import Field

from wideberth_contracts.wire import Wire

MIB = 1 << 20
Count = Annotated[int, Field(gt=0)]


class MediaLimits(Wire):
    """Above what a file is refused before anything of it is kept in memory or decoded at length.

    Attributes:
        pixels: of a frame; 8K has 35 million.
        side_px: of a frame.
        duration_s: as the container states it.
        fps: average frame rate, and the highest that times of frames may come to.
        streams: tracks of any kind.
        text_bytes: of subtitles and data tracks together; all of it may be read as telemetry.
        boxes: of an MP4 or MOV, at any depth.
        frames: of the video stream.
        check_s: of processor time for the check; three times as much by the clock.
        check_bytes: of memory for the process that checks.
    """

    pixels: Count = 40_000_000
    side_px: Count = 16_384
    duration_s: Annotated[float, Field(gt=0)] = 12 * 3600.0
    fps: Annotated[float, Field(gt=0)] = 480.0
    streams: Count = 32
    text_bytes: Count = 256 * MIB
    boxes: Count = 20_000
    frames: Count = 12 * 3600 * 240
    check_s: Annotated[float, Field(gt=0)] = 30.0
    check_bytes: Count = 2048 * MIB
