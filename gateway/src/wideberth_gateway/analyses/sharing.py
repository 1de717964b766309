"""Segments of one analysis, sensed by whoever is free: who runs the analysis, and who helps.

Who runs it waits for its segments in order of time and senses the next ones meanwhile that nobody is at; following
them is theirs alone. A helper senses one at a time. A segment is done once its file is where files are kept.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import Conflict
from wideberth_gateway.analyses.alone import Note
from wideberth_gateway.analyses.claiming import Claims
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.analyses.segments import SegmentSensing
from wideberth_gateway.store import analyses as store
from wideberth_gateway.store import claims as claim_store
from wideberth_gateway.store.claims import Taken
from wideberth_pipeline import Plan, load_plan
from wideberth_pipeline.segment_file import is_done, segment_path
from wideberth_servicekit.logs import about

NOTE_EVERY_S = 1.0
"""How often progress goes into the database."""

LOOK_EVERY_S = 0.5
"""How often is looked whether a segment that another process is at is done."""

STILL_WANTED_EVERY_S = 2.0
"""How often a helper looks whether the analysis still goes on."""

Video = Callable[[Plan], Awaitable[Path]]


class Files(Protocol):
    """Files of an analysis between here and where they are kept."""

    def video(self, analysis_id: str) -> AbstractAsyncContextManager[None]:
        """Folder and video lie here for as long as the block lasts."""
        ...

    async def keep(self, analysis_id: str) -> None:
        """What is new in the folder is where files are kept."""
        ...

    async def bring(self, analysis_id: str) -> None:
        """What others kept lies here."""
        ...


class InPlace:
    """Everyone works in the folder where files are kept."""

    def video(self, analysis_id: str) -> AbstractAsyncContextManager[None]:
        """See `Files`."""
        return nullcontext()

    async def keep(self, analysis_id: str) -> None:
        """See `Files`."""

    async def bring(self, analysis_id: str) -> None:
        """See `Files`."""


IN_PLACE = InPlace()


@dataclass(frozen=True, slots=True)
class SharedSensing:
    """Senses segments beside other processes.

    Attributes:
        sensing: how one is sensed.
        claims: which ones this process is at.
        video: finds the video of a plan.
    """

    engine: Engine
    folders: Folders
    sensing: SegmentSensing
    claims: Claims
    video: Video

    async def until(self, made: Plan, position: int, files: Files) -> tuple[int, ...]:
        """The file of that segment is whole and lies here; positions of those that were sensed here meanwhile.

        Raises:
            Conflict: the analysis was cancelled, or ended otherwise.
        """
        sensed: list[int] = []
        while not await self._is_there(made, position, files):
            async with self.sensing.slots, self.claims.taken(made.analysis_id) as taken:
                _refuse_ended(made.analysis_id, taken)
                if taken.position is not None:
                    await self._sense(made, taken.position, files)
                    sensed.append(taken.position)
                    continue
            await asyncio.sleep(LOOK_EVERY_S)
        return tuple(sensed)

    async def help(self, analysis_id: str, files: Files) -> tuple[int, ...]:
        """Senses one segment of an analysis that another process runs; its position, or nothing where none is free.

        Raises:
            Conflict: the analysis ended meanwhile.
            WideberthError, OSError, SQLAlchemyError: something is away; the segment is anyone's again.
        """
        if self.sensing.slots.locked() or not await self.claims.to_take(analysis_id):
            return ()
        async with self.sensing.slots, self.claims.taken(analysis_id) as taken:
            _refuse_ended(analysis_id, taken)
            if taken.position is None:
                return ()
            async with files.video(analysis_id):
                made = await asyncio.to_thread(load_plan, self.folders.analysis(analysis_id))
                await self._while_wanted(analysis_id, self._sense(made, taken.position, files))
            return (taken.position,)

    async def _is_there(self, made: Plan, position: int, files: Files) -> bool:
        if not await asyncio.to_thread(claim_store.is_done, self.engine, made.analysis_id, position):
            return False
        path = segment_path(self.folders.analysis(made.analysis_id), made.spans[position])
        if await asyncio.to_thread(is_done, path, made.analysis_id):
            return True
        await files.bring(made.analysis_id)
        if await asyncio.to_thread(is_done, path, made.analysis_id):
            return True
        await asyncio.to_thread(claim_store.is_lost, self.engine, made.analysis_id, position)
        return False

    async def _sense(self, made: Plan, position: int, files: Files) -> None:
        fence, analysis_id = self.claims.lease().fence, made.analysis_id
        folder, video = self.folders.analysis(analysis_id), await self.video(made)
        keep = partial(files.keep, analysis_id)
        with about(segment=position):
            async with self._noting(analysis_id, position) as note:
                sensed = await self.sensing.sense(made, made.spans[position], video, folder, note, fence, keep)
            if sensed:
                await keep()
                await asyncio.to_thread(store.end_segment, self.engine, analysis_id, position, fence=fence)

    async def _while_wanted(self, analysis_id: str, sensing: Awaitable[None]) -> None:
        task = asyncio.ensure_future(sensing)
        try:
            while not (await asyncio.wait({task}, timeout=STILL_WANTED_EVERY_S))[0]:
                state = await asyncio.to_thread(store.state_of, self.engine, analysis_id)
                if state is None or state.ended:
                    raise Conflict("the analysis ended meanwhile", where=analysis_id)
        finally:
            task.cancel()
            await asyncio.wait({task})
        await task

    @asynccontextmanager
    async def _noting(self, analysis_id: str, position: int) -> AsyncIterator[Note]:
        """A progress callback; what it is told goes into the database once in a while."""
        told = 0

        def note(done: int, _total: int) -> None:
            nonlocal told
            told = done

        async def write() -> None:
            written = 0
            while True:
                await asyncio.sleep(NOTE_EVERY_S)
                if told != written:
                    written = told
                    await asyncio.to_thread(store.note_frames, self.engine, analysis_id, position, written)

        writer = asyncio.create_task(write())
        try:
            yield note
        finally:
            writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer


def _refuse_ended(analysis_id: str, taken: Taken) -> None:
    """Killed between noting a cancel and telling the runner, a job comes back: it must end here."""
    if taken.state is None or taken.state.ended:
        raise Conflict("the analysis was cancelled", where=analysis_id)
