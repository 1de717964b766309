"""Files become originals where they lie: hashed, linked to, not copied unless that is asked for."""

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BadInput, Unavailable
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.analyses.receiving import clean_name
from wideberth_gateway.files import sync_folder
from wideberth_gateway.store import analyses as original_store
from wideberth_gateway.store import registered as store
from wideberth_gateway.store.analyses import Original
from wideberth_gateway.store.registered import RegisteredFile

BLOCK_BYTES = 1 << 20
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Registrar:
    """Registers files of this machine.

    Attributes:
        keep: told of every new original; it is in the store when this returns.
    """

    engine: Engine
    folders: Folders
    keep: Callable[[str], None]

    def register(self, path: Path, *, copy: bool = False, report: Report | None = None) -> Original:
        """The original that file is. Blocks for as long as reading it takes.

        Args:
            path: of a plain file; a link is refused.
            copy: into the data folder, for a card that is taken away again.
            report: called with (bytes read, bytes in all).

        Raises:
            BadInput: it is no plain file, empty, cannot be read, or changed meanwhile.
        """
        before = _facts(path)
        sha256 = _hashed(path, before[0], report)
        target = self.folders.original(sha256)
        if not target.is_file():
            if copy:
                _copied(path, target, sha256)
            else:
                _linked(path.absolute(), target)
        if _facts(path) != before:
            raise BadInput("the file changed while it was read", where=str(path), remedy="register it again")
        self.keep(sha256)
        kept = original_store.keep_original(self.engine, Original(sha256, clean_name(path.name), before[0]))
        if target.is_symlink():
            store.enter(self.engine, RegisteredFile(sha256, str(target.readlink()), *before))
        return kept


def check_place(engine: Engine, folders: Folders, sha256: str, name: str) -> None:
    """Nothing where an original lies in the data folder, or unchanged where it was registered. Blocks.

    Raises:
        Unavailable: the place it was registered at is away: a card that was pulled, a share that is not mounted.
        BadInput: another file lies there now.
    """
    path = folders.original(sha256)
    if not path.is_symlink():
        return
    known = store.find(engine, sha256)
    try:
        found = path.stat()
    except OSError as error:
        remedy = "put the card back or mount the folder that it was registered from"
        raise Unavailable("the file is not where it was registered", where=name, remedy=remedy) from error
    if known is not None and (found.st_size, found.st_mtime_ns) != (known.size_bytes, known.changed_ns):
        raise BadInput("the file changed since it was registered", where=name, remedy="register the folder again")


def _facts(path: Path) -> tuple[int, int]:
    if path.is_symlink() or not path.is_file():
        raise BadInput("this is no plain file", where=str(path), remedy="name the file itself")
    found = path.stat()
    if found.st_size == 0:
        raise BadInput("the file is empty", where=str(path), remedy="check the card: the recording may be broken")
    return found.st_size, found.st_mtime_ns


def _hashed(path: Path, size_bytes: int, report: Report | None) -> str:
    digest, done = hashlib.sha256(), 0
    try:
        # A link put in its place since it was looked at is not followed.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise BadInput(error.strerror or "cannot be opened", where=str(path), remedy="check its permissions") from error
    with os.fdopen(handle, "rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            done += len(block)
            if report is not None:
                report(done, size_bytes)
    return digest.hexdigest()


def _linked(path: Path, target: Path) -> None:
    link = target.with_name(f".partial-{uuid4().hex}")
    link.symlink_to(path)
    link.rename(target)
    sync_folder(target.parent)


def _copied(path: Path, target: Path, sha256: str) -> None:
    partial = target.with_name(f".partial-{uuid4().hex}")
    try:
        with path.open("rb") as source, partial.open("wb") as written:
            shutil.copyfileobj(source, written, BLOCK_BYTES)
            written.flush()
            os.fsync(written.fileno())
        with partial.open("rb") as written:
            if hashlib.file_digest(written, "sha256").hexdigest() != sha256:
                raise BadInput("the file changed while it was copied", where=str(path), remedy="register it again")
        partial.chmod(0o444)
        partial.rename(target)
        sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)
