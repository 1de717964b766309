"""Organisations, and which rows belong to them.

A row is recorded for each organisation that brought it: the same file may come from two. What nobody's organisation is
recorded for (brought where nobody had to sign in, or before there were organisations) belongs to the first one, `home`.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_contracts.errors import Conflict, NotFound
from wideberth_gateway.store.access_tables import HOME, belongings, organisations
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import reading, writing

Sight = frozenset[str] | None
"""Ids of the organisations whose rows somebody sees; None: all."""


class Owned(StrEnum):
    """Kinds of rows that belong to somebody. An alert and a bag belong to whom their analysis does."""

    ORIGINAL = "original"
    UPLOAD = "upload"
    FLIGHT = "flight"
    ANALYSIS = "analysis"


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation."""

    id: str
    name: str


def add_organisation(engine: Engine, name: str, actor: str) -> Organisation:
    """A new one. Raises `Conflict` where there is one of that name."""
    made = Organisation(uuid4().hex, name)
    with writing(engine) as connection:
        _free(connection, name)
        connection.execute(sa.insert(organisations).values(id=made.id, name=name, created_epoch_s=time.time()))
        record(connection, actor=actor, action="organisation.added", subject=made.id, details={"name": name})
    return made


def rename_organisation(engine: Engine, organisation_id: str, name: str, actor: str) -> Organisation:
    """It has that name from now on. Raises `NotFound`, `Conflict`."""
    with writing(engine) as connection:
        known = _find(connection, organisation_id)
        if known.name != name:
            _free(connection, name)
            same = organisations.c.id == organisation_id
            connection.execute(sa.update(organisations).where(same).values(name=name))
            told = {"name": name, "was": known.name}
            record(connection, actor=actor, action="organisation.renamed", subject=known.id, details=told)
        return Organisation(known.id, name)


def list_organisations(engine: Engine) -> tuple[Organisation, ...]:
    """All, the first one first."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(organisations).order_by(organisations.c.created_epoch_s))
        return tuple(Organisation(row.id, row.name) for row in rows)


def known_organisations(connection: Connection, ids: Sequence[str]) -> None:
    """Raises `NotFound` where one of the ids is of none."""
    for organisation_id in ids:
        _find(connection, organisation_id)


def organisation_of_name(engine: Engine, name: str) -> Organisation | None:
    """The one of that name."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(organisations).where(organisations.c.name == name)).one_or_none()
    return Organisation(row.id, row.name) if row else None


def belongs(engine: Engine, kind: Owned, subject: str, organisation_id: str, actor: str) -> None:
    """Record that this organisation brought it; nothing where that is known."""
    values = {"kind": kind.value, "subject": subject, "organisation_id": organisation_id}
    known = sa.and_(*(belongings.c[name] == value for name, value in values.items()))
    with writing(engine) as connection:
        if connection.scalar(sa.select(sa.func.count()).select_from(belongings).where(known)):
            return
        connection.execute(sa.insert(belongings).values(values))
        told = {"kind": kind.value, "organisation": organisation_id}
        record(connection, actor=actor, action="belonging.recorded", subject=subject, details=told)


def is_seen(engine: Engine, kind: Owned, subject: str, sight: Sight) -> bool:
    """Whether somebody of that sight sees it."""
    if sight is None:
        return True
    with reading(engine) as connection:
        return bool(connection.scalar(sa.select(seen(kind, sa.literal(subject), sight))))


def seen(kind: Owned, subject: sa.ColumnElement[str], sight: Sight) -> sa.ColumnElement[bool]:
    """A condition for queries: somebody of that sight sees the row that `subject` names."""
    if sight is None:
        return sa.true()
    mine = belongings.alias()
    here = sa.and_(mine.c.kind == kind.value, mine.c.subject == subject)
    theirs = sa.exists().where(here, mine.c.organisation_id.in_(sorted(sight)))
    if HOME not in sight:
        return theirs
    anyones = belongings.alias()
    nobodys = ~sa.exists().where(anyones.c.kind == kind.value, anyones.c.subject == subject)
    return sa.or_(theirs, nobodys)


def _find(connection: Connection, organisation_id: str) -> Organisation:
    row = connection.execute(sa.select(organisations).where(organisations.c.id == organisation_id)).one_or_none()
    if row is None:
        raise NotFound("no organisation of that id", where=organisation_id, remedy="see GET /v1/organisations")
    return Organisation(row.id, row.name)


def _free(connection: Connection, name: str) -> None:
    if connection.scalar(sa.select(organisations.c.id).where(organisations.c.name == name)) is not None:
        raise Conflict(f"there is an organisation {name!r}", remedy="choose another name")
