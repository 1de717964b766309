"""An audit trail in a file, for analyses that no database knows: the same chain, one line an entry."""

import fcntl
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from wideberth_contracts.errors import Conflict
from wideberth_gateway.evidence.chain import Details, Link, first_break, next_link

TRAIL = "audit.jsonl"


def line_of(link: Link, *, withheld: bool = False, days: Sequence[object] = ()) -> str:
    """An entry as a line of a trail.

    Args:
        withheld: what it says is left out: it is about another case. Its hash holds the chain.
        days: proofs that it is under the root of its day.
    """
    row: dict[str, object] = {"previous": link.previous, "hash": link.hash, "entry": None if withheld else link.entry}
    return json.dumps(row | ({"days": list(days)} if days else {}), ensure_ascii=False)


def append_to(folder: Path, *, actor: str, action: str, subject: str, details: Details) -> Link:
    """Append an entry to the trail of a folder; on disk when this returns. Writers wait for one another.

    Raises:
        Conflict: the trail is altered: nothing is appended to it.
    """
    with (folder / TRAIL).open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        links = _links(file.read(), folder / TRAIL)
        last = links[-1] if links else None
        moment = datetime.now(UTC)
        link = next_link(last, at=moment, actor=actor, action=action, subject=subject, details=details)
        file.write(line_of(link) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return link


def read_trail(folder: Path) -> tuple[Link, ...]:
    """The trail of a folder; empty where there is none.

    Raises:
        Conflict: it is altered; names the line.
    """
    path = folder / TRAIL
    return _links(path.read_text(encoding="utf-8"), path) if path.is_file() else ()


def _links(text: str, path: Path) -> tuple[Link, ...]:
    try:
        rows = [json.loads(line) for line in text.splitlines()]
        links = tuple(Link(row["entry"], row["previous"], row["hash"]) for row in rows)
        broken = first_break(links)
    except (ValueError, KeyError, TypeError) as error:
        raise _altered(path, "it cannot be read") from error
    if broken is not None:
        raise _altered(path, f"line {broken} does not follow")
    return links


def _altered(path: Path, detail: str) -> Conflict:
    remedy = "find out who changed it; analyse the clip again into a new folder"
    return Conflict(f"the audit trail was altered: {detail}", where=str(path), remedy=remedy)
