"""Ports that answer by arithmetic: quick, the same every time, and through the real pipeline.

The sea is flat under the picture at half a metre a pixel. A boat drives from the left towards a dolphin that stays; a
second boat keeps far away below.
"""

import asyncio
import math
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import av
import numpy as np

from wideberth_contracts.detections import (
    AsideDetections,
    Attention,
    Detection,
    DetectSettings,
    FrameDetections,
    ObjectKind,
    OrientedBox,
)
from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.frames import ClearedFrame, ClearOutcome, Crop, Frame, FrameWindow, ImageMotion, NoImageMotion
from wideberth_contracts.poses import (
    CameraPose,
    GeoOrigin,
    PosesAnswer,
    PosesRequest,
    TelemetryGrade,
    TelemetryPoint,
    TelemetryRecord,
)
from wideberth_contracts.positions import (
    Covariance2,
    LocateAnswer,
    LocatedDetection,
    LocateRequest,
    PointSeparation,
    Position,
    Separation,
)
from wideberth_contracts.screening import Screening, ScreenSettings, ScreenVerdict, SeaMemory
from wideberth_contracts.separations import (
    SeparateAnswer,
    SeparateRequest,
    SeparationSample,
    SeparationSeries,
    SpeedEstimate,
)
from wideberth_contracts.settings import ModelRef, ServiceInfo
from wideberth_contracts.tracks import Track, TrackAnswer, TrackerMemory, TrackPoint, TrackRequest, TrackState
from wideberth_contracts.wire import Interval, Measured, Rejection
from wideberth_gateway.rules import LocalJudge
from wideberth_pipeline import Stages

WIDTH_PX, HEIGHT_PX = 160, 96
METRES_PER_PX = 0.5
STARTS_AT = datetime(2026, 8, 1, 3, 0, tzinfo=UTC)


def make_video(path: Path, seconds: float = 6.0, fps: int = 10) -> Path:
    """A small real clip."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        for number in range(round(seconds * fps)):
            pixels = np.full((HEIGHT_PX, WIDTH_PX, 3), (number * 3) % 255, dtype=np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(pixels, format="bgr24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def info(service: str, *models: str) -> ServiceInfo:
    refs = tuple(ModelRef(id=name, sha256="0" * 64, runtime="test") for name in models)
    return ServiceInfo(service=service, version="1", device="cpu", models=refs)


class Glare:
    async def info(self) -> ServiceInfo:
        return info("glare")

    async def clear(self, window: FrameWindow) -> ClearedFrame:
        frame = window.frames[window.reference]
        empty = memoryview(bytes(frame.meta.width_px * frame.meta.height_px))
        return ClearedFrame(frame, empty, 0.0, ClearOutcome.NO_GLINT)


class Detector:
    """Sleeps a little for each frame, and notes each in a file, so that work done twice can be counted."""

    def __init__(
        self, frame_s: float = 0.0, log: Path | None = None, boats: bool = True, poison: str | None = None
    ) -> None:
        """`poison`: what a frame from some second on does, `3.0 SIGSEGV`, `3.0 exit`, `3.0 hang`, `3.0 raise`."""
        self.frame_s, self.log, self.boats, self.poison = frame_s, log, boats, poison

    async def info(self) -> ServiceInfo:
        return info("detector", "synthetic-detector")

    async def detect(
        self, frame: Frame, settings: DetectSettings, attention: Attention | None = None
    ) -> FrameDetections:
        await asyncio.sleep(self.frame_s)
        t_s = frame.meta.t_s
        if self.log is not None:
            with self.log.open("a") as log:
                log.write(f"{os.getpid()} {t_s:.3f}\n")
        if self.poison is not None:
            await swallow(self.poison, t_s)
        found = [box(ObjectKind.DOLPHIN, 130, 30, 5, 2)]
        if self.boats:
            found += [box(ObjectKind.VESSEL, 10 + 14 * t_s, 30, 16, 6), box(ObjectKind.VESSEL, 10 + t_s, 90, 16, 6)]
        twice = AsideDetections.of("duplicate", found[:1])
        counted = (Rejection(reason="duplicate", count=len(twice)),)
        return FrameDetections(frame=frame.meta, detections=tuple(found), rejections=counted, aside=twice)


async def swallow(poison: str, t_s: float) -> None:
    """The frames of a fifth of a second from there on end the process, hang, or raise."""
    at_s, what = poison.split()
    if not float(at_s) <= t_s < float(at_s) + 0.2:
        return
    if what == "exit":
        os._exit(9)
    if what == "hang":
        await asyncio.to_thread(time.sleep, 3600)
    if what == "raise":
        raise RuntimeError("the secret inside")
    os.kill(os.getpid(), signal.Signals[what])


def box(kind: ObjectKind, cx: float, cy: float, length: float, width: float) -> Detection:
    oriented = OrientedBox(cx_px=cx, cy_px=cy, length_px=length, width_px=width, angle_deg=0)
    return Detection(kind=kind, confidence=0.9, box=oriented, model_id="synthetic-detector")


class Distance:
    async def info(self) -> ServiceInfo:
        return info("distance")

    async def read_telemetry(self, name: str, content: bytes, utc_offset_h: float) -> TelemetryRecord:
        if not content.startswith(b"telemetry"):
            raise UnreadableTelemetry("no dialect fits", where=f"{name}, line 1", remedy="send the drone's .SRT")
        point = TelemetryPoint(t_s=0.0, height_above_takeoff_m=58.0)
        return TelemetryRecord(file=name, dialect="test", grade=TelemetryGrade.A, points=(point,))

    async def poses(self, request: PosesRequest) -> PosesAnswer:
        still = Measured(value=0.0, sigma=0.1)
        pose = CameraPose(
            height_m=Measured(value=60.0, sigma=1.0),
            pitch_deg=Measured(value=-90.0, sigma=0.1),
            roll_deg=still,
            yaw_deg=still,
            focal_px=Measured(value=120.0, sigma=1.0),
            east_m=still,
            north_m=still,
            width_px=WIDTH_PX,
            height_px=HEIGHT_PX,
        )
        origin = GeoOrigin(latitude=33.2, longitude=126.2)
        poses = tuple(pose for _ in request.moments)
        return PosesAnswer(grade=TelemetryGrade.A, origin=origin, starts_at=STARTS_AT, poses=poses)

    async def locate(self, request: LocateRequest) -> LocateAnswer:
        located = tuple(LocatedDetection(detection=one, position=place(one)) for one in request.detections)
        points = tuple(at(one.x_px, one.y_px) for one in request.points)
        apart = tuple(
            PointSeparation(pair=pair, separation=between(points[pair.a], points[pair.b])) for pair in request.pairs
        )
        return LocateAnswer(points=points, detections=located, separations=apart)

    async def separate(self, request: SeparateRequest) -> SeparateAnswer:
        animals = [one for one in request.tracks if one.kind is ObjectKind.DOLPHIN]
        craft = [one for one in request.tracks if one.kind.is_craft]
        if not animals:
            return SeparateAnswer(series=())
        return SeparateAnswer(series=tuple(series(one, animals[0]) for one in craft))


def between(a: Position, b: Position) -> Separation:
    """Two hundredths of the distance is its error."""
    metres = math.hypot(a.east_m - b.east_m, a.north_m - b.north_m)
    sigma = 0.02 * metres
    return Separation(
        value_m=metres, sigma_m=sigma, interval_95_m=Interval(low=metres - 2 * sigma, high=metres + 2 * sigma)
    )


def place(detection: Detection) -> Position:
    return at(detection.box.cx_px, detection.box.cy_px)


def at(x_px: float, y_px: float) -> Position:
    east, north = x_px * METRES_PER_PX, -y_px * METRES_PER_PX
    own = Covariance2(east_east=0.25, east_north=0.0, north_north=0.25)
    latitude, longitude = 33.2 + north / 111_000, 126.2 + east / 93_000
    return Position(east_m=east, north_m=north, latitude=latitude, longitude=longitude, own=own)


def series(craft: Track, animal: Track) -> SeparationSeries:
    there = {point.pts: point.position for point in animal.points}
    samples = []
    for point in craft.points:
        here, other = point.position, there[point.pts]
        metres = math.hypot(here.east_m - other.east_m, here.north_m - other.north_m)
        interval = Interval(low=max(0.0, metres - 2), high=metres + 2)
        samples.append(
            SeparationSample(
                t_s=point.t_s,
                pts=point.pts,
                captured_at=point.captured_at,
                animal_track=animal.id,
                animal_age_s=0.0,
                craft_observed=True,
                separation=Separation(value_m=metres, sigma_m=1.0, interval_95_m=interval),
                speed=SpeedEstimate(value_mps=0.5, interval_95_mps=Interval(low=0.3, high=0.7), baseline_s=4.0),
            )
        )
    return SeparationSeries(craft_track=craft.id, animals=(animal.id,), samples=tuple(samples))


class Tracker:
    async def info(self) -> ServiceInfo:
        return info("tracker")

    async def motion(self, earlier: Frame, later: Frame) -> ImageMotion | NoImageMotion:
        return NoImageMotion(reason="synthetic")

    async def track(self, request: TrackRequest) -> TrackAnswer:
        """The order of the detections in a frame is their identity."""
        points: dict[str, list[TrackPoint]] = {}
        kinds: dict[str, ObjectKind] = {}
        for sensed in request.frames:
            for index, one in enumerate(sensed.detections):
                name = f"{'v' if one.detection.kind.is_craft else 'd'}{index}"
                kinds[name] = one.detection.kind
                point = TrackPoint(
                    t_s=sensed.frame.t_s,
                    pts=sensed.frame.pts,
                    captured_at=sensed.frame.captured_at,
                    observed=True,
                    detection=index,
                    confidence=one.detection.confidence,
                    position=one.position,
                    box=one.detection.box,
                )
                points.setdefault(name, []).append(point)
        tracks = tuple(
            Track(id=name, kind=kinds[name], state=TrackState.CONFIRMED, points=tuple(of_it))
            for name, of_it in points.items()
        )
        return TrackAnswer(memory=TrackerMemory(version="1", payload=""), tracks=tracks)


class Anomaly:
    async def info(self) -> ServiceInfo:
        return info("anomaly", "synthetic-screen")

    async def remember(self, crops: tuple[Crop, ...]) -> SeaMemory:
        return SeaMemory(model_id="synthetic-screen")

    async def screen(
        self, track_id: str, crops: tuple[Crop, ...], settings: ScreenSettings, sea: SeaMemory | None = None
    ) -> Screening:
        return Screening(
            track_id=track_id,
            verdict=ScreenVerdict.ANIMAL,
            score=1.0,
            threshold=0.5,
            sure_above=0.5,
            crops=(),
            model_id="synthetic-screen",
        )


def stages(detector: Detector | None = None, judge: LocalJudge | None = None) -> Stages:
    return Stages(
        glare=Glare(),
        detector=detector or Detector(),
        distance=Distance(),
        tracker=Tracker(),
        anomaly=Anomaly(),
        judge=judge or LocalJudge(),
    )


@asynccontextmanager
async def opened(detector: Detector | None = None, judge: LocalJudge | None = None) -> AsyncIterator[Stages]:
    yield stages(detector, judge)
