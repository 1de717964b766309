"""Who is at which segment: workers take the next ones of an analysis without taking the same.

A claim is good while its process holds the lease it had then (`executors`): one that died or was fenced off is at
nothing any more, and what it had claimed is free. Segments are handed out in order, and none far ahead of the first
that is not done.
"""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_gateway.store.analyses import State
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.executors import Lease
from wideberth_gateway.store.job_tables import claims, executors
from wideberth_gateway.store.tables import analyses, segments


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of asking for a segment.

    Attributes:
        state: of the analysis; None where there is none of that id.
        position: of the segment that is one's own now; None where there was none to take.
    """

    state: State | None
    position: int | None


def take(engine: Engine, analysis_id: str, lease: Lease, ahead: int, held: Collection[int] = ()) -> Taken:
    """The first segment that is not done and that nobody is at becomes one's own; its sensing begins.

    Args:
        lease: of this process.
        ahead: how far behind the first segment that is not done one may be taken.
        held: positions this process is at: a claim of its own on any other was left behind.

    Raises:
        LeaseLost: the lease was taken away.
    """
    with writing(engine) as connection:
        lease.fence(connection)
        # Of several that ask at the same time, one after another.
        query = sa.select(analyses.c.state).where(analyses.c.id == analysis_id).with_for_update()
        found = connection.scalar(query)
        state = State(found) if found is not None else None
        if state is None or state.ended:
            return Taken(state, None)
        position = next((one for one in _free(connection, analysis_id, ahead, lease) if one not in held), None)
        if position is not None:
            connection.execute(sa.delete(claims).where(_same(analysis_id, position)))
            values = {"executor_id": lease.executor_id, "token": lease.token}
            connection.execute(sa.insert(claims).values(analysis_id=analysis_id, position=position, **values))
            of_it = sa.and_(segments.c.analysis_id == analysis_id, segments.c.position == position)
            connection.execute(sa.update(segments).where(of_it).values(starts=segments.c.starts + 1))
        return Taken(state, position)


def to_take(engine: Engine, analysis_id: str, ahead: int) -> bool:
    """Whether there is a segment that nobody is at, of an analysis that is being sensed."""
    with reading(engine) as connection:
        state = connection.scalar(sa.select(analyses.c.state).where(analyses.c.id == analysis_id))
        return state == State.SENSING.value and bool(_free(connection, analysis_id, ahead, None))


def is_done(engine: Engine, analysis_id: str, position: int) -> bool:
    """Whether the segment's file is whole and where files are kept, as far as the database knows."""
    of_it = sa.and_(segments.c.analysis_id == analysis_id, segments.c.position == position)
    with reading(engine) as connection:
        return bool(connection.scalar(sa.select(segments.c.done).where(of_it)))


def is_lost(engine: Engine, analysis_id: str, position: int) -> None:
    """The segment's file is gone after all: it is to be sensed again."""
    of_it = sa.and_(segments.c.analysis_id == analysis_id, segments.c.position == position)
    with writing(engine) as connection:
        connection.execute(sa.update(segments).where(of_it).values(done=False, frames_done=0))


def leave(engine: Engine, lease: Lease, held: Collection[tuple[str, int]] = ()) -> None:
    """This process is at nothing but `held` any more."""
    mine = sa.and_(claims.c.executor_id == lease.executor_id, claims.c.token == lease.token)
    with writing(engine) as connection:
        for row in connection.execute(sa.select(claims).where(mine)).all():
            if (row.analysis_id, row.position) not in held:
                connection.execute(sa.delete(claims).where(_same(row.analysis_id, row.position), mine))


def _free(connection: Connection, analysis_id: str, ahead: int, lease: Lease | None) -> list[int]:
    """Positions that nobody else is at, of the next that are not done, in order."""
    undone = sa.and_(segments.c.analysis_id == analysis_id, segments.c.done.is_(False), segments.c.frames > 0)
    first = sa.select(sa.func.min(segments.c.position)).where(undone).scalar_subquery()
    claimed = sa.and_(claims.c.analysis_id == segments.c.analysis_id, claims.c.position == segments.c.position)
    living = sa.and_(executors.c.id == claims.c.executor_id, executors.c.token == claims.c.token)
    nobody: sa.ColumnElement[bool] = executors.c.id.is_(None)
    if lease is not None:
        nobody = sa.or_(nobody, sa.and_(executors.c.id == lease.executor_id, executors.c.token == lease.token))
    query = (
        sa.select(segments.c.position)
        .select_from(segments.outerjoin(claims, claimed).outerjoin(executors, living))
        .where(undone, segments.c.position < first + ahead, nobody)
        .order_by(segments.c.position)
    )
    return list(connection.scalars(query))


def _same(analysis_id: str, position: int) -> sa.ColumnElement[bool]:
    return sa.and_(claims.c.analysis_id == analysis_id, claims.c.position == position)
