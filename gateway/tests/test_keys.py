"""Keys at the edge: what needs one, which role, and what a revoked one may."""

import pytest
from gateway_alerts import alert

from wideberth_contracts.errors import Conflict, NotFound
from wideberth_gateway.access.roles import Role
from wideberth_gateway.store.alerts import publish
from wideberth_gateway.store.engine import open_engine, reading
from wideberth_gateway.store.keys import add_key, find_holder, list_keys, revoke_key
from wideberth_gateway.store.tables import keys

GUARDED = [
    ("POST", "/v1/alerts/x/reviews", Role.REVIEWER, {"decision": "confirm", "version": 1}),
    ("GET", "/v1/alerts/rejections", Role.REVIEWER, None),
    ("POST", "/v1/alerts/x/evidence", Role.REVIEWER, None),
    ("GET", "/v1/evidence/x/bag.zip", Role.REVIEWER, None),
    ("GET", "/v1/webhooks", Role.ADMINISTRATOR, None),
    ("POST", "/v1/webhooks", Role.ADMINISTRATOR, {"url": "https://192.0.2.1/x"}),
    ("DELETE", "/v1/webhooks/x", Role.ADMINISTRATOR, None),
    ("GET", "/v1/webhooks/x/deliveries", Role.ADMINISTRATOR, None),
    ("POST", "/v1/webhooks/x/deliveries/1/retry", Role.ADMINISTRATOR, None),
]


@pytest.fixture(scope="module")
def made(shared):
    engine = open_engine(f"sqlite:///{shared.data_dir / 'gateway.sqlite'}")
    yield engine, {role: add_key(engine, f"a {role.value}", role) for role in Role}
    engine.dispose()


def ask(shared, method: str, path: str, key: str | None, body=None):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return shared.run(shared.client.request(method, path, headers=headers, json=body))


@pytest.mark.parametrize(("method", "path", "role", "body"), GUARDED)
def test_each_route_wants_a_key_of_its_role(shared, made, method, path, role, body) -> None:
    _, of_role = made
    assert ask(shared, method, path, None, body).status_code == 401
    assert ask(shared, method, path, "wb_invented", body).status_code == 401
    for other in set(Role) - {role}:
        assert ask(shared, method, path, of_role[other], body).status_code == 403
    assert ask(shared, method, path, of_role[role], body).status_code not in (401, 403)


def test_every_route_that_changes_alerts_or_receivers_is_guarded(shared) -> None:
    """Uploads and analyses have no accounts yet; what touches alerts does not go without a key."""
    spec = shared.run(shared.client.get("/openapi.json")).json()
    changing = {
        (method.upper(), path)
        for path, operations in spec["paths"].items()
        for method in operations
        if method in ("post", "put", "patch", "delete") and ("alerts" in path or "webhooks" in path)
    }
    guarded = {(method, path.replace("/x", "/{}").replace("/1", "/{}")) for method, path, *_ in GUARDED}
    named = {(method, "/".join("{}" if part.startswith("{") else part for part in path.split("/")))
             for method, path in changing}  # fmt: skip
    assert named <= guarded


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
