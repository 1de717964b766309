"""Flights and their parts in the database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from wideberth_contracts.errors import NotFound
from wideberth_contracts.phrases import phrase
from wideberth_gateway.evidence.chain import Details
from wideberth_gateway.store.areas import Placed, Point, is_located, locate
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.flight_tables import flight_parts, flights
from wideberth_gateway.store.organisations import Owned, Sight, seen


@dataclass(frozen=True, slots=True)
class FlightPart:
    """One file of a recording. `look_json` is a quick look, None until it was taken with this telemetry."""

    position: int
    video_sha256: str
    video_name: str
    duration_s: float
    telemetry_sha256: str | None
    telemetry_name: str | None
    look_json: str | None = None


@dataclass(frozen=True, slots=True)
class Flight:
    """One recording as a person brought it. What they did not say is an empty text."""

    id: str
    name: str
    operator: str
    drone: str
    permit: str
    notes: str
    created_epoch_s: float
    parts: tuple[FlightPart, ...]


TOLD = ("name", "operator", "drone", "permit", "notes")
"""What a person says of a flight and may change."""


def flights_with(engine: Engine, video_sha256: str) -> tuple[str, ...]:
    """Ids of the flights of which that is a video."""
    query = sa.select(flight_parts.c.flight_id).where(flight_parts.c.video_sha256 == video_sha256)
    with reading(engine) as connection:
        return tuple(connection.scalars(query))


def enter(engine: Engine, new: Flight, actor: str) -> Flight:
    """The flight of that id; entered where it is new, else left as it is known."""
    with writing(engine) as connection:
        known = _flight(connection, new.id)
        if known is not None:
            return known
        values = {name: getattr(new, name) for name in ("id", *TOLD, "created_epoch_s")}
        connection.execute(sa.insert(flights).values(values))
        rows = [
            {"flight_id": new.id} | {name: getattr(part, name) for name in FlightPart.__slots__} for part in new.parts
        ]
        connection.execute(sa.insert(flight_parts), rows)
        told: Details = {"name": new.name, "parts": len(new.parts)}
        record(connection, actor=actor, action="flight.entered", subject=new.id, details=told)
        return new


def find(engine: Engine, flight_id: str) -> Flight:
    """The flight of that id. Raises `NotFound`."""
    with reading(engine) as connection:
        return _found(connection, flight_id)


def newest(engine: Engine, *, limit: int, after: str | None = None, sight: Sight = None) -> tuple[Flight, ...]:
    """Flights that somebody of that sight sees, newest first, from behind one on. Raises `NotFound` for that one."""
    query = sa.select(flights.c.id).where(seen(Owned.FLIGHT, flights.c.id, sight))
    query = query.order_by(flights.c.created_epoch_s.desc(), flights.c.id.desc()).limit(limit)
    with reading(engine) as connection:
        if after is not None:
            last = _found(connection, after)
            place = sa.tuple_(flights.c.created_epoch_s, flights.c.id)
            query = query.where(place < sa.tuple_(sa.literal(last.created_epoch_s), sa.literal(last.id)))
        return tuple(_found(connection, flight_id) for flight_id in connection.scalars(query).all())


def change(engine: Engine, flight_id: str, values: Mapping[str, str], actor: str) -> Flight:
    """What a person says of the flight now; only names of `TOLD`. Raises `NotFound`."""
    with writing(engine) as connection:
        known = _found(connection, flight_id)
        new = {name: value for name, value in values.items() if name in TOLD and getattr(known, name) != value}
        if not new:
            return known
        connection.execute(sa.update(flights).where(flights.c.id == flight_id).values(new))
        record(connection, actor=actor, action="flight.changed", subject=flight_id, details={"changed": ",".join(new)})
        return _found(connection, flight_id)


def pair(engine: Engine, flight_id: str, position: int, sha256: str | None, name: str | None, actor: str) -> Flight:
    """Another telemetry, or none, for a part; what was seen with the old one is forgotten.

    Raises:
        NotFound: no such flight, or no such part of it.
    """
    values = {"telemetry_sha256": sha256, "telemetry_name": name, "look_json": None}
    with writing(engine) as connection:
        _found(connection, flight_id)
        if connection.execute(sa.update(flight_parts).where(_of(flight_id, position)).values(values)).rowcount == 0:
            raise NotFound("the flight has no such part", where=f"{flight_id}, part {position}")
        locate(connection, Placed.FLIGHT, flight_id, ())
        told: Details = {"part": position, "telemetry_sha256": sha256}
        record(connection, actor=actor, action="flight.paired", subject=flight_id, details=told)
        return _found(connection, flight_id)


def keep_look(engine: Engine, flight_id: str, part: FlightPart, look_json: str) -> None:
    """The look of a part, unless it has been given another telemetry meanwhile."""
    same = flight_parts.c.telemetry_sha256.is_not_distinct_from(part.telemetry_sha256)
    with writing(engine) as connection:
        query = sa.update(flight_parts).where(_of(flight_id, part.position), same)
        connection.execute(query.values(look_json=look_json))
        locate(connection, Placed.FLIGHT, flight_id, _path(_found(connection, flight_id)))


def locate_all(engine: Engine) -> None:
    """Flights that were looked at before places were kept have theirs too."""
    query = sa.select(flights.c.id).where(
        sa.exists().where(flight_parts.c.flight_id == flights.c.id, flight_parts.c.look_json.is_not(None))
    )
    with reading(engine) as connection:
        missing = [one for one in connection.scalars(query) if not is_located(connection, Placed.FLIGHT, one)]
    for flight_id in missing:
        with writing(engine) as connection:
            locate(connection, Placed.FLIGHT, flight_id, _path(_found(connection, flight_id)))


def _path(flight: Flight) -> tuple[Point, ...]:
    """Where the drone was all the time; nowhere unless it is known of every part, by telemetry that is its own."""
    looks = [json.loads(part.look_json) if part.look_json else {} for part in flight.parts]
    paths = [() if (look.get("join") or {}).get("refused") else look.get("path", ()) for look in looks]
    return tuple((one["latitude"], one["longitude"]) for path in paths for one in path) if all(paths) else ()


def _of(flight_id: str, position: int) -> sa.ColumnElement[bool]:
    return (flight_parts.c.flight_id == flight_id) & (flight_parts.c.position == position)


def _found(connection: Connection, flight_id: str) -> Flight:
    found = _flight(connection, flight_id)
    if found is None:
        raise NotFound(
            "no flight of that id", where=flight_id, remedy="see GET /v1/flights", said=phrase("problem.no_flight")
        )
    return found


def _flight(connection: Connection, flight_id: str) -> Flight | None:
    row = connection.execute(sa.select(flights).where(flights.c.id == flight_id)).mappings().first()
    if row is None:
        return None
    query = sa.select(*(flight_parts.c[name] for name in FlightPart.__slots__))
    query = query.where(flight_parts.c.flight_id == flight_id).order_by(flight_parts.c.position)
    return Flight(**row, parts=tuple(FlightPart(**part) for part in connection.execute(query).mappings()))
