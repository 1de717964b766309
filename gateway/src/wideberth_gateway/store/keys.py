"""Keys: 256 random bits, shown once, kept as SHA-256. A random key needs no slow hash: there is nothing to guess."""

import hashlib
import secrets
import time
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import Conflict, NotFound
from wideberth_gateway.access.roles import Role
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.tables import keys

PREFIX = "wb_"
SHOWN_CHARACTERS = 8
"""The beginning of a key that lists show, so that a person knows it again."""
USE_NOTED_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a key."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key as lists show it."""

    name: str
    role: Role
    shown: str
    created_epoch_s: float
    last_used_epoch_s: float | None
    revoked_epoch_s: float | None


def add_key(engine: Engine, name: str, role: Role) -> str:
    """A new key, never to be seen again.

    Raises:
        Conflict: someone of that name has a key that holds.
    """
    key = PREFIX + secrets.token_urlsafe(32)
    with writing(engine) as connection:
        holds = sa.select(keys.c.sha256).where(keys.c.name == name, keys.c.revoked_epoch_s.is_(None))
        if connection.scalar(holds) is not None:
            raise Conflict(f"{name!r} has a key", remedy="revoke it first, or choose another name")
        connection.execute(
            sa.insert(keys).values(
                sha256=_digest(key),
                name=name,
                role=role.value,
                shown=key[:SHOWN_CHARACTERS],
                created_epoch_s=time.time(),
            )
        )
    return key


def revoke_key(engine: Engine, name: str) -> None:
    """The key of that name holds no more. Raises `NotFound` where there is none."""
    with writing(engine) as connection:
        held = sa.update(keys).where(keys.c.name == name, keys.c.revoked_epoch_s.is_(None))
        if connection.execute(held.values(revoked_epoch_s=time.time())).rowcount == 0:
            raise NotFound(f"{name!r} has no key that holds")


def list_keys(engine: Engine) -> tuple[KeptKey, ...]:
    """All keys ever made, oldest first; revoked ones stay, for their decisions do."""
    columns = (keys.c.name, keys.c.role, keys.c.shown, keys.c.created_epoch_s, keys.c.last_used_epoch_s,
               keys.c.revoked_epoch_s)  # fmt: skip
    with reading(engine) as connection:
        rows = connection.execute(sa.select(*columns).order_by(keys.c.created_epoch_s))
        return tuple(KeptKey(row[0], Role(row[1]), *row[2:]) for row in rows)


def find_holder(engine: Engine, key: str) -> Holder | None:
    """Who holds the key, if it holds; its use is noted once a minute."""
    digest = _digest(key)
    query = sa.select(keys.c.name, keys.c.role, keys.c.last_used_epoch_s).where(
        keys.c.sha256 == digest, keys.c.revoked_epoch_s.is_(None)
    )
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    now = time.time()
    if row.last_used_epoch_s is None or now - row.last_used_epoch_s > USE_NOTED_EVERY_S:
        with writing(engine) as connection:
            connection.execute(sa.update(keys).where(keys.c.sha256 == digest).values(last_used_epoch_s=now))
    return Holder(row.name, Role(row.role))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
