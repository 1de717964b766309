"""How the picture turned in some stretches of a clip: what the join of telemetry and video is checked against.

A few seconds where the rows turn the camera most, decoded small; the tracker's own motion of the picture, which votes
down sparkle, boats and breaking waves.
"""

import asyncio
import math
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.frames import Frame, ImageMotion
from wideberth_contracts.joining import Join, JoinMethod, PictureTurn
from wideberth_contracts.poses import PosesRequest
from wideberth_media import VideoInfo, VideoReader
from wideberth_pipeline.stages import Stages

WATCHED_FPS, WATCHED_SIDE_PX = 5.0, 640
STRETCH_S = 8.0
STRETCHES, STRETCHES_TO_FIND = 2, 5
"""To check an offset that is known, and to find one that is not. Decoding them is the cost."""
_GRID_S = 0.5
_THIRDS = (0.25, 0.5, 0.75)
Floats = NDArray[np.float64]


async def find_turns(stages: Stages, video: Path, info: VideoInfo, request: PosesRequest) -> tuple[PictureTurn, ...]:
    """Turns of the picture, in order of time; none where the rows could not be compared with them.

    Args:
        stages: the distance port tells what the rows are joined by so far, the tracker how the picture moves.
        video: the clip.
        info: its size and hash.
        request: telemetry, context and what is known of the video; its moments and clues are not used.
    """
    facts, record = request.video, request.telemetry
    if facts is None or record is None or facts.telemetry_inside or not _tells_turns(request):
        return ()
    join = (await stages.distance.poses(request.model_copy(update={"moments": ()}))).join
    if join is None:
        return ()
    found: list[PictureTurn] = []
    for start_s in stretches(request, join, facts.duration_s):
        earlier: Frame | None = None
        async for frame in _frames(video, info, start_s):
            if earlier is not None:
                motion = await stages.tracker.motion(earlier, frame)
                if isinstance(motion, ImageMotion):
                    found.append(turn_of(motion, earlier, frame, info))
            earlier = frame
    return tuple(found)


def stretches(request: PosesRequest, join: Join, duration_s: float) -> tuple[float, ...]:
    """Where to look: starts of stretches of `STRETCH_S`, in order, apart from one another.

    Where the rows turn the camera most unevenly if it is known which rows they are, else evenly over the clip.
    """
    last_s = duration_s - STRETCH_S
    if last_s <= 0:
        return (0.0,)
    is_known = join.refused is None and join.method is not JoinMethod.LOG_START
    exact = join.method in (JoinMethod.FRAME_TIME, JoinMethod.GIVEN)
    wanted = min(STRETCHES if is_known and exact else STRETCHES_TO_FIND, int(duration_s // STRETCH_S))
    if not is_known:
        return tuple(float(start) for start in np.linspace(0.0, last_s, wanted))
    starts = np.arange(0.0, last_s + 1e-6, 1.0)
    unevenness = _unevenness(request, join.offset_s.value, duration_s, starts)
    chosen: list[float] = []
    for index in np.argsort(-unevenness, kind="stable"):
        start = float(starts[index])
        if all(abs(start - other) >= STRETCH_S for other in chosen):
            chosen.append(start)
        if len(chosen) == wanted:
            break
    return tuple(sorted(chosen))


def turn_of(motion: ImageMotion, earlier: Frame, later: Frame, info: VideoInfo) -> PictureTurn:
    """What a 3 x 3 grid over the middle half of the picture did, in pixels of the video's width."""
    width, height = earlier.meta.width_px, earlier.meta.height_px
    grid = np.array([(width * x, height * y) for y in _THIRDS for x in _THIRDS])
    homography = np.array(motion.later_from_earlier).reshape(3, 3)
    there = np.column_stack([grid, np.ones(len(grid))]) @ homography.T
    moved = there[:, :2] / there[:, 2:] - grid
    around = grid - (width / 2, height / 2)
    turn = float((around[:, 0] * moved[:, 1] - around[:, 1] * moved[:, 0]).sum() / (around**2).sum())
    scale = info.width_px / width
    right_px, down_px = (float(value) * scale for value in moved.mean(axis=0))
    return PictureTurn(
        from_s=earlier.meta.t_s,
        to_s=later.meta.t_s,
        right_px=right_px,
        down_px=down_px,
        clockwise_deg=math.degrees(turn),
    )


def _tells_turns(request: PosesRequest) -> bool:
    points = request.telemetry.points if request.telemetry else ()
    has_pitch = request.context.pitch_deg is not None or any(point.pitch_deg is not None for point in points)
    return has_pitch and any(point.yaw_deg is not None for point in points)


def _unevenness(request: PosesRequest, offset_s: float, duration_s: float, starts: Floats) -> Floats:
    """Of the turning in each stretch: variance of the rate, deg²/s², what lies in its middle counted most."""
    at = np.arange(0.0, duration_s + _GRID_S, _GRID_S)
    yaw, pitch = (_angle(request, field, at - offset_s) for field in ("yaw_deg", "pitch_deg"))
    rates = np.stack([np.diff(yaw), np.diff(pitch)]) / _GRID_S
    per = int(STRETCH_S / _GRID_S)
    weights = np.hanning(per + 2)[1:-1]
    weights /= weights.sum()
    within = np.lib.stride_tricks.sliding_window_view(rates, per, axis=1)[:, np.round(starts / _GRID_S).astype(int)]
    mean = within @ weights
    return np.asarray((((within - mean[..., None]) ** 2) @ weights).sum(axis=0))


def _angle(request: PosesRequest, field: str, at: Floats) -> Floats:
    points = request.telemetry.points if request.telemetry else ()
    pairs = [(point.t_s, value) for point in points if (value := getattr(point, field)) is not None]
    if not pairs:
        return np.zeros_like(at)
    times, values = np.array(pairs, dtype=np.float64).T
    return np.asarray(np.interp(at, times, np.degrees(np.unwrap(np.radians(values)))))


async def _frames(video: Path, info: VideoInfo, start_s: float) -> AsyncIterator[Frame]:
    reader = VideoReader(
        video,
        clip=info.sha256,
        sample_fps=WATCHED_FPS,
        start_s=start_s,
        stop_s=start_s + STRETCH_S,
        long_side_limit_px=WATCHED_SIDE_PX,
    )
    with reader:
        while (sampled := await asyncio.to_thread(next, reader, None)) is not None:
            yield sampled.frame
