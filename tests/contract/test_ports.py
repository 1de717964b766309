"""Every port: the local adapter and the service behind HTTP give the same answers and the same errors.

Real cores on both sides; pixels once raw in the body and once through shared memory.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI

from wideberth_anomaly.app import create_anomaly_app
from wideberth_anomaly.local import LocalAnomaly
from wideberth_anomaly.settings import AnomalySettings
from wideberth_contracts.detections import Attention, Detection, DetectSettings, ObjectKind, OrientedBox
from wideberth_contracts.frames import (
    ClearSettings,
    Crop,
    CropMeta,
    Frame,
    FrameMeta,
    FrameWindow,
    GlintGate,
    NoImageMotion,
    TimeBase,
)
from wideberth_contracts.poses import CameraPose, FrameTime, NoPose, PoseAbsence, PosesRequest
from wideberth_contracts.positions import ImagePoint, LocateRequest, PointPair
from wideberth_contracts.screening import ScreenSettings
from wideberth_contracts.separations import SeparateRequest
from wideberth_contracts.tracks import SensedFrame, TrackerMemory, TrackRequest
from wideberth_contracts.wire import Measured
from wideberth_detector.app import create_detector_app
from wideberth_detector.local import LocalDetector
from wideberth_detector.settings import DetectorSettings
from wideberth_distance.app import create_distance_app
from wideberth_distance.local import LocalDistance
from wideberth_distance.settings import DistanceSettings
from wideberth_glare.app import create_glare_app
from wideberth_glare.local import LocalGlare
from wideberth_glare.settings import GlareSettings
from wideberth_media import frame_of
from wideberth_servicekit.conformance import outcome_of
from wideberth_servicekit.inprocess import in_process
from wideberth_servicekit.ports.anomaly import HttpAnomaly
from wideberth_servicekit.ports.detector import HttpDetector
from wideberth_servicekit.ports.distance import HttpDistance
from wideberth_servicekit.ports.glare import HttpGlare
from wideberth_servicekit.ports.tracker import HttpTracker
from wideberth_servicekit.settings import read_settings
from wideberth_servicekit.transport import SharedTransport
from wideberth_tracker.app import create_tracker_app
from wideberth_tracker.local import LocalTracker
from wideberth_tracker.settings import TrackerSettings

WIDTH_PX, HEIGHT_PX = 640, 384
LEVEL = Measured(value=-5.0, sigma=0.5)
Call = Callable[[Any], Awaitable[object]]

SRT = (
    "1\n00:00:00,000 --> 00:00:00,033\nFrameCnt: 1, DiffTime: 33ms\n2026-05-14 10:10:00.000\n"
    "[iso: 100] [shutter: 1/1000.0] [fnum: 2.8] [ev: 0] [focal_len: 24.00] [latitude: 33.2052] [longitude: 126.2361] "
    "[rel_alt: 75.000 abs_alt: 90.000] [gb_yaw: 10.0 gb_pitch: -40.0 gb_roll: 0.0]\n\n"
)


def frame(number: int) -> Frame:
    """A sea of waves and specks with a boat that moves; seeded by its number."""
    rng = np.random.default_rng(number)
    y, x = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX]
    grey = 70 + 12 * np.sin(x / 9 + number) * np.cos(y / 7) + rng.normal(0, 4, (HEIGHT_PX, WIDTH_PX))
    grey[rng.random((HEIGHT_PX, WIDTH_PX)) > 0.995] = 250
    grey[150:175, 200 + 4 * number : 280 + 4 * number] = 210
    picture = np.repeat(grey.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)
    meta = FrameMeta(
        clip="contract",
        pts=number,
        time_base=TimeBase(numerator=1, denominator=5),
        t_s=number / 5,
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
    )
    return frame_of(picture, meta)


def horizon_frame() -> Frame:
    """A bright sky over a dark sea, level, seen 5 degrees down from 75 m."""
    picture = np.full((HEIGHT_PX, WIDTH_PX, 3), 200, np.uint8)
    picture[HEIGHT_PX // 2 - round(444 * np.tan(np.radians(5 - 0.26))) :] = (70, 60, 40)
    return frame_of(picture, frame(0).meta)


def pose() -> CameraPose:
    """A camera 75 m up that looks 40 degrees down."""
    values = {
        "height_m": (75, 3),
        "pitch_deg": (-40, 1),
        "roll_deg": (0, 0.5),
        "yaw_deg": (10, 2),
        "focal_px": (444, 22),
    }
    places = {"east_m": Measured(value=0, sigma=1), "north_m": Measured(value=0, sigma=1)}
    measured = {name: Measured(value=value, sigma=sigma) for name, (value, sigma) in values.items()}
    return CameraPose(**measured, **places, width_px=WIDTH_PX, height_px=HEIGHT_PX)


def detection(number: int) -> Detection:
    """The boat of `frame`."""
    box = OrientedBox(cx_px=240 + 4 * number, cy_px=162, length_px=80, width_px=25, angle_deg=0)
    return Detection(kind=ObjectKind.VESSEL, confidence=0.9, box=box, model_id="truth")


def window(frames: int, reference: int) -> FrameWindow:
    """Neighbouring frames without poses, always cleared."""
    unposed = NoPose(reason=PoseAbsence.NO_TELEMETRY)
    settings = ClearSettings(gate=GlintGate.ALWAYS)
    return FrameWindow(tuple(frame(n) for n in range(frames)), reference, (unposed,) * frames, settings)


def crop(number: int) -> Crop:
    """A piece of a frame."""
    pixels = np.random.default_rng(number).integers(0, 255, (96, 96, 3), dtype=np.uint8)
    meta = CropMeta(pts=number, t_s=number / 5, width_px=96, height_px=96, detection_px=32, confidence=0.8)
    return Crop(meta, memoryview(pixels.tobytes()))


def sensed(count: int) -> tuple[SensedFrame, ...]:
    """Located detections of a few frames."""
    local = LocalDistance()
    made = []
    for number in range(count):
        answer = asyncio.run(local.locate(LocateRequest(pose=pose(), detections=(detection(number),))))
        made.append(
            SensedFrame(
                frame=frame(number).meta,
                pose=pose(),
                detections=answer.detections,
                motion=NoImageMotion(reason="the pose is known"),
            )
        )
    return tuple(made)


def glare_calls() -> dict[str, Call]:
    """Calls of *clear*."""
    return {
        "three frames": lambda port: port.clear(window(3, 1)),
        "one frame": lambda port: port.clear(window(1, 0)),
    }


def detector_calls() -> dict[str, Call]:
    """Calls of *detect*: a still, and a frame of a stream."""
    attention = Attention(turn=3, expected=(detection(0).box,))
    return {
        "a frame": lambda port: port.detect(frame(0), DetectSettings()),
        "a frame of a stream": lambda port: port.detect(frame(0), DetectSettings(confidence=0.05), attention),
    }


def distance_calls() -> dict[str, Call]:
    """Calls of *read*, *poses*, *locate*, *separate*, and two refusals."""
    points = (ImagePoint(x_px=200, y_px=250), ImagePoint(x_px=420, y_px=300), ImagePoint(x_px=320, y_px=-5000))
    located = LocateRequest(pose=pose(), points=points, detections=(detection(0),), pairs=(PointPair(a=0, b=1),))
    moments = (FrameTime(t_s=0.0, width_px=WIDTH_PX, height_px=HEIGHT_PX),)
    tracks = asyncio.run(LocalTracker().track(TrackRequest(frames=sensed(6), final=True))).tracks
    return {
        "telemetry": lambda port: port.read_telemetry("a.SRT", SRT.encode(), 9.0),
        "empty telemetry": lambda port: port.read_telemetry("empty.SRT", b"", 9.0),
        "foreign telemetry": lambda port: port.read_telemetry("letter.txt", "안녕하세요".encode(), 9.0),
        "poses without telemetry": lambda port: port.poses(PosesRequest(telemetry=None, moments=moments)),
        "a horizon": lambda port: port.horizon(horizon_frame(), pose().model_copy(update={"pitch_deg": LEVEL})),
        "no horizon": lambda port: port.horizon(frame(0), pose()),
        "positions": lambda port: port.locate(located),
        "separations": lambda port: port.separate(SeparateRequest(tracks=tracks)),
    }


def tracker_calls() -> dict[str, Call]:
    """Calls of *track* and *motion*, and a memory that is none."""
    frames = sensed(6)
    stale = TrackerMemory(version="0", payload="{}")
    return {
        "tracks": lambda port: port.track(TrackRequest(frames=frames, final=True)),
        "motion": lambda port: port.motion(frame(0), frame(1)),
        "a foreign memory": lambda port: port.track(TrackRequest(frames=frames, memory=stale)),
    }


def anomaly_calls() -> dict[str, Call]:
    """Calls of *screen*."""
    return {
        "three crops": lambda port: port.screen("d1", tuple(crop(n) for n in range(3)), ScreenSettings()),
        "no crop": lambda port: port.screen("d2", (), ScreenSettings()),
        "empty sea": lambda port: port.remember((crop(1), crop(2))),
    }


PORTS: dict[str, tuple[Callable[[], Any], Callable[[Any], FastAPI], Any, Any, Callable[[], dict[str, Call]]]] = {
    "glare": (LocalGlare, create_glare_app, GlareSettings, HttpGlare, glare_calls),
    "detector": (LocalDetector.open, create_detector_app, DetectorSettings, HttpDetector, detector_calls),
    "distance": (LocalDistance, create_distance_app, DistanceSettings, HttpDistance, distance_calls),
    "tracker": (LocalTracker, create_tracker_app, TrackerSettings, HttpTracker, tracker_calls),
    "anomaly": (LocalAnomaly.open, create_anomaly_app, AnomalySettings, HttpAnomaly, anomaly_calls),
}


@asynccontextmanager
async def remote(name: str, folder: Path | None) -> AsyncIterator[Any]:
    """The Http adapter of a port before its running service."""
    _, create, settings, adapter, _ = PORTS[name]
    async with in_process(create(read_settings(settings))) as client:
        if folder is None:
            yield adapter(client)
            return
        with SharedTransport(folder) as transport:
            yield adapter(client, transport)


@pytest.mark.parametrize("shared", [False, True], ids=["raw", "shared memory"])
@pytest.mark.parametrize("name", PORTS)
def test_http_is_local(name: str, shared: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    local, _, _, _, calls = PORTS[name]
    if shared:
        monkeypatch.setenv(f"WIDEBERTH_{name.upper()}_SHARED_DIR", str(tmp_path))

    async def compare() -> None:
        here = local()
        async with remote(name, tmp_path if shared else None) as there:
            assert await there.info() == await here.info()
            for label, call in made.items():
                ours, theirs = await outcome_of(call(here)), await outcome_of(call(there))
                assert _timeless(ours) == _timeless(theirs), label

    made = calls()
    asyncio.run(compare())


def _timeless(outcome: Any) -> Any:
    """An outcome without how long the model took."""
    value = outcome.value
    if hasattr(value, "inference_s"):
        return value.model_copy(update={"inference_s": 0.0})
    return outcome


def test_refusals_are_refusals() -> None:
    """What the suite calls a refusal is one: else it would compare two equal mistakes."""
    refused = {label: asyncio.run(outcome_of(call(LocalDistance()))).error for label, call in distance_calls().items()}
    assert refused["empty telemetry"] is not None
    assert refused["foreign telemetry"] is not None
    assert refused["telemetry"] is None
    assert refused["positions"] is None
