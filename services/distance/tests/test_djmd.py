"""The djmd track as ExifTool prints it: constructed on the names of ExifTool 13.59's DJI.pm and the form of its output.

No recording of a DJI drone was at hand.
"""

import json

import pytest

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry import read_telemetry

SAMPLE = {
    "SampleTime": 0, "SampleDuration": 0.04, "FrameNumber": 1, "DigitalZoom": 1, "GPSLatitude": 33.2,
    "GPSLongitude": 126.5, "AbsoluteAltitude": 71.4, "RelativeAltitude": 60.1, "GimbalPitch": -30.1, "GimbalRoll": 0.2,
    "GimbalYaw": 12,
}  # fmt: skip


def printed(*samples: dict[str, object]) -> bytes:
    tags = {"SourceFile": "DJI_0001.MP4", "Main:Duration": 0.2, "Main:HandlerDescription": "DJI meta"}
    for number, sample in enumerate(samples, start=1):
        tags |= {f"Doc{number}:{name}": value for name, value in sample.items()}
    return json.dumps([tags], indent=1).encode()


def later(seconds: float, **changed: object) -> dict[str, object]:
    sample = {**SAMPLE, "SampleTime": seconds, "FrameNumber": 1 + round(seconds * 25), **changed}
    return {name: value for name, value in sample.items() if value is not None}


def read(content: bytes) -> TelemetryRecord:
    return read_telemetry("DJI_0001.MP4 (djmd track)", content, 9.0)


def test_a_sample_is_a_row() -> None:
    record = read(printed(later(0.0), later(0.04, GimbalPitch=-30), later(0.08)))
    assert (record.dialect, record.grade.value, [p.t_s for p in record.points]) == ("djmd", "A", [0.0, 0.04, 0.08])
    found = record.points[0].model_dump(exclude_none=True)
    assert found == {
        "t_s": 0.0, "latitude": 33.2, "longitude": 126.5, "height_above_takeoff_m": 60.1, "absolute_height_m": 71.4,
        "pitch_deg": -30.1, "roll_deg": 0.2, "yaw_deg": 12.0, "zoom_ratio": 1.0,
    }  # fmt: skip


def test_an_angle_of_0_is_not_written_by_protobuf() -> None:
    record = read(printed(later(0.0, GimbalRoll=None), later(0.04, GimbalPitch=None, GimbalRoll=None)))
    assert [(p.pitch_deg, p.roll_deg) for p in record.points] == [(-30.1, 0.0), (0.0, 0.0)]


def test_a_model_without_gimbal_or_height_has_none() -> None:
    nothing = {"GimbalPitch": None, "GimbalRoll": None, "GimbalYaw": None, "RelativeAltitude": None}
    record = read(printed(later(0.0, **nothing), later(0.04, **nothing)))
    assert record.grade.value == "C"
    assert (record.points[0].pitch_deg, record.points[0].height_above_takeoff_m) == (None, None)


def test_lost_samples_and_samples_of_other_tracks_are_named() -> None:
    record = read(printed(later(0.0), {"SampleTime": 0.04, "Protocol": "dbginfo_wa341.proto"}, later(0.12)))
    assert len(record.points) == 2
    assert any("1 of 3 samples hold no telemetry" in w for w in record.warnings)
    assert any("2 frames have no telemetry" in w for w in record.warnings)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b'[{"SourceFile": "a.MP4", "Main:Duration": 3}]', "no sample", id="no samples"),
        pytest.param(printed({"SampleTime": 0, "Protocol": "dvtm_new.proto"}), "no sample", id="a model not known"),
        pytest.param(printed(SAMPLE)[:-20], "JSON that is broken", id="cut off"),
        pytest.param(printed(SAMPLE).replace(b"-30.1", b"NaN"), "JSON that is broken", id="no number"),
        pytest.param(b"[{" * 100_000, "JSON that is broken", id="nested without end"),
        pytest.param(b'[{"Doc1:SampleTime": 1e999}]', "no sample", id="infinite"),
    ],
)
def test_what_is_no_telemetry_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableTelemetry, match=words):
        read(content)


def test_a_position_of_0_0_and_text_for_a_number_are_doubted() -> None:
    record = read(printed(later(0.0, GPSLatitude=0, GPSLongitude=0), later(0.04, GimbalPitch="err")))
    assert record.points[0].latitude is None
    assert record.points[1].pitch_deg is None
    assert any("document 1: no GPS fix yet (0, 0)" in w for w in record.warnings)
    assert any("document 2: GimbalPitch is no number" in w for w in record.warnings)
