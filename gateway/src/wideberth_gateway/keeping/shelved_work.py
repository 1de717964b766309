"""The steps of a job with their files brought before and kept after: the order of both is what makes a step repeatable.

A step has ended only when what it made is in the store; a store that is away is waited for.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import TypeVar

from wideberth_contracts.errors import Unavailable
from wideberth_gateway.jobs.runner import Work
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_pipeline import load_plan

LONGEST_WAIT_S = 30.0
T = TypeVar("T")
_log = logging.getLogger("wideberth.gateway")


class ShelvedWork:
    """A `Work` around another."""

    def __init__(self, work: Work, shelf: Shelf) -> None:
        self._work = work
        self._shelf = shelf

    async def segments(self, analysis_id: str) -> tuple[int, ...]:
        """See `Work`."""
        async with held(lambda: self._shelf.analysis(analysis_id, _no_segments)):
            return await self._work.segments(analysis_id)

    async def sense(self, analysis_id: str, position: int) -> None:
        """Segments that lie in the store already are brought: they are not sensed again."""
        async with self._with_video(analysis_id):
            await self._work.sense(analysis_id, position)
        await self._kept(analysis_id)

    async def follow(self, analysis_id: str) -> None:
        """See `Work`."""
        async with self._with_video(analysis_id):
            await self._work.follow(analysis_id)
        await self._kept(analysis_id)

    async def alert(self, analysis_id: str) -> None:
        """See `Work`."""
        async with held(lambda: self._shelf.analysis(analysis_id, _no_segments)):
            await self._work.alert(analysis_id)
        await self._kept(analysis_id)

    async def fail(self, analysis_id: str, error: Exception) -> None:
        """See `Work`."""
        await self._work.fail(analysis_id, error)

    @asynccontextmanager
    async def _with_video(self, analysis_id: str) -> AsyncIterator[None]:
        async with held(lambda: self._shelf.analysis(analysis_id)) as folder:
            video = (await asyncio.to_thread(load_plan, folder)).video_sha256
            async with held(lambda: self._shelf.original(video)):
                yield

    async def _kept(self, analysis_id: str) -> None:
        await patiently(lambda: self._shelf.keep_analysis(analysis_id))


async def patiently(work: Callable[[], T]) -> T:
    """The result of blocking work, done again for as long as the store is away."""
    wait_s = 1.0
    while True:
        try:
            return await asyncio.to_thread(work)
        except Unavailable as error:
            _log.warning("%s; again in %.0f s", error, wait_s)
            await asyncio.sleep(wait_s)
            wait_s = min(LONGEST_WAIT_S, wait_s * 2)


@asynccontextmanager
async def held(block: Callable[[], AbstractContextManager[T]]) -> AsyncIterator[T]:
    """A block of the shelf, entered for as long as it takes for the store to be there."""
    opened = None

    def enter() -> T:
        nonlocal opened
        opened = block()
        return opened.__enter__()

    try:
        yield await patiently(enter)
    finally:
        if opened is not None:
            await asyncio.to_thread(opened.__exit__, None, None, None)


def _no_segments(name: str) -> bool:
    return not name.startswith("segments/")
