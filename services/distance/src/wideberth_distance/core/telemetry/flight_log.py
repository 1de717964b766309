"""Flight logs as CSV: Airdata, and FlightReader / TXTlogToCSV. Units stand in the header and are obeyed.

Log time is not video time: t = 0 is the row where recording starts, which a 10 Hz log knows to about a second.
"""

import csv
import io
import re
from dataclasses import dataclass
from datetime import datetime

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry.fields import Values, moment, place
from wideberth_distance.core.telemetry.record import Row, record_of

FOOT_M = 0.3048
_UNITS = {"feet": FOOT_M, "ft": FOOT_M, "m": 1.0, "meters": 1.0, "degrees": 1.0, "s": 1.0, "millisecond": 0.001}
_HEAD = re.compile(r"^\s*([\w.]+)\s*(?:[\[(]([^\])]*)[\])])?\s*$")
_TRUE = {"1", "true", "recording", "starting"}


@dataclass(frozen=True, slots=True)
class Layout:
    """Column names of one log format, without units.

    Attributes:
        is_utc: the clock column is UTC; else local time without a zone.
    """

    name: str
    time: str
    height: str
    latitude: str
    longitude: str
    pitch: str
    roll: str
    yaw: str
    clock: str
    video: str
    is_utc: bool


LAYOUTS = (
    Layout("airdata", "time", "height_above_takeoff", "latitude", "longitude", "gimbal_pitch", "gimbal_roll",
           "gimbal_heading", "datetime", "isVideo", True),
    Layout("flightreader", "OSD.flyTime", "OSD.height", "OSD.latitude", "OSD.longitude", "GIMBAL.pitch", "GIMBAL.roll",
           "GIMBAL.yaw", "CUSTOM.updateTime", "CUSTOM.isVideo", False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Table:
    columns: dict[str, tuple[int, str]]
    header_line: int

    def cell(self, row: list[str], column: str) -> str:
        place_of = self.columns.get(column)
        return row[place_of[0]].strip() if place_of and place_of[0] < len(row) else ""

    def number(self, row: list[str], column: str) -> float | None:
        text = self.cell(row, column)
        try:
            value = float(text)
        except ValueError:
            return None
        return value * _UNITS.get(self.columns[column][1], 1.0)


def read(name: str, text: str, utc_offset_h: float) -> TelemetryRecord | None:
    """The record of a flight log, or None where the header is of no known one.

    Raises:
        UnreadableTelemetry: a known header with a unit that is not known, or without rows.
    """
    lines = text.split("\n")
    # FlightReader may put `sep=,` above the header.
    header_at = 1 if lines and lines[0].lower().startswith("sep=") else 0
    if header_at >= len(lines):
        return None
    rows = list(csv.reader(io.StringIO("\n".join(lines[header_at:]))))
    columns = _columns(rows[0]) if rows else {}
    layout = next((each for each in LAYOUTS if each.time in columns and each.height in columns), None)
    if layout is None:
        return None
    for column in (layout.time, layout.height):
        if columns[column][1] not in _UNITS:
            raise UnreadableTelemetry(
                f"column {column} has the unit {columns[column][1]!r}, which is not known",
                where=f"{name}, line {header_at + 1}",
                remedy="export with metres or feet named in the header",
            )
    table = _Table(columns, header_at + 1)
    return _record(name, layout, table, rows[1:], utc_offset_h)


def _columns(header: list[str]) -> dict[str, tuple[int, str]]:
    columns: dict[str, tuple[int, str]] = {}
    for index, cell in enumerate(header):
        match = _HEAD.match(cell)
        if match:
            columns.setdefault(match.group(1), (index, (match.group(2) or "").strip().lower()))
    return columns


def _record(name: str, layout: Layout, table: _Table, body: list[list[str]], utc_offset_h: float) -> TelemetryRecord:
    rows: list[Row] = []
    recording: list[bool] = []
    for index, cells in enumerate(body):
        t_s = table.number(cells, layout.time)
        if t_s is None:
            continue
        rows.append(Row(table.header_line + 1 + index, t_s, _values(layout, table, cells, utc_offset_h)))
        recording.append(table.cell(cells, layout.video).lower() in _TRUE)
    if not rows:
        raise UnreadableTelemetry(
            "a flight log without a single row", where=f"{name}, line {table.header_line}", remedy="export it again"
        )
    starts = [i for i, on in enumerate(recording) if on and (i == 0 or not recording[i - 1])]
    zero_s = rows[starts[0]].t_s if starts else rows[0].t_s
    note = (
        f"{name}, line {rows[starts[0]].line}: recording starts here (1 of {len(starts)}); t = 0 to about 1 s"
        if starts
        else f"{name}, line {rows[0].line}: the log names no recording; t = 0 is its first row"
    )
    moved = [Row(row.line, row.t_s - zero_s, row.values) for row in rows]
    return record_of(name, moved, [note])


def _values(layout: Layout, table: _Table, cells: list[str], utc_offset_h: float) -> Values:
    latitude, longitude, doubt = place(
        table.cell(cells, layout.latitude) or None, table.cell(cells, layout.longitude) or None
    )
    pitch, roll, yaw = (table.number(cells, column) if column in table.columns else None
                        for column in (layout.pitch, layout.roll, layout.yaw))  # fmt: skip
    captured: datetime | None = moment(table.cell(cells, layout.clock), 0.0 if layout.is_utc else utc_offset_h)
    return Values(
        dialect=layout.name,
        latitude=latitude,
        longitude=longitude,
        height_above_takeoff_m=table.number(cells, layout.height),
        pitch_deg=pitch,
        roll_deg=roll,
        yaw_deg=yaw,
        captured_at=captured,
        place_doubt=doubt,
    )
