"""MAVLink logs (.tlog): one row a position, with the attitude of the gimbal where the log holds one.

Height by `relative_alt`, above home, which the autopilot sets where it arms. Yaw of a gimbal that counts from the nose
is turned to north by the vehicle's own.
"""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry.fields import Values, doubts_of, place_of
from wideberth_distance.core.telemetry.mavlink_frames import STAMP_BYTES, Fault, Message, frame_end, records_of
from wideberth_distance.core.telemetry.record import Row, no_rows, record_of

FRESH_US = 1_000_000
"""An attitude older than this does not belong to a position any more."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_US, _LAST_US = 946_684_800_000_000, 4_102_444_800_000_000
"""2000 and 2100: what a time stamp can be."""
_YAW_LOCK, _VEHICLE_FRAME, _EARTH_FRAME = 16, 32, 64
"""GIMBAL_DEVICE_FLAGS."""
_DATAFLASH = b"\xa3\x95\x80"


@dataclass(frozen=True, slots=True)
class _Attitude:
    time_us: int
    pitch_deg: float
    roll_deg: float
    yaw_deg: float | None


def is_log(content: bytes) -> bool:
    """Whether it begins with a time of this century and a MAVLink frame, or is a DataFlash log."""
    stamp = int.from_bytes(content[:STAMP_BYTES], "big")
    return content.startswith(_DATAFLASH) or (
        _FIRST_US <= stamp <= _LAST_US and frame_end(content, STAMP_BYTES) is not None
    )


def read(name: str, content: bytes, utc_offset_h: float) -> TelemetryRecord:
    """The record of a .tlog. Its time stamps are UTC whatever the offset.

    Raises:
        UnreadableTelemetry: no position in it, or a DataFlash log (.bin), which is not read.
    """
    del utc_offset_h
    if content.startswith(_DATAFLASH):
        raise UnreadableTelemetry(
            "a DataFlash log of the autopilot, which is not read",
            where=f"{name}, byte 0",
            remedy="give the .tlog of the ground station",
        )
    records = list(records_of(content))
    faults = [record for record in records if isinstance(record, Fault)]
    messages: list[Message] = []
    for record in records:
        if isinstance(record, Message) and _FIRST_US <= record.time_us <= _LAST_US:
            messages.append(record)
        elif isinstance(record, Message):
            faults.append(Fault(record.byte, "a time stamp that is no date of this century"))
    rows = _rows(messages)
    if not rows:
        raise no_rows(name, messages[0].byte if messages else 0, "byte")
    notes = [f"{name}, byte {rows[0].line}: no video here tells the time; t = 0 is the first position"]
    for reason, times in Counter(fault.reason for fault in faults).items():
        first = next(fault for fault in faults if fault.reason == reason)
        notes.append(f"{name}, byte {first.byte}: {reason}, {times} times; passed over")
    return record_of(name, rows, notes, unit="byte")


def _rows(messages: list[Message]) -> list[Row]:
    rows: list[Row] = []
    heading: tuple[int, float] | None = None
    gimbal: _Attitude | None = None
    origin_us: int | None = None
    for message in messages:
        if message.name == "ATTITUDE":
            heading = message.time_us, math.degrees(message.values[3])
        elif message.name == "GLOBAL_POSITION_INT":
            origin_us = message.time_us if origin_us is None else origin_us
            rows.append(Row(message.byte, (message.time_us - origin_us) / 1e6, _values(message, gimbal)))
        else:
            fresh = heading[1] if heading and abs(message.time_us - heading[0]) <= FRESH_US else None
            gimbal = _of_mount(message, fresh) if message.name == "MOUNT_ORIENTATION" else _of_gimbal(message, fresh)
    return rows


def _values(message: Message, gimbal: _Attitude | None) -> Values:
    _, latitude, longitude, absolute_mm, relative_mm, *_ = message.values
    where = place_of(latitude / 1e7, longitude / 1e7)
    fresh = gimbal if gimbal and abs(message.time_us - gimbal.time_us) <= FRESH_US else None
    return Values(
        dialect="mavlink",
        latitude=where.latitude,
        longitude=where.longitude,
        height_above_takeoff_m=relative_mm / 1000,
        absolute_height_m=absolute_mm / 1000,
        pitch_deg=fresh.pitch_deg if fresh else None,
        roll_deg=fresh.roll_deg if fresh else None,
        yaw_deg=fresh.yaw_deg if fresh else None,
        captured_at=_EPOCH + timedelta(microseconds=message.time_us),
        doubts=doubts_of(where),
    )


def _of_mount(message: Message, heading_deg: float | None) -> _Attitude:
    """Roll and pitch are those of the world; the yaw of the world is an extension of version 2, 0 where not sent."""
    _, roll, pitch, yaw, yaw_absolute = message.values
    north = yaw_absolute if message.whole and yaw_absolute else None if heading_deg is None else heading_deg + yaw
    return _Attitude(message.time_us, pitch, roll, None if north is None else north % 360)


def _of_gimbal(message: Message, heading_deg: float | None) -> _Attitude | None:
    w, x, y, z = message.values[1:5]
    flags = int(message.values[9])
    size = math.sqrt(w * w + x * x + y * y + z * z)
    if not 0.9 < size < 1.1:
        return None
    w, x, y, z = w / size, x / size, y / size, z / size
    roll = math.degrees(math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)))
    pitch = math.degrees(math.asin(max(-1.0, min(1.0, 2 * (w * y - z * x)))))
    yaw = math.degrees(math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)))
    by_north = bool(flags & _EARTH_FRAME) or (bool(flags & _YAW_LOCK) and not flags & _VEHICLE_FRAME)
    north = yaw if by_north else None if heading_deg is None else heading_deg + yaw
    return _Attitude(message.time_us, pitch, roll, None if north is None else north % 360)
