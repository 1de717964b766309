"""The verb *clear* in this process: frames of the contracts in, the core's arrays in between, frames out."""

import asyncio

import numpy as np

from wideberth_contracts.errors import BadInput
from wideberth_contracts.frames import ClearedFrame, ClearOutcome, Frame, FrameWindow, GlintGate
from wideberth_contracts.poses import CameraPose, NoPose
from wideberth_contracts.settings import ServiceInfo
from wideberth_glare import SERVICE, VERSION
from wideberth_glare.core.arrays import Bgr, Homography, Mask, Neighbour
from wideberth_glare.core.clear import Sight, clear
from wideberth_glare.core.plane import (
    default_ground_sample_m,
    ground_sample_m,
    reference_from_neighbour,
    row_ground_sample_m,
    sea_mask,
)
from wideberth_glare.core.predict import possible
from wideberth_glare.core.scale import COARSEST_M, Scale, scale_for
from wideberth_media.pixels import as_array, buffer_of, frame_of


def _same_size(pose: CameraPose | NoPose, frame: Frame) -> CameraPose | None:
    """Return the pose if it speaks of a picture of this size."""
    if isinstance(pose, CameraPose) and (pose.width_px, pose.height_px) == (frame.meta.width_px, frame.meta.height_px):
        return pose
    return None


class _Beside(Neighbour):
    """A frame beside the reference; its pixels are made only if asked for, and that is where the sea glitters."""

    def __init__(self, frame: Frame, offset_s: float, reference_from_neighbour: Homography | None) -> None:
        fields = {"offset_s": offset_s, "reference_from_neighbour": reference_from_neighbour, "_frame": frame}
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    _frame: Frame

    @property
    def pixels(self) -> Bgr:
        """Same shape as the reference."""
        return as_array(self._frame)


def _neighbours(window: FrameWindow) -> list[Neighbour]:
    """Return the frames beside the reference that the settings allow, in order of time."""
    here = window.frames[window.reference]
    pose = _same_size(window.poses[window.reference], here)
    first = max(0, window.reference - window.settings.window_frames)
    last = min(len(window.frames), window.reference + window.settings.window_frames + 1)
    found: list[Neighbour] = []
    for index in range(first, last):
        frame = window.frames[index]
        if index == window.reference:
            continue
        other = _same_size(window.poses[index], frame)
        onto = reference_from_neighbour(pose, other) if pose and other else None
        found.append(_Beside(frame, frame.meta.t_s - here.meta.t_s, onto))
    return found


def _untouched(frame: Frame, outcome: ClearOutcome) -> ClearedFrame:
    nothing = bytes(frame.meta.height_px * frame.meta.width_px)
    return ClearedFrame(frame=frame, glint_mask=memoryview(nothing), glint_fraction=0.0, outcome=outcome)


def _clearable(pose: CameraPose) -> Mask | None:
    """Return 255 where a pixel sees the sea, and sees it finely enough; None where all do."""
    coarse = row_ground_sample_m(pose) > COARSEST_M
    sea = sea_mask(pose)
    if sea is None and not coarse.any():
        return None
    mask = np.full((pose.height_px, pose.width_px), 255, np.uint8) if sea is None else sea
    mask[coarse] = 0
    return mask


def _scale(pose: CameraPose | None, frame: Frame) -> Scale:
    if pose is None:
        return scale_for(default_ground_sample_m(frame.meta.width_px))
    return scale_for(ground_sample_m(pose), row_ground_sample_m(pose))


def _predicted(pose: CameraPose | None, window: FrameWindow) -> Mask | None:
    """Return where the sun can glint, where pose, time and place are known."""
    at, place = window.frames[window.reference].meta.captured_at, window.settings.place
    if pose is None or at is None or place is None:
        return None
    return possible(pose, at, place.latitude, place.longitude)


def _refuse_odd(window: FrameWindow) -> None:
    """Raise `BadInput` for a window that makes no sense, in the words of the service."""
    if not 0 <= window.reference < len(window.frames):
        raise BadInput("`reference` names no frame of the window", where="body.content.reference")
    if len(window.poses) != len(window.frames):
        raise BadInput("there is not one pose a frame", where="body.content.poses")
    if len({(f.meta.width_px, f.meta.height_px) for f in window.frames}) > 1:
        raise BadInput("the frames of a window are all of one size", where="body.content.frames")


def clear_window(window: FrameWindow) -> ClearedFrame:
    """Return the cleared reference frame; blocks for about 50 ms a megapixel pair."""
    _refuse_odd(window)
    frame = window.frames[window.reference]
    if window.settings.gate is GlintGate.NEVER:
        return _untouched(frame, ClearOutcome.SWITCHED_OFF)
    pose = _same_size(window.poses[window.reference], frame)
    sea = _clearable(pose) if pose else None
    always = window.settings.gate is GlintGate.ALWAYS
    view = Sight(sea, _predicted(pose, window))
    result = clear(as_array(frame), _neighbours(window), _scale(pose, frame), view, always)
    if not result.cleared:
        return _untouched(frame, ClearOutcome.NO_GLINT)
    return ClearedFrame(
        frame=frame_of(result.pixels, frame.meta),
        glint_mask=buffer_of(result.glint),
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
