"""What is to be stamped, and the stamps: queued when it comes to be, answered when the authority can be reached."""

import time
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import in_order_of_commit, reading, writing
from wideberth_gateway.store.tables import stamps


class StampKind(StrEnum):
    """Of what a stamp is: the root over a day of the audit trail, or the manifest of a bag."""

    DAY = "day"
    BAG = "bag"


@dataclass(frozen=True, slots=True)
class StampRow:
    """One stamp, wanted or there.

    Attributes:
        subject: a date, or the name of a bag.
        content: what is stamped: the 32 bytes of a day's root, or a manifest.
        answer: of the authority (RFC 3161, DER); None while it is queued.
        problem: why the last try brought none.
    """

    kind: StampKind
    subject: str
    content: bytes
    tries: int = 0
    problem: str | None = None
    answer: bytes | None = None


def queue(engine: Engine, row: StampRow) -> bool:
    """The stamp is wanted from now on; False where it was before."""
    with writing(engine) as connection:
        in_order_of_commit(connection)
        return enter(connection, row)


def enter(connection: Connection, row: StampRow) -> bool:
    """The same in a transaction that goes on and holds the lock of appended rows."""
    same = sa.and_(stamps.c.kind == row.kind.value, stamps.c.subject == row.subject)
    if connection.execute(sa.select(stamps.c.kind).where(same)).first() is not None:
        return False
    values = {"kind": row.kind.value, "subject": row.subject, "content": row.content}
    connection.execute(sa.insert(stamps).values(**values, queued_epoch_s=time.time(), tries=0))
    return True


def waiting(engine: Engine, limit: int = 100) -> tuple[StampRow, ...]:
    """Stamps that are wanted and not there, the least tried first."""
    query = sa.select(stamps).where(stamps.c.answer.is_(None)).order_by(stamps.c.tries, stamps.c.queued_epoch_s)
    with reading(engine) as connection:
        return tuple(_row(row) for row in connection.execute(query.limit(limit)))


def find(engine: Engine, kind: StampKind, subject: str) -> StampRow | None:
    """That stamp, wanted or there."""
    query = sa.select(stamps).where(stamps.c.kind == kind.value, stamps.c.subject == subject)
    with reading(engine) as connection:
        row = connection.execute(query).first()
        return _row(row) if row else None


def answered(engine: Engine, row: StampRow, answer: bytes) -> None:
    """The stamp is there; durable, and in the audit trail."""
    with writing(engine) as connection:
        values = {"answer": answer, "problem": None, "tries": stamps.c.tries + 1, "stamped_epoch_s": time.time()}
        connection.execute(_of(row).values(**values))
        record(connection, actor="gateway", action=f"{row.kind.value}.stamped", subject=row.subject)


def failed(engine: Engine, row: StampRow, problem: str) -> None:
    """The last try brought none; the stamp is still wanted."""
    with writing(engine) as connection:
        connection.execute(_of(row).values(tries=stamps.c.tries + 1, problem=problem))


def _of(row: StampRow) -> sa.Update:
    return sa.update(stamps).where(stamps.c.kind == row.kind.value, stamps.c.subject == row.subject)


def _row(row: "sa.Row[tuple[object, ...]]") -> StampRow:
    return StampRow(StampKind(row.kind), row.subject, row.content, row.tries, row.problem, row.answer)
