"""Flights in either database."""

from dataclasses import replace

import pytest

from wideberth_contracts.errors import NotFound
from wideberth_gateway.store import flights as store
from wideberth_gateway.store.audit import trail
from wideberth_gateway.store.flights import Flight, FlightPart

PART = FlightPart(0, "a" * 64, "DJI_0001.MP4", 10.0, None, None)
FLIGHT = Flight("1" * 64, "DJI_0001", "Kim", "", "", "", 1000.0, (PART, replace(PART, position=1)))


def test_a_known_flight_stays_as_it_is(engine) -> None:
    assert store.enter(engine, FLIGHT, "kim") == FLIGHT
    assert store.enter(engine, replace(FLIGHT, operator="Lee"), "lee") == FLIGHT
    assert store.find(engine, FLIGHT.id) == FLIGHT


def test_pages_hold_flights_of_one_moment_once(engine) -> None:
    ids = [f"{number:064x}" for number in range(7)]
    for flight_id in ids:
        store.enter(engine, replace(FLIGHT, id=flight_id), "kim")
    seen: list[str] = []
    while page := store.newest(engine, limit=3, after=seen[-1] if seen else None):
        seen += [flight.id for flight in page]
    assert seen == ids[::-1]


@pytest.mark.parametrize("before", [None, "b" * 64])
def test_a_look_made_with_the_old_telemetry_is_not_kept(engine, before) -> None:
    store.enter(engine, FLIGHT, "kim")
    store.pair(engine, FLIGHT.id, 0, before, "old.csv", "kim")
    old = store.find(engine, FLIGHT.id).parts[0]
    store.keep_look(engine, FLIGHT.id, old, "{}")
    assert [part.look_json for part in store.find(engine, FLIGHT.id).parts] == ["{}", None]
    store.pair(engine, FLIGHT.id, 0, "c" * 64, "new.csv", "kim")
    store.keep_look(engine, FLIGHT.id, old, "{}")
    assert store.find(engine, FLIGHT.id).parts[0].look_json is None


def test_what_was_changed_is_in_the_trail(engine) -> None:
    store.enter(engine, FLIGHT, "kim")
    store.change(engine, FLIGHT.id, {"notes": "calm", "operator": "Kim"}, "lee")
    store.change(engine, FLIGHT.id, {"notes": "calm"}, "lee")
    entries = [(link.entry["actor"], link.entry["action"]) for link in trail(engine)]
    assert entries == [("kim", "flight.entered"), ("lee", "flight.changed")]


def test_what_is_not_there_is_told(engine) -> None:
    for ask in (
        lambda: store.find(engine, FLIGHT.id),
        lambda: store.newest(engine, limit=1, after=FLIGHT.id),
        lambda: store.change(engine, FLIGHT.id, {}, "kim"),
        lambda: store.pair(engine, FLIGHT.id, 0, None, None, "kim"),
    ):
        with pytest.raises(NotFound):
            ask()
