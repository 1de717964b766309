"""Sensing one segment, as often as it makes sense; one that cannot be sensed is recorded, and the flight goes on.

| what happens | what follows |
|---|---|
| a part is away, the disk is full, the database is away | whoever called waits and asks again; it does not count |
| an error, or a frame that takes too long | counts; tried again |
| this process dies over it | the next tries are made in a process of their own |
| that process dies, or stands still | counts |
| a service breaks off | counts where it does so at the same frame each time |
| `LIMIT` failures | a segment file without rows, with the reason; the analysis says so |
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BrokeOff, Conflict, WideberthError
from wideberth_gateway.analyses.alone import Alone, Note, ProcessDied, SegmentError, StoodStill
from wideberth_gateway.jobs.patience import what_is_away
from wideberth_gateway.store import trials
from wideberth_gateway.store.executors import Fence, LeaseLost
from wideberth_gateway.store.trials import Trial
from wideberth_pipeline import Plan, Span, Stages, sense, write_failed

LIMIT = 3
"""Failures of a segment, before the flight goes on without it."""

AGAIN_AFTER_S = 0.2

STALL_S = 600.0
"""A frame that takes longer is not coming: the slowest, 4K on a busy core, take some seconds."""

Keep = Callable[[], Awaitable[None]]

_log = logging.getLogger("wideberth.gateway")


@dataclass(frozen=True, slots=True)
class SegmentSensing:
    """Senses segments of analyses, with a record of what went wrong.

    Attributes:
        alone: senses in a process of its own; None: this one is all there is.
        stall_s: longest a frame may take.
        at_once: segments sensed at the same time, over all jobs of this process.
    """

    engine: Engine
    stages: Stages
    alone: Alone | None = None
    stall_s: float = STALL_S
    at_once: int = 1
    slots: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        """Slots for as many."""
        object.__setattr__(self, "slots", asyncio.Semaphore(self.at_once))

    async def sense(
        self, made: Plan, span: Span, video: Path, folder: Path, note: Note, fence: Fence, keep: Keep
    ) -> bool:
        """The segment's file is whole and on disk; False where it says that the span could not be sensed.

        Args:
            keep: takes such a file to where files are kept, before the database says so.

        Raises:
            WideberthError, OSError, SQLAlchemyError: something is away that will be back; try again.
        """
        can_be_alone = self.alone is not None and self.alone.possible
        while True:
            trial = await self._begin(made, span, can_be_alone)
            if trial.given_up or trial.failures >= LIMIT:
                await self._give_up(made, span, folder, trial, fence, keep)
                return False
            try:
                await self._try(trial, made, span, video, folder, note)
            except (LeaseLost, Conflict, asyncio.CancelledError):
                raise
            except Exception as error:
                if what_is_away(error) is not None:
                    raise
                await self._failed(made, span, error)
                await asyncio.sleep(AGAIN_AFTER_S)
                continue
            return True

    async def _begin(self, made: Plan, span: Span, can_be_alone: bool) -> Trial:
        return await asyncio.to_thread(
            trials.begin, self.engine, made.analysis_id, span.index, can_be_alone=can_be_alone
        )

    async def _try(self, trial: Trial, made: Plan, span: Span, video: Path, folder: Path, note: Note) -> None:
        try:
            if trial.alone and self.alone is not None:
                _log.warning("segment %d of %s is sensed in a process of its own", span.index, made.analysis_id)
                await self.alone.sense(folder, span.index, video, note)
            else:
                await watched(lambda told: sense(self.stages, made, span, video, folder, told), note, self.stall_s)
        finally:
            await asyncio.to_thread(trials.end, self.engine, made.analysis_id, span.index)

    async def _failed(self, made: Plan, span: Span, error: Exception) -> None:
        reason = in_words(error)
        place = (error.where or "") if isinstance(error, BrokeOff) else ""
        known = isinstance(error, WideberthError | ProcessDied | StoodStill | SegmentError)
        _log.warning(
            "segment %d of %s failed: %s",
            span.index,
            made.analysis_id,
            error if known else reason,
            exc_info=None if known else error,
        )
        await asyncio.to_thread(trials.fail, self.engine, made.analysis_id, span.index, place=place, reason=reason)

    async def _give_up(self, made: Plan, span: Span, folder: Path, trial: Trial, fence: Fence, keep: Keep) -> None:
        """Its file first: that is the record, and the database an index of it."""
        if not trial.given_up:
            _log.error("%s goes on without segment %d: %s", made.analysis_id, span.index, trial.reason)
        await asyncio.to_thread(write_failed, folder, made.analysis_id, span, trial.reason)
        await keep()
        await asyncio.to_thread(trials.give_up, self.engine, made.analysis_id, span.index, trial.reason, fence=fence)


def in_words(error: Exception) -> str:
    """A failure as the results tell it: an unforeseen one by its class alone, for its text is the log's."""
    if isinstance(error, WideberthError | ProcessDied | StoodStill):
        return str(error)
    if isinstance(error, SegmentError):
        return f"unexpected fault ({str(error).split(':')[0]}); the log says how"
    return f"unexpected fault ({type(error).__name__}); the log says how"


async def watched(work: Callable[[Note], Awaitable[object]], note: Note, stall_s: float) -> None:
    """The work, ended where no frame is finished for too long.

    Raises:
        StoodStill: that was so. A thread that is stuck in foreign code stays so.
    """
    loop = asyncio.get_running_loop()
    last_s = loop.time()

    def told(done: int, total: int) -> None:
        nonlocal last_s
        last_s = loop.time()
        note(done, total)

    async with _ending(asyncio.ensure_future(work(told))) as task:
        while not task.done():
            await asyncio.wait({task}, timeout=max(0.05, last_s + stall_s - loop.time()))
            if not task.done() and loop.time() - last_s >= stall_s:
                raise StoodStill(f"no frame was finished in {stall_s:g} s")
        task.result()


@asynccontextmanager
async def _ending(task: "asyncio.Future[object]") -> AsyncIterator["asyncio.Future[object]"]:
    """Cancelled at the end of the block, and waited for a little."""
    try:
        yield task
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=5.0)
