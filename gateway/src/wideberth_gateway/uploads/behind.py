"""Writing behind: one batch goes to the disk in a thread while the next one comes in."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Behind:
    """At most one call is under way, so what is held in memory is two batches."""

    _work: "asyncio.Future[Any] | None" = None

    async def begin(self, call: Callable[..., object], *given: Any) -> None:
        """Begin it once the call before is done. Raises what that one raised."""
        await self.wait()
        self._work = asyncio.ensure_future(asyncio.to_thread(call, *given))

    async def wait(self) -> None:
        """Until nothing is under way, also where this is cancelled. Raises what the call raised."""
        work, self._work = self._work, None
        if work is not None:
            await _ended(work)


async def to_its_end(call: Callable[..., T], *given: Any) -> T:
    """In a thread, and not left alone there: a cancel waits until the thread has let go of the file."""
    return await _ended(asyncio.ensure_future(asyncio.to_thread(call, *given)))


async def _ended(work: "asyncio.Future[T]") -> T:
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work})
        raise
