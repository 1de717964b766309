"""People who may sign in."""

import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_contracts.errors import Conflict, NotFound
from wideberth_gateway.access.roles import Role, Roles, roles_of, roles_text
from wideberth_gateway.evidence.chain import Details
from wideberth_gateway.store.access_tables import HOME, people, sessions
from wideberth_gateway.store.areas import known_areas
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.organisations import Sees, known_organisations

EVERY = "*"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody.

    Attributes:
        password: its hash; None for whom a provider vouches.
        must_change: whether the password is one that somebody else knows.
        organisation_id: what they bring is of it.
        sees: organisations beside it whose rows a reviewer or regulator sees; None: all.
        areas: they see what lies in these alone, unless they act as administrator; None: everywhere.
        provider_subject: issuer and subject at the provider.
    """

    id: str
    name: str
    password: str | None
    must_change: bool
    roles: Roles
    organisation_id: str
    sees: Sees
    areas: Sees
    provider_subject: str | None
    created_epoch_s: float
    signed_in_epoch_s: float | None
    disabled_epoch_s: float | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What an administrator says of somebody."""

    roles: Roles
    organisation_id: str = HOME
    sees: Sees = frozenset()
    areas: Sees = None


def sees_text(sees: Sees) -> str:
    """As kept: ids with a blank between, `*` for all."""
    return EVERY if sees is None else " ".join(sorted(sees))


def sees_of(text: str) -> Sees:
    """What `sees_text` wrote down."""
    return None if text == EVERY else frozenset(text.split())


def add_person(
    engine: Engine,
    name: str,
    standing: Standing,
    actor: str,
    *,
    password: str | None = None,
    provider_subject: str | None = None,
) -> Person:
    """Somebody new; with a password, it must be changed at the first sign-in.

    Raises:
        Conflict: somebody has that name.
        NotFound: an organisation is of no known id.
    """
    with writing(engine) as connection:
        return _add(connection, name, standing, actor, password, provider_subject)


def add_first_person(engine: Engine, name: str, password: str) -> bool:
    """The administrator of a new machine; False where there are people already."""
    with writing(engine) as connection:
        if connection.scalar(sa.select(sa.func.count()).select_from(people)):
            return False
        _add(connection, name, Standing(frozenset({Role.ADMINISTRATOR})), "console", password, None)
        return True


def _add(
    connection: Connection,
    name: str,
    standing: Standing,
    actor: str,
    password: str | None,
    provider_subject: str | None,
) -> Person:
    if connection.scalar(sa.select(people.c.id).where(people.c.name == name)) is not None:
        raise Conflict(f"somebody is called {name!r}", remedy="choose another name")
    values = {
        "id": uuid4().hex,
        "name": name,
        "password": password,
        "must_change": password is not None,
        "provider_subject": provider_subject,
        "created_epoch_s": time.time(),
        **_kept(connection, standing),
    }
    connection.execute(sa.insert(people).values(values))
    record(connection, actor=actor, action="person.added", subject=str(values["id"]), details=_told(name, standing))
    return _find(connection, people.c.id == values["id"])


def change_person(engine: Engine, person_id: str, standing: Standing, disabled: bool, actor: str) -> Person:
    """What an administrator says of them now. Who is disabled is signed out at once.

    Raises:
        NotFound: nobody of that id, or no organisation of one.
        Conflict: nobody would be left who may administer.
    """
    with writing(engine) as connection:
        known = _find(connection, people.c.id == person_id)
        values: dict[str, Any] = _kept(connection, standing)
        if disabled != (known.disabled_epoch_s is not None):
            values["disabled_epoch_s"] = time.time() if disabled else None
        connection.execute(sa.update(people).where(people.c.id == person_id).values(values))
        if disabled:
            connection.execute(sa.delete(sessions).where(sessions.c.person_id == person_id))
        _somebody_administers(connection)
        told: Details = {**_told(known.name, standing), "disabled": disabled}
        record(connection, actor=actor, action="person.changed", subject=person_id, details=told)
        return _find(connection, people.c.id == person_id)


def set_password(engine: Engine, person_id: str, password: str, actor: str, *, must_change: bool) -> None:
    """Another password (its hash); all their sessions end. Raises `NotFound`."""
    with writing(engine) as connection:
        known = _find(connection, people.c.id == person_id)
        values = {"password": password, "must_change": must_change}
        connection.execute(sa.update(people).where(people.c.id == person_id).values(values))
        connection.execute(sa.delete(sessions).where(sessions.c.person_id == person_id))
        one_time: Details = {"name": known.name, "one_time": must_change}
        record(connection, actor=actor, action="person.password_set", subject=person_id, details=one_time)


def list_people(engine: Engine) -> tuple[Person, ...]:
    """Everyone ever added, oldest first; who is disabled stays, for their decisions do."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(people).order_by(people.c.created_epoch_s, people.c.id)).mappings()
        return tuple(_person(row) for row in rows)


def find_person(engine: Engine, person_id: str) -> Person:
    """Somebody by id. Raises `NotFound`."""
    with reading(engine) as connection:
        return _find(connection, people.c.id == person_id)


def person_of_name(engine: Engine, name: str) -> Person | None:
    """Somebody by the name they sign in with."""
    return _one(engine, people.c.name == name)


def person_of_provider(engine: Engine, subject: str) -> Person | None:
    """Somebody for whom a provider vouches."""
    return _one(engine, people.c.provider_subject == subject)


def _one(engine: Engine, condition: sa.ColumnElement[bool]) -> Person | None:
    with reading(engine) as connection:
        row = connection.execute(sa.select(people).where(condition)).mappings().one_or_none()
    return _person(row) if row else None


def _find(connection: Connection, condition: sa.ColumnElement[bool]) -> Person:
    row = connection.execute(sa.select(people).where(condition)).mappings().one_or_none()
    if row is None:
        raise NotFound("nobody of that id", remedy="see GET /v1/people")
    return _person(row)


def _person(row: Any) -> Person:
    return Person(
        **{**row, "roles": roles_of(row["roles"]), "sees": sees_of(row["sees"]), "areas": sees_of(row["areas"])}
    )


def _kept(connection: Connection, standing: Standing) -> dict[str, object]:
    known_organisations(connection, (standing.organisation_id, *sorted(standing.sees or ())))
    known_areas(connection, sorted(standing.areas or ()))
    return {
        "roles": roles_text(standing.roles),
        "organisation_id": standing.organisation_id,
        "sees": sees_text(standing.sees),
        "areas": sees_text(standing.areas),
    }


def _told(name: str, standing: Standing) -> dict[str, str]:
    return {
        "name": name,
        "roles": roles_text(standing.roles),
        "organisation": standing.organisation_id,
        "sees": sees_text(standing.sees),
        "areas": sees_text(standing.areas),
    }


def _somebody_administers(connection: Connection) -> None:
    rows = connection.execute(sa.select(people.c.roles).where(people.c.disabled_epoch_s.is_(None)))
    if not any(Role.ADMINISTRATOR in roles_of(row.roles) for row in rows):
        raise Conflict("nobody would be left who may administer", remedy="make somebody else an administrator first")
