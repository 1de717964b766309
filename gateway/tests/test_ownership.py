"""Every route by every role by whose it is: one's own is there, and what is another's is as if it were not."""

import base64
import re
import time
from uuid import uuid4

import pytest
from gated import Gated, gated, path_of
from gateway_alerts import alert
from sqlalchemy.engine import Engine

from wideberth_gateway.access.ownership import ALERT, BAGS, OWNED
from wideberth_gateway.access.policy import POLICY
from wideberth_gateway.access.roles import Role
from wideberth_gateway.alerts.changes import TOLD
from wideberth_gateway.store import analyses, flights, uploads
from wideberth_gateway.store.access_tables import HOME
from wideberth_gateway.store.alerts import publish
from wideberth_gateway.store.analyses import Analysis, Original, State
from wideberth_gateway.store.flights import Flight, FlightPart
from wideberth_gateway.store.keys import add_key
from wideberth_gateway.store.organisations import Owned, add_organisation, belongs
from wideberth_gateway.store.uploads import Upload
from wideberth_gateway.store.webhooks import add_webhook, turn

FREE = {"position", "file", "name", "index", "rest:path", "pack_id", "hold_id", "webhook_id", "delivery_id",
        "person_id", "organisation_id", "key_id", "area_id", "pts", "form", "registration_id"}  # fmt: skip
"""Parameters that name nobody's row, or one that only administrators reach. `registration_id`: see `test_folders`."""
NOT_THERE = re.compile(r"^no (analysis|flight|original|upload|alert|bag) of that (id|name)$")


def parameters(row: str) -> set[str]:
    return set(re.findall(r"\{([^}]+)\}", row))


GUARDED = [row for row in POLICY if parameters(row) & {*OWNED, ALERT} or row.split(" ")[1].startswith(BAGS)]
ORDINARY = [role for role in Role if role is not Role.ADMINISTRATOR]


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    with gated(tmp_path_factory.mktemp("owned")) as made:
        yield made


@pytest.fixture(scope="module")
def places(gate):
    """Two organisations, each with a key of each role, and the first one."""
    engine = gate.app.state.engine
    ids = {name: add_organisation(engine, name, "console").id for name in ("east", "west")} | {"home": HOME}
    keys = {
        (name, role): add_key(engine, f"{name} {role.value}", role, organisation_id=ids[name])
        for name in ids
        for role in Role
    }
    return ids, keys


def things(engine: Engine, organisation_id: str | None) -> dict[str, str]:
    """One of each kind, of that organisation; None: of nobody's."""
    tag = uuid4().hex * 2
    now = time.time()
    analyses.keep_original(engine, Original(tag, "a.mp4", 3))
    part = FlightPart(0, tag, "a.mp4", 1.0, None, None)
    flights.enter(engine, Flight(tag, "a", "", "", "", "", now, (part,)), "console")
    analyses.open_analysis(
        engine,
        Analysis(tag, tag, "a.mp4", None, None, "{}", "A", State.QUEUED, 1, None, now, None, 0, None, ()),
    )
    analyses.move(engine, tag, State.DONE)
    upload = Upload(tag[:32], "a.mp4", "filename YQ==", 3, 0, None, None, None, "console", now, now + 900)
    uploads.create(engine, upload)
    found = alert(tag[:8], analysis_id=tag)
    publish(engine, (found,))
    if organisation_id is not None:
        for kind, subject in (
            (Owned.ORIGINAL, tag),
            (Owned.FLIGHT, tag),
            (Owned.ANALYSIS, tag),
            (Owned.UPLOAD, tag[:32]),
        ):
            belongs(engine, kind, subject, organisation_id, "console")
    bag = f"wideberth-KR-1-{found.id[:12]}-v1"
    return {
        "analysis_id": tag,
        "other_id": tag,
        "flight_id": tag,
        "sha256": tag,
        "upload_id": tag[:32],
        "alert_id": found.id,
        "bag": bag,
    }


def asked(gate: Gated, row: str, key: str, of: dict[str, str]):
    method, template = row.split(" ")
    for name, value in of.items():
        template = template.replace(f"{{{name}}}", value)
    if template.startswith(BAGS):
        template = template.replace("{name}", of["bag"])
    return gate.ask(method, path_of(template), key, headers={"Tus-Resumable": "1.0.0"})


def there(answer) -> bool:
    if answer is None or answer.status_code != 404:
        return True
    if not answer.content:
        return False
    return NOT_THERE.match(answer.json()["detail"]) is None


def test_every_parameter_of_a_path_is_somebodys_or_nobodys() -> None:
    named = {name for row in POLICY for name in parameters(row)}
    assert named == FREE | set(OWNED) | {ALERT}
    assert len(GUARDED) > 25


@pytest.mark.parametrize("row", GUARDED)
def test_one_sees_ones_own_and_nobody_elses(gate, places, row) -> None:
    ids, keys = places
    is_bag = row.split(" ")[1].startswith(BAGS)
    for role in POLICY[row].roles & frozenset(ORDINARY):
        own, foreign = things(gate.app.state.engine, ids["east"]), things(gate.app.state.engine, ids["west"])
        if not is_bag:  # there is no bag; that it would be looked for is seen below
            assert there(asked(gate, row, keys["east", role], own)), role
        refused = asked(gate, row, keys["east", role], foreign)
        assert refused.status_code == 404, role
        assert not there(refused), role
    if Role.ADMINISTRATOR in POLICY[row].roles and not is_bag:
        assert there(asked(gate, row, keys["east", Role.ADMINISTRATOR], things(gate.app.state.engine, ids["west"])))


@pytest.mark.parametrize(
    "row", [row for row in GUARDED if row.startswith("GET") and not row.split(" ")[1].startswith(BAGS)]
)
def test_what_is_nobodys_is_of_the_first_organisation(gate, places, row) -> None:
    _, keys = places
    role = Role.REVIEWER if Role.REVIEWER in POLICY[row].roles else Role.OPERATOR
    of = things(gate.app.state.engine, None)
    assert there(asked(gate, row, keys["home", role], of))
    assert not there(asked(gate, row, keys["east", role], of))


def test_what_is_foreign_and_what_is_missing_are_answered_alike(gate, places) -> None:
    ids, keys = places
    foreign, missing = (
        things(gate.app.state.engine, ids["west"]),
        dict.fromkeys(("analysis_id", "flight_id", "sha256"), "f" * 64),
    )
    for who in ("home", "east"):
        for row in ("GET /v1/analyses/{analysis_id}", "GET /v1/flights/{flight_id}", "GET /v1/originals/{sha256}"):
            answers = [asked(gate, row, keys[who, Role.OPERATOR], of).json() for of in (foreign, missing)]
            alike = [{**answer, "where": len(answer["where"])} for answer in answers]
            assert alike[0] == alike[1]


def test_lists_hold_ones_own(gate, places) -> None:
    ids, keys = places
    own, foreign = things(gate.app.state.engine, ids["east"]), things(gate.app.state.engine, ids["west"])
    for path, name in (
        ("/v1/analyses?limit=200", "analysis_id"),
        ("/v1/flights?limit=200", "flight_id"),
        ("/v1/collections/alerts/items?limit=1000", "alert_id"),
        (f"/v1/collections/alerts/items?analysis={own['analysis_id']}", "alert_id"),
        ("/v1/alerts/feed.atom?limit=500", "alert_id"),
    ):
        for role in (Role.OPERATOR, Role.RESEARCHER, Role.REVIEWER):
            text = gate.ask("GET", path, keys["east", role]).text
            assert (own[name] in text, foreign[name] in text) == (True, False), (path, role)
    hidden = f"/v1/collections/alerts/items?analysis={foreign['analysis_id']}"
    assert gate.ask("GET", hidden, keys["east", Role.OPERATOR]).json()["features"] == []


def test_a_reviewer_sees_what_they_are_given_and_only_as_a_reviewer(gate, places) -> None:
    ids, _ = places
    engine = gate.app.state.engine
    foreign = things(gate.app.state.engine, ids["west"])
    name, both = uuid4().hex, (Role.REVIEWER, Role.OPERATOR)
    given = add_key(engine, name, *both, organisation_id=ids["east"], sees=frozenset({ids["west"]}))
    everyone = add_key(engine, f"{name} all", Role.REGULATOR, organisation_id=ids["east"], sees=None)
    operator = add_key(engine, f"{name} op", Role.OPERATOR, organisation_id=ids["east"], sees=None)
    look, stop = "GET /v1/analyses/{analysis_id}", "POST /v1/analyses/{analysis_id}/cancel"
    assert [there(asked(gate, look, key, foreign)) for key in (given, everyone, operator)] == [True, True, False]
    assert not there(asked(gate, stop, given, foreign))


def test_a_hash_alone_opens_no_file(gate, places) -> None:
    """Who claims a file by its hash must send it, unless their organisation has it."""
    ids, keys = places
    west = things(gate.app.state.engine, ids["west"])["sha256"]
    operator = keys["east", Role.OPERATOR]
    for body in ({"video": west}, {"video": things(gate.app.state.engine, ids["east"])["sha256"], "telemetry": west}):
        refused = gate.ask("POST", "/v1/analyses", operator, json=body)
        assert (refused.status_code, "of that hash was sent" in refused.json()["detail"]) == (404, True)
    assert gate.status("POST", "/v1/flights", operator, json={"files": [west]}) == 404
    own = things(gate.app.state.engine, ids["east"])
    path = f"/v1/flights/{own['flight_id']}/parts/0/telemetry"
    assert gate.status("PUT", path, operator, json={"telemetry": west}) == 404


def test_files_are_of_whoever_brings_them_also_of_two(gate, places) -> None:
    _, keys = places
    sent = gate.ask("POST", "/v1/originals?name=a.bin", keys["east", Role.OPERATOR], content=b"abc").json()
    path = f"/v1/originals/{sent['sha256']}"
    assert gate.status("GET", path, keys["east", Role.RESEARCHER]) == 200
    assert gate.status("GET", path, keys["west", Role.OPERATOR]) == 404
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "3"}
    told = {"Upload-Metadata": "filename YS5iaW4=,sha256 " + _base64(sent["sha256"])}
    made = gate.ask("POST", "/v1/uploads", keys["west", Role.OPERATOR], headers=tus | told)
    assert (made.status_code, made.headers["Upload-Offset"]) == (201, "0")
    mine = gate.ask("POST", "/v1/uploads", keys["east", Role.OPERATOR], headers=tus | told)
    assert mine.headers["Upload-Offset"] == "3"
    place = "/v1/" + made.headers["Location"]
    body = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    assert gate.status("PATCH", place, keys["east", Role.OPERATOR], headers=body, content=b"abc") == 404
    assert gate.status("PATCH", place, keys["west", Role.OPERATOR], headers=body, content=b"abc") == 204
    assert gate.status("GET", path, keys["west", Role.OPERATOR]) == 200
    assert gate.status("GET", path, keys["home", Role.OPERATOR]) == 404


def test_a_receiver_of_an_organisation_is_told_of_its_alerts_alone(engine) -> None:
    east, west = (add_organisation(engine, name, "console").id for name in ("east", "west"))
    mine, everyones = (add_webhook(engine, f"https://192.0.2.1/{one}", "standard", "s", TOLD) for one in "ab")
    belongs(engine, Owned.RECEIVER, mine.id, east, "console")
    ours, theirs = things(engine, east)["alert_id"], things(engine, west)["alert_id"]
    told = {(due.webhook.id, due.alert.id) for due in turn(engine, (), time.time(), 1000, {})}
    assert told == {(mine.id, ours), (everyones.id, ours), (everyones.id, theirs)}
    assert turn(engine, (), time.time(), 1000, {}) == ()


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
