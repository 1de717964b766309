"""Sea areas to which what somebody sees may be limited, and what lies within them.

An alert lies where the closest approach was. A flight or an analysis lies in an area where the drone was within it all
the time. What has no place lies in none.
"""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_contracts.errors import Conflict, NotFound
from wideberth_gateway.rules.areas import Corner, depth_m
from wideberth_gateway.store.access_tables import people
from wideberth_gateway.store.area_tables import insides, sea_areas, whereabouts
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.tables import alerts, keys

Point = tuple[float, float]
"""Latitude and longitude, WGS 84, degrees."""
REMEDY = "see GET /v1/areas"


class Placed(StrEnum):
    """Kinds of rows that lie somewhere."""

    ALERT = "alert"
    FLIGHT = "flight"
    ANALYSIS = "analysis"


@dataclass(frozen=True, slots=True)
class SeaArea:
    """An area. `source`: where its outline is from."""

    id: str
    name: str
    corners: tuple[Corner, ...]
    source: str

    def holds(self, points: Iterable[Point]) -> bool:
        """Whether there are points and all of them lie within; an edge is within."""
        placed = tuple(points)
        return bool(placed) and all(depth_m(self.corners, *point) >= 0 for point in placed)


def add_area(engine: Engine, name: str, corners: Sequence[Corner], source: str, actor: str) -> SeaArea:
    """A new area; what lies within it is known when this returns. Raises `Conflict` where there is one of that name."""
    made = SeaArea(uuid4().hex, name, tuple(corners), source)
    with writing(engine) as connection:
        if any(one.name == name for one in _areas(connection)):
            raise Conflict(f"there is an area {name!r}", remedy="choose another name")
        kept = {"corners_json": json.dumps([[one.latitude, one.longitude] for one in corners]), "source": source}
        connection.execute(sa.insert(sea_areas).values(id=made.id, name=name, created_epoch_s=time.time(), **kept))
        record(connection, actor=actor, action="area.added", subject=made.id, details={"name": name, "source": source})
        _fill(connection, made)
    return made


def remove_area(engine: Engine, area_id: str, actor: str) -> None:
    """It is no more.

    Raises:
        NotFound: there is none of that id.
        Conflict: somebody is limited to it.
    """
    with writing(engine) as connection:
        known_areas(connection, (area_id,))
        if held := _limited_to(connection, area_id):
            remedy = "give them other areas first"
            raise Conflict(f"{', '.join(held)} may see this area alone", where=area_id, remedy=remedy)
        same = sea_areas.c.id == area_id
        connection.execute(sa.update(sea_areas).where(same).values(removed_epoch_s=time.time()))
        connection.execute(sa.delete(insides).where(insides.c.area_id == area_id))
        record(connection, actor=actor, action="area.removed", subject=area_id)


def list_areas(engine: Engine) -> tuple[SeaArea, ...]:
    """All that stand, oldest first."""
    with reading(engine) as connection:
        return _areas(connection)


def known_areas(connection: Connection, ids: Iterable[str]) -> None:
    """Raises `NotFound` where one of the ids is of no area that stands."""
    there = {one.id for one in _areas(connection)}
    for area_id in ids:
        if area_id not in there:
            raise NotFound("no area of that id", where=area_id, remedy=REMEDY)


def locate(connection: Connection, kind: Placed, subject: str, points: Sequence[Point]) -> None:
    """It lies at these points; nowhere where there are none."""
    same = sa.and_(insides.c.kind == kind.value, insides.c.subject == subject)
    found = [one.id for one in _areas(connection) if one.holds(points)]
    connection.execute(sa.delete(insides).where(same))
    if found:
        rows = [{"kind": kind.value, "subject": subject, "area_id": area_id} for area_id in found]
        connection.execute(sa.insert(insides), rows)
    if kind is Placed.ALERT:
        return
    values = {"kind": kind.value, "subject": subject, "points_json": json.dumps([list(point) for point in points])}
    here = sa.and_(whereabouts.c.kind == kind.value, whereabouts.c.subject == subject)
    if connection.execute(sa.update(whereabouts).where(here).values(values)).rowcount == 0:
        connection.execute(sa.insert(whereabouts).values(values))


def is_located(connection: Connection, kind: Placed, subject: str) -> bool:
    """Whether it was looked up where it lies."""
    here = sa.and_(whereabouts.c.kind == kind.value, whereabouts.c.subject == subject)
    return connection.execute(sa.select(whereabouts.c.kind).where(here)).first() is not None


def refill(engine: Engine) -> None:
    """What lies within each area is looked up anew, after a database was made again from files."""
    for area in list_areas(engine):
        with writing(engine) as connection:
            _fill(connection, area)


def _fill(connection: Connection, area: SeaArea) -> None:
    known = set(connection.execute(sa.select(insides.c.kind, insides.c.subject).where(insides.c.area_id == area.id)))
    found = [(Placed.ALERT, subject) for subject in _alerts_in(connection, area)]
    for row in connection.execute(sa.select(whereabouts)):
        if area.holds((point[0], point[1]) for point in json.loads(row.points_json)):
            found.append((Placed(row.kind), row.subject))
    new = [one for one in found if (one[0].value, one[1]) not in known]
    if new:
        rows = [{"kind": kind.value, "subject": subject, "area_id": area.id} for kind, subject in new]
        connection.execute(sa.insert(insides), rows)
        if connection.dialect.name == "postgresql":  # it plans by what it knew of the table before
            connection.exec_driver_sql("ANALYZE insides")


def _alerts_in(connection: Connection, area: SeaArea) -> list[str]:
    """By the place of their newest version."""
    north, east = [one.latitude for one in area.corners], [one.longitude for one in area.corners]
    newer = alerts.alias("newer")
    query = sa.select(alerts.c.id, alerts.c.latitude_deg, alerts.c.longitude_deg).where(
        alerts.c.latitude_deg.between(min(north), max(north)),
        alerts.c.longitude_deg.between(min(east), max(east)),
        ~sa.exists().where(newer.c.id == alerts.c.id, newer.c.version > alerts.c.version),
    )
    return [row.id for row in connection.execute(query) if area.holds([(row.latitude_deg, row.longitude_deg)])]


def _areas(connection: Connection) -> tuple[SeaArea, ...]:
    query = sa.select(sea_areas).where(sea_areas.c.removed_epoch_s.is_(None))
    return tuple(
        SeaArea(
            row.id,
            row.name,
            tuple(Corner(latitude=north, longitude=east) for north, east in json.loads(row.corners_json)),
            row.source,
        )
        for row in connection.execute(query.order_by(sea_areas.c.created_epoch_s, sea_areas.c.id))
    )


def _limited_to(connection: Connection, area_id: str) -> list[str]:
    """Names of whoever is limited to that area among others."""
    rows = [
        *connection.execute(sa.select(people.c.name, people.c.areas).where(people.c.disabled_epoch_s.is_(None))),
        *connection.execute(sa.select(keys.c.name, keys.c.areas).where(keys.c.revoked_epoch_s.is_(None))),
    ]
    return sorted(row.name for row in rows if area_id in row.areas.split())
