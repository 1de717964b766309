"""The page of Wideberth as a folder of files."""

from pathlib import Path


def bundle() -> Path:
    """Folder with `index.html` and its assets, made when this package was built."""
    return Path(__file__).parent / "dist"
