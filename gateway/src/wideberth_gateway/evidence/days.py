"""One root over each day of the audit trail, and the round that gets roots and manifests stamped."""

import asyncio
import logging
from datetime import UTC, datetime

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from wideberth_contracts.errors import WideberthError
from wideberth_gateway.evidence.chain import Details, first_break
from wideberth_gateway.evidence.merkle import merkle_path, merkle_root
from wideberth_gateway.evidence.stamping import Authority, ask
from wideberth_gateway.store import audit, stamps
from wideberth_gateway.store.engine import in_order_of_commit, reading, writing
from wideberth_gateway.store.stamps import StampKind, StampRow

CLOSED = "day.closed"

_log = logging.getLogger("wideberth.gateway")


def close_days(engine: Engine, today: str | None = None) -> tuple[str, ...]:
    """Each day that is over and had entries gets its root, once; the days that got one now.

    With that the whole trail is checked, so about once a day; a break is logged as an error.

    Args:
        today: ISO date in UTC, for tests; entries of this day may still come.
    """
    days = audit.days_before(engine, today or datetime.now(UTC).date().isoformat())
    closed = tuple(day for day in days if stamps.find(engine, StampKind.DAY, day) is None and _close(engine, day))
    if closed and (broken := first_break(audit.trail(engine))) is not None:
        _log.error("the audit trail is broken at entry %d: someone changed the database", broken)
    return closed


def _close(engine: Engine, day: str) -> bool:
    """In one transaction, under the lock of appended rows: no entry of the day can be on its way meanwhile."""
    with writing(engine) as connection:
        in_order_of_commit(connection)
        links = audit.of_day(connection, day)
        root = merkle_root([bytes.fromhex(link.hash) for link in links])
        if not stamps.enter(connection, StampRow(StampKind.DAY, day, root)):
            return False
        told: Details = {"root": root.hex(), "last": links[-1].sequence}
        audit.record(connection, actor="gateway", action=CLOSED, subject=day, details=told)
        return True


def proof_of(engine: Engine, sequence: int, day: str) -> dict[str, object] | None:
    """That an entry is under its day's root: date, root and path; None while the day is not over.

    None too for an entry that came after its day was closed, which takes a clock that was set back: it is in the chain.
    """
    with reading(engine) as connection:
        about = audit.about(connection, day)
        links = audit.of_day(connection, day)
    closing = next((link.entry["details"] for link in about if link.entry["action"] == CLOSED), None)
    if closing is None or sequence > closing["last"]:
        return None
    covered = [link for link in links if link.sequence <= closing["last"]]
    index = next(at for at, link in enumerate(covered) if link.sequence == sequence)
    path = merkle_path([bytes.fromhex(link.hash) for link in covered], index)
    return {"date": day, "root": closing["root"], "path": [list(step) for step in path]}


def stamp_waiting(engine: Engine, authority: Authority) -> int:
    """Ask for every stamp that waits; how many came. One that fails waits on, with the reason."""
    came = 0
    for row in stamps.waiting(engine):
        try:
            answer = ask(authority, row.content)
        except WideberthError as error:
            stamps.failed(engine, row, str(error))
            _log.warning("no time stamp for %s %s: %s", row.kind.value, row.subject, error)
            break  # it is the authority that is away, not the request that is wrong: the rest would wait in vain
        stamps.answered(engine, row, answer)
        came += 1
    return came


async def keep_stamping(engine: Engine, authority: Authority | None, every_s: float) -> None:
    """Close days and get stamps, again and again, until cancelled. A database that is away now is asked next time."""
    while True:
        try:
            await asyncio.to_thread(close_days, engine)
            if authority is not None:
                await asyncio.to_thread(stamp_waiting, engine, authority)
        except DBAPIError:
            _log.exception("days were not closed, stamps not asked for")
        await asyncio.sleep(every_s)
