"""The look for horizons before the poses: where it looks, how often, what it keeps of every look."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wideberth_contracts.clues import HorizonAbsence, HorizonView, NoHorizon
from wideberth_contracts.poses import (
    CameraPose,
    FlightContext,
    NoPose,
    PoseAbsence,
    PosesAnswer,
    PosesRequest,
    TelemetryGrade,
    TelemetryPoint,
    TelemetryRecord,
)
from wideberth_contracts.wire import Measured
from wideberth_media import VideoWriter, frame_times, probe
from wideberth_pipeline import Stages
from wideberth_pipeline.horizons import APART_S, UNTOLD_PITCH, find_horizons, may_show_horizon

WIDTH_PX, HEIGHT_PX, FPS, SECONDS = 96, 64, 20, 9


def pose(pitch_deg: float, sigma_deg: float = 0.7, focal_px: float = 68.0) -> CameraPose:
    zero = Measured(value=0.0, sigma=0.0)
    return CameraPose(
        height_m=Measured(value=60.0, sigma=2.0), pitch_deg=Measured(value=pitch_deg, sigma=sigma_deg), roll_deg=zero,
        yaw_deg=zero, focal_px=Measured(value=focal_px, sigma=1.0), east_m=zero, north_m=zero, width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
    )  # fmt: skip


class Distance:
    """Answers poses by a pitch for each time, and calls every frame that it is shown a horizon."""

    def __init__(self, pitch_at: Any = lambda _: -10.0) -> None:
        self.pitch_at = pitch_at
        self.shown: list[float] = []
        self.asked: list[PosesRequest] = []

    async def poses(self, request: PosesRequest) -> PosesAnswer:
        self.asked.append(request)
        made = []
        for moment in request.moments:
            pitch = self.pitch_at(moment.t_s)
            made.append(NoPose(reason=PoseAbsence.TELEMETRY_GAP) if pitch is None else pose(pitch))
        return PosesAnswer(grade=TelemetryGrade.A, origin=None, starts_at=None, poses=tuple(made), warnings=())

    async def horizon(self, frame: Any, expected: CameraPose) -> HorizonView | NoHorizon:
        self.shown.append(frame.meta.t_s)
        if frame.meta.t_s > 6:
            return NoHorizon(t_s=frame.meta.t_s, reason=HorizonAbsence.NOT_FOUND, detail="no line stands out")
        return HorizonView(
            t_s=frame.meta.t_s, pitch_deg=expected.pitch_deg, roll_deg=expected.roll_deg, focal_px=68.0, height_m=60.0,
            columns_share=1.0,
        )  # fmt: skip


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    with VideoWriter(path, WIDTH_PX, HEIGHT_PX, FPS) as video:
        for number in range(SECONDS * FPS):
            video.write(np.full((HEIGHT_PX, WIDTH_PX, 3), number, np.uint8))
    return path


def looked(clip: Path, distance: Any, pitch_deg: float | None = -10.0, context: FlightContext | None = None) -> Any:
    stages = Stages(glare=distance, detector=distance, distance=distance, tracker=distance, anomaly=distance,
                    judge=distance)  # fmt: skip
    points = tuple(TelemetryPoint(t_s=float(t), height_above_takeoff_m=60.0, pitch_deg=pitch_deg) for t in range(10))
    record = TelemetryRecord(file="a.SRT", dialect="C4", grade=TelemetryGrade.A, points=points)
    request = PosesRequest(telemetry=record, moments=(), context=context or FlightContext())
    return asyncio.run(find_horizons(stages, clip, probe(clip), frame_times(clip), request))


def test_a_key_frame_now_and_then_and_every_look_is_kept(clip: Path) -> None:
    distance = Distance()
    found = looked(clip, distance)
    times = [view.t_s for view in found]
    assert times == distance.shown == sorted(times)
    assert len(times) >= 3
    assert min(np.diff(times)) >= APART_S
    assert [view.type for view in found if view.t_s > 6] == ["no_horizon"] * sum(t > 6 for t in times)


def test_no_look_where_the_camera_looks_down_or_has_no_pose(clip: Path) -> None:
    distance = Distance(lambda t_s: None if t_s < 3 else -60.0 if t_s < 5 else -10.0)
    found = looked(clip, distance)
    assert found
    assert all(view.t_s >= 5 for view in found)


def test_where_telemetry_tells_no_pitch_the_whole_picture_is_searched_more_often(clip: Path) -> None:
    told, untold = Distance(), Distance()
    few, many = looked(clip, told), looked(clip, untold, pitch_deg=None)
    assert len(many) > len(few)
    assert untold.asked[0].context.pitch_deg == UNTOLD_PITCH
    assert told.asked[0].context.pitch_deg is None


def test_a_pitch_that_a_person_gives_is_what_is_looked_by(clip: Path) -> None:
    given = Measured(value=-12.0, sigma=0.5)
    distance = Distance()
    looked(clip, distance, pitch_deg=None, context=FlightContext(pitch_deg=given))
    assert distance.asked[0].context.pitch_deg == given


@pytest.mark.parametrize(
    ("pitch_deg", "sigma_deg", "may"),
    [(-10.0, 0.7, True), (-60.0, 0.7, False), (-26.0, 0.7, False), (-26.0, 3.0, True), (-90.0, 6.0, False)],
)
def test_may_show_horizon(pitch_deg: float, sigma_deg: float, may: bool) -> None:
    # Half the picture is 25.2 deg high, the dip from 60 m .23 deg.
    assert may_show_horizon(pose(pitch_deg, sigma_deg)) is may
