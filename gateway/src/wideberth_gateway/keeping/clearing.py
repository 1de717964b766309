"""The cache and the store: what lies here alone is put there, and the cache is kept within its bound.

What was used longest ago is cleared first, and only what is surely in the store.
"""

import asyncio
import fcntl
import logging
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from wideberth_contracts.errors import WideberthError
from wideberth_gateway.keeping.shelf import SEAL_FILE, Shelf, copies, lock_path, locked
from wideberth_gateway.store.analyses import State, all_originals, states

CLEAR_EVERY_S = 60.0
GRACE_S = 60.0
"""What was used so lately may be about to be opened."""
ORIGINAL = re.compile(r"[0-9a-f]{64}")
_log = logging.getLogger("wideberth.gateway")


@dataclass(frozen=True, slots=True)
class Cached:
    """Something in the cache: an original, the folder of an analysis, a bag."""

    key: str
    path: Path
    size_bytes: int
    used_epoch_s: float


async def keep_clearing(shelf: Shelf) -> None:
    """Put and clear again and again, until cancelled."""
    moved = False
    while shelf.is_cache:
        try:
            await asyncio.to_thread(put_strays, shelf)
            if not moved:
                await asyncio.to_thread(move_in, shelf)
                moved = True
            await asyncio.to_thread(clear, shelf)
        except (WideberthError, DBAPIError, OSError):
            _log.exception("the cache was not cleared; trying again")
        await asyncio.sleep(CLEAR_EVERY_S)


def put_strays(shelf: Shelf) -> tuple[str, ...]:
    """Originals that lie here and not in the store are put there."""
    there = {stored.key.split("/")[1] for stored in shelf.store.listed("originals/")}
    here = sorted(path.name for path in shelf.folders.originals.iterdir() if ORIGINAL.fullmatch(path.name))
    known = {one.sha256 for one in all_originals(shelf.engine)}
    strays = tuple(sha256 for sha256 in here if sha256 in known and sha256 not in there)
    for sha256 in strays:
        shelf.keep_original(sha256)
    return strays


def move_in(shelf: Shelf) -> tuple[str, ...]:
    """Analyses and bags that lie here and not in the store are put there: what was kept before it was the store."""
    keys = {stored.key for prefix in ("analyses/", "evidence/") for stored in shelf.store.listed(prefix)}
    folders = (path.name for path in (shelf.folders.root / "analyses").iterdir() if (path / "plan.json").is_file())
    analyses = [name for name in sorted(folders) if f"analyses/{name}/plan.json" not in keys]
    for name in analyses:
        shelf.keep_analysis(name)
    bags = [path.name for path in sorted(shelf.folders.evidence.iterdir()) if (path / SEAL_FILE).is_file()]
    new = [name for name in bags if not name.startswith(".") and f"evidence/{name}/{SEAL_FILE}" not in keys]
    for name in new:
        shelf.keep_bag(name)
    return (*(f"analyses/{name}" for name in analyses), *(f"evidence/{name}" for name in new))


def clear(shelf: Shelf) -> tuple[str, ...]:
    """Bring the cache below its bound; the keys of what was cleared. What is in use, or nowhere else, stays."""
    if not shelf.is_cache:
        return ()
    there = sorted(_cached(shelf), key=lambda one: one.used_epoch_s)
    total, cleared = sum(one.size_bytes for one in there), []
    for one in there:
        if total <= shelf.limit_bytes:
            break
        if time.time() - one.used_epoch_s >= GRACE_S and _cleared(shelf, one):
            cleared.append(one.key)
            total -= one.size_bytes
    if total > shelf.limit_bytes:
        _log.warning("the cache holds %d bytes, %d are allowed: the rest is in use", total, shelf.limit_bytes)
    return tuple(cleared)


def _cleared(shelf: Shelf, one: Cached) -> bool:
    try:
        with locked(lock_path(shelf.folders, one.key), fcntl.LOCK_EX | fcntl.LOCK_NB):
            if not _is_in_store(shelf, one):
                return False
            if one.path.is_dir():
                aside = one.path.with_name(f".{one.path.name}.clearing.partial")
                one.path.rename(aside)  # at once: nobody finds half a folder
                shutil.rmtree(aside)
            else:
                one.path.unlink()
            return True
    except BlockingIOError:
        return False


def _is_in_store(shelf: Shelf, one: Cached) -> bool:
    kind, name = one.key.split("/")
    if kind == "originals":
        stored = shelf.store.find(one.key)
        return stored is not None and stored.size_bytes == one.size_bytes
    if kind == "evidence":
        return name in shelf.bags()
    state = states(shelf.engine, (name,)).get(name)
    if state is None or not State(state).ended:
        return False
    there = {stored.key: stored.tag for stored in shelf.store.listed(f"{one.key}/")}
    mine = copies(one.path, shelf.store)
    return mine is not None and all(there.get(f"{one.key}/{name}") == tag for name, tag in mine.items())


def _cached(shelf: Shelf) -> Iterator[Cached]:
    folders = shelf.folders
    for parent in (folders.originals, folders.root / "analyses", folders.evidence):
        for path in parent.iterdir():
            if path.name.startswith("."):
                continue
            files = [path] if path.is_file() else [inside for inside in path.rglob("*") if inside.is_file()]
            key = f"{parent.name}/{path.name}"
            lock = lock_path(folders, key)
            used = lock.stat().st_mtime if lock.exists() else min(path.stat().st_mtime, time.time())
            yield Cached(key, path, sum(file.stat().st_size for file in files), used)
