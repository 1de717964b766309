"""The verb *clear* in this process: frames of the contracts in, the core's arrays in between, frames out."""

import asyncio

import numpy as np

from wideberth_contracts.frames import ClearedFrame, ClearOutcome, Frame, FrameWindow, GlintGate
from wideberth_contracts.poses import CameraPose, NoPose
from wideberth_contracts.settings import ServiceInfo
from wideberth_glare import SERVICE, VERSION
from wideberth_glare.core.arrays import Bgr, Mask, Neighbour
from wideberth_glare.core.clear import clear
from wideberth_glare.core.plane import default_ground_sample_m, ground_sample_m, reference_from_neighbour, sea_mask
from wideberth_glare.core.scale import scale_for


def _pixels(frame: Frame) -> Bgr:
    flat = np.frombuffer(frame.pixels, np.uint8)
    return flat.reshape(frame.meta.height_px, frame.meta.width_px, 3)


def _buffer(array: Bgr | Mask) -> memoryview:
    return array.data.cast("B")


def _same_size(pose: CameraPose | NoPose, frame: Frame) -> CameraPose | None:
    """Return the pose if it speaks of a picture of this size."""
    if isinstance(pose, CameraPose) and (pose.width_px, pose.height_px) == (frame.meta.width_px, frame.meta.height_px):
        return pose
    return None


def _neighbours(window: FrameWindow) -> list[Neighbour]:
    """Return the frames beside the reference that the settings allow, nearest first in neither direction."""
    here = window.frames[window.reference]
    pose = _same_size(window.poses[window.reference], here)
    first = max(0, window.reference - window.settings.window_frames)
    last = min(len(window.frames), window.reference + window.settings.window_frames + 1)
    found = []
    for index in range(first, last):
        frame = window.frames[index]
        if index == window.reference or frame.pixels.nbytes != here.pixels.nbytes:
            continue
        other = _same_size(window.poses[index], frame)
        onto = reference_from_neighbour(pose, other) if pose and other else None
        found.append(Neighbour(_pixels(frame), frame.meta.t_s - here.meta.t_s, onto))
    return found


def _untouched(frame: Frame, outcome: ClearOutcome) -> ClearedFrame:
    nothing = bytes(frame.meta.height_px * frame.meta.width_px)
    return ClearedFrame(frame=frame, glint_mask=memoryview(nothing), glint_fraction=0.0, outcome=outcome)


def clear_window(window: FrameWindow) -> ClearedFrame:
    """Return the cleared reference frame; blocks for about 50 ms a megapixel pair."""
    frame = window.frames[window.reference]
    if window.settings.gate is GlintGate.NEVER:
        return _untouched(frame, ClearOutcome.SWITCHED_OFF)
    pose = _same_size(window.poses[window.reference], frame)
    sea: Mask | None = sea_mask(pose) if pose else None
    gsd_m = ground_sample_m(pose) if pose else default_ground_sample_m(frame.meta.width_px)
    always = window.settings.gate is GlintGate.ALWAYS
    result = clear(_pixels(frame), _neighbours(window), scale_for(gsd_m), sea, always)
    if not result.cleared:
        return _untouched(frame, ClearOutcome.NO_GLINT)
    return ClearedFrame(
        frame=Frame(frame.meta, _buffer(result.pixels)),
        glint_mask=_buffer(result.glint),
        glint_fraction=float(np.count_nonzero(result.glint)) / result.glint.size,
        outcome=ClearOutcome.CLEARED,
    )


class LocalGlare:
    """The glare port, served by this process. Stateless: any number of calls at once."""

    async def info(self) -> ServiceInfo:
        """Say what this is; there is no model and no device but the CPU."""
        return ServiceInfo(service=SERVICE, version=VERSION, device="cpu")

    async def clear(self, window: FrameWindow) -> ClearedFrame:
        """Return the reference frame without sun glint, in a worker thread (OpenCV and numpy release the GIL)."""
        return await asyncio.to_thread(clear_window, window)
