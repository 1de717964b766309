"""Rules as data: packs, the primitives they are made of, and the judge.

A pack is a YAML file whose every number names its evidence. Nothing here holds a threshold of a law.
"""

from wideberth_gateway.rules.catalogue import list_packs, load_pack
from wideberth_gateway.rules.judge import LocalJudge
from wideberth_gateway.rules.pack import Pack

__all__ = ["LocalJudge", "Pack", "list_packs", "load_pack"]
