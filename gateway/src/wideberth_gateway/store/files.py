"""Which files are kept: an index over the store, and what retention took away. The store can tell it again."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.keeping_tables import files
from wideberth_gateway.store.records import put_row


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as kept.

    Attributes:
        key: in the store, such as `analyses/<id>/tracks.parquet`.
        subject: what it belongs to: the key up to its second `/`.
        sha256: None where it was not read yet.
        gone_epoch_s, gone_rule: when and by which rule it was deleted.
    """

    key: str
    size_bytes: int
    sha256: str | None
    kept_epoch_s: float
    gone_epoch_s: float | None = None
    gone_rule: str | None = None

    @property
    def subject(self) -> str:
        """What it belongs to, such as `analyses/<id>`."""
        return "/".join(self.key.split("/")[:2])


def enter(engine: Engine, kept: Iterable[KeptFile]) -> None:
    """These files are kept; in place of what was known of their keys."""
    with writing(engine) as connection:
        for one in kept:
            put_row(connection, files, _row(one))


def of_subjects(engine: Engine, subjects: Iterable[str]) -> tuple[KeptFile, ...]:
    """Files of these subjects, gone ones too, by key."""
    query = sa.select(files).where(files.c.subject.in_(tuple(subjects))).order_by(files.c.key)
    with reading(engine) as connection:
        return tuple(_kept(row) for row in connection.execute(query))


def all_files(engine: Engine) -> tuple[KeptFile, ...]:
    """Everything that is or was kept, by key."""
    with reading(engine) as connection:
        return tuple(_kept(row) for row in connection.execute(sa.select(files).order_by(files.c.key)))


def mark_gone(connection: Connection, one: KeptFile, rule: str) -> None:
    """The file is deleted by that rule; its row stays and says so."""
    gone = KeptFile(one.key, one.size_bytes, one.sha256, one.kept_epoch_s, time.time(), rule)
    put_row(connection, files, _row(gone))


def _row(one: KeptFile) -> dict[str, object]:
    return {
        "key": one.key,
        "subject": one.subject,
        "size_bytes": one.size_bytes,
        "sha256": one.sha256,
        "kept_epoch_s": one.kept_epoch_s,
        "gone_epoch_s": one.gone_epoch_s,
        "gone_rule": one.gone_rule,
    }


def _kept(row: "sa.Row[tuple[object, ...]]") -> KeptFile:
    return KeptFile(row.key, row.size_bytes, row.sha256, row.kept_epoch_s, row.gone_epoch_s, row.gone_rule)
