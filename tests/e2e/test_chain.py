"""The chain from pixels and telemetry to verdicts, against the simulator's truth."""

import asyncio
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from wideberth.findings import alerts_for, write_findings
from wideberth.truth import Truth
from wideberth_contracts.clues import ClueKind
from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.joining import JoinFinding
from wideberth_contracts.judgement import Verdict
from wideberth_contracts.poses import FlightContext, TelemetryGrade
from wideberth_contracts.positions import Position
from wideberth_contracts.settings import AnalysisSettings
from wideberth_contracts.tracks import TrackState
from wideberth_contracts.wire import Measured
from wideberth_pipeline import write_results
from wideberth_pipeline.results import counts
from wideberth_pipeline.track_table import read_tracks
from wideberth_simulator import load_scene, simulate

from .conftest import Analysed, analyse_with_truth


def test_the_violation_is_found_and_its_interval_holds_the_truth(seen: Analysed) -> None:
    assert seen.plan.grade is TelemetryGrade.A
    (encounter,) = seen.outcome.judgement.encounters
    tracks = {track.id: track for track in seen.outcome.tracks}
    craft, true_m = seen.truth.of_encounter(encounter, tracks)
    assert craft is not None
    assert craft.breaks_rule
    assert true_m is not None
    interval = encounter.closest_interval_95_m
    assert interval.low <= true_m <= interval.high
    assert interval.high - interval.low < 0.8 * true_m, "an interval that wide proves nothing"
    (finding,) = (finding for finding in encounter.findings if finding.rule == "KR-1")
    assert finding.verdict is Verdict.VIOLATION, finding.reason
    assert "KR-1" in {alert.finding.rule for alert in alerts_for(seen.plan, seen.outcome)}


def test_the_boat_is_one_track_over_all_segments(seen: Analysed) -> None:
    assert len(seen.plan.spans) == 3
    crafts = [t for t in seen.outcome.tracks if t.kind.is_craft and t.state is not TrackState.REJECTED]
    assert len(crafts) == 1
    assert len(crafts[0].points) > 40


def test_in_is_out_plus_rejections(seen: Analysed) -> None:
    made = counts(seen.plan, seen.outcome)
    frames, detections, tracks = made["frames"], made["detections"], made["tracks"]
    assert frames["in"] == frames["sensed"] + sum(frames["failed"].values()) == 55
    assert detections["in"] == detections["kept"] + sum(detections["rejected"].values())
    assert detections["kept"] == sum(detections["kept_by_fate"].values())
    assert min(detections["kept_by_fate"].values()) >= 0
    assert tracks["in"] == tracks["kept"] + sum(tracks["rejected"].values())


def test_segments_of_another_length_give_the_same_tracks(seen: Analysed, tmp_path: Path) -> None:
    _, whole = asyncio.run(analyse_with_truth(seen.files, tmp_path, AnalysisSettings(segment_s=30.0)))
    assert [t.model_dump() for t in whole.tracks] == [t.model_dump() for t in seen.outcome.tracks]


def test_tables_say_what_the_outcome_says(seen: Analysed, tmp_path: Path) -> None:
    files = write_results(seen.plan, seen.outcome, tmp_path)
    files |= write_findings(seen.plan, seen.outcome, alerts_for(seen.plan, seen.outcome), tmp_path)
    back = read_tracks(files["tracks"])
    assert [track.id for track in back] == [track.id for track in seen.outcome.tracks if track.points]
    for ours, theirs in zip(seen.outcome.tracks, back, strict=True):
        assert ours.points[0].position == theirs.points[0].position
    from_csv = read_tracks(files["tracks_csv"])
    assert [len(t.points) for t in from_csv] == [len(t.points) for t in back]
    metadata = pq.read_schema(files["observations"]).metadata
    assert metadata[b"analysis_id"].decode() == seen.plan.analysis_id
    feed = json.loads(files["alerts"].read_text())
    assert feed["type"] == "FeatureCollection"
    assert feed["features"]
    assert json.loads(files["encounters"].read_text())["analysis_id"] == seen.plan.analysis_id


def test_a_finished_segment_is_not_done_again(seen: Analysed) -> None:
    path = seen.folder / "segments" / "00000.parquet"
    before = path.stat().st_mtime_ns
    asyncio.run(analyse_with_truth(seen.files, seen.folder, AnalysisSettings(segment_s=4.0)))
    assert path.stat().st_mtime_ns == before


def test_animals_are_kept(seen: Analysed) -> None:
    kept = [t for t in seen.outcome.tracks if t.kind is ObjectKind.DOLPHIN and t.state is not TrackState.REJECTED]
    assert kept, [(t.id, t.state, t.rejection) for t in seen.outcome.tracks]


DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")
@pytest.mark.parametrize(
    ("name", "pitch_deg", "gives_metres"),
    [
        pytest.param("matrice_300.srt", None, False, id="no pitch"),
        pytest.param("matrice_300.srt", -40.0, True, id="pitch from a person"),
        pytest.param("old_format.SRT", -40.0, True, id="oldest dialect"),
        pytest.param("MAVIC3.srt", -40.0, False, id="recorded on the ground"),
    ],
)
def test_a_real_subtitle_file_with_a_simulated_clip(
    seen: Analysed, tmp_path: Path, name: str, pitch_deg: float | None, gives_metres: bool
) -> None:
    """Without gimbal pitch there are no metres; with the pitch a person gives, there are. That person also vouches for
    the rows: they are of another flight, see below."""
    pitch = None if pitch_deg is None else Measured(value=pitch_deg, sigma=2.0)
    vouched = Measured(value=0.0, sigma=0.1)
    settings = AnalysisSettings(sample_fps=1.0, context=FlightContext(pitch_deg=pitch, telemetry_offset_s=vouched))
    made, outcome = asyncio.run(analyse_with_truth(seen.files, tmp_path, settings, DATA / "telemetry" / "srt" / name))
    assert made.grade is TelemetryGrade.B
    places = [point.position for track in outcome.tracks for point in track.points]
    located = [place for place in places if isinstance(place, Position)]
    assert bool(located) == gives_metres
    assert counts(made, outcome)["frames"]["sensed"] == 11


def test_a_drone_that_tells_no_gimbal_angles_is_measured_by_the_horizon(tmp_path: Path) -> None:
    """Telemetry of a consumer drone: heights and places, no angles. The picture shows sky."""
    scene = load_scene(Path(__file__).parent / "scenes" / "consumer_horizon.yaml")
    files = simulate(scene, tmp_path / "clip", None, clean=False)
    made, outcome = asyncio.run(analyse_with_truth(files, tmp_path / "analysis", AnalysisSettings()))
    assert made.grade is TelemetryGrade.B
    assert made.calibration is not None
    assert {use.kind for use in made.calibration.clues if use.used} == {ClueKind.HORIZON}
    (encounter,) = outcome.judgement.encounters
    craft, true_m = Truth.read(files.truth).of_encounter(encounter, {track.id: track for track in outcome.tracks})
    assert craft is not None
    assert true_m is not None
    interval = encounter.closest_interval_95_m
    assert interval.low <= true_m <= interval.high
    assert interval.high - interval.low < 0.8 * true_m
    blind = AnalysisSettings(horizon=False)
    without, nothing = asyncio.run(analyse_with_truth(files, tmp_path / "blind", blind))
    assert not nothing.judgement.encounters
    assert any("no gimbal pitch in dialect C3" in text for text in without.warnings)


@pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")
@pytest.mark.parametrize("name", ["matrice_300.srt", "old_format.SRT", "MAVIC3.srt"])
def test_a_real_subtitle_file_of_another_flight_is_refused(seen: Analysed, tmp_path: Path, name: str) -> None:
    """Longer than the clip and of another year: tracks in the picture, no metres, and the reason by name."""
    settings = AnalysisSettings(sample_fps=1.0, context=FlightContext(pitch_deg=Measured(value=-40.0, sigma=2.0)))
    made, outcome = asyncio.run(analyse_with_truth(seen.files, tmp_path, settings, DATA / "telemetry" / "srt" / name))
    assert made.join is not None
    assert made.join.refused is JoinFinding.OTHER_VIDEO
    assert any(warning.startswith("other_video") for warning in made.warnings)
    assert not any(isinstance(point.position, Position) for track in outcome.tracks for point in track.points)
    assert counts(made, outcome)["frames"]["sensed"] == 11
