"""Rows to a record: order of time, duplicates, gaps, dialects, grade, and a warning for whatever was done."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryGrade, TelemetryPoint, TelemetryRecord
from wideberth_distance.core.telemetry.fields import Values

GRADE_A_SHARE = 0.9
"""Share of rows with height and gimbal pitch that makes grade A."""
LATE_START_S = 60.0


@dataclass(frozen=True, slots=True)
class Row:
    """Values at a time, and the line they stand in."""

    line: int
    t_s: float
    values: Values


def record_of(name: str, rows: Sequence[Row], warnings: Sequence[str] = ()) -> TelemetryRecord:
    """The record of a file.

    Raises:
        UnreadableTelemetry: no rows.
    """
    if not rows:
        raise UnreadableTelemetry(
            "no telemetry in it", where=f"{name}, line 1", remedy="switch on video captions, or give the flight log"
        )
    notes = [*warnings, *_place_notes(name, rows)]
    kept, dropped = _in_order(rows)
    notes += _order_notes(name, dropped)
    notes += _missing_notes(name, kept)
    dialects = Counter(row.values.dialect for row in kept)
    dialect = dialects.most_common(1)[0][0]
    if len(dialects) > 1:
        other = next(row for row in kept if row.values.dialect != dialect)
        notes.append(
            f"{name}, line {other.line}: dialects mixed ({', '.join(f'{k} {n}' for k, n in dialects.most_common())});"
            " each row was read by its own"
        )
    kept, zero_notes = _without_zero_gimbal(name, kept)
    if dialect == "D":
        notes.append(f"{name}, line {kept[0].line}: the altitude of an FPV starts anywhere; not used as height")
    if kept[0].t_s > LATE_START_S:
        notes.append(f"{name}, line {kept[0].line}: starts at {kept[0].t_s:.0f} s of the video; times kept as written")
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
    )


def _in_order(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Rows whose time goes up, and the rest: duplicates, and blocks written out of order."""
    kept: list[Row] = []
    dropped: list[Row] = []
    for row in rows:
        repeats = bool(kept) and row.values.frame_count is not None and _same_frame(kept[-1], row)
        (dropped if kept and (row.t_s <= kept[-1].t_s or repeats) else kept).append(row)
    return kept, dropped


def _same_frame(earlier: Row, later: Row) -> bool:
    return (
        earlier.values.frame_count == later.values.frame_count
        and earlier.values.captured_at is not None
        and earlier.values.captured_at == later.values.captured_at
    )


def _order_notes(name: str, dropped: Sequence[Row]) -> list[str]:
    if not dropped:
        return []
    return [f"{name}, line {dropped[0].line}: {len(dropped)} rows repeat or go back in time; left out"]


def _missing_notes(name: str, kept: Sequence[Row]) -> list[str]:
    missing, first = 0, 0
    for earlier, later in pairwise(kept):
        before, after = earlier.values.frame_count, later.values.frame_count
        if before is not None and after is not None and after > before + 1:
            missing += after - before - 1
            first = first or later.line
    return [f"{name}, line {first}: {missing} frames have no telemetry; filled in by interpolation"] if missing else []


def _place_notes(name: str, rows: Sequence[Row]) -> list[str]:
    notes = []
    for doubt in dict.fromkeys(row.values.place_doubt for row in rows if row.values.place_doubt):
        of_kind = [row for row in rows if row.values.place_doubt == doubt]
        notes.append(f"{name}, line {of_kind[0].line}: {doubt}; {len(of_kind)} rows have no position")
    return notes


def _without_zero_gimbal(name: str, rows: list[Row]) -> tuple[list[Row], list[str]]:
    """A gimbal that reads 0, 0, 0 in every row was not read at all: yaw is never exactly north for a whole flight."""
    angles = [(r.values.pitch_deg, r.values.roll_deg, r.values.yaw_deg) for r in rows]
    if not all(a == (0.0, 0.0, 0.0) for a in angles):
        return rows, []
    cleared = [replace(row, values=replace(row.values, pitch_deg=None, roll_deg=None, yaw_deg=None)) for row in rows]
    return cleared, [f"{name}, line {rows[0].line}: the gimbal reads 0, 0, 0 throughout; taken as unknown"]
