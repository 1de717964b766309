"""Files between the store and the stages: those need paths, so what they work on is brought here and kept there.

Where the data folder is the store itself, nothing is copied. Else the data folder is a cache: an original or an
analysis that is in use is held by a shared lock, one that is not may be cleared once it is surely in the store.
"""

import asyncio
import fcntl
import json
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import NotFound
from wideberth_gateway.analyses.folders import Folders, is_result
from wideberth_gateway.keeping.stores import FolderStore, Store, sha256_of
from wideberth_gateway.store import files as index
from wideberth_gateway.store.files import KeptFile
from wideberth_pipeline.durable import write_text_whole

KEPT = ".kept.json"
"""In a folder of the cache: which store, and by name the tag of its copy and the size and time of ours."""

SEAL_FILE = "tagmanifest-sha256.txt"
"""Put last: a bag is in the store once this is."""

T = TypeVar("T")
Known = dict[str, tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Brings and keeps.

    Attributes:
        limit_bytes: of the cache; meaningless where the data folder is the store.
    """

    engine: Engine
    folders: Folders
    store: Store
    limit_bytes: int

    @property
    def is_cache(self) -> bool:
        """False where the data folder is the store itself."""
        return not (isinstance(self.store, FolderStore) and self.store.root.resolve() == self.folders.root.resolve())

    @contextmanager
    def original(self, sha256: str) -> Iterator[Path]:
        """The original lies here for as long as the block lasts. A path where nothing lies, if it was never sent."""
        path = self.folders.original(sha256)
        if not self.is_cache:
            yield path
            return
        with self._using(f"originals/{sha256}", lambda: self._bring_original(sha256, path)):
            yield path

    @contextmanager
    def analysis(self, analysis_id: str, only: Callable[[str], bool] = lambda _: True) -> Iterator[Path]:
        """The folder of an analysis with the store's files in it.

        Args:
            only: told a name such as `segments/00000.parquet`; False leaves that file away.
        """
        folder = self.folders.analysis(analysis_id)
        if not self.is_cache:
            yield folder
            return
        key = f"analyses/{analysis_id}"
        with self._using(key, lambda: self._bring_folder(key, folder, only)):
            yield folder

    @contextmanager
    def bag(self, name: str) -> Iterator[Path]:
        """The bag of that name, whole."""
        path = self.folders.evidence / name
        if not self.is_cache:
            yield path
            return
        with self._using(f"evidence/{name}", lambda: self._bring_bag(name, path)):
            yield path

    def keep_original(self, sha256: str) -> None:
        """The original is in the store, and the index says so."""
        self._put({f"originals/{sha256}": self.folders.original(sha256)}, {f"originals/{sha256}": sha256})

    def keep_analysis(self, analysis_id: str) -> None:
        """What is new in the folder of an analysis is in the store; its plan last of all."""
        folder, key = self.folders.analysis(analysis_id), f"analyses/{analysis_id}"
        with self._changing(key):
            known = _known(folder, self.store)
            new = {
                path.relative_to(folder).as_posix(): path
                for path in sorted(folder.rglob("*"), key=lambda path: (path.name == "plan.json", path))
                if path.is_file() and not path.name.startswith(".")
            }
            new = {name: path for name, path in new.items() if name not in known or known[name][1:] != _facts(path)}
            self._put({f"{key}/{name}": path for name, path in new.items()}, {})
            for name, path in new.items():
                stored = self.store.find(f"{key}/{name}")
                known[name] = (stored.tag or "" if stored else "", *_facts(path))
            _note(folder, self.store, known)

    def keep_bag(self, name: str) -> None:
        """The bag is in the store."""
        folder = self.folders.evidence / name
        paths = sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.name == SEAL_FILE)
        self._put({f"evidence/{name}/{path.relative_to(folder).as_posix()}": path for path in paths}, {})

    def results(self, analysis_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Names of the files that analyses hand out, sorted, by analysis."""
        ids = tuple(analysis_ids)
        if not self.is_cache:
            return {one: self.folders.results(one) for one in ids}
        found: dict[str, list[str]] = {one: [] for one in ids}
        for kept in index.of_subjects(self.engine, [f"analyses/{one}" for one in ids]):
            _, analysis_id, name = kept.key.split("/", 2)
            if kept.gone_epoch_s is None and is_result(name):
                found[analysis_id].append(name)
        return {one: tuple(sorted(names)) for one, names in found.items()}

    def noted_use(self, key: str) -> None:
        """What is handed out now is not cleared in the next minute."""
        if self.is_cache:
            path = lock_path(self.folders, key)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

    def bags(self) -> tuple[str, ...]:
        """Names of all bags, sorted."""
        if not self.is_cache:
            found = (path for path in self.folders.evidence.iterdir() if path.is_dir() and path.name[:1] != ".")
            return tuple(sorted(path.name for path in found))
        keys = (stored.key.split("/") for stored in self.store.listed("evidence/"))
        return tuple(sorted(key[1] for key in keys if key[2:] == [SEAL_FILE]))

    def _put(self, paths: dict[str, Path], hashes: dict[str, str]) -> None:
        kept = []
        for key, path in paths.items():
            sha256 = hashes.get(key) or sha256_of(path)
            self.store.put(key, path, sha256)
            kept.append(KeptFile(key, path.stat().st_size, sha256, time.time()))
        if kept:
            index.enter(self.engine, kept)

    def _bring_original(self, sha256: str, path: Path) -> None:
        if path.is_file():
            return
        try:
            self.store.fetch(f"originals/{sha256}", path)
        except NotFound:
            return  # whoever asked for it says better what is missing
        path.chmod(0o444)

    def _bring_folder(self, key: str, folder: Path, only: Callable[[str], bool]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        known = _known(folder, self.store)
        for stored in self.store.listed(f"{key}/"):
            name, path = stored.key.removeprefix(f"{key}/"), folder / stored.key.removeprefix(f"{key}/")
            mine = known.get(name)
            ours_is_newer = path.is_file() and (mine is None or mine[1:] != _facts(path))
            if not only(name) or ours_is_newer or (path.is_file() and mine is not None and mine[0] == stored.tag):
                continue
            self.store.fetch(stored.key, path)
            known[name] = (stored.tag or "", *_facts(path))
        _note(folder, self.store, known)

    def _bring_bag(self, name: str, path: Path) -> None:
        if path.is_dir() or self.store.find(f"evidence/{name}/{SEAL_FILE}") is None:
            return
        staged = path.with_name(f".{name}.bringing.partial")
        shutil.rmtree(staged, ignore_errors=True)
        for stored in self.store.listed(f"evidence/{name}/"):
            part = staged / stored.key.removeprefix(f"evidence/{name}/")
            self.store.fetch(stored.key, part)
            part.chmod(0o444)
        staged.rename(path)

    @contextmanager
    def _using(self, key: str, bring: Callable[[], None]) -> Iterator[None]:
        """Brought, and not cleared away before the end of the block."""
        with locked(lock_path(self.folders, key), fcntl.LOCK_SH):
            with self._changing(key):
                bring()
            yield

    def _changing(self, key: str) -> AbstractContextManager[None]:
        """Others of this machine neither bring nor keep the same meanwhile; they may well use it."""
        return locked(lock_path(self.folders, key).with_suffix(".change"), fcntl.LOCK_EX)


@contextmanager
def locked(path: Path, how: int) -> Iterator[None]:
    """A lock between processes and threads of this machine; it goes with the process, however that ends.

    Raises:
        BlockingIOError: `how` has `LOCK_NB`, and someone else holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        fcntl.flock(file, how)
        path.touch()
        yield


@asynccontextmanager
async def in_threads(block: AbstractContextManager[T]) -> AsyncIterator[T]:
    """A blocking context, entered and left in threads."""
    entered = await asyncio.to_thread(block.__enter__)
    try:
        yield entered
    finally:
        await asyncio.to_thread(block.__exit__, None, None, None)


def lock_path(folders: Folders, key: str) -> Path:
    """The lock of an original, an analysis or a bag; its time is when it was last used."""
    return folders.root / "locks" / f"{key.replace('/', '.')}.lock"


def copies(folder: Path, store: Store) -> dict[str, str] | None:
    """By name, the tag of the store's copy of each file in a folder of the cache; None where one has no such copy."""
    known, found = _known(folder, store), {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name == KEPT:
            continue
        if name not in known or known[name][1:] != _facts(path):
            return None
        found[name] = known[name][0]
    return found


def _facts(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns


def _known(folder: Path, store: Store) -> Known:
    try:
        content = json.loads((folder / KEPT).read_text(encoding="utf-8"))
        noted = content["files"] if content["store"] == store.place else {}
        return {name: (tag, size, at) for name, (tag, size, at) in noted.items()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # then everything is compared, or put, once more


def _note(folder: Path, store: Store, known: Known) -> None:
    write_text_whole(folder / KEPT, json.dumps({"store": store.place, "files": known}))
