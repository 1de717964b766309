"""Looking for the horizon here and there in a clip, before its poses are made: a key frame every few seconds."""

import asyncio
import math
from collections.abc import Sequence
from pathlib import Path

from wideberth_contracts.clues import HorizonAbsence, MaybeHorizon, NoHorizon
from wideberth_contracts.poses import CameraPose, FrameTime, PosesRequest
from wideberth_contracts.wire import Measured
from wideberth_media import FrameStamp, VideoInfo, key_frames
from wideberth_pipeline.stages import Stages

APART_S = 2.0
"""A gimbal's offset wanders over a minute: more often tells nothing new."""
MOST_LOOKS = 60
UNTOLD_APART_S, MOST_UNTOLD_LOOKS = 0.9, 900
"""Where the picture alone tells the pitch, it must tell it often."""
UNTOLD_PITCH = Measured(value=0.0, sigma=6.0)
"""With four standard errors the whole picture is searched."""
MARGIN_DEG = 1.0
"""Less than the pitch's error in view: nothing to find."""


async def find_horizons(
    stages: Stages, video: Path, info: VideoInfo, times: Sequence[FrameStamp], request: PosesRequest
) -> tuple[MaybeHorizon, ...]:
    """What the clip's key frames show of the horizon, in order of time; only where it may be in view.

    Args:
        stages: the distance port looks.
        video: the clip.
        info: its size and hash.
        times: of all its frames.
        request: telemetry and context; its moments and clues are not used.
    """
    if request.telemetry is None:
        return ()
    untold = request.context.pitch_deg is None and all(p.pitch_deg is None for p in request.telemetry.points)
    keys = _apart([stamp for stamp in times if stamp.is_key], UNTOLD_APART_S if untold else APART_S)
    if not keys:
        return ()
    if untold:
        context = request.context.model_copy(update={"pitch_deg": UNTOLD_PITCH})
        request = request.model_copy(update={"context": context})
    moments = tuple(FrameTime(t_s=key.t_s, width_px=info.width_px, height_px=info.height_px) for key in keys)
    expected = (await stages.distance.poses(request.model_copy(update={"moments": moments}))).poses
    seen = [(key, pose) for key, pose in zip(keys, expected, strict=True) if isinstance(pose, CameraPose)]
    most = MOST_UNTOLD_LOOKS if untold else MOST_LOOKS
    seen = _thinned([(key, pose) for key, pose in seen if may_show_horizon(pose)], most)
    poses = {key.pts: pose for key, pose in seen}
    frames = key_frames(video, [key for key, _ in seen], clip=info.sha256)
    found: list[MaybeHorizon] = []
    while (frame := await asyncio.to_thread(next, frames, None)) is not None:
        found.append(await stages.distance.horizon(frame, poses[frame.meta.pts]))
    looked_at = {round(view.t_s, 6) for view in found}
    lost = [key for key, _ in seen if round(key.t_s, 6) not in looked_at]
    absent = [NoHorizon(t_s=k.t_s, reason=HorizonAbsence.NOT_FOUND, detail="the frame does not decode") for k in lost]
    return tuple(sorted((*found, *absent), key=lambda view: view.t_s))


def may_show_horizon(pose: CameraPose) -> bool:
    """Whether the top edge of the picture may look above the horizon, two standard errors of pitch allowed."""
    half_deg = math.degrees(math.atan(pose.height_px / 2 / pose.focal_px.value))
    # Dip = sqrt(2 h (1 - k) / R), k = 0.13, R = 6,371 km.
    dip_deg = math.degrees(math.sqrt(2 * pose.height_m.value * (1 - 0.13) / 6_371_000.0))
    return pose.pitch_deg.value + half_deg + 2 * pose.pitch_deg.sigma > -dip_deg + MARGIN_DEG


def _apart(keys: Sequence[FrameStamp], apart_s: float) -> list[FrameStamp]:
    chosen: list[FrameStamp] = []
    for key in keys:
        if not chosen or key.t_s - chosen[-1].t_s >= apart_s:
            chosen.append(key)
    return chosen


def _thinned(seen: list[tuple[FrameStamp, CameraPose]], most: int) -> list[tuple[FrameStamp, CameraPose]]:
    if len(seen) <= most:
        return seen
    return [seen[round(k * (len(seen) - 1) / (most - 1))] for k in range(most)]
