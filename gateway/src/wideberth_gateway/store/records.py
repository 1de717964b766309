"""Rows as the journal keeps them: each entry of the audit trail with the rows it tells of, out and in again.

Keys, people, receivers and deliveries are left out on purpose: a journal is copied to places where their secrets must
not lie.
"""

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_gateway.evidence.chain import Link
from wideberth_gateway.store import audit as trail
from wideberth_gateway.store.access_tables import belongings, organisations, people, sessions
from wideberth_gateway.store.area_tables import bringers, sea_areas
from wideberth_gateway.store.engine import reading
from wideberth_gateway.store.keeping_tables import files, holds
from wideberth_gateway.store.registered_tables import registered
from wideberth_gateway.store.replay_tables import corrections
from wideberth_gateway.store.tables import (
    alerts,
    analyses,
    audit,
    deliveries,
    events,
    keys,
    originals,
    segments,
    webhooks,
)
from wideberth_gateway.store.tables import stamps as stamp_table
from wideberth_gateway.store.trial_tables import trials

Row = dict[str, Any]
NOT_KEPT = (keys, people, sessions, webhooks, deliveries)
"""Tables that no journal and no file can bring back."""

FROM_THE_START = frozenset({organisations.name})
"""Tables with a row in a new database."""

NUMBERED = (alerts, events, corrections)
"""Tables whose numbers PostgreSQL hands out: a rebuilt one must go on behind the last."""


@dataclass(frozen=True, slots=True)
class Record:
    """An entry of the trail, and the rows it is about as they stood when it was recorded: table name and columns."""

    link: Link
    rows: tuple[tuple[str, Row], ...]

    def as_json(self) -> Row:
        """One line of a page."""
        link = {"entry": self.link.entry, "previous": self.link.previous, "hash": self.link.hash}
        return {"link": link, "rows": [[name, row] for name, row in self.rows]}

    @classmethod
    def of(cls, line: Row) -> "Record":
        """From one line of a page."""
        link = line["link"]
        return cls(
            Link(link["entry"], link["previous"], link["hash"]), tuple((name, row) for name, row in line["rows"])
        )


Finding = tuple[sa.Table, sa.ColumnElement[bool]]


def _original(link: Link) -> list[Finding]:
    subject = link.entry["subject"]
    return [(originals, originals.c.sha256 == subject), (registered, registered.c.sha256 == subject)]


def _analysis(link: Link) -> list[Finding]:
    subject = link.entry["subject"]
    return [
        (analyses, analyses.c.id == subject),
        (segments, segments.c.analysis_id == subject),
        (trials, trials.c.analysis_id == subject),
    ]


def _alert(link: Link) -> list[Finding]:
    subject, version = link.entry["subject"], link.entry["details"].get("version")
    return [
        (alerts, sa.and_(alerts.c.id == subject, alerts.c.version == version)),
        (events, sa.and_(events.c.subject == subject, events.c.version == version)),
    ]


def _stamp(link: Link) -> list[Finding]:
    subject = link.entry["details"].get("bag") or link.entry["subject"]
    return [(stamp_table, stamp_table.c.subject == subject)]


def _file(link: Link) -> list[Finding]:
    return [(files, files.c.key == link.entry["details"].get("key"))]


def _organisation(link: Link) -> list[Finding]:
    return [(organisations, organisations.c.id == link.entry["subject"])]


def _belonging(link: Link) -> list[Finding]:
    subject = link.entry["subject"]
    return [(belongings, belongings.c.subject == subject), (bringers, bringers.c.subject == subject)]


def _area(link: Link) -> list[Finding]:
    return [(sea_areas, sea_areas.c.id == link.entry["subject"])]


def _hold(link: Link) -> list[Finding]:
    return [(holds, holds.c.id == link.entry["subject"])]


def _correction(link: Link) -> list[Finding]:
    return [(corrections, corrections.c.id == link.entry["details"].get("correction"))]


ABOUT: dict[str, Callable[[Link], list[Finding]]] = {
    "original": _original,
    "analysis": _analysis,
    "alert": _alert,
    "day": _stamp,
    "bag": _stamp,
    "file": _file,
    "hold": _hold,
    "organisation": _organisation,
    "belonging": _belonging,
    "area": _area,
    "correction": _correction,
}
"""By the noun of an action: the rows an entry tells of. A topic with tables of its own adds its noun here."""


def last_sequence(engine: Engine) -> int:
    """Place of the newest entry; 0 before the first."""
    with reading(engine) as connection:
        return connection.scalar(sa.select(sa.func.coalesce(sa.func.max(audit.c.sequence), 0))) or 0


def hash_at(connection: Connection, sequence: int) -> str | None:
    """Hash of the entry at that place."""
    found: str | None = connection.scalar(sa.select(audit.c.hash).where(audit.c.sequence == sequence))
    return found


def records_after(connection: Connection, sequence: int, limit: int) -> tuple[Record, ...]:
    """The entries behind that place with their rows, in order."""
    return tuple(_record(connection, link) for link in trail.after(connection, sequence, limit))


def _record(connection: Connection, link: Link) -> Record:
    about = ABOUT.get(link.entry["action"].split(".")[0])
    rows: list[tuple[str, Row]] = []
    for table, condition in about(link) if about else ():
        rows += [(table.name, _out(row)) for row in connection.execute(sa.select(table).where(condition)).mappings()]
    return Record(link, tuple(rows))


def enter(connection: Connection, records: Iterable[Record]) -> None:
    """Rows and entries go into the tables; a later row takes the place of an earlier one of the same key."""
    tables = {table.name: table for table in originals.metadata.sorted_tables}
    for record in records:
        connection.execute(sa.insert(audit).values(trail.row_of(record.link)))
        for name, row in record.rows:
            if name in tables:
                put_row(connection, tables[name], _in(tables[name], row))
        if record.link.entry["action"] == "alert.deleted":
            forget_alert(connection, record.link.entry["subject"])


def forget_alert(connection: Connection, alert_id: str) -> None:
    """All versions of an alert, and the events that told of them, are gone."""
    connection.execute(sa.delete(events).where(events.c.subject == alert_id))
    connection.execute(sa.delete(alerts).where(alerts.c.id == alert_id))


def put_row(connection: Connection, table: sa.Table, row: Row) -> None:
    """The row is in the table, in place of one of the same primary key."""
    same = sa.and_(*(column == row[column.name] for column in table.primary_key.columns))
    if connection.execute(sa.update(table).where(same).values(row)).rowcount == 0:
        connection.execute(sa.insert(table).values(row))


def renumber(connection: Connection) -> None:
    """Numbers handed out from now on lie above those in the tables. SQLite sees to that by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in NUMBERED:
        newest = sa.select(sa.func.max(table.c.sequence)).scalar_subquery()
        last = sa.func.coalesce(newest, 1)
        sequence = sa.func.pg_get_serial_sequence(table.name, "sequence")
        connection.execute(sa.select(sa.func.setval(sequence, last, newest.is_not(None))))


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in originals.metadata.sorted_tables
    }


def _out(row: Any) -> Row:
    return {
        name: {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes | memoryview) else value
        for name, value in row.items()
    }


def _in(table: sa.Table, row: Row) -> Row:
    return {
        name: base64.b64decode(value["base64"]) if isinstance(value, dict) else value
        for name, value in row.items()
        if name in table.c
    }
