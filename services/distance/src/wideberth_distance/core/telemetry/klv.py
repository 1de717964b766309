"""MISB ST 0601 and 0902: position, absolute height, and the camera's attitude from the platform's and the sensor's.

The altitude of the sensor above mean sea level comes from GNSS and an inertial unit; it is kept as the absolute height
and never used as one above take-off, so that the grade is B at best.
"""

import math
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.cameras import NOMINAL_FOCAL_RATIO, NOMINAL_MM
from wideberth_distance.core.projection import Array
from wideberth_distance.core.telemetry.fields import Place, Values, doubts_of, place_of
from wideberth_distance.core.telemetry.klv_items import UAS_KEY, Packet, packets_of
from wideberth_distance.core.telemetry.record import Row, record_of
from wideberth_media.klv_track import UNIVERSAL_LABEL, VIDEO_TIME_KEY

SEARCHED_BYTES = 65_536
"""A capture may begin in the middle of a packet, whose longest is shorter than this."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def is_klv(content: bytes) -> bool:
    """Whether it begins as KLV, or holds a packet of the local set near its beginning."""
    head = content[:SEARCHED_BYTES]
    return head.startswith(UNIVERSAL_LABEL) or UAS_KEY in head or VIDEO_TIME_KEY in head


def read(name: str, content: bytes, utc_offset_h: float) -> TelemetryRecord:
    """The record of a KLV file. Its time stamps are UTC whatever the offset.

    Raises:
        UnreadableTelemetry: no packet that can be believed; names the first and its fault.
    """
    del utc_offset_h
    packets = list(packets_of(content))
    faultless = [packet for packet in packets if packet.fault is None]
    by_video = bool(faultless) and all(packet.video_us is not None for packet in faultless)
    timed = [
        (packet, time_us)
        for packet in faultless
        if (time_us := packet.video_us if by_video else packet.time_stamp_us) is not None
    ]
    if not timed:
        fault = packets[0].fault or "a packet without a time" if packets else "KLV, but no packet of MISB ST 0601"
        raise UnreadableTelemetry(
            fault,
            where=f"{name}, byte {packets[0].byte if packets else 0}",
            remedy="capture the stream again; only ST 0601 and 0902 are read",
        )
    origin_us = 0 if by_video else timed[0][1]
    rows = [Row(packet.byte, (time_us - origin_us) / 1e6, _values(packet)) for packet, time_us in timed]
    notes = _fault_notes(name, packets, {packet.byte for packet, _ in timed})
    if not by_video:
        notes.append(f"{name}, byte {rows[0].line}: no video here tells the time; t = 0 is the first time stamp")
    return record_of(name, rows, notes, unit="byte")


def _fault_notes(name: str, packets: list[Packet], used: set[int]) -> list[str]:
    left_out = [(packet, packet.fault or "a packet without a time") for packet in packets if packet.byte not in used]
    notes = []
    for fault, times in Counter(fault for _, fault in left_out).items():
        first = next(packet for packet, its_fault in left_out if its_fault == fault)
        notes.append(f"{name}, byte {first.byte}: {fault} ({times} of {len(packets)} packets); left out")
    return notes


def _values(packet: Packet) -> Values:
    items = dict(packet.items)
    where = Place(None, None)
    if "latitude" in items and "longitude" in items:
        where = place_of(items["latitude"], items["longitude"])
    pitch, roll, yaw = camera_attitude_deg(items)
    captured_at, clock_doubt = _moment(packet.time_stamp_us)
    return Values(
        dialect="klv",
        latitude=where.latitude,
        longitude=where.longitude,
        absolute_height_m=items.get("altitude"),
        pitch_deg=pitch,
        roll_deg=roll,
        yaw_deg=yaw,
        focal_length_mm=_focal_mm(items.get("horizontal_field")),
        captured_at=captured_at,
        doubts=(*packet.doubts, *doubts_of(where, clock_doubt)),
    )


def _moment(time_stamp_us: int | None) -> tuple[datetime | None, str | None]:
    if time_stamp_us is None:
        return None, None
    try:
        moment = _EPOCH + timedelta(microseconds=time_stamp_us)
    except OverflowError:
        moment = _EPOCH
    return (moment, None) if moment >= _EARLIEST else (None, "a time stamp that is no date of this century")


def camera_attitude_deg(items: Mapping[str, float]) -> tuple[float | None, float | None, float | None]:
    """Pitch, roll and yaw of the optical axis from platform and sensor angles, all in degrees.

    Rotations of north-east-down: `world_from_platform` · `platform_from_sensor`, each yaw · pitch · roll. All of pitch,
    roll and heading of the platform and azimuth and elevation of the sensor are needed; without the sensor's roll the
    camera's is unknown. Source: MISB ST 0601, tags 5-7, 18-20, 90, 91.
    """
    heading = items.get("platform_heading")
    pitch = items.get("platform_pitch_full", items.get("platform_pitch"))
    roll = items.get("platform_roll_full", items.get("platform_roll"))
    azimuth, elevation = items.get("sensor_azimuth"), items.get("sensor_elevation")
    if heading is None or pitch is None or roll is None or azimuth is None or elevation is None:
        return None, None, None
    sensor_roll = items.get("sensor_roll")
    rotation = _rotation(heading, pitch, roll) @ _rotation(azimuth, elevation, sensor_roll or 0.0)
    camera_pitch = math.degrees(math.asin(max(-1.0, min(1.0, -float(rotation[2, 0])))))
    camera_roll = math.degrees(math.atan2(rotation[2, 1], rotation[2, 2]))
    yaw = math.degrees(math.atan2(rotation[1, 0], rotation[0, 0])) % 360.0
    return camera_pitch, None if sensor_roll is None else camera_roll, yaw


def _rotation(yaw_deg: float, pitch_deg: float, roll_deg: float) -> Array:
    (cy, cp, cr), (sy, sp, sr) = (
        [f(math.radians(angle)) for angle in (yaw_deg, pitch_deg, roll_deg)] for f in (math.cos, math.sin)
    )
    return np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )


def _focal_mm(horizontal_field_deg: float | None) -> float | None:
    """35 mm equivalent of the camera table for a horizontal field of view; None for one no lens has."""
    if horizontal_field_deg is None or not 0 < horizontal_field_deg < 180:
        return None
    over_width = 0.5 / math.tan(math.radians(horizontal_field_deg) / 2)
    return over_width * NOMINAL_MM / NOMINAL_FOCAL_RATIO
