"""Family A: `HOME(…)`, `GPS(…)` and a barometer, once a second. Phantom 3 and 4, Mavic Pro, M300 with H20."""

import re

from wideberth_distance.core.telemetry.fields import Values, captured, doubts_of, moment, number, place
from wideberth_distance.core.telemetry.text import Cue

_GPS = re.compile(r"\bGPS\s*\(\s*([^,()]+),\s*([^,()]+?)(?:,\s*([^()]*))?\)")
_HB = re.compile(r"\bHb\s*:\s*(\S*)")
_BAROMETER = re.compile(r"\bBAROMETER\s*:\s*(\S*)")
_METRES = "[mM]"


def read(cue: Cue, utc_offset_h: float) -> Values | None:
    """The values of a cue of this family, or None where it is of another one."""
    body = cue.body
    old, new = captured(_HB, body), captured(_BAROMETER, body)
    if old is None and new is None:
        return None
    gps = _GPS.search(body)
    # Only the Matrice writes its third GPS number as metres, and only it puts latitude first.
    latitude_first = gps is not None and (gps.group(3) or "").strip().upper().endswith("M")
    first, second = (gps.group(1), gps.group(2)) if gps else (None, None)
    where = place(first, second) if latitude_first else place(second, first)
    height = number("Hb", old) if old is not None else number("BAROMETER", new, _METRES)
    return Values(
        dialect="A0" if old is not None else "A2" if latitude_first else "A1",
        latitude=where.latitude,
        longitude=where.longitude,
        height_above_takeoff_m=height.value,
        captured_at=moment(body, utc_offset_h),
        doubts=doubts_of(where, height, None if gps else "no GPS(…) that can be read"),
    )
