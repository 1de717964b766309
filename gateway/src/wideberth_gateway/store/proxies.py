"""Copies of videos, that every browser plays or blurred: which are wanted, who makes one, and what came of it."""

import time
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.replay_tables import proxies

LEASE_S = 60.0
"""A copy whose maker was silent for so long is taken up by another."""

MOST_TRIES = 3
PLAYABLE = "playable"


class ProxyState(StrEnum):
    """Of a copy."""

    WANTED = "wanted"
    MAKING = "making"
    MADE = "made"
    NOT_NEEDED = "not_needed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A copy. `problem`: why there is none, where the state is `failed`; `form`: `PLAYABLE`, or how it is blurred."""

    analysis_id: str
    form: str
    video_sha256: str
    state: ProxyState
    tries: int
    problem: str | None


def want(engine: Engine, analysis_id: str, video_sha256: str, form: str = PLAYABLE) -> Proxy:
    """What is known of the copy; it is wanted from now on where nothing was."""
    known = find(engine, analysis_id, form)
    if known is not None:
        return known
    new = Proxy(analysis_id, form, video_sha256, ProxyState.WANTED, 0, None)
    values = {
        "analysis_id": analysis_id,
        "form": form,
        "video_sha256": video_sha256,
        "state": new.state.value,
        "beat_epoch_s": time.time(),
        "tries": 0,
    }
    try:
        with writing(engine) as connection:
            connection.execute(sa.insert(proxies).values(values))
    except IntegrityError:  # another request was faster
        return find(engine, analysis_id, form) or new
    return new


def find(engine: Engine, analysis_id: str, form: str = PLAYABLE) -> Proxy | None:
    """What is known of the copy for an analysis."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(proxies).where(_is(analysis_id, form))).first()
    return _proxy(row) if row else None


def made_of(engine: Engine, video_sha256: str) -> str | None:
    """An analysis of the same video that has its playable copy."""
    made = sa.and_(
        proxies.c.form == PLAYABLE, proxies.c.video_sha256 == video_sha256, proxies.c.state == ProxyState.MADE.value
    )
    with reading(engine) as connection:
        found: str | None = connection.scalar(sa.select(proxies.c.analysis_id).where(made).limit(1))
    return found


def claim(engine: Engine, worker: str) -> Proxy | None:
    """The oldest that is wanted, or whose maker went silent, is this worker's from now on; None where there is none."""
    silent = sa.and_(proxies.c.state == ProxyState.MAKING.value, proxies.c.beat_epoch_s < time.time() - LEASE_S)
    open_ones = sa.or_(proxies.c.state == ProxyState.WANTED.value, silent)
    oldest = sa.select(proxies).where(open_ones).order_by(proxies.c.beat_epoch_s).limit(1)
    with reading(engine) as connection:
        if connection.execute(oldest).first() is None:
            return None
    with writing(engine) as connection:
        row = connection.execute(oldest.with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        if row.tries >= MOST_TRIES:
            _set(
                connection,
                row.analysis_id,
                row.form,
                state=ProxyState.FAILED.value,
                problem=f"given up after {row.tries} tries",
            )
            return None
        mine = {"state": ProxyState.MAKING.value, "worker": worker, "tries": row.tries + 1, "beat_epoch_s": time.time()}
        _set(connection, row.analysis_id, row.form, **mine)
        return Proxy(row.analysis_id, row.form, row.video_sha256, ProxyState.MAKING, row.tries + 1, None)


def beat(engine: Engine, wanted: Proxy, worker: str) -> bool:
    """Its maker lives; False where it is another's by now."""
    mine = sa.and_(
        _is(wanted.analysis_id, wanted.form),
        proxies.c.worker == worker,
        proxies.c.state == ProxyState.MAKING.value,
    )
    with writing(engine) as connection:
        done = connection.execute(sa.update(proxies).where(mine).values(beat_epoch_s=time.time()))
        return bool(done.rowcount)


def end(engine: Engine, wanted: Proxy, state: ProxyState, problem: str | None = None) -> None:
    """What came of it."""
    with writing(engine) as connection:
        ended = {"state": state.value, "problem": problem, "worker": None, "beat_epoch_s": time.time()}
        _set(connection, wanted.analysis_id, wanted.form, **ended)


def _set(connection: Connection, analysis_id: str, form: str, **values: object) -> None:
    connection.execute(sa.update(proxies).where(_is(analysis_id, form)).values(**values))


def _is(analysis_id: str, form: str) -> sa.ColumnElement[bool]:
    return sa.and_(proxies.c.analysis_id == analysis_id, proxies.c.form == form)


def _proxy(row: "sa.Row[tuple[object, ...]]") -> Proxy:
    return Proxy(row.analysis_id, row.form, row.video_sha256, ProxyState(row.state), row.tries, row.problem)
