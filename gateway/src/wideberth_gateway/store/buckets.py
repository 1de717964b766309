"""Buckets of tokens that all processes take from, a block at a time: how much one caller may ask of all together."""

import time
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from wideberth_gateway.store.access_tables import token_buckets
from wideberth_gateway.store.engine import writing

FORGOTTEN_S = 3600.0
"""A bucket that nobody took from for so long is full again, and its row can go."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Of a kind of buckets: tokens that flow in a second, and how many a bucket holds."""

    per_s: float
    burst: float


@dataclass(frozen=True, slots=True)
class Granted:
    """What was taken: whole tokens, and how long until there is one where there was none."""

    tokens: int
    wait_s: float


def take_block(engine: Engine, caller: str, flow: Flow, block: int, now_epoch_s: float | None = None) -> Granted:
    """Up to `block` tokens of the caller's bucket are the asking process's from now on; durable when this returns.

    A clock that lags behind another machine's lets nothing flow in: it takes nothing back.
    """
    now = time.time() if now_epoch_s is None else now_epoch_s
    try:
        with writing(engine) as connection:
            return _take(connection, caller, flow, block, now)
    except IntegrityError:  # another process made the row at the same moment
        with writing(engine) as connection:
            return _take(connection, caller, flow, block, now)


def forget_silent(engine: Engine, now_epoch_s: float | None = None) -> None:
    """Rows of buckets that are full again are gone."""
    now = time.time() if now_epoch_s is None else now_epoch_s
    with writing(engine) as connection:
        connection.execute(sa.delete(token_buckets).where(token_buckets.c.at_epoch_s < now - FORGOTTEN_S))


def _take(connection: Connection, caller: str, flow: Flow, block: int, now: float) -> Granted:
    same = token_buckets.c.caller == caller
    row = connection.execute(sa.select(token_buckets).where(same).with_for_update()).one_or_none()
    known, at = (flow.burst, now) if row is None else (row.tokens, row.at_epoch_s)
    tokens = min(flow.burst, known + max(0.0, now - at) * flow.per_s)
    granted = min(block, int(tokens))
    left = {"tokens": tokens - granted, "at_epoch_s": max(now, at)}
    if row is None:
        connection.execute(sa.insert(token_buckets).values(caller=caller, **left))
    else:
        connection.execute(sa.update(token_buckets).where(same).values(left))
    return Granted(granted, 0.0 if granted else (1 - tokens) / flow.per_s)
