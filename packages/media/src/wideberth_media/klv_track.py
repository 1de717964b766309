"""MISB metadata (KLV) in the data streams of a video, as airborne cameras write it into MPEG transport streams."""

from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer
from av.error import FFmpegError

from wideberth_contracts.errors import UnreadableVideo
from wideberth_media.container import time_base_of
from wideberth_media.djmd_track import DJI_HANDLERS

UNIVERSAL_LABEL = b"\x06\x0e\x2b\x34"
"""How every key of KLV begins (SMPTE 336)."""
VIDEO_TIME_KEY = UNIVERSAL_LABEL + b"\x01\x01\x01\x01\x0f" + b"wb-time"
"""Key, in the node for experiments, of the item put before each packet: its time in the video, 8 bytes, signed, µs.
A reader that does not know it passes over it, as SMPTE 336 bids."""


def embedded_klv(source: Path | BinaryIO, name: str = "") -> bytes | None:
    """The KLV packets of all data streams, each after its time from the video's first frame; None where there are none.

    Args:
        source: A file, or its content.
        name: For messages, where the source has none.

    Raises:
        UnreadableVideo: what FFmpeg does not know.
    """
    try:
        container = av.open(str(source) if isinstance(source, Path) else source, mode="r", metadata_errors="replace")
    except (FFmpegError, ValueError, OSError) as error:
        raise UnreadableVideo(
            f"no container of data that FFmpeg knows ({getattr(error, 'strerror', None) or error})",
            where=name or str(source),
            remedy="copy the file again",
        ) from error
    with closing(container):
        return b"".join(_items(container)) or None


def _items(container: InputContainer) -> Iterator[bytes]:
    # DJI's tracks hold no KLV, and reading them would mean reading all of a recording.
    tracks = [track for track in container.streams.data if track.metadata.get("handler_name") not in DJI_HANDLERS]
    if not tracks:
        return
    video = next(iter(container.streams.video), None)
    origin_s = float(video.start_time * time_base_of(video)) if video and video.start_time is not None else None
    try:
        for packet in container.demux(*tracks):
            data = bytes(packet)
            if UNIVERSAL_LABEL not in data:
                continue
            if packet.pts is not None and packet.time_base is not None:
                t_s = float(packet.pts * Fraction(packet.time_base))
                origin_s = t_s if origin_s is None else origin_s
                yield VIDEO_TIME_KEY + b"\x08" + round((t_s - origin_s) * 1e6).to_bytes(8, "big", signed=True)
            yield data
    except (FFmpegError, EOFError):
        # A truncated file: the packets up to there are good.
        return
