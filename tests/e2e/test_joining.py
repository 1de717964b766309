"""Telemetry put to video: a log whose offset is known, an .SRT that is cut, another's, or swapped with the video."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from wideberth_contracts.errors import BadInput, UnreadableTelemetry, UnreadableVideo
from wideberth_contracts.joining import Join, JoinFinding, JoinMethod
from wideberth_contracts.poses import CameraPose, FlightContext, NoPose, PoseAbsence, TelemetryGrade
from wideberth_contracts.settings import AnalysisSettings
from wideberth_contracts.wire import Measured
from wideberth_distance.core.telemetry import read_telemetry
from wideberth_pipeline import Plan, plan
from wideberth_pipeline.plan import load_poses
from wideberth_simulator import Scene, SimulatedFiles, load_scene, simulate
from wideberth_simulator.flight_log import LogPlan, flight_log_csv
from wideberth_simulator.telemetry import draw_errors
from wideberth_simulator.world import make_world

from .conftest import seeing

SCENE = Path(__file__).parent / "scenes" / "turning.yaml"
SETTINGS = AnalysisSettings(horizon=False)


@dataclass(frozen=True)
class Clip:
    """The clip `turning` and its scene."""

    scene: Scene
    files: SimulatedFiles


@pytest.fixture(scope="module")
def turning(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    scene = load_scene(SCENE)
    return Clip(scene, simulate(scene, tmp_path_factory.mktemp("turning"), None, clean=False))


def log_of(scene: Scene, folder: Path, how: LogPlan) -> Path:
    path = folder / "flight.csv"
    errors = draw_errors(scene, scene.flight.keys[0].height_m)
    path.write_text(flight_log_csv(scene, make_world(scene).drone, errors, how))
    return path


def planned(
    clip: Clip, telemetry: Path | None, folder: Path, *, video: Path | None = None, context: FlightContext | None = None
) -> Plan:
    settings = SETTINGS.model_copy(update={"context": context or FlightContext()})
    stages = seeing(clip.files.truth)
    return asyncio.run(plan(stages, video or clip.files.video, telemetry, settings, folder / "analysis"))


def joined(made: Plan) -> Join:
    assert made.join is not None
    return made.join


def findings(made: Plan) -> set[JoinFinding]:
    return {note.finding for note in joined(made).notes}


def true_offset_s(telemetry: Path, lead_s: float) -> float:
    """The log's first row lies `lead_s` before the video, wherever its reader begins to count."""
    record = read_telemetry(telemetry.name, telemetry.read_bytes(), 9.0)
    return -lead_s - record.points[0].t_s


@pytest.mark.parametrize(("lead_s", "flag_late_s"), [(61.3, 0.8), (37.75, -0.6)])
def test_a_log_is_put_to_the_video_within_its_stated_error(
    turning: Clip, tmp_path: Path, lead_s: float, flag_late_s: float
) -> None:
    log = log_of(turning.scene, tmp_path, LogPlan(lead_s=lead_s, flag_late_s=flag_late_s))
    made = planned(turning, log, tmp_path)
    join = joined(made)
    assert join.method is JoinMethod.IMAGE_MOTION
    assert join.refused is None
    assert join.offset_s.sigma < 0.1
    assert abs(join.offset_s.value - true_offset_s(log, lead_s)) < 3 * join.offset_s.sigma
    assert JoinFinding.MOTION_AGREES in findings(made)


def test_poses_of_a_log_follow_the_drone(turning: Clip, tmp_path: Path) -> None:
    log = log_of(turning.scene, tmp_path, LogPlan(lead_s=50.0, flag_late_s=0.9))
    planned(turning, log, tmp_path)
    drone, errors = make_world(turning.scene).drone, draw_errors(turning.scene, 75.0)
    held = []
    for pts, pose in load_poses(tmp_path / "analysis").items():
        if isinstance(pose, CameraPose):
            told = drone.camera(pts / 90_000, turning.scene.video).yaw_deg + errors.yaw_deg
            held.append(abs(pose.yaw_deg.value - told))
    assert len(held) > 60
    # At 11 deg/s the flag's 0.9 s would be 10 degrees.
    assert max(held) < 1.5


def test_a_flight_without_turns_keeps_the_flags_error(turning: Clip, tmp_path: Path) -> None:
    still = replace(turning.scene.flight, keys=turning.scene.flight.keys[:1], wobble_deg=0.0)
    scene = replace(turning.scene, flight=still, duration_s=10.0, name="still")
    files = simulate(scene, tmp_path / "clip", None, clean=False)
    log = log_of(scene, tmp_path, LogPlan(lead_s=30.0, flag_late_s=0.5))
    made = planned(Clip(scene, files), log, tmp_path)
    join = joined(made)
    assert join.method in (JoinMethod.RECORD_FLAG, JoinMethod.CLOCK)
    assert join.offset_s.sigma >= 0.5
    assert JoinFinding.MOTION_SILENT in findings(made)


def test_an_srt_stands_at_its_frames(turning: Clip, tmp_path: Path) -> None:
    made = planned(turning, turning.files.telemetry, tmp_path)
    join = joined(made)
    assert (join.method, join.offset_s.value, join.refused) == (JoinMethod.FRAME_TIME, 0.0, None)
    assert findings(made) == {JoinFinding.MOTION_AGREES, JoinFinding.CLOCK_AGREES}
    assert made.grade is TelemetryGrade.A


def test_frames_that_pitch_fast_are_unmeasurable(turning: Clip, tmp_path: Path) -> None:
    planned(turning, turning.files.telemetry, tmp_path)
    poses = {pts / 90_000: pose for pts, pose in load_poses(tmp_path / "analysis").items()}
    tilting = [pose for t_s, pose in poses.items() if 11.5 < t_s < 13.5]
    assert tilting
    assert all(isinstance(pose, NoPose) and pose.reason is PoseAbsence.PITCHING_TOO_FAST for pose in tilting)
    assert all(isinstance(pose, CameraPose) for t_s, pose in poses.items() if t_s < 9.5 or t_s > 15.5)


def other(turning: Clip, tmp_path: Path) -> Path:
    """The .SRT of another flight of the same length, begun at the same minute."""
    keys = tuple(
        replace(key, yaw_deg=yaw, pitch_deg=-30.0)
        for key, yaw in zip(turning.scene.flight.keys, (0.0, -40.0, -44.0, -10.0, -50.0, -20.0, 30.0), strict=True)
    )
    scene = replace(turning.scene, seed=99, flight=replace(turning.scene.flight, keys=keys))
    from wideberth_simulator.telemetry import srt_cues

    drone = make_world(scene).drone
    cameras = [drone.camera(i / 5, scene.video) for i in range(scene.frame_count)]
    path = tmp_path / "other.SRT"
    path.write_text("".join(srt_cues(scene, cameras, draw_errors(scene, 75.0))))
    return path


def test_telemetry_of_another_video_is_refused_by_the_picture(turning: Clip, tmp_path: Path) -> None:
    made = planned(turning, other(turning, tmp_path), tmp_path)
    assert joined(made).refused is JoinFinding.OTHER_VIDEO
    assert JoinFinding.MOTION_DISAGREES in findings(made)
    assert made.grade is TelemetryGrade.C
    assert made.origin is None
    poses = load_poses(tmp_path / "analysis").values()
    assert all(isinstance(pose, NoPose) and pose.reason is PoseAbsence.OTHER_VIDEO for pose in poses)
    assert any("other_video" in warning for warning in made.warnings)


def test_a_person_may_vouch_for_it_and_is_told(turning: Clip, tmp_path: Path) -> None:
    vouched = FlightContext(telemetry_offset_s=Measured(value=0.0, sigma=0.05))
    made = planned(turning, other(turning, tmp_path), tmp_path, context=vouched)
    assert (joined(made).refused, joined(made).method) == (None, JoinMethod.GIVEN)
    assert any("motion_disagrees" in warning for warning in made.warnings)


def test_an_srt_whose_video_lost_its_beginning_is_moved(turning: Clip, tmp_path: Path) -> None:
    """As if the first 6 s had been recorded and cut off: the rows are 6 s late."""
    text = turning.files.telemetry.read_text()
    cues = text.strip().split("\n\n")
    lead = [cue_moved(cues[0], k / 5) for k in range(30)]
    path = tmp_path / "longer.SRT"
    path.write_text("\n\n".join([*lead, *(cue_moved(cue, 6.0 + k / 5) for k, cue in enumerate(cues))]) + "\n\n")
    made = planned(turning, path, tmp_path)
    join = joined(made)
    assert join.refused is None
    assert join.method is JoinMethod.IMAGE_MOTION
    assert abs(join.offset_s.value + 6.0) < max(0.15, 3 * join.offset_s.sigma)
    assert JoinFinding.MOTION_SHIFTED in findings(made)


def cue_moved(cue: str, to_s: float) -> str:
    number, _, *rest = cue.split("\n")
    return "\n".join([number, f"{clock(to_s)} --> {clock(to_s + 0.2)}", *rest])


def clock(t_s: float) -> str:
    return f"00:00:{int(t_s):02d},{round(1000 * (t_s % 1)):03d}"


def test_swapped_files_are_named_both(turning: Clip, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        planned(turning, turning.files.video, tmp_path, video=turning.files.telemetry)
    assert "swapped" in str(caught.value)
    assert turning.files.video.name in str(caught.value)
    assert turning.files.telemetry.name in str(caught.value)


def test_a_video_as_telemetry_and_text_as_video_are_named(turning: Clip, tmp_path: Path) -> None:
    with pytest.raises(UnreadableTelemetry, match="this is a video"):
        planned(turning, turning.files.video, tmp_path)
    with pytest.raises(UnreadableVideo, match="this is text"):
        planned(turning, turning.files.telemetry, tmp_path, video=turning.files.telemetry)
