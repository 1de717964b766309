"""Families C and D: `[key : value]` pairs, one cue a frame. Mavic Air and everything newer, and the DJI FPV.

Dialects differ by what they hold: C0 camera only; C1 position (`longtitude`, sic); C2 absolute altitude; C3 relative
altitude; C3z a zoom ratio; C4 the gimbal. D is the FPV, whose altitude is a tenth of the truth and counted from an
arbitrary start, so that it is kept as the absolute height and never taken for a height above the sea.
"""

import re

from wideberth_distance.core.telemetry.fields import Values, moment, place
from wideberth_distance.core.telemetry.text import Cue

_PAIR = re.compile(r"\b([A-Za-z_]+)\s*:\s*([-+]?\d+(?:\.\d+)?|n/a|N/A)")
_COUNT = re.compile(r"\b(?:FrameCnt|SrtCnt)\s*:\s*(\d+)")
_DOT_MILLISECONDS = re.compile(r"\d{2}:\d{2}:\d{2}\.\d{3}")
_KNOWN = {"latitude", "longitude", "longtitude", "rel_alt", "abs_alt", "altitude", "focal_len", "iso", "gb_pitch"}
_FPV_FONT = "28"
_ZOOM_UNIT = 10_000.0
"""`dzoom_ratio: 10000` is no zoom in the files that write whole numbers."""


def read(cue: Cue, utc_offset_h: float) -> Values | None:
    """The values of a cue of this family, or None where it is of another one."""
    body = cue.body
    pairs: dict[str, str] = {}
    for key, value in _PAIR.findall(body):
        pairs.setdefault(key, value)
    if "[" not in body or not _KNOWN & pairs.keys():
        return None
    dialect = _dialect(cue, pairs)
    latitude, longitude, doubt = place(pairs.get("latitude"), pairs.get("longitude", pairs.get("longtitude")))
    absolute = _value(pairs, "abs_alt")
    if absolute is None:
        altitude = _value(pairs, "altitude")
        absolute = altitude * 10 if altitude is not None and dialect == "D" else altitude
    count = _COUNT.search(body)
    return Values(
        dialect=dialect,
        latitude=latitude,
        longitude=longitude,
        height_above_takeoff_m=_value(pairs, "rel_alt"),
        absolute_height_m=absolute,
        pitch_deg=_value(pairs, "gb_pitch"),
        roll_deg=_value(pairs, "gb_roll"),
        yaw_deg=_value(pairs, "gb_yaw"),
        focal_length_mm=_focal_mm(pairs.get("focal_len")),
        zoom_ratio=_zoom(pairs.get("dzoom_ratio")),
        captured_at=moment(body, utc_offset_h),
        frame_count=int(count.group(1)) if count else None,
        place_doubt=doubt,
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


def _value(pairs: dict[str, str], key: str) -> float | None:
    text = pairs.get(key)
    return None if text is None or text.lower() == "n/a" else float(text)


def _focal_mm(text: str | None) -> float | None:
    """35 mm equivalent: `24.00` is mm, `240` (no decimals) is tenths of a mm."""
    if text is None or text.lower() == "n/a":
        return None
    focal = float(text) if "." in text else float(text) / 10
    return focal if focal > 0 else None


def _zoom(text: str | None) -> float | None:
    if text is None or text.lower() == "n/a":
        return None
    ratio = float(text) if "." in text or float(text) < 1000 else float(text) / _ZOOM_UNIT
    return ratio if ratio > 0 else None
