"""Files that are whole or not there."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Renames in that folder are on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
