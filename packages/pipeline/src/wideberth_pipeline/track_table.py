"""Tracks as a table, there and back: `tracks.parquet`, `tracks.csv`.

One row a track point. Reading accepts tables from other tools: `track_id, kind, t_s` and `east_m, north_m` (or
`latitude, longitude`) with an error (`own_*_m2` or `sigma_m`) are enough.
"""

import csv
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_contracts.errors import BadInput
from wideberth_contracts.positions import Covariance2, NoPosition, Position, PositionAbsence, SharedTerm
from wideberth_contracts.screening import ScreenVerdict
from wideberth_contracts.tracks import Sighted, Track, TrackPoint, TrackState, Velocity
from wideberth_contracts.wire import Measured

Row = dict[str, Any]
_SHARED = TypeAdapter(tuple[SharedTerm, ...])
_OUTLINE = TypeAdapter(tuple[Position, ...])
METRES_PER_DEGREE = 111_194.93  # of latitude on the sphere of 6,371 km that the geometry uses

TRACK_SCHEMA = pa.schema(
    [
        ("track_id", pa.string()),
        ("kind", pa.string()),
        ("state", pa.string()),
        ("rejection", pa.string()),
        ("screened", pa.string()),
        ("t_s", pa.float64()),
        ("pts", pa.int64()),
        ("captured_at", pa.string()),
        ("observed", pa.bool_()),
        ("coasting_s", pa.float64()),
        ("confidence", pa.float64()),
        ("east_m", pa.float64()),
        ("north_m", pa.float64()),
        ("latitude", pa.float64()),
        ("longitude", pa.float64()),
        ("own_east_east_m2", pa.float64()),
        ("own_east_north_m2", pa.float64()),
        ("own_north_north_m2", pa.float64()),
        ("shared_east_east_m2", pa.float64()),
        ("shared_east_north_m2", pa.float64()),
        ("shared_north_north_m2", pa.float64()),
        ("speed_mps", pa.float64()),
        ("course_deg", pa.float64()),
        ("velocity_east_mps", pa.float64()),
        ("velocity_north_mps", pa.float64()),
        ("velocity_own_m2s2", pa.list_(pa.float64())),
        ("p_moving", pa.float64()),
        ("sighted_json", pa.string()),
        ("length_m", pa.float64()),
        ("length_sigma_m", pa.float64()),
        ("cx_px", pa.float64()),
        ("cy_px", pa.float64()),
        ("box_length_px", pa.float64()),
        ("box_width_px", pa.float64()),
        ("box_angle_deg", pa.float64()),
        ("no_position", pa.string()),
        ("shared_json", pa.string()),
        ("outline_json", pa.string()),
    ]
)


def track_rows(tracks: tuple[Track, ...]) -> Iterator[Row]:
    """One row a point, in the columns of `TRACK_SCHEMA`; what is unknown is absent."""
    return (_row(track, point) for track in tracks for point in track.points)


def _row(track: Track, point: TrackPoint) -> Row:
    row: Row = {
        "track_id": track.id,
        "kind": track.kind.value,
        "state": track.state.value,
        "rejection": track.rejection,
        "screened": track.screened.value if track.screened else None,
        "t_s": point.t_s,
        "pts": point.pts,
        "captured_at": point.captured_at.isoformat() if point.captured_at else None,
        "observed": point.observed,
        "coasting_s": point.coasting_s,
        "confidence": point.confidence,
        "p_moving": point.p_moving,
        "sighted_json": point.sighted.model_dump_json() if point.sighted else None,
    }
    if track.length_m:
        row |= {"length_m": track.length_m.value, "length_sigma_m": track.length_m.sigma}
    if point.box:
        row |= {
            "cx_px": point.box.cx_px,
            "cy_px": point.box.cy_px,
            "box_length_px": point.box.length_px,
            "box_width_px": point.box.width_px,
            "box_angle_deg": point.box.angle_deg,
        }
    if isinstance(point.position, NoPosition):
        return row | {"no_position": point.position.reason.value}
    return row | _position_columns(point.position, point.outline) | _velocity_columns(point.velocity)


def _position_columns(position: Position, outline: tuple[Position, ...]) -> Row:
    shared = position.shared_covariance()
    return {
        "east_m": position.east_m,
        "north_m": position.north_m,
        "latitude": position.latitude,
        "longitude": position.longitude,
        "own_east_east_m2": position.own.east_east,
        "own_east_north_m2": position.own.east_north,
        "own_north_north_m2": position.own.north_north,
        "shared_east_east_m2": shared.east_east,
        "shared_east_north_m2": shared.east_north,
        "shared_north_north_m2": shared.north_north,
        "shared_json": _SHARED.dump_json(position.shared).decode(),
        "outline_json": _OUTLINE.dump_json(outline).decode() if outline else None,
    }


def _velocity_columns(velocity: Velocity | None) -> Row:
    if velocity is None:
        return {}
    course = math.degrees(math.atan2(velocity.east_mps, velocity.north_mps)) % 360
    return {
        "speed_mps": math.hypot(velocity.east_mps, velocity.north_mps),
        "course_deg": course,
        "velocity_east_mps": velocity.east_mps,
        "velocity_north_mps": velocity.north_mps,
        "velocity_own_m2s2": [velocity.own.east_east, velocity.own.east_north, velocity.own.north_north],
    }


def write_tracks_csv(rows: Iterable[Row], path: Path) -> None:
    """The rows as CSV; lists and nested values as JSON, unknown as empty."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=TRACK_SCHEMA.names, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            told = {key: json.dumps(value) if isinstance(value, list) else value for key, value in row.items()}
            writer.writerow(told)


def read_tracks(path: Path, span_s: tuple[float, float] | None = None) -> tuple[Track, ...]:
    """Tracks of a `.parquet` or `.csv` file, in the order of their first row.

    Args:
        span_s: only points whose `t_s` lies in it, ends included; of a long clip the rest of a `.parquet` is not read.

    Raises:
        BadInput: names the file, the row and the column that is wrong, with the remedy.
    """
    tracks = tracks_in(path, span_s)
    if not tracks:
        raise BadInput("there is no track in it", where=str(path), remedy="give a tracks.parquet or tracks.csv")
    return tracks


def tracks_in(path: Path, span_s: tuple[float, float] | None = None) -> tuple[Track, ...]:
    """The same, where there may be none: a quiet sea, a span without anything in it."""
    rows = _read_rows(path, span_s)
    grouped: dict[str, list[tuple[int, Row]]] = {}
    for number, row in enumerate(rows, start=1):
        grouped.setdefault(str(_need(row, "track_id", path, number)), []).append((number, row))
    origin = next(((row["latitude"], row["longitude"]) for row in rows if row.get("latitude") is not None), None)
    return tuple(_track(name, numbered, path, origin) for name, numbered in grouped.items())


def _read_rows(path: Path, span_s: tuple[float, float] | None) -> list[Row]:
    try:
        if path.suffix.lower() == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = [{key: _value(key, text) for key, text in row.items() if text} for row in csv.DictReader(file)]
            return [row for row in rows if span_s is None or span_s[0] <= row.get("t_s", span_s[0]) <= span_s[1]]
        wanted = [("t_s", ">=", span_s[0]), ("t_s", "<=", span_s[1])] if span_s else None
        table = pq.read_table(path, filters=wanted)
        return [{k: v for k, v in row.items() if v is not None} for row in table.to_pylist()]
    except (OSError, pa.ArrowInvalid, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(
            f"cannot be read as tracks: {error}", where=str(path), remedy="give a tracks.parquet or tracks.csv"
        ) from error


_TEXT = {
    "track_id",
    "kind",
    "state",
    "rejection",
    "screened",
    "captured_at",
    "no_position",
    "shared_json",
    "outline_json",
    "sighted_json",
}


def _value(key: str, text: str) -> Any:
    if key in _TEXT:
        return text
    if key == "observed":
        return text.strip().lower() in ("true", "1", "yes")
    if text.startswith("["):
        return json.loads(text)
    try:
        return float(text)
    except ValueError:
        return text


def _need(row: Mapping[str, Any], column: str, path: Path, number: int) -> Any:
    if row.get(column) is None:
        raise BadInput(
            f"row {number} has no {column}", where=str(path), remedy=f"fill the column {column}; see docs/formats.md"
        )
    return row[column]


def _track(name: str, numbered: list[tuple[int, Row]], path: Path, origin: tuple[float, float] | None) -> Track:
    number, first = numbered[0]
    try:
        points = tuple(_point(row, path, n, origin) for n, row in sorted(numbered, key=lambda item: item[1]["t_s"]))
        length = first.get("length_m")
        return Track(
            id=name,
            kind=ObjectKind(_need(first, "kind", path, number)),
            state=TrackState(first.get("state", "confirmed")),
            rejection=first.get("rejection"),
            screened=ScreenVerdict(first["screened"]) if first.get("screened") else None,
            points=points,
            length_m=Measured(value=length, sigma=first.get("length_sigma_m", 0.1 * length)) if length else None,
        )
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        lines = str(error).splitlines()
        raise BadInput(
            f"track {name} (from row {number}): {' '.join(line.strip() for line in lines[:3])}",
            where=str(path),
            remedy="see docs/formats.md for the columns",
        ) from error


def _point(row: Row, path: Path, number: int, origin: tuple[float, float] | None) -> TrackPoint:
    position = _position(row, path, number, origin)
    t_s = float(_need(row, "t_s", path, number))
    captured = row.get("captured_at")
    return TrackPoint(
        t_s=t_s,
        pts=int(row.get("pts", round(t_s * 1000))),
        captured_at=datetime.fromisoformat(captured) if captured else None,
        observed=bool(row.get("observed", True)),
        coasting_s=float(row.get("coasting_s", 0.0)),
        confidence=float(row.get("confidence", 1.0)),
        position=position,
        outline=_OUTLINE.validate_json(row["outline_json"]) if row.get("outline_json") else (),
        sighted=Sighted.model_validate_json(row["sighted_json"]) if row.get("sighted_json") else None,
        velocity=_velocity(row),
        p_moving=row.get("p_moving"),
        box=_box(row),
    )


def _position(row: Row, path: Path, number: int, origin: tuple[float, float] | None) -> Position | NoPosition:
    if row.get("no_position"):
        return NoPosition(reason=PositionAbsence(row["no_position"]))
    if row.get("east_m") is None and row.get("latitude") is not None and origin is not None:
        latitude, longitude = float(row["latitude"]), float(_need(row, "longitude", path, number))
        row = row | {
            "east_m": (longitude - origin[1]) * METRES_PER_DEGREE * math.cos(math.radians(origin[0])),
            "north_m": (latitude - origin[0]) * METRES_PER_DEGREE,
        }
    return Position(
        east_m=_need(row, "east_m", path, number),
        north_m=_need(row, "north_m", path, number),
        latitude=row.get("latitude"),
        longitude=row.get("longitude"),
        shared=_SHARED.validate_json(row["shared_json"]) if row.get("shared_json") else (),
        own=_own(row, path, number),
    )


def _own(row: Row, path: Path, number: int) -> Covariance2:
    if row.get("own_east_east_m2") is not None:
        return Covariance2(
            east_east=row["own_east_east_m2"],
            east_north=row.get("own_east_north_m2", 0.0),
            north_north=_need(row, "own_north_north_m2", path, number),
        )
    variance = float(_need(row, "sigma_m", path, number)) ** 2
    return Covariance2(east_east=variance, east_north=0.0, north_north=variance)


def _velocity(row: Row) -> Velocity | None:
    own = row.get("velocity_own_m2s2")
    if row.get("velocity_east_mps") is None or own is None:
        return None
    return Velocity(
        east_mps=row["velocity_east_mps"],
        north_mps=row["velocity_north_mps"],
        own=Covariance2(east_east=own[0], east_north=own[1], north_north=own[2]),
    )


def _box(row: Row) -> OrientedBox | None:
    if row.get("cx_px") is None:
        return None
    return OrientedBox(
        cx_px=row["cx_px"],
        cy_px=row["cy_px"],
        length_px=row["box_length_px"],
        width_px=row["box_width_px"],
        angle_deg=row["box_angle_deg"],
    )
