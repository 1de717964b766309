"""H.264 video as a DJI drone writes it: exact times, square pixels, yuv420p, BT.709."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorRange, Colorspace

from wideberth_simulator.scene import VideoPlan

TIME_BASE = Fraction(1, 90_000)
"""Fine enough that 5, 24, 25, 29.97, 30, 50, 59.94 and 60 frames a second have whole ticks."""
BITS_PER_PIXEL = 0.40
"""DJI 4K at 30 frames/s: 100 Mbit/s over 3840 x 2160 x 30."""


def bitrate_bps(video: VideoPlan) -> int:
    """Return the plan's bit rate, or DJI's bits a pixel; slow rates get more, for their frames differ more."""
    if video.bitrate_mbps is not None:
        return int(video.bitrate_mbps * 1e6)
    pixels = video.width_px * video.height_px
    return int(BITS_PER_PIXEL * pixels * float(video.fps) ** 0.75 * 30.0**0.25)


def pts_of(index: int, fps: Fraction) -> int:
    """Return the presentation time of a frame in ticks of `TIME_BASE`."""
    return round(Fraction(index) / fps / TIME_BASE)


class VideoFile:
    """A video being written; use as a context manager."""

    def __init__(self, path: Path, video: VideoPlan, start: datetime) -> None:
        self._fps = video.fps
        self._count = 0
        self._container = av.open(
            str(path), "w", format="mp4",
            options={"movflags": "+faststart", "video_track_timescale": str(TIME_BASE.denominator)},
        )  # fmt: skip
        self._container.metadata["creation_time"] = start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        stream = self._container.add_stream("libx264", rate=video.fps)
        stream.width, stream.height, stream.pix_fmt = video.width_px, video.height_px, "yuv420p"
        stream.bit_rate = bitrate_bps(video)
        stream.codec_context.time_base = TIME_BASE
        stream.sample_aspect_ratio = Fraction(1, 1)
        stream.options = {"preset": "veryfast", "g": str(max(1, round(float(video.fps)))), "bf": "0"}
        stream.codec_context.colorspace = int(Colorspace.ITU709)
        stream.codec_context.color_range = int(ColorRange.MPEG)
        stream.codec_context.color_primaries = 1
        stream.codec_context.color_trc = 1
        self._stream = stream

    def write(self, image_bgr: npt.NDArray[np.uint8]) -> int:
        """Add a frame and return its presentation time in ticks."""
        frame = av.VideoFrame.from_ndarray(image_bgr, format="bgr24")
        frame = frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)
        frame.pts = pts_of(self._count, self._fps)
        frame.time_base = TIME_BASE
        self._count += 1
        for packet in self._stream.encode(frame):
            self._container.mux(packet)
        return int(frame.pts)

    def __enter__(self) -> VideoFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                for packet in self._stream.encode(None):
                    self._container.mux(packet)
        finally:
            self._container.close()
