"""Rows to a record: order of time, duplicates, gaps, dialects, grade, and a warning for whatever was done."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryGrade, TelemetryPoint, TelemetryRecord
from wideberth_distance.core.telemetry.fields import Values
from wideberth_distance.core.telemetry.plausible import plausible

GRADE_A_SHARE = 0.9
"""Share of rows with height and gimbal pitch that makes grade A."""
LATE_START_S = 60.0


@dataclass(frozen=True, slots=True)
class Row:
    """Values at a time, and the line (or byte, see `Source`) they stand in."""

    line: int
    t_s: float
    values: Values


@dataclass(frozen=True, slots=True)
class Source:
    """A file, and what its rows are counted in: `line` for text, `byte` for binary files, `message`, `frame`."""

    name: str
    unit: str = "line"

    def at(self, row: Row) -> str:
        """Where a row stands, to begin a warning with."""
        return f"{self.name}, {self.unit} {row.line}"


def no_rows(name: str, place: int, unit: str = "line") -> UnreadableTelemetry:
    """The refusal of a file of a known format that holds no row."""
    return UnreadableTelemetry(
        "no telemetry in it",
        where=f"{name}, {unit} {place}",
        remedy="switch on video captions, or give the flight log; export a log again",
    )


def record_of(name: str, rows: Sequence[Row], warnings: Sequence[str] = (), unit: str = "line") -> TelemetryRecord:
    """The record of a file.

    Args:
        name: Of the file.
        rows: As read, in file order; their `line` is unique.
        warnings: Of the reader.
        unit: What `line` counts.

    Raises:
        UnreadableTelemetry: no rows.
    """
    if not rows:
        raise no_rows(name, 1, unit)
    source = Source(name, unit)
    rows = [replace(row, values=plausible(row.values)) for row in rows]
    notes = [*warnings, *_doubt_notes(source, rows)]
    kept, dropped = _in_order(rows)
    notes += _order_notes(source, dropped)
    notes += _missing_notes(source, kept)
    dialects = Counter(row.values.dialect for row in kept)
    dialect = dialects.most_common(1)[0][0]
    if len(dialects) > 1:
        other = next(row for row in kept if row.values.dialect != dialect)
        notes.append(
            f"{source.at(other)}: dialects mixed ({', '.join(f'{k} {n}' for k, n in dialects.most_common())});"
            " each row was read by its own"
        )
    kept, zero_notes = _without_zero_gimbal(source, kept)
    if dialect == "D":
        notes.append(f"{source.at(kept[0])}: the altitude of an FPV starts anywhere; not used as height")
    if kept[0].t_s > LATE_START_S:
        notes.append(f"{source.at(kept[0])}: starts at {kept[0].t_s:.0f} s of the video; times kept as written")
    points = tuple(_point(row) for row in kept)
    return TelemetryRecord(
        file=name, dialect=dialect, grade=grade_of(points), points=points, warnings=(*notes, *zero_notes)
    )


def grade_of(points: Sequence[TelemetryPoint]) -> TelemetryGrade:
    """A: height and pitch in nine rows of ten. C: neither anywhere. B: the rest."""
    if not points:
        return TelemetryGrade.C
    both = sum(p.height_above_takeoff_m is not None and p.pitch_deg is not None for p in points)
    if both >= GRADE_A_SHARE * len(points):
        return TelemetryGrade.A
    some = any(p.height_above_takeoff_m is not None or p.pitch_deg is not None for p in points)
    return TelemetryGrade.B if some else TelemetryGrade.C


def _point(row: Row) -> TelemetryPoint:
    v = row.values
    return TelemetryPoint(
        t_s=row.t_s,
        captured_at=v.captured_at,
        latitude=v.latitude,
        longitude=v.longitude,
        height_above_takeoff_m=v.height_above_takeoff_m,
        absolute_height_m=v.absolute_height_m,
        pitch_deg=v.pitch_deg,
        roll_deg=v.roll_deg,
        yaw_deg=v.yaw_deg,
        focal_length_mm=v.focal_length_mm,
        zoom_ratio=v.zoom_ratio,
        recording=v.recording,
    )


def _in_order(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The most rows whose time goes up, and the rest: duplicates, blocks out of order, a time that was misread.

    The longest rising subsequence, so that one row with a time far ahead does not cost all that follow it.
    """
    last_of: list[int] = []
    times: list[float] = []
    before: list[int | None] = []
    candidates = _without_repeats(rows)
    for index, row in enumerate(candidates):
        length = bisect_left(times, row.t_s)
        before.append(last_of[length - 1] if length else None)
        if length == len(times):
            times.append(row.t_s)
            last_of.append(index)
        elif row.t_s < times[length]:
            times[length], last_of[length] = row.t_s, index
    chosen: list[int] = []
    at: int | None = last_of[-1]
    while at is not None:
        chosen.append(at)
        at = before[at]
    kept = [candidates[index] for index in reversed(chosen)]
    lines = {row.line for row in kept}
    return kept, [row for row in rows if row.line not in lines]


def _without_repeats(rows: Sequence[Row]) -> list[Row]:
    kept: list[Row] = []
    for row in rows:
        if not (kept and row.values.frame_count is not None and _same_frame(kept[-1], row)):
            kept.append(row)
    return kept


def _same_frame(earlier: Row, later: Row) -> bool:
    return (
        earlier.values.frame_count == later.values.frame_count
        and earlier.values.captured_at is not None
        and earlier.values.captured_at == later.values.captured_at
    )


def _order_notes(source: Source, dropped: Sequence[Row]) -> list[str]:
    if not dropped:
        return []
    return [f"{source.at(dropped[0])}: {len(dropped)} rows repeat or go back in time; left out"]


def _missing_notes(source: Source, kept: Sequence[Row]) -> list[str]:
    missing, first = 0, kept[0]
    for earlier, later in pairwise(kept):
        before, after = earlier.values.frame_count, later.values.frame_count
        if before is not None and after is not None and after > before + 1:
            first = first if missing else later
            missing += after - before - 1
    return [f"{source.at(first)}: {missing} frames have no telemetry; filled in by interpolation"] if missing else []


def _doubt_notes(source: Source, rows: Sequence[Row]) -> list[str]:
    notes = []
    for doubt in dict.fromkeys(doubt for row in rows for doubt in row.values.doubts):
        of_kind = [row for row in rows if doubt in row.values.doubts]
        notes.append(f"{source.at(of_kind[0])}: {doubt} ({len(of_kind)} of {len(rows)} rows)")
    return notes


def _without_zero_gimbal(source: Source, rows: list[Row]) -> tuple[list[Row], list[str]]:
    """A gimbal that reads 0, 0, 0 in every row was not read at all: yaw is never exactly north for a whole flight."""
    angles = [(r.values.pitch_deg, r.values.roll_deg, r.values.yaw_deg) for r in rows]
    if not all(pitch == yaw == 0.0 and not roll for pitch, roll, yaw in angles):
        return rows, []
    cleared = [replace(row, values=replace(row.values, pitch_deg=None, roll_deg=None, yaw_deg=None)) for row in rows]
    return cleared, [f"{source.at(rows[0])}: the gimbal reads 0, 0, 0 throughout; taken as unknown"]
