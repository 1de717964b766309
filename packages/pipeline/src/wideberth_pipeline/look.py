"""One frame through the verbs clear, detect, locate: what is seen in it, and where on the sea."""

import asyncio
from dataclasses import dataclass, field

import numpy as np

from wideberth_contracts.detections import AsideDetections, Attention, Detection, Looked, ObjectKind
from wideberth_contracts.errors import BrokeOff, Unavailable, WideberthError
from wideberth_contracts.frames import ClearedFrame, ClearOutcome, Frame, FrameWindow, ImageMotion, NoImageMotion
from wideberth_contracts.poses import CameraPose, NoPose
from wideberth_contracts.positions import LocatedDetection, LocateRequest
from wideberth_contracts.tracks import SensedFrame
from wideberth_contracts.wire import Rejection
from wideberth_media import Sampled, cut_crop, mask_array
from wideberth_pipeline.attention import Attending
from wideberth_pipeline.empty_sea import empty_places
from wideberth_pipeline.plan import Plan, pose_at
from wideberth_pipeline.segment_file import SensedRow, StoredCrop
from wideberth_pipeline.stages import Stages
from wideberth_pipeline.turns import Turns
from wideberth_pipeline.union import union

# A box that is nearly all refilled glint shows what the filter made, not the sea. In dense glitter an animal's own box
# is half fill, so half is too strict: bench glare_detection tells what a share costs.
BELIEVED_FILLED = 0.8
ALSO_SEARCH_RAW_ABOVE = 0.25  # share of the frame refilled; see docs/decisions/0004


@dataclass(frozen=True, slots=True)
class Looking:
    """What it takes to look at the frames of one span, in order of time."""

    stages: Stages
    plan: Plan
    poses: dict[int, CameraPose | NoPose]
    turns: Turns = field(default_factory=Turns)
    attending: Attending = field(default_factory=Attending)


@dataclass(frozen=True, slots=True)
class Read:
    """A sampled frame, and the sampled frame before it where one was read."""

    sampled: Sampled
    previous: Frame | None


async def look_at(looking: Looking, read: Read) -> SensedRow:
    """Everything sensed in one frame; a frame that fails says why. Several may be under way, see `turns`.

    Raises:
        Unavailable: a service cannot be reached.
    """
    frame = read.sampled.frame
    pose = pose_at(looking.poses, frame.meta.pts)
    try:
        return await _look(looking, read, pose)
    except BrokeOff as error:
        where = f"{error.where}, frame at {frame.meta.t_s:.3f} s"
        raise BrokeOff(error.detail, where=where, retry_after_s=error.retry_after_s) from error
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


async def _look(looking: Looking, read: Read, pose: CameraPose | NoPose) -> SensedRow:
    frame, stages, turns = read.sampled.frame, looking.stages, looking.turns
    async with turns.at("clear"):
        cleared = await stages.glare.clear(_window(looking, read.sampled))
    async with turns.at("detect"):
        seen = await _detect(looking, frame, cleared)
    async with turns.at("locate"):
        answer = await stages.distance.locate(
            LocateRequest(pose=pose, origin=looking.plan.origin, detections=seen.detections)
        )
    motion: ImageMotion | NoImageMotion = NoImageMotion(reason="the pose is known" if _posed(pose) else "first frame")
    if not _posed(pose) and read.previous is not None:
        async with turns.at("motion"):
            motion = await stages.tracker.motion(read.previous, frame)
    async with turns.at("crop"):
        crops = await asyncio.to_thread(_crops, cleared.frame, answer.detections)
        if looking.plan.settings.screen.sea_memory:
            crops += await asyncio.to_thread(empty_places, cleared.frame, [item.box for item in seen.detections])
    sensed = SensedFrame(
        frame=frame.meta,
        pose=pose,
        detections=answer.detections,
        motion=motion,
        glint_fraction=cleared.glint_fraction,
        rejections=seen.rejections,
        looked=seen.looked,
    )
    return SensedRow(sensed, crops, seen.aside)


def _posed(pose: CameraPose | NoPose) -> bool:
    return isinstance(pose, CameraPose)


def _window(looking: Looking, sampled: Sampled) -> FrameWindow:
    clear = looking.plan.settings.clear
    return FrameWindow(
        frames=sampled.window,
        reference=sampled.index,
        poses=tuple(pose_at(looking.poses, frame.meta.pts) for frame in sampled.window),
        settings=clear if clear.place else clear.model_copy(update={"place": looking.plan.origin}),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What *detect* found in a frame, what was set aside, and how closely it searched."""

    detections: tuple[Detection, ...]
    rejections: tuple[Rejection, ...]
    aside: AsideDetections
    looked: Looked | None


async def _detect(looking: Looking, raw: Frame, cleared: ClearedFrame) -> _Seen:
    attending, t_s = looking.attending, raw.meta.t_s
    attention = attending.recent.attention(t_s, looking.plan.settings.sample_fps)
    seen = await _search(looking, raw, cleared, attention)
    attending.recent = attending.recent.with_seen(t_s, seen.detections)
    return seen


async def _search(looking: Looking, raw: Frame, cleared: ClearedFrame, attention: Attention) -> _Seen:
    settings = looking.plan.settings.detect
    found = await looking.stages.detector.detect(cleared.frame, settings, attention)
    if cleared.outcome is not ClearOutcome.CLEARED:
        return _Seen(found.detections, found.rejections, found.aside, found.looked)
    detections, rejections, looked = found.detections, found.rejections, found.looked
    aside = [found.aside]
    if cleared.glint_fraction > ALSO_SEARCH_RAW_ABOVE:
        on_raw = await looking.stages.detector.detect(raw, settings, attention)
        detections = union(found.detections, on_raw.detections)
        stayed = {id(one) for one in detections}
        twice = [one for one in (*found.detections, *on_raw.detections) if id(one) not in stayed]
        rejections = (*rejections, *on_raw.rejections, *_counted("seen_on_raw_and_cleared", twice))
        aside += [on_raw.aside, AsideDetections.of("seen_on_raw_and_cleared", twice)]
        looked = _twice(looked, on_raw.looked)
    marked = await asyncio.to_thread(_with_filled, detections, cleared)
    kept = tuple(found for found in marked if found.filled_fraction <= BELIEVED_FILLED)
    filled = [found for found in marked if found.filled_fraction > BELIEVED_FILLED]
    rejections = (*rejections, *_counted("on_refilled_glint", filled))
    aside.append(AsideDetections.of("on_refilled_glint", filled))
    return _Seen(kept, rejections, AsideDetections().with_more(*aside), looked)


def _counted(reason: str, detections: list[Detection]) -> tuple[Rejection, ...]:
    return (Rejection(reason=reason, count=len(detections)),) if detections else ()


def _twice(cleared: Looked | None, raw: Looked | None) -> Looked | None:
    """The same frame searched twice: the pixels add up, the shares are of the search that went further."""
    if cleared is None or raw is None:
        return cleared or raw
    further = max(cleared, raw, key=lambda looked: looked.closely_fraction)
    return further.model_copy(update={"inferred_px": cleared.inferred_px + raw.inferred_px})


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
