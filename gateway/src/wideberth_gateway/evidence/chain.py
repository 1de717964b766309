"""The audit trail as a chain: each entry's hash covers the one before it, so that none can be changed or left out.

The rules of the chain stand in `verify_bag`, which every bag carries; here they get types.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from wideberth_gateway.evidence.verify_bag import NOTHING, chained

Details = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class Link:
    """One entry in its place.

    Attributes:
        entry: `sequence`, `at` (ISO 8601, UTC), `actor`, `action`, `subject`, `details`.
        previous, hash: of the entry before and of this one, hexadecimal.
    """

    entry: dict[str, Any]
    previous: str
    hash: str

    @property
    def sequence(self) -> int:
        """Place in the trail, from 1."""
        return int(self.entry["sequence"])

    @property
    def day(self) -> str:
        """Date in UTC."""
        return str(self.entry["at"])[:10]


def next_link(last: Link | None, *, at: datetime, actor: str, action: str, subject: str, details: Details) -> Link:
    """The entry that follows `last`.

    Args:
        actor: what or who did it: a part of the program, or an account.
        action: `<noun>.<verb>`, such as `bag.sealed`.
        subject: id of what it was done to.
        details: text and whole numbers; fractions are written as text.
    """
    previous = last.hash if last else NOTHING
    entry: dict[str, Any] = {
        "sequence": last.sequence + 1 if last else 1,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor,
        "action": action,
        "subject": subject,
        "details": dict(details),
    }
    return Link(entry, previous, chained(previous, entry))


def first_break(links: Iterable[Link]) -> int | None:
    """Sequence of the first link that is altered or does not follow; None where the chain is whole from its start."""
    previous, expected = NOTHING, 1
    for link in links:
        follows = link.previous == previous and link.sequence == expected
        if not follows or chained(link.previous, link.entry) != link.hash:
            return expected
        previous, expected = link.hash, expected + 1
    return None
