"""Every dialect of the table, and every trap, on cues written for the purpose."""

from datetime import UTC, datetime

import pytest

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryGrade, TelemetryRecord
from wideberth_distance.core.telemetry import read_telemetry

C_HEAD = '<font size="28">FrameCnt: {n}, DiffTime: 40ms\n2026-05-27 13:10:0{n}.015\n'
C2_HEAD = '<font size="36">SrtCnt : {n}, DiffTime : 33ms\n2022-08-07 13:40:4{n},774,808\n'
SHOT = "[iso: 200] [shutter: 1/6400.0] [fnum: 1.9] [ev: 0] "


def srt(*bodies: str, step_s: float = 0.04) -> bytes:
    cues = []
    for n, body in enumerate(bodies):
        start, end = n * step_s, (n + 1) * step_s
        cues.append(f"{n + 1}\n{clock(start)} --> {clock(end)}\n{body.format(n=n + 1)}\n")
    return "\n".join(cues).encode()


def clock(t_s: float) -> str:
    ms = round(t_s * 1000)
    return f"{ms // 3600000:02d}:{ms // 60000 % 60:02d}:{ms // 1000 % 60:02d},{ms % 1000:03d}"


def read(content: bytes, offset_h: float = 9.0) -> TelemetryRecord:
    return read_telemetry("x.SRT", content, offset_h)


POSITION = {"latitude": -20.2533, "longitude": 149.0251}
TABLE = [
    pytest.param(
        "HOME(149.0251,-20.2532) 2017.8.5 14:11:51\nGPS(149.0251,-20.2533,16) Hb:1.9 Hs:1.8\nISO:100 TV:60 EV: 0",
        "A0", "B", {**POSITION, "height_above_takeoff_m": 1.9}, id="A0 Hb is the barometer, Hs the sonar",
    ),
    pytest.param(
        "HOME(149.0251,-20.2532) 2017.08.05 14:11:51\nGPS(149.0251,-20.2533,16) BAROMETER:-1.9\nISO:100",
        "A1", "B", {**POSITION, "height_above_takeoff_m": -1.9}, id="A1 longitude first, negative height kept",
    ),
    pytest.param(
        "2022.06.21 16:06:17\nGPS(-20.2533,149.0251,0.0M) BAROMETER:0.3M",
        "A2", "B", {**POSITION, "height_above_takeoff_m": 0.3}, id="A2 latitude first",
    ),
    pytest.param(
        "F/2.8, SS 30.15, ISO 260, EV -1.7, GPS (149.0251, -20.2533, 17), D 221.21m, H 200.70m, H.S n/a, V.S n/a",
        "B1", "B", {**POSITION, "height_above_takeoff_m": 200.7}, id="B1 H is no H.S",
    ),
    pytest.param(
        "F/5.6, SS 400, ISO 100, EV +0.7, RTK (149.0251, -20.2533, 16), HOME (-59.4, -34.6, 7.60m), D 153.32m, "
        "H 17.39m, H.S 1.84m/s, V.S 0.00m/s, F.PRY (-8.9°, 2.9°, -75.0°), G.PRY (-27.3°, 0.5°, -76.0°)",
        "B2", "A", {**POSITION, "height_above_takeoff_m": 17.39, "pitch_deg": -27.3, "roll_deg": 0.5, "yaw_deg": -76.0},
        id="B2 gimbal not flight attitude, RTK fix",
    ),
    pytest.param(
        "No:{n}, F/2.8, SS 320, ISO 100, EV 0, Isp Info (1) GPS (149.0251, -20.2533, 15), D 0.61m, H 1.00m",
        "B3", "B", {**POSITION, "height_above_takeoff_m": 1.0}, id="B3 numbered rows",
    ),
    pytest.param(
        C2_HEAD + "[iso : 100] [shutter : 1/240.0] [fnum : 280] [ev : 0] [ct : 5627] </font>",
        "C0", "C", {}, id="C0 has the camera only",
    ),
    pytest.param(
        C2_HEAD + "[iso : 110] [fnum : 280] [focal_len : 280] [latitude : -20.2533] [longtitude : 149.0251] </font>",
        "C1", "C", {**POSITION, "focal_length_mm": 28.0}, id="C1 longtitude, focal length in tenths",
    ),
    pytest.param(
        C2_HEAD + "[iso : 100] [focal_len : 240] [latitude: -20.2533] [longitude: 149.0251] [altitude: 117.0] </font>",
        "C2", "C", {**POSITION, "absolute_height_m": 117.0, "focal_length_mm": 24.0}, id="C2 absolute is no height",
    ),
    pytest.param(
        C_HEAD + SHOT + "[focal_len: 24.00] [latitude: -20.2533] [longitude: 149.0251] "
        "[rel_alt: -2.400 abs_alt: 0.401] [ct: 5562, tint: 0] </font>",
        "C3", "B", {**POSITION, "height_above_takeoff_m": -2.4, "absolute_height_m": 0.401, "focal_length_mm": 24.0},
        id="C3 relative height",
    ),
    pytest.param(
        C_HEAD + SHOT + "[focal_len : 240] [dzoom_ratio: 20000, delta:0],[latitude: -20.2533] [longitude: 149.0251] "
        "[rel_alt: 10.0 abs_alt: 0.4] </font>",
        "C3z", "B",
        {**POSITION, "height_above_takeoff_m": 10.0, "absolute_height_m": 0.4, "focal_length_mm": 24.0,
         "zoom_ratio": 2.0},
        id="C3z zoom in ten-thousandths",
    ),
    pytest.param(
        C_HEAD + SHOT + "[focal_len: 24.00] [dzoom_ratio: 1.50], [latitude: -20.2533] [longitude: 149.0251] "
        "[rel_alt: 62.370 abs_alt: 227.373] [gb_yaw: -142.5 gb_pitch: -28.7 gb_roll: 0.0] </font>",
        "C4", "A",
        {**POSITION, "height_above_takeoff_m": 62.37, "absolute_height_m": 227.373, "pitch_deg": -28.7,
         "roll_deg": 0.0, "yaw_deg": -142.5, "focal_length_mm": 24.0, "zoom_ratio": 1.5}, id="C4 gimbal",
    ),
    pytest.param(
        C_HEAD + SHOT + "[focal_len: 24.00] [latitude: -20.2533] [longitude: 149.0251] [rel_alt: 0.0 abs_alt: 1.0] "
        "[drone_yaw: 1.0] [drone_pitch: 9.0] [gb_yaw: 10.0] [gb_pitch: -90.0] [gb_roll: 0.1] </font>",
        "C4", "A",
        {**POSITION, "height_above_takeoff_m": 0.0, "absolute_height_m": 1.0, "pitch_deg": -90.0, "roll_deg": 0.1,
         "yaw_deg": 10.0, "focal_length_mm": 24.0}, id="C4 three brackets, a true height of 0 stays",
    ),
    pytest.param(
        C_HEAD + SHOT + "[focal_len: 15.00] [latitude: -20.2533] [longitude: 149.0251] [altitude: 4.2] </font>",
        "D", "C", {**POSITION, "absolute_height_m": 42.0, "focal_length_mm": 15.0}, id="D a tenth of the truth",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "dialect", "grade", "values"), TABLE)
def test_a_dialect_reads(body: str, dialect: str, grade: str, values: dict[str, float]) -> None:
    record = read(srt(body, body, body))
    assert (record.dialect, record.grade.value, len(record.points)) == (dialect, grade, 3)
    for point in record.points:
        found = point.model_dump(exclude={"t_s", "captured_at"}, exclude_none=True)
        assert found == pytest.approx(values)


def test_local_time_becomes_utc_by_the_offset() -> None:
    point = read(srt(C_HEAD + SHOT + "[latitude: 1.0] [longitude: 2.0]"), offset_h=9.0).points[0]
    assert point.captured_at == datetime(2026, 5, 27, 4, 10, 1, 15000, tzinfo=UTC)


def test_milliseconds_and_microseconds_are_read() -> None:
    point = read(srt(C2_HEAD + "[iso : 100] [latitude: 1.0] [longitude: 2.0]"), offset_h=0.0).points[0]
    assert point.captured_at == datetime(2022, 8, 7, 13, 40, 41, 774808, tzinfo=UTC)


BODY = "HOME(149.0,-20.2) 2017.08.05 14:11:5{n}\nGPS(149.0251,-20.2533,16) BAROMETER:7.5"


@pytest.mark.parametrize(
    "recode",
    [
        pytest.param(lambda b: b.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(lambda b: b"\xef\xbb\xbf" + b, id="byte order mark"),
        pytest.param(lambda b: b.decode().encode("utf-16"), id="UTF-16 with mark"),
        pytest.param(lambda b: b.decode().encode("utf-16-le"), id="UTF-16 little endian"),
        pytest.param(lambda b: b.decode().encode("utf-16-be"), id="UTF-16 big endian"),
        pytest.param(lambda b: b.replace(b",000 -->", b".000 -->"), id="dots in times"),
        pytest.param(lambda b: b"\n\n" + b + b"\n\n\n", id="blank lines"),
    ],
)
def test_encodings_and_line_ends_do_not_matter(recode) -> None:
    plain = read(srt(BODY, BODY, BODY, step_s=1.0))
    assert read(recode(srt(BODY, BODY, BODY, step_s=1.0))).points == plain.points


def test_a_degree_sign_in_latin_1_is_no_obstacle() -> None:
    body = "F/5.6, SS 400, GPS (149.0, -20.2, 16), D 1.0m, H 17.39m, G.PRY (-27.3°, 0.0°, -76.0°)"
    assert read(srt(body).decode().encode("latin-1")).points[0].pitch_deg == -27.3


@pytest.mark.parametrize("fix", ["0.0,0.0", "N/A,N/A", "n/a,n/a"])
def test_before_the_fix_there_is_no_position(fix: str) -> None:
    before = f"HOME(149.0,-20.2) 2017.08.05 14:11:51\nGPS({fix},0) BAROMETER:7.5"
    record = read(srt(before, BODY, step_s=1.0))
    assert record.points[0].latitude is None
    assert record.points[0].longitude is None
    assert record.points[0].height_above_takeoff_m == 7.5
    assert any("line 2" in w and "no GPS fix" in w for w in record.warnings)


def test_a_position_off_the_earth_is_set_aside_with_a_warning() -> None:
    record = read(srt("GPS(10.0,95.0,16) BAROMETER:7.5"))
    assert record.points[0].latitude is None
    assert "not on Earth" in record.warnings[0]


def test_repeated_and_missing_frames_are_named() -> None:
    cue = '<font size="28">FrameCnt: {k}, DiffTime: 40ms\n2026-05-27 13:10:00.{k:03d}\n[rel_alt: 5.0 abs_alt: 1.0]'
    record = read(srt(cue.format(k=1), cue.format(k=1), cue.format(k=2), cue.format(k=5)))
    assert [round(p.t_s, 2) for p in record.points] == [0.0, 0.08, 0.12]
    assert any("1 rows repeat" in w for w in record.warnings)
    assert any("2 frames have no telemetry" in w for w in record.warnings)


def test_a_gimbal_of_zeros_is_unknown_not_level() -> None:
    body = C_HEAD + SHOT + "[rel_alt: 60.0 abs_alt: 1.0] [gb_yaw: 0.0 gb_pitch: 0.0 gb_roll: 0.0]"
    record = read(srt(body, body))
    assert record.points[0].pitch_deg is None
    assert record.grade is TelemetryGrade.B
    assert any("0, 0, 0" in w for w in record.warnings)


def test_grade_needs_nine_rows_of_ten() -> None:
    whole = C_HEAD + "[rel_alt: 60.0 abs_alt: 1.0] [gb_yaw: 1.0 gb_pitch: -30.0 gb_roll: 0.0]"
    part = C_HEAD + "[rel_alt: 60.0 abs_alt: 1.0]"
    nine = [whole.replace("0{n}", f"0{n}") for n in range(9)]
    assert read(srt(*nine, part)).grade is TelemetryGrade.A
    assert read(srt(*nine[:8], part, part)).grade is TelemetryGrade.B


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param(b"", "line 1", id="empty"),
        pytest.param(b"\xef\xbb\xbf\r\n\r\n", "line 1", id="mark and blank lines"),
        pytest.param(b"1\n", "line 1", id="a number alone"),
        pytest.param(b"\n\n1\n00:00:00,000 --> 00:00:01,000\nHello there\n", "line 4", id="subtitles of a film"),
        pytest.param(b"\x00\x01\x02\x03ftypmp42" * 40, "byte 0", id="a video"),
        pytest.param(b"time,altitude\n0,1\n", "line 1", id="an unknown table"),
    ],
)
def test_what_is_no_telemetry_is_refused_by_name_and_line(content: bytes, line: str) -> None:
    with pytest.raises(UnreadableTelemetry) as caught:
        read(content)
    assert caught.value.where is not None
    assert caught.value.where.startswith("x.SRT")
    assert line in caught.value.where
    assert caught.value.remedy
