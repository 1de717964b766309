"""Where kept files lie: a store of whole files by key, such as `originals/<sha256>`. A folder here, or S3."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from wideberth_contracts.errors import BadInput, NotFound
from wideberth_pipeline.durable import write_bytes_whole, write_whole

PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the store. `sha256` where the store knows it; `tag` changes with the content."""

    key: str
    size_bytes: int
    sha256: str | None = None
    tag: str | None = None


class Store(Protocol):
    """Whole files by key. All calls but `pieces` block. A key is `/`-separated, relative, without `..`."""

    @property
    def place(self) -> str:
        """Which store this is: what is noted about copies in one says nothing about another."""
        ...

    def put(self, key: str, path: Path, sha256: str) -> None:
        """The file is there, whole and durable, when this returns."""
        ...

    def put_bytes(self, key: str, content: bytes) -> None:
        """The same for a small file from memory."""
        ...

    def fetch(self, key: str, target: Path) -> None:
        """`target` holds the file, whole, or is as it was. Raises `NotFound`."""
        ...

    def read(self, key: str) -> bytes:
        """A small file. Raises `NotFound`."""
        ...

    def find(self, key: str) -> Stored | None:
        """What is known of that file; None where there is none."""
        ...

    def digest(self, key: str) -> str:
        """SHA-256 of what lies there now, read whole. Raises `NotFound`."""
        ...

    def listed(self, prefix: str) -> Iterator[Stored]:
        """Files whose key begins with `prefix` (ends in `/`), sorted by key."""
        ...

    def delete(self, key: str) -> None:
        """The file is gone; nothing happens where it was not there."""
        ...

    def pieces(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """The bytes [start, stop) of a file, piece by piece."""
        ...


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class FolderStore:
    """A folder: temporary name, fsync, rename, fsync of the folder."""

    root: Path

    @property
    def place(self) -> str:
        """See `Store`."""
        return self.root.resolve().as_uri()

    def path(self, key: str) -> Path:
        """Where a key lies.

        Raises:
            BadInput: the key would leave the folder.
        """
        parts = key.split("/")
        if not all(parts) or any(part in (".", "..") or "\\" in part or "\0" in part for part in parts):
            raise BadInput(f"{key!r} is no key of a store", where="key")
        return self.root.joinpath(*parts)

    def put(self, key: str, path: Path, sha256: str) -> None:
        """Copy, unless it is that very file."""
        target = self.path(key)
        if not (target.exists() and target.samefile(path)):
            write_whole(target, lambda partial: _copy(path, partial))

    def put_bytes(self, key: str, content: bytes) -> None:
        """See `Store`."""
        write_bytes_whole(self.path(key), content)

    def fetch(self, key: str, target: Path) -> None:
        """See `Store`."""
        source = self._there(key)
        if not (target.exists() and target.samefile(source)):
            write_whole(target, lambda partial: _copy(source, partial))

    def read(self, key: str) -> bytes:
        """See `Store`."""
        return self._there(key).read_bytes()

    def find(self, key: str) -> Stored | None:
        """See `Store`."""
        path = self.path(key)
        return self._stored(key, path) if path.is_file() else None

    def digest(self, key: str) -> str:
        """See `Store`."""
        return sha256_of(self._there(key))

    def listed(self, prefix: str) -> Iterator[Stored]:
        """Hidden files are half-written ones, and none of the store's."""
        folder = self.path(prefix.rstrip("/"))
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            inside = path.relative_to(folder)
            if path.is_file() and not any(part.startswith(".") for part in inside.parts):
                yield self._stored(f"{prefix}{inside.as_posix()}", path)

    def delete(self, key: str) -> None:
        """See `Store`."""
        self.path(key).unlink(missing_ok=True)

    async def pieces(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """See `Store`."""
        path = await asyncio.to_thread(self._there, key)
        with await asyncio.to_thread(path.open, "rb") as file:
            await asyncio.to_thread(file.seek, start)
            left = stop - start
            while left > 0 and (piece := await asyncio.to_thread(file.read, min(PIECE_BYTES, left))):
                left -= len(piece)
                yield piece

    def _stored(self, key: str, path: Path) -> Stored:
        facts = path.stat()
        return Stored(key, facts.st_size, None, f"{facts.st_mtime_ns:x}-{facts.st_size:x}")

    def _there(self, key: str) -> Path:
        path = self.path(key)
        if not path.is_file():
            raise NotFound("the store has no such file", where=key)
        return path


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, target.open("wb") as written:
        while piece := read.read(PIECE_BYTES):
            written.write(piece)
