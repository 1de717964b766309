"""The tracker over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
from fastapi import FastAPI

from wideberth_contracts.errors import InternalFault
from wideberth_contracts.frames import Frame, FrameMeta, ImageMotion, TimeBase
from wideberth_contracts.tracks import TrackRequest
from wideberth_media.codec import CvPixelCodec
from wideberth_media.pixels import frame_of
from wideberth_servicekit.ports import tracker
from wideberth_servicekit.service import Service, create_app
from wideberth_tracker.local import VERSION, LocalTracker
from wideberth_tracker.settings import TrackerSettings
from wideberth_tracker.trials.scenes import approach


def create_tracker_app(settings: TrackerSettings) -> FastAPI:
    """The service."""
    return create_app(
        Service("tracker", VERSION, _opening, _self_test, tracker.routes(), codec=CvPixelCodec()), settings
    )


@asynccontextmanager
async def _opening() -> AsyncIterator[LocalTracker]:
    yield LocalTracker()


async def _self_test(adapter: LocalTracker) -> None:
    """Five seconds of an approaching boat make one track; a picture moved by 4 px is found to have moved by that."""
    answer = await adapter.track(TrackRequest(frames=approach(0).frames[:25], final=True))
    kept = [track.id for track in answer.tracks if track.state == "lost"]
    motion = await adapter.motion(_noise(0), _noise(4))
    moved = motion.later_from_earlier[2] if isinstance(motion, ImageMotion) else None
    if len(kept) != 1 or moved is None or abs(moved - 4) > 0.1:
        raise InternalFault(f"self-test: tracks {kept}, picture moved by {moved} px where 4 are right")


def _noise(shift_px: int) -> Frame:
    """A textured picture, moved to the right."""
    blocks = np.random.default_rng(0).integers(60, 200, (24, 40, 1), dtype=np.uint8)
    picture = np.roll(np.kron(blocks, np.ones((8, 8, 3), dtype=np.uint8)), shift_px, axis=1)
    height, width = picture.shape[:2]
    base = TimeBase(numerator=1, denominator=1)
    meta = FrameMeta(clip="self-test", pts=0, time_base=base, t_s=0.0, width_px=width, height_px=height)
    return frame_of(picture, meta)
