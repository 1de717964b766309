"""The tide against an independent formula, its error, and everything that is refused."""

import json
import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_contracts.errors import BadInput
from wideberth_contracts.poses import (
    FlightContext,
    FrameTime,
    PosesRequest,
    TelemetryGrade,
    TelemetryPoint,
    TelemetryRecord,
)
from wideberth_contracts.tides import TidalConstituent, TideStation, TideTable
from wideberth_contracts.wire import Measured
from wideberth_distance.core.poses import poses_of
from wideberth_distance.core.tide import distance_km, tide_at, with_tide
from wideberth_distance.core.tide_files import read_stations, read_table
from wideberth_distance.core.tide_level import by_constituents, by_table

# Made up, of the size of the tide round Jeju.
FOUR = {"M2": (0.75, 282.0), "S2": (0.32, 308.0), "K1": (0.24, 206.0), "O1": (0.18, 187.0)}
SPEED_DEG_PER_H = {"M2": 28.9841042, "S2": 30.0, "K1": 15.0410686, "O1": 13.9430356}
START = datetime(2026, 6, 14, 1, 12, tzinfo=UTC)


def station(constants=FOUR, zone_h=0.0, **more) -> TideStation:
    rows = tuple(TidalConstituent(name=n, amplitude_m=a, phase_deg=g) for n, (a, g) in constants.items())
    return TideStation(
        name="made", latitude=33.24, longitude=126.56, constituents=rows, phase_zone_h=zone_h, source="made", **more
    )


def oracle_m(moment: datetime, constants=FOUR) -> float:
    """Mean longitudes of moon, sun and node (Meeus, Astronomical Algorithms, ch. 22, 25, 47), nodal factors (Schureman,
    as series in N: Pugh 1987, table 4:3). No code in common with utide."""
    centuries = (moment - datetime(2000, 1, 1, 12, tzinfo=UTC)).total_seconds() / 86400 / 36525
    s = 218.3164477 + 481267.88123421 * centuries
    h = 280.46646 + 36000.76983 * centuries
    n = math.radians(125.04452 - 1934.136261 * centuries)
    t = 15 * (moment.hour + moment.minute / 60 + moment.second / 3600)
    sin, cos = math.sin, math.cos
    argument = {"M2": 2 * (t - s + h), "S2": 2 * t, "K1": t + h + 90, "O1": t - 2 * s + h + 270}
    f = {
        "M2": 1.0004 - 0.0373 * cos(n) + 0.0002 * cos(2 * n),
        "S2": 1.0,
        "K1": 1.0060 + 0.1150 * cos(n) - 0.0088 * cos(2 * n) + 0.0006 * cos(3 * n),
        "O1": 1.0089 + 0.1871 * cos(n) - 0.0147 * cos(2 * n) + 0.0014 * cos(3 * n),
    }
    u = {
        "M2": -2.14 * sin(n),
        "S2": 0.0,
        "K1": -8.86 * sin(n) + 0.68 * sin(2 * n) - 0.07 * sin(3 * n),
        "O1": 10.80 * sin(n) - 1.34 * sin(2 * n) + 0.19 * sin(3 * n),
    }
    return sum(a * f[name] * cos(math.radians(argument[name] + u[name] - g)) for name, (a, g) in constants.items())


@pytest.mark.parametrize("year", [2013, 2020, 2026, 2033])
def test_agrees_with_an_independent_formula_within_a_centimetre_over_29_days(year: int) -> None:
    moments = [datetime(year, 6, 1, tzinfo=UTC) + timedelta(hours=h) for h in range(29 * 24)]
    ours = [level.level_m.value for level in by_constituents(station(), moments)]
    theirs = [oracle_m(moment) for moment in moments]
    assert max(abs(a - b) for a, b in zip(ours, theirs, strict=True)) < 0.010
    assert max(theirs) > 0.8  # a tide, not a line


def test_phases_by_korean_time_are_moved_to_greenwich() -> None:
    korean = {name: (a, g + 9 * SPEED_DEG_PER_H[name]) for name, (a, g) in FOUR.items()}
    moments = [START + timedelta(hours=h) for h in range(48)]
    by_kst = by_constituents(station(korean, zone_h=9.0), moments)
    by_utc = by_constituents(station(), moments)
    assert max(abs(a.level_m.value - b.level_m.value) for a, b in zip(by_kst, by_utc, strict=True)) < 1e-4
    wrong = by_constituents(station(korean, zone_h=0.0), moments)
    assert max(abs(a.level_m.value - b.level_m.value) for a, b in zip(wrong, by_utc, strict=True)) > 0.5


def test_khoa_example_of_the_notes() -> None:
    # Maryang: M2 292.9 by Korean time is 32.0 by Greenwich.
    moved = by_constituents(station({"M2": (1.0, 292.9)}, zone_h=9.0), [START])[0].level_m.value
    assert moved == pytest.approx(by_constituents(station({"M2": (1.0, 32.0)}), [START])[0].level_m.value, abs=2e-3)


def test_importing_solves_nothing() -> None:
    import subprocess
    import sys

    code = "import sys, wideberth_distance.core.poses; print('utide' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"


def test_error_of_four_constituents_and_of_more() -> None:
    four = by_constituents(station(), [START])[0].level_m.sigma
    assert 0.15 < four < 0.30
    eight = FOUR | {"N2": (0.14, 270.0), "K2": (0.09, 300.0), "P1": (0.08, 204.0), "Q1": (0.03, 170.0)}
    assert by_constituents(station(eight), [START])[0].level_m.sigma == pytest.approx(0.15)
    assert by_constituents(station({"M2": (0.75, 282.0)}), [START])[0].level_m.sigma > four
    assert by_constituents(station(residual_sigma_m=0.07), [START])[0].level_m.sigma == 0.07


def test_four_constituents_hold_what_eight_say_in_their_interval() -> None:
    eight = FOUR | {"N2": (0.14, 270.0), "K2": (0.09, 300.0), "P1": (0.08, 204.0), "Q1": (0.03, 170.0)}
    moments = [START + timedelta(hours=7 * h) for h in range(1200)]
    missed = [
        abs(a.level_m.value - b.level_m.value) / math.sqrt(b.level_m.sigma**2 - 0.15**2)
        for a, b in zip(by_constituents(station(eight), moments), by_constituents(station(), moments), strict=True)
    ]
    assert np.mean(np.array(missed) < 1.96) > 0.93
    assert np.sqrt(np.mean(np.square(missed))) == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize(
    ("constants", "reason"),
    [({"M9": (1.0, 0.0)}, "M9"), ({"XYZ": (1.0, 0.0)}, "XYZ")],
)
def test_unknown_constituents_are_refused(constants, reason) -> None:
    with pytest.raises(BadInput, match=reason):
        by_constituents(station(constants), [START])


def table(step_min=60, hours=48, **more) -> TideTable:
    times = tuple(START - timedelta(hours=12) + timedelta(minutes=step_min * i) for i in range(hours * 60 // step_min))
    whole = {
        "name": "gauge",
        "latitude": 33.24,
        "longitude": 126.56,
        "msl_above_datum_m": Measured(value=1.5, sigma=0.02),
    }
    return TideTable(times=times, levels_m=tuple(1.5 + oracle_m(t) for t in times), **(whole | more))


@settings(max_examples=40, deadline=None)
@given(st.floats(min_value=-11.9, max_value=34.0))
def test_between_the_rows_of_a_table_the_curve_lies_within_the_error(hours: float) -> None:
    moment = START + timedelta(hours=hours)
    found = by_table(table(), [moment])[0].level_m
    assert abs(found.value - oracle_m(moment)) < 0.05
    assert found.sigma == pytest.approx(0.155, abs=0.01)
    assert by_table(table(step_min=10, observed=True), [moment])[0].level_m.sigma < 0.06


def test_a_table_is_refused_outside_its_times_and_where_it_is_thin() -> None:
    with pytest.raises(BadInput, match="the table runs from") as raised:
        by_table(table(), [START + timedelta(days=9)])
    assert "utc_offset_h" in str(raised.value.remedy)
    with pytest.raises(BadInput, match=r"6\.0 h between its rows"):
        by_table(table(step_min=360), [START])


def record(place=(33.25, 126.50), with_time=True, minutes=10) -> TelemetryRecord:
    points = tuple(
        TelemetryPoint(
            t_s=t / 10, height_above_takeoff_m=60.0, pitch_deg=-30.0, roll_deg=0.0, yaw_deg=10.0, focal_length_mm=24.0,
            latitude=place[0] if place else None, longitude=place[1] if place else None,
            captured_at=START + timedelta(minutes=minutes * t / 40) if with_time else None,
        )
        for t in range(41)
    )  # fmt: skip
    return TelemetryRecord(file="f.SRT", dialect="C4", grade=TelemetryGrade.A, points=points)


def test_a_flight_takes_the_tide_off_its_height_and_says_so() -> None:
    context = FlightContext(takeoff_above_sea_m=Measured(value=5.0, sigma=0.1), tide_stations=(station(),))
    moments = (FrameTime(t_s=2.0, width_px=3840, height_px=2160),)
    with_it = poses_of(PosesRequest(telemetry=record(), moments=moments, context=context))
    without = poses_of(
        PosesRequest(telemetry=record(), moments=moments, context=context.model_copy(update={"tide_stations": ()}))
    )
    a, b = with_it.poses[0], without.poses[0]
    assert a.type == b.type == "pose"
    middle = START + timedelta(minutes=5)
    assert b.height_m.value - a.height_m.value == pytest.approx(oracle_m(middle), abs=0.01)
    assert a.height_m.sigma > b.height_m.sigma
    assert any("made (M2 S2 K1 O1), 6 km away" in warning for warning in with_it.warnings)


def test_the_nearest_station_counts_and_distance_widens() -> None:
    far = station().model_copy(update={"name": "far", "latitude": 33.52, "longitude": 126.54})
    at_gauge = tide_at((far, station()), None, [START], (33.24, 126.56))
    off = tide_at((far, station()), None, [START], (33.24, 126.40))
    unknown = tide_at((station(),), None, [START], None)
    assert "made" in at_gauge.said
    assert at_gauge.level_m.sigma < off.level_m.sigma < unknown.level_m.sigma
    assert "nothing says" in unknown.said


@pytest.mark.parametrize(
    ("change", "context", "reason"),
    [
        pytest.param({"with_time": False}, {}, "tells no time", id="no clock"),
        pytest.param({"place": (35.1, 129.0)}, {}, "km from tide station", id="another coast"),
        pytest.param({}, {"tide_m": Measured(value=0.1, sigma=0.1)}, "given twice", id="two sources"),
        pytest.param(
            {"place": None}, {"tide_stations": (station(), station())}, "no position", id="nothing to choose by"
        ),
    ],
)
def test_refusals_name_the_remedy(change, context, reason) -> None:
    with pytest.raises(BadInput, match=reason) as raised:
        with_tide(FlightContext(**({"tide_stations": (station(),)} | context)), record(**change))
    assert raised.value.remedy


def test_a_reading_at_the_waterline_holds_the_tide() -> None:
    read = FlightContext(tide_stations=(station(),), waterline_reading_m=Measured(value=-4.0, sigma=0.3))
    context, notes = with_tide(read, record(with_time=False))
    assert context.tide_m is None
    assert "not used" in notes[0]


def test_a_tide_without_a_known_takeoff_is_said_to_help_little() -> None:
    context, notes = with_tide(FlightContext(tide_stations=(station(),)), record())
    assert context.tide_m is not None
    assert "helps little" in notes[1]


def test_distance() -> None:
    assert distance_km((33.0, 126.0), (34.0, 126.0)) == pytest.approx(111.2, abs=0.1)
    assert distance_km((33.0, 179.9), (33.0, -179.9)) == pytest.approx(18.65, abs=0.1)


STATION_FILE = {
    "stations": [
        {"name": "Somewhere", "latitude": 33.2, "longitude": 126.5, "phase_zone_h": 9, "source": "my own analysis",
         "constituents": [{"name": "M2", "amplitude_m": 0.7, "phase_deg": 280.0}]}
    ]
}  # fmt: skip


def test_a_station_file_reads() -> None:
    found = read_stations("s.json", json.dumps(STATION_FILE).encode())
    assert (found[0].name, found[0].phase_zone_h) == ("Somewhere", 9.0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "line 1"),
        ("[]", 'no list "stations"'),
        (json.dumps({"stations": [STATION_FILE["stations"][0] | {"source": ""}]}), "station 1: source"),
        (json.dumps({"stations": [STATION_FILE["stations"][0] | {"phase_zone": 9}]}), "station 1: phase_zone"),
    ],
)
def test_a_bad_station_file_says_where(text: str, reason: str) -> None:
    with pytest.raises(BadInput) as raised:
        read_stations("s.json", text.encode())
    assert reason in str(raised.value)


TABLE_FILE = """# station: Seogwipo
# latitude: 33.24
# longitude: 126.56
# msl_above_datum_m: 1.55±0.03
# kind: observed
관측시간,조위(cm)
2026-06-14 10:00:00,155
2026-06-14 11:00:00,205
2026-06-14 12:00:00,230
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_table_reads(encoding: str) -> None:
    found = read_table("t.csv", TABLE_FILE.encode(encoding), 9.0)
    assert (found.name, found.latitude, found.observed) == ("Seogwipo", 33.24, True)
    assert found.times[0] == datetime(2026, 6, 14, 1, tzinfo=UTC)
    assert found.levels_m == pytest.approx((1.55, 2.05, 2.30))
    assert by_table(found, [datetime(2026, 6, 14, 1, 30, tzinfo=UTC)])[0].level_m.value == pytest.approx(0.25)


def test_a_time_with_a_zone_keeps_it_and_an_option_wins() -> None:
    text = "time,level_m\n2026-06-14T01:00:00Z,0.5\n2026-06-14T02:00:00+00:00,0.6\n"
    found = read_table("t.csv", text.encode(), 9.0, Measured(value=0.0, sigma=0.01))
    assert found.times[0].hour == 1
    assert found.msl_above_datum_m.sigma == 0.01


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("time,level_m\n2026-06-14 01:00,0.5\n2026-06-14 02:00,0.6\n", "mean sea level stands above"),
        ("time,level\n2026-06-14 01:00,0.5\n", "names no unit"),
        ("a,b\n1,2\n", "no header"),
        ("# msl_above_datum_m: 1\ntime,level_m\n2026-06-14 01:00,x\n", "line 3"),
        ("# msl_above_datum_m: 1\ntime,level_m\n2026-06-14 01:00,1\n", "1 rows"),
        ("# msl_above_datum_m: 1\ntime,level_m\n2026-06-14 02:00,1\n2026-06-14 01:00,1\n", "times go up"),
        ("# msl_above_datum_m: low\ntime,level_m\n2026-06-14 01:00,1\n2026-06-14 02:00,1\n", "is no number"),
    ],
)
def test_a_bad_table_says_where(text: str, reason: str) -> None:
    with pytest.raises(BadInput) as raised:
        read_table("t.csv", text.encode(), 9.0)
    assert reason in str(raised.value)
    assert raised.value.remedy
