"""The packs that ship with Wideberth, by id and version.

`packs/kr.yaml` is the version in force; older ones stay as `packs/kr@<version>.yaml`, so that an old verdict can be
made again. A pack of one's own is named by its file.
"""

from collections.abc import Callable
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from wideberth_contracts.errors import BadRulePack
from wideberth_gateway.rules.outlines import Outlines, read_outlines, with_outlines
from wideberth_gateway.rules.pack import Pack
from wideberth_gateway.rules.reading_packs import read_pack

SUFFIX = ".yaml"


def _folder() -> Traversable:
    return files("wideberth_gateway.rules") / "packs"


def _names() -> tuple[str, ...]:
    return tuple(sorted(file.name.removesuffix(SUFFIX) for file in _folder().iterdir() if file.name.endswith(SUFFIX)))


def list_packs() -> tuple[str, ...]:
    """Ids of all packs, sorted."""
    return tuple(name for name in _names() if "@" not in name)


def list_versions(pack_id: str) -> tuple[str, ...]:
    """Versions of a pack, the one in force first; none for an unknown id."""
    if pack_id not in list_packs():
        return ()
    older = [name.split("@", 1)[1] for name in _names() if name.startswith(f"{pack_id}@")]
    return (_read(pack_id).version, *sorted(older, reverse=True))


def pack_source(name: str) -> bytes:
    """The file of that pack and version, as it is.

    Raises:
        BadRulePack: for an unknown id or version.
    """
    return (_folder() / f"{_stem(name)}{SUFFIX}").read_bytes()


def load_pack(name: str) -> Pack:
    """The pack of that id, `kr`, in that version where it is named, `kr@2026.11.1`.

    Raises:
        BadRulePack: for an unknown id or version, and for a file that does not validate.
    """
    return _read(_stem(name))


def load_pack_file(file: Path) -> Pack:
    """A pack of one's own.

    Raises:
        BadRulePack: the file cannot be read or does not validate.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise BadRulePack(reason, where=str(file), remedy="check the path") from error
    return read_pack(content, file.name)


def _stem(name: str) -> str:
    """The file's name without its suffix: that of the version in force bears no version."""
    pack_id, _, version = name.partition("@")
    if pack_id not in list_packs():
        known = ", ".join(list_packs())
        raise BadRulePack(f"no rule pack named {pack_id!r}", where="rules", remedy=f"use one of: {known}")
    if not version or version == _read(pack_id).version:
        return pack_id
    if name not in _names():
        known = ", ".join(list_versions(pack_id))
        raise BadRulePack(f"no version {version!r} of {pack_id}", where="rules", remedy=f"use one of: {known}")
    return name


def _read(stem: str) -> Pack:
    pack = read_pack((_folder() / f"{stem}{SUFFIX}").read_bytes(), f"packs/{stem}{SUFFIX}")
    pack_id, _, version = stem.partition("@")
    if pack.id != pack_id or (version and pack.version != version):
        raise BadRulePack(f"the pack calls itself {pack.name}", where=f"packs/{stem}{SUFFIX}, line 1")
    return pack


def find_pack(name: str) -> Pack:
    """A pack by its name, or by its file where the name ends like one.

    Raises:
        BadRulePack: for an unknown pack, and for a file that does not validate.
    """
    return load_pack_file(Path(name)) if name.endswith((SUFFIX, ".yml")) else load_pack(name)


Packs = Callable[[str], Pack]
"""Finds a pack by its name."""


def packs_with(areas: Path | None, packs: Packs = load_pack) -> Packs:
    """Packs whose areas have the outlines of a folder; the shipped packs as they are without one.

    Args:
        areas: folder of outlines (`outlines`), read once, now.
        packs: finds the packs themselves.

    Raises:
        BadInput: the folder holds something that is no outline.
    """
    outlines = read_outlines(areas)
    return partial(_outlined, packs, outlines)


def _outlined(packs: Packs, outlines: Outlines, name: str) -> Pack:
    """Of the module, not inside a function: what other processes are handed must have a name."""
    return with_outlines(packs(name), outlines)
