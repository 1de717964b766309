"""The steps of a job with their files brought before and kept after: the order of both is what makes a step repeatable.

A step has ended only when what it made is in the store; a store that is away is waited for.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext
from typing import Protocol, TypeVar

from wideberth_gateway.analyses.sharing import IN_PLACE, Files
from wideberth_gateway.jobs.patience import Patience
from wideberth_gateway.jobs.runner import Work
from wideberth_gateway.keeping.shelf import Shelf, in_threads
from wideberth_pipeline import load_plan

T = TypeVar("T")


class KeptWork(Work, Protocol):
    """Work whose results can be taken to where they are kept before it is said to be done."""

    async def sense(self, analysis_id: str, position: int, files: Files = IN_PLACE) -> tuple[int, ...]:
        """See `PipelineWork`."""
        ...

    async def help(self, analysis_id: str, files: Files = IN_PLACE) -> tuple[int, ...]:
        """See `PipelineWork`."""
        ...

    async def alert(self, analysis_id: str, keep: Callable[[str], Awaitable[None]] | None = None) -> None:
        """See `PipelineWork`."""
        ...


class ShelvedWork:
    """A `Work` around another.

    Args:
        patience: waits for the store.
    """

    def __init__(self, work: KeptWork, shelf: Shelf, patience: Patience | None = None) -> None:
        self._work = work
        self._shelf = shelf
        self._patience = patience or Patience(shelf.engine, shelf.folders.root)

    async def inherit(self, analysis_id: str, of: str) -> None:
        """See `Work`."""
        async with (
            self._held(analysis_id, lambda: self._shelf.analysis(of)),
            self._held(analysis_id, lambda: self._shelf.analysis(analysis_id)),
        ):
            await self._work.inherit(analysis_id, of)
        await self.kept(analysis_id)

    async def segments(self, analysis_id: str) -> tuple[int, ...]:
        """See `Work`."""
        async with self._held(analysis_id, lambda: self._shelf.analysis(analysis_id, _no_segments)):
            return await self._work.segments(analysis_id)

    async def sense(self, analysis_id: str, position: int) -> tuple[int, ...]:
        """Segments that lie in the store already are brought: they are not sensed again."""
        async with self._with_video(analysis_id):
            return await self._work.sense(analysis_id, position, _Patient(self))

    async def help(self, analysis_id: str) -> tuple[int, ...]:
        """Without patience: a store that only this process cannot reach must not keep a segment from the others."""
        return await self._work.help(analysis_id, _AtOnce(self._shelf))

    async def follow(self, analysis_id: str) -> None:
        """See `Work`."""
        async with self._with_video(analysis_id):
            await self._work.follow(analysis_id)
        await self.kept(analysis_id)

    async def alert(self, analysis_id: str) -> None:
        """See `Work`."""
        async with self._held(analysis_id, lambda: self._shelf.analysis(analysis_id, _no_segments)):
            await self._work.alert(analysis_id, self.kept)
        await self.kept(analysis_id)

    async def fail(self, analysis_id: str, error: Exception) -> None:
        """See `Work`."""
        await self._work.fail(analysis_id, error)

    @asynccontextmanager
    async def _with_video(self, analysis_id: str) -> AsyncIterator[None]:
        async with self._held(analysis_id, lambda: self._shelf.analysis(analysis_id)) as folder:
            video = (await asyncio.to_thread(load_plan, folder)).video_sha256
            async with self._held(analysis_id, lambda: self._shelf.original(video)):
                yield

    async def kept(self, analysis_id: str) -> None:
        """What is new in the folder is in the store, once that is there."""
        await self._patience.until(analysis_id, lambda: asyncio.to_thread(self._shelf.keep_analysis, analysis_id))

    async def brought(self, analysis_id: str) -> None:
        """What others kept lies here, once the store is there."""
        async with self._held(analysis_id, lambda: self._shelf.analysis(analysis_id)):
            pass

    @asynccontextmanager
    async def _held(self, analysis_id: str, block: Callable[[], AbstractContextManager[T]]) -> AsyncIterator[T]:
        """A block of the shelf, entered once the store is there."""
        opened = None

        def enter() -> T:
            nonlocal opened
            opened = block()
            return opened.__enter__()

        try:
            yield await self._patience.until(analysis_id, lambda: asyncio.to_thread(enter))
        finally:
            if opened is not None:
                await asyncio.to_thread(opened.__exit__, None, None, None)


class _Patient:
    """The `Files` of whoever runs the analysis: its video is held already."""

    def __init__(self, work: ShelvedWork) -> None:
        self.keep = work.kept
        self.bring = work.brought

    def video(self, analysis_id: str) -> AbstractAsyncContextManager[None]:
        """See `Files`."""
        return nullcontext()


class _AtOnce:
    """The `Files` of a helper: what the store does not give at once is an error."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    @asynccontextmanager
    async def video(self, analysis_id: str) -> AsyncIterator[None]:
        """See `Files`."""
        async with in_threads(self._shelf.analysis(analysis_id, _no_segments)) as folder:
            video = (await asyncio.to_thread(load_plan, folder)).video_sha256
            async with in_threads(self._shelf.original(video)):
                yield

    async def keep(self, analysis_id: str) -> None:
        """See `Files`."""
        await asyncio.to_thread(self._shelf.keep_analysis, analysis_id)

    async def bring(self, analysis_id: str) -> None:
        """See `Files`."""
        async with in_threads(self._shelf.analysis(analysis_id)):
            pass


@asynccontextmanager
async def held(block: Callable[[], AbstractContextManager[T]]) -> AsyncIterator[T]:
    """A block of the shelf for a request. A store that is away is told of, not waited for: someone sits there."""
    async with in_threads(block()) as found:
        yield found


def _no_segments(name: str) -> bool:
    return not name.startswith("segments/")
