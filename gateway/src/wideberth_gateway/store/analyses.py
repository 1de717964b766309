"""Originals, analyses and their segments in the database."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_contracts.errors import Problem
from wideberth_gateway.evidence.chain import Details
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.executors import Fence, unfenced
from wideberth_gateway.store.job_tables import claims
from wideberth_gateway.store.organisations import Owned, Sight, seen
from wideberth_gateway.store.tables import analyses, originals, segments
from wideberth_gateway.store.trial_tables import trials
from wideberth_gateway.store.trials import begin_anew, given_up_values

IDS_AT_ONCE = 500
"""In one query: databases limit how many values a condition may have."""


class State(StrEnum):
    """Where an analysis stands."""

    QUEUED = "queued"
    SENSING = "sensing"
    FOLLOWING = "following"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """True when nothing more happens by itself."""
        return self in (State.DONE, State.FAILED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it came, named by its hash."""

    sha256: str
    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment. `starts`: how often its sensing began; more than once only after a break."""

    position: int
    start_s: float
    stop_s: float
    frames: int
    frames_done: int = 0
    starts: int = 0
    done: bool = False


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis with its segments, as the database knows it.

    Attributes:
        attempt: counts from 1, up with every new try after a failure or a cancel.
        started_epoch_s, frames_at_start: of the run now going on; what the time left is reckoned from.
        forked_from, forked_stage: the analysis it goes on from, and from which stage; None for one from the start.
    """

    id: str
    video_sha256: str
    video_name: str
    telemetry_sha256: str | None
    telemetry_name: str | None
    settings_json: str
    grade: str
    state: State
    attempt: int
    problem: Problem | None
    created_epoch_s: float
    started_epoch_s: float | None
    frames_at_start: int
    finished_epoch_s: float | None
    segments: tuple[SegmentRow, ...]
    forked_from: str | None = None
    forked_stage: str | None = None

    @property
    def frames_total(self) -> int:
        """Frames to sense."""
        return sum(segment.frames for segment in self.segments)

    @property
    def frames_done(self) -> int:
        """Frames sensed so far."""
        return sum(segment.frames_done for segment in self.segments)

    def seconds_left(self, now_epoch_s: float) -> float | None:
        """Time left at the pace of this run, s; None where there is no pace yet or nothing goes on."""
        if self.state is not State.SENSING or self.started_epoch_s is None:
            return None
        done = self.frames_done - self.frames_at_start
        spent_s = now_epoch_s - self.started_epoch_s
        if done <= 0 or spent_s <= 0:
            return None
        return (self.frames_total - self.frames_done) * spent_s / done


def keep_original(engine: Engine, original: Original) -> Original:
    """The original as first named; the same bytes under another name stay one original."""
    with writing(engine) as connection:
        known = _original(connection, original.sha256)
        if known is not None:
            return known
        values = {"sha256": original.sha256, "name": original.name, "size_bytes": original.size_bytes}
        connection.execute(sa.insert(originals).values(**values, received_epoch_s=time.time()))
        told: Details = {"name": original.name, "size_bytes": original.size_bytes}
        record(connection, actor="upload", action="original.kept", subject=original.sha256, details=told)
        return original


def find_original(engine: Engine, sha256: str) -> Original | None:
    """The original of that hash."""
    with reading(engine) as connection:
        return _original(connection, sha256)


def all_originals(engine: Engine) -> tuple[Original, ...]:
    """Every file that was ever received, by hash."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(originals).order_by(originals.c.sha256))
        return tuple(Original(row.sha256, row.name, row.size_bytes) for row in rows)


def open_analysis(engine: Engine, new: Analysis) -> tuple[Analysis, bool]:
    """The analysis of that id, and whether it must be started.

    A new one is entered as queued. One that failed or was cancelled is queued again as the next attempt; what its
    segments hold is kept. One that goes on or is done is left alone.
    """
    with writing(engine) as connection:
        known = _analysis(connection, new.id)
        if known is None:
            connection.execute(sa.insert(analyses).values(analysis_values(new)))
            if new.segments:
                connection.execute(sa.insert(segments), [segment_values(new.id, one) for one in new.segments])
            told: Details = {"video_sha256": new.video_sha256, "telemetry_sha256": new.telemetry_sha256}
            if new.forked_from is not None:
                told = {**told, "forked_from": new.forked_from, "stage": new.forked_stage}
            record(connection, actor="client", action="analysis.asked", subject=new.id, details=told)
            return new, True
        if known.state not in (State.FAILED, State.CANCELLED):
            return known, False
        again = {"state": State.QUEUED.value, "attempt": known.attempt + 1, "problem_json": None}
        _update(connection, new.id, **again, finished_epoch_s=None)
        begin_anew(connection, new.id)
        record(
            connection,
            actor="client",
            action="analysis.resumed",
            subject=new.id,
            details={"attempt": known.attempt + 1},
        )
        found = _analysis(connection, new.id)
        assert found is not None
        return found, True


def find_analysis(engine: Engine, analysis_id: str) -> Analysis | None:
    """The analysis of that id."""
    with reading(engine) as connection:
        return _analysis(connection, analysis_id)


def list_analyses(
    engine: Engine, *, limit: int, before_epoch_s: float | None = None, sight: Sight = None
) -> tuple[Analysis, ...]:
    """Analyses that somebody of that sight sees, newest first."""
    query = sa.select(analyses).order_by(analyses.c.created_epoch_s.desc(), analyses.c.id).limit(limit)
    query = query.where(seen(Owned.ANALYSIS, analyses.c.id, sight))
    if before_epoch_s is not None:
        query = query.where(analyses.c.created_epoch_s < before_epoch_s)
    return _all_of(engine, query)


def all_analyses(engine: Engine) -> tuple[Analysis, ...]:
    """Every analysis, oldest first."""
    return _all_of(engine, sa.select(analyses).order_by(analyses.c.created_epoch_s, analyses.c.id))


def analyses_of(engine: Engine, videos: tuple[str, ...], sight: Sight = None) -> tuple[Analysis, ...]:
    """Every analysis of these videos that somebody of that sight sees, newest first."""
    query = sa.select(analyses).where(analyses.c.video_sha256.in_(videos))
    query = query.where(seen(Owned.ANALYSIS, analyses.c.id, sight))
    return _all_of(engine, query.order_by(analyses.c.created_epoch_s.desc(), analyses.c.id))


def count_by_state(engine: Engine) -> dict[str, int]:
    """How many analyses stand where."""
    query = sa.select(analyses.c.state, sa.func.count()).group_by(analyses.c.state)
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def states(engine: Engine, ids: tuple[str, ...]) -> dict[str, str]:
    """Where these analyses stand; unknown ones are left out."""
    query = sa.select(analyses.c.id, analyses.c.state).where(analyses.c.id.in_(ids))
    with reading(engine) as connection:
        return {row.id: row.state for row in connection.execute(query)}


def unfinished(engine: Engine) -> tuple[Analysis, ...]:
    """Analyses that wait or go on, oldest first."""
    ended = [state.value for state in State if state.ended]
    return _all_of(
        engine, sa.select(analyses).where(analyses.c.state.not_in(ended)).order_by(analyses.c.created_epoch_s)
    )


def begin_run(engine: Engine, analysis_id: str) -> None:
    """Sensing begins, or goes on after a break; the pace is reckoned from here."""
    with writing(engine) as connection:
        done = sa.select(sa.func.coalesce(sa.func.sum(segments.c.frames_done), 0)).where(
            segments.c.analysis_id == analysis_id
        )
        frames = connection.scalar(done) or 0
        _update(connection, analysis_id, started_epoch_s=time.time(), frames_at_start=frames)
        _move(connection, analysis_id, State.SENSING)


def move(
    engine: Engine, analysis_id: str, state: State, problem: Problem | None = None, *, fence: Fence = unfenced
) -> None:
    """The analysis now stands there, unless it has been cancelled or has ended."""
    with writing(engine) as connection:
        fence(connection)
        _move(connection, analysis_id, state, problem)


def note_frames(engine: Engine, analysis_id: str, position: int, frames_done: int) -> None:
    """So many frames of a segment are sensed."""
    with writing(engine) as connection:
        connection.execute(_of(analysis_id, position).values(frames_done=frames_done))


def end_segment(engine: Engine, analysis_id: str, position: int, *, fence: Fence = unfenced) -> None:
    """The segment's file is whole and where files are kept; nobody is at it any more."""
    with writing(engine) as connection:
        fence(connection)
        connection.execute(_of(analysis_id, position).values(frames_done=segments.c.frames, done=True))
        of_it = sa.and_(claims.c.analysis_id == analysis_id, claims.c.position == position)
        connection.execute(sa.delete(claims).where(of_it))


def state_of(engine: Engine, analysis_id: str) -> State | None:
    """Where the analysis stands."""
    with reading(engine) as connection:
        state = connection.scalar(sa.select(analyses.c.state).where(analyses.c.id == analysis_id))
        return None if state is None else State(state)


def inherit_segments(
    engine: Engine, analysis_id: str, positions: Collection[int], failed: Mapping[int, str], *, fence: Fence = unfenced
) -> None:
    """Files of these segments were taken over from another analysis; of `failed` ones they say why there is nothing."""
    with writing(engine) as connection:
        fence(connection)
        for position in positions:
            connection.execute(_of(analysis_id, position).values(frames_done=segments.c.frames, done=True))
        for position, reason in failed.items():
            connection.execute(_of(analysis_id, position).values(frames_done=0, done=True))
            same = sa.and_(trials.c.analysis_id == analysis_id, trials.c.position == position)
            connection.execute(sa.delete(trials).where(same))
            connection.execute(sa.insert(trials).values(given_up_values(analysis_id, position, reason)))


def _of(analysis_id: str, position: int) -> sa.Update:
    return sa.update(segments).where(segments.c.analysis_id == analysis_id, segments.c.position == position)


def _move(connection: Connection, analysis_id: str, state: State, problem: Problem | None = None) -> None:
    ended = [one.value for one in State if one.ended]
    values: dict[str, object] = {"state": state.value}
    if state.ended:
        values["finished_epoch_s"] = time.time()
    if problem is not None:
        values["problem_json"] = problem.model_dump_json()
    done = connection.execute(
        sa.update(analyses).where(analyses.c.id == analysis_id, analyses.c.state.not_in(ended)).values(**values)
    )
    if state.ended and done.rowcount:
        told = {"problem": problem.title if problem else None}
        record(connection, actor="gateway", action=f"analysis.{state.value}", subject=analysis_id, details=told)


def _update(connection: Connection, analysis_id: str, **values: object) -> None:
    connection.execute(sa.update(analyses).where(analyses.c.id == analysis_id).values(**values))


def _original(connection: Connection, sha256: str) -> Original | None:
    row = connection.execute(sa.select(originals).where(originals.c.sha256 == sha256)).first()
    return Original(row.sha256, row.name, row.size_bytes) if row else None


def _analysis(connection: Connection, analysis_id: str) -> Analysis | None:
    row = connection.execute(sa.select(analyses).where(analyses.c.id == analysis_id)).mappings().first()
    return None if row is None else _of_row(row, _segments(connection, (analysis_id,)))


def _all_of(engine: Engine, query: "sa.Select[Any]") -> tuple[Analysis, ...]:
    """The analyses of a query with their segments: two queries however many there are."""
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
        parts: dict[str, list[SegmentRow]] = {}
        for start in range(0, len(rows), IDS_AT_ONCE):
            parts |= _segments(connection, tuple(row["id"] for row in rows[start : start + IDS_AT_ONCE]))
    return tuple(_of_row(row, parts) for row in rows)


def _segments(connection: Connection, ids: tuple[str, ...]) -> dict[str, list[SegmentRow]]:
    of_them = (
        sa.select(segments).where(segments.c.analysis_id.in_(ids)).order_by(segments.c.analysis_id, segments.c.position)
    )
    found: dict[str, list[SegmentRow]] = {}
    for one in connection.execute(of_them):
        row = SegmentRow(one.position, one.start_s, one.stop_s, one.frames, one.frames_done, one.starts, one.done)
        found.setdefault(one.analysis_id, []).append(row)
    return found


def _of_row(row: "sa.RowMapping", parts: Mapping[str, list[SegmentRow]]) -> Analysis:
    known = {key: value for key, value in row.items() if key not in ("state", "problem_json")}
    problem = Problem.model_validate_json(row["problem_json"]) if row["problem_json"] else None
    return Analysis(**known, state=State(row["state"]), problem=problem, segments=tuple(parts.get(row["id"], ())))


def analysis_values(new: Analysis) -> dict[str, object]:
    """An analysis as a row, without its segments."""
    columns = [column.name for column in analyses.columns if column.name not in ("state", "problem_json")]
    return {name: getattr(new, name) for name in columns} | {"state": new.state.value, "problem_json": None}


def segment_values(analysis_id: str, one: SegmentRow) -> dict[str, object]:
    """A segment as a row."""
    columns = [column.name for column in segments.columns if column.name != "analysis_id"]
    return {"analysis_id": analysis_id} | {name: getattr(one, name) for name in columns}
