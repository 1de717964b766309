"""MISB ST 0601: packets made by the standard's arithmetic, the official one where it is here, and KLV in a stream."""

import io
import math
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_distance.core.telemetry import read_telemetry
from wideberth_distance.core.telemetry.klv import camera_attitude_deg
from wideberth_distance.core.telemetry.klv_items import SCALES, UAS_KEY, checksum

DATA = Path(__file__).parents[4] / "shared" / "data" / "telemetry" / "klv"
AT_US = 1_780_000_000_000_000
ANGLES = {"platform_heading": 90.0, "platform_pitch": 0.0, "platform_roll": 0.0, "sensor_azimuth": 30.0,
          "sensor_elevation": -40.0, "sensor_roll": 0.0}  # fmt: skip
PLACE = {"latitude": -33.2, "longitude": -126.5, "altitude": 71.0, "horizontal_field": 60.0}


def packet(values: dict[str, float], at_us: int | None = AT_US, *, tail: bytes | None = None) -> bytes:
    """A packet of the local set by the arithmetic of ST 0601, section 8."""
    body = b"" if at_us is None else b"\x02\x08" + at_us.to_bytes(8, "big")
    by_name = {scale.name: (tag, scale) for tag, scale in SCALES.items()}
    for name, value in values.items():
        tag, scale = by_name[name]
        steps = 2 ** (8 * scale.size) - (2 if scale.signed else 1)
        raw = round((value if scale.signed else value - scale.low) / (scale.high - scale.low) * steps)
        body += bytes([tag, scale.size]) + raw.to_bytes(scale.size, "big", signed=scale.signed)
    start = UAS_KEY + bytes([0x81, len(body) + 4]) + body + b"\x01\x02"
    return start + (checksum(start).to_bytes(2, "big") if tail is None else tail)


def test_position_attitude_and_field_of_view() -> None:
    record = read_telemetry("a.klv", packet(PLACE | ANGLES) + packet(PLACE | ANGLES, AT_US + 250_000), 9.0)
    assert (record.dialect, record.grade.value, [p.t_s for p in record.points]) == ("klv", "B", [0.0, 0.25])
    point = record.points[0]
    assert (point.latitude, point.longitude) == pytest.approx((-33.2, -126.5), abs=1e-6)
    assert point.absolute_height_m == pytest.approx(71, abs=0.2)
    assert point.height_above_takeoff_m is None
    assert (point.pitch_deg, point.roll_deg, point.yaw_deg) == pytest.approx((-40, 0, 120), abs=1e-2)
    assert point.focal_length_mm == pytest.approx(24 * 3840 / 2665 / 2 / math.tan(math.radians(30)), rel=1e-3)


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no real telemetry at {DATA}")
def test_the_official_packet() -> None:
    """ST 0902, annex: 60.176822966978335, 128.42675904204452, altitude 14,190.72 m."""
    point = read_telemetry("a.bin", (DATA / "DynamicOnlyMISMMSPacketData.bin").read_bytes(), 9.0).points[0]
    assert (point.latitude, point.longitude) == (60.176822966978335, 128.42675904204452)
    assert point.absolute_height_m == pytest.approx(14190.7195)
    assert point.captured_at is not None
    assert point.captured_at.isoformat() == "2009-01-12T22:08:22+00:00"


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no real telemetry at {DATA}")
def test_the_longer_official_packet_has_a_wrong_checksum_and_reads_once_that_is_mended() -> None:
    content = (DATA / "DynamicConstantMISMMSPacketData.bin").read_bytes()
    with pytest.raises(UnreadableTelemetry, match="checksum is wrong"):
        read_telemetry("a.bin", content, 9.0)
    mended = content[:-2] + checksum(content[:-2]).to_bytes(2, "big")
    assert read_telemetry("a.bin", mended, 9.0).points[0].latitude == pytest.approx(60.1768, abs=1e-4)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(packet(PLACE, tail=b"\x00\x00"), "byte 0: a packet whose checksum is wrong", id="checksum"),
        pytest.param(packet(PLACE)[:-20], "cut off", id="cut off"),
        pytest.param(packet(PLACE, None), "without a time", id="no time"),
        pytest.param(UAS_KEY + b"\x03\x02\x08\x00", "overrun", id="overrun"),
        pytest.param(UAS_KEY + b"\x03\x0d\x01\x00", "without a checksum", id="no checksum"),
        pytest.param(UAS_KEY[:4] + bytes(60), "no packet of MISB ST 0601", id="another key"),
    ],
)
def test_what_cannot_be_believed_is_refused_by_byte_and_reason(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableTelemetry, match=words):
        read_telemetry("a.klv", content, 9.0)


def test_a_bad_packet_among_good_ones_is_named() -> None:
    good = packet(PLACE)
    content = b"noise" + good + packet(PLACE, AT_US + 1, tail=b"\x00\x00") + packet(PLACE, AT_US + 2)
    record = read_telemetry("a.klv", content, 9.0)
    assert len(record.points) == 2
    assert any(f"byte {5 + len(good)}: a packet whose checksum is wrong" in w for w in record.warnings)


def test_out_of_range_is_no_value() -> None:
    raw = bytearray(packet(PLACE))
    at = raw.index(b"\x0d\x04")
    raw[at + 2 : at + 6] = b"\x80\x00\x00\x00"
    content = bytes(raw[:-2]) + checksum(bytes(raw[:-2])).to_bytes(2, "big")
    record = read_telemetry("a.klv", content, 9.0)
    assert record.points[0].latitude is None
    assert any("latitude out of range" in w for w in record.warnings)


def test_without_all_angles_there_is_no_attitude() -> None:
    some = {name: value for name, value in ANGLES.items() if name != "sensor_elevation"}
    assert camera_attitude_deg(some) == (None, None, None)
    without_roll = {name: value for name, value in ANGLES.items() if name != "sensor_roll"}
    assert camera_attitude_deg(without_roll)[1] is None


@given(
    st.tuples(st.floats(0, 359), st.floats(-19, 19), st.floats(-49, 49)),
    st.tuples(st.floats(0, 359), st.floats(-89, 60), st.floats(-89, 89)),
)
def test_attitude_is_the_product_of_both_rotations(platform, sensor) -> None:
    names = ("platform_heading", "platform_pitch", "platform_roll", "sensor_azimuth", "sensor_elevation", "sensor_roll")
    pitch, roll, yaw = camera_attitude_deg(dict(zip(names, (*platform, *sensor), strict=True)))
    product = Rotation.from_euler("ZYX", platform, degrees=True) * Rotation.from_euler("ZYX", sensor, degrees=True)
    found = Rotation.from_euler("ZYX", (yaw, pitch, roll), degrees=True)
    assert (found.inv() * product).magnitude() < 1e-6


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-899, 18_999))
def test_numbers_come_back_to_half_a_bit(latitude, longitude, altitude) -> None:
    place = {"latitude": latitude, "longitude": longitude, "altitude": altitude}
    point = read_telemetry("a.klv", packet(place), 9.0).points[0]
    if latitude or longitude:
        assert point.latitude is None or point.latitude == pytest.approx(latitude, abs=5e-8)
        assert point.longitude is None or point.longitude == pytest.approx(longitude, abs=1e-7)
    assert point.absolute_height_m == pytest.approx(altitude, abs=0.16)


def transport_stream(packets: list[bytes]) -> bytes:
    """An MPEG transport stream, 25 frames a second, with a packet 10 ms after each frame."""
    file = io.BytesIO()
    with av.open(file, "w", format="mpegts") as container:
        video = container.add_stream("mpeg2video", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        data = container.add_data_stream("klv")
        data.time_base = Fraction(1, 90_000)
        for index, content in enumerate(packets):
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
            for encoded in video.encode(frame):
                container.mux(encoded)
            metadata = av.Packet(content)
            metadata.stream, metadata.time_base = data, Fraction(1, 90_000)
            metadata.pts = metadata.dts = index * 3600 + 900
            container.mux(metadata)
        for encoded in video.encode():
            container.mux(encoded)
    return file.getvalue()


def test_klv_in_a_transport_stream_has_the_times_of_the_video() -> None:
    packets = [packet(PLACE | ANGLES, AT_US + 7_000_000 * k) for k in range(6)]
    record = read_telemetry("flight.ts", transport_stream(packets), 9.0)
    assert (record.file, record.dialect) == ("flight.ts (data stream)", "klv")
    # FFmpeg's muxer starts the pictures one frame late, which is the zero here.
    steps = np.diff([p.t_s for p in record.points])
    assert len(record.points) == 6
    assert steps == pytest.approx(np.full(5, 0.04), abs=1e-4)
    assert abs(record.points[0].t_s) < 0.06


def test_a_transport_stream_without_klv_is_refused() -> None:
    with pytest.raises(UnreadableTelemetry, match="without KLV"):
        read_telemetry("flight.ts", transport_stream([b"nothing of the kind"] * 3), 9.0)


def test_a_transport_stream_cut_to_pieces_is_refused() -> None:
    with pytest.raises(UnreadableTelemetry):
        read_telemetry("flight.ts", (b"\x47" + bytes(187)) * 4, 9.0)
