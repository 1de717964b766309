"""Subtitles inside a video: DJI writes its telemetry there too, the same text as in the .SRT beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.subtitles.stream import SubtitleStream

from wideberth_media.container import open_video, time_base_of
from wideberth_media.decoding import first_frame

# Subtitle text as it lies in the packet. mov_text (3GPP TS 26.245): two bytes of length, text, boxes of style.
_PLAIN_CODECS = frozenset({"subrip", "srt", "text"})
_MOV_TEXT_PREFIX_BYTES = 2


@dataclass(frozen=True, slots=True)
class _Cue:
    start_s: float
    end_s: float | None
    text: str


def embedded_subtitles(path: Path | str) -> str | None:
    """The first text subtitle track as SRT, times from the clip's first frame; None where there is none.

    Raises:
        UnreadableVideo: as `probe`.
    """
    path = Path(path)
    container, stream = open_video(path)
    with container:
        if not container.streams.subtitles:
            return None
        first = first_frame(path, container, stream)
        origin_s = float((first.pts or 0) * time_base_of(stream))
    container, _ = open_video(path)
    with container:
        cues = list(_cues(container, origin_s))
    if not cues:
        return None
    return "\n".join(_block(number, cue, _end_s(cues, number)) for number, cue in enumerate(cues, start=1))


def _cues(container: InputContainer, origin_s: float) -> Iterator[_Cue]:
    tracks = [
        track
        for track in container.streams.subtitles
        if track.codec_context is not None and track.codec_context.name in {*_PLAIN_CODECS, "mov_text"}
    ]
    if not tracks:
        return
    track = tracks[0]
    framed = track.codec_context.name == "mov_text"
    seconds = Fraction(track.time_base) if track.time_base else Fraction(1, 1000)
    try:
        for packet in container.demux(track):
            text = _text(packet, framed=framed)
            if packet.pts is None or not text:
                continue
            start_s = max(0.0, float(packet.pts * seconds) - origin_s)
            end_s = start_s + float(packet.duration * seconds) if packet.duration else None
            yield _Cue(start_s, end_s, text)
    except FFmpegError:
        # A truncated file: the cues up to there are good.
        return


def _text(packet: "Packet[SubtitleStream]", *, framed: bool) -> str:
    data = bytes(packet)
    if framed:
        length = int.from_bytes(data[:_MOV_TEXT_PREFIX_BYTES], "big")
        data = data[_MOV_TEXT_PREFIX_BYTES : _MOV_TEXT_PREFIX_BYTES + length]
    text = data.decode("utf-8", errors="replace").replace("\0", "")
    # An empty line would end the cue in SRT.
    return "\n".join(line for line in text.splitlines() if line.strip())


def _end_s(cues: list[_Cue], number: int) -> float:
    """A cue without a length lasts until the next, the last one second."""
    cue = cues[number - 1]
    if cue.end_s is not None:
        return cue.end_s
    return cues[number].start_s if number < len(cues) else cue.start_s + 1.0


def _block(number: int, cue: _Cue, end_s: float) -> str:
    return f"{number}\n{_clock(cue.start_s)} --> {_clock(end_s)}\n{cue.text}\n"


def _clock(t_s: float) -> str:
    milliseconds = round(t_s * 1000)
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d},{milliseconds:03d}"
