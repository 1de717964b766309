"""Finding weights under `models/<name>/<version>/` and making sure they are the ones that were shipped."""

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wideberth_contracts.errors import ModelUnavailable

SUMS = "SHA256SUMS"
ROOT_VARIABLE = "WIDEBERTH_MODELS"


@dataclass(frozen=True, slots=True)
class StoredModel:
    """One version of a model, its files checked.

    Attributes:
        id: `<name>/<version>`.
        folder: where it lies.
        sums: SHA-256 of each file, by name.
    """

    id: str
    folder: Path
    sums: dict[str, str]

    def file(self, *suffixes: str) -> Path | None:
        """The first file with one of the suffixes, tried in order; None where there is none."""
        for suffix in suffixes:
            for name in sorted(self.sums):
                if name.endswith(suffix):
                    return self.folder / name
        return None


def models_root(name: str, given: Path | None = None) -> Path:
    """The folder that holds `<name>/`.

    It is the one given, else the one `WIDEBERTH_MODELS` names, else the first found from this package up: a checkout
    has `models/` at its root, an installed application carries `wideberth_models/` beside its packages.

    Raises:
        ModelUnavailable: no such folder.
    """
    named = given or (Path(os.environ[ROOT_VARIABLE]) if os.environ.get(ROOT_VARIABLE) else None)
    candidates: Iterable[Path] = [named] if named else _beside_this_package()
    for candidate in candidates:
        if (candidate / name).is_dir():
            return candidate
    where = str(named / name) if named else f"models/{name}"
    raise ModelUnavailable("no such folder", where=where, remedy=f"set {ROOT_VARIABLE} to the folder with the weights")


def _beside_this_package() -> list[Path]:
    return [parent / place for parent in Path(__file__).resolve().parents for place in ("models", "wideberth_models")]


def open_model(root: Path, name: str, version: str | None = None) -> StoredModel:
    """One version of a model after every file was compared with its checksum; the newest where none is named.

    Raises:
        ModelUnavailable: nothing there, a file is missing, or one is not what was shipped.
    """
    folder = root / name / (version or _newest(root / name))
    sums = _sums(folder)
    for file, expected in sums.items():
        path = folder / file
        if not path.is_file():
            raise ModelUnavailable("the file is missing", where=str(path), remedy="fetch the weights again")
        with path.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
        if found != expected:
            detail = f"its SHA-256 is {found[:12]}…, {SUMS} says {expected[:12]}…"
            raise ModelUnavailable(detail, where=str(path), remedy="fetch the weights again")
    return StoredModel(f"{name}/{folder.name}", folder, sums)


def _newest(folder: Path) -> str:
    """The highest version in a model's folder."""
    versions = [entry.name for entry in folder.iterdir() if (entry / SUMS).is_file()] if folder.is_dir() else []
    if not versions:
        raise ModelUnavailable(f"no version with a {SUMS}", where=str(folder), remedy="fetch the weights")
    return max(versions, key=lambda version: [int(part) for part in re.findall(r"\d+", version)])


def _sums(folder: Path) -> dict[str, str]:
    """File name to SHA-256, as `sha256sum` writes them."""
    path = folder / SUMS
    if not path.is_file():
        raise ModelUnavailable("the list of checksums is missing", where=str(path), remedy="fetch the weights again")
    sums = {}
    for line in path.read_text("utf-8").splitlines():
        match = re.fullmatch(r"([0-9a-f]{64}) [ *](?:\./)?([^/\\]+)", line.strip())
        if match is None:
            raise ModelUnavailable(f"cannot read the line {line[:80]!r}", where=str(path), remedy="fetch it again")
        sums[match[2]] = match[1]
    return sums
