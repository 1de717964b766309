"""Damaged text: a value is read whole or not at all, the rest of the file is kept, and the line is named."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry import read_telemetry
from wideberth_distance.core.telemetry.plausible import RANGES


def clock(t_s: float) -> str:
    ms = round(t_s * 1000)
    return f"{ms // 3600000:02d}:{ms // 60000 % 60:02d}:{ms // 1000 % 60:02d},{ms % 1000:03d}"


def srt(*bodies: str, step_s: float = 1.0) -> str:
    return "".join(
        f"{n + 1}\n{clock(n * step_s)} --> {clock((n + 1) * step_s)}\n{body}\n\n" for n, body in enumerate(bodies)
    )


def read(text: str) -> TelemetryRecord:
    return read_telemetry("x.SRT", text.encode(), 9.0)


HOME = "HOME(149.0,-20.2) 2017.08.05 14:11:51\nGPS(149.0251,-20.2533,16) BAROMETER:20.1\nISO:100"
FLAT = ("F/5.6, SS 400, ISO 100, GPS (149.0251, -20.2533, 16), D 1.0m, H 17.39m, H.S 0.0m/s, "
        "G.PRY (-27.3°, 0.5°, -76.0°)")  # fmt: skip
BRACKET = ("2026-05-27 13:10:01.015\n[focal_len: 24.00] [dzoom_ratio: 1.00], [latitude: -20.2533] "
           "[longitude: 149.0251] [rel_alt: 62.370 abs_alt: 7.373] [gb_yaw: -142.5 gb_pitch: -28.7 gb_roll: 0.0] "
           "</font>")  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        pytest.param(HOME.replace("20.1", "2O.1"), "height_above_takeoff_m", "BAROMETER is no number", id="letter O"),
        pytest.param(HOME.replace("20.1", "20.1ft"), "height_above_takeoff_m", "BAROMETER is no number", id="feet"),
        pytest.param(HOME.replace("149.0251", "149.0.251"), "latitude", "longitude is no number", id="two points"),
        pytest.param(HOME.replace("GPS(149", "GPS{149"), "latitude", "no GPS(…) that can be read", id="no bracket"),
        pytest.param(FLAT.replace("17.39m", "17.39ft"), "height_above_takeoff_m", "H is no number of", id="H feet"),
        pytest.param(FLAT.replace("-27.3°", "-2x.3°"), "pitch_deg", "G.PRY is no number", id="gimbal"),
        pytest.param(FLAT.replace("G.PRY (", "G.PRY "), "pitch_deg", "G.PRY that cannot be read", id="gimbal bracket"),
        pytest.param(BRACKET.replace("62.370", "6#.37"), "height_above_takeoff_m", "rel_alt is no", id="rel_alt"),
        pytest.param(BRACKET.replace("-28.7", "--28.7"), "pitch_deg", "gb_pitch is no number", id="gb_pitch"),
        pytest.param(BRACKET.replace("-28.7", "-287"), "pitch_deg", "pitch_deg outside", id="pitch out of range"),
        pytest.param(BRACKET.replace("62.370", "99999"), "height_above_takeoff_m", "outside", id="height out of range"),
        pytest.param(BRACKET.replace("latitude", "lat1tude"), "latitude", "stands alone", id="key"),
        pytest.param(BRACKET.replace("24.00", "0.00"), "focal_length_mm", None, id="a focal length of 0 is unknown"),
        pytest.param(BRACKET.replace("62.370", "n/a"), "height_above_takeoff_m", None, id="n/a is no doubt"),
    ],
)  # fmt: skip
def test_a_value_is_a_number_as_a_whole_or_none(body: str, field: str, words: str | None) -> None:
    whole = next(each for each in (HOME, FLAT, BRACKET) if each[:4] == body[:4])
    record = read(srt(whole, body))
    assert getattr(record.points[0], field) is not None
    assert getattr(record.points[1], field) is None
    said = [w for w in record.warnings if words and words in w]
    assert bool(said) == (words is not None), record.warnings
    assert all("line" in w for w in said)


@pytest.mark.parametrize("end", ["GPS(149.0251,-20.2533,16) BAROMETER:20", BRACKET[: BRACKET.index(".370")]])
def test_a_number_the_file_ends_in_may_be_cut_off(end: str) -> None:
    start = HOME if "BAROMETER" in end else BRACKET
    record = read(srt(start, end).rstrip("\n"))
    assert record.points[-1].height_above_takeoff_m is None
    assert any("is no number" in w for w in record.warnings)


@pytest.mark.parametrize("timing", ["00:00:0x,000 --> 00:00:02,000", "00:00:01,000 -> 00:00:02,000"])
def test_a_damaged_time_costs_its_own_cue_and_no_other(timing: str) -> None:
    text = srt(HOME, HOME.replace("20.1", "99.9"), HOME.replace("20.1", "30.3"))
    record = read(text.replace("00:00:01,000 --> 00:00:02,000", timing))
    assert [p.height_above_takeoff_m for p in record.points] == [20.1, 30.3]
    assert any("line 8: 1 times that cannot be read" in w for w in record.warnings)


def test_one_time_far_ahead_does_not_cost_the_rows_after_it() -> None:
    bodies = [HOME.replace("20.1", f"{height}.5") for height in range(6)]
    record = read(srt(*bodies).replace("00:00:02,000 --> 00:00:03", "90:00:02,000 --> 90:00:03"))
    assert [p.height_above_takeoff_m for p in record.points] == [0.5, 1.5, 3.5, 4.5, 5.5]
    assert any("line 14: 1 rows repeat or go back in time" in w for w in record.warnings)


@pytest.mark.parametrize("date", ["0001.01.01", "1970.01.01", "2017.13.05"])
def test_a_clock_that_was_never_set_tells_no_time(date: str) -> None:
    assert read(srt(HOME.replace("2017.08.05", date))).points[0].captured_at is None


def test_signs_stay() -> None:
    for latitude, longitude in (("-20.2533", "149.0251"), ("20.2533", "-149.0251"), ("-20.2533", "-149.0251")):
        for body in (HOME, FLAT, BRACKET):
            text = body.replace("-20.2533", "@").replace("149.0251", longitude).replace("@", latitude)
            point = read(srt(text)).points[0]
            assert (point.latitude, point.longitude) == (float(latitude), float(longitude))


numbers = st.floats(-99, 99).map(lambda value: round(value, 2))
places = st.tuples(st.floats(-89, 89), st.floats(-179, 179)).map(lambda p: (round(p[0], 4), round(p[1], 4)))


@given(places.filter(lambda place: place != (0.0, 0.0)), numbers, numbers)
def test_every_family_gives_back_what_was_written(place, height, pitch) -> None:
    latitude, longitude = place
    bodies = {
        "A0": f"HOME(1,2) 2017.8.5 14:11:51\nGPS({longitude},{latitude},16) Hb:{height} Hs:1.9",
        "A1": f"GPS({longitude},{latitude},16) BAROMETER:{height}\nISO:100",
        "A2": f"2022.06.21 16:06:17\nGPS({latitude},{longitude},0.0M) BAROMETER:{height}M",
        "B2": f"F/2.8, GPS ({longitude}, {latitude}, 17), D 1.0m, H {height}m, G.PRY ({pitch}°, 0.0°, 110.4°)",
        "C3": f"[latitude: {latitude}] [longitude: {longitude}] [rel_alt: {height} abs_alt: 1.0]",
        "C4": f"[latitude: {latitude}] [longitude: {longitude}] [rel_alt: {height} abs_alt: 1.0] "
        f"[gb_yaw: 1.0 gb_pitch: {pitch} gb_roll: 0.0]",
    }
    for dialect, body in bodies.items():
        record = read(srt(body))
        point = record.points[0]
        assert (record.dialect, point.latitude, point.longitude) == (dialect, latitude, longitude)
        assert point.height_above_takeoff_m == height
        assert point.pitch_deg == (pitch if dialect in ("B2", "C4") else None)


alphabet = st.sampled_from(
    [HOME, FLAT, BRACKET, "\n", "\n1\n", "00:00:01,000 --> 00:00:02,000", " --> ", "GPS(", "H ", "[rel_alt: ",
     "BAROMETER:", "9" * 400, "-", ".", "]", "n/a", "nan", "inf", "1e400", "\x00", "°", "F/2.8, GPS (1, 2, 3), H 1m",
     "OSD.flyTime [s],", "OSD.height [m]", "time(millisecond),height_above_takeoff(feet)\n1,2\n", '"', ",", "0", "<gpx",
     "<x:xmpmeta", "[{"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.lists(alphabet, max_size=12).map("".join), st.text(max_size=200)), st.booleans())
def test_no_text_crashes_or_gives_a_number_out_of_range(text: str, in_a_cue: bool) -> None:
    content = f"1\n00:00:00,000 --> 00:00:01,000\n{text}\n" if in_a_cue else text
    check(content.encode("utf-8", errors="surrogatepass"))


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x06\x0e\x2b\x34", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf",
                     b"\x47" + bytes(187), bytes.fromhex("000652e68bb34000fd1000"), b"\x00\x00\x00\x18ftyp"]),
    st.binary(max_size=300),
)  # fmt: skip
def test_no_bytes_crash_the_reader(head: bytes, tail: bytes) -> None:
    check(head + tail)


def check(content: bytes) -> None:
    try:
        record = read_telemetry("x", content, 9.0)
    except UnreadableTelemetry as refusal:
        if not (refusal.where and refusal.remedy):
            raise AssertionError("a refusal without place or remedy") from refusal
        return
    for point in record.points:
        for field, (low, high) in RANGES.items():
            value = getattr(point, field)
            assert value is None or low <= value <= high
        assert (point.latitude, point.longitude) != (0.0, 0.0)
    assert all(earlier.t_s < later.t_s for earlier, later in pairwise(record.points))
