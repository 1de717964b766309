"""Leases of the processes that work on jobs, by the clock of the database: clocks of machines may differ.

A process holds a lease and renews it. Where it does not, another process *fences* it: its token goes up, so that
whatever it still tries to write is refused, and then its jobs are handed over. A token is never used twice.
"""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.job_tables import executors

Fence = Callable[[Connection], None]
"""Called inside a writing transaction; raises `LeaseLost` where this process may no longer write."""


class LeaseLost(Exception):
    """Another process has taken over what this one worked on; nothing was written."""


def unfenced(_connection: Connection) -> None:
    """The fence of a process that shares its jobs with nobody."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of a process to work, until it is taken away."""

    executor_id: str
    token: int

    def fence(self, connection: Connection) -> None:
        """The lease is held, and stays so until the transaction ends.

        Raises:
            LeaseLost: it was taken away.
        """
        query = sa.select(executors.c.token).where(executors.c.id == self.executor_id).with_for_update(read=True)
        if connection.scalar(query) != self.token:
            raise LeaseLost(self.executor_id)


def open_lease(engine: Engine, executor_id: str, lease_s: float) -> Lease:
    """A lease with a new token; what an earlier process under this id still tries to write is refused."""
    with writing(engine) as connection:
        token: int | None = connection.execute(_row(executor_id)).scalar()
        values = {"token": (token or 0) + 1, "until_epoch_s": _now(connection) + lease_s, "handed_over": False}
        if token is None:
            connection.execute(sa.insert(executors).values(id=executor_id, **values))
        else:
            connection.execute(sa.update(executors).where(executors.c.id == executor_id).values(**values))
        return Lease(executor_id, (token or 0) + 1)


def renew(engine: Engine, lease: Lease, lease_s: float) -> bool:
    """The lease runs for so long from now; False where it was taken away."""
    with writing(engine) as connection:
        held = sa.update(executors).where(executors.c.id == lease.executor_id, executors.c.token == lease.token)
        return connection.execute(held.values(until_epoch_s=_now(connection) + lease_s)).rowcount == 1


def overdue(engine: Engine) -> tuple[str, ...]:
    """Executors whose lease is over and whose jobs nobody has taken over yet, by id."""
    with reading(engine) as connection:
        over = executors.c.until_epoch_s < _now(connection)
        query = sa.select(executors.c.id).where(over, executors.c.handed_over.is_(False)).order_by(executors.c.id)
        return tuple(connection.scalars(query))


def fence_off(engine: Engine, executor_id: str) -> bool:
    """Whatever that process still writes is refused from now on; False where its lease lives after all."""
    with writing(engine) as connection:
        over = sa.update(executors).where(executors.c.id == executor_id, executors.c.until_epoch_s < _now(connection))
        return connection.execute(over.values(token=executors.c.token + 1)).rowcount == 1


def hand_over(engine: Engine, executor_id: str, release: Callable[[str], int]) -> int:
    """Release the jobs of a fenced executor, one process at a time; how many jobs.

    The row is locked meanwhile: the executor cannot come back half-way, nor can two release the same job, of which the
    second would take it from whoever went on with it. A kill in between leaves the rest to the next who looks.

    Args:
        release: puts the running jobs of an executor back into the queue.
    """
    with writing(engine) as connection:
        connection.execute(_row(executor_id))
        over = executors.c.until_epoch_s < _now(connection)
        query = sa.select(executors.c.id).where(executors.c.id == executor_id, over, executors.c.handed_over.is_(False))
        if connection.scalar(query) is None:
            return 0
        released = release(executor_id)
        done = sa.update(executors).where(executors.c.id == executor_id)
        connection.execute(done.values(handed_over=True))
        return released


def _row(executor_id: str) -> sa.Select[int]:
    return sa.select(executors.c.token).where(executors.c.id == executor_id).with_for_update()


def _now(connection: Connection) -> float:
    """Seconds since the epoch by the clock of the database; on SQLite that of the one machine it is on."""
    if connection.dialect.name == "postgresql":
        return float(connection.scalar(sa.text("SELECT extract(epoch FROM clock_timestamp())")) or 0.0)
    return float(connection.scalar(sa.text("SELECT (julianday('now') - 2440587.5) * 86400.0")) or 0.0)
