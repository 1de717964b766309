"""`wideberth identify`: a folder of results and files of AIS in, who it was out; late AIS makes a new alert version."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ais_lines import class_a, static, tagged
from gateway_alerts import ANALYSIS, alert
from typer.testing import CliRunner, Result

from wideberth.cli import build
from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_contracts.positions import Covariance2, Position
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_gateway.alerts.geojson import alerts_geojson
from wideberth_gateway.identity.routes import Plane
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.alerts import publish, versions
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.migrate import migrate
from wideberth_pipeline.track_table import TRACK_SCHEMA, track_rows

BEGINS = datetime(2026, 6, 14, 1, 0, tzinfo=UTC)
NORTH_M, EAST_M = Plane(33.2, 126.3).east_north(34.2, 126.3)[1], Plane(33.2, 126.3).east_north(33.2, 127.3)[0]
SPEED_MPS = 5.0 * 1852 / 3600
MMSI = 440_000_401


def _identify(*arguments: str | Path) -> Result:
    words = ["identify", *map(str, arguments)]
    return CliRunner().invoke(build(words), words)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """One craft going east at 5 kn for 40 s, with an alert about it."""
    folder = tmp_path / "results"
    folder.mkdir()
    points = tuple(
        TrackPoint(
            t_s=t, pts=t, captured_at=BEGINS + timedelta(seconds=t), observed=True,
            position=Position(east_m=SPEED_MPS * t, north_m=0, latitude=33.2, longitude=126.3 + SPEED_MPS * t / EAST_M,
                              own=Covariance2(east_east=4, east_north=0, north_north=4)),
            box=OrientedBox(cx_px=900, cy_px=500, length_px=150, width_px=40, angle_deg=0),
        )
        for t in range(0, 41, 2)
    )  # fmt: skip
    track = Track(id="v1", kind=ObjectKind.VESSEL, state=TrackState.CONFIRMED, points=points)
    pq.write_table(pa.Table.from_pylist(list(track_rows((track,))), schema=TRACK_SCHEMA), folder / "tracks.parquet")
    (folder / "analysis.json").write_text(json.dumps({"analysis_id": ANALYSIS, "origin": None, "video": {}}))
    (folder / "alerts.geojson").write_text(alerts_geojson((alert("v1"),)))
    return folder


@pytest.fixture
def heard(tmp_path: Path) -> Path:
    """Its AIS, 9 s late by the receiver's clock, and a bad line."""
    lines = [*static(MMSI, "HAENYEO", 8, 6), "nonsense"]
    for t in range(-60, 101, 10):
        place = 126.3 + SPEED_MPS * t / EAST_M
        lines.append(tagged(class_a(MMSI, 33.2, place, second=t % 60, heading=90), BEGINS.timestamp() + t + 9))
    file = tmp_path / "heard.nmea"
    file.write_text("\n".join(lines))
    return file


def test_a_folder_is_told_who_it_was(results: Path, heard: Path) -> None:
    done = _identify(results, "--ais", heard)
    assert done.exit_code == 0, done.output
    assert f"v1: matched HAENYEO (MMSI {MMSI})" in done.output
    assert '--known-length "' in done.output
    assert "1 bad lines" in done.output
    written = json.loads((results / "identity.json").read_text())
    assert written["identities"][0]["verdict"] == "matched"
    assert written["identities"][0]["length_m"] == {"value": 14.0, "sigma": 1.0}
    assert written["files"][0]["bad_lines"][0]["line"] == 3
    [feature] = json.loads((results / "alerts.geojson").read_text())["features"]
    assert (feature["properties"]["version"], feature["properties"]["vessel_identity"]["mmsi"]) == (2, MMSI)
    assert "0 alerts have a new version" in _identify(results, "--ais", heard).output


def test_the_option_it_prints_is_one_that_analyse_takes(results: Path, heard: Path) -> None:
    from wideberth.commands.flight_options import clues_of

    line = next(
        row for row in _identify(results, "--ais", heard).stdout.splitlines() if row.startswith("--known-length")
    )
    [clue] = clues_of([line.removeprefix("--known-length ").strip('"')], None).lengths
    assert (clue.length_m.value, clue.length_m.sigma, clue.source) == (14.0, 1.0, f"AIS {MMSI}")
    assert clue.bow_px == (975.0, 500.0)


def test_alerts_of_a_gateway_get_a_new_version(results: Path, heard: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    engine = open_engine(GatewaySettings(data_dir=data).main_database())
    migrate(engine)
    [first] = publish(engine, (alert("v1"),))
    done = _identify(results, "--ais", heard, "--data", data)
    assert done.exit_code == 0, done.output
    kept = versions(engine, first.id)
    engine.dispose()
    assert [each.version for each in kept] == [1, 2]
    assert kept[1].vessel is not None
    assert kept[1].vessel.mmsi == MMSI
    [feature] = json.loads((results / "alerts.geojson").read_text())["features"]
    assert feature["properties"]["version"] == 2


def test_what_cannot_be_used_is_said_in_one_line(results: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.nmea"
    bare.write_text(class_a(MMSI, 33.2, 126.3, second=5))
    refused = _identify(results, "--ais", bare)
    assert (refused.exit_code, "--ais-start" in refused.output) == (1, True)
    assert _identify(results, "--ais", bare, "--ais-start", "2026-06-14T10:00:00+09:00").exit_code == 0
    assert _identify(results, "--ais", bare, "--ais-start", "yesterday").exit_code == 1
    assert _identify(tmp_path, "--ais", bare, "--ais-start", "2026-06-14T10:00:00+09:00").exit_code == 1
    assert _identify(results, "--ais", tmp_path / "none").exit_code == 1
