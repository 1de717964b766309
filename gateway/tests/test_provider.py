"""Signing in at an OpenID provider, and everything that must not sign anybody in."""

import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from gated import gated
from joserfc.jwk import RSAKey
from local_provider import CLIENT_ID, CLIENT_SECRET, local_provider, shared_secret

from wideberth_contracts.errors import BadInput
from wideberth_gateway.access.provider import _safe as safe
from wideberth_gateway.access.provider import claim
from wideberth_gateway.access.roles import Role
from wideberth_gateway.store import people, visits
from wideberth_gateway.store.organisations import organisation_of_name
from wideberth_gateway.store.people import Standing


@pytest.fixture(scope="module")
def provider():
    with local_provider() as made:
        yield made


@pytest.fixture(scope="module")
def one_gate(tmp_path_factory, provider):
    settings = {
        "oidc_issuer": provider.issuer,
        "oidc_label": "Harbour",
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
        "oidc_roles_claim": "realm_access.roles",
        "oidc_roles": {"sea-watch": "reviewer", "boss": "administrator"},
        "oidc_organisation_claim": "office",
        "sign_ins_per_minute": 10_000,
        "public_url": "http://gateway",
    }
    with gated(tmp_path_factory.mktemp("provider"), **settings) as made:
        yield made


@pytest.fixture
def gate(one_gate, provider):
    one_gate.client.cookies.clear()
    provider.forge, provider.claims = None, of("kim")
    return one_gate


def of(subject: str, *roles: str, **more) -> dict:
    return {"sub": subject, "preferred_username": f"{subject} of the harbour",
            "realm_access": {"roles": list(roles or ("sea-watch",))}, **more}  # fmt: skip


def visit(gate) -> str:
    """There, and as far as the provider sends one back: that address."""
    there = gate.ask("GET", "/v1/session/provider")
    assert there.status_code == 303, there.text
    return httpx.get(there.headers["location"], follow_redirects=False).headers["location"]


def come_back(gate, address: str) -> httpx.Response:
    return gate.ask("GET", address.removeprefix("http://gateway"))


def test_there_and_back_one_is_signed_in(gate, provider) -> None:
    provider.claims = of("kim", "sea-watch", "unknown", office="Harbour office")
    assert gate.ask("GET", "/v1/session/ways").json() == {"password": True, "provider": "Harbour"}
    back = come_back(gate, visit(gate))
    assert (back.status_code, back.headers["location"]) == (303, "/")
    who = gate.ask("GET", "/v1/session").json()
    assert (who["name"], who["roles"], who["has_password"]) == ("kim of the harbour", ["reviewer"], False)
    assert who["organisation"] == organisation_of_name(gate.app.state.engine, "Harbour office").id
    asked = provider.asked[-1]
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    csrf = {"X-CSRF-Token": who["csrf"]}
    change = gate.ask("PUT", "/v1/session/password", headers=csrf, json={"old": "a", "new": "a long sentence"})
    assert change.status_code == 409
    assert gate.status("POST", "/v1/session", json={"name": "kim of the harbour", "password": "x"}) == 401


def test_roles_are_what_the_provider_says_each_time(gate, provider) -> None:
    provider.claims = of("lee", "boss")
    come_back(gate, visit(gate))
    assert gate.ask("GET", "/v1/session").json()["roles"] == ["administrator"]
    provider.claims = of("lee", "sea-watch")
    come_back(gate, visit(gate))
    assert gate.ask("GET", "/v1/session").json()["roles"] == ["reviewer"]


def test_who_has_no_role_or_is_disabled_or_is_called_like_another_stays_out(gate, provider) -> None:
    engine = gate.app.state.engine
    provider.claims = of("stranger", "unknown")
    assert come_back(gate, visit(gate)).status_code == 403
    provider.claims = of("yu")
    come_back(gate, visit(gate))
    yu = people.person_of_name(engine, "yu of the harbour")
    people.change_person(engine, yu.id, Standing(yu.roles), True, "console")
    assert come_back(gate, visit(gate)).status_code == 403
    provider.claims = of("other") | {"preferred_username": "administrator"}
    assert come_back(gate, visit(gate)).status_code == 409
    provider.claims = of("nameless") | {"preferred_username": ""}
    assert come_back(gate, visit(gate)).status_code == 403
    assert gate.status("GET", "/v1/session") == 401


def test_only_the_browser_that_set_out_comes_back_and_only_once(gate) -> None:
    address = visit(gate)
    state = parse_qs(urlsplit(address).query)["state"][0]
    gate.client.cookies.clear()
    assert come_back(gate, address).status_code == 401
    gate.client.cookies.set("wideberth-visit", state)
    assert come_back(gate, address).status_code == 303
    gate.client.cookies.clear()
    gate.client.cookies.set("wideberth-visit", state)
    assert come_back(gate, address).status_code == 401
    assert gate.status("GET", "/v1/session/provider/callback?state=&code=x") == 401


def test_a_visit_is_over_after_a_while(engine, monkeypatch) -> None:
    visits.begin_visit(engine, visits.Visit("s", "n", "v"))
    assert visits.end_visit(engine, "other") is None
    later = time.time() + visits.LONGEST_S + 1
    monkeypatch.setattr(visits.time, "time", lambda: later)
    assert visits.end_visit(engine, "s") is None


FORGERIES = {
    "another nonce": lambda header, claims, key: (header, claims | {"nonce": "other"}, key),
    "no nonce": lambda header, claims, key: (header, {k: v for k, v in claims.items() if k != "nonce"}, key),
    "of another client": lambda header, claims, key: (header, claims | {"aud": "other"}, key),
    "of another issuer": lambda header, claims, key: (header, claims | {"iss": "http://other"}, key),
    "expired": lambda header, claims, key: (header, claims | {"exp": int(time.time()) - 3600}, key),
    "signed by another": lambda header, claims, key: (header, claims, RSAKey.generate_key(2048, {"kid": "one"})),
    "signed with a shared secret": lambda header, claims, key: (header | {"alg": "HS256"}, claims, shared_secret()),
    "signed by nobody": lambda header, claims, key: (header | {"alg": "none"}, claims, key),
}


@pytest.mark.parametrize("how", FORGERIES)
def test_a_forged_token_signs_nobody_in(gate, provider, how) -> None:
    provider.forge = FORGERIES[how]
    refused = come_back(gate, visit(gate))
    assert (refused.status_code, "ID token does not hold" in refused.json()["detail"]) == (401, True)
    assert gate.status("GET", "/v1/session") == 401


def test_a_code_of_ones_own_making_signs_nobody_in(gate) -> None:
    address = visit(gate)
    state = parse_qs(urlsplit(address).query)["state"][0]
    assert gate.status("GET", f"/v1/session/provider/callback?state={state}&code=guessed") == 401
    denied = gate.ask("GET", f"/v1/session/provider/callback?state={state}&error=access_denied")
    assert "access_denied" in denied.json()["detail"]


def test_a_provider_that_is_away_or_is_another_is_told(tmp_path, provider) -> None:
    with gated(tmp_path / "a", oidc_issuer="http://127.0.0.1:9", oidc_client_id="x") as gate:
        assert gate.status("GET", "/v1/session/provider") == 503
    with gated(tmp_path / "b", oidc_issuer=f"{provider.issuer}/", oidc_client_id="x") as gate:
        assert "calls itself" in gate.ask("GET", "/v1/session/provider").json()["detail"]
    with gated(tmp_path / "c") as gate:
        assert gate.status("GET", "/v1/session/provider") == 404
        assert gate.keys[Role.OPERATOR]


@pytest.mark.parametrize("url", ["http://provider.example", "ftp://127.0.0.1", "https:", ""])
def test_what_is_told_to_a_provider_goes_by_tls(url) -> None:
    if url == "https:":
        return safe("https://provider.example")
    with pytest.raises(BadInput):
        safe(url)
    return None


def test_claims_are_found_by_their_path() -> None:
    claims = {"a": {"b": ["c"]}, "d": "e"}
    assert [claim(claims, path) for path in ("a.b", "d", "d.x", "x.y")] == [["c"], "e", None, None]
