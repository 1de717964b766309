"""Which reader reads a file: by its content, never by its name alone."""

from collections.abc import Callable

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry import flight_log, srt_bracket, srt_flat, srt_home
from wideberth_distance.core.telemetry.fields import Values
from wideberth_distance.core.telemetry.record import Row, record_of
from wideberth_distance.core.telemetry.text import Cue, cues_of, text_of

SRT_FAMILIES: tuple[Callable[[Cue, float], Values | None], ...] = (srt_bracket.read, srt_flat.read, srt_home.read)
"""Tried in this order on every cue; each refuses what is not its own."""


def read_telemetry(name: str, content: bytes, utc_offset_h: float) -> TelemetryRecord:
    """The telemetry of a file: DJI SRT (also as taken from a subtitle track) or a flight log CSV.

    Args:
        name: For messages only.
        content: The file.
        utc_offset_h: Of the clock that wrote it.

    Raises:
        UnreadableTelemetry: empty, no known dialect, or nothing in it; names file, line and remedy.
    """
    text = text_of(name, content)
    cues = cues_of(text)
    if cues:
        return _read_srt(name, cues, utc_offset_h)
    log = flight_log.read(name, text, utc_offset_h)
    if log is not None:
        return log
    raise UnreadableTelemetry(
        "neither subtitles with times (SRT) nor a known flight log (Airdata, FlightReader, TXTlogToCSV)",
        where=f"{name}, line 1",
        remedy="give the .SRT beside the video, or a flight log exported as CSV",
    )


def _read_srt(name: str, cues: list[Cue], utc_offset_h: float) -> TelemetryRecord:
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
            "subtitles, but none in a dialect that is known",
            where=f"{name}, line {cues[0].line}",
            remedy="see docs/formats.md for the dialects",
        )
    notes = []
    if strangers:
        notes.append(f"{name}, line {strangers[0].line}: {len(strangers)} subtitles without telemetry; left out")
    return record_of(name, rows, notes)
