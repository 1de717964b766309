"""GeoJSON (RFC 7946): a line a track, and a point a track point with its error."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wideberth_contracts.positions import Position
from wideberth_contracts.tracks import Track, TrackPoint
from wideberth_pipeline.exports.material import Material
from wideberth_pipeline.exports.tables import motion_columns, place_columns
from wideberth_pipeline.results import wideberth_version

Json = dict[str, Any]
DIGITS = 8
"""Of degrees: a millimetre."""


def write_geojson(material: Material, target: Path) -> None:
    """Tracks without any place on the sea are left out of a map; the tables hold them."""
    whole = {
        "type": "FeatureCollection",
        "wideberth_version": wideberth_version(),
        "analysis_id": material.plan.analysis_id,
        "features": list(_features(material)),
    }
    target.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")


def placed(track: Track) -> list[tuple[TrackPoint, Position, tuple[float, float]]]:
    """Points with a place, and that place as (longitude, latitude)."""
    return [
        (point, point.position, (round(point.position.longitude, DIGITS), round(point.position.latitude, DIGITS)))
        for point in track.points
        if isinstance(point.position, Position)
        and point.position.longitude is not None
        and point.position.latitude is not None
    ]


def _features(material: Material) -> Iterator[Json]:
    for track in material.tracks:
        points = placed(track)
        about = {"track_id": track.id, "kind": track.kind.value, "state": track.state.value}
        if len(points) > 1:
            line = [place for _, _, place in points]
            times = {"start_s": points[0][0].t_s, "end_s": points[-1][0].t_s}
            yield _feature("LineString", line, about | {"what": "track"} | times)
        for point, position, place in points:
            moment = material.moment(point)
            told: Json = {
                "what": "place",
                "t_s": point.t_s,
                "time": moment.isoformat() if moment else None,
                "pts": point.pts,
                "observed": point.observed,
                **place_columns(position),
                **motion_columns(point),
            }
            yield _feature("Point", place, about | told)


def _feature(kind: str, coordinates: object, properties: Json) -> Json:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}
