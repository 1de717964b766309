"""Which files of a card belong together: telemetry to its video, parts of one recording to each other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

SPLIT_BYTES = int(3.5 * 2**30)
"""DJI cuts a recording at 4 GB: only a part as large as this goes on in the next."""

CONTINUES_S = 10.0
"""A part begins so near to the end of the one before, where both say when they began."""

_NUMBERED = re.compile(r"DJI_(\d{4})", re.IGNORECASE)
_DATED = re.compile(r"DJI_(\d{14})_(\d{4})_(\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CardFile:
    """A file as kept.

    Attributes:
        created_at: when a video began, by its container; None where it does not say.
        duration_s: None where the file is no video.
    """

    sha256: str
    name: str
    size_bytes: int
    video: bool
    created_at: datetime | None = None
    duration_s: float | None = None

    @property
    def stem(self) -> str:
        """Name without its ending, in small letters: cards and copies disagree on case."""
        return self.name.rpartition(".")[0].lower() or self.name.lower()


@dataclass(frozen=True, slots=True)
class Part:
    """A video and the telemetry found for it."""

    video: CardFile
    telemetry: CardFile | None


@dataclass(frozen=True, slots=True)
class Grouped:
    """Every file given is in one recording or in `alone`.

    Attributes:
        recordings: the parts of each, in order.
        alone: what is no video and has none of its name.
    """

    recordings: tuple[tuple[Part, ...], ...]
    alone: tuple[CardFile, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a name stands in a camera's count; `began` by the camera's own clock, which has no zone."""

    series: str
    number: int
    began: datetime | None


def group(files: Sequence[CardFile]) -> Grouped:
    """Pairs by name, and recordings by name, size and time."""
    videos = sorted((file for file in files if file.video), key=lambda file: file.name)
    others = [file for file in files if not file.video]
    recordings: list[tuple[Part, ...]] = []
    used: set[str] = set()
    for video in videos:
        telemetry = _telemetry(video, others)
        used |= {telemetry.sha256} if telemetry else set()
        part = Part(video, telemetry)
        before = next((index for index, parts in enumerate(recordings) if goes_on(parts[-1].video, video)), None)
        if before is None:
            recordings.append((part,))
        else:
            recordings[before] = (*recordings[before], part)
    alone = tuple(file for file in others if file.sha256 not in used)
    return Grouped(tuple(recordings), alone)


def goes_on(before: CardFile, after: CardFile) -> bool:
    """Whether `after` is the next part of the recording that `before` is a part of.

    The next number of one series, after a part of full size; and where both tell when they began, the one begins as the
    other ends.
    """
    here, there = _place(before.name), _place(after.name)
    if here is None or there is None or here.series != there.series:
        return False
    # DJI's count starts again at 0001 after 9999.
    if there.number != here.number % 9999 + 1 or before.size_bytes < SPLIT_BYTES:
        return False
    began, begins = (here.began, there.began) if here.began and there.began else (before.created_at, after.created_at)
    if began is None or begins is None or before.duration_s is None:
        return True
    return abs((begins - began).total_seconds() - before.duration_s) <= CONTINUES_S


def _telemetry(video: CardFile, others: Sequence[CardFile]) -> CardFile | None:
    """Of the same name, subtitles before logs: they carry the time of every frame."""
    same = [file for file in others if file.stem == video.stem]
    return min(same, key=lambda file: (not file.name.lower().endswith(".srt"), file.name), default=None)


def _place(name: str) -> _Place | None:
    stem = name.rpartition(".")[0]
    if numbered := _NUMBERED.fullmatch(stem):
        return _Place("DJI", int(numbered[1]), None)
    if dated := _DATED.fullmatch(stem):
        return _Place(f"DJI {dated[3].upper()}", int(dated[2]), _moment(dated[1]))
    return None


def _moment(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
