"""Darwin Core archive (TDWG text guide): one occurrence an animal track, where it was seen first.

Rejected tracks are no occurrences, and people are none either. Terms: https://dwc.tdwg.org/terms/ (read 2026-11).
"""

import csv
import io
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree as Xml

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.known import Species
from wideberth_contracts.screening import ScreenVerdict
from wideberth_contracts.tracks import Track, TrackPoint
from wideberth_pipeline.exports.geojson import placed
from wideberth_pipeline.exports.material import BELIEVED, Material
from wideberth_pipeline.exports.places import ellipse_95, whole_error
from wideberth_pipeline.results import wideberth_version

TERMS = (
    "occurrenceID",
    "basisOfRecord",
    "occurrenceStatus",
    "individualCount",
    "organismID",
    "eventID",
    "eventDate",
    "eventRemarks",
    "samplingProtocol",
    "decimalLatitude",
    "decimalLongitude",
    "geodeticDatum",
    "coordinateUncertaintyInMeters",
    "georeferenceProtocol",
    "scientificName",
    "taxonRank",
    "kingdom",
    "vernacularName",
    "identificationVerificationStatus",
    "identificationRemarks",
    "associatedMedia",
    "dynamicProperties",
)
NAMES = {
    Species.DOLPHIN: ("Cetacea", "infraorder", "small cetacean"),
    Species.SPINNER_DOLPHIN: ("Stenella longirostris", "species", "spinner dolphin"),
    Species.KILLER_WHALE: ("Orcinus orca", "species", "killer whale"),
    Species.SOUTHERN_RESIDENT_KILLER_WHALE: ("Orcinus orca", "species", "killer whale"),
    Species.WHALE: ("Cetacea", "infraorder", "whale"),
    Species.HUMPBACK_WHALE: ("Megaptera novaeangliae", "species", "humpback whale"),
    Species.RIGHT_WHALE: ("Eubalaena", "genus", "right whale"),
}
"""Scientific name, rank and common name of what the animals were taken for."""

NAMESPACE = "http://rs.tdwg.org/dwc/text/"
TERM = "http://rs.tdwg.org/dwc/terms/"
VERIFIED = {
    ScreenVerdict.ANIMAL: "taken for an animal by its looks, by software",
    ScreenVerdict.UNKNOWN: "unverified: its looks did not tell whether it is an animal",
}


def write_darwin_core(material: Material, target: Path) -> None:
    """A zip of `occurrence.csv` and `meta.xml`."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=TERMS, lineterminator="\n")
    writer.writeheader()
    animals = [one for one in material.tracks if one.kind is ObjectKind.DOLPHIN and one.state in BELIEVED]
    writer.writerows(occurrence(material, track) for track in animals)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("occurrence.csv", out.getvalue())
        packed.writestr("meta.xml", _meta())


def occurrence(material: Material, track: Track) -> dict[str, str]:
    """A row; what is not known is empty."""
    analysis = material.plan.analysis_id
    name, rank, common = NAMES[material.species or Species.DOLPHIN]
    taken = "assumed where the rules were applied" if material.species else "what the detector names"
    row = dict.fromkeys(TERMS, "") | {
        "occurrenceID": f"urn:wideberth:{analysis}:{track.id}",
        "basisOfRecord": "MachineObservation",
        "occurrenceStatus": "present",
        "individualCount": "1",
        "organismID": f"urn:wideberth:{analysis}:{track.id}",
        "eventID": f"urn:wideberth:{analysis}",
        "eventDate": _interval(material, track),
        "samplingProtocol": "video from a drone, animals found and tracked by software",
        "scientificName": name,
        "taxonRank": rank,
        "kingdom": "Animalia",
        "vernacularName": common,
        "identificationVerificationStatus": VERIFIED.get(track.screened, "unverified") if track.screened else "",
        "identificationRemarks": f"{taken}; not identified from the picture",
        "associatedMedia": f"urn:sha256:{material.plan.video_sha256}",
    }
    if not row["eventDate"]:
        row["eventRemarks"] = f"time of day not known; {track.points[0].t_s:.1f} s into the recording"
    seen = [one for one in placed(track) if one[0].observed]
    row["dynamicProperties"] = json.dumps(_properties(track, seen[0][0] if seen else track.points[0]))
    if not seen:
        return row
    _, position, (longitude, latitude) = seen[0]
    return row | {
        "decimalLatitude": f"{latitude:.7f}",
        "decimalLongitude": f"{longitude:.7f}",
        "geodeticDatum": "EPSG:4326",
        # The whole place lies in this circle, to 95 %: the long half axis of the error ellipse.
        "coordinateUncertaintyInMeters": f"{max(0.01, ellipse_95(whole_error(position)).major_m):.2f}",
        "georeferenceProtocol": "ray of the pixel on the sea by height and gimbal; uncertainty: 95 % error ellipse",
    }


def _properties(track: Track, first: TrackPoint) -> dict[str, object]:
    seen = [point.confidence for point in track.points if point.observed]
    told: dict[str, object] = {
        "wideberthVersion": wideberth_version(),
        "firstSeenSeconds": round(first.t_s, 3),
        "sightings": len(seen),
        "meanConfidence": round(sum(seen) / len(seen), 3) if seen else None,
    }
    if track.length_m is not None:
        told |= {
            "lengthInMeters": round(track.length_m.value, 2),
            "lengthSigmaInMeters": round(track.length_m.sigma, 2),
        }
    return told


def _interval(material: Material, track: Track) -> str:
    first, last = material.moment(track.points[0]), material.moment(track.points[-1])
    if first is None or last is None:
        return ""
    begin, end = (moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") for moment in (first, last))
    return begin if begin == end else f"{begin}/{end}"


def _meta() -> str:
    archive = Xml.Element("archive", xmlns=NAMESPACE)
    core = Xml.SubElement(
        archive,
        "core",
        encoding="UTF-8",
        fieldsTerminatedBy=",",
        linesTerminatedBy="\\n",
        fieldsEnclosedBy='"',
        ignoreHeaderLines="1",
        rowType=f"{TERM}Occurrence",
    )
    Xml.SubElement(Xml.SubElement(core, "files"), "location").text = "occurrence.csv"
    Xml.SubElement(core, "id", index="0")
    for index, term in enumerate(TERMS):
        Xml.SubElement(core, "field", index=str(index), term=f"{TERM}{term}")
    return Xml.tostring(archive, encoding="unicode", xml_declaration=True)
