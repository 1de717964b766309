"""Ports: one `Protocol` a service, one async method a verb.

Every port has a `Local…` adapter (calls the core in this process) and an `Http…` adapter (calls the service). Both
give the same answers and raise the same errors of `wideberth_contracts.errors`.
"""

from typing import Protocol

from wideberth_contracts.clues import MaybeHorizon
from wideberth_contracts.detections import Attention, DetectSettings, FrameDetections
from wideberth_contracts.frames import ClearedFrame, Crop, Frame, FrameWindow, ImageMotion, NoImageMotion
from wideberth_contracts.judgement import JudgeAnswer, JudgeRequest
from wideberth_contracts.poses import FramePose, PosesAnswer, PosesRequest, TelemetryRecord
from wideberth_contracts.positions import LocateAnswer, LocateRequest
from wideberth_contracts.screening import Screening, ScreenSettings, SeaMemory
from wideberth_contracts.separations import SeparateAnswer, SeparateRequest
from wideberth_contracts.settings import ServiceInfo
from wideberth_contracts.tracks import TrackAnswer, TrackRequest


class Described(Protocol):
    """Every port says what stands behind it."""

    async def info(self) -> ServiceInfo:
        """Service, version, device in use, models with their hashes."""
        ...


class GlarePort(Described, Protocol):
    """The verb *clear*."""

    async def clear(self, window: FrameWindow) -> ClearedFrame:
        """The reference frame of the window without sun glint, and the mask of what was refilled."""
        ...


class DetectorPort(Described, Protocol):
    """The verb *detect*."""

    async def detect(
        self, frame: Frame, settings: DetectSettings, attention: Attention | None = None
    ) -> FrameDetections:
        """Oriented boxes of everything seen, highest confidence first.

        The answer depends on frame, settings and attention alone. Without attention the frame is a still.
        """
        ...


class DistancePort(Described, Protocol):
    """The verbs *poses* and *locate*, the reading of telemetry, the search for the horizon, and separations."""

    async def read_telemetry(self, name: str, content: bytes, utc_offset_h: float) -> TelemetryRecord:
        """The telemetry of a file. Raises `UnreadableTelemetry` naming file, line and remedy."""
        ...

    async def horizon(self, frame: Frame, expected: FramePose) -> MaybeHorizon:
        """What a frame shows of the sea horizon near where `expected` has it, or why nothing that can be used."""
        ...

    async def poses(self, request: PosesRequest) -> PosesAnswer:
        """One pose a moment, and the grade."""
        ...

    async def locate(self, request: LocateRequest) -> LocateAnswer:
        """Points and detections on the sea."""
        ...

    async def separate(self, request: SeparateRequest) -> SeparateAnswer:
        """Every craft against its nearest animal, through time."""
        ...


class TrackerPort(Described, Protocol):
    """The verb *track*, and the motion of the picture it needs where there is no pose."""

    async def motion(self, earlier: Frame, later: Frame) -> ImageMotion | NoImageMotion:
        """How the picture moved between two frames."""
        ...

    async def track(self, request: TrackRequest) -> TrackAnswer:
        """Tracks touched by these frames, and the memory for the next."""
        ...


class AnomalyPort(Described, Protocol):
    """The verb *screen*."""

    async def screen(
        self, track_id: str, crops: tuple[Crop, ...], settings: ScreenSettings, sea: SeaMemory | None = None
    ) -> Screening:
        """Animal, clutter or unknown, from a track's best crops; what looks like `sea` is less of an animal."""
        ...

    async def remember(self, crops: tuple[Crop, ...]) -> SeaMemory:
        """What crops of empty sea look like, for `screen`. Empty where the model cannot remember."""
        ...


class JudgePort(Protocol):
    """The verb *judge*; lives in the gateway, needs no service."""

    async def judge(self, request: JudgeRequest) -> JudgeAnswer:
        """Encounters and findings of one rule pack. Raises `BadRulePack` for an unknown one."""
        ...
