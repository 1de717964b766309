"""The Local adapter of `TrackerPort`: the core in this process, off the event loop."""

import asyncio
from importlib.metadata import version

from wideberth_contracts.frames import Frame, ImageMotion, NoImageMotion
from wideberth_contracts.settings import ServiceInfo
from wideberth_contracts.tracks import TrackAnswer, TrackRequest
from wideberth_media.pixels import as_array
from wideberth_tracker.core.motion import picture_motion
from wideberth_tracker.core.track import track

VERSION = version("wideberth-tracker")


class LocalTracker:
    """The verb *track* in this process. Holds nothing: any number of clips may use one."""

    async def info(self) -> ServiceInfo:
        """Service, version, device."""
        return ServiceInfo(service="tracker", version=VERSION, device="cpu")

    async def motion(self, earlier: Frame, later: Frame) -> ImageMotion | NoImageMotion:
        """How the picture moved between two frames of one size."""
        return await asyncio.to_thread(picture_motion, as_array(earlier), as_array(later))

    async def track(self, request: TrackRequest) -> TrackAnswer:
        """Tracks touched by these frames, and the memory for the next. Raises `BadInput`."""
        return await asyncio.to_thread(track, request)
