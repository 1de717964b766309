"""Families C and D: `[key : value]` pairs, one cue a frame. Mavic Air and everything newer, and the DJI FPV.

Dialects differ by what they hold: C0 camera only; C1 position (`longtitude`, sic); C2 absolute altitude; C3 relative
altitude; C3z a zoom ratio; C4 the gimbal. D is the FPV, whose altitude is a tenth of the truth and counted from an
arbitrary start, so that it is kept as the absolute height and never taken for a height above the sea.
"""

import re

from wideberth_distance.core.telemetry.fields import (
    Number,
    Values,
    captured,
    doubts_of,
    moment,
    number,
    place,
    positive,
)
from wideberth_distance.core.telemetry.text import CUT_MARK, Cue

# A value that ends with its cue was cut off: nothing tells 6.4 from 6.401.
_PAIR = re.compile(r"\b([A-Za-z_]+)\s*:\s*([^\s\[\],]+)(\Z)?")
_COUNT = re.compile(r"\b(?:FrameCnt|SrtCnt)\s*:\s*(\d{1,9})\b")
_DOT_MILLISECONDS = re.compile(r"\d{2}:\d{2}:\d{2}\.\d{3}")
_KNOWN = {"latitude", "longitude", "longtitude", "rel_alt", "abs_alt", "altitude", "focal_len", "iso", "gb_pitch"}
_FPV_FONT = "28"
_ZOOM_UNIT = 10_000.0
"""`dzoom_ratio: 10000` is no zoom in the files that write whole numbers."""


def read(cue: Cue, utc_offset_h: float) -> Values | None:
    """The values of a cue of this family, or None where it is of another one."""
    body = cue.body
    pairs: dict[str, str] = {}
    for pair in _PAIR.finditer(body):
        pairs.setdefault(pair.group(1), pair.group(2) if pair.group(3) is None else f"{pair.group(2)}{CUT_MARK}")
    if "[" not in body or not _KNOWN & pairs.keys():
        return None
    dialect = _dialect(cue, pairs)
    where = place(pairs.get("latitude"), pairs.get("longitude", pairs.get("longtitude")))
    keys = ("rel_alt", "abs_alt", "altitude", "gb_pitch", "gb_roll", "gb_yaw", "focal_len", "dzoom_ratio")
    read_as = {key: number(key, pairs.get(key)) for key in keys}
    altitude = read_as["altitude"].value
    if altitude is not None and dialect == "D":
        altitude *= 10
    absolute = read_as["abs_alt"].value
    count = captured(_COUNT, body)
    return Values(
        dialect=dialect,
        latitude=where.latitude,
        longitude=where.longitude,
        height_above_takeoff_m=read_as["rel_alt"].value,
        absolute_height_m=altitude if absolute is None else absolute,
        pitch_deg=read_as["gb_pitch"].value,
        roll_deg=read_as["gb_roll"].value,
        yaw_deg=read_as["gb_yaw"].value,
        focal_length_mm=_focal_mm(read_as["focal_len"], pairs.get("focal_len", "")),
        zoom_ratio=_zoom(read_as["dzoom_ratio"], pairs.get("dzoom_ratio", "")),
        captured_at=moment(body, utc_offset_h),
        frame_count=int(count) if count else None,
        doubts=doubts_of(where, *read_as.values()),
    )


def _dialect(cue: Cue, pairs: dict[str, str]) -> str:
    if "gb_pitch" in pairs:
        return "C4"
    if "rel_alt" in pairs:
        return "C3z" if "dzoom_ratio" in pairs else "C3"
    if "altitude" in pairs:
        is_fpv = cue.font_size == _FPV_FONT and _DOT_MILLISECONDS.search(cue.body) is not None
        return "D" if is_fpv else "C2"
    return "C1" if "latitude" in pairs else "C0"


def _focal_mm(read_as: Number, text: str) -> float | None:
    """35 mm equivalent: `24.00` is mm, `240` (no decimals) is tenths of a mm."""
    focal = positive(read_as)
    return focal if focal is None or "." in text else focal / 10


def _zoom(read_as: Number, text: str) -> float | None:
    ratio = positive(read_as)
    return ratio if ratio is None or "." in text or ratio < 1000 else ratio / _ZOOM_UNIT
