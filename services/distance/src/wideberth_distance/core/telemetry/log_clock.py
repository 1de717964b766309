"""The date and time of a flight log's row: one column or two, UTC or local, 24 or twelve hours, year or month first."""

import re
from datetime import datetime

from wideberth_distance.core.telemetry.fields import NOTHING, moment
from wideberth_distance.core.telemetry.log_layout import Columns, Layout

_MONTH_FIRST = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_TWELVE_HOURS = re.compile(r"\b(\d{1,2}):(\d{2}):(\d{2})([.,]\d+)?\s*([AaPp])\.?[Mm]\.?")
_MONTHS, _NOON = 12, 12


def clock_of(
    layout: Layout, columns: Columns, cells: list[str], utc_offset_h: float
) -> tuple[datetime | None, str | None]:
    """UTC of a row, and a doubt where a text stands there that is no time, or that had to be guessed at."""
    places = [(cells[index].strip(), unit) for index, unit in columns.clock if index < len(cells)]
    text = " ".join(part for part, _ in places)
    if text.strip().lower() in NOTHING:
        return None, None
    units = {unit for _, unit in places}
    is_utc = "local" not in units and (layout.is_utc or bool({"utc", "gmt"} & units))
    year_first, guessed = _year_first(text)
    found = moment(_TWELVE_HOURS.sub(_twenty_four, year_first), 0.0 if is_utc else utc_offset_h)
    if found is None:
        return None, "a time of day that cannot be read"
    return found, "a date that was taken for month/day/year" if guessed else None


def _year_first(text: str) -> tuple[str, bool]:
    """`6/11/2026` as `2026-6-11`: FlightReader writes the month first unless that can be no month; and whether both
    readings were possible."""
    match = _MONTH_FIRST.search(text)
    if match is None:
        return text, False
    first, second, year = match.groups()
    month, day = (second, first) if int(first) > _MONTHS else (first, second)
    guessed = int(first) <= _MONTHS and int(second) <= _MONTHS and first != second
    return f"{text[: match.start()]}{year}-{month}-{day}{text[match.end() :]}", guessed


def _twenty_four(match: re.Match[str]) -> str:
    hour = int(match.group(1)) % _NOON + (_NOON if match.group(5).lower() == "p" else 0)
    return f"{hour:02d}:{match.group(2)}:{match.group(3)}{match.group(4) or ''}"
