"""What an organisation may bring all together, told before the first byte."""

import base64

import pytest
from gated import gated

from wideberth_gateway.access.roles import Role
from wideberth_gateway.store.access_tables import HOME
from wideberth_gateway.store.analyses import Original, keep_original
from wideberth_gateway.store.keys import add_key
from wideberth_gateway.store.organisations import ANYONE, Owned, add_organisation, belongs, set_quota
from wideberth_gateway.store.quotas import used_by_organisation
from wideberth_gateway.uploads.quota import Quota

TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    with gated(tmp_path_factory.mktemp("quotas"), organisation_quota_bytes=1000, quota_bytes=900) as made:
        yield made


def begin(gate, key: str, length: int, name: str):
    told = f"filename {base64.b64encode(name.encode()).decode()}"
    headers = TUS | {"Upload-Length": str(length), "Upload-Metadata": told}
    return gate.ask("POST", "/v1/uploads", key, headers=headers)


def test_two_people_share_what_their_organisation_may_keep(gate) -> None:
    engine = gate.app.state.engine
    east = add_organisation(engine, "east", "console").id
    kim, lee = (add_key(engine, name, Role.OPERATOR, organisation_id=east) for name in ("kim", "lee"))
    assert begin(gate, kim, 700, "a.mp4").status_code == 201
    refused = begin(gate, lee, 400, "b.mp4")
    assert (refused.status_code, refused.json()["where"]) == (413, "b.mp4")
    assert "300 are left of the 1000 that east together may keep here" in refused.json()["detail"]
    assert gate.status("POST", "/v1/originals?name=c.bin", lee, content=b"c" * 400) == 413
    assert gate.status("POST", "/v1/originals?name=c.bin", lee, content=b"c" * 300) == 201
    assert begin(gate, lee, 1, "d.mp4").status_code == 413
    assert used_by_organisation(engine, east) == 1000
    own = begin(gate, gate.keys[Role.OPERATOR], 901, "e.mp4")
    assert "each person" in own.json()["detail"], "the narrower of both counts"
    assert begin(gate, gate.keys[Role.OPERATOR], 900, "e.mp4").status_code == 201


def test_an_administrator_gives_an_organisation_another_quota(gate) -> None:
    administrator = gate.keys[Role.ADMINISTRATOR]
    made = gate.ask("POST", "/v1/organisations", administrator, json={"name": "west", "quota_bytes": 50}).json()
    assert (made["quota_bytes"], made["used_bytes"]) == (50, 0)
    key = add_key(gate.app.state.engine, "yu", Role.OPERATOR, organisation_id=made["id"])
    assert begin(gate, key, 51, "a.mp4").status_code == 413
    path = f"/v1/organisations/{made['id']}"
    kept = gate.ask("PUT", path, administrator, json={"name": "West"}).json()
    assert (kept["name"], kept["quota_bytes"]) == ("West", 50)
    assert (
        gate.ask("PUT", path, administrator, json={"name": "West", "quota_bytes": None}).json()["quota_bytes"] is None
    )
    assert begin(gate, key, 51, "a.mp4").status_code == 201
    listed = {one["name"]: one["used_bytes"] for one in gate.ask("GET", "/v1/organisations", administrator).json()}
    assert listed["West"] == 51


def test_what_two_brought_counts_for_both(engine) -> None:
    quota = Quota(engine, None, None)
    assert quota.left(ANYONE) is None
    other = add_organisation(engine, "east", "console").id
    keep_original(engine, Original("a" * 64, "a.mp4", 30))
    assert (used_by_organisation(engine, HOME), used_by_organisation(engine, other)) == (30, 0)
    for one in (HOME, other):
        belongs(engine, Owned.ORIGINAL, "a" * 64, one, "console")
    assert (used_by_organisation(engine, HOME), used_by_organisation(engine, other)) == (30, 30)
    assert set_quota(engine, other, 7, "console").quota_bytes == 7
