"""Family B: one comma-separated line, `F/2.8, SS …, GPS (…), D …, H …`. Mavic Mini, Phantom 4 Pro and RTK."""

import re

from wideberth_distance.core.telemetry.fields import NUMBER, Values, moment, number, place
from wideberth_distance.core.telemetry.text import Cue

_GPS = re.compile(r"\b(?:GPS|RTK)\s*\(\s*([^,()]+),\s*([^,()]+?)(?:,[^()]*)?\)")
_MARK = re.compile(r"\bF/\d.*\b(?:GPS|RTK)\s*\(", re.DOTALL)
_GIMBAL = re.compile(rf"\bG\.PRY\s*\(\s*{NUMBER}[^,]*,\s*{NUMBER}[^,]*,\s*{NUMBER}")
_HEIGHT = rf"(?<![.\w])H\s+{NUMBER}\s*m"
_ZOOM = rf"\bDZOOM\s*:?\s*{NUMBER}"


def read(cue: Cue, utc_offset_h: float) -> Values | None:
    """The values of a cue of this family, or None where it is of another one."""
    body = cue.body
    if _MARK.search(body) is None or "[" in body:
        return None
    gps = _GPS.search(body)
    latitude, longitude, doubt = place(gps.group(2), gps.group(1)) if gps else (None, None, None)
    gimbal = _GIMBAL.search(body)
    pitch, roll, yaw = (float(angle) for angle in gimbal.groups()) if gimbal else (None, None, None)
    zoom = number(_ZOOM, body)
    numbered = re.search(r"\bNo\s*:\s*(\d+)", body)
    return Values(
        dialect="B3" if numbered else "B2" if "G.PRY" in body else "B1",
        latitude=latitude,
        longitude=longitude,
        height_above_takeoff_m=number(_HEIGHT, body),
        pitch_deg=pitch,
        roll_deg=roll,
        yaw_deg=yaw,
        zoom_ratio=zoom if zoom and zoom > 0 else None,
        captured_at=moment(body, utc_offset_h),
        frame_count=int(numbered.group(1)) if numbered else None,
        place_doubt=doubt,
    )
