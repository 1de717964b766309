"""A folder of evidence becomes a BagIt 1.0 bag (RFC 8493): hashed, described, read-only, whole or not there."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from wideberth_contracts.errors import BadInput, Conflict
from wideberth_gateway.evidence.verify_bag import (
    ALGORITHMS,
    BAGIT,
    STAMP,
    Hashes,
    files_of,
    hashes_of,
    is_payload,
    manifest_text,
)
from wideberth_gateway.files import sync_folder

VERIFIER = "verify.py"
READ_ONLY = 0o444
FORBIDDEN_IN_NAMES = frozenset('\r\n%\\:*?"<>|')
"""Line ends and per cent would need encoding in a manifest (RFC 8493, 2.1.3); the others no Windows disk takes."""

Stamp = Callable[[bytes], bytes | None]
"""An RFC 3161 answer about these bytes, or None where there is none to be had now."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A finished bag.

    Attributes:
        seal: SHA-256 of its tag manifest: whoever knows it knows every byte of the bag.
        manifest_sha256: of the payload manifest; what a time stamp is about.
    """

    path: Path
    seal: str
    manifest_sha256: str
    files: int
    size_bytes: int
    stamped: bool


def seal_bag(staged: Path, target: Path, info: Mapping[str, str], stamp: Stamp) -> Sealed:
    """The staged folder, which holds `data/`, becomes the bag `target`.

    Args:
        staged: on the same disk as `target`; is moved.
        info: lines of `bag-info.txt`, in order; `Payload-Oxum` is added.
        stamp: asked once, about the payload manifest.

    Raises:
        Conflict: `target` exists.
        BadInput: a name in the bag, or a line of `info`, cannot be written down.
    """
    if target.exists():
        raise Conflict(
            "there is such a bag already", where=str(target), remedy="choose another --out, or keep that one"
        )
    payload = _hashed(staged)
    sizes = [(staged / name).stat().st_size for name in payload]
    manifests = [
        _write(staged, f"manifest-{name}.txt", manifest_text(payload, at)) for at, name in enumerate(ALGORITHMS)
    ]
    lines = {**info, "Payload-Oxum": f"{sum(sizes)}.{len(sizes)}"}
    _write(staged, "bagit.txt", BAGIT)
    _write(staged, "bag-info.txt", _info(lines))
    _write(staged, VERIFIER, files("wideberth_gateway.evidence").joinpath("verify_bag.py").read_bytes())
    answer = stamp(manifests[0].read_bytes())
    if answer is not None:
        _write(staged, STAMP, answer)
    names, _ = files_of(staged)
    tags = {name: hashes_of(staged / name)[0] for name in names if not is_payload(name)}
    for at, algorithm in enumerate(ALGORITHMS):
        _write(staged, f"tagmanifest-{algorithm}.txt", manifest_text(tags, at))
    _settle(staged, target)
    return sealed_at(target)


def sealed_at(bag: Path) -> Sealed:
    """What is known of a bag that is there; it is not checked."""
    names, _ = files_of(bag)
    return Sealed(
        path=bag,
        seal=hashes_of(bag / "tagmanifest-sha256.txt")[0][0],
        manifest_sha256=hashes_of(bag / "manifest-sha256.txt")[0][0],
        files=len(names),
        size_bytes=sum((bag / name).stat().st_size for name in names),
        stamped=STAMP in names,
    )


def refuse_another(target: Path) -> None:
    """A bag is never made over another.

    Raises:
        Conflict: `target` exists.
    """
    if target.exists():
        raise Conflict(
            "there is such a bag already", where=str(target), remedy="choose another --out, or keep that one"
        )


def discard(folder: Path) -> None:
    """A staged folder that became no bag is gone."""
    shutil.rmtree(folder, ignore_errors=True)


def _hashed(staged: Path) -> Hashes:
    names, strange = files_of(staged)
    payload = [name for name in names if is_payload(name)]
    outside = [name for name in names if not is_payload(name)]
    if strange or outside or not payload:
        what = (strange or outside or ["data"])[0]
        raise BadInput("a bag is made of plain files under data/", where=str(staged / what))
    for name in payload:
        if FORBIDDEN_IN_NAMES & set(name):
            remedy = 'rename the file without line ends and % \\ : * ? " < > |'
            raise BadInput("the name cannot be in a manifest", where=name, remedy=remedy)
    return {name: hashes_of(staged / name)[0] for name in payload}


def _info(lines: Mapping[str, str]) -> bytes:
    for label, text in lines.items():
        if "\n" in text or "\r" in text or not text.strip():
            raise BadInput("is empty or has a line end in it", where=f"bag-info.txt, {label}")
    return "".join(f"{label}: {text}\n" for label, text in lines.items()).encode("utf-8")


def _write(staged: Path, name: str, content: bytes) -> Path:
    path = staged / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _settle(staged: Path, target: Path) -> None:
    """Everything is on disk and read-only before the bag gets its name."""
    names, _ = files_of(staged)
    for name in names:
        path = staged / name
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        path.chmod(READ_ONLY)
    for folder in sorted({(staged / name).parent for name in names}, reverse=True):
        sync_folder(folder)
    try:
        staged.rename(target)
    except OSError as error:
        raise Conflict("another process made this bag meanwhile", where=str(target), remedy="use that one") from error
    sync_folder(target.parent)
