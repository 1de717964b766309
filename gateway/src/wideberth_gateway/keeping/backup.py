"""A backup: the database as it stood at one moment, then every file it speaks of, each with its hash.

```
manifest.json        version, moment, and size and hash of every file below
gateway.sqlite       by SQLite's online backup; or gateway.pgdump, by pg_dump
jobs.sqlite          of the job runner, where it is SQLite too
files/originals/…  files/analyses/…  files/evidence/…
```

The journal is not in it: it follows from the database and is written anew. A second backup into the same folder copies
only what is not there yet.
"""

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from wideberth_contracts.errors import BadInput, Conflict, NotFound, Unavailable
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.stores import FolderStore, Store, sha256_of
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store import audit
from wideberth_gateway.version import wideberth_version
from wideberth_pipeline.durable import write_text_whole, write_whole

MANIFEST, FILES = "manifest.json", "files"
SQLITE, JOBS, POSTGRESQL = "gateway.sqlite", "jobs.sqlite", "gateway.pgdump"
KINDS = ("originals/", "analyses/", "evidence/")


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What is in a backup now; `copied` of it by this call."""

    files: int
    size_bytes: int
    copied: int


def back_up(shelf: Shelf, settings: GatewaySettings, target: Path, *, files: bool = True) -> BackedUp:
    """Make or renew a backup. The gateway may run meanwhile: rows of the moment have their files, later ones may lack.

    Args:
        target: a folder, new or of an earlier backup; not below the data folder.
        files: False: the database alone, where the store keeps versions of its own.

    Raises:
        Conflict: `target` lies in the data folder, or is something else's.
        Unavailable: there is no `pg_dump`, or it failed.
    """
    _refuse(shelf, target)
    before = {} if not (target / MANIFEST).exists() else read_manifest(target)
    target.mkdir(parents=True, exist_ok=True)
    databases = _databases(settings, target)
    copied, kept = 0, {}
    for stored in (one for kind in KINDS for one in shelf.store.listed(kind)) if files else ():
        path = target / FILES / stored.key
        known = before.get(f"{FILES}/{stored.key}")
        same = known is not None and path.is_file() and known.get("tag") == stored.tag
        if not same:
            shelf.store.fetch(stored.key, path)
            copied += 1
        digest = known["sha256"] if same and known else sha256_of(path)
        kept[f"{FILES}/{stored.key}"] = {"size_bytes": path.stat().st_size, "sha256": digest, "tag": stored.tag}
    entries = {
        name: {"size_bytes": (target / name).stat().st_size, "sha256": sha256_of(target / name)} for name in databases
    }
    _write_manifest(target, entries | kept)
    if files:
        _drop_others(target, kept)
    size = sum(int(str(one["size_bytes"])) for one in (entries | kept).values())
    audit.append(shelf.engine, actor="console", action="backup.made", subject="backup", details={"files": len(kept)})
    return BackedUp(len(kept), size, copied)


def restore(source: Path, settings: GatewaySettings, store: Store) -> int:
    """Bring a backup back into an empty place; how many files. Every hash is compared before anything is written.

    Raises:
        Conflict: there is a database already.
        BadInput: the backup is not whole; names the file.
    """
    manifest = read_manifest(source)
    check(source, manifest)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if SQLITE in manifest:
        _restore_sqlite(source, settings)
    else:
        _restore_postgresql(source, settings)
    names = [name for name in manifest if name.startswith(f"{FILES}/")]
    for name in names:
        store.put(name.removeprefix(f"{FILES}/"), source / name, manifest[name]["sha256"])
    return len(names)


def read_manifest(source: Path) -> dict[str, dict[str, str]]:
    """What a backup should hold, by name.

    Raises:
        NotFound: there is no backup.
        BadInput: its manifest cannot be read.
    """
    path = source / MANIFEST
    if not path.is_file():
        raise NotFound("there is no backup", where=str(source), remedy=f"give the folder that holds {MANIFEST}")
    try:
        files: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))["files"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput("no manifest of a backup", where=str(path), remedy="use another backup") from error
    return files


def check(source: Path, manifest: dict[str, dict[str, str]]) -> None:
    """Every file of a backup is there with its hash.

    Raises:
        BadInput: names the first that is not.
    """
    for name, told in manifest.items():
        path = source / name
        if not path.is_file():
            raise BadInput("the backup lacks this file", where=str(path), remedy="use another backup")
        if sha256_of(path) != told["sha256"]:
            raise BadInput("the file is not the one that was backed up", where=str(path), remedy="use another backup")


def _refuse(shelf: Shelf, target: Path) -> None:
    if shelf.folders.root.resolve() in (target.resolve(), *target.resolve().parents):
        raise Conflict("the backup would lie in what it is of", where=str(target), remedy="choose another disk")
    if target.exists() and not (target / MANIFEST).exists() and any(target.iterdir()):
        raise Conflict("the folder holds something else", where=str(target), remedy="choose a new folder")


def _databases(settings: GatewaySettings, target: Path) -> tuple[str, ...]:
    url = sa.make_url(settings.main_database())
    if url.get_backend_name() == "postgresql":
        _dump(url, target / POSTGRESQL)
        return (POSTGRESQL,)
    made = []
    for name, source in ((SQLITE, url.database), (JOBS, sa.make_url(settings.jobs_database()).database)):
        if source and Path(source).is_file():
            write_whole(target / name, lambda partial, source=source: _copy_sqlite(Path(source), partial))  # type: ignore[misc]
            made.append(name)
    return tuple(made)


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's online backup: one state of the database, whoever writes meanwhile."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
        written.execute("PRAGMA journal_mode=DELETE")


def _restore_sqlite(source: Path, settings: GatewaySettings) -> None:
    for name, url in ((SQLITE, settings.main_database()), (JOBS, settings.jobs_database())):
        path = Path(sa.make_url(url).database or "")
        if not (source / name).is_file():
            continue
        if path.exists():
            remedy = "restore into an empty folder, or move the database aside"
            raise Conflict("there is a database already", where=str(path), remedy=remedy)
        write_whole(path, lambda partial, name=name: _plain_copy(source / name, partial))  # type: ignore[misc]


def _plain_copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)


def _restore_postgresql(source: Path, settings: GatewaySettings) -> None:
    url = sa.make_url(settings.main_database())
    if url.get_backend_name() != "postgresql":
        remedy = "set WIDEBERTH_GATEWAY_DATABASE_URL to an empty database"
        raise BadInput("the backup is of PostgreSQL", where=str(source / POSTGRESQL), remedy=remedy)
    options = ("--exit-on-error", "--single-transaction", "--no-owner")
    _call("pg_restore", url, *options, str(source / POSTGRESQL))


def _dump(url: sa.URL, target: Path) -> None:
    write_whole(target, lambda partial: _call("pg_dump", url, "--format=custom", f"--file={partial}"))


def _call(program: str, url: sa.URL, *arguments: str) -> None:
    """The password goes by the environment: command lines are for everyone to see."""
    bare = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    command = [str(_program(program)), f"--dbname={bare}", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise Unavailable(
            f"{program}: {said[0] if said else done.returncode}", where=url.host, remedy="see its message"
        )


def _program(name: str) -> Path:
    """The program; of several versions the newest, for a dump by an older one is refused by the server."""
    own = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = own[-1] if own else shutil.which(name)
    if found is None:
        raise Unavailable(
            f"{name} is not installed", remedy="install postgresql-client, or dump in the database's container"
        )
    return Path(found)


def _write_manifest(target: Path, files: dict[str, dict[str, object]]) -> None:
    content = {"wideberth_version": wideberth_version(), "made_at": datetime.now(UTC).isoformat(), "files": files}
    write_text_whole(target / MANIFEST, json.dumps(content, indent=1))


def _drop_others(target: Path, kept: dict[str, dict[str, object]]) -> None:
    """What retention deleted must not live on in a renewed backup."""
    folder = FolderStore(target)
    for stored in list(folder.listed(f"{FILES}/")):
        if stored.key not in kept:
            folder.delete(stored.key)
