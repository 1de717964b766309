"""From a question to a job: the plan is made while the client waits, so that bad files are told at once."""

import asyncio
import shutil
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import Conflict, InternalFault, NotFound, WideberthError
from wideberth_contracts.phrases import phrase
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.analyses.messages import AnalysisRequest
from wideberth_gateway.analyses.whereabouts import locate_analysis
from wideberth_gateway.flights.registering import check_place
from wideberth_gateway.jobs.runner import Job, JobRunner, JobState
from wideberth_gateway.keeping.shelf import Shelf, in_threads
from wideberth_gateway.store import analyses as store
from wideberth_gateway.store.analyses import Analysis, Original, SegmentRow, State
from wideberth_gateway.store.organisations import ANYONE, Owned, Whose
from wideberth_pipeline import MediaLimits, Plan, Stages, plan, refuse_hostile


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes analyses in, and cancels them.

    Attributes:
        limits: what media may ask of whoever reads them.
    """

    engine: Engine
    shelf: Shelf
    stages: Stages
    runner: JobRunner
    limits: MediaLimits

    @property
    def folders(self) -> Folders:
        """Where files lie on this disk."""
        return self.shelf.folders

    async def submit(self, asked: AnalysisRequest, *, for_whom: Whose = ANYONE) -> Analysis:
        """The analysis of that question; started where it is new, failed or cancelled.

        Args:
            asked: the question.
            for_whom: who waits for it; everyone gets a turn. It is of their organisation.

        Raises:
            NotFound: a file was never sent, or not by whom they see.
            UnreadableVideo, UnreadableTelemetry, BadRulePack, TooLarge: as soon as the plan finds out.
            Unavailable: a service that the plan needs is away.
        """
        video, telemetry = await self.files(asked, for_whom)
        with self.folders.stage() as staged:
            made = await self.plan(asked, video, telemetry, staged)
            return await self.enter(made, asked, (video, telemetry), staged, for_whom)

    async def files(self, asked: AnalysisRequest, for_whom: Whose) -> tuple[Original, Original | None]:
        """Video and telemetry of a question. Raises `NotFound` as `submit`."""
        video = await self._original(asked.video, "video", for_whom)
        telemetry = await self._original(asked.telemetry, "telemetry", for_whom) if asked.telemetry else None
        return video, telemetry

    async def enter(
        self,
        made: Plan,
        asked: AnalysisRequest,
        files: tuple[Original, Original | None],
        staged: Path,
        for_whom: Whose,
    ) -> Analysis:
        """The analysis of a plan in a staged folder; started where it is new, failed or cancelled."""
        await asyncio.to_thread(self.folders.settle, staged, made.analysis_id)
        await asyncio.to_thread(self.shelf.keep_analysis, made.analysis_id)
        new = _entered(made, asked, *files)
        await asyncio.to_thread(for_whom.brings, self.engine, Owned.ANALYSIS, new.id)
        await asyncio.to_thread(locate_analysis, self.engine, new.id, self.folders.analysis(new.id))
        analysis, to_start = await asyncio.to_thread(store.open_analysis, self.engine, new)
        if to_start:
            await self.start(analysis, for_whom.name)
        return analysis

    async def start(self, analysis: Analysis, for_whom: str = "") -> None:
        """The job of its attempt is durable."""
        job = Job(analysis.id, analysis.attempt)
        if analysis.forked_from is None:
            await self.runner.start(job, for_whom=for_whom)
        else:
            await self.runner.fork(job, analysis.forked_from, for_whom=for_whom)

    async def cancel(self, analysis: Analysis) -> None:
        """The analysis stops, and stands as cancelled.

        Raises:
            Conflict: it has ended already.
        """
        if analysis.state.ended:
            said = phrase("problem.analysis_ended", state=analysis.state.value)
            raise Conflict(f"the analysis is {analysis.state.value}", where=analysis.id, said=said)
        await asyncio.to_thread(store.move, self.engine, analysis.id, State.CANCELLED)
        await self.runner.cancel(Job(analysis.id, analysis.attempt))

    async def resume(self, analysis: Analysis, *, for_whom: str = "") -> Analysis:
        """A failed or cancelled analysis goes on as a new attempt; segments that are done are kept.

        Raises:
            Conflict: it goes on, or is done.
        """
        again, to_start = await asyncio.to_thread(store.open_analysis, self.engine, analysis)
        if not to_start:
            raise Conflict(f"the analysis is {again.state.value}", where=analysis.id)
        await self.start(again, for_whom)
        return again

    async def take_up(self) -> None:
        """After a restart: what was entered but never reached the runner is started."""
        for analysis in await asyncio.to_thread(store.unfinished, self.engine):
            job = Job(analysis.id, analysis.attempt)
            if await self.runner.state(job) is JobState.UNKNOWN:
                await self.start(analysis)

    async def _original(self, sha256: str, role: str, whose: Whose) -> Original:
        found = await asyncio.to_thread(store.find_original, self.engine, sha256)
        if found is None or not await asyncio.to_thread(whose.sees, self.engine, Owned.ORIGINAL, sha256):
            raise NotFound(f"no {role} of that hash was sent", where=role, remedy="send it to POST /v1/originals first")
        return found

    async def plan(self, asked: AnalysisRequest, video: Original, telemetry: Original | None, staged: Path) -> Plan:
        """The plan of a question, in a staged folder. Raises as `submit`."""
        inputs = staged / "inputs"
        clip = self.folders.named(video.sha256, video.name, inputs / "video")
        log = None
        if telemetry is not None:
            log = self.folders.named(telemetry.sha256, telemetry.name, inputs / "telemetry")
        try:
            async with AsyncExitStack() as stack:
                for original in (video, *((telemetry,) if telemetry else ())):
                    place = (self.engine, self.folders, original.sha256, original.name)
                    await asyncio.to_thread(check_place, *place)
                    path = await stack.enter_async_context(in_threads(self.shelf.original(original.sha256)))
                    if not await asyncio.to_thread(path.is_file):
                        detail = f"{original.name} is not kept any more"
                        raise NotFound(detail, where=original.sha256, remedy="send it again")
                await asyncio.to_thread(refuse_hostile, clip, log, self.limits)
                made = await plan(self.stages, clip, log, asked.settings, staged)
        except WideberthError as error:
            raise without_folders(error, (clip.parent, inputs / "telemetry", staged)) from error
        finally:
            shutil.rmtree(inputs)
        if made.video_sha256 != video.sha256:
            raise InternalFault("the original no longer has its hash", where=video.sha256, remedy="send it again")
        return made


def without_folders(error: WideberthError, folders: Sequence[Path]) -> WideberthError:
    """The same error, speaking of file names only: where a server keeps them is not the client's business."""

    def bare(text: str) -> str:
        for folder in folders:
            text = text.replace(f"{folder}/", "")
        return text

    where = None if error.where is None else bare(error.where)
    wait_s, said = error.retry_after_s, error.said
    return type(error)(bare(error.detail), where=where, remedy=error.remedy, retry_after_s=wait_s, said=said)


def _entered(made: Plan, asked: AnalysisRequest, video: Original, telemetry: Original | None) -> Analysis:
    return Analysis(
        id=made.analysis_id,
        video_sha256=video.sha256,
        video_name=video.name,
        telemetry_sha256=telemetry.sha256 if telemetry else None,
        telemetry_name=telemetry.name if telemetry else None,
        settings_json=asked.settings.model_dump_json(),
        grade=made.grade.value,
        state=State.QUEUED,
        attempt=1,
        problem=None,
        created_epoch_s=time.time(),
        started_epoch_s=None,
        frames_at_start=0,
        finished_epoch_s=None,
        segments=tuple(SegmentRow(span.index, span.start_s, span.stop_s, span.frames) for span in made.spans),
        forked_from=made.forked_from.analysis_id if made.forked_from else None,
        forked_stage=made.forked_from.stage.value if made.forked_from else None,
    )
