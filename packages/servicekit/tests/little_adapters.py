"""One small adapter a port. They look at the pixels they get, so that a wrong byte on the way is seen."""

import asyncio
import hashlib
import time

from wideberth_contracts.detections import Detection, DetectSettings, FrameDetections, ObjectKind, OrientedBox
from wideberth_contracts.errors import (
    BadInput,
    Busy,
    Conflict,
    ModelUnavailable,
    NotFound,
    UnreadableTelemetry,
    UnreadableVideo,
)
from wideberth_contracts.frames import (
    ClearedFrame,
    ClearOutcome,
    ClearSettings,
    Crop,
    CropMeta,
    Frame,
    FrameMeta,
    FrameWindow,
    GlintGate,
    ImageMotion,
    NoImageMotion,
    TimeBase,
)
from wideberth_contracts.poses import (
    CameraPose,
    NoPose,
    PoseAbsence,
    PosesAnswer,
    PosesRequest,
    TelemetryGrade,
    TelemetryPoint,
    TelemetryRecord,
)
from wideberth_contracts.positions import LocateAnswer, LocateRequest, NoPosition, PositionAbsence
from wideberth_contracts.screening import CropScore, Screening, ScreenSettings, ScreenVerdict
from wideberth_contracts.separations import SeparateAnswer, SeparateRequest
from wideberth_contracts.settings import ModelRef, ServiceInfo
from wideberth_contracts.tracks import TrackAnswer, TrackerMemory, TrackRequest
from wideberth_contracts.wire import Measured

INFO = ServiceInfo(
    service="little", version="1.2.3", device="abacus", models=(ModelRef(id="m/1", sha256="0" * 64, runtime="none"),)
)

ERRORS = {
    "video": UnreadableVideo("no moov", where="a.mp4", remedy="copy it again"),
    "busy": Busy("queue full", retry_after_s=2.5),
    "conflict": Conflict("not now"),
    "found": NotFound("nothing here", where="x"),
    "model": ModelUnavailable("weights are missing", where="models/x", remedy="fetch them"),
    "bad": BadInput("찾을 수 없음 – “quoted”"),
}


class Little:
    """What stands behind every little port."""

    async def info(self) -> ServiceInfo:
        return INFO


class LittleDetector(Little):
    """One box whose numbers come from the pixels' hash; the clip's name asks for an error or a delay."""

    def __init__(self) -> None:
        self.running = 0
        self.most_running = 0

    async def detect(self, frame: Frame, settings: DetectSettings) -> FrameDetections:
        if frame.meta.clip in ERRORS:
            raise ERRORS[frame.meta.clip]
        if frame.meta.clip == "bug":
            raise RuntimeError("secret: /home/someone/key")
        if frame.meta.clip == "slow":
            self.running += 1
            self.most_running = max(self.most_running, self.running)
            await asyncio.to_thread(time.sleep, 0.2)
            self.running -= 1
        digest = hashlib.sha256(frame.pixels).digest()
        box = OrientedBox(cx_px=digest[0] + 0.1, cy_px=digest[1] / 3, length_px=2, width_px=1, angle_deg=-90)
        found = Detection(kind=ObjectKind.DOLPHIN, confidence=settings.confidence, box=box, model_id=digest.hex())
        return FrameDetections(frame=frame.meta, detections=(found,))


class LittleGlare(Little):
    """Subtracts 1 from the reference frame where the next frame differs."""

    async def clear(self, window: FrameWindow) -> ClearedFrame:
        reference = window.frames[window.reference]
        meta = reference.meta
        if meta.clip in ERRORS:
            raise ERRORS[meta.clip]
        if window.settings.gate is GlintGate.NEVER:
            return ClearedFrame(
                reference, memoryview(bytes(meta.width_px * meta.height_px)), 0, ClearOutcome.SWITCHED_OFF
            )
        pixels = bytes((a + b) & 255 for a, b in zip(reference.pixels, window.frames[-1].pixels, strict=True))
        mask = bytes(255 if i % 3 == 0 else 0 for i in range(meta.width_px * meta.height_px))
        return ClearedFrame(Frame(meta, memoryview(pixels)), memoryview(mask), 1 / 3, ClearOutcome.CLEARED)


class LittleDistance(Little):
    """Counts."""

    async def read_telemetry(self, name: str, content: bytes, utc_offset_h: float) -> TelemetryRecord:
        if not content:
            raise UnreadableTelemetry("nothing in it", where=f"{name}:1", remedy="copy it again")
        point = TelemetryPoint(t_s=0.1 + utc_offset_h, latitude=33.3, longitude=126.2)
        return TelemetryRecord(file=name, dialect="A0", grade=TelemetryGrade.B, points=(point,) * len(content))

    async def poses(self, request: PosesRequest) -> PosesAnswer:
        poses = tuple(NoPose(reason=PoseAbsence.NO_HEIGHT) for _ in request.moments)
        return PosesAnswer(grade=TelemetryGrade.C, origin=None, starts_at=None, poses=poses)

    async def locate(self, request: LocateRequest) -> LocateAnswer:
        none = NoPosition(reason=PositionAbsence.NO_POSE)
        return LocateAnswer(points=(none,) * len(request.points), detections=(), separations=())

    async def separate(self, request: SeparateRequest) -> SeparateAnswer:
        if request.seed == 7:
            raise ERRORS["conflict"]
        return SeparateAnswer(series=())


class LittleTracker(Little):
    """The difference of the first bytes is the motion."""

    async def motion(self, earlier: Frame, later: Frame) -> ImageMotion | NoImageMotion:
        if earlier.pixels == later.pixels:
            return NoImageMotion(reason="nothing moved")
        shift = float(later.pixels[0] - earlier.pixels[0])
        return ImageMotion(later_from_earlier=(1, 0, shift, 0, 1, 0.1 + 0.2, 0, 0, 1), inliers=5)

    async def track(self, request: TrackRequest) -> TrackAnswer:
        return TrackAnswer(memory=TrackerMemory(version="1", payload=str(len(request.frames))), tracks=())


class LittleAnomaly(Little):
    """Scores are the mean of the pixels."""

    async def screen(self, track_id: str, crops: tuple[Crop, ...], settings: ScreenSettings) -> Screening:
        scores = tuple(CropScore(pts=crop.meta.pts, score=sum(crop.pixels) / crop.pixels.nbytes) for crop in crops)
        return Screening(
            track_id=track_id,
            verdict=ScreenVerdict.UNKNOWN if not crops else ScreenVerdict.ANIMAL,
            score=None,
            threshold=0.5,
            crops=scores,
            model_id="m/1",
        )


def frame(clip: str = "clip", *, seed: int = 1, width_px: int = 31, height_px: int = 17) -> Frame:
    """A small frame of odd size with pixels by seed."""
    meta = FrameMeta(
        clip=clip,
        pts=seed * 1001,
        time_base=TimeBase(numerator=1, denominator=30000),
        t_s=seed / 29.97,
        width_px=width_px,
        height_px=height_px,
    )
    block = hashlib.sha256(str(seed).encode()).digest()
    size = width_px * height_px * 3
    return Frame(meta, memoryview((block * (size // len(block) + 1))[:size]))


def window(clip: str = "clip", gate: GlintGate = GlintGate.ALWAYS, frames: int = 3) -> FrameWindow:
    """A window of frames with poses: for 15 frames its description passes every header limit."""
    known = Measured(value=1.5, sigma=0.1)
    pose = CameraPose(
        height_m=known,
        pitch_deg=known,
        roll_deg=known,
        yaw_deg=known,
        focal_px=known,
        east_m=known,
        north_m=known,
        width_px=31,
        height_px=17,
    )
    poses = (NoPose(reason=PoseAbsence.TELEMETRY_GAP), *[pose] * (frames - 1))
    return FrameWindow(
        tuple(frame(clip, seed=i + 1) for i in range(frames)), frames // 2, poses, ClearSettings(gate=gate)
    )


def crop(seed: int) -> Crop:
    """A small crop."""
    pixels = frame(seed=seed, width_px=9, height_px=9).pixels
    return Crop(
        CropMeta(pts=seed, t_s=0.5, width_px=9, height_px=9, detection_px=5, confidence=0.5, sharpness=3.25), pixels
    )
