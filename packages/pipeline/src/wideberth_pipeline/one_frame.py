"""One frame cleared of glint again, for a person who wants to see what the detector saw: analyses keep no pictures."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from wideberth_contracts.errors import NotFound
from wideberth_contracts.frames import ClearOutcome, FrameWindow, PixelEncoding
from wideberth_media import CvPixelCodec, Sampled, read_frames
from wideberth_pipeline.frame_list import frames_of
from wideberth_pipeline.plan import load_plan, load_poses, pose_at
from wideberth_pipeline.stages import Stages

HALF_A_MS_S = 0.0005


@dataclass(frozen=True, slots=True)
class ClearedPicture:
    """A cleared frame: JPEG of it, PNG of the mask (white where pixels were refilled), the share that was refilled."""

    picture: bytes
    mask: bytes
    outcome: ClearOutcome
    glint_fraction: float


async def cleared_picture(stages: Stages, folder: Path, video: Path, pts: int) -> ClearedPicture:
    """By the same port, neighbours, poses and settings as in the analysis.

    Raises:
        NotFound: the video has no such frame, or it cannot be decoded.
        Unavailable: the service cannot be reached.
    """
    plan = await asyncio.to_thread(load_plan, folder)
    listed = await asyncio.to_thread(frames_of, folder, video)
    poses = await asyncio.to_thread(load_poses, folder)
    t_s = listed.t_s(listed.number(pts))
    sampled = await asyncio.to_thread(_read, video, plan.video_sha256, pts, t_s, plan.settings.clear.window_frames)
    clear = plan.settings.clear
    window = FrameWindow(
        frames=sampled.window,
        reference=sampled.index,
        poses=tuple(pose_at(poses, frame.meta.pts) for frame in sampled.window),
        settings=clear if clear.place else clear.model_copy(update={"place": plan.origin}),
    )
    cleared = await stages.glare.clear(window)
    meta = cleared.frame.meta
    codec = CvPixelCodec()
    shape = (meta.height_px, meta.width_px, 3)
    picture = await asyncio.to_thread(codec.encode, cleared.frame.pixels, shape, PixelEncoding.JPEG)
    packed = await asyncio.to_thread(codec.encode, cleared.glint_mask, (*shape[:2], 1), PixelEncoding.PNG)
    return ClearedPicture(picture, packed, cleared.outcome, cleared.glint_fraction)


def _read(video: Path, clip: str, pts: int, t_s: float, neighbours: int) -> Sampled:
    start_s, stop_s = max(0.0, t_s - HALF_A_MS_S), t_s + HALF_A_MS_S
    with read_frames(video, clip=clip, start_s=start_s, stop_s=stop_s, neighbours=neighbours) as reader:
        for sampled in reader:
            if sampled.frame.meta.pts == pts:
                for frame in sampled.window:
                    _ = frame.pixels  # decoded before the reader closes
                return sampled
    raise NotFound("the frame cannot be decoded", where=f"pts {pts}", remedy="pick another frame")
