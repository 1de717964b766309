"""The words of a feed request: `bbox`, `datetime`, `cursor`."""

import base64
import binascii
import math
from datetime import UTC, datetime

from wideberth_contracts.errors import BadInput
from wideberth_gateway.store.alerts import Box

OPEN = ("", "..")


def box_of(text: str) -> Box:
    """`west,south,east,north` in degrees; six numbers with heights are taken, the heights ignored.

    Raises:
        BadInput: it is something else.
    """
    remedy = "use west,south,east,north in degrees"
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise BadInput(f"{text!r} is no box", where="query.bbox", remedy=remedy) from error
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != 4 or not all(math.isfinite(number) for number in numbers):
        raise BadInput(f"{text!r} is no box", where="query.bbox", remedy=remedy)
    west, south, east, north = numbers
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise BadInput(f"{text!r} lies outside the earth or has south above north", where="query.bbox", remedy=remedy)
    return Box(west, south, east, north)


def span_of(text: str) -> tuple[datetime | None, datetime | None]:
    """An RFC 3339 instant, or two with a slash between; an end may be open (`..`).

    Raises:
        BadInput: it is something else, has no zone, or ends before it starts.
    """
    parts = text.split("/")
    if len(parts) == 1:
        moment = _moment(parts[0], text)
        return moment, moment
    if len(parts) != 2 or all(part in OPEN for part in parts):
        raise _no_span(text)
    start, end = (None if part in OPEN else _moment(part, text) for part in parts)
    if start is not None and end is not None and end < start:
        raise _no_span(text)
    return start, end


def cursor_of(sequence: int) -> str:
    """The cursor that goes on after that alert. Opaque: its form may change."""
    return base64.urlsafe_b64encode(f"a{sequence}".encode()).decode().rstrip("=")


def sequence_of(cursor: str) -> int:
    """The place that a cursor stands for.

    Raises:
        BadInput: it is no cursor of this feed.
    """
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        text = base64.urlsafe_b64decode(padded.encode("ascii")).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise _no_cursor() from error
    if not text.startswith("a") or not text[1:].isdigit() or len(text) > 19:
        raise _no_cursor()
    return int(text[1:])


def _moment(part: str, whole: str) -> datetime:
    try:
        moment = datetime.fromisoformat(part)
    except ValueError as error:
        raise _no_span(whole) from error
    if moment.tzinfo is None:
        raise _no_span(whole)
    return moment.astimezone(UTC)


def _no_span(text: str) -> BadInput:
    remedy = "use 2026-08-01T03:00:00Z, or two with a slash between; .. for an open end"
    return BadInput(f"{text!r} is no time or span with a zone", where="query.datetime", remedy=remedy)


def _no_cursor() -> BadInput:
    return BadInput("no cursor of this feed", where="query.cursor", remedy="use the link `next` of a page")
