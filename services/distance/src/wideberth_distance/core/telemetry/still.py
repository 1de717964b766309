"""Stills: the XMP that DJI writes into its pictures (`drone-dji:`), or the same in a sidecar. One row, t = 0.

The calibrated focal length is in px of the picture; it is turned into the 35 mm equivalent of the camera table, so
that it holds at any picture width. `GPSLongtitude` is DJI's spelling.
"""

import re

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.cameras import NOMINAL_FOCAL_RATIO, NOMINAL_MM
from wideberth_distance.core.telemetry.fields import Number, Values, doubts_of, moment, number, place, positive
from wideberth_distance.core.telemetry.markup import local_name, parse_xml
from wideberth_distance.core.telemetry.picture_size import jpeg_long_side_px
from wideberth_distance.core.telemetry.record import Row, record_of

_MAGIC = (b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"\x89PNG")
_PACKET = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
_RTK_FIXED = "50"


def is_picture(content: bytes) -> bool:
    """JPEG, TIFF (DNG) or PNG by the first bytes."""
    return content.startswith(_MAGIC)


def read_picture(name: str, content: bytes, utc_offset_h: float) -> TelemetryRecord:
    """The record of a still.

    Raises:
        UnreadableTelemetry: no XMP in it, broken, or without DJI's tags.
    """
    packet = _PACKET.search(content)
    if packet is None:
        raise UnreadableTelemetry(
            "a picture without XMP: no telemetry in it",
            where=f"{name}, byte 0",
            remedy="give the picture as the drone wrote it; editors and messengers strip it",
        )
    return _record(name, packet.group().decode("utf-8", errors="replace"), jpeg_long_side_px(content), utc_offset_h)


def read_sidecar(name: str, text: str, utc_offset_h: float) -> TelemetryRecord | None:
    """The record of an .xmp file, or None for what is none."""
    packet = _PACKET.search(text[:1_000_000].encode()) if "<x:xmpmeta" in text[:2_000] else None
    return None if packet is None else _record(name, packet.group().decode(), None, utc_offset_h)


def _record(name: str, packet: str, width_px: int | None, utc_offset_h: float) -> TelemetryRecord:
    tags: dict[str, str] = {}
    for element in parse_xml(name, packet).iter():
        pairs = [*element.attrib.items(), (element.tag, element.text or "")]
        for key, value in pairs:
            if "drone-dji" in key or local_name(key) == "CreateDate":
                tags.setdefault(local_name(key).lower(), value)
    tags = {key: value for key, value in tags.items() if value.strip()}
    if not {"relativealtitude", "gimbalpitchdegree", "gpslatitude"} & tags.keys():
        raise UnreadableTelemetry(
            "XMP without DJI's tags (RelativeAltitude, GimbalPitchDegree, GpsLatitude)",
            where=f"{name}, XMP",
            remedy="give the picture as a DJI drone wrote it",
        )
    values = _values(tags, width_px, utc_offset_h)
    notes = []
    if "rtkflag" in tags and tags["rtkflag"].strip() != _RTK_FIXED:
        notes.append(f"{name}, XMP 1: RtkFlag {tags['rtkflag'].strip()[:6]}: the position is not fixed by RTK")
    return record_of(name, [Row(1, 0.0, values)], notes, unit="XMP")


def _values(tags: dict[str, str], width_px: int | None, utc_offset_h: float) -> Values:
    where = place(tags.get("gpslatitude"), tags.get("gpslongitude", tags.get("gpslongtitude")))
    keys = ("relativealtitude", "absolutealtitude", "gimbalpitchdegree", "gimbalrolldegree", "gimbalyawdegree",
            "calibratedfocallength")  # fmt: skip
    read_as = {key: number(key, tags.get(key)) for key in keys}
    exposed = moment(tags.get("utcatexposure", ""), 0.0)
    return Values(
        dialect="xmp",
        latitude=where.latitude,
        longitude=where.longitude,
        height_above_takeoff_m=read_as["relativealtitude"].value,
        absolute_height_m=read_as["absolutealtitude"].value,
        pitch_deg=read_as["gimbalpitchdegree"].value,
        roll_deg=read_as["gimbalrolldegree"].value,
        yaw_deg=read_as["gimbalyawdegree"].value,
        focal_length_mm=_focal_mm(read_as["calibratedfocallength"], width_px),
        captured_at=exposed or moment(tags.get("createdate", ""), utc_offset_h),
        doubts=doubts_of(
            where,
            *read_as.values(),
            "CalibratedFocalLength in a picture whose width is not known"
            if "calibratedfocallength" in tags and width_px is None
            else None,
        ),
    )


def _focal_mm(focal_px: Number, width_px: int | None) -> float | None:
    focal = positive(focal_px)
    return None if focal is None or width_px is None else focal / width_px * NOMINAL_MM / NOMINAL_FOCAL_RATIO
