"""What a media file asks of whoever reads it, held against the limits. Runs in the process of `checking`."""

from pathlib import Path

from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Stream

from wideberth_contracts.errors import TooLarge, UnreadableVideo
from wideberth_media.boxes import count_boxes
from wideberth_media.checking import MediaFacts
from wideberth_media.container import open_container, video_stream_of
from wideberth_media.info import probe
from wideberth_media.limits import MediaLimits

TEXT_TYPES = ("subtitle", "data", "attachment")


def look_through(path: Path, limits: MediaLimits) -> MediaFacts:
    """What the file is.

    Raises:
        UnreadableVideo: it is no video that can be read.
        TooLarge: it is above a limit.
    """
    boxes = count_boxes(path, limits.boxes)
    with open_container(path) as container:
        streams = len(container.streams)
        _most(path, streams, limits.streams, "tracks", "WIDEBERTH_GATEWAY_MEDIA_STREAMS")
        stream = video_stream_of(path, container)
        context = stream.codec_context
        _check_size(path, context.width, context.height, limits)
        _most(path, stream.frames, limits.frames, "frames", "WIDEBERTH_GATEWAY_MEDIA_FRAMES")
        _check_text(path, container, limits)
    info = probe(path, sha256="0" * 64)
    _check_size(path, info.width_px, info.height_px, limits)
    _most(path, info.duration_s, limits.duration_s, "s of video", "WIDEBERTH_GATEWAY_MEDIA_DURATION_S")
    _most(path, info.average_fps, limits.fps, "frames a second", "WIDEBERTH_GATEWAY_MEDIA_FPS")
    if info.duration_s < 0:
        raise UnreadableVideo("its duration is negative", where=str(path), remedy="convert the file")
    return MediaFacts(
        width_px=info.width_px,
        height_px=info.height_px,
        codec=info.codec,
        duration_s=info.duration_s,
        average_fps=info.average_fps,
        streams=streams,
        boxes=boxes,
        created_at=info.creation_time,
    )


def _check_size(path: Path, width_px: int, height_px: int, limits: MediaLimits) -> None:
    if width_px <= 0 or height_px <= 0:
        raise UnreadableVideo(f"its frames are {width_px} x {height_px} px", where=str(path), remedy="choose another")
    _most(path, max(width_px, height_px), limits.side_px, "px along a side", "WIDEBERTH_GATEWAY_MEDIA_SIDE_PX")
    _most(path, width_px * height_px, limits.pixels, "pixels a frame", "WIDEBERTH_GATEWAY_MEDIA_PIXELS")


def _check_text(path: Path, container: InputContainer, limits: MediaLimits) -> None:
    """Subtitles and data by the index where there is one, else by reading them."""
    tracks = [stream for stream in container.streams if stream.type in TEXT_TYPES]
    if not tracks:
        return
    known = [_indexed_bytes(stream) for stream in tracks]
    total = sum(known) if all(known) else _read_bytes(container, tracks, limits.text_bytes)
    _most(path, total, limits.text_bytes, "bytes of subtitles and data", "WIDEBERTH_GATEWAY_MEDIA_TEXT_BYTES")


def _indexed_bytes(stream: Stream) -> int:
    return sum(entry.size for entry in stream.index_entries) if len(stream.index_entries) else 0


def _read_bytes(container: InputContainer, tracks: list[Stream], most: int) -> int:
    total = 0
    try:
        for packet in container.demux(*tracks):
            total += packet.size
            if total > most:
                break
    except FFmpegError:
        return total  # a file that was cut off: what came before counts
    return total


def _most(path: Path, found: float, most: float, what: str, setting: str) -> None:
    if found > most:
        remedy = f"choose another file, or raise {setting}"
        raise TooLarge(f"{found:.12g} {what}, and {most:.12g} are allowed", where=str(path), remedy=remedy)
