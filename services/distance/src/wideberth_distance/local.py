"""The port in this process."""

import asyncio
from importlib.metadata import version

from wideberth_contracts.clues import MaybeHorizon
from wideberth_contracts.frames import Frame
from wideberth_contracts.poses import FramePose, PosesAnswer, PosesRequest, TelemetryRecord
from wideberth_contracts.positions import LocateAnswer, LocateRequest
from wideberth_contracts.separations import SeparateAnswer, SeparateRequest
from wideberth_contracts.settings import ServiceInfo
from wideberth_distance.core.horizon import find_horizon
from wideberth_distance.core.locate import locate
from wideberth_distance.core.poses import poses_of
from wideberth_distance.core.separate import separate
from wideberth_distance.core.telemetry import read_telemetry
from wideberth_media.pixels import as_array


def package_version() -> str:
    """As installed."""
    return version("wideberth-distance")


class LocalDistance:
    """`DistancePort` without a network. Holds nothing; numpy runs in a thread so that the loop stays free."""

    async def info(self) -> ServiceInfo:
        """Service and version; geometry has no models and runs on the CPU."""
        return ServiceInfo(service="distance", version=package_version(), device="cpu")

    async def read_telemetry(self, name: str, content: bytes, utc_offset_h: float) -> TelemetryRecord:
        """The telemetry of a file. Raises `UnreadableTelemetry` naming file, line and remedy."""
        return await asyncio.to_thread(read_telemetry, name, content, utc_offset_h)

    async def horizon(self, frame: Frame, expected: FramePose) -> MaybeHorizon:
        """What a frame shows of the sea horizon."""
        return await asyncio.to_thread(find_horizon, as_array(frame), frame.meta.t_s, expected)

    async def poses(self, request: PosesRequest) -> PosesAnswer:
        """One pose a moment, and the grade."""
        return await asyncio.to_thread(poses_of, request)

    async def locate(self, request: LocateRequest) -> LocateAnswer:
        """Points and detections on the sea."""
        return await asyncio.to_thread(locate, request)

    async def separate(self, request: SeparateRequest) -> SeparateAnswer:
        """Every craft against its nearest animal, through time."""
        return await asyncio.to_thread(separate, request)
