"""Family A: `HOME(…)`, `GPS(…)` and a barometer, once a second. Phantom 3 and 4, Mavic Pro, M300 with H20."""

import re

from wideberth_distance.core.telemetry.fields import NUMBER, Values, moment, number, place
from wideberth_distance.core.telemetry.text import Cue

_GPS = re.compile(r"\bGPS\s*\(\s*([^,()]+),\s*([^,()]+?)(?:,\s*([^()]*))?\)")
_HB = rf"\bHb\s*:\s*{NUMBER}"
_BAROMETER = rf"\bBAROMETER\s*:\s*{NUMBER}"


def read(cue: Cue, utc_offset_h: float) -> Values | None:
    """The values of a cue of this family, or None where it is of another one."""
    body = cue.body
    is_old = re.search(r"\bHb\s*:", body) is not None
    if not is_old and re.search(r"\bBAROMETER\s*:", body) is None:
        return None
    gps = _GPS.search(body)
    # Only the Matrice writes its third GPS number as metres, and only it puts latitude first.
    latitude_first = gps is not None and (gps.group(3) or "").strip().upper().endswith("M")
    first, second = (gps.group(1), gps.group(2)) if gps else (None, None)
    latitude, longitude, doubt = place(first, second) if latitude_first else place(second, first)
    return Values(
        dialect="A0" if is_old else "A2" if latitude_first else "A1",
        latitude=latitude,
        longitude=longitude,
        height_above_takeoff_m=number(_HB if is_old else _BAROMETER, body),
        captured_at=moment(body, utc_offset_h),
        place_doubt=doubt,
    )
