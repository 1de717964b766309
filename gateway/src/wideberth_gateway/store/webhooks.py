"""Receivers and deliveries. A delivery is durable before it is tried, and stays after it is done."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_contracts.errors import NotFound
from wideberth_contracts.judgement import Alert
from wideberth_gateway.alerts.changes import Change, change_of
from wideberth_gateway.store.alerts import ALERT_EVENT, last_event
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import in_order_of_commit, reading, writing
from wideberth_gateway.store.organisations import Owned, alert_seen, sight_of
from wideberth_gateway.store.tables import alerts, deliveries, events, webhooks

EVENTS_AT_ONCE = 500
LEASE_S = 60.0
"""A delivery that is being tried is nobody else's for so long; a process that dies gives it back."""


class DeliveryState(StrEnum):
    """`dead`: all tries failed, or it cannot be sent at all."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A receiver.

    Attributes:
        form: of the body, `webhooks.messages.Form`.
        changes: what it wants to be told.
        disabled_because: None while it is served.
    """

    id: str
    url: str
    form: str
    secret: str
    changes: tuple[Change, ...]
    created_epoch_s: float
    disabled_because: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one receiver, and what became of it so far."""

    id: int
    webhook_id: str
    event: int
    change: Change
    state: DeliveryState
    tries: int
    due_epoch_s: float
    done_epoch_s: float | None
    answer: str


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery to be tried now, with all that goes into it; nobody else's until `until_epoch_s`."""

    delivery: Delivery
    webhook: Webhook
    alert: Alert
    until_epoch_s: float


@dataclass(frozen=True, slots=True)
class Settled:
    """What a try came to; `due_epoch_s` of the next one where it waits on."""

    delivery: Delivery
    state: DeliveryState
    answer: str
    due_epoch_s: float


def add_webhook(
    engine: Engine, url: str, form: str, secret: str, changes: tuple[Change, ...], actor: str = "console"
) -> Webhook:
    """A receiver that is told of everything after now."""
    made = Webhook(uuid4().hex, url, form, secret, changes, time.time())
    row = {
        "id": made.id, "url": url, "form": form, "secret": secret, "created_epoch_s": made.created_epoch_s,
        "changes_json": json.dumps([change.value for change in changes]), "after_event": last_event(engine),
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(sa.insert(webhooks).values(**row))
        record(connection, actor=actor, action="webhook.added", subject=made.id, details={"url": url, "form": form})
    return made


def list_webhooks(engine: Engine) -> tuple[Webhook, ...]:
    """All receivers, disabled ones too, oldest first."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(webhooks).order_by(webhooks.c.created_epoch_s))
        return tuple(_webhook(row._mapping) for row in rows)


def disable_webhook(engine: Engine, webhook_id: str, because: str, actor: str = "gateway") -> None:
    """It is told no more; what waits for it is dead. Raises `NotFound` for an unknown id."""
    with writing(engine) as connection:
        changed = sa.update(webhooks).where(webhooks.c.id == webhook_id).values(disabled_because=because)
        if connection.execute(changed).rowcount == 0:
            raise NotFound("no receiver of that id", where=f"webhook {webhook_id}")
        waiting = sa.and_(deliveries.c.webhook_id == webhook_id, deliveries.c.state == DeliveryState.WAITING.value)
        connection.execute(sa.update(deliveries).where(waiting).values(state=DeliveryState.DEAD.value, answer=because))


def list_deliveries(
    engine: Engine, webhook_id: str, state: DeliveryState | None, limit: int, before: int | None
) -> tuple[Delivery, ...]:
    """Of one receiver, newest first; `before`: only with a lower id."""
    query = sa.select(deliveries).where(deliveries.c.webhook_id == webhook_id)
    query = query if state is None else query.where(deliveries.c.state == state.value)
    query = query if before is None else query.where(deliveries.c.id < before)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(deliveries.c.id.desc()).limit(limit))
        return tuple(_delivery(row._mapping) for row in rows)


def retry(engine: Engine, webhook_id: str, delivery_id: int) -> None:
    """A dead delivery waits again, with all its tries. Raises `NotFound` where there is no dead one of that id."""
    dead = sa.and_(
        deliveries.c.id == delivery_id,
        deliveries.c.webhook_id == webhook_id,
        deliveries.c.state == DeliveryState.DEAD.value,
    )
    again = {"state": DeliveryState.WAITING.value, "tries": 0, "due_epoch_s": time.time(), "done_epoch_s": None}
    with writing(engine) as connection:
        if connection.execute(sa.update(deliveries).where(dead).values(**again)).rowcount == 0:
            raise NotFound("no dead delivery of that id", where=f"webhook {webhook_id}, delivery {delivery_id}")


def turn(
    engine: Engine, results: Sequence[Settled], now: float, most_each: int, held: Mapping[str, int]
) -> tuple[Due, ...]:
    """One turn of a sender, in one transaction: what tries came to is kept, new events become deliveries, due ones are
    leased to the caller.

    Args:
        engine: the database.
        results: of tries since the turn before; those settled meanwhile by another process are left alone.
        now: s since 1970.
        most_each: deliveries that the caller holds of one receiver at most.
        held: how many of each it holds already.
    """
    if not results and not _is_anything_to_do(engine, now):
        return ()
    with writing(engine) as connection:
        in_order_of_commit(connection)
        _settle(connection, results, now)
        served = connection.execute(sa.select(webhooks).where(webhooks.c.disabled_because.is_(None))).all()
        due: list[Due] = []
        for row in served:
            webhook = _webhook(row._mapping)
            _enqueue(connection, webhook, row.after_event, now)
            due += _claimed(connection, webhook, now, most_each - held.get(webhook.id, 0))
    return tuple(due)


def _is_anything_to_do(engine: Engine, now: float) -> bool:
    newest = sa.select(sa.func.coalesce(sa.func.max(events.c.sequence), 0)).scalar_subquery()
    behind = sa.select(webhooks.c.id).where(webhooks.c.after_event < newest, webhooks.c.disabled_because.is_(None))
    waiting = sa.select(deliveries.c.id).where(
        deliveries.c.state == DeliveryState.WAITING.value, deliveries.c.due_epoch_s <= now
    )
    with reading(engine) as connection:
        return any(connection.scalar(query.limit(1)) is not None for query in (behind, waiting))


def _settle(connection: Connection, results: Sequence[Settled], now: float) -> None:
    for each in results:
        waits = each.state is DeliveryState.WAITING
        standing = sa.and_(deliveries.c.id == each.delivery.id, deliveries.c.state == DeliveryState.WAITING.value)
        values = {
            "state": each.state.value, "tries": each.delivery.tries + 1, "answer": each.answer,
            "due_epoch_s": each.due_epoch_s, "done_epoch_s": None if waits else now,
        }  # fmt: skip
        connection.execute(sa.update(deliveries).where(standing).values(**values))


def _claimed(connection: Connection, webhook: Webhook, now: float, most: int) -> list[Due]:
    if most <= 0:
        return []
    query = (
        sa.select(deliveries, alerts.c.alert_json)
        .join(events, events.c.sequence == deliveries.c.event)
        .join(alerts, sa.and_(alerts.c.id == events.c.subject, alerts.c.version == events.c.version))
        .where(
            deliveries.c.webhook_id == webhook.id,
            deliveries.c.state == DeliveryState.WAITING.value,
            deliveries.c.due_epoch_s <= now,
        )
        .order_by(deliveries.c.id)
        .limit(most)
    )
    found = [
        Due(_delivery(row._mapping), webhook, Alert.model_validate_json(row.alert_json), now + LEASE_S)
        for row in connection.execute(query)
    ]
    leased = sa.update(deliveries).where(deliveries.c.id.in_([due.delivery.id for due in found]))
    connection.execute(leased.values(due_epoch_s=now + LEASE_S))
    return found


def _enqueue(connection: Connection, webhook: Webhook, after: int, now: float) -> None:
    """A delivery for each event after one, if the receiver wants to be told of such."""
    before = alerts.alias("before")
    sight = sight_of(connection, Owned.RECEIVER, webhook.id)
    told = alert_seen(sight).label("is_told")
    query = (
        sa.select(events.c.sequence, alerts.c.alert_json, before.c.alert_json.label("before_json"), told)
        .join(alerts, sa.and_(alerts.c.id == events.c.subject, alerts.c.version == events.c.version))
        .join(before, sa.and_(before.c.id == alerts.c.id, before.c.version == alerts.c.version - 1), isouter=True)
        .where(events.c.kind == ALERT_EVENT, events.c.sequence > after)
        .order_by(events.c.sequence)
        .limit(EVENTS_AT_ONCE)
    )
    rows, last = [], after
    for row in connection.execute(query):
        last = row.sequence
        if not row.is_told:
            continue
        earlier = Alert.model_validate_json(row.before_json) if row.before_json else None
        change = change_of(earlier, Alert.model_validate_json(row.alert_json))
        if change in webhook.changes:
            rows.append(
                {
                    "webhook_id": webhook.id, "event": row.sequence, "change": change.value, "tries": 0, "answer": "",
                    "state": DeliveryState.WAITING.value, "due_epoch_s": now,
                }
            )  # fmt: skip
    if rows:
        connection.execute(sa.insert(deliveries), rows)
    if last > after:
        connection.execute(sa.update(webhooks).where(webhooks.c.id == webhook.id).values(after_event=last))


def _webhook(row: sa.RowMapping) -> Webhook:
    changes = tuple(Change(name) for name in json.loads(row["changes_json"]))
    return Webhook(
        row["id"], row["url"], row["form"], row["secret"], changes, row["created_epoch_s"], row["disabled_because"]
    )


def _delivery(row: sa.RowMapping) -> Delivery:
    return Delivery(
        row["id"], row["webhook_id"], row["event"], Change(row["change"]), DeliveryState(row["state"]), row["tries"],
        row["due_epoch_s"], row["done_epoch_s"], row["answer"],
    )  # fmt: skip
