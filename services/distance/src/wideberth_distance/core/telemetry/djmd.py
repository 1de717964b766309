"""DJI's `djmd` track, as ExifTool prints it: `exiftool -ee -G3 -j -n VIDEO`, one numbered document a sample.

Names by ExifTool's DJI.pm (13.59): SampleTime, GPSLatitude, GPSLongitude, AbsoluteAltitude, RelativeAltitude,
GimbalPitch, GimbalRoll, GimbalYaw, DigitalZoom, FrameNumber, GPSDateTime. The track is protobuf, which writes no
zeros: where one gimbal angle of a frame is there, those missing are 0; where none is, the gimbal is not known. A height
that is missing stays missing, for some models have none.
"""

import json
import re
from typing import Any, NoReturn

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry.fields import Number, Values, doubts_of, moment, number, place, positive
from wideberth_distance.core.telemetry.record import Row, no_rows, record_of

_KEY = re.compile(r"Doc(\d{1,9}):(\w+)")
_HEAD = re.compile(r"\s*\[\s*\{")
_SAYS_WHERE = {"GPSLatitude", "RelativeAltitude", "AbsoluteAltitude", "GimbalPitch", "GimbalRoll", "GimbalYaw"}
_GIMBAL = ("GimbalPitch", "GimbalRoll", "GimbalYaw")


def read(name: str, text: str, utc_offset_h: float) -> TelemetryRecord | None:
    """The record of ExifTool's JSON, or None for what is none. Its GPS times are UTC whatever the offset.

    Raises:
        UnreadableTelemetry: broken JSON, or no sample that says where the drone was or how it looked.
    """
    del utc_offset_h
    if _HEAD.match(text) is None:
        return None
    documents = _documents(_parsed(name, text))
    rows = [
        Row(index, time.value, _values(tags))
        for index, tags in sorted(documents.items())
        if (time := number("SampleTime", tags.get("SampleTime"))).value is not None and _SAYS_WHERE & tags.keys()
    ]
    if not rows:
        raise UnreadableTelemetry(
            "no sample with a time and a position, height or gimbal",
            where=f"{name}, document 1",
            remedy="print it with exiftool -ee -G3 -j -n, by an ExifTool that knows the drone (13.39 or newer)",
        )
    notes = []
    if len(rows) < len(documents):
        notes.append(f"{name}, document 1: {len(documents) - len(rows)} of {len(documents)} samples hold no telemetry")
    return record_of(name, rows, notes, unit="document")


def _parsed(name: str, text: str) -> list[Any]:
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise UnreadableTelemetry(
            "JSON that is broken", where=f"{name}, line {line}", remedy="print it again with exiftool -ee -G3 -j -n"
        ) from error
    if not (isinstance(found, list) and all(isinstance(each, dict) for each in found)):
        raise no_rows(name, 1)
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _documents(files: list[Any]) -> dict[int, dict[str, str]]:
    documents: dict[int, dict[str, str]] = {}
    # Of several videos only the first is the one meant.
    for key, value in files[0].items() if files else ():
        match = _KEY.fullmatch(key)
        if match:
            documents.setdefault(int(match.group(1)), {})[match.group(2)] = str(value)
    return documents


def _values(tags: dict[str, str]) -> Values:
    where = place(tags.get("GPSLatitude"), tags.get("GPSLongitude"))
    read_as = {
        key: number(key, tags.get(key)) for key in (*_GIMBAL, "AbsoluteAltitude", "RelativeAltitude", "DigitalZoom")
    }
    if any(key in tags for key in _GIMBAL):
        read_as |= {key: Number(0.0) for key in _GIMBAL if key not in tags}
    frame = tags.get("FrameNumber", "")
    return Values(
        dialect="djmd",
        latitude=where.latitude,
        longitude=where.longitude,
        height_above_takeoff_m=read_as["RelativeAltitude"].value,
        absolute_height_m=read_as["AbsoluteAltitude"].value,
        pitch_deg=read_as["GimbalPitch"].value,
        roll_deg=read_as["GimbalRoll"].value,
        yaw_deg=read_as["GimbalYaw"].value,
        zoom_ratio=positive(read_as["DigitalZoom"]),
        captured_at=moment(tags.get("GPSDateTime", ""), 0.0),
        frame_count=int(frame) if re.fullmatch(r"\d{1,9}", frame) else None,
        doubts=doubts_of(where, *read_as.values()),
    )
