"""Which of two files is the video and which the telemetry, by their first bytes: a mix-up is named, with both."""

from dataclasses import dataclass
from pathlib import Path

from wideberth_contracts.errors import BadInput, TooLarge, UnreadableTelemetry, UnreadableVideo
from wideberth_media.checking import MediaFacts, check
from wideberth_media.limits import MediaLimits

_HEAD_BYTES = 4096
_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_TS_PACKET, _TS_SYNC = 188, 0x47


def refuse_mixed_up(video: Path, telemetry: Path | None) -> None:
    """Nothing where the files are what they are given as, or cannot be told.

    Raises:
        BadInput: each is the other.
        UnreadableTelemetry: the telemetry is a video too.
        UnreadableVideo: the video is text.
    """
    video_head, other_head = _head(video), _head(telemetry) if telemetry else b""
    if telemetry is not None and is_video(other_head):
        if is_text(video_head):
            raise BadInput(
                f"the files are swapped: {video.name} is text and {telemetry.name} is a video",
                where=f"{video}, {telemetry}",
                remedy=f"give {telemetry.name} as the video and {video.name} as the telemetry",
            )
        raise UnreadableTelemetry(
            f"this is a video, given as the telemetry of {video.name}",
            where=str(telemetry),
            remedy="give the .SRT of the same name, or the flight log; a track inside the video is found by itself",
        )
    if is_text(video_head):
        beside = f", with {telemetry.name} as its telemetry" if telemetry else ""
        raise UnreadableVideo(
            f"this is text, given as a video{beside}", where=str(video), remedy="give the MP4 or MOV the drone recorded"
        )


def is_video(head: bytes) -> bool:
    """Whether a file that begins so is MP4, MOV, Matroska, AVI or an MPEG transport stream."""
    if is_text(head):
        return False
    if head[4:8] in _BOXES or head[:4] == b"\x1a\x45\xdf\xa3":
        return True
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return True
    return len(head) > 2 * _TS_PACKET and head[0] == head[_TS_PACKET] == head[2 * _TS_PACKET] == _TS_SYNC


def is_text(head: bytes) -> bool:
    """Whether a file that begins so reads as text; an empty one does not."""
    if not head:
        return False
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    try:
        # A character may be cut at the end.
        text = head.decode("utf-8", errors="strict" if len(head) < _HEAD_BYTES else "ignore")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text and len(text.encode()) > len(head) - 4


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except OSError:
        # Whoever opens it for good says what is wrong with it.
        return b""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file of a card is, by its content.

    Attributes:
        video: what the container says; None where the file is no video, and may be telemetry.
    """

    video: MediaFacts | None


def file_facts(path: Path, limits: MediaLimits) -> FileFacts:
    """Of a file from anyone, looked at apart (`wideberth_media.checking`). Blocks.

    Raises:
        UnreadableVideo: it begins as a video and cannot be read as one.
        TooLarge: it is above a limit.
    """
    if not is_video(_head(path)):
        refuse_large_telemetry(path, limits)
        return FileFacts(None)
    return FileFacts(check(path, limits))


def refuse_large_telemetry(path: Path, limits: MediaLimits) -> None:
    """All of it would be read into memory.

    Raises:
        TooLarge: it is above `limits.text_bytes`.
    """
    size_bytes = path.stat().st_size if path.is_file() else 0
    if size_bytes > limits.text_bytes:
        detail = f"{size_bytes} bytes of telemetry, and {limits.text_bytes} are allowed"
        remedy = "send the log of this flight alone, or raise WIDEBERTH_GATEWAY_MEDIA_TEXT_BYTES"
        raise TooLarge(detail, where=str(path), remedy=remedy)


def refuse_hostile(video: Path, telemetry: Path | None, limits: MediaLimits) -> None:
    """Nothing where both may be read in this process. Blocks.

    Raises:
        UnreadableVideo, TooLarge, UnreadableTelemetry, BadInput: as `file_facts` and `refuse_mixed_up`.
    """
    refuse_mixed_up(video, telemetry)
    if telemetry is not None:
        refuse_large_telemetry(telemetry, limits)
    check(video, limits)
