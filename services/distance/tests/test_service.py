"""The local adapter and the service give the same answers and the same errors."""

import asyncio

import pytest

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import FrameTime, PosesRequest
from wideberth_contracts.positions import ImagePoint, LocateRequest, PointPair
from wideberth_contracts.separations import SeparateRequest
from wideberth_distance.app import create_distance_app, self_test
from wideberth_distance.local import LocalDistance
from wideberth_distance.settings import DistanceSettings
from wideberth_servicekit.inprocess import in_process
from wideberth_servicekit.ports.distance import HttpDistance

SRT = (
    b"1\n00:00:00,000 --> 00:00:00,040\n<font size=\"28\">FrameCnt: 1, DiffTime: 40ms\n2026-05-27 13:10:00.015\n"
    b"[focal_len: 24.00] [latitude: 33.2] [longitude: 126.2] [rel_alt: 60.0 abs_alt: 1.0] "
    b"[gb_yaw: 10.0 gb_pitch: -30.0 gb_roll: 0.0]\n"
)  # fmt: skip


async def everything(port, pose, detection) -> list[object]:
    record = await port.read_telemetry("a.SRT", SRT, 9.0)
    moments = (FrameTime(t_s=0.0, width_px=1920, height_px=1080),)
    points = (ImagePoint(x_px=900, y_px=600), ImagePoint(x_px=990, y_px=610), ImagePoint(x_px=9, y_px=-5000))
    request = LocateRequest(pose=pose, points=points, detections=(detection,), pairs=(PointPair(a=0, b=1),))
    answers = [
        record,
        await port.poses(PosesRequest(telemetry=record, moments=moments)),
        await port.locate(request),
        await port.separate(SeparateRequest(tracks=())),
        await port.info(),
    ]
    with pytest.raises(UnreadableTelemetry) as caught:
        await port.read_telemetry("empty.SRT", b"", 9.0)
    return [*answers, str(caught.value), caught.value.where, caught.value.remedy]


def test_both_adapters_agree(pose_of, detection_of) -> None:
    pose = pose_of(80.0, -30.0, sigmas=(3.0, 0.7, 0.5, 2.0, 60.0, 2.0, 2.0), wave_m=0.5)
    detection = detection_of("vessel", 960, 540, 80, 35, 10)

    async def compare() -> None:
        local = await everything(LocalDistance(), pose, detection)
        async with in_process(create_distance_app(DistanceSettings())) as client:
            assert (await client.get("/readyz")).status_code == 200
            assert await everything(HttpDistance(client), pose, detection) == local

    asyncio.run(compare())


def test_the_self_test_passes() -> None:
    asyncio.run(self_test(LocalDistance()))
