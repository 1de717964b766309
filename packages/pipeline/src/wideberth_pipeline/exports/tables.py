"""One flat table of all places with their errors: CSV and Parquet."""

import csv
import math
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wideberth_contracts.positions import NoPosition, Position
from wideberth_contracts.tracks import Track, TrackPoint
from wideberth_pipeline.exports.material import Material
from wideberth_pipeline.exports.places import ellipse_95, whole_error
from wideberth_pipeline.results import wideberth_version

Row = dict[str, Any]
SCHEMA = pa.schema(
    [
        ("track_id", pa.string()),
        ("kind", pa.string()),
        ("state", pa.string()),
        ("rejection", pa.string()),
        ("frame", pa.int64()),
        ("pts", pa.int64()),
        ("t_s", pa.float64()),
        ("captured_at", pa.string()),
        ("observed", pa.bool_()),
        ("confidence", pa.float64()),
        ("latitude", pa.float64()),
        ("longitude", pa.float64()),
        ("east_m", pa.float64()),
        ("north_m", pa.float64()),
        ("sigma_east_m", pa.float64()),
        ("sigma_north_m", pa.float64()),
        ("covariance_east_north_m2", pa.float64()),
        ("ellipse_95_major_m", pa.float64()),
        ("ellipse_95_minor_m", pa.float64()),
        ("ellipse_95_axis_deg", pa.float64()),
        ("no_position", pa.string()),
        ("speed_mps", pa.float64()),
        ("course_deg", pa.float64()),
        ("length_m", pa.float64()),
        ("length_sigma_m", pa.float64()),
        ("cx_px", pa.float64()),
        ("cy_px", pa.float64()),
        ("length_px", pa.float64()),
        ("width_px", pa.float64()),
        ("angle_deg", pa.float64()),
    ]
)


def write_csv(material: Material, target: Path) -> None:
    """Unknown values are empty."""
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=SCHEMA.names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(place_rows(material))


def write_parquet(material: Material, target: Path) -> None:
    """Unknown values are absent; version and analysis are in the metadata."""
    metadata = {"wideberth_version": wideberth_version(), "analysis_id": material.plan.analysis_id}
    table = pa.Table.from_pylist(place_rows(material), schema=SCHEMA).replace_schema_metadata(metadata)
    pq.write_table(table, target, compression="zstd")


def place_rows(material: Material) -> list[Row]:
    """One row a track point, also of points that were carried on without being seen."""
    return [_row(material, track, point) for track in material.tracks for point in track.points]


def _row(material: Material, track: Track, point: TrackPoint) -> Row:
    moment = material.moment(point)
    row: Row = {
        "track_id": track.id,
        "kind": track.kind.value,
        "state": track.state.value,
        "rejection": track.rejection,
        "frame": material.frames.number(point.pts),
        "pts": point.pts,
        "t_s": point.t_s,
        "captured_at": moment.isoformat() if moment else None,
        "observed": point.observed,
        "confidence": point.confidence,
    }
    if track.length_m is not None:
        row |= {"length_m": track.length_m.value, "length_sigma_m": track.length_m.sigma}
    if point.box is not None:
        row |= point.box.model_dump()
    if isinstance(point.position, NoPosition):
        return row | {"no_position": point.position.reason.value}
    return row | place_columns(point.position) | motion_columns(point)


def place_columns(position: Position) -> Row:
    """The place with its whole error, own and shared."""
    error = whole_error(position)
    ellipse = ellipse_95(error)
    return {
        "latitude": position.latitude,
        "longitude": position.longitude,
        "east_m": position.east_m,
        "north_m": position.north_m,
        "sigma_east_m": math.sqrt(error.east_east),
        "sigma_north_m": math.sqrt(error.north_north),
        "covariance_east_north_m2": error.east_north,
        "ellipse_95_major_m": ellipse.major_m,
        "ellipse_95_minor_m": ellipse.minor_m,
        "ellipse_95_axis_deg": ellipse.axis_deg,
    }


def motion_columns(point: TrackPoint) -> Row:
    """Speed and course over ground; nothing where they are not known."""
    if point.velocity is None:
        return {}
    east, north = point.velocity.east_mps, point.velocity.north_mps
    return {"speed_mps": math.hypot(east, north), "course_deg": math.degrees(math.atan2(east, north)) % 360}
