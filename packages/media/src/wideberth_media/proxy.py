"""A copy of a video that every browser plays: H.264, 8 bit, index in front, every frame at the time it had."""

import os
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from wideberth_contracts.errors import InternalFault
from wideberth_media.container import open_video, time_base_of
from wideberth_media.info import VideoInfo
from wideberth_media.pixels import Pixels, clockwise_rotation_deg, upright_bgr, upright_size
from wideberth_media.times import frame_times

LONG_SIDE_PX = 1920
"""Of the copy. Two cores decode this in time; a 4K picture takes them 40 ms, longer than a frame is shown."""

CRF = 23
PRESET = "veryfast"
SURE_FORMATS = frozenset({"yuv420p", "yuvj420p", "nv12"})
SURE_ENDINGS = frozenset({".mp4", ".m4v", ".mov"})
_KEY_EACH_S = 1.0
_BT709 = 1


Paint = Callable[[Pixels, int, float], Pixels]
"""From the picture (height, width, 3; BGR, upright), the frame's PTS and the picture's scale, to what is shown."""


class Stopped(Exception):
    """The making was called off."""


def surely_plays(name: str, info: VideoInfo) -> bool:
    """Whether a browser plays the file as it is, whatever the machine: H.264 in MP4, 8 bit, at most Full HD."""
    ending = Path(name).suffix.lower()
    plain = info.codec == "h264" and info.pixel_format in SURE_FORMATS and ending in SURE_ENDINGS
    return plain and max(info.width_px, info.height_px) <= LONG_SIDE_PX


def make_proxy(source: Path, target: Path, stop: threading.Event | None = None, paint: Paint | None = None) -> Path:
    """Write `target`, whole or not at all. Frames keep their presentation times; what cannot be decoded is left out.

    The picture is upright and at most `LONG_SIDE_PX` long. There is no sound: nobody measures by it.

    Args:
        stop: set by another thread to call it off.
        paint: changes what is to be seen, frame by frame.

    Raises:
        UnreadableVideo: as `open_video`.
        InternalFault: it cannot be written, or a frame of it has a time that the original does not know.
        Stopped: it was called off.
    """
    partial = target.with_name(f".{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        _encode(source, partial, stop or threading.Event(), paint)
        _same_times(source, partial)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    except FFmpegError as error:
        raise InternalFault(f"the copy cannot be written: {error.strerror}", where=str(source)) from error
    finally:
        partial.unlink(missing_ok=True)
    return target


def _encode(source: Path, target: Path, stop: threading.Event, paint: Paint | None) -> None:
    container, stream = open_video(source)
    base = time_base_of(stream)
    # The container keeps times in units of the original: no rounding. An edit list puts a late beginning where it was.
    options = {"movflags": "+faststart", "video_track_timescale": str(base.denominator)}
    with container, av.open(str(target), "w", format="mp4", options=options) as made:
        out: VideoStream | None = None
        last: int | None = None
        for frame in _pictures(container, stream):
            if stop.is_set():
                raise Stopped
            if frame.pts is None or (last is not None and frame.pts <= last):
                continue
            last = frame.pts
            upright = _upright(frame) if paint is None else _painted(frame, paint)
            if out is None:
                out = _stream(made, stream, upright, base)
            picture = upright.reformat(width=out.width, height=out.height, format="yuv420p")
            picture.pts, picture.time_base = last, base
            picture.pict_type = PictureType.NONE
            made.mux(out.encode(picture))
        if out is None:
            raise InternalFault("not one frame of it can be decoded", where=str(source))
        made.mux(out.encode(None))


def _pictures(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except FFmpegError:
            continue  # a broken packet: the frame is missing here as it is in the analysis


def _stream(made: OutputContainer, source: VideoStream, first: VideoFrame, base: Fraction) -> VideoStream:
    rate = source.average_rate or Fraction(30)
    # No B-frames: frames are shown in the order in which they are decoded, and a seek needs no look ahead.
    out = made.add_stream("libx264", rate=rate, options={"preset": PRESET, "crf": str(CRF), "bf": "0"})
    scale = min(1.0, LONG_SIDE_PX / max(first.width, first.height))
    out.width, out.height = (max(2, round(side * scale / 2) * 2) for side in (first.width, first.height))
    out.pix_fmt = "yuv420p"
    out.time_base = out.codec_context.time_base = base
    out.codec_context.gop_size = max(1, round(float(rate) * _KEY_EACH_S))
    out.codec_context.colorspace = out.codec_context.color_primaries = out.codec_context.color_trc = _BT709
    return out


def _upright(frame: VideoFrame) -> VideoFrame:
    if not clockwise_rotation_deg(frame):
        return frame
    made = VideoFrame.from_ndarray(upright_bgr(frame, LONG_SIDE_PX), format="bgr24")
    made.pts, made.time_base = frame.pts, frame.time_base
    return made


def _painted(frame: VideoFrame, paint: Paint) -> VideoFrame:
    picture = upright_bgr(frame, LONG_SIDE_PX)
    scale = picture.shape[1] / upright_size(frame)[0]
    made = VideoFrame.from_ndarray(paint(picture, frame.pts or 0, scale), format="bgr24")
    made.pts, made.time_base = frame.pts, frame.time_base
    return made


def _same_times(source: Path, made: Path) -> None:
    """Every frame of the copy stands at the time of one of the original; in seconds from the container's zero."""
    with open_video(source)[0] as container, open_video(made)[0] as copy:
        bases = [Fraction(one.streams.video[0].time_base or 1) for one in (container, copy)]
    known = {stamp.pts * bases[0] for stamp in frame_times(source)}
    strange = [stamp.pts for stamp in frame_times(made) if stamp.pts * bases[1] not in known]
    if strange:
        raise InternalFault(
            f"{len(strange)} frames of the copy have other times, first {strange[0]}", where=str(source)
        )
