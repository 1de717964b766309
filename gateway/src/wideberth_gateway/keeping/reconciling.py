"""Rows and files held against each other, both ways. Nothing is changed: what is found is for a person to decide."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.engine import Engine

from wideberth_gateway.analyses.folders import STALE_S, Folders
from wideberth_gateway.evidence.verify_bag import Check
from wideberth_gateway.keeping.from_files import ALERTS, JUDGEMENT, PLAN, analysis_folders
from wideberth_gateway.keeping.stores import sha256_of
from wideberth_gateway.store import analyses as store
from wideberth_gateway.store import audit
from wideberth_gateway.store.analyses import Analysis, Original, State
from wideberth_pipeline import load_plan
from wideberth_pipeline.segment_file import is_done, segment_path

MADE_WHEN_DONE = ("analysis.json", "tracks.parquet", "separations.parquet", "encounters.json", JUDGEMENT, ALERTS)
"""Without one of these a finished analysis is not whole."""

SHA256_DIGITS = 64


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


def reconcile(engine: Engine, folders: Folders, *, hashes: bool = False) -> tuple[Found, ...]:
    """Everything that is wrong; none where rows and files agree.

    Args:
        hashes: read every original and every bag whole, and compare hashes: about 2 s a gigabyte.
    """
    return (
        *_originals(engine, folders, hashes=hashes),
        *_analyses(engine, folders),
        *_bags(engine, folders, hashes=hashes),
        *_left_over(folders),
    )


def _originals(engine: Engine, folders: Folders, *, hashes: bool) -> Iterator[Found]:
    known = {original.sha256: original for original in store.all_originals(engine)}
    for sha256, original in sorted(known.items()):
        path = folders.original(sha256)
        if not path.is_file():
            yield Found(Fault.NO_FILE, f"originals/{sha256}", f"{original.name}: send it again")
        else:
            yield from _same(path, original, hashes=hashes)
    for path in sorted(folders.originals.iterdir()):
        if not path.name.startswith(".") and path.name not in known:
            yield Found(Fault.NO_ROW, f"originals/{path.name}", "no upload of it is known; rebuild enters it")


def _same(path: Path, original: Original, *, hashes: bool) -> Iterator[Found]:
    place, size = f"originals/{original.sha256}", path.stat().st_size
    if size != original.size_bytes:
        yield Found(Fault.ANOTHER_SIZE, place, f"{size} bytes, {original.size_bytes} were received")
    elif hashes and (found := sha256_of(path)) != original.sha256:
        yield Found(Fault.ANOTHER_HASH, place, f"its SHA-256 is {found}: the disk or a person altered {original.name}")


def _analyses(engine: Engine, folders: Folders) -> Iterator[Found]:
    known = {one.id: one for one in store.all_analyses(engine)}
    for analysis_id, analysis in sorted(known.items()):
        folder = folders.analysis(analysis_id)
        if not (folder / PLAN).is_file():
            yield Found(Fault.NO_FILE, f"analyses/{analysis_id}/{PLAN}", f"{analysis.video_name}: ask for it again")
        else:
            yield from _segments(folder, analysis)
            yield from _results(folder, analysis)
    for folder in analysis_folders(folders.root):
        if folder.name not in known:
            yield Found(Fault.NO_ROW, f"analyses/{folder.name}", "nobody is known to have asked for it; rebuild it")


def _segments(folder: Path, analysis: Analysis) -> Iterator[Found]:
    try:
        plan = load_plan(folder)
    except (OSError, ValidationError):
        remedy = "made by another version, or damaged; ask for the analysis again"
        yield Found(Fault.UNREADABLE, f"analyses/{analysis.id}/{PLAN}", remedy)
        return
    done = {row.position: row.done for row in analysis.segments}
    for span in plan.spans:
        path = segment_path(folder, span)
        place = f"analyses/{analysis.id}/segments/{path.name}"
        if done.get(span.index) and span.frames and not path.is_file():
            yield Found(Fault.NO_FILE, place, "the segment is noted as done; resume the analysis")
        elif path.is_file() and not is_done(path, plan.analysis_id):
            yield Found(Fault.UNREADABLE, place, "no whole segment of this analysis; delete it and resume")
    for path in sorted((folder / "segments").glob("*.parquet")):
        if path.stem not in {f"{span.index:05d}" for span in plan.spans}:
            yield Found(Fault.NO_ROW, f"analyses/{analysis.id}/segments/{path.name}", "no such segment was planned")


def _results(folder: Path, analysis: Analysis) -> Iterator[Found]:
    for name in MADE_WHEN_DONE if analysis.state is State.DONE else ():
        if not (folder / name).is_file():
            yield Found(Fault.NO_FILE, f"analyses/{analysis.id}/{name}", "the analysis is done and lacks it")


def _bags(engine: Engine, folders: Folders, *, hashes: bool) -> Iterator[Found]:
    sealed = audit.sealed_bags(engine)
    for name in sorted(sealed):
        if not (folders.evidence / name).is_dir():
            yield Found(Fault.NO_FILE, f"evidence/{name}", "it was sealed; make it again from the alert")
    for path in sorted(folders.evidence.iterdir()):
        if path.name.startswith("."):
            continue
        if path.name not in sealed:
            yield Found(Fault.NO_ROW, f"evidence/{path.name}", "the audit trail knows of no such bag")
        elif hashes:
            check = Check(path)
            check.run(sealed[path.name])
            yield from (Found(Fault.ANOTHER_HASH, f"evidence/{path.name}", fault) for fault in check.faults)


def _left_over(folders: Folders) -> Iterator[Found]:
    """Half-written files that nobody writes any more. A start of the gateway clears those of uploads and plans."""
    old = time.time() - STALE_S
    hidden = (path for path in folders.root.rglob(".*") if "partial" in path.name)
    for path in sorted((*hidden, *folders.staging.iterdir())):
        if path.lstat().st_mtime < old:
            yield Found(Fault.LEFT_OVER, path.relative_to(folders.root).as_posix(), "half-written; delete it")
