"""Family B: one comma-separated line, `F/2.8, SS …, GPS (…), D …, H …`. Mavic Mini, Phantom 4 Pro and RTK."""

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
from wideberth_distance.core.telemetry.text import Cue

_GPS = re.compile(r"\b(?:GPS|RTK)\s*\(\s*([^,()]+),\s*([^,()]+?)(?:,[^()]*)?\)")
_MARK = re.compile(r"\bF/\d.*\b(?:GPS|RTK)\s*\(", re.DOTALL)
_GIMBAL = re.compile(r"\bG\.PRY\s*\(([^,()]*),([^,()]*),([^,()]*)\)")
_HEIGHT = re.compile(r"(?<![.\w])H\s+([^,\s]+)")
_ZOOM = re.compile(r"\bDZOOM\s*:?\s*([^,\s]+)")
_COUNT = re.compile(r"\bNo\s*:\s*(\d{1,9})\b")
# The degree sign also as UTF-8 read for Latin-1, and as a sign that a player could not write.
_DEGREES = "Â?°|deg|\\?|\ufffd"


def read(cue: Cue, utc_offset_h: float) -> Values | None:
    """The values of a cue of this family, or None where it is of another one."""
    body = cue.body
    if _MARK.search(body) is None or "[" in body:
        return None
    gps = _GPS.search(body)
    where = place(gps.group(2), gps.group(1)) if gps else place(None, None)
    has_gimbal = "G.PRY" in body
    gimbal = _GIMBAL.search(body)
    angles = [number("G.PRY", angle, _DEGREES) for angle in gimbal.groups()] if gimbal else [Number(None)] * 3
    height, zoom = number("H", captured(_HEIGHT, body), "m"), number("DZOOM", captured(_ZOOM, body), "x")
    count = captured(_COUNT, body)
    return Values(
        dialect="B3" if count else "B2" if has_gimbal else "B1",
        latitude=where.latitude,
        longitude=where.longitude,
        height_above_takeoff_m=height.value,
        pitch_deg=angles[0].value,
        roll_deg=angles[1].value,
        yaw_deg=angles[2].value,
        zoom_ratio=positive(zoom),
        captured_at=moment(body, utc_offset_h),
        frame_count=int(count) if count else None,
        doubts=doubts_of(
            where,
            height,
            zoom,
            *angles,
            None if gps else "no GPS (…) that can be read",
            "G.PRY that cannot be read" if has_gimbal and gimbal is None else None,
        ),
    )
