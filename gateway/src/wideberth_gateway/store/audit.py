"""The audit trail in the database: appended in the transaction of what it tells of, and never changed.

Triggers refuse updates, deletes and anything that does not follow the last entry (migration `0002_audit`).
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from wideberth_gateway.evidence.chain import Details, Link, next_link
from wideberth_gateway.store.engine import in_order_of_commit, reading, writing
from wideberth_gateway.store.tables import audit


def record(connection: Connection, *, actor: str, action: str, subject: str, details: Details | None = None) -> Link:
    """Append an entry in a transaction that goes on; it counts once that is committed.

    The lock of appended rows is taken: from here to the commit no other transaction appends.
    """
    in_order_of_commit(connection)
    last = _last(connection)
    link = next_link(last, at=datetime.now(UTC), actor=actor, action=action, subject=subject, details=details or {})
    connection.execute(sa.insert(audit).values(row_of(link)))
    return link


def row_of(link: Link) -> dict[str, object]:
    """An entry as a row of the table."""
    return {
        "sequence": link.sequence,
        "day": link.day,
        "subject": link.entry["subject"],
        "entry_json": json.dumps(link.entry, ensure_ascii=False),
        "previous": link.previous,
        "hash": link.hash,
    }


def append(engine: Engine, *, actor: str, action: str, subject: str, details: Details | None = None) -> Link:
    """Append an entry; durable when this returns."""
    with writing(engine) as connection:
        return record(connection, actor=actor, action=action, subject=subject, details=details)


def trail(engine: Engine, *, since: int = 1) -> tuple[Link, ...]:
    """All entries from that place on, in order."""
    query = sa.select(audit).where(audit.c.sequence >= since).order_by(audit.c.sequence)
    with reading(engine) as connection:
        return tuple(_link(row) for row in connection.execute(query))


def after(connection: Connection, sequence: int, limit: int) -> tuple[Link, ...]:
    """So many entries behind that place, in order."""
    query = sa.select(audit).where(audit.c.sequence > sequence).order_by(audit.c.sequence).limit(limit)
    return tuple(_link(row) for row in connection.execute(query))


def walk(engine: Engine, at_once: int = 2000) -> Iterator[Link]:
    """All entries in order, so many read at a time: a trail may be longer than memory."""
    last = 0
    while True:
        with reading(engine) as connection:
            page = after(connection, last, at_once)
        yield from page
        if len(page) < at_once:
            return
        last = page[-1].sequence


def page_before(engine: Engine, sequence: int | None, limit: int) -> tuple[Link, ...]:
    """So many entries before that place, or the newest, newest first."""
    query = sa.select(audit).order_by(audit.c.sequence.desc()).limit(limit)
    if sequence is not None:
        query = query.where(audit.c.sequence < sequence)
    with reading(engine) as connection:
        return tuple(_link(row) for row in connection.execute(query))


def newest(engine: Engine) -> Link | None:
    """The last entry; None before the first."""
    with reading(engine) as connection:
        return _last(connection)


def first_about(engine: Engine, subjects: tuple[str, ...]) -> int | None:
    """Place of the first entry about one of the subjects."""
    query = sa.select(sa.func.min(audit.c.sequence)).where(audit.c.subject.in_(subjects))
    with reading(engine) as connection:
        found: int | None = connection.scalar(query)
        return found


def sealed_bags(engine: Engine) -> dict[str, str]:
    """Every bag that was sealed: its seal by its name."""
    query = sa.select(audit.c.entry_json).where(audit.c.entry_json.contains('"bag.sealed"')).order_by(audit.c.sequence)
    with reading(engine) as connection:
        entries = [json.loads(text) for text in connection.scalars(query)]
    told = [entry["details"] for entry in entries if entry["action"] == "bag.sealed"]
    return {details["bag"]: details["seal"] for details in told}


def of_day(connection: Connection, day: str) -> tuple[Link, ...]:
    """The entries of a day (ISO date, UTC), in order."""
    query = sa.select(audit).where(audit.c.day == day).order_by(audit.c.sequence)
    return tuple(_link(row) for row in connection.execute(query))


def about(connection: Connection, subject: str) -> tuple[Link, ...]:
    """The entries about a subject, in order."""
    query = sa.select(audit).where(audit.c.subject == subject).order_by(audit.c.sequence)
    return tuple(_link(row) for row in connection.execute(query))


def days_before(engine: Engine, day: str) -> tuple[str, ...]:
    """Days with entries that lie before `day`, in order."""
    query = sa.select(audit.c.day).where(audit.c.day < day).distinct().order_by(audit.c.day)
    with reading(engine) as connection:
        return tuple(connection.scalars(query))


def _last(connection: Connection) -> Link | None:
    row = connection.execute(sa.select(audit).order_by(audit.c.sequence.desc()).limit(1)).first()
    return _link(row) if row else None


def _link(row: "Row[tuple[object, ...]]") -> Link:
    return Link(json.loads(row.entry_json), row.previous, row.hash)
