"""Tries at segments: how often one failed, whether a process died over it, and whether it was given up.

A try that is marked as under way and that nobody is at any more ended with its process. That says little: machines are
switched off. The next try is then made in a process of its own, whose death says all there is to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_gateway.evidence.chain import Details
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.executors import Fence, unfenced
from wideberth_gateway.store.job_tables import claims
from wideberth_gateway.store.tables import segments
from wideberth_gateway.store.trial_tables import trials

PROCESS_DIED = "the process ended while it worked on it"


@dataclass(frozen=True, slots=True)
class Trial:
    """Where the tries at one segment stand.

    Attributes:
        under_way: a try has begun and has not ended.
        alone: tries are made in a process of their own.
        failures: in a row at the same place.
        place: what the last failure was about: nothing in particular, or a service and a frame.
        reason: of the last failure.
        given_up: the flight goes on without it.
    """

    under_way: bool = False
    alone: bool = False
    failures: int = 0
    place: str = ""
    reason: str = ""
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class FailedSegment:
    """A span that was not looked at, and why."""

    position: int
    start_s: float
    stop_s: float
    reason: str


def begin(engine: Engine, analysis_id: str, position: int, *, can_be_alone: bool) -> Trial:
    """A try begins; where the tries stand with it.

    Args:
        can_be_alone: whether a try can be made in a process of its own. Otherwise each death of this one counts.
    """
    with writing(engine) as connection:
        known = _find(connection, analysis_id, position)
        now = known or Trial()
        values: dict[str, Any] = {"under_way": True}
        if now.under_way and can_be_alone:
            values["alone"] = True
        elif now.under_way:
            values |= _one_more(now, "", PROCESS_DIED)
        return _put(connection, analysis_id, position, known, values)


def end(engine: Engine, analysis_id: str, position: int) -> None:
    """The try ended, well or for a reason that is not the segment's."""
    with writing(engine) as connection:
        connection.execute(_of(analysis_id, position).values(under_way=False))


def fail(engine: Engine, analysis_id: str, position: int, *, place: str, reason: str) -> Trial:
    """The try failed. Failures at different places do not add up."""
    with writing(engine) as connection:
        known = _find(connection, analysis_id, position)
        values = {"under_way": False, **_one_more(known or Trial(), place, reason)}
        return _put(connection, analysis_id, position, known, values)


def give_up(engine: Engine, analysis_id: str, position: int, reason: str, *, fence: Fence = unfenced) -> None:
    """The flight goes on without that segment, and nobody is at it any more; told in the audit trail.

    Its file says so already.
    """
    with writing(engine) as connection:
        fence(connection)
        known = _find(connection, analysis_id, position)
        if known is not None and known.given_up:
            return
        _put(connection, analysis_id, position, known, {"under_way": False, "given_up": True, "reason": reason})
        of_it = sa.and_(segments.c.analysis_id == analysis_id, segments.c.position == position)
        connection.execute(sa.update(segments).where(of_it).values(frames_done=0, done=True))
        claimed = sa.and_(claims.c.analysis_id == analysis_id, claims.c.position == position)
        connection.execute(sa.delete(claims).where(claimed))
        told: Details = {"position": position, "reason": reason}
        record(connection, actor="gateway", action="analysis.segment_given_up", subject=analysis_id, details=told)


def given_up(engine: Engine, ids: tuple[str, ...]) -> Mapping[str, tuple[FailedSegment, ...]]:
    """Spans of these analyses that were not looked at, in order of time; at most some hundred ids at once."""
    joined = trials.join(
        segments,
        sa.and_(trials.c.analysis_id == segments.c.analysis_id, trials.c.position == segments.c.position),
    )
    query = (
        sa.select(trials.c.analysis_id, trials.c.position, segments.c.start_s, segments.c.stop_s, trials.c.reason)
        .select_from(joined)
        .where(trials.c.analysis_id.in_(ids), trials.c.given_up.is_(True))
        .order_by(trials.c.analysis_id, trials.c.position)
    )
    found: dict[str, list[FailedSegment]] = {}
    with reading(engine) as connection:
        for row in connection.execute(query):
            found.setdefault(row.analysis_id, []).append(
                FailedSegment(row.position, row.start_s, row.stop_s, row.reason)
            )
    return {analysis_id: tuple(rows) for analysis_id, rows in found.items()}


def begin_anew(connection: Connection, analysis_id: str) -> None:
    """The analysis is tried again: segments that were given up are to be sensed, and no failure counts any more."""
    lost = sa.select(trials.c.position).where(trials.c.analysis_id == analysis_id, trials.c.given_up.is_(True))
    of_them = sa.and_(segments.c.analysis_id == analysis_id, segments.c.position.in_(lost.scalar_subquery()))
    connection.execute(sa.update(segments).where(of_them).values(done=False))
    connection.execute(sa.delete(trials).where(trials.c.analysis_id == analysis_id))


def given_up_values(analysis_id: str, position: int, reason: str) -> dict[str, object]:
    """The row of a segment that was given up, as its file tells it."""
    trial = Trial(failures=1, reason=reason, given_up=True)
    return {
        "analysis_id": analysis_id,
        "position": position,
        **{name: getattr(trial, name) for name in Trial.__slots__},
    }


def _one_more(trial: Trial, place: str, reason: str) -> dict[str, Any]:
    again = trial.failures > 0 and trial.place == place
    return {"failures": trial.failures + 1 if again else 1, "place": place, "reason": reason}


def _find(connection: Connection, analysis_id: str, position: int) -> Trial | None:
    query = sa.select(*(trials.c[name] for name in Trial.__slots__))
    row = connection.execute(query.where(_same(analysis_id, position))).mappings().first()
    return Trial(**row) if row else None


def _put(connection: Connection, analysis_id: str, position: int, known: Trial | None, values: dict[str, Any]) -> Trial:
    if known is None:
        whole = {name: getattr(Trial(), name) for name in Trial.__slots__} | values
        connection.execute(sa.insert(trials).values(analysis_id=analysis_id, position=position, **whole))
        return Trial(**whole)
    connection.execute(_of(analysis_id, position).values(**values))
    return Trial(**({name: getattr(known, name) for name in Trial.__slots__} | values))


def _of(analysis_id: str, position: int) -> sa.Update:
    return sa.update(trials).where(_same(analysis_id, position))


def _same(analysis_id: str, position: int) -> sa.ColumnElement[bool]:
    return sa.and_(trials.c.analysis_id == analysis_id, trials.c.position == position)
