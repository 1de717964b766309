"""Flight logs: each layout of the table with its units, clocks and recording flag, and rows that cannot be read."""

from datetime import UTC, datetime

import pytest

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry import read_telemetry

FLIGHT_READER = (
    "sep=,\n"
    "CUSTOM.date [local],CUSTOM.updateTime [local],OSD.flyTime,OSD.flyTime [s],OSD.latitude,OSD.longitude,"
    "OSD.height [ft],OSD.altitude [ft],OSD.hSpeed [MPH],GIMBAL.pitch,GIMBAL.roll,GIMBAL.yaw,GIMBAL.yaw [360],"
    "CAMERA.isVideo,APP.message\n"
    '6/13/2026,1:00:00.12 PM,0m 0s,0,33.2,126.5,0,98.4,0.0,-30.5,0.0,-12.0,348.0,False,"Take off, please"\n'
    "6/13/2026,1:00:00.22 PM,0m 0.1s,0.1,33.2,126.5,100,198.4,2.5,-30.4,0.1,-12.0,348.0,True,\n"
    "6/13/2026,1:00:00.32 PM,0m 0.2s,0.2,33.2,126.5,200,298.4,2.5,-30.3,0.1,-12.0,348.0,True,\n"
)
AIRDATA = (
    "time(millisecond),datetime(utc),latitude,longitude,height_above_takeoff({u}),altitude_above_seaLevel({u}),"
    "speed({v}), compass_heading(degrees), pitch(degrees),isPhoto,isVideo,gimbal_heading(degrees),"
    "gimbal_pitch(degrees),gimbal_roll(degrees),message\n"
    "0,2026-06-13 04:00:00,0,0,0,10,0,269.6, 2.3,0,0,270.2,0,0,\n"
    "100,2026-06-13 04:00:00,33.2,126.5,100,110,5,280.6, -0.6,0,1,115.8,-45.5,0.2,\n"
)
FRAMES = (
    "CUSTOM.dateTime,OSD.flyTime,OSD.latitude,OSD.longitude,OSD.height,OSD.altitude,GIMBAL.pitch,GIMBAL.roll,"
    "GIMBAL.yaw,CAMERA.isVideo\n"
    "2026-06-13T04:00:00.120000+00:00,0.1,33.2,126.5,60.5,71,-30.5,0,-12,false\n"
    "2026-06-13T04:00:00.220000+00:00,0.2,33.2,126.5,60.6,71,-30.4,0,-12,true\n"
)


LAST = FLIGHT_READER.splitlines()[-1]


def read(text: str, offset_h: float = 9.0) -> TelemetryRecord:
    return read_telemetry("log.csv", text.encode(), offset_h)


def test_flight_reader_names_its_time_twice_and_writes_feet_and_twelve_hours() -> None:
    record = read(FLIGHT_READER)
    assert (record.dialect, record.grade.value, len(record.points)) == ("flightreader", "A", 3)
    assert [p.height_above_takeoff_m for p in record.points] == pytest.approx([0, 30.48, 60.96])
    assert [p.t_s for p in record.points] == pytest.approx([-0.1, 0.0, 0.1])
    assert [p.recording for p in record.points] == [False, True, True]
    assert (record.points[0].pitch_deg, record.points[0].yaw_deg) == (-30.5, -12.0)
    assert record.points[0].captured_at == datetime(2026, 6, 13, 4, 0, 0, 120_000, tzinfo=UTC)
    assert record.points[0].absolute_height_m is None


def test_a_date_that_may_be_either_way_round_is_said_to_be_guessed() -> None:
    record = read(FLIGHT_READER.replace("6/13/2026", "6/11/2026"))
    assert record.points[0].captured_at == datetime(2026, 6, 11, 4, 0, 0, 120_000, tzinfo=UTC)
    assert any("line 3" in w and "month/day/year" in w for w in record.warnings)
    assert read(FLIGHT_READER.replace("6/13/2026", "13/6/2026")).points == read(FLIGHT_READER).points


@pytest.mark.parametrize(("unit", "speed", "metres"), [("feet", "mph", 30.48), ("meters", "m/s", 100.0)])
def test_airdata_obeys_the_unit_of_its_header(unit: str, speed: str, metres: float) -> None:
    record = read(AIRDATA.format(u=unit, v=speed))
    last = record.points[-1]
    assert last.height_above_takeoff_m == pytest.approx(metres)
    assert last.absolute_height_m == pytest.approx(metres * 1.1)
    assert (last.pitch_deg, last.roll_deg, last.yaw_deg, last.recording) == (-45.5, 0.2, 115.8, True)
    # The clock is UTC whatever the offset; its heading is the gimbal's, not the compass of the drone.
    assert last.captured_at == datetime(2026, 6, 13, 4, 0, tzinfo=UTC)
    assert record.points[0].latitude is None


def test_frames_of_a_decoded_record_are_in_metres_and_seconds() -> None:
    record = read(FRAMES)
    assert (record.dialect, record.grade.value) == ("dji_frames", "A")
    assert [p.height_above_takeoff_m for p in record.points] == [60.5, 60.6]
    assert [p.recording for p in record.points] == [False, True]
    assert record.points[0].captured_at == datetime(2026, 6, 13, 4, 0, 0, 120_000, tzinfo=UTC)


def test_a_log_without_the_flag_says_nothing_of_recording() -> None:
    without = "\n".join(",".join(line.split(",")[:-1]) for line in FRAMES.splitlines()) + "\n"
    record = read(without)
    assert [p.recording for p in record.points] == [None, None]
    assert any("names no recording" in w for w in record.warnings)


def test_a_unit_that_is_not_known_is_refused() -> None:
    with pytest.raises(UnreadableTelemetry, match=r"line 2: column OSD.height has the unit 'furlongs'"):
        read(FLIGHT_READER.replace("OSD.height [ft]", "OSD.height [furlongs]"))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        pytest.param("6/13/2026,1:00:00.42 PM,0m,0.3,33.2", "line 6: 1 rows cut short", id="cut short"),
        pytest.param(LAST.replace(",0.2,33.2", ",x,33.2"), "line 6: 1 rows", id="no time"),
        pytest.param('6/13/2026,"1:00:00.42 PM,0m 0.3s', "line 6: 1 rows cut short", id="a quote left open"),
        pytest.param(LAST.replace(",0.2,33.2", ",0.3,3x.2"), "line 6: latitude", id="latitude"),
        pytest.param(LAST.replace("0.2,33.2,126.5,200", "0.3,33.2,126.5,2OO"), "line 6: height",
                     id="height"),
        pytest.param(LAST.replace("0.2,", "0.3,").replace("True", "Perhaps"), "line 6: a state",
                     id="recording"),
        pytest.param(LAST.replace("0.2,", "0.3,").replace("-30.3", "-1e9"), "line 6: pitch_deg",
                     id="a pitch no gimbal has"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_and_nothing_else_is_lost(row: str, words: str) -> None:
    good = read(FLIGHT_READER)
    record = read(FLIGHT_READER + row + "\n")
    assert record.points[:3] == good.points
    assert any(words in warning for warning in record.warnings), record.warnings


def test_only_a_header_is_refused() -> None:
    with pytest.raises(UnreadableTelemetry, match="no telemetry in it"):
        read(FRAMES.splitlines()[0] + "\n")


def test_a_semicolon_is_obeyed_where_the_file_names_it() -> None:
    text = FLIGHT_READER.replace('"Take off, please"', "").replace(",", ";")
    assert read(text).points == read(FLIGHT_READER).points
