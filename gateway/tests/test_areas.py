"""Who is limited to sea areas sees what lies in them; what has no place is not seen, unless one brought it."""

from dataclasses import replace
from uuid import uuid4

import pytest
from asking_analyses import ask
from gated import gated
from gateway_alerts import alert
from test_ownership import GUARDED, ORDINARY, asked, there, things
from test_season import BROKE
from waiting import in_a_loop, until_ended

from wideberth_contracts.errors import Conflict, NotFound
from wideberth_gateway.access.ownership import BAGS, bag_is_seen
from wideberth_gateway.access.policy import POLICY
from wideberth_gateway.access.roles import Role
from wideberth_gateway.analyses.whereabouts import locate_all, path_in
from wideberth_gateway.rules.areas import Corner
from wideberth_gateway.store import areas, encounters, flights
from wideberth_gateway.store.access_tables import HOME
from wideberth_gateway.store.alerts import Wanted, latest, newest, publish, rejected
from wideberth_gateway.store.areas import Placed, add_area, locate, remove_area
from wideberth_gateway.store.engine import writing
from wideberth_gateway.store.flights import Flight, FlightPart
from wideberth_gateway.store.keys import add_key
from wideberth_gateway.store.organisations import Bounds, Owned, Whose, add_organisation, inherit, is_seen

HERE, AWAY = (33.2, 126.2), (35.0, 129.0)
CORNERS = tuple(Corner(latitude=north, longitude=east) for north, east in ((33, 126), (33, 127), (34, 127), (34, 126)))
RING = [[one.longitude, one.latitude] for one in (*CORNERS, CORNERS[0])]
OUTLINE = {"type": "Polygon", "coordinates": [RING]}
NO_PLACE = [row for row in GUARDED if "{upload_id}" in row]
PLACED = [row for row in GUARDED if row not in NO_PLACE and not row.split(" ")[1].startswith(BAGS)]


def put(engine, of, *points) -> None:
    """The things lie there, but for the alert, which has its own place."""
    with writing(engine) as connection:
        locate(connection, Placed.FLIGHT, of["flight_id"], points)
        locate(connection, Placed.ANALYSIS, of["analysis_id"], points)


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    with gated(tmp_path_factory.mktemp("areas")) as made:
        yield made


@pytest.fixture(scope="module")
def limited(gate):
    """An area and a key of each role that is limited to it."""
    asked_for = {"name": "Jeju", "outline": {"type": "Feature", "properties": {}, "geometry": OUTLINE}}
    made = gate.ask("POST", "/v1/areas", gate.keys[Role.ADMINISTRATOR], json=asked_for)
    assert made.status_code == 201, made.text
    ids = frozenset({made.json()["id"]})
    return {role: add_key(gate.app.state.engine, f"limited {role.value}", role, areas=ids) for role in Role}


@pytest.mark.parametrize("row", PLACED)
def test_what_lies_inside_is_there_and_what_does_not_is_not(gate, limited, row) -> None:
    engine = gate.app.state.engine
    for role in POLICY[row].roles & frozenset(ORDINARY):
        inside, across, nowhere = (things(engine, HOME) for _ in range(3))
        put(engine, inside, HERE)
        put(engine, across, HERE, AWAY)
        assert there(asked(gate, row, limited[role], inside)), role
        if "{alert_id}" in row:  # it has a place of its own, inside
            assert there(asked(gate, row, limited[role], across)), role
            continue
        for hidden in (across, nowhere):
            refused = asked(gate, row, limited[role], hidden)
            assert (refused.status_code, there(refused)) == (404, False), role
    if Role.ADMINISTRATOR in POLICY[row].roles:
        assert there(asked(gate, row, limited[Role.ADMINISTRATOR], things(engine, HOME)))


@pytest.mark.parametrize("row", NO_PLACE)
def test_an_upload_is_of_whoever_sends_it(gate, limited, row) -> None:
    engine = gate.app.state.engine
    for role in POLICY[row].roles & frozenset(ORDINARY):
        others, own = things(engine, HOME), things(engine, HOME)
        Whose(f"limited {role.value}", HOME).brings(engine, Owned.UPLOAD, own["upload_id"])
        assert not there(asked(gate, row, limited[role], others)), role
        assert there(asked(gate, row, limited[role], own)), role


def test_lists_feeds_and_bags_hold_what_lies_inside(gate, limited) -> None:
    engine = gate.app.state.engine
    inside, outside = things(engine, HOME), things(engine, HOME)
    put(engine, inside, HERE)
    put(engine, outside, AWAY)
    there_, away, nowhere = (
        alert(uuid4().hex, latitude=place[0], longitude=place[1], analysis_id=inside["analysis_id"])
        for place in (HERE, AWAY, (None, None))
    )
    publish(engine, (there_, away, nowhere))
    for path, shown, hidden in (
        ("/v1/analyses?limit=200", (inside["analysis_id"],), (outside["analysis_id"],)),
        ("/v1/flights?limit=200", (inside["flight_id"],), (outside["flight_id"],)),
        ("/v1/collections/alerts/items?limit=1000", (there_.id, inside["alert_id"]), (away.id, nowhere.id)),
        ("/v1/alerts/feed.atom?limit=500", (there_.id,), (away.id, nowhere.id)),
    ):
        for role in ORDINARY:
            text = gate.ask("GET", path, limited[role]).text
            assert [one in text for one in (*shown, *hidden)] == [True] * len(shown) + [False] * len(hidden), path
    for one, found in ((there_, True), (away, False), (nowhere, False)):
        row, of = "GET /v1/collections/alerts/items/{alert_id}", {"alert_id": one.id}
        assert there(asked(gate, row, limited[Role.REGULATOR], of)) is found
        assert areas_see_bag(engine, one.id) is found


def areas_see_bag(engine, alert_id: str) -> bool:
    (area,) = areas.list_areas(engine)
    return bag_is_seen(engine, f"wideberth-KR-1-{alert_id[:12]}-v1", Bounds(None, frozenset({area.id})))


def test_what_one_brought_oneself_one_sees_wherever_it_was(gate, limited) -> None:
    sent = gate.ask("POST", "/v1/originals?name=a.bin", limited[Role.OPERATOR], content=b"mine").json()["sha256"]
    path = f"/v1/originals/{sent}"
    assert [gate.status("GET", path, limited[role]) for role in (Role.OPERATOR, Role.RESEARCHER)] == [200, 404]
    assert gate.status("GET", path, gate.keys[Role.RESEARCHER]) == 200


def test_a_file_is_where_its_flight_or_its_analysis_is(engine) -> None:
    area = add_area(engine, "Jeju", CORNERS, "chart", "console")
    sight = Bounds(frozenset({HOME}), frozenset({area.id}), "kim")
    one, other = things(engine, HOME), things(engine, HOME)
    put(engine, one, HERE)
    assert [is_seen(engine, Owned.ORIGINAL, of["sha256"], sight) for of in (one, other)] == [True, False]
    Whose("kim", HOME).brings(engine, Owned.UPLOAD, "0" * 32)
    inherit(engine, (Owned.UPLOAD, "0" * 32), (Owned.ORIGINAL, other["sha256"]), "kim")
    assert is_seen(engine, Owned.ORIGINAL, other["sha256"], sight)
    assert not is_seen(engine, Owned.ORIGINAL, other["sha256"], replace(sight, name="lee"))


def test_what_was_there_before_the_area_lies_in_it_too(engine) -> None:
    before = [alert(f"v{k}", latitude=place[0], longitude=place[1]) for k, place in enumerate((HERE, AWAY))]
    publish(engine, tuple(before))
    area = add_area(engine, "Jeju", CORNERS, "chart", "console")
    bounds = Bounds(None, frozenset({area.id}))
    publish(engine, (alert("v2"), alert("v3", latitude=None, longitude=None)))
    seen = [kept.alert.id for kept in latest(engine, Wanted(10, sight=bounds))]
    assert seen == [before[0].id, alert("v2").id]
    assert [kept.alert.id for kept in newest(engine, 10, bounds)] == seen[::-1]
    assert newest(engine, 10, Bounds(None, frozenset())) == ()
    moved = alert("v2", latitude=AWAY[0], longitude=AWAY[1])
    publish(engine, (moved,))
    assert [kept.alert.id for kept in latest(engine, Wanted(10, sight=bounds))] == [before[0].id]
    areas.refill(engine)
    assert [kept.alert.id for kept in latest(engine, Wanted(10, sight=bounds))] == [before[0].id]
    assert rejected(engine, bounds) == ()


def test_an_area_goes_when_nobody_is_limited_to_it(engine) -> None:
    area = add_area(engine, "Jeju", CORNERS, "chart", "console")
    with pytest.raises(Conflict, match="there is an area 'Jeju'"):
        add_area(engine, "Jeju", CORNERS, "chart", "console")
    add_key(engine, "lim", Role.RESEARCHER, areas=frozenset({area.id}))
    with pytest.raises(Conflict, match="lim may see this area alone"):
        remove_area(engine, area.id, "console")
    with pytest.raises(NotFound, match="no area of that id"):
        add_key(engine, "other", Role.RESEARCHER, areas=frozenset({"0" * 32}))
    second = add_area(engine, "Busan", CORNERS, "chart", "console")
    remove_area(engine, second.id, "console")
    assert [one.name for one in areas.list_areas(engine)] == ["Jeju"]
    with pytest.raises(NotFound):
        remove_area(engine, second.id, "console")


def test_encounters_go_by_organisation_and_by_their_own_place(engine) -> None:
    area = add_area(engine, "Jeju", CORNERS, "chart", "console")
    mine, other = things(engine, HOME)["analysis_id"], things(engine, None)["analysis_id"]
    foreign = things(engine, add_organisation(engine, "east", "console").id)["analysis_id"]
    inside = replace(BROKE, analysis_id=mine)
    away = replace(BROKE, analysis_id=mine, encounter_id="e2", latitude_deg=AWAY[0], longitude_deg=AWAY[1])
    nowhere = replace(BROKE, analysis_id=other, encounter_id="e3", latitude_deg=None, longitude_deg=None)
    encounters.keep(engine, mine, (inside, away))
    encounters.keep(engine, other, (nowhere,))
    encounters.keep(engine, foreign, (replace(BROKE, analysis_id=foreign),))
    assert len(encounters.all_met(engine)) == 4
    home = Bounds(frozenset({HOME}))
    assert {one.encounter_id for one in encounters.all_met(engine, home)} == {"e1", "e2", "e3"}
    assert foreign not in {one.analysis_id for one in encounters.all_met(engine, home)}
    assert foreign not in {one.id for one in encounters.finished(engine, home)}
    assert encounters.all_met(engine, replace(home, areas=frozenset({area.id}))) == (inside,)
    assert encounters.all_met(engine, replace(home, areas=frozenset())) == ()


def test_a_flight_lies_where_all_its_parts_do(engine) -> None:
    area = add_area(engine, "Jeju", CORNERS, "chart", "console")
    bounds = Bounds(frozenset({HOME}), frozenset({area.id}))
    part = FlightPart(0, "a" * 64, "a.MP4", 1.0, None, None)
    flights.enter(engine, Flight("1" * 64, "a", "", "", "", "", 1.0, (part, replace(part, position=1))), "kim")
    assert flights.newest(engine, limit=9, sight=bounds) == ()
    look = '{"path": [{"latitude": 33.2, "longitude": 126.2}], "join": %s}'
    flights.keep_look(engine, "1" * 64, part, look % "null")
    assert flights.newest(engine, limit=9, sight=bounds) == (), "of the second part nothing is known"
    flights.keep_look(engine, "1" * 64, replace(part, position=1), look % '{"refused": null}')
    assert len(flights.newest(engine, limit=9, sight=bounds)) == 1
    flights.keep_look(engine, "1" * 64, replace(part, position=1), look % '{"refused": "other_video"}')
    assert flights.newest(engine, limit=9, sight=bounds) == (), "the telemetry is of another video"
    flights.keep_look(engine, "1" * 64, replace(part, position=1), look % "null")
    flights.pair(engine, "1" * 64, 0, "b" * 64, "b.SRT", "kim")
    assert flights.newest(engine, limit=9, sight=bounds) == (), "the new telemetry was not looked at"


@in_a_loop
async def test_an_analysis_lies_where_its_plan_says(gateway, video, tmp_path) -> None:
    async with gateway() as client:
        analysis = (await ask(client, video)).json()["id"]
        await until_ended(client, analysis)
        engine, shelf = client._transport.app.state.engine, client._transport.app.state.shelf
        path = path_in(shelf.folders.analysis(analysis))
        assert path
        north, east = path[0]
        near = [
            Corner(latitude=north + a, longitude=east + b)
            for a, b in ((-0.1, -0.1), (-0.1, 0.1), (0.1, 0.1), (0.1, -0.1))
        ]
        locate_all(engine, shelf)
        area = add_area(engine, "near", near, "chart", "console")
        assert is_seen(engine, Owned.ANALYSIS, analysis, Bounds(None, frozenset({area.id})))
        far = add_area(engine, "far", [replace_corner(one) for one in near], "chart", "console")
        assert not is_seen(engine, Owned.ANALYSIS, analysis, Bounds(None, frozenset({far.id})))


def replace_corner(one: Corner) -> Corner:
    return Corner(latitude=one.latitude + 3, longitude=one.longitude)


def test_an_outline_that_is_none_is_refused(gate) -> None:
    administrator = gate.keys[Role.ADMINISTRATOR]
    hole = {"type": "Polygon", "coordinates": [RING, RING]}
    for body, said in (
        ({"name": "a", "outline": hole}, "a Polygon with holes"),
        ({"name": "a", "outline": {"type": "Point"}}, "a Point is no Polygon"),
        ({"name": "a", "rule_area": "kr.nothing"}, "no rule pack has an area of that id"),
    ):
        refused = gate.ask("POST", "/v1/areas", administrator, json=body)
        assert (refused.status_code, said in refused.json()["detail"]) == (400, True), refused.text
    assert gate.status("POST", "/v1/areas", administrator, json={"name": "a"}) == 422


def test_a_change_that_says_nothing_of_areas_lifts_no_limit(gate, limited) -> None:
    administrator, engine = gate.keys[Role.ADMINISTRATOR], gate.app.state.engine
    (area,) = areas.list_areas(engine)
    asked_for = {"name": "Lim", "roles": ["researcher"], "areas": [area.id]}
    made = gate.ask("POST", "/v1/people", administrator, json=asked_for).json()["person"]
    assert made["areas"] == [area.id]
    path = f"/v1/people/{made['id']}"
    kept = gate.ask("PUT", path, administrator, json={"roles": ["reviewer"]}).json()
    assert (kept["roles"], kept["areas"]) == (["reviewer"], [area.id])
    lifted = gate.ask("PUT", path, administrator, json={"roles": ["reviewer"], "areas": "everywhere"}).json()
    assert lifted["areas"] == "everywhere"
    assert gate.status("PUT", path, administrator, json={"roles": [], "areas": ["0" * 32]}) == 404
