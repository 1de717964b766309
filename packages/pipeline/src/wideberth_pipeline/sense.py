"""The act *sense*: one span of video becomes one segment file. Needs no memory of other spans."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from wideberth_contracts.detections import Attention, Detection, ObjectKind
from wideberth_contracts.errors import Unavailable, WideberthError
from wideberth_contracts.frames import (
    ClearedFrame,
    ClearOutcome,
    Frame,
    FrameWindow,
    GlintGate,
    ImageMotion,
    NoImageMotion,
)
from wideberth_contracts.poses import CameraPose, NoPose
from wideberth_contracts.positions import LocatedDetection, LocateRequest
from wideberth_contracts.tracks import SensedFrame
from wideberth_contracts.wire import Rejection
from wideberth_media import Sampled, VideoReader, cut_crop, mask_array
from wideberth_pipeline.attention import Attending
from wideberth_pipeline.plan import Plan, Span, load_poses, pose_at
from wideberth_pipeline.segment_file import Segment, SensedRow, StoredCrop, is_done, segment_path, write_segment
from wideberth_pipeline.stages import Stages
from wideberth_pipeline.turns import Turns, in_order
from wideberth_pipeline.union import union

Progress = Callable[[int, int], None]
FRAMES_AT_ONCE = 3  # one cleared, one detected, one located
READ_AHEAD = 2  # sampled frames with their neighbours, decoded and waiting; 75 MB each in 4K
BELIEVED_FILLED = 0.5  # a box that is mostly refilled glint shows what the filter made, not the sea
ALSO_SEARCH_RAW_ABOVE = 0.25  # share of the frame refilled; see docs/decisions/0004


@dataclass(frozen=True, slots=True)
class _Sensing:
    """What one call of `sense` does for every frame."""

    stages: Stages
    plan: Plan
    poses: dict[int, CameraPose | NoPose]
    turns: Turns = field(default_factory=Turns)
    attending: Attending = field(default_factory=Attending)


@dataclass(frozen=True, slots=True)
class _Read:
    """A sampled frame, and the sampled frame before it where one was read."""

    sampled: Sampled
    previous: Frame | None


async def sense(
    stages: Stages, plan: Plan, span: Span, video: Path, folder: Path, progress: Progress | None = None
) -> Path:
    """The segment file of a span; returned at once where it lies already.

    Several frames are under way at once, see `turns`; the file does not depend on which stage was faster.

    Args:
        progress: called with (frames done, frames of the span).

    Raises:
        Unavailable: a service cannot be reached; nothing was written, try again.
    """
    path = segment_path(folder, span)
    if await asyncio.to_thread(is_done, path, plan.analysis_id):
        return path
    sensing = _Sensing(stages, plan, await asyncio.to_thread(load_poses, folder))
    rows: list[SensedRow] = []
    with await asyncio.to_thread(_reader, plan, span, video) as reader:
        reads = _reads(reader, span, sensing.turns)
        async with aclosing(in_order(reads, partial(_sense_frame, sensing), FRAMES_AT_ONCE)) as sensed:
            async for row in sensed:
                rows.append(row)
                if progress:
                    progress(len(rows), span.frames)
        ended = reader.ended
    why_not = "" if ended is None or ended.complete else (ended.reason or "unknown")
    segment = Segment(plan.analysis_id, span, tuple(rows), sensing.turns.watch.seconds, not why_not, why_not)
    await asyncio.to_thread(write_segment, path, segment)
    return path


def _reader(plan: Plan, span: Span, video: Path) -> VideoReader:
    settings = plan.settings
    # Without a pose the tracker needs the motion since the frame before, so reading starts one sample early.
    lead_s = 1.5 / settings.sample_fps if plan.origin is None and span.start_s > 0 else 0.0
    return VideoReader(
        video,
        clip=plan.video_sha256,
        sample_fps=settings.sample_fps,
        start_s=max(0.0, span.start_s - lead_s),
        stop_s=span.stop_s,
        # Turning a frame into colours nobody looks at costs as much as half of decoding it.
        neighbours=0 if settings.clear.gate is GlintGate.NEVER else settings.clear.window_frames,
        ahead=READ_AHEAD,
    )


async def _reads(reader: VideoReader, span: Span, turns: Turns) -> AsyncIterator[_Read]:
    """The frames of the span. `read` counts the time spent waiting for the decoder, which works ahead."""
    frames = iter(reader)
    previous: Frame | None = None
    while True:
        with turns.watch.running("read"):
            sampled = await asyncio.to_thread(next, frames, None)
        if sampled is None:
            return
        if sampled.frame.meta.t_s >= span.start_s:
            yield _Read(sampled, previous)
        previous = sampled.frame


async def _sense_frame(sensing: _Sensing, read: _Read) -> SensedRow:
    frame = read.sampled.frame
    pose = pose_at(sensing.poses, frame.meta.pts)
    try:
        return await _look(sensing, read, pose)
    except Unavailable:
        raise
    except WideberthError as error:
        failed = SensedFrame(
            frame=frame.meta,
            pose=pose,
            detections=(),
            motion=NoImageMotion(reason="the frame failed"),
            failure=f"{error.code}: {error}",
        )
        return SensedRow(failed, ())


async def _look(sensing: _Sensing, read: _Read, pose: CameraPose | NoPose) -> SensedRow:
    frame, stages, turns = read.sampled.frame, sensing.stages, sensing.turns
    async with turns.at("clear"):
        cleared = await stages.glare.clear(_window(sensing, read.sampled))
    async with turns.at("detect"):
        detections, rejections = await _detect(sensing, frame, cleared)
    async with turns.at("locate"):
        answer = await stages.distance.locate(
            LocateRequest(pose=pose, origin=sensing.plan.origin, detections=detections)
        )
    motion: ImageMotion | NoImageMotion = NoImageMotion(reason="the pose is known" if _posed(pose) else "first frame")
    if not _posed(pose) and read.previous is not None:
        async with turns.at("motion"):
            motion = await stages.tracker.motion(read.previous, frame)
    async with turns.at("crop"):
        crops = await asyncio.to_thread(_crops, cleared.frame, answer.detections)
    sensed = SensedFrame(
        frame=frame.meta,
        pose=pose,
        detections=answer.detections,
        motion=motion,
        glint_fraction=cleared.glint_fraction,
        rejections=rejections,
    )
    return SensedRow(sensed, crops)


def _posed(pose: CameraPose | NoPose) -> bool:
    return isinstance(pose, CameraPose)


def _window(sensing: _Sensing, sampled: Sampled) -> FrameWindow:
    return FrameWindow(
        frames=sampled.window,
        reference=sampled.index,
        poses=tuple(pose_at(sensing.poses, frame.meta.pts) for frame in sampled.window),
        settings=sensing.plan.settings.clear,
    )


async def _detect(
    sensing: _Sensing, raw: Frame, cleared: ClearedFrame
) -> tuple[tuple[Detection, ...], tuple[Rejection, ...]]:
    attending, t_s = sensing.attending, raw.meta.t_s
    attention = attending.recent.attention(t_s, sensing.plan.settings.sample_fps)
    detections, rejections = await _search(sensing, raw, cleared, attention)
    attending.recent = attending.recent.with_seen(t_s, detections)
    return detections, rejections


async def _search(
    sensing: _Sensing, raw: Frame, cleared: ClearedFrame, attention: Attention
) -> tuple[tuple[Detection, ...], tuple[Rejection, ...]]:
    settings = sensing.plan.settings.detect
    found = await sensing.stages.detector.detect(cleared.frame, settings, attention)
    if cleared.outcome is not ClearOutcome.CLEARED:
        return found.detections, found.rejections
    detections = found.detections
    rejections = found.rejections
    if cleared.glint_fraction > ALSO_SEARCH_RAW_ABOVE:
        on_raw = await sensing.stages.detector.detect(raw, settings, attention)
        detections = union(found.detections, on_raw.detections)
        twice = len(found.detections) + len(on_raw.detections) - len(detections)
        rejections = (*rejections, *on_raw.rejections, Rejection(reason="seen_on_raw_and_cleared", count=twice))
    marked = await asyncio.to_thread(_with_filled, detections, cleared)
    kept = tuple(found for found in marked if found.filled_fraction <= BELIEVED_FILLED)
    return kept, (*rejections, Rejection(reason="on_refilled_glint", count=len(marked) - len(kept)))


def _with_filled(detections: tuple[Detection, ...], cleared: ClearedFrame) -> tuple[Detection, ...]:
    """Detections with the share of their upright box that is refilled glint."""
    meta = cleared.frame.meta
    mask = mask_array(cleared.glint_mask, meta.height_px, meta.width_px)
    return tuple(found.model_copy(update={"filled_fraction": _filled(mask, found)}) for found in detections)


def _filled(mask: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", found: Detection) -> float:
    left, top, right, bottom = (max(0, round(edge)) for edge in found.box.xyxy_px())
    box = mask[top : bottom + 1, left : right + 1]
    return float(np.count_nonzero(box)) / box.size if box.size else 0.0


def _crops(frame: Frame, located: tuple[LocatedDetection, ...]) -> tuple[StoredCrop, ...]:
    """Crops of the animals only: what is screened is whether they are animals."""
    return tuple(
        StoredCrop.of(
            index,
            cut_crop(
                frame,
                item.detection.box,
                confidence=item.detection.confidence,
                filled_fraction=item.detection.filled_fraction,
                ground_sample_m=item.ground_sample_m,
            ),
        )
        for index, item in enumerate(located)
        if item.detection.kind is ObjectKind.DOLPHIN
    )
