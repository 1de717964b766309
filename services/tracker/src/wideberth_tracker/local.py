"""The Local adapter of `TrackerPort`: the core in this process, off the event loop."""

import asyncio
from importlib.metadata import version

import numpy as np

from wideberth_contracts.frames import Frame, ImageMotion, NoImageMotion
from wideberth_contracts.settings import ServiceInfo
from wideberth_contracts.tracks import TrackAnswer, TrackRequest
from wideberth_tracker.core.motion import Pixels, picture_motion
from wideberth_tracker.core.track import track


class LocalTracker:
    """The verb *track* in this process. Holds nothing: any number of clips may use one."""

    async def info(self) -> ServiceInfo:
        """Service, version, device."""
        return ServiceInfo(service="tracker", version=version("wideberth-tracker"), device="cpu")

    async def motion(self, earlier: Frame, later: Frame) -> ImageMotion | NoImageMotion:
        """How the picture moved between two frames of one size."""
        return await asyncio.to_thread(picture_motion, _picture(earlier), _picture(later))

    async def track(self, request: TrackRequest) -> TrackAnswer:
        """Tracks touched by these frames, and the memory for the next. Raises `BadInput`."""
        return await asyncio.to_thread(track, request)


def _picture(frame: Frame) -> Pixels:
    """The frame's own pixels, not copied, (height, width, 3) BGR."""
    return np.frombuffer(frame.pixels, dtype=np.uint8).reshape(frame.meta.height_px, frame.meta.width_px, 3)
