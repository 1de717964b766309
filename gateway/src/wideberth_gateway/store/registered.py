"""Originals that were registered where they lie, not copied: which file it is, and how it looked then."""

import time
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.registered_tables import registered


@dataclass(frozen=True, slots=True)
class RegisteredFile:
    """A file elsewhere. It is taken for the one that was hashed while size and time of last change are the same."""

    sha256: str
    path: str
    size_bytes: int
    changed_ns: int


def enter(engine: Engine, file: RegisteredFile) -> None:
    """The original lies there from now on; a new place takes that of an older one."""
    with writing(engine) as connection:
        connection.execute(sa.delete(registered).where(registered.c.sha256 == file.sha256))
        values = {name: getattr(file, name) for name in RegisteredFile.__slots__}
        connection.execute(sa.insert(registered).values(**values, registered_epoch_s=time.time()))


def find(engine: Engine, sha256: str) -> RegisteredFile | None:
    """Where that original lies; None where it was not registered."""
    query = sa.select(*(registered.c[name] for name in RegisteredFile.__slots__))
    with reading(engine) as connection:
        row = connection.execute(query.where(registered.c.sha256 == sha256)).mappings().first()
    return RegisteredFile(**row) if row else None
