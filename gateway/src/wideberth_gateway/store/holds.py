"""What is on hold: kept whatever the rules of retention say, until a person lifts it."""

import time
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BadInput, NotFound
from wideberth_contracts.judgement import AlertStatus
from wideberth_gateway.evidence.chain import Details
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.keeping_tables import holds
from wideberth_gateway.store.tables import alerts, analyses, audit, originals


class HeldKind(StrEnum):
    """What can be held: an original alone, an analysis with its originals, an alert with its analysis."""

    ORIGINAL = "original"
    ANALYSIS = "analysis"
    ALERT = "alert"


KNOWN = {HeldKind.ORIGINAL: originals.c.sha256, HeldKind.ANALYSIS: analyses.c.id, HeldKind.ALERT: alerts.c.id}


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold. `lifted_by`: None while it holds."""

    id: str
    kind: HeldKind
    subject: str
    reason: str
    held_by: str
    since_epoch_s: float
    lifted_by: str | None = None
    lifted_epoch_s: float | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that no rule may delete, by id."""

    alerts: frozenset[str]
    analyses: frozenset[str]
    originals: frozenset[str]


def set_hold(engine: Engine, kind: HeldKind, subject: str, reason: str, held_by: str) -> Hold:
    """It is held from now on; durable, and in the audit trail.

    Raises:
        BadInput: no reason.
        NotFound: there is no such thing.
    """
    if not reason.strip():
        raise BadInput("a hold needs a reason", where="reason", remedy="say which case it is for")
    made = Hold(uuid4().hex, kind, subject, reason.strip(), held_by, time.time())
    with writing(engine) as connection:
        column = KNOWN[kind]
        if connection.execute(sa.select(column).where(column == subject).limit(1)).first() is None:
            raise NotFound(f"there is no {kind.value} of that id", where=subject[:64])
        connection.execute(sa.insert(holds).values(_row(made)))
        told: Details = {"kind": kind.value, "subject": subject, "reason": made.reason}
        record(connection, actor=held_by, action="hold.set", subject=made.id, details=told)
    return made


def lift_hold(engine: Engine, hold_id: str, lifted_by: str) -> Hold:
    """It is held no more by this hold. Raises `NotFound` where no such hold holds."""
    with writing(engine) as connection:
        standing = sa.and_(holds.c.id == hold_id, holds.c.lifted_by.is_(None))
        changed = sa.update(holds).where(standing).values(lifted_by=lifted_by, lifted_epoch_s=time.time())
        if connection.execute(changed).rowcount == 0:
            raise NotFound("no hold of that id holds", where=hold_id[:64])
        record(connection, actor=lifted_by, action="hold.lifted", subject=hold_id)
        return _hold(connection.execute(sa.select(holds).where(holds.c.id == hold_id)).one())


def list_holds(engine: Engine) -> tuple[Hold, ...]:
    """All holds ever set, oldest first; lifted ones stay."""
    with reading(engine) as connection:
        return tuple(_hold(row) for row in connection.execute(sa.select(holds).order_by(holds.c.since_epoch_s)))


def held(engine: Engine) -> Held:
    """What is in a case: alerts that are confirmed, have a bag, or are held by a person, and all that they rest on."""
    with reading(engine) as connection:
        standing = sa.select(holds.c.kind, holds.c.subject).where(holds.c.lifted_by.is_(None))
        by_person: dict[str, set[str]] = {kind.value: set() for kind in HeldKind}
        for row in connection.execute(standing):
            by_person[row.kind].add(row.subject)
        confirmed = sa.select(alerts.c.id).where(alerts.c.status == AlertStatus.CONFIRMED.value).distinct()
        sealed = sa.select(audit.c.subject).where(audit.c.entry_json.contains('"bag.sealed"'))
        cases = set(connection.scalars(confirmed)) | set(connection.scalars(sealed)) | by_person["alert"]
        of_alerts = connection.execute(sa.select(alerts.c.id, alerts.c.analysis_id).distinct())
        runs = by_person["analysis"] | {row.analysis_id for row in of_alerts if row.id in cases}
        inputs = sa.select(analyses.c.id, analyses.c.video_sha256, analyses.c.telemetry_sha256)
        files = {sha for row in connection.execute(inputs) if row.id in runs for sha in row[1:] if sha is not None}
    return Held(frozenset(cases), frozenset(runs), frozenset(files | by_person["original"]))


def _row(one: Hold) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "subject": one.subject,
        "reason": one.reason,
        "held_by": one.held_by,
        "since_epoch_s": one.since_epoch_s,
    }


def _hold(row: "sa.Row[tuple[object, ...]]") -> Hold:
    return Hold(
        row.id, HeldKind(row.kind), row.subject, row.reason, row.held_by,
        row.since_epoch_s, row.lifted_by, row.lifted_epoch_s,
    )  # fmt: skip
