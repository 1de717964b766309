"""The steps of an analysis: pipeline, files and database brought together. Each step may run again and gives the same.

A segment is done when its file is whole on disk, whatever the database says; alerts are durable before the analysis
stands as done.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import InternalFault, WideberthError
from wideberth_contracts.judgement import Alert, JudgeAnswer
from wideberth_contracts.phrases import phrase
from wideberth_gateway.alerts.geojson import alerts_geojson
from wideberth_gateway.alerts.making import alerts_of
from wideberth_gateway.analyses.claiming import Claims
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.analyses.segments import SegmentSensing
from wideberth_gateway.analyses.sharing import IN_PLACE, Files, SharedSensing
from wideberth_gateway.flights.registering import check_place
from wideberth_gateway.judging import encounters_json
from wideberth_gateway.rules.pack import Pack
from wideberth_gateway.store import alerts as alert_store
from wideberth_gateway.store import analyses as store
from wideberth_gateway.store import proxies
from wideberth_gateway.store.analyses import State
from wideberth_gateway.store.claims import is_inherited
from wideberth_gateway.store.executors import Fence
from wideberth_gateway.wording.problems import in_korean
from wideberth_pipeline import Outcome, Plan, Stages, follow, load_plan, write_results
from wideberth_pipeline.durable import write_text_whole
from wideberth_pipeline.follow import unseen
from wideberth_pipeline.forking import inherit
from wideberth_pipeline.origin import ForkStage
from wideberth_pipeline.segment_file import failure_in, segment_path
from wideberth_servicekit.problems import status_of

JUDGEMENT_FILE = "judgement.json"
NO_LONGER = phrase("withdrawn.later")
INTERIM_EACH = 16
"""Followed after each of so many segments, then after every second of as many, and so on: whole flights stay cheap."""

Render = Callable[[Plan, Outcome, Path, Path], Awaitable[None]]
"""Further results from a plan, its outcome, the video and the folder: pictures, a report."""

_log = logging.getLogger("wideberth.gateway")


class PipelineWork:
    """The `Work` of the job runner.

    Args:
        packs: finds a rule pack by id.
        claims: which segments this process is at; its lease, asked once a step, fences what the step writes.
        render: further results, made after the tables and before the alerts.
        sensing: how segments are sensed; one at a time in this process, over all jobs, unless given.
        done: told of every analysis that is about to be done, with its alerts durable; that it fails stops nothing.
    """

    def __init__(
        self,
        engine: Engine,
        folders: Folders,
        stages: Stages,
        packs: Callable[[str], Pack],
        claims: Claims,
        *,
        render: Render | None = None,
        sensing: SegmentSensing | None = None,
        done: Callable[[str], None] | None = None,
    ) -> None:
        self._engine = engine
        self._folders = folders
        self._stages = stages
        self._packs = packs
        self._render = render
        self._done = done
        self._lease = claims.lease
        self._shared = SharedSensing(
            engine,
            folders,
            sensing or SegmentSensing(engine, stages),
            claims,
            self._video,
        )
        self._running: set[str] = set()

    async def inherit(self, analysis_id: str, of: str) -> None:
        """What the fork takes over lies in its folder, and the database says which segments that are."""
        fence = self._lease().fence
        made, parent = await self._plan(analysis_id), await self._plan(of)
        folders = self._folders.analysis(of), self._folders.analysis(analysis_id)
        taken = await asyncio.to_thread(inherit, parent, folders[0], made, folders[1])
        enter = partial(store.inherit_segments, fence=fence)
        await asyncio.to_thread(enter, self._engine, analysis_id, taken.sensed, taken.failed)

    async def segments(self, analysis_id: str) -> tuple[int, ...]:
        """Positions of the segments that have frames; none where those of another analysis were taken over."""
        made = await self._plan(analysis_id)
        if made.forked_from is not None and made.forked_from.stage is not ForkStage.SENSE:
            return ()
        return tuple(span.index for span in made.spans if span.frames)

    async def sense(self, analysis_id: str, position: int, files: Files = IN_PLACE) -> tuple[int, ...]:
        """The segment's file is whole and where files are kept, and alerts tell of what is up to it."""
        fence = self._lease().fence
        made = await self._plan(analysis_id)
        if analysis_id not in self._running:  # the first segment of this run in this process: the pace starts here
            self._running.add(analysis_id)
            await asyncio.to_thread(store.begin_run, self._engine, analysis_id)
        sensed = await self._shared.until(made, position, files)
        if is_interim(position, made) and await asyncio.to_thread(self._tells, made, position):
            await self._interim(made, position, fence)
        return sensed

    async def help(self, analysis_id: str, files: Files = IN_PLACE) -> tuple[int, ...]:
        """One segment of an analysis that another process runs."""
        return await self._shared.help(analysis_id, files)

    def _tells(self, made: Plan, position: int) -> bool:
        """Whether there is something new to tell: not of a gap, and not before the last of what was taken over."""
        if failure_in(segment_path(self._folders.analysis(made.analysis_id), made.spans[position])):
            return False
        return not is_inherited(self._engine, made.analysis_id, position + 1)

    async def follow(self, analysis_id: str) -> None:
        """Tracks, judgement and tables are on disk."""
        made = await self._plan(analysis_id)
        folder = self._folders.analysis(analysis_id)
        await asyncio.to_thread(store.move, self._engine, analysis_id, State.FOLLOWING, fence=self._lease().fence)
        outcome = await follow(self._stages, made, folder)
        if (gaps := unseen(outcome.segments)) and len(gaps) == len(outcome.segments):
            remedy = "see to that, then resume the analysis"
            raise InternalFault(f"no part of the video could be looked at: {gaps[0].reason}", remedy=remedy)
        await asyncio.to_thread(write_results, made, outcome, folder)
        encounters = encounters_json(outcome.judgement, analysis_id, outcome.tracks)
        await asyncio.to_thread(write_text_whole, folder / "encounters.json", encounters)
        if self._render is not None:
            await self._render(made, outcome, await self._video(made), folder)
        text = outcome.judgement.model_dump_json()
        await asyncio.to_thread(write_text_whole, folder / JUDGEMENT_FILE, text)

    async def alert(self, analysis_id: str, keep: Callable[[str], Awaitable[None]] | None = None) -> None:
        """Alerts are durable, then in their file, then the analysis is done.

        Args:
            analysis_id: which.
            keep: takes its files to where they are kept, before anyone is told that it is done.
        """
        fence = self._lease().fence
        made = await self._plan(analysis_id)
        folder = self._folders.analysis(analysis_id)
        judgement = await asyncio.to_thread(_read_judgement, folder)
        published = await self._publish(made, judgement, fence)
        text = alerts_geojson(published, analysis_id)
        await asyncio.to_thread(write_text_whole, folder / "alerts.geojson", text)
        await self._tell_done(analysis_id)
        if keep is not None:
            await keep(analysis_id)
        await asyncio.to_thread(store.move, self._engine, analysis_id, State.DONE, fence=fence)
        self._running.discard(analysis_id)
        await asyncio.to_thread(proxies.want, self._engine, analysis_id, made.video_sha256)

    async def _tell_done(self, analysis_id: str) -> None:
        if self._done is None:
            return
        try:
            await asyncio.to_thread(self._done, analysis_id)
        except WideberthError as error:
            _log.warning("%s is not held against AIS: %s", analysis_id, error)

    async def _interim(self, made: Plan, position: int, fence: Fence) -> None:
        """Alerts of what is sensed so far. They may still be withdrawn; that this fails stops nothing."""
        try:
            outcome = await follow(self._stages, made, self._folders.analysis(made.analysis_id), up_to=position)
            await self._publish(made, outcome.judgement, fence)
        except WideberthError as error:
            _log.warning("no alerts of %s before its end: %s", made.analysis_id, error)

    async def _publish(self, made: Plan, judgement: JudgeAnswer, fence: Fence) -> tuple[Alert, ...]:
        """Alerts are durable, and those that are no longer supported are withdrawn."""
        now = datetime.now(UTC)
        found = alerts_of(
            judgement,
            self._packs(f"{judgement.pack_id}@{judgement.pack_version}"),
            analysis_id=made.analysis_id,
            grade=made.grade,
            model_ids=tuple(model.id for service in made.services for model in service.models),
            created_at=now,
        )
        published = await asyncio.to_thread(alert_store.publish, self._engine, found, fence=fence)
        withdraw = alert_store.withdraw_missing
        await asyncio.to_thread(withdraw, self._engine, made.analysis_id, found, NO_LONGER, now, fence=fence)
        return published

    async def fail(self, analysis_id: str, error: Exception) -> None:
        """The analysis stands as failed, with the problem."""
        if isinstance(error, WideberthError):
            told = error
        else:
            _log.error("analysis %s failed", analysis_id, exc_info=error)
            told = InternalFault("the analysis failed; the log says how", where=analysis_id)
        problem = told.problem(status_of(told)).model_copy(update={"korean": in_korean(told)})
        self._running.discard(analysis_id)
        await asyncio.to_thread(store.move, self._engine, analysis_id, State.FAILED, problem, fence=self._lease().fence)

    async def _video(self, made: Plan) -> Path:
        """The video, in its place and unchanged; one that was registered elsewhere may be away for a while."""
        await asyncio.to_thread(check_place, self._engine, self._folders, made.video_sha256, made.video)
        return self._folders.original(made.video_sha256)

    async def _plan(self, analysis_id: str) -> Plan:
        return await asyncio.to_thread(load_plan, self._folders.analysis(analysis_id))


def is_interim(position: int, made: Plan) -> bool:
    """Whether alerts are made after this segment already. A rule without a clock: a repetition does the same."""
    return position < made.spans[-1].index and (position + 1) % (position // INTERIM_EACH + 1) == 0


def _read_judgement(folder: Path) -> JudgeAnswer:
    return JudgeAnswer.model_validate_json((folder / JUDGEMENT_FILE).read_text(encoding="utf-8"))
