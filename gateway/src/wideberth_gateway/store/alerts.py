"""Alerts in the database: versions are appended, never changed, and each append is an event in the same transaction."""

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_contracts.judgement import Alert
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import in_order_of_commit, reading, writing
from wideberth_gateway.store.tables import alerts, events

ALERT_EVENT = "alert"


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
        earliest, latest: the alert's time overlaps the span, ends included; alerts without a time do not.
    """

    limit: int
    after: int = 0
    box: Box | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    analysis_id: str | None = None


def publish(engine: Engine, found: tuple[Alert, ...]) -> tuple[Alert, ...]:
    """The alerts as they now stand; durable when this returns.

    A new alert becomes version 1. One that is known and says the same is left alone; one that says something else
    becomes the next version and keeps the status that a person gave it.
    """
    with writing(engine) as connection:
        in_order_of_commit(connection)
        return tuple(_publish_one(connection, alert) for alert in found)


def latest(engine: Engine, wanted: Wanted) -> tuple[Kept, ...]:
    """The latest version of each alert asked for, in the order they became so."""
    newest = sa.select(sa.func.max(alerts.c.sequence)).group_by(alerts.c.id)
    query = (
        sa.select(alerts.c.sequence, alerts.c.alert_json)
        .where(alerts.c.sequence.in_(newest), alerts.c.sequence > wanted.after)
        .order_by(alerts.c.sequence)
        .limit(wanted.limit)
    )
    for condition in _conditions(wanted):
        query = query.where(condition)
    with reading(engine) as connection:
        return tuple(Kept(row.sequence, Alert.model_validate_json(row.alert_json)) for row in connection.execute(query))


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


def last_event(engine: Engine) -> int:
    """Number of the newest event; 0 before the first."""
    with reading(engine) as connection:
        return connection.scalar(sa.select(sa.func.coalesce(sa.func.max(events.c.sequence), 0))) or 0


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.analysis_id is not None:
        conditions.append(alerts.c.analysis_id == wanted.analysis_id)
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
    newest = sa.select(alerts.c.alert_json).where(alerts.c.id == alert.id).order_by(alerts.c.version.desc()).limit(1)
    text = connection.scalar(newest)
    if text is not None:
        known = Alert.model_validate_json(text)
        same = {"version": known.version, "status": known.status, "created_at": known.created_at}
        if alert.model_copy(update=same) == known:
            return known
        alert = alert.model_copy(update={"version": known.version + 1, "status": known.status})
    connection.execute(sa.insert(alerts).values(_row(alert)))
    connection.execute(
        sa.insert(events).values(kind=ALERT_EVENT, subject=alert.id, version=alert.version, at_epoch_s=time.time())
    )
    told = {
        "version": alert.version,
        "status": alert.status.value,
        "analysis_id": alert.analysis_id,
        "sha256": hashlib.sha256(alert.model_dump_json().encode()).hexdigest(),
    }
    record(connection, actor="gateway", action="alert.published", subject=alert.id, details=told)
    return alert


def _row(alert: Alert) -> dict[str, object]:
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
