"""Alerts in the database: versions are appended, never changed, and each append is an event in the same transaction."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_contracts.errors import NotFound
from wideberth_contracts.identity import VesselIdentity
from wideberth_contracts.judgement import Alert, AlertStatus
from wideberth_contracts.phrases import Phrase, phrase
from wideberth_gateway.store.areas import Placed, locate
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import in_order_of_commit, reading, writing
from wideberth_gateway.store.executors import Fence, unfenced
from wideberth_gateway.store.organisations import Sight, alert_seen
from wideberth_gateway.store.tables import alerts, events
from wideberth_gateway.wording.saying import say

ALERT_EVENT = "alert"
FEW = 5_000
"""Up to so many versions in a box or a span are sorted; of more, a page is soon full while walking along."""
_KEPT_FROM_BEFORE = (
    "version", "status", "created_at", "reviews", "evidence_version", "withdrawn_because", "withdrawn_said", "vessel",
)  # fmt: skip
"""What a version has that is not what was measured."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An alert as kept. `sequence` grows with every version of any alert."""

    sequence: int
    alert: Alert


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in degrees; west above east crosses the date line."""

    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which alerts are asked for.

    Attributes:
        after: only those with a higher sequence.
        box: the place of the closest approach lies in it; alerts without a place do not.
        statuses: only those that stand so; none: all.
        sight: only those that somebody of that sight sees.
        earliest, latest: the alert's time overlaps the span, ends included; alerts without a time do not.
    """

    limit: int
    after: int = 0
    box: Box | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    analysis_id: str | None = None
    statuses: tuple[AlertStatus, ...] = ()
    sight: Sight = None


def publish(engine: Engine, found: tuple[Alert, ...], *, fence: Fence = unfenced) -> tuple[Alert, ...]:
    """The alerts as they now stand; durable when this returns.

    A new alert becomes version 1. One that is known and says the same is left alone; one that says something else
    becomes the next version and keeps what persons decided. One that was withdrawn and is found again is a candidate.
    """
    with writing(engine) as connection:
        fence(connection)
        in_order_of_commit(connection)
        return tuple(_publish_one(connection, alert) for alert in found)


def withdraw_missing(
    engine: Engine,
    analysis_id: str,
    found: tuple[Alert, ...],
    because: Phrase,
    at: datetime,
    *,
    fence: Fence = unfenced,
) -> tuple[Alert, ...]:
    """Candidates of an analysis that later evidence no longer supports; those decided by a person are left alone.

    Args:
        engine: the database.
        analysis_id: of the analysis.
        found: everything it supports now.
        because: told in the withdrawn versions.
        at: when.
        fence: whether this process may still write.
    """
    kept = {alert.id for alert in found}
    query = sa.select(alerts.c.alert_json).where(
        is_latest(),
        alerts.c.analysis_id == analysis_id,
        alerts.c.status == AlertStatus.CANDIDATE.value,
    )
    with writing(engine) as connection:
        fence(connection)
        in_order_of_commit(connection)
        standing = [Alert.model_validate_json(text) for text in connection.scalars(query)]
        why = {"withdrawn_because": say(because), "withdrawn_said": because}
        update = {"status": AlertStatus.WITHDRAWN, **why, "created_at": at}
        withdrawn = tuple(
            alert.model_copy(update={**update, "version": alert.version + 1})
            for alert in standing
            if alert.id not in kept
        )
        for alert in withdrawn:
            _append(connection, alert, "alert.withdrawn")
    return withdrawn


def tell_vessels(
    engine: Engine, analysis_id: str, by_track: Mapping[str, VesselIdentity], at: datetime
) -> tuple[Alert, ...]:
    """The new versions of an analysis's alerts of which AIS, however late, now says something else; durable.

    What was measured stays as it was, so what persons decided about it stays in date. Withdrawn alerts are left alone.

    Args:
        engine: the database.
        analysis_id: of the analysis.
        by_track: what AIS says of its craft; alerts of other craft keep what they have.
        at: when.
    """
    query = (
        sa.select(alerts.c.alert_json)
        .where(
            is_latest(),
            alerts.c.analysis_id == analysis_id,
            alerts.c.status != AlertStatus.WITHDRAWN.value,
        )
        .order_by(alerts.c.sequence)
    )
    with writing(engine) as connection:
        in_order_of_commit(connection)
        standing = [Alert.model_validate_json(text) for text in connection.scalars(query)]
        told = tuple(
            alert.model_copy(update={"vessel": vessel, "version": alert.version + 1, "created_at": at})
            for alert in standing
            if (vessel := by_track.get(alert.encounter.craft_track)) is not None and vessel != alert.vessel
        )
        for alert in told:
            _append(connection, alert)
    return told


def decide(engine: Engine, alert_id: str, next_version: Callable[[Alert], Alert]) -> Alert:
    """The next version of an alert as a person's decision makes it; durable when this returns.

    Raises:
        NotFound: no alert of that id.
        WideberthError: whatever `next_version` raises; then nothing is kept.
    """
    with writing(engine) as connection:
        in_order_of_commit(connection)
        known = _newest(connection, alert_id)
        if known is None:
            raise NotFound("no alert of that id", where=f"alert {alert_id}", said=phrase("problem.no_alert"))
        alert = next_version(known)
        _append(connection, alert, "alert.reviewed", alert.reviews[-1].reviewer if alert.reviews else "gateway")
    return alert


def latest(engine: Engine, wanted: Wanted) -> tuple[Kept, ...]:
    """The latest version of each alert asked for, in the order they became so."""
    conditions = _conditions(wanted)
    with reading(engine) as connection:
        asked = (wanted.box or wanted.earliest or wanted.latest) and _are_few(connection, conditions)
        in_sight = alert_seen(wanted.sight, are_few=True)
        own = not asked and wanted.sight is not None and _are_few(connection, [*conditions, in_sight])
        conditions.append(in_sight if own else alert_seen(wanted.sight))
        by_index = asked or own
        # Few of many are found by the index of what was asked for, many by walking along the numbers.
        order = alerts.c.sequence + 0 if by_index else alerts.c.sequence
        found = sa.select(alerts.c.sequence).where(alerts.c.sequence > wanted.after, is_latest(), *conditions)
        page = found.order_by(order).limit(wanted.limit).subquery()
        query = (
            sa.select(alerts.c.sequence, alerts.c.alert_json)
            .join(page, page.c.sequence == alerts.c.sequence)
            .order_by(alerts.c.sequence)
        )
        return tuple(Kept(row.sequence, Alert.model_validate_json(row.alert_json)) for row in connection.execute(query))


def _are_few(connection: Connection, conditions: list[sa.ColumnElement[bool]]) -> bool:
    some = sa.select(sa.literal(1)).select_from(alerts).where(*conditions).limit(FEW + 1).subquery()
    return (connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0) <= FEW


def newest(engine: Engine, limit: int, sight: Sight = None) -> tuple[Kept, ...]:
    """The latest version of the alerts that changed last, newest first."""
    with reading(engine) as connection:
        few = sight is not None and _are_few(connection, [alert_seen(sight, are_few=True)])
        order = (alerts.c.sequence + 0 if few else alerts.c.sequence).desc()
        found = sa.select(alerts.c.sequence).where(is_latest(), alert_seen(sight, are_few=few))
        page = found.order_by(order).limit(limit).subquery()
        query = (
            sa.select(alerts.c.sequence, alerts.c.alert_json)
            .join(page, page.c.sequence == alerts.c.sequence)
            .order_by(alerts.c.sequence.desc())
        )
        return tuple(Kept(row.sequence, Alert.model_validate_json(row.alert_json)) for row in connection.execute(query))


def rejected(engine: Engine, sight: Sight = None) -> tuple[Alert, ...]:
    """Alerts that stand as rejected, in the order in which they came to be so."""
    query = (
        sa.select(alerts.c.alert_json)
        .where(
            is_latest(),
            alerts.c.status == AlertStatus.REJECTED.value,
            alert_seen(sight),
        )
        .order_by(alerts.c.sequence)
    )
    with reading(engine) as connection:
        return tuple(Alert.model_validate_json(text) for text in connection.scalars(query))


def versions(engine: Engine, alert_id: str) -> tuple[Alert, ...]:
    """All versions of one alert, oldest first; none for an unknown id."""
    query = sa.select(alerts.c.alert_json).where(alerts.c.id == alert_id).order_by(alerts.c.version)
    with reading(engine) as connection:
        return tuple(Alert.model_validate_json(text) for text in connection.scalars(query))


def since(engine: Engine, sequence: int, limit: int = 100) -> tuple[Kept, ...]:
    """Versions that became durable after the event of that number; `Kept.sequence` is the event's."""
    query = (
        sa.select(events.c.sequence, alerts.c.alert_json)
        .join(alerts, sa.and_(alerts.c.id == events.c.subject, alerts.c.version == events.c.version))
        .where(events.c.kind == ALERT_EVENT, events.c.sequence > sequence)
        .order_by(events.c.sequence)
        .limit(limit)
    )
    with reading(engine) as connection:
        return tuple(Kept(row.sequence, Alert.model_validate_json(row.alert_json)) for row in connection.execute(query))


def is_latest() -> sa.ColumnElement[bool]:
    """No newer version of the same alert: asked of each row by index, so that a page costs what is on it."""
    newer = alerts.alias("newer")
    return ~sa.exists().where(newer.c.id == alerts.c.id, newer.c.version > alerts.c.version)


def last_event(engine: Engine) -> int:
    """Number of the newest event; 0 before the first."""
    with reading(engine) as connection:
        return connection.scalar(sa.select(sa.func.coalesce(sa.func.max(events.c.sequence), 0))) or 0


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.analysis_id is not None:
        conditions.append(alerts.c.analysis_id == wanted.analysis_id)
    if wanted.statuses:
        conditions.append(alerts.c.status.in_([status.value for status in wanted.statuses]))
    if wanted.earliest is not None:
        conditions.append(alerts.c.ends_epoch_s >= wanted.earliest.timestamp())
    if wanted.latest is not None:
        conditions.append(alerts.c.starts_epoch_s <= wanted.latest.timestamp())
    if wanted.box is not None:
        box, longitude = wanted.box, alerts.c.longitude_deg
        conditions.append(alerts.c.latitude_deg.between(box.south_deg, box.north_deg))
        if box.west_deg <= box.east_deg:
            conditions.append(longitude.between(box.west_deg, box.east_deg))
        else:
            conditions.append(sa.or_(longitude >= box.west_deg, longitude <= box.east_deg))
    return conditions


def _publish_one(connection: Connection, alert: Alert) -> Alert:
    known = _newest(connection, alert.id)
    if known is not None:
        decided = {name: getattr(known, name) for name in _KEPT_FROM_BEFORE}
        fallen = known.status is AlertStatus.WITHDRAWN
        if _says_the_same(alert.model_copy(update=decided), known) and not fallen:
            return known
        version = known.version + 1
        alert = alert.model_copy(
            update={
                "version": version,
                "evidence_version": version,
                "status": AlertStatus.CANDIDATE if fallen else known.status,
                "reviews": known.reviews,
                "vessel": known.vessel,
            }
        )
    _append(connection, alert)
    return alert


def _says_the_same(alert: Alert, known: Alert) -> bool:
    """Whether both say the same; one kept by a version that had no phrases says it in English alone."""
    if known.finding.said is None:
        alert = alert.model_copy(update={"finding": alert.finding.model_copy(update={"said": None})})
        others = tuple(one.model_copy(update={"said": None}) for one in alert.encounter.findings)
        alert = alert.model_copy(update={"encounter": alert.encounter.model_copy(update={"findings": others})})
    return alert == known


def _newest(connection: Connection, alert_id: str) -> Alert | None:
    query = sa.select(alerts.c.alert_json).where(alerts.c.id == alert_id).order_by(alerts.c.version.desc()).limit(1)
    text = connection.scalar(query)
    return None if text is None else Alert.model_validate_json(text)


def _append(connection: Connection, alert: Alert, action: str | None = None, actor: str = "gateway") -> None:
    """A version, its event, where it lies, and the entry of the audit trail."""
    connection.execute(sa.insert(alerts).values(alert_values(alert)))
    north, east = alert.encounter.latitude, alert.encounter.longitude
    locate(connection, Placed.ALERT, alert.id, () if north is None or east is None else ((north, east),))
    connection.execute(
        sa.insert(events).values(kind=ALERT_EVENT, subject=alert.id, version=alert.version, at_epoch_s=time.time())
    )
    told = {
        "version": alert.version,
        "status": alert.status.value,
        "analysis_id": alert.analysis_id,
        "sha256": hashlib.sha256(alert.model_dump_json().encode()).hexdigest(),
    }
    action = action or ("alert.published" if alert.version == 1 else "alert.changed")
    record(connection, actor=actor, action=action, subject=alert.id, details=told)


def alert_values(alert: Alert) -> dict[str, object]:
    """A version of an alert as a row, without its number."""
    start, end = alert.finding.start, alert.finding.end
    return {
        "id": alert.id,
        "version": alert.version,
        "analysis_id": alert.analysis_id,
        "status": alert.status.value,
        "rule": alert.finding.rule,
        "starts_epoch_s": start.timestamp() if start else None,
        "ends_epoch_s": end.timestamp() if end else None,
        "latitude_deg": alert.encounter.latitude,
        "longitude_deg": alert.encounter.longitude,
        "alert_json": alert.model_dump_json(),
    }
