"""Keys: what needs one where the rest is open, and what a revoked one may."""

import pytest
from gateway_alerts import alert

from wideberth_contracts.errors import Conflict, NotFound
from wideberth_gateway.access.roles import Role
from wideberth_gateway.store.alerts import publish
from wideberth_gateway.store.engine import open_engine, reading
from wideberth_gateway.store.keys import add_key, find_holder, list_keys, revoke_key
from wideberth_gateway.store.tables import keys

NEED_A_NAME = [
    ("POST", "/v1/alerts/x/reviews", {"decision": "confirm", "version": 1}),
    ("GET", "/v1/alerts/rejections", None),
    ("POST", "/v1/alerts/x/evidence", None),
    ("GET", "/v1/evidence/x/bag.zip", None),
    ("GET", "/v1/webhooks", None),
    ("POST", "/v1/webhooks", {"url": "https://192.0.2.1/x"}),
    ("DELETE", "/v1/webhooks/x", None),
    ("GET", "/v1/webhooks/x/deliveries", None),
    ("POST", "/v1/webhooks/x/deliveries/1/retry", None),
]
"""Also where nobody has to sign in: a decision without a name is none."""


@pytest.fixture(scope="module")
def made(shared):
    engine = open_engine(f"sqlite:///{shared.data_dir / 'gateway.sqlite'}")
    yield engine, {role: add_key(engine, f"a {role.value}", role) for role in Role}
    engine.dispose()


def ask(shared, method: str, path: str, key: str | None, body=None):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return shared.run(shared.client.request(method, path, headers=headers, json=body))


@pytest.mark.parametrize(("method", "path", "body"), NEED_A_NAME)
def test_what_needs_a_name_wants_a_key_where_all_else_is_open(shared, made, method, path, body) -> None:
    _, of_role = made
    assert ask(shared, method, path, None, body).status_code == 401
    assert ask(shared, method, path, "wb_invented", body).status_code == 401
    assert ask(shared, method, path, of_role[Role.RESEARCHER], body).status_code == 403


def test_all_else_is_open_and_a_key_gives_a_name(shared, made) -> None:
    _, of_role = made
    assert ask(shared, "GET", "/v1/analyses", None).status_code == 200
    assert ask(shared, "GET", "/v1/analyses", of_role[Role.REVIEWER]).status_code == 200
    assert ask(shared, "GET", "/v1/analyses", "wb_invented").status_code == 401


def test_a_decision_bears_the_name_of_the_key(shared, made) -> None:
    engine, of_role = made
    publish(engine, (alert("k1", analysis_id="8" * 64),))
    path = f"/v1/alerts/{alert('k1', analysis_id='8' * 64).id}/reviews"
    answer = ask(shared, "POST", path, of_role[Role.REVIEWER], {"decision": "confirm", "version": 1})
    assert answer.status_code == 201
    assert answer.json()["reviews"][0]["reviewer"] == "a reviewer"
    again = ask(shared, "POST", path, of_role[Role.REVIEWER], {"decision": "reject", "version": 1})
    assert again.status_code == 422
    late = ask(shared, "POST", path, of_role[Role.REVIEWER], {"decision": "confirm", "version": 1})
    assert late.status_code == 409
    assert "read the alert again" in late.json()["remedy"]


def test_a_key_is_kept_as_a_hash_and_holds_until_revoked(engine) -> None:
    key = add_key(engine, "Kim", Role.REVIEWER)
    with pytest.raises(Conflict):
        add_key(engine, "Kim", Role.REVIEWER)
    with reading(engine) as connection:
        row = connection.execute(keys.select()).one()
    assert key not in str(row)
    holder = find_holder(engine, key)
    assert holder is not None
    assert holder.name == "Kim"
    assert list_keys(engine)[0].last_used_epoch_s is not None
    revoke_key(engine, "Kim")
    assert find_holder(engine, key) is None
    with pytest.raises(NotFound):
        revoke_key(engine, "Kim")
    assert add_key(engine, "Kim", Role.REVIEWER) != key
