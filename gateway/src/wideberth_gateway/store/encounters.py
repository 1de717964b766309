"""Encounters of all analyses in the database."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_gateway.store.analyses import State
from wideberth_gateway.store.areas import Point, list_areas
from wideberth_gateway.store.encounter_tables import encounter_sets, encounters
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.organisations import Owned, Sight, of_organisations, seen
from wideberth_gateway.store.tables import analyses


class Kept(StrEnum):
    """Whether the rules were kept in an encounter, advisory ones left aside."""

    YES = "kept"
    NO = "broken"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True)
class Met:
    """One encounter. `vessel`: its name or MMSI where AIS matched one; `rules`: those that were broken."""

    analysis_id: str
    encounter_id: str
    craft_track: str
    craft_kind: str
    vessel: str | None
    pack_id: str
    starts_epoch_s: float | None
    closest_t_s: float
    closest_m: float
    low_95_m: float
    high_95_m: float
    latitude_deg: float | None
    longitude_deg: float | None
    verdict: Kept
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """A finished analysis: which video, when, and with which settings."""

    id: str
    video_sha256: str
    created_epoch_s: float
    settings_json: str


def not_read(engine: Engine, limit: int) -> tuple[str, ...]:
    """Finished analyses whose encounters are not in the table yet, oldest first."""
    known = sa.select(encounter_sets.c.analysis_id)
    query = sa.select(analyses.c.id).where(analyses.c.state == State.DONE.value, analyses.c.id.not_in(known))
    with reading(engine) as connection:
        return tuple(connection.scalars(query.order_by(analyses.c.created_epoch_s, analyses.c.id).limit(limit)))


def keep(engine: Engine, analysis_id: str, found: Sequence[Met], problem: str | None = None) -> None:
    """The encounters of an analysis are these; `problem` says why none could be read."""
    with writing(engine) as connection:
        for table in (encounters, encounter_sets):
            connection.execute(sa.delete(table).where(table.c.analysis_id == analysis_id))
        told = {"analysis_id": analysis_id, "read_epoch_s": time.time(), "problem": problem}
        connection.execute(sa.insert(encounter_sets).values(told))
        if found:
            connection.execute(sa.insert(encounters), [_values(one) for one in found])


def forget(engine: Engine, analysis_id: str) -> None:
    """The encounters of an analysis are to be read again, for its vessels have other names now."""
    with writing(engine) as connection:
        connection.execute(sa.delete(encounter_sets).where(encounter_sets.c.analysis_id == analysis_id))


def unreadable(engine: Engine, sight: Sight = None) -> dict[str, str]:
    """Analyses that somebody of that sight sees and whose encounters could not be read, and why."""
    query = sa.select(encounter_sets.c.analysis_id, encounter_sets.c.problem)
    query = query.where(seen(Owned.ANALYSIS, encounter_sets.c.analysis_id, sight))
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(query.where(encounter_sets.c.problem.is_not(None)))}


def all_met(engine: Engine, sight: Sight = None) -> tuple[Met, ...]:
    """Encounters of finished analyses, in order of time; those without one first.

    Args:
        engine: the database.
        sight: of their organisations, and where it is limited to areas, within one of them by the encounter's place.
    """
    limited = [one for one in list_areas(engine) if sight is not None and one.id in (sight.areas or ())]
    at = sa.func.coalesce(encounters.c.starts_epoch_s, 0.0)
    query = (
        sa.select(encounters)
        .join(analyses, analyses.c.id == encounters.c.analysis_id)
        .where(analyses.c.state == State.DONE.value)
        .order_by(at, encounters.c.analysis_id, encounters.c.encounter_id)
    )
    query = query.where(_of(sight))
    with reading(engine) as connection:
        found = tuple(_met(row) for row in connection.execute(query).mappings())
    if sight is None or sight.areas is None:
        return found
    return tuple(one for one in found if any(area.holds(_places(one)) for area in limited))


def finished(engine: Engine, sight: Sight = None) -> tuple[Looked, ...]:
    """Every finished analysis of their organisations, newest first."""
    columns = (analyses.c.id, analyses.c.video_sha256, analyses.c.created_epoch_s, analyses.c.settings_json)
    query = sa.select(*columns).where(analyses.c.state == State.DONE.value, _of(sight))
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(analyses.c.created_epoch_s.desc(), analyses.c.id.desc()))
        return tuple(Looked(*row) for row in rows)


def _of(sight: Sight) -> sa.ColumnElement[bool]:
    return of_organisations(Owned.ANALYSIS, analyses.c.id, None if sight is None else sight.organisations)


def _places(one: Met) -> tuple[Point, ...]:
    return () if one.latitude_deg is None or one.longitude_deg is None else ((one.latitude_deg, one.longitude_deg),)


def _values(one: Met) -> dict[str, Any]:
    values = asdict(one)
    return values | {"verdict": one.verdict.value, "rules_json": json.dumps(values.pop("rules"))}


def _met(row: "sa.RowMapping") -> Met:
    known = {key: value for key, value in row.items() if key not in ("verdict", "rules_json")}
    return Met(**known, verdict=Kept(row["verdict"]), rules=tuple(json.loads(row["rules_json"])))
