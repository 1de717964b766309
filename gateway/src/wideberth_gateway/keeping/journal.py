"""The journal: the audit trail with the rows it tells of, in files, so that a lost database can be made again.

`journal/<first sequence, 12 digits>.jsonl`, one line an entry (`store.records.Record`). The newest page is written
anew, whole, until it is full; then the next one begins. Full pages never change.
"""

import asyncio
import fcntl
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_contracts.errors import BadInput, Conflict, WideberthError
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.stores import Store
from wideberth_gateway.store import records
from wideberth_gateway.store.engine import reading
from wideberth_gateway.store.records import Record

PREFIX = "journal/"
PAGE_ENTRIES = 1000
PAGE_BYTES = 1 << 20
ENTRIES_AT_ONCE = 200
LOOK_EVERY_S = 0.5
JOURNAL_LOCK = 7_311_866
"""Key of the PostgreSQL advisory lock: one process at a time writes pages."""

_log = logging.getLogger("wideberth.gateway")


@dataclass(slots=True)
class Journal:
    """Writes what the database has and the pages have not.

    Attributes:
        lock: a file; on SQLite it keeps a second process of this machine from writing the same page.
    """

    engine: Engine
    store: Store
    lock: Path
    _written: int = field(default=-1)

    @property
    def written(self) -> int:
        """Place of the last entry known to be in a page."""
        return max(0, self._written)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Journal"]:
        """Writes until the end of the block, and what is left at its end."""
        task = asyncio.create_task(self._keep_writing())
        try:
            yield self
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await asyncio.to_thread(self.catch_up)

    def catch_up(self) -> int:
        """All entries of now are in pages; how many were written. Nothing is written while another process does."""
        written = 0
        while records.last_sequence(self.engine) > self._written:
            count = self._round()
            if not count:
                break
            written += count
        return written

    def forget(self, ids: Mapping[str, str]) -> int:
        """Rows of these ids, by table, are in no page any more; how many were. Entries stay, and so does the chain."""
        while True:
            with reading(self.engine) as connection, self._alone(connection) as alone:
                if alone:
                    return sum(self._forget_in(stored.key, ids) for stored in list(self.store.listed(PREFIX)))
            time.sleep(LOOK_EVERY_S)  # another process writes a page

    def _forget_in(self, key: str, ids: Mapping[str, str]) -> int:
        lines = [json.loads(line) for line in self.store.read(key).decode().splitlines()]
        kept = [line | {"rows": [row for row in line["rows"] if ids.get(row[0]) != row[1].get("id")]} for line in lines]
        gone = sum(len(line["rows"]) for line in lines) - sum(len(line["rows"]) for line in kept)
        if gone:
            text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in kept)
            self.store.put_bytes(key, text.encode())
        return gone

    async def _keep_writing(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self.catch_up)
            except (WideberthError, sa.exc.DBAPIError, OSError) as error:
                _log.error("the journal waits: %s", error)
            await asyncio.sleep(LOOK_EVERY_S)

    def _round(self) -> int:
        with reading(self.engine) as connection, self._alone(connection) as alone:
            if not alone:
                return 0
            first, lines = last_page(self.store)
            last = first + len(lines) - 1
            self._refuse_another(connection, last, lines)
            new = records.records_after(connection, last, ENTRIES_AT_ONCE)
            self._written = last
            for record in new:
                text = json.dumps(record.as_json(), ensure_ascii=False, separators=(",", ":"))
                if lines and (len(lines) >= PAGE_ENTRIES or sum(map(len, lines)) + len(text) > PAGE_BYTES):
                    self._put(first, lines)
                    first, lines = record.link.sequence, []
                lines.append(text)
                last = record.link.sequence
            if new:
                self._put(first, lines)
            self._written = last
            return len(new)

    def _refuse_another(self, connection: Connection, last: int, lines: list[str]) -> None:
        """A journal goes on with the database it is of, and with no other: not with an old copy of it either."""
        if lines and records.hash_at(connection, last) != json.loads(lines[-1])["link"]["hash"]:
            remedy = "rebuild the database from the journal (wideberth rebuild), or move the journal aside"
            raise Conflict("the journal is of another database, or ahead of this one", where=PREFIX, remedy=remedy)

    def _put(self, first: int, lines: list[str]) -> None:
        self.store.put_bytes(page_key(first), "".join(f"{line}\n" for line in lines).encode())

    @contextmanager
    def _alone(self, connection: Connection) -> Iterator[bool]:
        if connection.dialect.name == "postgresql":
            yield bool(connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(JOURNAL_LOCK))))
            return
        with self.lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True


def journal_of(shelf: Shelf) -> Journal:
    """The journal of what that shelf keeps."""
    return Journal(shelf.engine, shelf.store, shelf.folders.root / "journal.lock")


def page_key(first: int) -> str:
    """Where the page that begins with that entry lies."""
    return f"{PREFIX}{first:012d}.jsonl"


def last_page(store: Store) -> tuple[int, list[str]]:
    """First sequence and lines of the newest page; 1 and none before the first."""
    keys = [stored.key for stored in store.listed(PREFIX)]
    if not keys:
        return 1, []
    first = int(keys[-1].removeprefix(PREFIX).split(".")[0])
    return first, store.read(keys[-1]).decode().splitlines()


def read_journal(store: Store) -> Iterator[Record]:
    """All records, in order.

    Raises:
        BadInput: a line cannot be read; names page and line.
    """
    for stored in store.listed(PREFIX):
        for number, line in enumerate(store.read(stored.key).decode().splitlines(), start=1):
            try:
                yield Record.of(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                remedy = "restore the page from a backup, or move it and those behind it aside: the files remain"
                raise BadInput("this is no record", where=f"{stored.key}, line {number}", remedy=remedy) from error
