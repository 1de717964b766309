"""One hash over many, and short proofs that one of them is under it: the tree of RFC 6962, section 2.1."""

import hashlib
from collections.abc import Sequence

from wideberth_gateway.evidence.verify_bag import merkle_leaf, merkle_node

Step = tuple[str, str]
"""Side on which the sibling stands, `left` or `right`, and its hash in hexadecimal."""


def merkle_root(contents: Sequence[bytes]) -> bytes:
    """The root over these contents, in their order; 32 bytes."""
    if not contents:
        return hashlib.sha256(b"").digest()
    if len(contents) == 1:
        return merkle_leaf(contents[0])
    split = _split(len(contents))
    return merkle_node(merkle_root(contents[:split]), merkle_root(contents[split:]))


def merkle_path(contents: Sequence[bytes], index: int) -> tuple[Step, ...]:
    """The path of one content, from its leaf up; `verify_bag.merkle_root_from` leads along it to the root."""
    if len(contents) == 1:
        return ()
    split = _split(len(contents))
    if index < split:
        return (*merkle_path(contents[:split], index), ("right", merkle_root(contents[split:]).hex()))
    return (*merkle_path(contents[split:], index - split), ("left", merkle_root(contents[:split]).hex()))


def _split(count: int) -> int:
    """The largest power of two below `count`, which is 2 or more."""
    return 1 << (count - 1).bit_length() - 1
