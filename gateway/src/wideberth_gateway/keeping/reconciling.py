"""Rows and files held against each other, both ways. Nothing is changed: what is found is for a person to decide."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from wideberth_gateway.analyses.folders import STALE_S, Folders
from wideberth_gateway.evidence.verify_bag import Check
from wideberth_gateway.keeping.from_files import ALERTS, JUDGEMENT, PLAN
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.stores import Stored
from wideberth_gateway.store import analyses as store
from wideberth_gateway.store import audit
from wideberth_gateway.store import files as index
from wideberth_gateway.store.analyses import Analysis, State
from wideberth_gateway.store.files import KeptFile
from wideberth_pipeline.segment_file import is_done

MADE_WHEN_DONE = ("analysis.json", "tracks.parquet", "separations.parquet", "encounters.json", JUDGEMENT, ALERTS)
"""Without one of these a finished analysis is not whole."""

PLACES = ("originals", "analyses", "evidence", "staging")
"""Folders below the data folder, in the order in which they are told."""


class Fault(StrEnum):
    """What can be wrong."""

    NO_FILE = "row without file"
    NO_ROW = "file without row"
    ANOTHER_SIZE = "size differs"
    ANOTHER_HASH = "hash differs"
    UNREADABLE = "cannot be read"
    LEFT_OVER = "left over"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that is wrong. `place`: relative to the data folder."""

    fault: Fault
    place: str
    detail: str


def reconcile(shelf: Shelf, *, hashes: bool = False) -> tuple[Found, ...]:
    """Everything that is wrong; none where rows and files agree.

    Args:
        hashes: read every file of the store whole, and compare hashes: about 2 s a gigabyte from a disk.
    """
    there = {
        stored.key: stored
        for prefix in ("originals/", "analyses/", "evidence/")
        for stored in shelf.store.listed(prefix)
    }
    known = {one.key: one for one in index.all_files(shelf.engine)}
    gone = {key for key, one in known.items() if one.gone_epoch_s is not None}
    looking = _Looking(shelf, there, known, gone, hashes)
    found = (*_originals(looking), *_analyses(looking), *_bags(looking), *_index(looking), *_left_over(shelf.folders))
    once = {(one.place, one.fault): one for one in reversed(found)}
    return tuple(sorted(once.values(), key=lambda one: (PLACES.index(one.place.split("/")[0]), one.place, one.fault)))


@dataclass(frozen=True, slots=True)
class _Looking:
    """What is compared: the store's files, the index of them, and which of them retention took away."""

    shelf: Shelf
    there: dict[str, Stored]
    known: dict[str, KeptFile]
    gone: set[str]
    hashes: bool

    def missing(self, key: str) -> bool:
        """True for what should be there and is not."""
        return key not in self.there and key not in self.gone

    def names(self, prefix: str) -> set[str]:
        """What lies below a prefix, by the next part of its key."""
        return {key.split("/")[1] for key in self.there if key.startswith(prefix)}


def _originals(looking: _Looking) -> Iterator[Found]:
    known = {original.sha256: original for original in store.all_originals(looking.shelf.engine)}
    for sha256, original in known.items():
        key = f"originals/{sha256}"
        if looking.missing(key):
            yield Found(Fault.NO_FILE, key, f"{original.name}: send it again")
        elif key in looking.there:
            yield from _same(looking, key, original.size_bytes, sha256, original.name)
    for sha256 in looking.names("originals/") - known.keys():
        yield Found(Fault.NO_ROW, f"originals/{sha256}", "no upload of it is known; rebuild enters it")


def _same(looking: _Looking, key: str, size_bytes: int, sha256: str | None, name: str) -> Iterator[Found]:
    size = looking.there[key].size_bytes
    if size != size_bytes:
        yield Found(Fault.ANOTHER_SIZE, key, f"{name}: {size} bytes, {size_bytes} were kept")
    elif looking.hashes and sha256 is not None and (found := looking.shelf.store.digest(key)) != sha256:
        yield Found(Fault.ANOTHER_HASH, key, f"{name}: its SHA-256 is {found}: the disk or a person altered it")


def _analyses(looking: _Looking) -> Iterator[Found]:
    known = {one.id: one for one in store.all_analyses(looking.shelf.engine)}
    for analysis_id, analysis in known.items():
        plan = f"analyses/{analysis_id}/{PLAN}"
        if looking.missing(plan):
            yield Found(Fault.NO_FILE, plan, f"{analysis.video_name}: ask for it again")
        elif plan in looking.there:
            yield from _segments(looking, analysis)
            yield from _results(looking, analysis)
    for analysis_id in looking.names("analyses/") - known.keys():
        yield Found(Fault.NO_ROW, f"analyses/{analysis_id}", "nobody is known to have asked for it; rebuild enters it")
    folders = (path.name for path in (looking.shelf.folders.root / "analyses").iterdir() if path.is_dir())
    for name in {name for name in folders if not name.startswith(".")} - known.keys() - looking.names("analyses/"):
        yield Found(Fault.NO_ROW, f"analyses/{name}", "an empty folder; delete it")


def _segments(looking: _Looking, analysis: Analysis) -> Iterator[Found]:
    prefix = f"analyses/{analysis.id}/segments/"
    for row in analysis.segments:
        if row.done and row.frames and looking.missing(f"{prefix}{row.position:05d}.parquet"):
            remedy = "the segment is noted as done; resume the analysis"
            yield Found(Fault.NO_FILE, f"{prefix}{row.position:05d}.parquet", remedy)
    planned = {f"{prefix}{row.position:05d}.parquet" for row in analysis.segments}
    mine = [key for key in looking.there if key.startswith(prefix)]
    for key in mine:
        if key not in planned:
            yield Found(Fault.NO_ROW, key, "no such segment was planned")
    if mine and (looking.hashes or not looking.shelf.is_cache):
        with looking.shelf.analysis(analysis.id) as folder:
            for key in planned & set(mine):
                if not is_done(folder / key.removeprefix(f"analyses/{analysis.id}/"), analysis.id):
                    yield Found(Fault.UNREADABLE, key, "no whole segment of this analysis; delete it and resume")


def _results(looking: _Looking, analysis: Analysis) -> Iterator[Found]:
    for name in MADE_WHEN_DONE if analysis.state is State.DONE else ():
        if looking.missing(f"analyses/{analysis.id}/{name}"):
            yield Found(Fault.NO_FILE, f"analyses/{analysis.id}/{name}", "the analysis is done and lacks it")


def _bags(looking: _Looking) -> Iterator[Found]:
    sealed = audit.sealed_bags(looking.shelf.engine)
    there = looking.names("evidence/")
    for name in sealed.keys() - there:
        yield Found(Fault.NO_FILE, f"evidence/{name}", "it was sealed; make it again from the alert")
    for name in there - sealed.keys():
        yield Found(Fault.NO_ROW, f"evidence/{name}", "the audit trail knows of no such bag")
    for name in there & sealed.keys() if looking.hashes else ():
        with looking.shelf.bag(name) as path:
            check = Check(path)
            check.run(sealed[name])
        yield from (Found(Fault.ANOTHER_HASH, f"evidence/{name}", fault) for fault in check.faults)


def _index(looking: _Looking) -> Iterator[Found]:
    """Every file that was ever kept, whatever it is: there as it was, or deleted by a rule and then really gone."""
    for key, one in looking.known.items():
        if key in looking.gone and key in looking.there:
            yield Found(Fault.LEFT_OVER, key, f"deleted by the rule {one.gone_rule}; the next run of retention ends it")
        elif key in looking.gone or key.startswith(("originals/", "evidence/")):
            continue
        elif key not in looking.there:
            yield Found(Fault.NO_FILE, key, "it was kept and is gone; restore it, or ask for the analysis again")
        else:
            yield from _same(looking, key, one.size_bytes, one.sha256, key.rpartition("/")[2])


def _left_over(folders: Folders) -> Iterator[Found]:
    """Half-written files that nobody writes any more. A start of the gateway clears those of uploads and plans."""
    old = time.time() - STALE_S
    hidden = (path for place in PLACES[:3] for path in (folders.root / place).rglob(".*") if "partial" in path.name)
    for path in (*hidden, *folders.staging.iterdir()):
        if path.lstat().st_mtime < old:
            yield Found(Fault.LEFT_OVER, path.relative_to(folders.root).as_posix(), "half-written; delete it")
