"""Real files: each parses as known, or is refused by name, line and reason."""

import math
from itertools import pairwise
from pathlib import Path

import pytest

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_distance.core.telemetry import read_telemetry

DATA = Path(__file__).parents[4] / "shared" / "data" / "telemetry"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real telemetry at {DATA}")

CORPUS = [
    # file, dialect, grade, rows, (latitude, longitude), height in the middle, pitch in the middle
    ("srt/MAVIC3.srt", "C3", "B", 12318, (3.41, -3.37), -1.5, None),
    ("srt/air2s.srt", "C2", "C", 17, (41.42, 2.23), None, None),
    ("srt/broken_incomplete.SRT", "A1", "B", 19, (-34.74, -58.46), 14.3, None),
    ("srt/matrice_300.srt", "A2", "B", 381, (36.62, -6.11), 83.1, None),
    ("srt/mavic_2pro_new.SRT", "C1", "C", 8952, (-35.08, -60.30), None, None),
    ("srt/mavic_air.SRT", "C0", "C", 2, None, None, None),
    ("srt/mavic_pro.SRT", "A1", "B", 468, (-20.25, 149.03), 118.4, None),
    ("srt/mavic_pro_buggy.SRT", "A1", "B", 546, (42.47, -1.22), 111.2, None),
    ("srt/mix_p4rtk_mavic2pro.srt", "B2", "B", 12, (-34.65, -59.41), None, None),
    ("srt/old_format.SRT", "A0", "B", 468, (-20.25, 149.03), 118.4, None),
    ("srt/p4p_sample.SRT", "B1", "B", 5, (47.47, 8.21), 45.6, None),
    ("srt_newer/Avata360.SRT", "C4", "A", 5, (53.37, 6.46), 5.4, 0.0),
    ("srt_newer/Mini5PRO.SRT", "C3", "B", 5, (53.37, 6.46), 6.0, None),
    ("srt_newer/enterprise_gb_thermal_seen_in_public_code.SRT", "C4", "A", 1, (-37.92, 176.46), 62.37, -28.7),
    ("logs/txtlogtocsv_phantom4.csv", "flightreader", "A", 2437, (55.51, 10.72), 10.1, -28.8),
    ("logs/airdata_air2s_head.csv", "airdata", "A", 1999, (47.57, -122.63), 113.8, -0.4),
]


@pytest.mark.parametrize(("file", "dialect", "grade", "rows", "place", "height", "pitch"), CORPUS, ids=lambda v: str(v))
def test_a_real_file(file, dialect, grade, rows, place, height, pitch) -> None:
    record = read_telemetry(file, (DATA / file).read_bytes(), 9.0)
    assert (record.dialect, record.grade.value, len(record.points)) == (dialect, grade, rows)
    middle = record.points[rows // 2]
    if place is None:
        assert middle.latitude is None
    else:
        assert (middle.latitude, middle.longitude) == pytest.approx(place, abs=0.01)
    assert middle.height_above_takeoff_m == (None if height is None else pytest.approx(height, abs=0.05))
    assert middle.pitch_deg == (None if pitch is None else pytest.approx(pitch))
    times = [point.t_s for point in record.points]
    assert all(earlier < later for earlier, later in pairwise(times))
    assert not any(p.latitude == 0 and p.longitude == 0 for p in record.points)


@pytest.mark.parametrize("file", ["srt/broken_empty.SRT", "srt/broken_empty2.SRT"])
def test_a_broken_file_is_refused(file: str) -> None:
    with pytest.raises(UnreadableTelemetry) as caught:
        read_telemetry(file, (DATA / file).read_bytes(), 9.0)
    assert f"{file}, line 1" in str(caught.value)


def test_the_corpus_is_whole() -> None:
    known = {row[0] for row in CORPUS} | {"srt/broken_empty.SRT", "srt/broken_empty2.SRT"}
    present = {
        str(p.relative_to(DATA)) for p in DATA.rglob("*") if p.suffix.lower() in (".srt", ".csv") and p.is_file()
    }
    assert present == known


def test_airdata_feet_become_metres() -> None:
    record = read_telemetry("a.csv", (DATA / "logs/airdata_air2s_head.csv").read_bytes(), 0.0)
    highest = max(p.height_above_takeoff_m or -math.inf for p in record.points)
    assert 100 < highest < 130


def test_log_time_counts_from_the_start_of_recording() -> None:
    record = read_telemetry("p.csv", (DATA / "logs/txtlogtocsv_phantom4.csv").read_bytes(), 2.0)
    assert record.points[0].t_s < 0 < record.points[-1].t_s
    assert any("recording starts here" in w for w in record.warnings)
