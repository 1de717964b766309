"""Small frames, windows and crops, exact by seed."""

import hashlib

from wideberth_contracts.frames import ClearSettings, Crop, CropMeta, Frame, FrameMeta, FrameWindow, GlintGate, TimeBase
from wideberth_contracts.poses import CameraPose, NoPose, PoseAbsence
from wideberth_contracts.wire import Measured


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
    poses: tuple[CameraPose | NoPose, ...] = (NoPose(reason=PoseAbsence.TELEMETRY_GAP), *[pose] * (frames - 1))
    return FrameWindow(
        tuple(frame(clip, seed=i + 1) for i in range(frames)), frames // 2, poses, ClearSettings(gate=gate)
    )


def crop(seed: int) -> Crop:
    """A small crop."""
    pixels = frame(seed=seed, width_px=9, height_px=9).pixels
    return Crop(
        CropMeta(pts=seed, t_s=0.5, width_px=9, height_px=9, detection_px=5, confidence=0.5, sharpness=3.25), pixels
    )
