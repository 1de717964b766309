"""Files that are whole or not there."""

import os
from pathlib import Path
from uuid import uuid4


def write_text_whole(path: Path, text: str) -> None:
    """The file holds the text and is on disk: temporary name, fsync, rename, fsync of the folder."""
    partial = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Renames in that folder are on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
