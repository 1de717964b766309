"""MAVLink logs: frames written by pymavlink 2.4.50, and damage to them."""

import pytest

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_distance.core.telemetry import read_telemetry
from wideberth_distance.core.telemetry.mavlink_frames import crc_x25

# ATTITUDE (heading 90), MOUNT_ORIENTATION (roll 0.5, pitch -30, yaw 10, absolute 100), GLOBAL_POSITION_INT,
# HEARTBEAT (not read), GIMBAL_DEVICE_ATTITUDE_STATUS (pitch -30, yaw of the vehicle), 0.5 to 3.5 ms apart.
RECORDS = bytes.fromhex(
    "000652e68bb34000fd1000000001011e0000000000000ad7233c0ad7a3bcdb0fc93fa7e1000652e68bb343e8fd1400000101"
    "01090100000000000000003f0000f0c1000020410000c842bd21000652e68bb347d0fd1c00000201012100000000000000eb"
    "c913405e664be8160100c4ea00000000000000002823db89000652e68bb34bb8fd0900000301010000000000000002030004"
    "036b4d000652e68bb34dacfd2500000401011d010000000000ea46773f00000000ee8384be00000000000000000000000000"
    "00000000000000200095"
)
STAMP = 1_780_000_000_000_000


def later(records: bytes, by_us: int) -> bytes:
    """The same frames with other time stamps, which no checksum covers."""
    stamp = int.from_bytes(records[:8], "big")
    assert stamp == STAMP
    return b"".join(
        (int.from_bytes(records[at : at + 8], "big") + by_us).to_bytes(8, "big") + records[at + 8 : end]
        for at, end in zip(STARTS, [*STARTS[1:], len(records)], strict=True)
    )


STARTS = [at for at in range(len(RECORDS)) if RECORDS.startswith(STAMP.to_bytes(8, "big")[:6], at)]


def test_a_log_written_by_pymavlink() -> None:
    record = read_telemetry("flight.tlog", RECORDS + later(RECORDS, 100_000), 9.0)
    assert (record.dialect, record.grade.value, len(record.points)) == ("mavlink", "A", 2)
    point = record.points[0]
    assert (point.latitude, point.longitude) == (33.2, 126.5)
    assert (point.height_above_takeoff_m, point.absolute_height_m) == (60.1, 71.4)
    assert (point.pitch_deg, point.roll_deg, point.yaw_deg) == (-30.0, 0.5, 100.0)
    assert point.captured_at is not None
    assert point.captured_at.isoformat() == "2026-05-28T20:26:40.002000+00:00"
    assert record.points[1].t_s == pytest.approx(0.1)


def test_a_gimbal_that_counts_from_the_nose_is_turned_to_north() -> None:
    """The second row's latest attitude is that of the gimbal device: pitch -30, straight ahead, nose to the east."""
    second = read_telemetry("flight.tlog", RECORDS + later(RECORDS, 100_000)[STARTS[2] :], 9.0).points[1]
    assert (second.pitch_deg, second.yaw_deg) == pytest.approx((-30.0, 90.0), abs=1e-4)


def test_an_old_attitude_belongs_to_no_position() -> None:
    record = read_telemetry("flight.tlog", RECORDS + later(RECORDS, 5_000_000)[STARTS[2] :], 9.0)
    assert record.points[1].pitch_deg is None


def test_a_wrong_checksum_is_passed_over_and_named() -> None:
    broken = bytearray(RECORDS + later(RECORDS, 100_000))
    broken[STARTS[2] + 20] ^= 1
    record = read_telemetry("flight.tlog", bytes(broken), 9.0)
    assert len(record.points) == 1
    assert any(f"byte {STARTS[2]}" in warning and "checksum" in warning for warning in record.warnings)


def test_bytes_that_are_no_frame_are_passed_over() -> None:
    record = read_telemetry("flight.tlog", RECORDS + b"\x00" * 37 + later(RECORDS, 100_000), 9.0)
    assert len(record.points) == 2
    assert any("no MAVLink frame" in warning for warning in record.warnings)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(RECORDS[: STARTS[2]], "no telemetry in it", id="no position"),
        pytest.param(b"\xa3\x95\x80" + bytes(100), "DataFlash", id="DataFlash"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableTelemetry, match=words):
        read_telemetry("flight.tlog", content, 9.0)


def test_the_checksum_is_that_of_the_protocol() -> None:
    assert crc_x25(b"123456789") == 0x6F91
