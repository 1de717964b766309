"""Writing video that browsers play: H.264 in MP4, index in front, every frame at its own time.

The file appears under its name only when it is whole: it is written beside it, fsynced and renamed.
"""

import os
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from wideberth_contracts.errors import InternalFault
from wideberth_contracts.frames import TimeBase
from wideberth_media.pixels import Pixels

# 90 kHz, the clock of MPEG: multiples of all usual frame rates but 23.976, which it meets to 6 µs.
_CLOCK_HZ = 90_000
_MAX_KEYFRAME_GAP_S = 2.0
# ITU-T H.273, code points of BT.709.
_BT709 = 1
_LIMITED_RANGE = 1


class VideoWriter:
    """A context manager; leaving it in peace finishes the file, leaving it by an exception removes it.

    Odd sizes are padded to even ones by repeating the last column or row, as 4:2:0 needs.

    Args:
        path: ends in `.mp4`; replaced if it exists.
        width_px, height_px: of every frame.
        fps: nominal; the length of the last frame, and of frames written without a time.
        crf: x264's constant quality, 0 to 51, lower is better. Not used with `bit_rate_bps`.
        bit_rate_bps: a constant bit rate instead.
        preset: of x264, `ultrafast` to `veryslow`.
        time_base: seconds per PTS unit; None: 1/90000.
    """

    def __init__(
        self,
        path: Path | str,
        width_px: int,
        height_px: int,
        fps: float = 30.0,
        *,
        crf: float = 20.0,
        bit_rate_bps: int | None = None,
        preset: str = "veryfast",
        time_base: TimeBase | None = None,
    ) -> None:
        self.path = Path(path)
        self._shape = (height_px, width_px, 3)
        self._frame_s = 1.0 / fps
        self._time_base = Fraction(time_base.numerator, time_base.denominator) if time_base else Fraction(1, _CLOCK_HZ)
        self._last_pts: int | None = None
        self._part = self.path.with_name(f".{self.path.name}.part")
        self._container: OutputContainer | None = av.open(
            str(self._part), mode="w", format="mp4", options={"movflags": "+faststart"}
        )
        # No B-frames: decoding order is showing order, so the header's duration is right at variable rates too.
        options = {"preset": preset, "bf": "0"} | ({} if bit_rate_bps else {"crf": str(crf)})
        self._stream = _h264_stream(self._container, fps, options)
        self._stream.width = width_px + width_px % 2
        self._stream.height = height_px + height_px % 2
        context = self._stream.codec_context
        context.time_base = self._time_base
        context.gop_size = max(1, round(fps * _MAX_KEYFRAME_GAP_S))
        if bit_rate_bps:
            context.bit_rate = bit_rate_bps

    def write(self, array_bgr: Pixels, t_s: float | None = None) -> None:
        """Add one frame.

        Args:
            array_bgr: shape (height_px, width_px, 3), 8 bit, BGR.
            t_s: when it is shown, s from the start of the video; rising, at least one PTS unit apart. None: one
                nominal frame after the last.
        """
        if array_bgr.shape != self._shape:
            raise ValueError(f"frame of shape {array_bgr.shape}, {self._shape} expected")
        pts = self._pts(t_s)
        if self._last_pts is not None and pts <= self._last_pts:
            raise ValueError(f"frame at {t_s} s does not come after the last one")
        self._last_pts = pts
        picture = _yuv(_even(array_bgr))
        picture.pts = pts
        picture.time_base = self._time_base
        self._mux(self._stream.encode(picture))

    def close(self) -> None:
        """Finish the file and give it its name.

        Raises:
            InternalFault: not one frame was written, or the disk is full.
        """
        if self._container is None:
            return
        if self._last_pts is None:
            self.discard()
            raise InternalFault("a video without frames", where=str(self.path))
        try:
            self._mux(self._stream.encode(None))
            self._container.close()
            self._container = None
            _sync(self._part)
            self._part.replace(self.path)
            _sync(self.path.parent)
        except (OSError, FFmpegError) as error:
            self.discard()
            raise InternalFault(f"the video cannot be written: {error.strerror}", where=str(self.path)) from error

    def discard(self) -> None:
        """Forget what was written; nothing appears under the name."""
        container, self._container = self._container, None
        if container is not None:
            container.close()
        self._part.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        """For `with`."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Finish, or discard after an exception."""
        if error is None:
            self.close()
        else:
            self.discard()

    def _pts(self, t_s: float | None) -> int:
        if t_s is not None:
            return round(Fraction(t_s) / self._time_base)
        if self._last_pts is None:
            return 0
        return self._last_pts + max(1, round(Fraction(self._frame_s) / self._time_base))

    def _mux(self, packets: "list[Packet[VideoStream]]") -> None:
        if self._container is None:
            raise ValueError("the video is closed")
        for packet in packets:
            # Only the last frame's counts: the others last until the next one.
            packet.duration = max(1, round(Fraction(self._frame_s) / self._time_base))
            self._container.mux(packet)


def _h264_stream(container: OutputContainer, fps: float, options: dict[str, str]) -> VideoStream:
    stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001), options=options)
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = _LIMITED_RANGE
    return stream


def _even(array: Pixels) -> Pixels:
    odd_rows, odd_columns = array.shape[0] % 2, array.shape[1] % 2
    if not odd_rows and not odd_columns:
        return np.ascontiguousarray(array)
    return np.pad(array, ((0, odd_rows), (0, odd_columns), (0, 0)), mode="edge")


def _yuv(array: Pixels) -> VideoFrame:
    picture = VideoFrame.from_ndarray(array, format="bgr24")
    return picture.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
