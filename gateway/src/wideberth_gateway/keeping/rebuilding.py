"""The database made again: from the journal where there is one, and from the files of analyses for what it lacks."""

import time
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_contracts.errors import Conflict, WideberthError
from wideberth_gateway.evidence.chain import Link, first_break
from wideberth_gateway.keeping.from_files import FoundAnalysis, given_up_in, read_analysis, segments_of
from wideberth_gateway.keeping.journal import read_journal
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.stores import Store, Stored
from wideberth_gateway.store import alerts as alert_store
from wideberth_gateway.store import audit, records
from wideberth_gateway.store import files as index
from wideberth_gateway.store.analyses import Original, State, analysis_values, segment_values
from wideberth_gateway.store.engine import in_order_of_commit, reading, writing
from wideberth_gateway.store.files import KeptFile
from wideberth_gateway.store.tables import alerts, analyses, originals, segments
from wideberth_gateway.store.trial_tables import trials
from wideberth_gateway.store.trials import given_up_values
from wideberth_pipeline import load_plan

ACTOR = "rebuild"


@dataclass(slots=True)
class Rebuilt:
    """What came back, and what did not.

    Attributes:
        from_journal: entries of the audit trail, each with its rows.
        from_files: by kind, what no journal knew and files still told.
        rows: of each table now.
        lost: what is in no file, by table and what to do.
        unreadable: files that told nothing, with the reason.
    """

    from_journal: int = 0
    from_files: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("original", "analysis", "alert"), 0))
    rows: dict[str, int] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    unreadable: list[str] = field(default_factory=list)


def rebuild(shelf: Shelf) -> Rebuilt:
    """Fill an empty, migrated database.

    Raises:
        Conflict: the database is not empty, or the audit trail of the journal was altered.
        BadInput: a line of the journal cannot be read; nothing is kept then.
    """
    done, engine = Rebuilt(), shelf.engine
    _from_journal(engine, shelf.store, done)
    for analysis_id in sorted({stored.key.split("/")[1] for stored in shelf.store.listed("analyses/")}):
        try:
            with shelf.analysis(analysis_id) as folder:
                _analysis(shelf, folder, done)
        except WideberthError as error:
            done.unreadable.append(str(error))
    _originals(shelf, done)
    _index(shelf)
    with writing(engine) as connection:
        told = {"from_journal": done.from_journal, **done.from_files}
        audit.record(connection, actor=ACTOR, action="database.rebuilt", subject="database", details=told)
        done.rows = records.counts(connection)
    done.lost = _lost(done)
    return done


def _from_journal(engine: Engine, store: Store, done: Rebuilt) -> None:
    """In one transaction: a database half-filled from a journal would look whole."""
    links: list[Link] = []
    with writing(engine) as connection:
        in_order_of_commit(connection)
        filled = {
            name: count
            for name, count in records.counts(connection).items()
            if count and name not in records.FROM_THE_START
        }
        if filled:
            remedy = "move the database aside and start from an empty one"
            told = ", ".join(f"{count} {name}" for name, count in filled.items())
            raise Conflict(f"the database is not empty: {told}", where="database_url", remedy=remedy)
        for record in read_journal(store):
            links.append(record.link)
            records.enter(connection, (record,))
        if (broken := first_break(links)) is not None:
            remedy = "restore the journal from a backup, or move it aside: files then tell what they can"
            raise Conflict(f"the audit trail is broken at entry {broken}", where="journal/", remedy=remedy)
        records.renumber(connection)
    done.from_journal = len(links)


def _analysis(shelf: Shelf, folder: Path, done: Rebuilt) -> None:
    engine = shelf.engine
    with reading(engine) as connection:
        known = connection.execute(sa.select(analyses.c.state).where(analyses.c.id == folder.name)).first()
    if known is not None:
        if not State(known.state).ended:
            _segments_again(engine, folder)
        return
    found = read_analysis(folder)
    with writing(engine) as connection:
        for name, sha256 in found.originals:
            _original(connection, _named(shelf, name, sha256), found.analysis.created_epoch_s, done)
        _enter(connection, found)
        done.from_files["analysis"] += 1
    with reading(engine) as connection:
        told = connection.scalar(sa.select(sa.func.count()).where(alerts.c.analysis_id == found.analysis.id))
    if not told:
        alert_store.publish(engine, found.alerts)
        done.from_files["alert"] += len(found.alerts)


def _segments_again(engine: Engine, folder: Path) -> None:
    """The journal has an analysis as it was asked for; how far it got since, its segment files say."""
    with writing(engine) as connection:
        plan = load_plan(folder)
        for row in segments_of(plan, folder):
            records.put_row(connection, segments, segment_values(folder.name, row))
        for position, reason in given_up_in(plan, folder).items():
            records.put_row(connection, trials, given_up_values(folder.name, position, reason))


def _enter(connection: Connection, found: FoundAnalysis) -> None:
    analysis = found.analysis
    records.put_row(connection, analyses, analysis_values(analysis))
    for row in analysis.segments:
        records.put_row(connection, segments, segment_values(analysis.id, row))
    for position, reason in found.given_up.items():
        records.put_row(connection, trials, given_up_values(analysis.id, position, reason))
    told = {"state": analysis.state.value}
    audit.record(connection, actor=ACTOR, action="analysis.rebuilt", subject=analysis.id, details=told)


def _named(shelf: Shelf, name: str, sha256: str) -> Original:
    stored = shelf.store.find(f"originals/{sha256}")
    return Original(sha256, name, stored.size_bytes if stored else 0)


def _originals(shelf: Shelf, done: Rebuilt) -> None:
    """Files that no analysis speaks of: their names are lost, their hashes are their names."""
    for stored in shelf.store.listed("originals/"):
        sha256 = stored.key.split("/")[1]
        with writing(shelf.engine) as connection:
            _original(connection, Original(sha256, f"{sha256[:12]}.bin", stored.size_bytes), time.time(), done)


def _index(shelf: Shelf) -> None:
    """What the store has is in the index of files again; what it says was deleted stays so."""
    known = {one.key for one in index.all_files(shelf.engine)}
    there = (stored for prefix in ("originals/", "analyses/", "evidence/") for stored in shelf.store.listed(prefix))
    new = [stored for stored in there if stored.key not in known]
    kept = [KeptFile(one.key, one.size_bytes, _hash_in(one), time.time()) for one in new]
    index.enter(shelf.engine, kept)


def _hash_in(stored: Stored) -> str | None:
    """The hash of an original is its name; of others it is read when someone asks."""
    return stored.key.split("/")[1] if stored.key.startswith("originals/") else stored.sha256


def _original(connection: Connection, original: Original, received_epoch_s: float, done: Rebuilt) -> None:
    if connection.scalar(sa.select(originals.c.sha256).where(originals.c.sha256 == original.sha256)) is not None:
        return
    values = {"sha256": original.sha256, "name": original.name, "size_bytes": original.size_bytes}
    connection.execute(sa.insert(originals).values(**values, received_epoch_s=received_epoch_s))
    audit.record(connection, actor=ACTOR, action="original.rebuilt", subject=original.sha256)
    done.from_files["original"] += 1


def _lost(done: Rebuilt) -> tuple[str, ...]:
    lost = [f"{table.name}: in no file; make them again" for table in records.NOT_KEPT]
    if not done.from_journal:
        lost.append("reviews, audit trail, time stamps: there was no journal")
    return tuple(lost)
