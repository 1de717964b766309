"""Files that are either whole or not there: temporary name, fsync, rename, fsync of the folder."""

import os
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """After this, `path` holds everything `write` put into the path it was given, or is as it was.

    Args:
        path: the final name; its folder is made if missing.
        write: gets a temporary path in the same folder and writes all of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        write(partial)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_text_whole(path: Path, text: str) -> None:
    """`write_whole` for text."""
    write_whole(path, lambda partial: _write_text(partial, text))


def write_bytes_whole(path: Path, content: bytes) -> None:
    """`write_whole` for bytes."""
    write_whole(path, lambda partial: _write_bytes(partial, content))


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
