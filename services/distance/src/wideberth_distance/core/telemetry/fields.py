"""What a cue or row says: single values read strictly, absent where the source says nothing, doubted where it is odd.

A value is a number as a whole or it is none: `1O.5` is not 1, and no reader puts a 0 where it could not read.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_NUMBER = re.compile(r"[-+]?\d{1,15}(?:\.\d{0,30})?(?:[eE][-+]?\d{1,2})?")
NOTHING = frozenset({"", "n/a", "na", "nan", "null", "none", "-", "--"})
"""What DJI and its log tools write where they know nothing."""
_MOMENT = re.compile(
    r"(\d{4})[-./:](\d{1,2})[-./:](\d{1,2})[ T]+(\d{1,2}):(\d{2}):(\d{2})(?:[,.](\d{1,6})(?:[,.](\d{1,3}))?)?"
    r"(Z|[-+]\d{2}:?\d{2})?"
)


EARLIEST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one cue or row, before the checks that look at the whole file.

    `doubts` says what was set aside and why, one sentence a kind, for the warnings.
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
    recording: bool | None = None
    captured_at: datetime | None = None
    frame_count: int | None = None
    doubts: tuple[str, ...] = ()


class Number(NamedTuple):
    """A number as read; where something stood there that is none, `doubt` says so."""

    value: float | None
    doubt: str | None = None


class Place(NamedTuple):
    """A position as read, both or neither; `doubt` says why it was set aside."""

    latitude: float | None
    longitude: float | None
    doubt: str | None = None


def number(what: str, text: str | None, unit: str = "") -> Number:
    """The number a text is as a whole.

    Args:
        what: Name of the value, for the doubt.
        text: As it stands in the file; None and the words of `NOTHING` are no number and no doubt.
        unit: Pattern of a unit that may follow.
    """
    stripped = text.strip() if text is not None else ""
    if stripped.lower() in NOTHING:
        return Number(None)
    match = _NUMBER.match(stripped)
    if match is None or re.fullmatch(rf"\s*(?:{unit})?", stripped[match.end() :]) is None:
        return Number(None, f"{what} is no number" + (" of the unit expected" if match else ""))
    return Number(float(match.group()))


def captured(pattern: str | re.Pattern[str], body: str) -> str | None:
    """The first text a pattern captures, or None."""
    match = re.search(pattern, body)
    return match.group(1) if match else None


def doubts_of(*read: Number | Place | str | None) -> tuple[str, ...]:
    """The doubts among values read, each once."""
    said = (each.doubt if isinstance(each, (Number, Place)) else each for each in read)
    return tuple(dict.fromkeys(doubt for doubt in said if doubt))


def positive(read: Number) -> float | None:
    """The value where it is above 0: a focal length or zoom of 0 is DJI's word for unknown."""
    return read.value if read.value is not None and read.value > 0 else None


def moment(body: str, utc_offset_h: float) -> datetime | None:
    """The UTC of a date and time in a text; None where there is none, it is no date, or that of a clock never set.

    Args:
        body: Text such as `2017.8.5 14:11:51`, `2018-02-19 08:04:51,265,847` or `2021-12-25T12:27:52.373Z`.
        utc_offset_h: Of the clock that wrote it, where the text names no zone itself.
    """
    match = _MOMENT.search(body)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, micro, zone = match.groups()
    if int(year) < EARLIEST_YEAR:
        return None
    digits = ((fraction or "").ljust(3, "0") + (micro or "")).ljust(6, "0")[:6]
    try:
        # Read as UTC and moved by the offset, for the text itself mostly has no zone.
        local = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), int(digits), tzinfo=UTC)
        return local - (timedelta(hours=utc_offset_h) if zone is None else _offset(zone))
    except (ValueError, OverflowError):
        return None


def _offset(zone: str) -> timedelta:
    if zone == "Z":
        return timedelta()
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return -offset if zone[0] == "-" else offset


def place(latitude: str | None, longitude: str | None) -> Place:
    """A position from two texts, set aside where it is none.

    DJI writes 0, 0 or n/a before the first fix: that is no position in the Gulf of Guinea.
    """
    if latitude is None and longitude is None:
        return Place(None, None)
    if latitude is None or longitude is None:
        return Place(None, None, "latitude or longitude stands alone")
    if latitude.strip().lower() in NOTHING or longitude.strip().lower() in NOTHING:
        return Place(None, None, "no GPS fix yet (n/a)")
    lat, lon = number("latitude", latitude), number("longitude", longitude)
    if lat.value is None or lon.value is None:
        return Place(None, None, lat.doubt or lon.doubt)
    return place_of(lat.value, lon.value)


def place_of(latitude: float, longitude: float) -> Place:
    """A position from two numbers, set aside where it is 0, 0 or not on Earth."""
    if latitude == 0.0 and longitude == 0.0:
        return Place(None, None, "no GPS fix yet (0, 0)")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return Place(None, None, "a position that is not on Earth")
    return Place(latitude, longitude)
