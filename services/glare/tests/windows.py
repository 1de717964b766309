"""Windows of frames for the tests."""

import numpy as np

from wideberth_contracts.frames import ClearSettings, Frame, FrameMeta, FrameWindow, GlintGate, TimeBase
from wideberth_contracts.poses import CameraPose, NoPose, PoseAbsence
from wideberth_contracts.wire import Measured
from wideberth_media.pixels import frame_of

NO_POSE = NoPose(reason=PoseAbsence.NO_TELEMETRY)


def frame(picture: np.ndarray, t_s: float = 0.0) -> Frame:
    meta = FrameMeta(
        clip="test",
        pts=round(t_s * 1000),
        time_base=TimeBase(numerator=1, denominator=1000),
        t_s=t_s,
        width_px=picture.shape[1],
        height_px=picture.shape[0],
    )
    return frame_of(picture, meta)


def window(
    pictures: list[np.ndarray],
    reference: int = 0,
    gate: GlintGate = GlintGate.AUTO,
    gap_s: float = 1 / 30,
    poses: tuple[CameraPose | NoPose, ...] | None = None,
) -> FrameWindow:
    frames = tuple(frame(p, i * gap_s) for i, p in enumerate(pictures))
    return FrameWindow(frames, reference, poses or tuple(NO_POSE for _ in frames), ClearSettings(gate=gate))


def exact(value: float) -> Measured:
    return Measured(value=value, sigma=0.0)


def pose(
    width_px: int,
    height_px: int,
    height_m: float = 60.0,
    pitch_deg: float = -90.0,
    focal_px: float = 750.0,
    **more: float,
) -> CameraPose:
    return CameraPose(
        height_m=exact(height_m),
        pitch_deg=exact(pitch_deg),
        roll_deg=exact(more.get("roll_deg", 0.0)),
        yaw_deg=exact(more.get("yaw_deg", 0.0)),
        focal_px=exact(focal_px),
        east_m=exact(more.get("east_m", 0.0)),
        north_m=exact(more.get("north_m", 0.0)),
        width_px=width_px,
        height_px=height_px,
    )
