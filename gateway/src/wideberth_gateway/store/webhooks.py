"""Receivers and deliveries. A delivery is durable before it is tried, and stays after it is done."""

import json
import time
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_contracts.errors import NotFound
from wideberth_contracts.judgement import Alert
from wideberth_gateway.alerts.changes import Change, change_of
from wideberth_gateway.store.alerts import ALERT_EVENT, last_event
from wideberth_gateway.store.engine import in_order_of_commit, reading, writing
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
    """A delivery to be tried now, with all that goes into it."""

    delivery: Delivery
    webhook: Webhook
    alert: Alert


def add_webhook(engine: Engine, url: str, form: str, secret: str, changes: tuple[Change, ...]) -> Webhook:
    """A receiver that is told of everything after now."""
    made = Webhook(uuid4().hex, url, form, secret, changes, time.time())
    row = {
        "id": made.id, "url": url, "form": form, "secret": secret, "created_epoch_s": made.created_epoch_s,
        "changes_json": json.dumps([change.value for change in changes]), "after_event": last_event(engine),
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(sa.insert(webhooks).values(**row))
    return made


def list_webhooks(engine: Engine) -> tuple[Webhook, ...]:
    """All receivers, disabled ones too, oldest first."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(webhooks).order_by(webhooks.c.created_epoch_s))
        return tuple(_webhook(row._mapping) for row in rows)


def disable_webhook(engine: Engine, webhook_id: str, because: str) -> None:
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


def enqueue(engine: Engine) -> int:
    """A delivery for each new event and each receiver that wants it; how many."""
    with reading(engine) as connection:
        newest = connection.scalar(sa.select(sa.func.coalesce(sa.func.max(events.c.sequence), 0))) or 0
        behind = sa.select(webhooks.c.id).where(webhooks.c.after_event < newest, webhooks.c.disabled_because.is_(None))
        if connection.scalar(behind.limit(1)) is None:
            return 0
    made = 0
    with writing(engine) as connection:
        in_order_of_commit(connection)
        served = connection.execute(sa.select(webhooks).where(webhooks.c.disabled_because.is_(None))).all()
        for row in served:
            made += _enqueue_for(connection, _webhook(row._mapping), row.after_event)
    return made


def claim_due(engine: Engine, now: float, limit: int, at_once: int, full: Collection[str] = ()) -> tuple[Due, ...]:
    """Deliveries to be tried now, at most `at_once` a receiver and none of receivers that are `full`, leased."""
    place = sa.func.row_number().over(partition_by=deliveries.c.webhook_id, order_by=deliveries.c.id)
    ready = (
        sa.select(deliveries, place.label("place"))
        .where(
            deliveries.c.state == DeliveryState.WAITING.value,
            deliveries.c.due_epoch_s <= now,
            deliveries.c.webhook_id.not_in(list(full)),
        )
        .subquery()
    )
    query = (
        sa.select(ready, webhooks.c.url, alerts.c.alert_json)
        .join(webhooks, webhooks.c.id == ready.c.webhook_id)
        .join(events, events.c.sequence == ready.c.event)
        .join(alerts, sa.and_(alerts.c.id == events.c.subject, alerts.c.version == events.c.version))
        .where(ready.c.place <= at_once)
        .order_by(ready.c.id)
        .limit(limit)
    )
    with reading(engine) as connection:
        if connection.scalar(sa.select(ready.c.id).limit(1)) is None:
            return ()
    with writing(engine) as connection:
        in_order_of_commit(connection)
        receivers = {row.id: _webhook(row._mapping) for row in connection.execute(sa.select(webhooks))}
        found = tuple(
            Due(_delivery(row._mapping), receivers[row.webhook_id], Alert.model_validate_json(row.alert_json))
            for row in connection.execute(query)
        )
        leased = sa.update(deliveries).where(deliveries.c.id.in_([due.delivery.id for due in found]))
        connection.execute(leased.values(due_epoch_s=now + LEASE_S))
    return found


def settle(engine: Engine, delivery: Delivery, state: DeliveryState, answer: str, due_epoch_s: float) -> None:
    """What a try came to; `due_epoch_s` of the next one where it waits on."""
    done = None if state is DeliveryState.WAITING else time.time()
    values = {"state": state.value, "tries": delivery.tries + 1, "answer": answer, "due_epoch_s": due_epoch_s}
    with writing(engine) as connection:
        standing = sa.and_(deliveries.c.id == delivery.id, deliveries.c.state == DeliveryState.WAITING.value)
        connection.execute(sa.update(deliveries).where(standing).values(**values, done_epoch_s=done))


def _enqueue_for(connection: Connection, webhook: Webhook, after: int) -> int:
    before = alerts.alias("before")
    query = (
        sa.select(events.c.sequence, alerts.c.alert_json, before.c.alert_json.label("before_json"))
        .join(alerts, sa.and_(alerts.c.id == events.c.subject, alerts.c.version == events.c.version))
        .join(before, sa.and_(before.c.id == alerts.c.id, before.c.version == alerts.c.version - 1), isouter=True)
        .where(events.c.kind == ALERT_EVENT, events.c.sequence > after)
        .order_by(events.c.sequence)
        .limit(EVENTS_AT_ONCE)
    )
    rows, last, now = [], after, time.time()
    for row in connection.execute(query):
        last = row.sequence
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
    connection.execute(sa.update(webhooks).where(webhooks.c.id == webhook.id).values(after_event=last))
    return len(rows)


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
