"""Telemetry without gimbal angles: the horizons tell the pitch between them, and nothing where they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wideberth_contracts.clues import ClueKind, FlightClues, HorizonView
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
from wideberth_distance.core.horizon_pitch import JUMP_DEG, MOST_APART_S, agreeing, with_pitch
from wideberth_distance.core.poses import poses_of

LENS = Measured(value=2665.0, sigma=3.0)


def record(last_s: int = 40) -> TelemetryRecord:
    points = tuple(TelemetryPoint(t_s=t / 4, height_above_takeoff_m=60.0, yaw_deg=5.0) for t in range(4 * last_s + 1))
    return TelemetryRecord(file="DJI_0001.SRT", dialect="C3", grade=TelemetryGrade.B, points=points)


def horizon(t_s: float, pitch_deg: float = -12.0) -> HorizonView:
    return HorizonView(
        t_s=t_s, pitch_deg=Measured(value=pitch_deg, sigma=0.03), roll_deg=Measured(value=0.1, sigma=0.02),
        focal_px=2665.0, height_m=62.0, columns_share=1.0,
    )  # fmt: skip


def ask(views: list[HorizonView], *moments: float, context: FlightContext | None = None) -> PosesAnswer:
    times = tuple(FrameTime(t_s=t, width_px=3840, height_px=2160) for t in moments)
    given = context or FlightContext(focal_px=LENS)
    return poses_of(
        PosesRequest(telemetry=record(), moments=times, context=given, clues=FlightClues(horizons=tuple(views)))
    )


def test_frames_between_two_horizons_have_the_pitch_of_both() -> None:
    answer = ask([horizon(2.0, -12.0), horizon(4.0, -12.4), horizon(6.0, -12.4)], 2.0, 3.0, 5.0)
    found = [each for each in answer.poses if isinstance(each, CameraPose)]
    assert [round(each.pitch_deg.value, 1) for each in found] == [-12.0, -12.2, -12.4]
    assert all(0.02 < each.pitch_deg.sigma < 0.3 for each in found)
    assert found[0].pitch_deg.sigma < found[1].pitch_deg.sigma
    assert found[0].clues == (ClueKind.TELEMETRY, ClueKind.HORIZON)
    assert answer.grade is TelemetryGrade.B
    assert any("the pitch is that of 3 horizons" in text for text in answer.warnings)


def test_beyond_them_and_across_a_move_there_is_none() -> None:
    views = [horizon(2.0), horizon(4.0), horizon(6.0, -18.0), horizon(8.0, -18.0), horizon(20.0, -18.0)]
    answer = ask(views, 0.5, 3.0, 5.0, 7.0, 14.0, 30.0)
    told = [isinstance(each, CameraPose) for each in answer.poses]
    assert told == [False, True, False, True, False, False]
    absent = [each.reason for each in answer.poses if isinstance(each, NoPose)]
    assert set(absent) == {PoseAbsence.NO_PITCH}


def test_no_horizon_no_pose_and_the_remedy_is_named() -> None:
    answer = ask([], 1.0)
    assert isinstance(answer.poses[0], NoPose)
    assert any("keep the horizon in view" in text for text in answer.warnings)


def test_a_pitch_that_a_person_gives_goes_before() -> None:
    context = FlightContext(focal_px=LENS, pitch_deg=Measured(value=-11.0, sigma=0.2))
    answer = ask([horizon(2.0), horizon(4.0)], 30.0, context=context)
    pose = answer.poses[0]
    assert isinstance(pose, CameraPose)
    assert -12.1 < pose.pitch_deg.value < -11.0


def test_a_line_that_stands_alone_is_not_believed() -> None:
    views = [horizon(2.0), horizon(4.0, -16.0), horizon(6.0), horizon(30.0)]
    kept, reasons = agreeing(views)
    assert [view.t_s for view in kept] == [2.0, 6.0]
    assert reasons[0] == "the horizon at 4.0 s is 4.0 deg from all others near in time"
    assert "30.0 s has no other" in reasons[1]
    answer = ask(views, 3.0)
    assert reasons[0] in answer.warnings


@given(
    st.lists(st.tuples(st.floats(0, 40), st.floats(-30, 10)), max_size=12, unique_by=lambda pair: round(pair[0], 2)),
)
def test_what_is_told_lies_between_neighbours_near_in_time(pairs: list[tuple[float, float]]) -> None:
    kept, reasons = agreeing([horizon(t, pitch) for t, pitch in pairs])
    assert len(kept) + len(reasons) == len(pairs)
    told = [point for point in with_pitch(record(), kept).points if point.pitch_deg is not None]
    for point in told:
        before = max((v for v in kept if v.t_s <= point.t_s + 1e-3), key=lambda v: v.t_s)
        after = min((v for v in kept if v.t_s >= point.t_s - 1e-3), key=lambda v: v.t_s)
        assert after.t_s - before.t_s <= MOST_APART_S
        ends = sorted((before.pitch_deg.value, after.pitch_deg.value))
        assert point.pitch_deg is not None
        assert ends[0] - 1e-3 <= point.pitch_deg <= ends[1] + 1e-3


@pytest.mark.parametrize("by", [JUMP_DEG - 0.1, JUMP_DEG + 0.1])
def test_two_that_disagree_are_both_left_out(by: float) -> None:
    kept, _ = agreeing([horizon(2.0), horizon(4.0, -12.0 + by)])
    assert len(kept) == (2 if by < JUMP_DEG else 0)
