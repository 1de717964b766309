"""Keys: 256 random bits, shown once, kept as SHA-256. A random key needs no slow hash: there is nothing to guess."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BadInput, Conflict, NotFound
from wideberth_gateway.access.roles import Role, Roles, roles_of, roles_text
from wideberth_gateway.store.access_tables import HOME
from wideberth_gateway.store.areas import known_areas
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.organisations import Sees, known_organisations
from wideberth_gateway.store.people import sees_of, sees_text
from wideberth_gateway.store.tables import keys

PREFIX = "wb_"
SHOWN_CHARACTERS = 8
"""The beginning of a key that lists show, so that a person knows it again."""
ID_CHARACTERS = 32
USE_NOTED_EVERY_S = 60.0
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a key, what they may and what they see."""

    name: str
    roles: Roles
    organisation_id: str
    sees: Sees
    areas: Sees


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key as lists show it. `id` is the beginning of its hash."""

    id: str
    name: str
    roles: Roles
    organisation_id: str
    sees: Sees
    areas: Sees
    shown: str
    created_epoch_s: float
    last_used_epoch_s: float | None
    revoked_epoch_s: float | None
    expires_epoch_s: float | None


def add_key(
    engine: Engine,
    name: str,
    *roles: Role,
    organisation_id: str = HOME,
    sees: Sees = frozenset(),
    areas: Sees = None,
    days: float | None = None,
    actor: str = "console",
) -> str:
    """A new key, never to be seen again.

    Args:
        engine: the database.
        name: of the person or program; stands in every decision.
        roles: what it may.
        organisation_id: what is brought with it is of this organisation.
        sees: organisations beside it whose rows a reviewer or regulator sees; None: all.
        areas: it sees what lies in these alone, unless it acts as administrator; None: everywhere.
        days: it holds so long; None: until it is revoked.
        actor: who makes it.

    Raises:
        BadInput: no role.
        Conflict: someone of that name has a key that holds.
        NotFound: an organisation or an area is of no known id.
    """
    if not roles:
        raise BadInput("a key without a role opens nothing", where="roles", remedy="give one role or more")
    key, now = PREFIX + secrets.token_urlsafe(32), time.time()
    values = {
        "sha256": _digest(key),
        "name": name,
        "roles": roles_text(frozenset(roles)),
        "organisation_id": organisation_id,
        "sees": sees_text(sees),
        "areas": sees_text(areas),
        "shown": key[:SHOWN_CHARACTERS],
        "created_epoch_s": now,
        "expires_epoch_s": None if days is None else now + days * DAY_S,
    }
    with writing(engine) as connection:
        known_organisations(connection, (organisation_id, *sorted(sees or ())))
        known_areas(connection, sorted(areas or ()))
        if connection.scalar(sa.select(keys.c.sha256).where(keys.c.name == name, _holds(now))) is not None:
            raise Conflict(f"{name!r} has a key", remedy="revoke it first, or choose another name")
        connection.execute(sa.insert(keys).values(values))
        told = {"name": name, "roles": roles_text(frozenset(roles)), "organisation": organisation_id}
        record(connection, actor=actor, action="key.added", subject=key[:SHOWN_CHARACTERS], details=told)
    return key


def revoke_key(engine: Engine, name: str) -> None:
    """The key of that name holds no more. Raises `NotFound` where there is none."""
    _revoke(engine, keys.c.name == name, name, "console")


def revoke_key_by_id(engine: Engine, key_id: str, actor: str) -> None:
    """The same by its id."""
    same = sa.func.substr(keys.c.sha256, 1, ID_CHARACTERS) == key_id
    _revoke(engine, same, key_id, actor)


def _revoke(engine: Engine, which: sa.ColumnElement[bool], said: str, actor: str) -> None:
    now = time.time()
    with writing(engine) as connection:
        held = sa.update(keys).where(which, _holds(now))
        if connection.execute(held.values(revoked_epoch_s=now)).rowcount == 0:
            raise NotFound(f"{said!r} has no key that holds")
        record(connection, actor=actor, action="key.revoked", subject=said[:64])


def list_keys(engine: Engine) -> tuple[KeptKey, ...]:
    """All keys ever made, oldest first; revoked ones stay, for their decisions do."""
    with reading(engine) as connection:
        return tuple(_kept(row) for row in connection.execute(sa.select(keys).order_by(keys.c.created_epoch_s)))


def find_holder(engine: Engine, key: str) -> Holder | None:
    """Who holds the key, if it holds; its use is noted once a minute."""
    now = time.time()
    with reading(engine) as connection:
        query = sa.select(keys).where(keys.c.sha256 == _digest(key), _holds(now))
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    if row.last_used_epoch_s is None or now - row.last_used_epoch_s > USE_NOTED_EVERY_S:
        with writing(engine) as connection:
            connection.execute(sa.update(keys).where(keys.c.sha256 == row.sha256).values(last_used_epoch_s=now))
    return Holder(row.name, roles_of(row.roles), row.organisation_id, sees_of(row.sees), sees_of(row.areas))


def _holds(now_epoch_s: float) -> sa.ColumnElement[bool]:
    not_over = sa.or_(keys.c.expires_epoch_s.is_(None), keys.c.expires_epoch_s > now_epoch_s)
    return sa.and_(keys.c.revoked_epoch_s.is_(None), not_over)


def _kept(row: Any) -> KeptKey:
    return KeptKey(
        id=row.sha256[:ID_CHARACTERS],
        name=row.name,
        roles=roles_of(row.roles),
        organisation_id=row.organisation_id,
        sees=sees_of(row.sees),
        areas=sees_of(row.areas),
        shown=row.shown,
        created_epoch_s=row.created_epoch_s,
        last_used_epoch_s=row.last_used_epoch_s,
        revoked_epoch_s=row.revoked_epoch_s,
        expires_epoch_s=row.expires_epoch_s,
    )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
