"""Flight logs as CSV: which log it is, its rows, and where in them the recording starts.

Log time is not video time: t = 0 is the row where recording starts, which a 10 Hz log knows to about a second.
"""

import csv
from dataclasses import dataclass, replace

from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry.fields import Values, doubts_of, number, place
from wideberth_distance.core.telemetry.log_clock import clock_of
from wideberth_distance.core.telemetry.log_layout import LAYOUTS, Columns, Layout, columns_of, header_of
from wideberth_distance.core.telemetry.record import Row, Source, no_rows, record_of

_ON = frozenset({"1", "true", "yes", "recording", "starting"})
_OFF = frozenset({"", "0", "false", "no", "stop", "stopping", "stopped"})
"""DJI's logs write the states of the recorder, Airdata 1 and 0; an empty cell is neither starting nor recording."""


def read(name: str, text: str, utc_offset_h: float) -> TelemetryRecord | None:
    """The record of a flight log, or None where the header is of no known one.

    Raises:
        UnreadableTelemetry: a known header with a unit that is not known, or without rows.
    """
    lines = text.split("\n")
    # FlightReader may put `sep=,` above the header.
    marked = lines[0].lower().startswith("sep=")
    delimiter = lines[0][4:5] if marked else ","
    header_at = 1 if marked else 0
    if header_at >= len(lines) or delimiter not in (",", ";", "\t"):
        return None
    header = header_of(_cells(lines[header_at], delimiter) or [])
    layout = next((each for each in LAYOUTS if each.fits(header)), None)
    if layout is None:
        return None
    columns = columns_of(layout, header, f"{name}, line {header_at + 1}")
    log = _Log(layout, columns, delimiter, sum(len(variants) for variants in header.values()), utc_offset_h)
    return _record(name, log, lines, header_at)


@dataclass(frozen=True, slots=True)
class _Log:
    layout: Layout
    columns: Columns
    delimiter: str
    width: int
    utc_offset_h: float


def _record(name: str, log: _Log, lines: list[str], header_at: int) -> TelemetryRecord:
    rows: list[Row] = []
    unread: list[int] = []
    for index, line in enumerate(lines[header_at + 1 :], start=header_at + 2):
        if not line.strip():
            continue
        row = _row(log, index, line)
        if row is None:
            unread.append(index)
        else:
            rows.append(row)
    if not rows:
        raise no_rows(name, header_at + 1)
    notes = []
    if unread:
        notes.append(f"{name}, line {unread[0]}: {len(unread)} rows cut short or without a time; left out")
    return _from_recording(Source(name), rows, notes)


def _row(log: _Log, line: int, text: str) -> Row | None:
    cells = _cells(text, log.delimiter)
    if cells is None or len(cells) < log.width:
        return None
    time = number("time", log.columns.cell(cells, "time"))
    if time.value is None:
        return None
    return Row(line, time.value * log.columns.factor("time"), _values(log, cells))


def _cells(line: str, delimiter: str) -> list[str] | None:
    """The cells of one line; a quote left open ends with its line and not with the file."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return None


def _values(log: _Log, cells: list[str]) -> Values:
    columns = log.columns
    read_as = {
        field: number(field, columns.cell(cells, field)) for field in ("height", "absolute", "pitch", "roll", "yaw")
    }
    metres = {
        field: None if (value := read_as[field].value) is None else value * columns.factor(field)
        for field in ("height", "absolute")
    }
    where = place(columns.cell(cells, "latitude"), columns.cell(cells, "longitude"))
    captured_at, clock_doubt = clock_of(log.layout, columns, cells, log.utc_offset_h)
    recording, video_doubt = _recording(columns.cell(cells, "video"))
    return Values(
        dialect=log.layout.name,
        latitude=where.latitude,
        longitude=where.longitude,
        height_above_takeoff_m=metres["height"],
        absolute_height_m=metres["absolute"],
        pitch_deg=read_as["pitch"].value,
        roll_deg=read_as["roll"].value,
        yaw_deg=read_as["yaw"].value,
        recording=recording,
        captured_at=captured_at,
        doubts=doubts_of(where, *read_as.values(), clock_doubt, video_doubt),
    )


def _recording(text: str | None) -> tuple[bool | None, str | None]:
    if text is None:
        return None, None
    word = text.strip().lower()
    if word in _ON or word in _OFF:
        return word in _ON, None
    return None, "a state of the recorder that is not known"


def _from_recording(source: Source, rows: list[Row], notes: list[str]) -> TelemetryRecord:
    on = [row.values.recording is True for row in rows]
    starts = [row for row, now, before in zip(rows, on, [False, *on], strict=False) if now and not before]
    zero = starts[0] if starts else rows[0]
    notes.append(
        f"{source.at(zero)}: recording starts here (1 of {len(starts)}); t = 0 to about 1 s"
        if starts
        else f"{source.at(zero)}: the log names no recording; t = 0 is its first row"
    )
    return record_of(source.name, [replace(row, t_s=row.t_s - zero.t_s) for row in rows], notes)
