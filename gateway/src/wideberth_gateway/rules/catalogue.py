"""The packs that ship with Wideberth, by id."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from wideberth_contracts.errors import BadRulePack
from wideberth_gateway.rules.pack import Pack
from wideberth_gateway.rules.reading_packs import read_pack


def _folder() -> Traversable:
    return files("wideberth_gateway.rules") / "packs"


def list_packs() -> tuple[str, ...]:
    """Ids of all packs, sorted."""
    return tuple(sorted(file.name.removesuffix(".yaml") for file in _folder().iterdir() if file.name.endswith(".yaml")))


def pack_source(pack_id: str) -> bytes:
    """The file of the pack of that id, as it is.

    Raises:
        BadRulePack: for an unknown id.
    """
    if pack_id not in list_packs():
        known = ", ".join(list_packs())
        raise BadRulePack(f"no rule pack named {pack_id!r}", where="rules", remedy=f"use one of: {known}")
    return (_folder() / f"{pack_id}.yaml").read_bytes()


def load_pack(pack_id: str) -> Pack:
    """The pack of that id.

    Raises:
        BadRulePack: for an unknown id, and for a file that does not validate.
    """
    pack = read_pack(pack_source(pack_id), f"packs/{pack_id}.yaml")
    if pack.id != pack_id:
        raise BadRulePack(f"the pack calls itself {pack.id!r}", where=f"packs/{pack_id}.yaml, line 1")
    return pack
