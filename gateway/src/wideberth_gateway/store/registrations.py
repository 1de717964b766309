"""Folders that are being registered: asked for, hashed in the background, done."""

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import NotFound
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.organisations import Sight, Whose
from wideberth_gateway.store.registered_tables import registrations


class RegistrationState(StrEnum):
    """Where it stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Registration:
    """A folder under one of the administrator's roots. `flights_json`: ids of what became of it, once done.
    `organisation_id`: whose the flights are; None where nobody had to sign in."""

    id: str
    root: str
    folder: str
    actor: str
    organisation_id: str | None
    state: RegistrationState
    files_done: int
    files_total: int
    problem_json: str | None
    flights_json: str | None
    created_epoch_s: float


def begin(engine: Engine, root: str, folder: str, whose: Whose) -> Registration:
    """Enter it; durable when this returns."""
    asked = (uuid4().hex, root, folder, whose.name, whose.organisation_id)
    new = Registration(*asked, RegistrationState.RUNNING, 0, 0, None, None, time.time())
    with writing(engine) as connection:
        values = {name: getattr(new, name) for name in Registration.__slots__} | {"state": new.state.value}
        connection.execute(sa.insert(registrations).values(values))
        told = {"root": root, "folder": folder}
        record(connection, actor=whose.name, action="folder.registered", subject=new.id, details=told)
    return new


def find(engine: Engine, registration_id: str, sight: Sight = None) -> Registration:
    """As it stands. Raises `NotFound`, also where somebody of that sight does not see it: a folder has no place."""
    with reading(engine) as connection:
        query = sa.select(registrations).where(registrations.c.id == registration_id)
        row = connection.execute(query).mappings().first()
    if row is None or not _is_seen(row, sight):
        raise NotFound("no registration of that id", where=registration_id, remedy="see POST /v1/folders")
    return _of(row)


def _is_seen(row: "sa.RowMapping", sight: Sight) -> bool:
    if sight is None:
        return True
    ids, owner = sight.organisations, row["organisation_id"]
    theirs = ids is None or owner is None or owner in ids
    return theirs and (sight.areas is None or row["actor"] == sight.name)


def running(engine: Engine) -> tuple[Registration, ...]:
    """Those that have not ended, oldest first."""
    query = sa.select(registrations).where(registrations.c.state == RegistrationState.RUNNING.value)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(registrations.c.created_epoch_s)).mappings()
        return tuple(_of(row) for row in rows)


def note(engine: Engine, registration_id: str, **values: Any) -> None:
    """What is known of it now: files done, its end."""
    with writing(engine) as connection:
        same = registrations.c.id == registration_id
        connection.execute(sa.update(registrations).where(same).values(**values))


def _of(row: "sa.RowMapping") -> Registration:
    return Registration(**(dict(row) | {"state": RegistrationState(row["state"])}))
