"""Rows put to the time of a video: which recording, whose telemetry, gaps, clocks, lengths; each case by name."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from wideberth_contracts.joining import Join, JoinFinding, JoinMethod, VideoFacts
from wideberth_contracts.poses import (
    CameraPose,
    FlightContext,
    FrameTime,
    NoPose,
    PoseAbsence,
    PosesAnswer,
    PosesRequest,
    TelemetryGrade,
    TelemetryPoint,
    TelemetryRecord,
)
from wideberth_contracts.wire import Measured
from wideberth_distance.core.poses import poses_of

START = datetime(2026, 5, 14, 6, 10, tzinfo=UTC)
WIDTH, HEIGHT = 1920, 1080


def row(t_s: float, **values: object) -> TelemetryPoint:
    whole = {"height_above_takeoff_m": 60.0, "pitch_deg": -30.0, "roll_deg": 0.0, "yaw_deg": 10.0, "latitude": 33.2,
             "longitude": 126.2, "captured_at": START + timedelta(seconds=t_s)}  # fmt: skip
    return TelemetryPoint(t_s=t_s, **{**whole, **values})


def srt(rows: Iterable[TelemetryPoint]) -> TelemetryRecord:
    return TelemetryRecord(file="v.SRT", dialect="C4", grade=TelemetryGrade.A, points=tuple(rows))


def log(stop_s: float, *runs: tuple[float, float], first_s: float = 0.0, **values: object) -> TelemetryRecord:
    """10 Hz from `first_s` to `stop_s`, recording during the runs; without any, the log says nothing of it."""
    times = [first_s + k / 10 for k in range(round((stop_s - first_s) * 10))]
    flags = [any(a <= t < b for a, b in runs) if runs else None for t in times]
    rows = [row(t, recording=on, yaw_deg=10 + t / 50, **values) for t, on in zip(times, flags, strict=True)]
    return TelemetryRecord(file="f.csv", dialect="airdata", grade=TelemetryGrade.A, points=tuple(rows))


def video(duration_s: float, created_at: datetime | None = None, *, inside: bool = False) -> VideoFacts:
    return VideoFacts(
        file="v.MP4", duration_s=duration_s, width_px=WIDTH, height_px=HEIGHT, created_at=created_at,
        telemetry_inside=inside,
    )  # fmt: skip


def ask(
    record: TelemetryRecord, facts: VideoFacts | None, *at_s: float, context: FlightContext | None = None
) -> PosesAnswer:
    moments = tuple(FrameTime(t_s=t, width_px=WIDTH, height_px=HEIGHT) for t in at_s)
    return poses_of(PosesRequest(telemetry=record, moments=moments, context=context or FlightContext(), video=facts))


def join_of(answer: PosesAnswer) -> Join:
    assert answer.join is not None
    return answer.join


def found(answer: PosesAnswer) -> list[JoinFinding]:
    return [note.finding for note in join_of(answer).notes]


def reasons(answer: PosesAnswer) -> list[str]:
    return [pose.reason.value if isinstance(pose, NoPose) else "pose" for pose in answer.poses]


STEADY = [row(k / 30) for k in range(300)]


def test_an_srt_of_the_videos_length_stands_at_its_frames() -> None:
    join = join_of(ask(srt(STEADY), video(10.0, START), 1.0))
    assert (join.method, join.offset_s.value, join.refused) == (JoinMethod.FRAME_TIME, 0.0, None)
    assert join.offset_s.sigma == pytest.approx(1 / 30 / math.sqrt(12))
    assert [note.finding for note in join.notes] == [JoinFinding.CLOCK_AGREES]


def test_one_row_a_second_is_told_to_a_third_of_one() -> None:
    slow = [row(float(t), latitude=33.2 + min(t, 9) * 9e-5 + t * 1e-7) for t in range(11)]
    answer = ask(srt(slow), video(11.0), 5.0)
    assert join_of(answer).offset_s.sigma == pytest.approx(1 / math.sqrt(12))
    pose = answer.poses[0]
    assert isinstance(pose, CameraPose)
    # 10 m/s northward for 0.29 s, and 2 m of GPS.
    assert pose.north_m.sigma == pytest.approx(math.hypot(2.0, 9.98 / math.sqrt(12)), rel=0.02)
    assert pose.east_m.sigma == pytest.approx(2.0, rel=0.01)


@pytest.mark.parametrize(
    ("record", "facts", "refused", "finding"),
    [
        pytest.param(srt(STEADY), video(4.0), JoinFinding.LENGTH_DIFFERS, JoinFinding.LONGER_THAN_VIDEO,
                     id="srt longer: which part was kept"),
        pytest.param(srt(STEADY), video(4.0, START + timedelta(days=3)), JoinFinding.OTHER_VIDEO,
                     JoinFinding.CLOCK_DISAGREES, id="srt longer and of another day"),
        pytest.param(srt(STEADY), video(30.0), JoinFinding.LENGTH_DIFFERS, JoinFinding.SHORTER_THAN_VIDEO,
                     id="srt of a third of the video"),
        pytest.param(srt(STEADY), video(14.0, START + timedelta(minutes=5)), JoinFinding.OTHER_VIDEO,
                     JoinFinding.SHORTER_THAN_VIDEO, id="srt shorter and of another minute"),
        pytest.param(log(200.0, (20, 50), (80, 110.5), (150, 180)), video(30.0), JoinFinding.RECORDING_AMBIGUOUS,
                     JoinFinding.RECORDING_AMBIGUOUS, id="log with three alike"),
        pytest.param(log(200.0, (20, 50), (80, 90)), video(120.0), JoinFinding.OTHER_VIDEO, JoinFinding.OTHER_VIDEO,
                     id="log whose recordings are all shorter"),
        pytest.param(log(200.0, (20, 180)), video(30.0), JoinFinding.LENGTH_DIFFERS, JoinFinding.LENGTH_DIFFERS,
                     id="log of a longer recording"),
        pytest.param(log(200.0), video(30.0), JoinFinding.RECORDING_UNKNOWN, JoinFinding.RECORDING_UNKNOWN,
                     id="log that names no recording"),
        pytest.param(log(200.0, (20, 50), (80, 110)), None, JoinFinding.RECORDING_AMBIGUOUS,
                     JoinFinding.RECORDING_AMBIGUOUS, id="log with two and nothing known of the video"),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_is_refused_by_name(
    record: TelemetryRecord, facts: VideoFacts | None, refused: JoinFinding, finding: JoinFinding
) -> None:
    answer = ask(record, facts, 0.5, 3.0)
    assert join_of(answer).refused is refused
    assert finding in found(answer)
    assert reasons(answer) == [refused.value] * 2
    assert (answer.grade, answer.origin, answer.starts_at) == (TelemetryGrade.C, None, None)
    assert any(warning.startswith(refused.value) and "telemetry_offset_s" in warning for warning in answer.warnings)


def test_every_refusal_is_an_absence_of_the_same_name() -> None:
    for finding in (JoinFinding.OTHER_VIDEO, JoinFinding.RECORDING_AMBIGUOUS, JoinFinding.RECORDING_UNKNOWN,
                    JoinFinding.LENGTH_DIFFERS):  # fmt: skip
        assert PoseAbsence(finding.value)


@pytest.mark.parametrize(
    ("runs", "facts", "number", "offset_s", "method"),
    [
        pytest.param([(20, 50), (80, 120)], video(40.0), 2, -80.0, JoinMethod.RECORD_FLAG, id="by its length"),
        pytest.param([(20, 50), (80, 110)], video(30.0, START + timedelta(seconds=80)), 2, -80.0,
                     JoinMethod.RECORD_FLAG, id="by the clock"),
        pytest.param([(20, 50), (80, 110)], video(30.0, START + timedelta(hours=9, seconds=20)), 1, -20.0,
                     JoinMethod.RECORD_FLAG, id="by a clock of another zone"),
        pytest.param([(0, 30)], video(40.0), 1, 10.0, JoinMethod.RECORD_FLAG, id="log begins while recording"),
        pytest.param([(180, 200)], video(45.0), 1, -180.0, JoinMethod.RECORD_FLAG, id="log ends while recording"),
        pytest.param([(20, 180)], video(30.0, START + timedelta(seconds=70)), None, -70.0, JoinMethod.CLOCK,
                     id="a part of a recording, by the clock"),
        pytest.param([], video(30.0, START + timedelta(seconds=70)), None, -70.0, JoinMethod.CLOCK,
                     id="no recording named, by the clock"),
    ],
)  # fmt: skip
def test_the_recording_of_a_log(
    runs: list[tuple[float, float]], facts: VideoFacts, number: int | None, offset_s: float, method: JoinMethod
) -> None:
    answer = ask(log(200.0, *runs), facts, 15.0)
    join = join_of(answer)
    assert (join.refused, join.method, join.recording) == (None, method, number)
    assert join.offset_s.value == pytest.approx(offset_s, abs=0.11)
    assert 0.5 < join.offset_s.sigma < 2.0
    pose = answer.poses[0]
    assert isinstance(pose, CameraPose)
    assert pose.yaw_deg.value == pytest.approx(10 + (15.0 - offset_s) / 50, abs=0.01)


def test_a_recording_interrupted_for_one_row_is_one() -> None:
    """The camera closes one file and opens the next."""
    flagged = log(100.0, (20, 40), (40.1, 60))
    assert join_of(ask(flagged, video(40.0), 5.0)).recordings == 1


def test_the_error_of_the_offset_is_in_the_pose() -> None:
    turning = log(60.0, (20, 50))
    turning = turning.model_copy(
        update={"points": tuple(p.model_copy(update={"yaw_deg": 4.0 * p.t_s}) for p in turning.points)}
    )
    answer = ask(turning, video(30.0), 15.0)
    pose, sigma_s = answer.poses[0], join_of(answer).offset_s.sigma
    assert isinstance(pose, CameraPose)
    assert pose.yaw_deg.sigma == pytest.approx(math.hypot(2.0, 4.0 * sigma_s), rel=0.01)
    given = ask(turning, video(30.0), 15.0, context=FlightContext(telemetry_offset_s=Measured(value=-20, sigma=0.0)))
    assert isinstance(given.poses[0], CameraPose)
    assert given.poses[0].yaw_deg.sigma == pytest.approx(2.0, rel=0.01)
    assert join_of(given).method is JoinMethod.GIVEN


def test_a_pitch_that_moves_within_the_offsets_error_is_unmeasurable() -> None:
    """The pan begins at 22 s of the log; the flag knows the offset to 0.6 s, a person to 0.05 s."""
    rows = log(60.0, (20, 50)).points
    tilting = tuple(p.model_copy(update={"pitch_deg": -30 - min(max(p.t_s - 22, 0), 10)}) for p in rows)
    record = log(60.0, (20, 50)).model_copy(update={"points": tilting})
    exact = FlightContext(telemetry_offset_s=Measured(value=-20.0, sigma=0.0))
    assert reasons(ask(record, video(30.0), 1.5, 3.0)) == ["pitching_too_fast"] * 2
    assert reasons(ask(record, video(30.0), 1.5, 3.0, context=exact)) == ["pose", "pitching_too_fast"]


def test_a_person_stands_above_every_doubt() -> None:
    given = FlightContext(telemetry_offset_s=Measured(value=0.0, sigma=0.02))
    answer = ask(srt(STEADY), video(4.0, START + timedelta(days=3)), 1.0, context=given)
    assert reasons(answer) == ["pose"]
    assert JoinFinding.CLOCK_DISAGREES in found(answer)


def test_a_track_of_the_video_itself_is_never_anothers() -> None:
    answer = ask(srt(STEADY), video(4.0, START + timedelta(days=3), inside=True), 1.0)
    assert reasons(answer) == ["pose"]
    assert JoinFinding.LONGER_THAN_VIDEO in found(answer)


def test_frames_before_and_after_the_rows_are_named() -> None:
    late = [row(k / 30) for k in range(90, 300)]
    answer = ask(srt(late), video(13.0), 0.5, 5.0, 12.5)
    assert reasons(answer) == ["outside_telemetry", "pose", "outside_telemetry"]
    assert join_of(answer).covered_s is not None
    assert join_of(answer).covered_s.low == 3.0  # type: ignore[union-attr]
    assert JoinFinding.SHORTER_THAN_VIDEO in found(answer)


def test_a_gap_is_counted_and_has_no_poses() -> None:
    holed = [row(k / 30) for k in range(300) if not 90 < k < 200]
    answer = ask(srt(holed), video(10.0), 1.0, 5.0, 8.0)
    assert reasons(answer) == ["pose", "telemetry_gap", "pose"]
    assert JoinFinding.GAP in found(answer)


def jumped(at_s: float, rows_by_s: float, clock_by_s: float) -> TelemetryRecord:
    """From `at_s` on both times of the rows go on further by as much."""
    return srt(
        row(t + rows_by_s * (t > at_s), captured_at=START + timedelta(seconds=t + clock_by_s * (t > at_s)))
        for t in (k / 30 for k in range(300))
    )


@pytest.mark.parametrize(
    ("record", "finding", "told"),
    [
        pytest.param(jumped(5.0, 0.0, 3600.0), JoinFinding.CLOCK_SET, ["pose", "pose"], id="clock set"),
        pytest.param(jumped(5.0, 0.0, -40.0), JoinFinding.CLOCK_SET, ["pose", "pose"], id="clock set back"),
        pytest.param(jumped(5.0, 20.0, 0.0), JoinFinding.CLOCK_JUMP, ["pose", "clock_jump"], id="rows jump alone"),
        pytest.param(jumped(5.0, 20.0, 20.0), JoinFinding.GAP, ["pose", "pose"], id="both: a hole and no jump"),
    ],
)
def test_jumps_of_the_clock(record: TelemetryRecord, finding: JoinFinding, told: list[str]) -> None:
    end_s = record.points[-1].t_s
    answer = ask(record, video(end_s), 2.0, end_s - 2.0)
    assert reasons(answer) == told
    assert finding in found(answer)
    assert any(warning.startswith(finding.value) for warning in answer.warnings)


@pytest.mark.parametrize(
    ("rise_m", "context", "told"),
    [
        pytest.param(1.5, FlightContext(), "too_low", id="below 2 m, take-off unknown"),
        pytest.param(2.5, FlightContext(), "pose", id="above"),
        pytest.param(1.5, FlightContext(takeoff_above_sea_m=Measured(value=4, sigma=0.3)), "pose", id="off a pier"),
        pytest.param(-3.0, FlightContext(takeoff_above_sea_m=Measured(value=4, sigma=0.3)), "too_low", id="by the sea"),
        pytest.param(
            -30.0, FlightContext(waterline_reading_m=Measured(value=-45, sigma=0.3)), "pose", id="off a cliff"
        ),
    ],
)
def test_below_two_metres_nothing_is_measured(rise_m: float, context: FlightContext, told: str) -> None:
    answer = ask(
        srt(p.model_copy(update={"height_above_takeoff_m": rise_m}) for p in STEADY), None, 5.0, context=context
    )
    assert reasons(answer) == [told]
    assert any("too_low" in warning for warning in answer.warnings) == (told == "too_low")


def test_a_zone_apart_is_noted_and_no_contradiction() -> None:
    answer = ask(srt(STEADY), video(10.0, START + timedelta(hours=9)), 1.0)
    assert join_of(answer).refused is None
    assert found(answer) == [JoinFinding.CLOCK_ZONE]
    ends = ask(srt(STEADY), video(10.0, START + timedelta(seconds=10)), 1.0)
    assert found(ends) == [JoinFinding.CLOCK_AGREES]
