"""SRT files and subtitle tracks: every cue by the family that knows its dialect."""

from collections.abc import Callable

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry import srt_bracket, srt_flat, srt_home
from wideberth_distance.core.telemetry.fields import Values
from wideberth_distance.core.telemetry.record import Row, record_of
from wideberth_distance.core.telemetry.text import Cue, cues_of

SRT_FAMILIES: tuple[Callable[[Cue, float], Values | None], ...] = (srt_bracket.read, srt_flat.read, srt_home.read)
"""Tried in this order on every cue; each refuses what is not its own."""


def read(name: str, text: str, utc_offset_h: float) -> TelemetryRecord | None:
    """The record of subtitles, or None where the text has none.

    Raises:
        UnreadableTelemetry: subtitles, but none in a dialect that is known, or times that cannot be read.
    """
    cues, damaged = cues_of(text)
    if not cues and "-->" not in text:
        return None
    rows: list[Row] = []
    strangers: list[Cue] = []
    for cue in cues:
        values = next((v for family in SRT_FAMILIES if (v := family(cue, utc_offset_h)) is not None), None)
        if values is None:
            strangers.append(cue)
        else:
            rows.append(Row(line=cue.line, t_s=cue.start_s, values=values))
    if not rows:
        raise UnreadableTelemetry(
            "subtitles, but none in a dialect that is known" if cues else "subtitles whose times cannot be read",
            where=f"{name}, line {cues[0].line if cues else damaged[0]}",
            remedy="see docs/formats.md for the dialects",
        )
    notes = []
    if strangers:
        notes.append(f"{name}, line {strangers[0].line}: {len(strangers)} subtitles without telemetry; left out")
    if damaged:
        notes.append(f"{name}, line {damaged[0]}: {len(damaged)} times that cannot be read; their subtitles left out")
    return record_of(name, rows, notes)
