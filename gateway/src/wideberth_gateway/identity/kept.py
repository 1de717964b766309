"""Sentences kept as they came, a file a day, with the time of receipt in a tag block: `read_ais` reads them back."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from wideberth_gateway.files import sync_folder

_TAG = re.compile(rb"^\\[^\\]*\\")
_WITH_TIME = re.compile(rb"^\\(?:[^\\]*,)?c:\d")
_NAME = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True, slots=True)
class Heard:
    """A line as it came, and when."""

    epoch_s: float
    line: bytes


@dataclass(frozen=True, slots=True)
class SentenceStore:
    """A folder of `ais-YYYY-MM-DD.nmea`, by UTC. One writer at a time; appended to, never changed."""

    folder: Path
    source: str

    def append(self, heard: Sequence[Heard]) -> None:
        """After this the lines are on disk. A line that tells its time of receipt keeps its own tag block."""
        by_day: dict[str, list[bytes]] = {}
        for each in heard:
            day = datetime.fromtimestamp(each.epoch_s, tz=UTC).strftime("%Y-%m-%d")
            by_day.setdefault(day, []).append(self._tagged(each))
        self.folder.mkdir(parents=True, exist_ok=True)
        for day, lines in by_day.items():
            path = self.folder / f"ais-{day}.nmea"
            is_new = not path.exists()
            with path.open("ab") as file:
                file.write(b"".join(line + b"\n" for line in lines))
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                sync_folder(self.folder)

    def _tagged(self, heard: Heard) -> bytes:
        line = heard.line.strip()
        if _WITH_TIME.match(line):
            return line
        fields = f"c:{round(heard.epoch_s * 1000)},s:{_NAME.sub('_', self.source)[:15]}"
        check = 0
        for byte in fields.encode():
            check ^= byte
        return f"\\{fields}*{check:02X}\\".encode() + _TAG.sub(b"", line)
