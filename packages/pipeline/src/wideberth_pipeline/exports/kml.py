"""KML 2.2: a folder a track with its line; once a second a place with its time and its 95 % error ellipse.

A globe chokes on every frame of an hour; the tables and GeoJSON hold all of them.
"""

from pathlib import Path
from xml.etree import ElementTree as Xml

from wideberth_contracts.positions import Position
from wideberth_contracts.tracks import Track, TrackPoint
from wideberth_pipeline.exports.geojson import placed
from wideberth_pipeline.exports.material import Material
from wideberth_pipeline.exports.places import ellipse_95, ring_of, whole_error

NAMESPACE = "http://www.opengis.net/kml/2.2"
EACH_S = 1.0


def write_kml(material: Material, target: Path) -> None:
    """Tracks without any place on the sea are left out."""
    kml = Xml.Element("kml", xmlns=NAMESPACE)
    document = Xml.SubElement(kml, "Document")
    _text(document, "name", material.plan.video)
    for track in material.tracks:
        points = placed(track)
        if points:
            _track(document, material, track, points)
    Xml.ElementTree(kml).write(target, encoding="utf-8", xml_declaration=True)


def _track(
    document: Xml.Element,
    material: Material,
    track: Track,
    points: list[tuple[TrackPoint, Position, tuple[float, float]]],
) -> None:
    folder = Xml.SubElement(document, "Folder")
    _text(folder, "name", f"{track.id} ({track.kind.value})")
    if len(points) > 1:
        line = _placemark(folder, track.id, {"kind": track.kind.value, "state": track.state.value})
        _text(Xml.SubElement(line, "LineString"), "coordinates", _coordinates([place for _, _, place in points]))
    due_s = points[0][0].t_s
    for point, position, place in points:
        if point.t_s < due_s:
            continue
        due_s = point.t_s + EACH_S
        ellipse = ellipse_95(whole_error(position))
        told = {
            "t_s": f"{point.t_s:.3f}",
            "pts": str(point.pts),
            "ellipse_95_major_m": f"{ellipse.major_m:.3f}",
            "ellipse_95_minor_m": f"{ellipse.minor_m:.3f}",
            "ellipse_95_axis_deg": f"{ellipse.axis_deg:.1f}",
        }
        moment = material.moment(point)
        at = _placemark(folder, f"{track.id} {point.t_s:.1f} s", told, moment.isoformat() if moment else None)
        shapes = Xml.SubElement(at, "MultiGeometry")
        _text(Xml.SubElement(shapes, "Point"), "coordinates", _coordinates([place]))
        ring = Xml.SubElement(Xml.SubElement(Xml.SubElement(shapes, "Polygon"), "outerBoundaryIs"), "LinearRing")
        _text(ring, "coordinates", _coordinates(ring_of(*place, ellipse)))


def _placemark(parent: Xml.Element, name: str, told: dict[str, str], moment: str | None = None) -> Xml.Element:
    made = Xml.SubElement(parent, "Placemark")
    _text(made, "name", name)
    if moment is not None:
        _text(Xml.SubElement(made, "TimeStamp"), "when", moment)
    data = Xml.SubElement(made, "ExtendedData")
    for key, value in told.items():
        _text(Xml.SubElement(data, "Data", name=key), "value", value)
    return made


def _coordinates(places: list[tuple[float, float]]) -> str:
    return " ".join(f"{longitude:.8f},{latitude:.8f},0" for longitude, latitude in places)


def _text(parent: Xml.Element, tag: str, text: str) -> None:
    Xml.SubElement(parent, tag).text = text
