"""Sensing segments of jobs that other executors run, while this one has nothing of its own to do."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError

from wideberth_contracts.errors import WideberthError
from wideberth_gateway.jobs.runner import JobRunner, Work
from wideberth_gateway.store.executors import LeaseLost

AFTER_TROUBLE_S = 5.0
"""What is away is waited for by whoever runs the job; a helper comes back later."""

_log = logging.getLogger("wideberth.gateway")


class Helping:
    """Helps where there is room.

    Args:
        runner: says which jobs want help now.
        work: whose `help` senses one segment.
        tidy: gives back what was left behind.
        at_once: segments at the same time.
        look_every_s: how often is looked while there is nothing to help with.
    """

    def __init__(
        self,
        runner: JobRunner,
        work: Work,
        tidy: Callable[[], Awaitable[None]],
        *,
        at_once: int = 1,
        look_every_s: float = 1.0,
    ) -> None:
        self._runner = runner
        self._work = work
        self._tidy = tidy
        self._at_once = at_once
        self._look_every_s = look_every_s

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Helps until the block ends."""
        tasks = [asyncio.create_task(self._help_on()) for _ in range(self._at_once)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def once(self) -> bool:
        """One segment of the first job that has one to give; False where none has."""
        await self._tidy()
        for job in await self._runner.to_help():
            if await self._work.help(job.analysis_id):
                return True
        return False

    async def _help_on(self) -> None:
        while True:
            wait_s = self._look_every_s
            try:
                if await self.once():
                    continue
            except LeaseLost:
                _log.warning("what was helped with goes on elsewhere: this process was believed dead")
            except (WideberthError, SQLAlchemyError, OSError) as error:
                _log.warning("cannot help now: %s", error)
                wait_s = AFTER_TROUBLE_S
            except Exception:  # whoever runs the job meets the same and says so
                _log.exception("cannot help now")
                wait_s = AFTER_TROUBLE_S
            await asyncio.sleep(wait_s)
