"""What a cue says: single values read by pattern, absent where the source says nothing."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NUMBER = r"([-+]?\d+(?:\.\d+)?)"
_MOMENT = re.compile(
    r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2})(?:[,.](\d{1,3})(?:[,.](\d{1,3}))?)?"
)


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one cue or row, before the checks that look at the whole file.

    `place_doubt` says why a position was set aside, for the warnings.
    """

    dialect: str
    latitude: float | None = None
    longitude: float | None = None
    height_above_takeoff_m: float | None = None
    absolute_height_m: float | None = None
    pitch_deg: float | None = None
    roll_deg: float | None = None
    yaw_deg: float | None = None
    focal_length_mm: float | None = None
    zoom_ratio: float | None = None
    captured_at: datetime | None = None
    frame_count: int | None = None
    place_doubt: str | None = None


def number(pattern: str, body: str) -> float | None:
    """The first number a pattern captures, or None."""
    match = re.search(pattern, body)
    return float(match.group(1)) if match else None


def moment(body: str, utc_offset_h: float) -> datetime | None:
    """The UTC of a local date and time in a cue; None where there is none or it is no date.

    Args:
        body: Text such as `2017.8.5 14:11:51`, `2018-02-19 08:04:51,265,847` or `2021-12-25 12:27:52.373`.
        utc_offset_h: Of the clock that wrote it; the text has no zone.
    """
    match = _MOMENT.search(body)
    if match is None:
        return None
    year, month, day, hour, minute, second, milli, micro = match.groups()
    microseconds = int((milli or "0").ljust(3, "0")) * 1000 + int((micro or "0").ljust(3, "0"))
    try:
        # Read as UTC and moved by the offset, for the text itself has no zone.
        local = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), microseconds, tzinfo=UTC)
    except ValueError:
        return None
    return local - timedelta(hours=utc_offset_h)


def place(latitude: str | None, longitude: str | None) -> tuple[float | None, float | None, str | None]:
    """Latitude, longitude and the reason they were set aside.

    DJI writes 0, 0 or n/a before the first fix: that is no position in the Gulf of Guinea.
    """
    if latitude is None or longitude is None:
        return None, None, None
    try:
        lat, lon = float(latitude), float(longitude)
    except ValueError:
        return None, None, "no GPS fix yet (n/a)"
    if lat == 0.0 and lon == 0.0:
        return None, None, "no GPS fix yet (0, 0)"
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None, None, f"position {lat}, {lon} is not on Earth"
    return lat, lon, None
