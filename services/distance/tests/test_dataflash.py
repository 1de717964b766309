"""DataFlash logs, written here by the letters of ArduPilot's log format."""

import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry import read_telemetry

TYPES = {"Q": "Q", "I": "I", "H": "H", "B": "B", "L": "i", "f": "f", "c": "h", "Z": "64s"}
KINDS = {
    "GPS": (1, "QBBIHLLf", "TimeUS,I,Status,GMS,GWk,Lat,Lng,Alt"),
    "ATT": (2, "Qccc", "TimeUS,Roll,Pitch,Yaw"),
    "MNT": (3, "QBffffff", "TimeUS,I,DesRoll,Roll,DesPitch,Pitch,YawB,YawE"),
    "POS": (4, "QLLfff", "TimeUS,Lat,Lng,Alt,RelHomeAlt,RelOriginAlt"),
    "MSG": (5, "QZ", "TimeUS,Message"),
}
NAN = math.nan
# 2026-05-28 20:26:40 UTC is second 419,218 of GPS week 2420.
WEEK, MS = 2420, 419_218_000


def announced() -> bytes:
    said = b"\xa3\x95\x80" + struct.pack("<BB4s16s64s", 128, 89, b"FMT", b"BBnNZ", b"Type,Length,Name,Format,Columns")
    for name, (number, letters, columns) in KINDS.items():
        length = 3 + struct.calcsize("<" + "".join(TYPES[letter] for letter in letters))
        texts = (name.encode(), letters.encode(), columns.encode())
        said += b"\xa3\x95\x80" + struct.pack("<BB4s16s64s", number, length, *texts)
    return said


def message(name: str, *values: float | bytes) -> bytes:
    number, letters, _ = KINDS[name]
    return b"\xa3\x95" + bytes([number]) + struct.pack("<" + "".join(TYPES[each] for each in letters), *values)


def position(at_us: int, height_m: float = 60.1) -> bytes:
    return message("POS", at_us, 332_000_000, -1_265_000_000, 71.4, height_m, 60.0)


LOG = (
    announced()
    + message("GPS", 5_000_000, 0, 3, MS + 5_000, WEEK, 332_000_000, -1_265_000_000, 71.4)
    + message("MSG", 5_000_000, b"ArduCopter")
    + message("ATT", 5_100_000, 50, -200, 9000)
    + message("MNT", 5_100_000, 0, 0, 0.5, 0, -30.5, 10.0, NAN)
    + message("MNT", 5_100_000, 1, 0, 0.5, 0, -88.0, 10.0, NAN)
    + position(5_200_000)
    + message("MNT", 5_300_000, 0, 0, NAN, 0, -31.5, 10.0, 123.0)
    + position(5_400_000, 61.0)
)


def read(content: bytes) -> TelemetryRecord:
    return read_telemetry("00000012.BIN", content, 9.0)


def test_positions_with_the_attitude_of_the_first_mount() -> None:
    record = read(LOG)
    assert (record.dialect, record.grade.value, [p.t_s for p in record.points]) == ("dataflash", "A", [0.0, 0.2])
    first, second = record.points
    assert (first.latitude, first.longitude) == (33.2, -126.5)
    assert (first.height_above_takeoff_m, first.absolute_height_m) == pytest.approx((60.1, 71.4))
    assert (first.pitch_deg, first.roll_deg, first.yaw_deg) == (-30.5, 0.5, 100.0)
    assert (second.pitch_deg, second.roll_deg, second.yaw_deg) == (-31.5, None, 123.0)
    assert first.captured_at is not None
    assert first.captured_at.isoformat() == "2026-05-28T20:26:45.200000+00:00"


def test_an_old_attitude_and_no_fix_are_no_values() -> None:
    without_fix = LOG.replace(message("GPS", 5_000_000, 0, 3, MS + 5_000, WEEK, 332_000_000, -1_265_000_000, 71.4), b"")
    record = read(without_fix + position(9_000_000))
    assert record.points[2].pitch_deg is None
    assert record.points[0].captured_at is None


def test_bytes_of_no_message_are_passed_over_and_named() -> None:
    start = len(LOG) - len(position(0))
    record = read(LOG[:start] + b"\x00" * 11 + LOG[start:])
    assert len(record.points) == 2
    assert any(f"byte {start}: bytes of no message announced, 1 times" in w for w in record.warnings)


def test_a_log_without_positions_is_refused() -> None:
    with pytest.raises(UnreadableTelemetry, match="no telemetry in it"):
        read(announced())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(LOG) - 1), st.integers(0, 255)), max_size=12), st.integers(0, len(LOG)))
def test_no_damage_crashes_the_reader(flips: list[tuple[int, int]], end: int) -> None:
    content = bytearray(LOG[:end])
    for at, byte in flips:
        if at < end:
            content[at] = byte
    try:
        record = read(bytes(content))
    except UnreadableTelemetry:
        return
    assert all(math.isfinite(point.t_s) for point in record.points)
    assert all(abs(point.latitude or 0) <= 90 for point in record.points)
