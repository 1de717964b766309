"""Several frames under way at once, each verb one frame at a time, answers in order.

While one frame is detected the next is cleared and the one after it decoded. A frame waits for its turn at every verb,
and turns are given in the order of asking; so every verb sees the frames in order of time, and what comes out does not
depend on who was faster.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


@dataclass(slots=True)
class Stopwatch:
    """Seconds spent per verb, wall clock. Verbs overlap: together they may be more than the whole took."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def running(self, verb: str) -> Iterator[None]:
        """Add the time inside to `verb`."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[verb] = self.seconds.get(verb, 0.0) + time.perf_counter() - started


@dataclass(slots=True)
class Turns:
    """One holder a verb; who asks first is served first. `watch` runs while a turn is held, not while it is awaited."""

    watch: Stopwatch = field(default_factory=Stopwatch)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    @asynccontextmanager
    async def at(self, verb: str) -> AsyncIterator[None]:
        """Hold the turn of `verb`."""
        async with self._locks.setdefault(verb, asyncio.Lock()):
            with self.watch.running(verb):
                yield


async def in_order(
    items: AsyncIterator[Item], work: Callable[[Item], Awaitable[Answer]], at_once: int
) -> AsyncGenerator[Answer, None]:
    """The answers to all items, in their order, with at most `at_once` under way.

    Work on a later item starts after work on an earlier one has, and is dropped when an earlier one raises. Close the
    generator (`contextlib.aclosing`) when leaving early.
    """
    under_way: deque[asyncio.Task[Answer]] = deque()
    try:
        async for item in items:
            under_way.append(asyncio.create_task(_awaited(work, item)))
            if len(under_way) >= at_once:
                yield await under_way[0]
                under_way.popleft()
        while under_way:
            yield await under_way[0]
            under_way.popleft()
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


async def _awaited(work: Callable[[Item], Awaitable[Answer]], item: Item) -> Answer:
    return await work(item)
