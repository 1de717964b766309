"""The database made again: from the journal where there is one, and from the files of analyses for what it lacks."""

from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_contracts.errors import Conflict, WideberthError
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.evidence.chain import Link, first_break
from wideberth_gateway.keeping.from_files import (
    FoundAnalysis,
    analysis_folders,
    original_in,
    read_analysis,
    segments_of,
)
from wideberth_gateway.keeping.journal import read_journal
from wideberth_gateway.keeping.stores import Store
from wideberth_gateway.store import alerts as alert_store
from wideberth_gateway.store import audit, records
from wideberth_gateway.store.analyses import Original, State, analysis_values, segment_values
from wideberth_gateway.store.engine import in_order_of_commit, reading, writing
from wideberth_gateway.store.tables import alerts, analyses, originals, segments
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


def rebuild(engine: Engine, folders: Folders, store: Store) -> Rebuilt:
    """Fill an empty, migrated database.

    Args:
        engine: of that database.
        folders: originals and analyses.
        store: holds the journal.

    Raises:
        Conflict: the database is not empty, or the audit trail of the journal was altered.
        BadInput: a line of the journal cannot be read; nothing is kept then.
    """
    done = Rebuilt()
    _from_journal(engine, store, done)
    for folder in analysis_folders(folders.root):
        try:
            _analysis(engine, folders, folder, done)
        except WideberthError as error:
            done.unreadable.append(str(error))
    _originals(engine, folders, done)
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
        filled = {name: count for name, count in records.counts(connection).items() if count}
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


def _analysis(engine: Engine, folders: Folders, folder: Path, done: Rebuilt) -> None:
    with reading(engine) as connection:
        known = connection.execute(sa.select(analyses.c.state).where(analyses.c.id == folder.name)).first()
    if known is not None:
        if not State(known.state).ended:
            _segments_again(engine, folder)
        return
    found = read_analysis(folder)
    with writing(engine) as connection:
        for name, sha256 in found.originals:
            _original(connection, _named(folders, name, sha256), found.analysis.created_epoch_s, done)
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
        for row in segments_of(load_plan(folder), folder):
            records.put_row(connection, segments, segment_values(folder.name, row))


def _enter(connection: Connection, found: FoundAnalysis) -> None:
    analysis = found.analysis
    records.put_row(connection, analyses, analysis_values(analysis))
    for row in analysis.segments:
        records.put_row(connection, segments, segment_values(analysis.id, row))
    told = {"state": analysis.state.value}
    audit.record(connection, actor=ACTOR, action="analysis.rebuilt", subject=analysis.id, details=told)


def _named(folders: Folders, name: str, sha256: str) -> Original:
    path = folders.original(sha256)
    return original_in(path, name) if path.is_file() else Original(sha256, name, 0)


def _originals(engine: Engine, folders: Folders, done: Rebuilt) -> None:
    """Files that no analysis speaks of: their names are lost, their hashes are their names."""
    for path in sorted(folders.originals.glob("[0-9a-f]*")):
        if path.is_file() and len(path.name) == 64:
            with writing(engine) as connection:
                _original(connection, original_in(path, f"{path.name[:12]}.bin"), path.stat().st_mtime, done)


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
