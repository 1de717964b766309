"""Where a clip is watched for turns, and what a motion of the picture comes to."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from wideberth_contracts.frames import Frame, FrameMeta, ImageMotion, TimeBase
from wideberth_contracts.joining import Join, JoinFinding, JoinMethod, VideoFacts
from wideberth_contracts.poses import PosesRequest, TelemetryGrade, TelemetryPoint, TelemetryRecord
from wideberth_contracts.wire import Interval, Measured
from wideberth_pipeline.picture_turns import STRETCH_S, stretches, turn_of

DURATION_S = 120.0


def request(turns_at: tuple[float, ...], offset_s: float = 0.0) -> PosesRequest:
    """Rows that turn by 20 degrees within 2 s here and there, across north."""
    times = np.arange(0.0, DURATION_S, 0.1)
    yaw = 170.0 + sum(np.clip((times - at) * 10.0, 0.0, 20.0) for at in turns_at)
    points = tuple(
        TelemetryPoint(t_s=t - offset_s, yaw_deg=(y + 180) % 360 - 180, pitch_deg=-30.0)
        for t, y in zip(times.tolist(), yaw.tolist(), strict=True)
    )
    record = TelemetryRecord(file="f.csv", dialect="airdata", grade=TelemetryGrade.B, points=points)
    return PosesRequest(telemetry=record, moments=(), video=VideoFacts(
        file="v", duration_s=DURATION_S, width_px=1920, height_px=1080))  # fmt: skip


def join(method: JoinMethod, offset_s: float = 0.0, refused: JoinFinding | None = None) -> Join:
    return Join(
        offset_s=Measured(value=offset_s, sigma=0.6), method=method, covered_s=Interval(low=0, high=DURATION_S),
        refused=refused,
    )  # fmt: skip


def test_a_log_is_watched_where_its_rows_turn() -> None:
    starts = stretches(request((31.0, 77.0, 102.0), offset_s=-40.0), join(JoinMethod.RECORD_FLAG, -40.0), DURATION_S)
    assert len(starts) == 5
    for turn in (31.0, 77.0, 102.0):
        assert any(start < turn and turn + 2 < start + STRETCH_S for start in starts), (turn, starts)
    assert all(b - a >= STRETCH_S for a, b in pairwise(starts))


def test_an_srt_is_watched_less() -> None:
    assert len(stretches(request((31.0, 77.0, 102.0)), join(JoinMethod.FRAME_TIME), DURATION_S)) == 2


def test_where_rows_are_not_known_the_whole_clip_is_watched_evenly() -> None:
    unknown = join(JoinMethod.RECORD_FLAG, refused=JoinFinding.RECORDING_AMBIGUOUS)
    assert stretches(request((31.0,)), unknown, DURATION_S) == (0.0, 28.0, 56.0, 84.0, 112.0)


def test_a_short_clip_is_watched_whole() -> None:
    assert stretches(request((3.0,)), join(JoinMethod.FRAME_TIME), 6.0) == (0.0,)


def frame(t_s: float) -> Frame:
    meta = FrameMeta(clip="c", pts=round(1000 * t_s), time_base=TimeBase(numerator=1, denominator=1000), t_s=t_s,
                     width_px=640, height_px=360)  # fmt: skip
    return Frame(meta, memoryview(bytes(640 * 360 * 3)))


@pytest.mark.parametrize(("right", "down", "clockwise"), [(4.0, -2.0, 0.0), (0.0, 0.0, 2.5), (-6.0, 1.0, -1.0)])
def test_a_motion_comes_to_its_shift_and_turn(right: float, down: float, clockwise: float) -> None:
    c, s = math.cos(math.radians(clockwise)), math.sin(math.radians(clockwise))
    # About the picture's middle, then shifted.
    x = 320 - c * 320 + s * 180 + right
    y = 180 - s * 320 - c * 180 + down
    motion = ImageMotion(later_from_earlier=(c, -s, x, s, c, y, 0, 0, 1), inliers=50)
    info: Any = type("Info", (), {"width_px": 1920})()
    turn = turn_of(motion, frame(1.0), frame(1.2), info)
    assert (turn.from_s, turn.to_s) == (1.0, 1.2)
    assert (turn.right_px, turn.down_px) == pytest.approx((3 * right, 3 * down), abs=1e-9)
    assert turn.clockwise_deg == pytest.approx(clockwise, abs=0.001)
