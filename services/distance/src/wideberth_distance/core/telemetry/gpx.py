"""GPX tracks: position and time only. No attitude and no barometer, so that the grade is C and there are no metres."""

from itertools import count
from xml.etree.ElementTree import Element

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry.fields import Values, doubts_of, moment, number, place
from wideberth_distance.core.telemetry.markup import local_name, parse_xml
from wideberth_distance.core.telemetry.record import Row, no_rows, record_of

HEAD_CHARACTERS = 2_000


def read(name: str, text: str, utc_offset_h: float) -> TelemetryRecord | None:
    """The record of the track points in file order, or None for what is no GPX. Its times are UTC whatever the offset.

    Raises:
        UnreadableTelemetry: broken XML, no track points, or points without times.
    """
    del utc_offset_h
    if "<gpx" not in text[:HEAD_CHARACTERS]:
        return None
    points = [each for each in parse_xml(name, text).iter() if local_name(each.tag) == "trkpt"]
    if not points:
        raise no_rows(name, 1, "track point")
    timed = [(index, values) for index, point in zip(count(1), points) if (values := _values(point)).captured_at]
    if not timed:
        raise UnreadableTelemetry(
            "track points without times", where=f"{name}, track point 1", remedy="record the track with times"
        )
    first = timed[0][1].captured_at
    rows = [
        Row(index, (values.captured_at - first).total_seconds(), values)
        for index, values in timed
        if values.captured_at is not None and first is not None
    ]
    notes = [
        f"{name}, track point {rows[0].line}: GPX says where and when, no height above take-off and no gimbal; "
        "t = 0 is its first point"
    ]
    if len(rows) < len(points):
        notes.append(
            f"{name}, track point 1: {len(points) - len(rows)} of {len(points)} points without a time left out"
        )
    return record_of(name, rows, notes, unit="track point")


def _values(point: Element) -> Values:
    texts = {local_name(child.tag): child.text or "" for child in point}
    where = place(point.get("lat"), point.get("lon"))
    elevation = number("ele", texts.get("ele"))
    return Values(
        dialect="gpx",
        latitude=where.latitude,
        longitude=where.longitude,
        absolute_height_m=elevation.value,
        captured_at=moment(texts.get("time", ""), 0.0),
        doubts=doubts_of(where, elevation),
    )
