"""Every route by every role: who is let through, and who is told to sign in or to stay out."""

from pathlib import Path

import pytest
from gated import every_route, gated, path_of
from gateway_alerts import alert

from wideberth_gateway.access.policy import POLICY, Open
from wideberth_gateway.access.roles import Role
from wideberth_gateway.access.table import put_into
from wideberth_gateway.store import audit
from wideberth_gateway.store.alerts import publish

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "access.md"
ASKERS = [None, *Role]


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    with gated(tmp_path_factory.mktemp("gated"), sign_ins_per_minute=10_000) as made:
        yield made


def may(row: str, role: Role | None) -> bool:
    rule = POLICY[row]
    if rule.open_to is Open.EVERYONE:
        return True
    return role is not None and (rule.open_to is Open.SIGNED_IN or role in rule.roles)


def test_every_route_has_a_row_and_every_row_a_route(gate) -> None:
    there = {route for route in every_route(gate.app) if not route.startswith("HEAD ") or route in POLICY}
    assert there - set(POLICY) == set(), "routes without a row in access/policy.py: nobody can reach them"
    assert set(POLICY) - there == set(), "rows of access/policy.py without a route"


@pytest.mark.parametrize("row", POLICY)
def test_each_route_lets_its_roles_through_and_nobody_else(gate, row) -> None:
    method, template = row.split(" ")
    for role in ASKERS:
        status = gate.status(method, path_of(template), gate.keys[role] if role else None)
        if row == "GET /v1/session":
            assert status == 401  # it tells whether somebody is signed in, and a key is no session
        elif may(row, role):
            assert status not in (401, 403), (role, status)
        else:
            assert status == (403 if role else 401), role


@pytest.mark.parametrize("row", [row for row, rule in POLICY.items() if rule.open_to is not Open.EVERYONE])
def test_a_key_that_was_never_made_opens_nothing(gate, row) -> None:
    method, template = row.split(" ")
    assert gate.status(method, path_of(template), "wb_invented") == 401


def test_an_administrator_may_do_everything_but_decide() -> None:
    kept_from = {row for row, rule in POLICY.items() if rule.roles and Role.ADMINISTRATOR not in rule.roles}
    assert kept_from == {"POST /v1/alerts/{alert_id}/reviews"}


def test_a_route_without_a_row_answers_nobody(tmp_path) -> None:
    async def secret() -> str:
        return "told"

    with gated(tmp_path) as made:
        made.app.add_api_route("/v1/forgotten", secret)
        for key in (None, *made.keys.values()):
            answer = made.ask("GET", "/v1/forgotten", key)
            assert answer.status_code == (403 if key else 401)
            assert "told" not in answer.text


@pytest.mark.parametrize("path", ["//v1/analyses", "/v1/analyses/", "/V1/analyses", "/v1/%61nalyses", "/v1/./analyses"])
def test_no_other_spelling_of_a_path_comes_past_the_gate(gate, path) -> None:
    assert gate.status("GET", path) in (401, 404, 307)


def test_head_needs_what_get_needs(gate) -> None:
    assert gate.status("HEAD", "/openapi.json") == 401
    assert gate.status("HEAD", "/openapi.json", gate.keys[Role.RESEARCHER]) == 200


def test_a_refusal_says_what_is_missing(gate) -> None:
    signed_out = gate.ask("GET", "/v1/analyses").json()
    assert (signed_out["status"], signed_out["type"]) == (401, "urn:wideberth:error:not-signed-in")
    refused = gate.ask("GET", "/v1/holds", gate.keys[Role.OPERATOR]).json()
    assert "this is for administrator" in refused["detail"]


def test_a_regulator_decides_only_after_a_reviewer(gate) -> None:
    publish(gate.app.state.engine, (alert("second", analysis_id="7" * 64),))
    path = f"/v1/alerts/{alert('second', analysis_id='7' * 64).id}/reviews"
    body = {"decision": "confirm", "version": 1}
    first = gate.ask("POST", path, gate.keys[Role.REGULATOR], json=body)
    assert (first.status_code, first.json()["remedy"]) == (403, "a reviewer decides first")
    assert gate.status("POST", path, gate.keys[Role.REVIEWER], json=body) == 201
    again = gate.ask("POST", path, gate.keys[Role.REGULATOR], json={"decision": "confirm", "version": 2})
    assert [review["reviewer"] for review in again.json()["reviews"]] == ["a reviewer", "a regulator"]
    told = [link.entry for link in audit.trail(gate.app.state.engine) if link.entry["action"] == "alert.reviewed"]
    assert [one["actor"] for one in told] == ["a reviewer", "a regulator"]


def test_every_route_to_evidence_and_out_of_the_house_is_told() -> None:
    out = [row for row in POLICY if row.startswith("GET /v1/evidence/") or row.endswith(("/content", "/{file}"))]
    tells_itself = "GET /v1/evidence/{name}/bag.zip"  # `bag.fetched`, test_evidence.py
    assert [row for row in out if POLICY[row].told is None] == [tells_itself]
    assert len(out) == 5


def test_reading_evidence_is_told_before_it_is_answered(gate) -> None:
    engine = gate.app.state.engine
    before = len(audit.trail(engine))
    assert gate.status("GET", "/v1/alerts/rejections", gate.keys[Role.REVIEWER]) == 200
    assert gate.status("GET", "/v1/alerts/rejections", gate.keys[Role.OPERATOR]) == 403
    told = [link.entry for link in audit.trail(engine)[before:]]
    assert [(one["action"], one["actor"]) for one in told] == [("export.read", "a reviewer")]


def test_the_document_has_the_table_of_the_policy() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert put_into(text) == text, f"run `python -m wideberth_gateway.access.table {DOCUMENT.name}`"
