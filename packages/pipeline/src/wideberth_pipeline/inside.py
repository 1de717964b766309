"""Telemetry inside a video: its subtitles, MISB metadata and DJI's own track, the best that can be read."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.ports import DistancePort
from wideberth_contracts.poses import TelemetryGrade, TelemetryRecord
from wideberth_media import djmd_json, embedded_klv, embedded_subtitles, has_djmd


@dataclass(frozen=True, slots=True)
class Found:
    """Telemetry as read, and what it was read from."""

    record: TelemetryRecord
    content: bytes


@dataclass(frozen=True, slots=True)
class Track:
    """A kind of track, and how its content is taken out of a video; None where there is none."""

    name: str
    taken: Callable[[Path], bytes | None]


def _subtitles(video: Path) -> bytes | None:
    text = embedded_subtitles(video)
    return None if text is None else text.encode()


def _djmd(video: Path) -> bytes | None:
    return djmd_json(video) if has_djmd(video) else None


TRACKS = (Track("subtitle track", _subtitles), Track("data stream", embedded_klv), Track("djmd track", _djmd))
"""In this order, for ExifTool reads the whole file. Of two of one grade the first is used."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What came of looking into a video.

    Attributes:
        best: None where nothing was found that can be read.
        notes: a line on every track that was there and was not used or not read.
        refusals: why tracks were not read.
    """

    best: Found | None
    notes: tuple[str, ...]
    refusals: tuple[UnreadableTelemetry, ...]


async def best_inside(distance: DistancePort, video: Path, utc_offset_h: float, given: Found | None = None) -> Inside:
    """The best telemetry of a video. Tracks that cannot be read are no error: the clip may be watched without metres.

    Args:
        distance: Reads what is found.
        video: The file.
        utc_offset_h: Of the clock that wrote it.
        given: Telemetry beside the video. It is used unless a track inside is of a better grade; subtitles are not
            looked at then, for they are the same text as the .SRT.

    Raises:
        UnreadableVideo: as `probe`.
    """
    best = given
    notes: list[str] = []
    refusals: list[UnreadableTelemetry] = []
    for track in TRACKS if given is None else TRACKS[1:]:
        if best is not None and best.record.grade is TelemetryGrade.A:
            break
        try:
            found = await _found(distance, video, track, utc_offset_h)
        except UnreadableTelemetry as error:
            refusals.append(error)
            notes.append(f"{video.name} ({track.name}): {error.detail}; not read")
            continue
        if found is None:
            continue
        if best is None:
            best = found
        else:
            used, left = (found, best) if found.record.grade.value < best.record.grade.value else (best, found)
            notes.append(f"{left.record.file}: grade {left.record.grade.value}; {_named(used.record)} is used instead")
            best = used
    return Inside(best, tuple(notes), tuple(refusals))


async def _found(distance: DistancePort, video: Path, track: Track, utc_offset_h: float) -> Found | None:
    content = await asyncio.to_thread(track.taken, video)
    if content is None:
        return None
    name = f"{video.name} ({track.name})"
    return Found(await distance.read_telemetry(name, content, utc_offset_h), content)


def _named(record: TelemetryRecord) -> str:
    return f"{record.file} of grade {record.grade.value}"
