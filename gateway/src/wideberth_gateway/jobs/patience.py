"""What is away and comes back is waited for, however long that takes: a job fails of its own faults alone."""

import asyncio
import errno
import logging
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import Engine
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from wideberth_contracts.errors import BrokeOff, Unavailable
from wideberth_gateway.jobs.runner import Work
from wideberth_gateway.store import waits
from wideberth_gateway.store.faults import schema_fault

LONGEST_WAIT_S = 30.0
"""Asked again after 1, 2, 4 … s, at most this long apart, or as the part asks for."""

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

T = TypeVar("T")
_log = logging.getLogger("wideberth.gateway")


def what_is_away(error: BaseException) -> str | None:
    """What has to come back before the work can go on; None where the work itself is at fault."""
    if isinstance(error, Unavailable) and not isinstance(error, BrokeOff):
        return str(error)
    if _disk_is_full(error):
        return "the disk is full; free space"
    if isinstance(error, InterfaceError | OperationalError) and schema_fault(error) is None:
        return f"the database cannot be used now ({type(error.orig).__name__}); see that it runs and has room"
    return None


def _disk_is_full(error: BaseException | None) -> bool:
    """Also where another error tells of it in words."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            return True
        error = error.__cause__
    return False


class Patience:
    """Does things again until nothing they need is away, and notes what is waited for.

    Args:
        spare_bytes: so much of the disk is left free; a step begins once that is so.
    """

    def __init__(self, engine: Engine, data_dir: Path, spare_bytes: int = 0) -> None:
        self._engine = engine
        self._data_dir = data_dir
        self._spare_bytes = spare_bytes

    async def until(self, analysis_id: str, step: Callable[[], Awaitable[T]], *, wants_room: bool = False) -> T:
        """The answer of the step, once there is one.

        Raises:
            InternalFault: the database lacks what the step needs.
        """
        tried, waited = 0, False
        while True:
            reason, asked_s = await asyncio.to_thread(self._no_room) if wants_room else None, 0.0
            if reason is None:
                try:
                    answer = await step()
                except Exception as error:
                    reason = what_is_away(error)
                    if reason is None:
                        raise (schema_fault(error) or error) from error.__cause__
                    asked_s = getattr(error, "retry_after_s", None) or 0.0
                else:
                    if waited:
                        await self._noted(partial(waits.end, self._engine, analysis_id))
                    return answer
            wait_s = min(LONGEST_WAIT_S, max(asked_s, 2.0**tried))
            _log.warning("%s waits: %s; again in %.0f s", analysis_id, reason, wait_s)
            await self._noted(partial(waits.begin, self._engine, analysis_id, reason))
            tried, waited = min(tried + 1, 10), True
            await asyncio.sleep(wait_s)

    def _no_room(self) -> str | None:
        free = shutil.disk_usage(self._data_dir).free
        if free >= self._spare_bytes:
            return None
        return f"the disk has {free >> 20} MiB left, and {self._spare_bytes >> 20} MiB are to stay free; free space"

    async def _noted(self, note: Callable[[], None]) -> None:
        """What is waited for may be the very database that would tell of it."""
        with suppress(SQLAlchemyError):
            await asyncio.to_thread(note)


class PatientWork:
    """A `Work` around another: no step of it fails of what is away."""

    def __init__(self, work: Work, patience: Patience) -> None:
        self._work = work
        self._patience = patience

    async def inherit(self, analysis_id: str, of: str) -> None:
        """See `Work`."""
        await self._step(analysis_id, lambda: self._work.inherit(analysis_id, of))

    async def segments(self, analysis_id: str) -> tuple[int, ...]:
        """See `Work`."""
        return await self._step(analysis_id, lambda: self._work.segments(analysis_id))

    async def sense(self, analysis_id: str, position: int) -> tuple[int, ...]:
        """See `Work`."""
        return await self._step(analysis_id, lambda: self._work.sense(analysis_id, position))

    async def help(self, analysis_id: str) -> tuple[int, ...]:
        """Without patience: who runs the job has it."""
        return await self._work.help(analysis_id)

    async def follow(self, analysis_id: str) -> None:
        """See `Work`."""
        await self._step(analysis_id, lambda: self._work.follow(analysis_id))

    async def alert(self, analysis_id: str) -> None:
        """See `Work`."""
        await self._step(analysis_id, lambda: self._work.alert(analysis_id))

    async def fail(self, analysis_id: str, error: Exception) -> None:
        """See `Work`."""
        await self._patience.until(analysis_id, lambda: self._work.fail(analysis_id, error))

    async def _step(self, analysis_id: str, step: Callable[[], Awaitable[T]]) -> T:
        return await self._patience.until(analysis_id, step, wants_room=True)
