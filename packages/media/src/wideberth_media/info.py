"""What a video file is, read from its header and its first frame."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from av.container import InputContainer
from av.video.stream import VideoStream

from wideberth_contracts.frames import TimeBase
from wideberth_media.container import as_time_base, open_video, time_base_of
from wideberth_media.decoding import first_frame
from wideberth_media.pixels import clockwise_rotation_deg

_HASH_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """A video file in numbers.

    Attributes:
        sha256: of the whole file; the name of the clip.
        width_px, height_px: as shown, after the rotation the file asks for.
        rotation_deg: clockwise, 0, 90, 180 or 270; already applied to every frame this package yields.
        duration_s: as the header states it; a truncated file holds less.
        average_fps: of the whole stream; variable-rate files differ from it from frame to frame. 0 where not stated.
        creation_time: as written in the container. Cameras often write local time as if it were UTC: not proof.
    """

    sha256: str
    width_px: int
    height_px: int
    rotation_deg: int
    time_base: TimeBase
    codec: str
    pixel_format: str
    duration_s: float
    average_fps: float
    has_subtitles: bool
    has_audio: bool
    creation_time: datetime | None
    size_bytes: int


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in lower-case hexadecimal, read in blocks of 1 MiB."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASH_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def probe(path: Path | str, *, sha256: str | None = None) -> VideoInfo:
    """Everything the header and the first frame tell about a video.

    Args:
        path: of the file.
        sha256: of the file where it is known; else the whole file is read for it.

    Raises:
        UnreadableVideo: no file, no video, no index, or not one frame that decodes.
    """
    path = Path(path)
    container, stream = open_video(path)
    with container:
        frame = first_frame(path, container, stream)
        rotation_deg = clockwise_rotation_deg(frame)
        turned = rotation_deg in (90, 270)
        return VideoInfo(
            sha256=sha256 or sha256_of(path),
            width_px=frame.height if turned else frame.width,
            height_px=frame.width if turned else frame.height,
            rotation_deg=rotation_deg,
            time_base=as_time_base(time_base_of(stream)),
            codec=stream.codec_context.name,
            pixel_format=frame.format.name,
            duration_s=_duration_s(container, stream),
            average_fps=float(stream.average_rate) if stream.average_rate else 0.0,
            has_subtitles=bool(container.streams.subtitles),
            has_audio=bool(container.streams.audio),
            creation_time=_creation_time(container, stream),
            size_bytes=path.stat().st_size,
        )


def _duration_s(container: InputContainer, stream: VideoStream) -> float:
    if stream.duration is not None:
        return float(stream.duration * time_base_of(stream))
    # AV_TIME_BASE: containers count in microseconds.
    return (container.duration or 0) / 1_000_000


def _creation_time(container: InputContainer, stream: VideoStream) -> datetime | None:
    written = container.metadata.get("creation_time") or stream.metadata.get("creation_time")
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    # QuickTime counts from 1904; a camera without a clock writes 0 or the Unix epoch.
    return moment.astimezone(UTC) if moment.year > 1970 else None
