"""The segments this process is at: taken one by one, and given back whatever happens."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from wideberth_gateway.store import claims as store
from wideberth_gateway.store.claims import Taken
from wideberth_gateway.store.executors import Lease

AHEAD = 32
"""So many segments from the first that is not done: of a flight of any length little is sensed before it is needed."""


class Claims:
    """Takes segments for this process.

    Args:
        lease: gives the lease that this process holds now.
        ahead: how far behind the first segment that is not done one may be taken.
    """

    def __init__(self, engine: Engine, lease: Callable[[], Lease], ahead: int = AHEAD) -> None:
        self._engine = engine
        self.lease = lease
        self._ahead = ahead
        self._held: set[tuple[str, int]] = set()
        self._left_behind = False
        self._lock = threading.Lock()

    @asynccontextmanager
    async def taken(self, analysis_id: str) -> AsyncIterator[Taken]:
        """The next segment, one's own until the block ends; anyone's again where that is by an error.

        Raises:
            LeaseLost: this process is believed dead.
        """
        taking = asyncio.ensure_future(asyncio.to_thread(self._take, analysis_id))
        try:
            taken = await asyncio.shield(taking)
        except asyncio.CancelledError:
            taking.add_done_callback(lambda done: self._forget(analysis_id, done))
            raise
        try:
            yield taken
        except BaseException:
            self._left_behind = True
            raise
        finally:
            if taken.position is not None:
                self._held.discard((analysis_id, taken.position))
            await self.tidy()

    async def to_take(self, analysis_id: str) -> bool:
        """Whether there is a segment that nobody is at."""
        return await asyncio.to_thread(store.to_take, self._engine, analysis_id, self._ahead)

    async def tidy(self) -> None:
        """What this process left behind is anyone's; later, where the database is away."""
        if self._left_behind:
            await asyncio.to_thread(self._tidy)

    def _take(self, analysis_id: str) -> Taken:
        with self._lock:
            held = {position for of, position in frozenset(self._held) if of == analysis_id}
            taken = store.take(self._engine, analysis_id, self.lease(), self._ahead, held)
            if taken.position is not None:
                self._held.add((analysis_id, taken.position))
            return taken

    def _tidy(self) -> None:
        with self._lock:
            self._left_behind = False
            try:
                store.leave(self._engine, self.lease(), frozenset(self._held))
            except SQLAlchemyError:
                self._left_behind = True

    def _forget(self, analysis_id: str, done: "asyncio.Future[Taken]") -> None:
        """It came when nobody waited for it any more."""
        if not done.cancelled() and done.exception() is None and done.result().position is not None:
            self._held.discard((analysis_id, done.result().position or 0))
        self._left_behind = True
