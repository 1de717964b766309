"""Opening a video file, with an error a person can act on."""

from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from wideberth_contracts.errors import UnreadableVideo
from wideberth_contracts.frames import TimeBase

FORMATS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,flv"
"""What drones and their software write. Others are refused: some formats of FFmpeg are lists that name other files."""

MOST_PIXELS = 1 << 27
"""Of any frame FFmpeg may decode, whatever the header said before: twice 8K each way, 400 MB of BGR."""

_MP4_SUFFIXES = frozenset({".mp4", ".mov", ".m4v"})


def open_video(path: Path) -> tuple[InputContainer, VideoStream]:
    """The opened container and its first video stream that is not a cover picture; the caller closes it.

    Raises:
        UnreadableVideo: naming the file, what is wrong with it and what to do.
    """
    container = open_container(path)
    try:
        return container, video_stream_of(path, container)
    except UnreadableVideo:
        container.close()
        raise


def open_container(path: Path) -> InputContainer:
    """The opened container; the caller closes it.

    Raises:
        UnreadableVideo: it is no file, empty, or nothing FFmpeg knows.
    """
    _refuse_what_is_no_file(path)
    # Only this file: a name such as `http:x` or `concat:a|b` must not be taken for an address.
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    try:
        return av.open(f"file:{path}", mode="r", metadata_errors="replace", options=options)
    except (FFmpegError, ValueError) as error:
        raise _unreadable(path, f"this is no video FFmpeg knows ({_reason(error)})") from error


def video_stream_of(path: Path, container: InputContainer) -> VideoStream:
    """Its first video stream that is not a cover picture.

    Raises:
        UnreadableVideo: there is none, or its codec is not known.
    """
    pictures = [s for s in container.streams.video if not s.disposition & s.disposition.attached_pic]
    if not pictures:
        if container.streams:
            raise _no_video(path, "there is no video stream in this file")
        raise _unreadable(path, "there is nothing in this file")
    stream = pictures[0]
    if stream.codec_context is None:
        raise UnreadableVideo(
            "the video codec is not known here", where=str(path), remedy="convert the file to H.264 in MP4"
        )
    stream.thread_type = "AUTO"
    stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
    return stream


def time_base_of(stream: VideoStream) -> Fraction:
    """Seconds per unit of PTS. A container without one counts in microseconds, as FFmpeg does."""
    return Fraction(stream.time_base) if stream.time_base else Fraction(1, 1_000_000)


def as_time_base(seconds: Fraction) -> TimeBase:
    """The same fraction as a wire type."""
    return TimeBase(numerator=seconds.numerator, denominator=seconds.denominator)


def _refuse_what_is_no_file(path: Path) -> None:
    if not path.exists():
        raise UnreadableVideo("there is no such file", where=str(path), remedy="check the path")
    if path.is_dir():
        raise UnreadableVideo("this is a folder, not a file", where=str(path), remedy="name one video file in it")
    if path.stat().st_size == 0:
        raise UnreadableVideo("the file is empty (0 bytes)", where=str(path), remedy="copy it from the card again")


def _unreadable(path: Path, detail: str) -> UnreadableVideo:
    """Tell a video whose index was never written from a file that is no video."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as failure:
        return UnreadableVideo(
            f"the file cannot be opened: {failure.strerror}", where=str(path), remedy="check its permissions"
        )
    if head[4:8] == b"ftyp":
        return UnreadableVideo(
            "the index (moov atom) is missing or damaged: the recording or the copy was cut off",
            where=str(path),
            remedy="copy the file again; if the drone lost power, repair it on the drone or with untrunc",
        )
    return _no_video(path, detail)


def _no_video(path: Path, detail: str) -> UnreadableVideo:
    remedy = "choose an MP4 or MOV recording"
    if path.suffix.lower() in _MP4_SUFFIXES:
        remedy = f"the name ends in {path.suffix} but the content is something else; {remedy}"
    return UnreadableVideo(detail, where=str(path), remedy=remedy)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
