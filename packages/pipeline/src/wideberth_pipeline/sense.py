"""The act *sense*: one span of video becomes one segment file. Needs no memory of other spans."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from functools import partial
from pathlib import Path

from wideberth_contracts.frames import Frame, GlintGate
from wideberth_media import VideoReader
from wideberth_pipeline.look import Looking, Read, look_at
from wideberth_pipeline.plan import Plan, Span, load_poses
from wideberth_pipeline.segment_file import Segment, SensedRow, failure_in, is_done, segment_path, write_segment
from wideberth_pipeline.stages import Stages
from wideberth_pipeline.turns import Turns, in_order

Progress = Callable[[int, int], None]
FRAMES_AT_ONCE = 3  # one cleared, one detected, one located
READ_AHEAD = 2  # sampled frames with their neighbours, decoded and waiting; 50 MB each in 4K


async def sense(
    stages: Stages, plan: Plan, span: Span, video: Path, folder: Path, progress: Progress | None = None
) -> Path:
    """The segment file of a span; returned at once where it lies already, unless it says that the span failed.

    Several frames are under way at once, see `turns`; the file does not depend on which stage was faster.

    Args:
        progress: called with (frames done, frames of the span).

    Raises:
        Unavailable: a service cannot be reached; nothing was written, try again.
    """
    path = segment_path(folder, span)
    if await asyncio.to_thread(is_done, path, plan.analysis_id) and not await asyncio.to_thread(failure_in, path):
        return path
    looking = Looking(stages, plan, await asyncio.to_thread(load_poses, folder))
    rows: list[SensedRow] = []
    with await asyncio.to_thread(_reader, plan, span, video) as reader:
        reads = _reads(reader, span, looking.turns)
        async with aclosing(in_order(reads, partial(look_at, looking), FRAMES_AT_ONCE)) as sensed:
            async for row in sensed:
                rows.append(row)
                if progress:
                    progress(len(rows), span.frames)
        ended = reader.ended
    why_not = "" if ended is None or ended.complete else (ended.reason or "unknown")
    segment = Segment(plan.analysis_id, span, tuple(rows), looking.turns.watch.seconds, not why_not, why_not)
    await asyncio.to_thread(write_segment, path, segment)
    return path


def _reader(plan: Plan, span: Span, video: Path) -> VideoReader:
    settings = plan.settings
    # Without a pose the tracker needs the motion since the frame before, so reading starts one sample early; not where
    # the stretch before was left out, for the tracker saw nothing of it.
    alone = bool(settings.spans) and not any(one.stop_s == span.start_s for one in plan.spans)
    lead_s = 1.5 / settings.sample_fps if plan.origin is None and span.start_s > 0 and not alone else 0.0
    return VideoReader(
        video,
        clip=plan.video_sha256,
        sample_fps=settings.sample_fps,
        start_s=max(0.0, span.start_s - lead_s),
        stop_s=span.stop_s,
        # Without clearing nobody asks for the frames beside.
        neighbours=0 if settings.clear.gate is GlintGate.NEVER else settings.clear.window_frames,
        ahead=READ_AHEAD,
        starts_at=plan.starts_at,
    )


async def _reads(reader: VideoReader, span: Span, turns: Turns) -> AsyncIterator[Read]:
    """The frames of the span. `read` counts the time spent waiting for the decoder, which works ahead."""
    frames = iter(reader)
    previous: Frame | None = None
    while True:
        with turns.watch.running("read"):
            sampled = await asyncio.to_thread(next, frames, None)
        if sampled is None:
            return
        if sampled.frame.meta.t_s >= span.start_s:
            yield Read(sampled, previous)
        previous = sampled.frame
