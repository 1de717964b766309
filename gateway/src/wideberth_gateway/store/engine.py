"""One engine for either database, with the settings that make a commit durable."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from wideberth_contracts.errors import BadInput

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another process to finish its transaction."""

APPEND_LOCK = 7_311_865
"""Key of the PostgreSQL advisory lock that keeps numbers of appended rows in the order of their commits."""


def open_engine(url: str) -> Engine:
    """An engine whose commits survive a power cut.

    SQLite: write-ahead log, `synchronous=FULL`, foreign keys held, and a writing transaction takes its lock at the
    start, so that two writers wait for each other instead of failing half-way.

    Raises:
        BadInput: the URL names neither SQLite nor PostgreSQL.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise BadInput("the database URL cannot be read", where="database_url") from error
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    remedy = "use sqlite:///… or postgresql://…"
    raise BadInput(f"no support for {parsed.get_backend_name()}", where="database_url", remedy=remedy)


def _sqlite(url: sa.URL) -> Engine:
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `_begin` does
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes; committed at the end, rolled back on an error."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads; sees one state of the database."""
    with engine.connect() as connection, connection.begin():
        yield connection


def in_order_of_commit(connection: Connection) -> None:
    """After this, rows appended by this transaction get numbers above all those of transactions committed before it.

    A reader that has seen number n can then miss nothing by asking for what is above n. SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(APPEND_LOCK)))
