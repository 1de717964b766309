"""Organisations, and which rows belong to them.

A row is recorded for each organisation that brought it: the same file may come from two. What nobody's organisation is
recorded for (brought where nobody had to sign in, or before there were organisations) belongs to the first one, `home`.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_contracts.errors import Conflict, NotFound
from wideberth_gateway.store.access_tables import HOME, belongings, organisations
from wideberth_gateway.store.area_tables import bringers, insides
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.flight_tables import flight_parts, flights
from wideberth_gateway.store.tables import alerts, analyses, originals, webhooks
from wideberth_gateway.store.upload_tables import uploads

Sees = frozenset[str] | None
"""Ids of organisations or of areas; None: all."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What somebody sees.

    Attributes:
        organisations: whose rows; None: all.
        areas: what lies within one of them; None: everywhere, also what has no place.
        name: theirs. What they brought themselves they see wherever it was.
    """

    organisations: Sees = None
    areas: Sees = None
    name: str = ""


Sight = Bounds | None
"""None: everything."""


class Owned(StrEnum):
    """Kinds of rows that belong to somebody. An alert and a bag belong to whom their analysis does.

    A receiver of an organisation is told of its alerts alone; one that is nobody's is told of all.
    """

    ORIGINAL = "original"
    UPLOAD = "upload"
    FLIGHT = "flight"
    ANALYSIS = "analysis"
    RECEIVER = "receiver"


KEYS: dict[Owned, sa.Column[str]] = {
    Owned.ORIGINAL: originals.c.sha256,
    Owned.UPLOAD: uploads.c.id,
    Owned.FLIGHT: flights.c.id,
    Owned.ANALYSIS: analyses.c.id,
    Owned.RECEIVER: webhooks.c.id,
}


@dataclass(frozen=True, slots=True)
class Whose:
    """For whom something is done: what they bring is their organisation's, and they use what they see.

    Attributes:
        name: as the audit trail has it.
        organisation_id: None where nobody had to sign in; then nothing is recorded.
    """

    name: str = "client"
    organisation_id: str | None = None
    sight: Sight = None

    def brings(self, engine: Engine, kind: Owned, subject: str) -> None:
        """Record it as their organisation's."""
        if self.organisation_id is not None:
            belongs(engine, kind, subject, self.organisation_id, self.name)
            with writing(engine) as connection:
                _bring(connection, kind, subject, self.name)

    def sees(self, engine: Engine, kind: Owned, subject: str) -> bool:
        """Whether they see it."""
        return is_seen(engine, kind, subject, self.sight)


ANYONE = Whose()


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation. `quota_bytes`: what it may keep here; None: as the settings say."""

    id: str
    name: str
    quota_bytes: int | None = None


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
        return replace(known, name=name)


def set_quota(engine: Engine, organisation_id: str, quota_bytes: int | None, actor: str) -> Organisation:
    """It may keep so much here from now on; None: as the settings say. Raises `NotFound`."""
    with writing(engine) as connection:
        known = _find(connection, organisation_id)
        if known.quota_bytes != quota_bytes:
            same = organisations.c.id == organisation_id
            connection.execute(sa.update(organisations).where(same).values(quota_bytes=quota_bytes))
            told = {"quota_bytes": quota_bytes, "was": known.quota_bytes}
            record(connection, actor=actor, action="organisation.quota_set", subject=known.id, details=told)
        return replace(known, quota_bytes=quota_bytes)


def list_organisations(engine: Engine) -> tuple[Organisation, ...]:
    """All, the first one first."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(organisations).order_by(organisations.c.created_epoch_s))
        return tuple(_organisation(row) for row in rows)


def known_organisations(connection: Connection, ids: Sequence[str]) -> None:
    """Raises `NotFound` where one of the ids is of none."""
    for organisation_id in ids:
        _find(connection, organisation_id)


def find_organisation(engine: Engine, organisation_id: str) -> Organisation:
    """The one of that id. Raises `NotFound`."""
    with reading(engine) as connection:
        return _find(connection, organisation_id)


def organisation_of_name(engine: Engine, name: str) -> Organisation | None:
    """The one of that name."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(organisations).where(organisations.c.name == name)).one_or_none()
    return _organisation(row) if row else None


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


def inherit(engine: Engine, old: tuple[Owned, str], new: tuple[Owned, str], actor: str) -> None:
    """What became of something belongs to whom that belonged."""
    same = sa.and_(belongings.c.kind == old[0].value, belongings.c.subject == old[1])
    by = sa.and_(bringers.c.kind == old[0].value, bringers.c.subject == old[1])
    with reading(engine) as connection:
        found = tuple(connection.scalars(sa.select(belongings.c.organisation_id).where(same)))
        names = tuple(connection.scalars(sa.select(bringers.c.name).where(by)))
    for organisation_id in found:
        belongs(engine, *new, organisation_id, actor)
    with writing(engine) as connection:
        for name in names:
            _bring(connection, *new, name)


def is_seen(engine: Engine, kind: Owned, subject: str, sight: Sight) -> bool:
    """Whether it is there and somebody of that sight sees it; who sees everything, sees also what is not there."""
    if sight is None:
        return True
    key = KEYS[kind]
    there = sa.select(key).where(key == subject, seen(kind, key, sight))
    with reading(engine) as connection:
        return connection.scalar(there) is not None


def sight_of(connection: Connection, kind: Owned, subject: str) -> Sight:
    """What somebody sees that belongs to organisations itself, such as a receiver; everything where it is nobody's."""
    same = sa.and_(belongings.c.kind == kind.value, belongings.c.subject == subject)
    found = frozenset(connection.scalars(sa.select(belongings.c.organisation_id).where(same)))
    return Bounds(found) if found else None


def seen(kind: Owned, subject: sa.ColumnElement[str], sight: Sight) -> sa.ColumnElement[bool]:
    """A condition for queries: somebody of that sight sees the row that `subject` names."""
    if sight is None:
        return sa.true()
    return sa.and_(of_organisations(kind, subject, sight.organisations), _within(kind, subject, sight))


def alert_seen(sight: Sight, *, are_few: bool = False) -> sa.ColumnElement[bool]:
    """The same for rows of `alerts`: by the organisation of their analysis and by their own place.

    Of few, found from the side of the areas, else of the organisations; of many, looked at one by one while walking
    along.
    """
    if sight is None:
        return sa.true()
    if sight.areas is None:
        return (_among if are_few else of_organisations)(Owned.ANALYSIS, alerts.c.analysis_id, sight.organisations)
    theirs = of_organisations(Owned.ANALYSIS, alerts.c.analysis_id, sight.organisations)
    if are_few:
        return sa.and_(theirs, alerts.c.id.in_(_lying("alert", sight.areas)))
    return sa.and_(theirs, _lies("alert", alerts.c.id, sight.areas))


def of_organisations(kind: Owned, subject: sa.ColumnElement[str], ids: Sees) -> sa.ColumnElement[bool]:
    """A condition for queries: the row that `subject` names is one of these organisations'."""
    if ids is None:
        return sa.true()
    mine = belongings.alias()
    here = sa.and_(mine.c.kind == kind.value, mine.c.subject == subject)
    theirs = sa.exists().where(here, mine.c.organisation_id.in_(sorted(ids)))
    if HOME not in ids:
        return theirs
    anyones = belongings.alias()
    nobodys = ~sa.exists().where(anyones.c.kind == kind.value, anyones.c.subject == subject)
    return sa.or_(theirs, nobodys)


def _among(kind: Owned, subject: sa.ColumnElement[str], ids: Sees) -> sa.ColumnElement[bool]:
    """The same for rows that are there, looked up from the side of the organisations: fast where few are."""
    if ids is None:
        return sa.true()
    own = sa.select(belongings.c.subject).where(belongings.c.kind == kind.value)
    own = own.where(belongings.c.organisation_id.in_(sorted(ids)))
    if HOME not in ids:
        return subject.in_(own)
    anyones = belongings.alias()
    taken = sa.exists().where(anyones.c.kind == kind.value, anyones.c.subject == KEYS[kind])
    return subject.in_(own.union_all(sa.select(KEYS[kind]).where(~taken)))


def _within(kind: Owned, subject: sa.ColumnElement[str], sight: Bounds) -> sa.ColumnElement[bool]:
    """It lies in one of the areas, or they brought it; a file lies where a flight or an analysis with it does."""
    if sight.areas is None:
        return sa.true()
    by = bringers.alias()
    own = sa.exists().where(by.c.kind == kind.value, by.c.subject == subject, by.c.name == sight.name)
    if kind is not Owned.ORIGINAL:
        return sa.or_(own, _lies(kind.value, subject, sight.areas))
    used = [
        sa.exists().where(sa.or_(video == subject, telemetry == subject), _lies(user, key, sight.areas))
        for user, key, video, telemetry in (
            ("flight", flight_parts.c.flight_id, flight_parts.c.video_sha256, flight_parts.c.telemetry_sha256),
            ("analysis", analyses.c.id, analyses.c.video_sha256, analyses.c.telemetry_sha256),
        )
    ]
    return sa.or_(own, *used)


def _lies(kind: str, subject: sa.ColumnElement[str], areas: frozenset[str]) -> sa.ColumnElement[bool]:
    there = insides.alias()
    here = sa.and_(there.c.kind == kind, there.c.subject == subject)
    return sa.exists().where(here, there.c.area_id.in_(sorted(areas)))


def _lying(kind: str, areas: frozenset[str]) -> "sa.Select[tuple[str]]":
    return sa.select(insides.c.subject).where(insides.c.kind == kind, insides.c.area_id.in_(sorted(areas)))


def _bring(connection: Connection, kind: Owned, subject: str, name: str) -> None:
    values = {"kind": kind.value, "subject": subject, "name": name}
    known = sa.and_(*(bringers.c[key] == value for key, value in values.items()))
    if connection.execute(sa.select(bringers.c.name).where(known)).first() is None:
        connection.execute(sa.insert(bringers).values(values))


def _find(connection: Connection, organisation_id: str) -> Organisation:
    row = connection.execute(sa.select(organisations).where(organisations.c.id == organisation_id)).one_or_none()
    if row is None:
        raise NotFound("no organisation of that id", where=organisation_id, remedy="see GET /v1/organisations")
    return _organisation(row)


def _organisation(row: "sa.Row[Any]") -> Organisation:
    return Organisation(row.id, row.name, row.quota_bytes)


def _free(connection: Connection, name: str) -> None:
    if connection.scalar(sa.select(organisations.c.id).where(organisations.c.name == name)) is not None:
        raise Conflict(f"there is an organisation {name!r}", remedy="choose another name")
