"""People: the first start, signing in and out, passwords, sessions, and what an administrator does with them."""

import io
import os
import re
import subprocess
import sys
from itertools import count

import pytest
from gated import Gated, gated

from wideberth_contracts.errors import BadInput, Busy, Conflict, NotSignedIn
from wideberth_gateway.access.passwords import acceptable, fits, hashed, one_time_password
from wideberth_gateway.access.roles import Role
from wideberth_gateway.access.signing_in import greet_first, sign_in
from wideberth_gateway.store import audit, people, sessions
from wideberth_gateway.store.access_tables import HOME
from wideberth_gateway.store.access_tables import people as people_table
from wideberth_gateway.store.access_tables import sessions as session_table
from wideberth_gateway.store.engine import open_engine, reading, writing
from wideberth_gateway.store.keys import add_key, find_holder, list_keys
from wideberth_gateway.store.people import Standing, add_person

OWN = "a long sentence of my own"
NUMBERS = count()
FIRST = re.compile(r"one-time password\s+(\S+)\s")


@pytest.fixture(scope="module")
def one_gate(tmp_path_factory):
    with gated(tmp_path_factory.mktemp("accounts")) as made:
        made.client.headers["Sec-Fetch-Site"] = "same-origin"
        yield made


@pytest.fixture
def gate(one_gate):
    one_gate.client.cookies.clear()
    return one_gate


def person(gate: Gated, *roles: Role) -> tuple[str, str]:
    """Somebody whose password is `OWN`, signed in; their name and csrf token."""
    name = f"Kim {next(NUMBERS)}"
    engine = gate.app.state.engine
    made = add_person(engine, name, Standing(frozenset(roles)), "console", password=hashed("of no use any more"))
    people.set_password(engine, made.id, hashed(OWN), name, must_change=False)
    return name, entered(gate, name, OWN)["csrf"]


def entered(gate: Gated, name: str, password: str) -> dict:
    answer = gate.ask("POST", "/v1/session", json={"name": name, "password": password})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_the_first_start_prints_a_password_once_that_must_be_changed(tmp_path, monkeypatch) -> None:
    said = io.StringIO()
    monkeypatch.setattr(sys, "stdout", said)
    with gated(tmp_path) as gate:
        greet_first(gate.app.state.engine)
        assert said.getvalue().count("one-time password") == 1
        password = FIRST.search(said.getvalue())[1]
        assert gate.status("GET", "/v1/session") == 401
        who = entered(gate, "administrator", password)
        assert (who["roles"], who["must_change_password"]) == (["administrator"], True)
        csrf = {"X-CSRF-Token": who["csrf"]}
        refused = gate.ask("GET", "/v1/people")
        assert (refused.status_code, refused.json()["remedy"]) == (403, "PUT /v1/session/password")
        short = gate.ask("PUT", "/v1/session/password", headers=csrf, json={"old": password, "new": "short"})
        assert short.status_code == 400
        same = gate.ask("PUT", "/v1/session/password", headers=csrf, json={"old": password, "new": password})
        assert same.status_code == 400
        changed = gate.ask("PUT", "/v1/session/password", headers=csrf, json={"old": password, "new": OWN})
        assert (changed.status_code, changed.json()["must_change_password"]) == (200, False)
        assert [one["name"] for one in gate.ask("GET", "/v1/people").json()] == ["administrator"]
        gate.client.cookies.clear()
        assert gate.status("POST", "/v1/session", json={"name": "administrator", "password": password}) == 401


def test_a_session_is_told_by_its_cookie_and_ends_on_the_server(gate) -> None:
    name, csrf = person(gate, Role.OPERATOR)
    cookie = gate.client.cookies["wideberth"]
    assert gate.status("GET", "/v1/analyses") == 200
    assert gate.ask("GET", "/v1/session").json()["name"] == name
    assert gate.status("DELETE", "/v1/session") == 403
    assert gate.status("DELETE", "/v1/session", headers={"X-CSRF-Token": csrf}) == 204
    gate.client.cookies.set("wideberth", cookie)
    assert gate.status("GET", "/v1/session") == 401
    assert gate.status("GET", "/v1/analyses") == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(tmp_path) -> None:
    with gated(tmp_path, public_url="https://sea.example") as gate:
        person_in = add_person(
            gate.app.state.engine, "Kim", Standing(frozenset({Role.OPERATOR})), "console", password=hashed(OWN)
        )
        answer = gate.ask("POST", "/v1/session", json={"name": "Kim", "password": OWN})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-wideberth=")
        assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        with reading(gate.app.state.engine) as connection:
            kept = str(connection.execute(session_table.select()).all()) + str(
                connection.execute(people_table.select()).all()
            )
        assert cookie.split("=", 1)[1].split(";")[0] not in kept
        assert OWN not in kept
        assert person_in.id in kept


@pytest.mark.parametrize("token", [None, "", "guessed"])
def test_nothing_is_changed_without_the_token_of_the_session(gate, token) -> None:
    person(gate, Role.OPERATOR)
    headers = {} if token is None else {"X-CSRF-Token": token}
    for method, path in (("POST", "/v1/originals?name=a"), ("POST", "/v1/flights"), ("PUT", "/v1/session/password")):
        refused = gate.ask(method, path, headers=headers)
        assert (refused.status_code, refused.json()["detail"]) == (403, "the request does not come from the page")
    assert gate.status("GET", "/v1/flights") == 200


def test_another_site_signs_nobody_in(gate) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert gate.status("POST", "/v1/session", headers=headers, json={"name": "a", "password": "b"}) == 403
    assert gate.status("POST", "/v1/session", data={"name": "a", "password": "b"}) == 422


def test_a_session_ends_when_it_is_not_used_or_too_old(gate) -> None:
    name, _ = person(gate, Role.OPERATOR)
    engine = gate.app.state.engine
    for column, seconds in (("used_epoch_s", 12 * 3600 + 1), ("created_epoch_s", sessions.LONGEST_S + 1)):
        entered(gate, name, OWN)
        assert gate.status("GET", "/v1/session") == 200
        with writing(engine) as connection:
            connection.execute(session_table.update().values({column: session_table.c[column] - seconds}))
        assert gate.status("GET", "/v1/session") == 401


def test_names_are_slowed_down_after_five_tries_whether_or_not_there_is_one(engine) -> None:
    add_person(engine, "Kim", Standing(frozenset({Role.OPERATOR})), "console", password=hashed(OWN))
    for name in ("Kim", "nobody"):
        for _ in range(sessions.FREE_TRIES):
            with pytest.raises(NotSignedIn, match="name and password do not fit"):
                sign_in(engine, name, "wrong")
        with pytest.raises(Busy) as refused:
            sign_in(engine, name, OWN)
        assert 0 < refused.value.retry_after_s <= 1
    slowed = [link.entry for link in audit.trail(engine) if link.entry["action"] == "session.slowed"]
    assert len(slowed) == 2
    assert "Kim" not in str(slowed)


def test_a_right_password_forgets_the_tries_before(engine) -> None:
    add_person(engine, "Kim", Standing(frozenset({Role.OPERATOR})), "console", password=hashed(OWN))
    for _ in range(2):
        for _ in range(sessions.FREE_TRIES - 1):
            sessions.failed(engine, "Kim")
        assert sign_in(engine, "Kim", OWN)[1].person.name == "Kim"


def test_the_wait_grows_to_a_quarter_of_an_hour(engine) -> None:
    waits = []
    for _ in range(20):
        sessions.failed(engine, "Kim")
        waits.append(sessions.wait_s(engine, "Kim"))
    assert waits[:4] == [0.0] * 4
    assert waits[-1] == pytest.approx(sessions.LONGEST_WAIT_S, abs=1)
    assert [round(wait) for wait in waits[4:]] == sorted(round(wait) for wait in waits[4:])


def test_an_administrator_adds_changes_resets_and_disables(gate) -> None:
    key = gate.keys[Role.ADMINISTRATOR]
    place = gate.ask("POST", "/v1/organisations", key, json={"name": "Harbour office"}).json()["id"]
    asked = {"name": "Lee", "roles": ["reviewer"], "organisation": place, "sees": [HOME]}
    made = gate.ask("POST", "/v1/people", key, json=asked).json()
    assert gate.status("POST", "/v1/people", key, json=asked) == 409
    assert gate.status("POST", "/v1/people", key, json=asked | {"name": "x", "organisation": "0" * 32}) == 404
    assert entered(gate, "Lee", made["one_time_password"])["must_change_password"]
    path = f"/v1/people/{made['person']['id']}"
    again = gate.ask("POST", f"{path}/password", key).json()["one_time_password"]
    gate.client.headers.pop("Cookie", None)
    assert gate.status("GET", "/v1/session") == 401
    assert again != made["one_time_password"]
    standing = {"roles": ["regulator"], "organisation": place, "sees": "all"}
    changed = gate.ask("PUT", path, key, json=standing | {"disabled": True}).json()
    assert (changed["roles"], changed["sees"]) == (["regulator"], "all")
    assert changed["disabled_at"] is not None
    assert gate.status("POST", "/v1/session", json={"name": "Lee", "password": again}) == 401
    back = gate.ask("PUT", path, key, json=standing).json()
    assert back["disabled_at"] is None
    told = [
        link.entry["action"] for link in audit.trail(gate.app.state.engine) if link.entry["actor"] == "a administrator"
    ]
    assert told == ["organisation.added", "person.added", "person.password_set", "person.changed", "person.changed"]


def test_somebody_always_administers(gate) -> None:
    only = people.person_of_name(gate.app.state.engine, "administrator")
    path, key = f"/v1/people/{only.id}", gate.keys[Role.ADMINISTRATOR]
    assert gate.status("PUT", path, key, json={"roles": ["operator"]}) == 409
    assert gate.status("PUT", path, key, json={"roles": ["administrator"], "disabled": True}) == 409


def test_keys_over_http_are_shown_once_and_end(gate) -> None:
    admin = gate.keys[Role.ADMINISTRATOR]
    asked = {"name": "scraper", "roles": ["operator", "researcher"], "days": 1}
    key = gate.ask("POST", "/v1/keys", admin, json=asked).json()["key"]
    assert gate.status("GET", "/v1/analyses", key) == 200
    (shown,) = [one for one in gate.ask("GET", "/v1/keys", admin).json() if one["name"] == "scraper"]
    assert key not in str(shown)
    assert (shown["roles"], shown["shown"]) == (["operator", "researcher"], key[:8])
    assert shown["last_used_at"] is not None
    assert gate.status("DELETE", f"/v1/keys/{shown['id']}", admin) == 204
    assert gate.status("GET", "/v1/analyses", key) == 401
    assert gate.status("DELETE", f"/v1/keys/{shown['id']}", admin) == 404


def test_a_key_holds_no_longer_than_it_was_given(engine) -> None:
    add_key(engine, "short", Role.OPERATOR, days=1e-9)
    assert find_holder(engine, add_key(engine, "short", Role.OPERATOR, days=1)).roles == {Role.OPERATOR}
    assert [key.expires_epoch_s is None for key in list_keys(engine)] == [False, False]
    with pytest.raises(BadInput):
        add_key(engine, "none")
    with pytest.raises(Conflict):
        add_key(engine, "short", Role.REVIEWER)


def test_where_nobody_signs_in_there_are_no_sessions(shared) -> None:
    for method, path in (("GET", "/v1/session"), ("GET", "/v1/session/ways"), ("DELETE", "/v1/session")):
        assert shared.run(shared.client.request(method, path)).status_code in (401, 404)
    assert shared.run(shared.client.get("/v1/session")).status_code == 404
    asked = shared.client.post("/v1/session", json={"name": "a", "password": "b"})
    assert shared.run(asked).status_code == 404


@pytest.mark.parametrize("password", ["", "short", "x" * 201, "aaaaaaaaaaaaaaa", "Kim of the harbour"])
def test_passwords_that_may_not_be_one(password) -> None:
    with pytest.raises(BadInput):
        acceptable(password, "kim of the harbour")


def test_passwords_are_hashed_slowly_and_with_salt() -> None:
    one = hashed(OWN)
    assert one.startswith("$argon2id$")
    assert one != hashed(OWN)
    assert (fits(one, OWN), fits(one, "other"), fits(None, OWN), fits("broken", OWN)) == (True, False, False, False)
    assert one_time_password() != one_time_password()


def test_the_owner_gets_in_where_there_is_no_program(tmp_path) -> None:
    environment = os.environ | {"WIDEBERTH_GATEWAY_DATA_DIR": str(tmp_path)}

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "wideberth_gateway", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    made = call("key", "archive", "researcher", "operator")
    engine = open_engine(f"sqlite:///{tmp_path / 'gateway.sqlite'}")
    assert find_holder(engine, made.stdout.strip()).roles == {Role.RESEARCHER, Role.OPERATOR}
    greet_first(engine)
    password = call("password", "administrator").stdout.strip()
    assert sign_in(engine, "administrator", password)[1].person.must_change
    engine.dispose()
    for wrong in (("password", "nobody"), ("key", "x", "boss"), ("key", "y"), ("key",)):
        assert (call(*wrong).returncode, call(*wrong).stdout) == (1, "")


def test_the_token_for_metrics_opens_metrics_alone(tmp_path) -> None:
    with gated(tmp_path, metrics_token="a token of Prometheus") as gate:
        assert gate.status("GET", "/metrics", "a token of Prometheus") == 200
        assert gate.status("GET", "/metrics") == 401
        for path in ("/v1/analyses", "/v1/rules", "/v1/people", "/v1/session/password"):
            assert gate.status("GET" if path != "/v1/session/password" else "PUT", path, "a token of Prometheus") == 403
