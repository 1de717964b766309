"""An analysis gone on from another: its plan, and what it takes over instead of computing it again.

Its id is that of its question, as of any analysis, where what it takes over is what the question would give. It is not
where the other analysis has spans that could not be sensed, or took such over itself: then two analyses of one
question differ in what was looked at, and the id of the fork is made of both the question and the other analysis.
"""

import asyncio
import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wideberth_contracts.errors import BadInput, Conflict
from wideberth_contracts.judgement import JudgeRequest
from wideberth_contracts.settings import AnalysisSettings, ServiceInfo
from wideberth_pipeline.durable import write_text_whole
from wideberth_pipeline.frame_list import FRAMES_FILE
from wideberth_pipeline.inherited import not_kept, take_tracks
from wideberth_pipeline.origin import ForkedFrom, ForkStage, sensed_alike, too_late
from wideberth_pipeline.plan import PLAN_FILE, POSES_FILE, Plan
from wideberth_pipeline.question import question_id
from wideberth_pipeline.segment_file import failure_in, is_done, segment_path, taken_over
from wideberth_pipeline.stages import Stages

SENSING = ("glare", "detector", "distance", "tracker")
"""Services whose models say what a segment file holds; the tracker tells how the picture moved."""


@dataclass(frozen=True, slots=True)
class Inherited:
    """What was taken over: positions of segments, and by position why others could not be sensed."""

    sensed: tuple[int, ...]
    failed: dict[int, str]


def refuse_early_changes(settings: AnalysisSettings, parent: Plan, stage: ForkStage) -> None:
    """Nothing where the stages before `stage` would do the same again.

    Raises:
        BadInput: a setting differs that they depend on.
    """
    early = too_late(settings, parent.settings, stage)
    if early:
        detail = f"what is before {stage.value} was computed with another {', '.join(early)}"
        raise BadInput(detail, where=f"settings.{early[0]}", remedy="fork from sense, or leave it as it was")


async def plan_from(
    stages: Stages, parent: Plan, parent_folder: Path, settings: AnalysisSettings, stage: ForkStage, folder: Path
) -> Plan:
    """The plan of a fork from `track` or `measure`, and with it in `folder` the poses and times of the other one.

    Raises:
        BadInput: see `refuse_early_changes`.
        Conflict: it would do the same again.
        NotFound: a segment file of the other analysis is not kept any more.
    """
    refuse_early_changes(settings, parent, stage)
    await asyncio.to_thread(_refuse_missing, parent, parent_folder)
    empty = JudgeRequest(rules=settings.rules, grade=parent.grade, tracks=(), series=())
    pack_sha256 = (await stages.judge.judge(empty)).pack_sha256
    services = parent.services if stage is ForkStage.MEASURE else _mixed(parent.services, await stages.infos())
    update = {"settings": settings, "services": services, "pack_sha256": pack_sha256}
    made = await asyncio.to_thread(forked, parent.model_copy(update=update), parent, parent_folder, stage)
    for name in (POSES_FILE, FRAMES_FILE):
        if (parent_folder / name).is_file():  # analyses of before there were lists of frames have none
            await asyncio.to_thread(shutil.copyfile, parent_folder / name, folder / name)
    await asyncio.to_thread(write_text_whole, folder / PLAN_FILE, made.model_dump_json(indent=1))
    return made


async def plan_anew(made: Plan, parent: Plan, parent_folder: Path, folder: Path) -> Plan:
    """A plan in `folder` that was made from the start, as that of a fork from `sense`.

    Raises:
        Conflict: it would do the same again.
    """
    fork = await asyncio.to_thread(forked, made, parent, parent_folder, ForkStage.SENSE)
    await asyncio.to_thread(write_text_whole, folder / PLAN_FILE, fork.model_dump_json(indent=1))
    return fork


def forked(made: Plan, parent: Plan, parent_folder: Path, stage: ForkStage) -> Plan:
    """The plan with its id and where it comes from.

    Raises:
        Conflict: it would do the same again.
    """
    question, theirs = _question(made), _question(parent)
    gaps = [span.index for span in parent.spans if span.frames and _failure(parent_folder, parent, span.index)]
    if question == theirs and not (gaps and stage is ForkStage.SENSE):
        remedy = "give other settings"
        if gaps:
            remedy += ", or fork from sense to try again what could not be looked at"
        raise Conflict("it would do the same again", where=parent.analysis_id, remedy=remedy)
    as_asked = parent.analysis_id == theirs and not gaps
    text = f"{question}\nfork of {parent.analysis_id}"
    analysis_id = question if as_asked else hashlib.sha256(text.encode()).hexdigest()
    origin = ForkedFrom(analysis_id=parent.analysis_id, stage=stage)
    return made.model_copy(update={"analysis_id": analysis_id, "forked_from": origin})


def inherit(parent: Plan, parent_folder: Path, plan: Plan, folder: Path) -> Inherited:
    """What the stages before that of the fork computed lies in its folder; may be done again. Blocks.

    Args:
        parent, parent_folder: the analysis that was gone on from.
        plan, folder: the fork.

    Raises:
        NotFound: a file that is needed is not kept any more.
    """
    origin = plan.forked_from
    if origin is None:
        return Inherited((), {})
    if origin.stage is ForkStage.SENSE and not _sensed_alike(plan, folder, parent, parent_folder):
        return Inherited((), {})
    sensed: list[int] = []
    failed: dict[int, str] = {}
    for span in (one for one in plan.spans if one.frames):
        source = segment_path(parent_folder, span)
        if not is_done(source, parent.analysis_id):
            if origin.stage is ForkStage.SENSE:
                continue
            raise not_kept(source)
        reason = failure_in(source)
        if reason and origin.stage is ForkStage.SENSE:
            continue
        if not is_done(segment_path(folder, span), plan.analysis_id):
            taken_over(source, segment_path(folder, span), plan.analysis_id)
        if reason:
            failed[span.index] = reason
        else:
            sensed.append(span.index)
    if origin.stage is ForkStage.MEASURE:
        take_tracks(parent_folder, folder)
    return Inherited(tuple(sensed), failed)


def _sensed_alike(plan: Plan, folder: Path, parent: Plan, parent_folder: Path) -> bool:
    """Whether the segments of the one would be those of the other."""
    same = (plan.video_sha256, plan.spans, plan.origin, plan.starts_at, _models(plan.services))
    if same != (parent.video_sha256, parent.spans, parent.origin, parent.starts_at, _models(parent.services)):
        return False
    poses = [(one / POSES_FILE).read_bytes() for one in (folder, parent_folder)]
    return sensed_alike(plan.settings, parent.settings) and poses[0] == poses[1]


def _models(services: Sequence[ServiceInfo]) -> set[tuple[str, str, str]]:
    return {(one.service, model.id, model.sha256) for one in services if one.service in SENSING for model in one.models}


def _mixed(theirs: Sequence[ServiceInfo], now: Sequence[ServiceInfo]) -> tuple[ServiceInfo, ...]:
    """Those that sensed, as they were; those that follow, as they are."""
    sensed = {one.service: one for one in theirs if one.service in SENSING and one.service != "tracker"}
    return tuple(sensed.get(one.service, one) for one in now)


def _question(plan: Plan) -> str:
    telemetry = plan.telemetry.sha256 if plan.telemetry else None
    return question_id(plan.video_sha256, telemetry, plan.settings, plan.services, plan.pack_sha256)


def _failure(folder: Path, plan: Plan, position: int) -> str:
    path = segment_path(folder, next(span for span in plan.spans if span.index == position))
    return failure_in(path) if is_done(path, plan.analysis_id) else ""


def _refuse_missing(parent: Plan, parent_folder: Path) -> None:
    for span in parent.spans:
        if span.frames and not is_done(segment_path(parent_folder, span), parent.analysis_id):
            raise not_kept(segment_path(parent_folder, span))
