"""One small adapter a port, for tests of everything that stands between a caller and a port.

They look at every pixel they get, so that a wrong byte on the way is seen, and raise on request: a frame whose clip is
a key of `ERRORS` gives that error, `bug` an unforeseen exception, `slow` takes 0.2 s.
"""

import asyncio
import hashlib
import time

from wideberth_contracts.clues import HorizonAbsence, MaybeHorizon, NoHorizon
from wideberth_contracts.detections import (
    Attention,
    Detection,
    DetectSettings,
    FrameDetections,
    Looked,
    ObjectKind,
    OrientedBox,
)
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
    Crop,
    Frame,
    FrameWindow,
    GlintGate,
    ImageMotion,
    NoImageMotion,
)
from wideberth_contracts.poses import (
    FramePose,
    NoPose,
    PoseAbsence,
    PosesAnswer,
    PosesRequest,
    TelemetryGrade,
    TelemetryPoint,
    TelemetryRecord,
)
from wideberth_contracts.positions import LocateAnswer, LocateRequest, NoPosition, PositionAbsence
from wideberth_contracts.screening import CropScore, Screening, ScreenSettings, ScreenVerdict, SeaMemory
from wideberth_contracts.separations import SeparateAnswer, SeparateRequest
from wideberth_contracts.settings import ModelRef, ServiceInfo
from wideberth_contracts.tracks import TrackAnswer, TrackerMemory, TrackRequest

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
    """One box whose numbers come from the pixels' hash, and the boxes expected; the clip's name asks for an error or a
    delay."""

    def __init__(self) -> None:
        self.running = 0
        self.most_running = 0

    async def detect(
        self, frame: Frame, settings: DetectSettings, attention: Attention | None = None
    ) -> FrameDetections:
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
        confidence = 0.5 if settings.confidence is None else settings.confidence
        boxes = (box, *(attention.expected if attention else ()))
        found = tuple(
            Detection(kind=ObjectKind.DOLPHIN, confidence=confidence, box=each, model_id=digest.hex()) for each in boxes
        )
        looked = Looked(inferred_px=attention.turn, closely_fraction=0.25) if attention else None
        return FrameDetections(frame=frame.meta, detections=found, looked=looked)


class LittleGlare(Little):
    """Adds the window's last frame to the reference."""

    async def clear(self, window: FrameWindow) -> ClearedFrame:
        if not 0 <= window.reference < len(window.frames):
            raise BadInput("`reference` names no frame of the window", where="body.content.reference")
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

    async def horizon(self, frame: Frame, expected: FramePose) -> MaybeHorizon:
        return NoHorizon(t_s=float(frame.pixels[0]), reason=HorizonAbsence.NOT_FOUND, detail=expected.type)

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

    async def remember(self, crops: tuple[Crop, ...]) -> SeaMemory:
        means = tuple((sum(crop.pixels) / crop.pixels.nbytes,) for crop in crops)
        return SeaMemory(model_id="m/1", places=means)

    async def screen(
        self, track_id: str, crops: tuple[Crop, ...], settings: ScreenSettings, sea: SeaMemory | None = None
    ) -> Screening:
        scores = tuple(CropScore(pts=crop.meta.pts, score=sum(crop.pixels) / crop.pixels.nbytes) for crop in crops)
        return Screening(
            track_id=track_id,
            verdict=ScreenVerdict.UNKNOWN if not crops else ScreenVerdict.ANIMAL,
            score=None,
            threshold=0.5,
            sure_above=0.5 + len(sea.places) if sea else 0.5,
            crops=scores,
            model_id="m/1",
        )
