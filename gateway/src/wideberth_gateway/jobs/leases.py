"""Keeping this process's lease, and taking over the jobs of processes that stopped renewing theirs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from wideberth_gateway.store import executors as store
from wideberth_gateway.store.executors import Lease

BEATS_A_LEASE = 4
"""A lease survives three renewals that fail."""

_log = logging.getLogger("wideberth.gateway")


class Standing:
    """This process among the executors. Its lease may change: one that was taken away is replaced by a new one.

    Args:
        engine: the database that all executors share.
        executor_id: of this process.
        lease_s: how long it is believed to live after a renewal.
    """

    def __init__(self, engine: Engine, executor_id: str, lease_s: float) -> None:
        self._engine = engine
        self._executor_id = executor_id
        self._lease_s = lease_s
        self._lease: Lease | None = None

    def lease(self) -> Lease:
        """The lease of work that begins now. Work that began under one taken away since stays fenced off."""
        assert self._lease is not None, "open first"
        return self._lease

    async def open(self) -> None:
        """The first lease. Before the job runner starts: it takes up what this executor left."""
        self._lease = await asyncio.to_thread(store.open_lease, self._engine, self._executor_id, self._lease_s)

    @asynccontextmanager
    async def watching(self, release: Callable[[str], int]) -> AsyncIterator[None]:
        """Renews the lease and takes over from others until the context ends.

        Args:
            release: puts the running jobs of an executor back into the queue.
        """
        task = asyncio.create_task(self._watch(release))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _watch(self, release: Callable[[str], int]) -> None:
        while True:
            try:
                await asyncio.to_thread(self.look, release)
            except SQLAlchemyError as error:  # the database is away: nobody can take over meanwhile either
                _log.warning("executor %s cannot renew its lease: %s", self._executor_id, error)
            await asyncio.sleep(self._lease_s / BEATS_A_LEASE)

    def look(self, release: Callable[[str], int]) -> int:
        """One round: renew, then take over where a lease is over; how many jobs were released."""
        assert self._lease is not None, "open first"
        if not store.renew(self._engine, self._lease, self._lease_s):
            _log.warning("executor %s was believed dead; others go on with its jobs", self._executor_id)
            # Jobs that nobody has taken over yet are its own again; their steps notice and begin anew.
            self._lease = store.open_lease(self._engine, self._executor_id, self._lease_s)
        released = 0
        for executor_id in store.overdue(self._engine):
            if store.fence_off(self._engine, executor_id):
                released += store.hand_over(self._engine, executor_id, release)
                _log.warning("executor %s is gone; its jobs go on elsewhere", executor_id)
        return released
