"""What lies on a card or in a folder: recordings and logs. Links are not followed, hidden files are left alone."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from wideberth_contracts.errors import BadInput

VIDEOS = frozenset({".mp4", ".mov", ".m4v", ".mkv", ".avi", ".ts", ".mts"})
LOGS = frozenset({".srt", ".csv", ".txt", ".gpx", ".kml", ".json", ".xlsx", ".log", ".ulg", ".bin"})


def files_of(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Recordings and logs of files and folders, by path; a log in a folder only beside a video of its name.

    Raises:
        BadInput: a path leads nowhere, a folder holds no recording, or what was named is no file.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_symlink():
            raise BadInput("this is a link", where=str(path), remedy="name the file or folder it leads to")
        if path.is_file():
            found[path] = None
        elif path.is_dir():
            found |= dict.fromkeys(_in_folder(path))
        else:
            raise BadInput("there is no such file or folder", where=str(path), remedy="check the path")
    return tuple(found)


def _in_folder(folder: Path) -> Iterator[Path]:
    files = sorted(_walked(folder))
    videos = [file for file in files if file.suffix.lower() in VIDEOS]
    if not videos:
        endings = ", ".join(sorted(VIDEOS))
        raise BadInput(f"no recording in it ({endings})", where=str(folder), remedy="name another folder")
    stems = {(file.parent, file.stem.lower()) for file in videos}
    for file in files:
        is_log = file.suffix.lower() in LOGS and (file.parent, file.stem.lower()) in stems
        if is_log or file.suffix.lower() in VIDEOS:
            yield file


def _walked(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(place) / name
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path
