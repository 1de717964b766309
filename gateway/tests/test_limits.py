"""What protects the gateway from whoever asks too much, and whoever asks from each other's pages."""

import asyncio
import io
import logging
import re
from contextlib import redirect_stderr

import pytest
import sqlalchemy as sa
from gated import gated, path_of
from waiting import in_a_loop

from wideberth_contracts.errors import Busy
from wideberth_gateway.access import limits
from wideberth_gateway.access.limits import SMALL_BODY_BYTES, Buckets
from wideberth_gateway.access.policy import POLICY
from wideberth_gateway.access.roles import Role
from wideberth_gateway.remote import http_stages
from wideberth_gateway.serving import without_secrets
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store import audit
from wideberth_gateway.store.access_tables import token_buckets
from wideberth_gateway.store.buckets import FORGOTTEN_S, Flow, Granted, forget_silent, take_block
from wideberth_gateway.store.engine import open_engine, reading
from wideberth_gateway.store.keys import add_key
from wideberth_gateway.store.migrate import migrate


def test_a_bucket_empties_and_fills(engine) -> None:
    flow = Flow(per_s=2, burst=3)
    assert [take_block(engine, "kim", flow, 2, 100.0).tokens for _ in range(3)] == [2, 1, 0]
    assert take_block(engine, "kim", flow, 2, 100.0).wait_s == pytest.approx(0.5)
    assert take_block(engine, "lee", flow, 2, 100.0).tokens == 2
    assert take_block(engine, "kim", flow, 2, 90.0).tokens == 0, "a clock that lags gives nothing"
    assert take_block(engine, "kim", flow, 2, 100.5).tokens == 1
    assert take_block(engine, "kim", flow, 9, 200.0).tokens == 3


def test_a_bucket_that_is_full_again_is_forgotten(engine) -> None:
    flow = Flow(per_s=1, burst=2)
    take_block(engine, "old", flow, 1, 100.0)
    take_block(engine, "new", flow, 1, 100.0 + FORGOTTEN_S)
    forget_silent(engine, 101.0 + FORGOTTEN_S)
    with reading(engine) as connection:
        assert connection.scalars(sa.select(token_buckets.c.caller)).all() == ["new"]


@in_a_loop
async def test_processes_share_a_bucket(tmp_path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'main.sqlite'}")
    migrate(engine)
    processes = [Buckets("requests", Flow(per_s=0.001, burst=30)) for _ in range(3)]

    async def asked(buckets: Buckets) -> bool:
        try:
            await buckets.take(engine, "kim")
        except Busy:
            return False
        return True

    answers = await asyncio.gather(*(asked(one) for one in processes for _ in range(30)))
    assert sum(answers) == 30
    engine.dispose()


@in_a_loop
async def test_a_block_costs_one_question_and_a_refusal_none(tmp_path, monkeypatch) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'main.sqlite'}")
    migrate(engine)
    asked: list[int] = []

    def counted(*given) -> Granted:
        asked.append(1)
        return take_block(*given)

    monkeypatch.setattr(limits, "take_block", counted)
    buckets = Buckets("requests", Flow(per_s=20, burst=20))
    assert buckets.block == 10
    await asyncio.gather(*(buckets.take(engine, "kim") for _ in range(10)))
    assert len(asked) == 1, "whoever asks at the same time waits for the same block"
    empty = Buckets("few", Flow(per_s=0.01, burst=1))
    await empty.take(engine, "kim")
    for _ in range(5):
        with pytest.raises(Busy) as refused:
            await empty.take(engine, "kim")
    assert refused.value.retry_after_s == pytest.approx(100, abs=1)
    assert len(asked) == 3
    engine.dispose()


@in_a_loop
async def test_of_many_callers_the_longest_silent_are_forgotten(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(limits, "KNOWN_CALLERS", 5)
    engine = open_engine(f"sqlite:///{tmp_path / 'main.sqlite'}")
    migrate(engine)
    buckets = Buckets("requests", Flow(per_s=0.01, burst=1))
    for number in range(9):
        await buckets.take(engine, str(number))
    assert list(buckets._held) == ["4", "5", "6", "7", "8"]
    for known in ("0", "8"):
        with pytest.raises(Busy):
            await buckets.take(engine, known)
    engine.dispose()


def test_who_asks_too_often_is_told_when_to_come_back(tmp_path) -> None:
    with gated(tmp_path, requests_per_s=0.2, sign_ins_per_minute=3) as gate:
        one, other = gate.keys[Role.OPERATOR], gate.keys[Role.RESEARCHER]
        assert [gate.status("GET", "/v1/rules", one) for _ in range(3)] == [200, 200, 429]
        refused = gate.ask("GET", "/v1/rules", one)
        assert int(refused.headers["Retry-After"]) in (4, 5)
        assert gate.status("GET", "/v1/rules", other) == 200
        asked = {"name": "nobody", "password": "guess"}
        assert [gate.status("POST", "/v1/session", json=asked) for _ in range(4)] == [401, 401, 401, 429]
        assert gate.status("GET", "/v1/rules", "wb_guessed") == 429


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    with gated(tmp_path_factory.mktemp("limits"), public_url="https://sea.example") as made:
        yield made


@pytest.fixture(scope="module")
def sees_all(gate) -> str:
    return add_key(gate.app.state.engine, "everywhere", Role.REVIEWER, sees=None)


@pytest.mark.parametrize(
    "row", [row for row, rule in POLICY.items() if row.startswith(("POST", "PUT")) and not rule.files]
)
def test_a_body_that_is_no_file_is_small(gate, sees_all, row) -> None:
    method, template = row.split(" ")

    async def long():
        for _ in range(100):
            yield b"[" * (SMALL_BODY_BYTES // 50)

    headers = {"Content-Type": "application/json"}
    key = gate.keys[Role.ADMINISTRATOR] if Role.ADMINISTRATOR in POLICY[row].roles else sees_all
    declared = gate.ask(method, path_of(template), key, headers=headers, content=b"[" * (SMALL_BODY_BYTES + 1))
    assert declared.status_code == 413
    assert gate.status(method, path_of(template), key, headers=headers, content=long()) in (413, 404, 409)


def test_browsers_are_told_to_run_and_guess_nothing(gate) -> None:
    for path, key in (
        ("/v1/rules", gate.keys[Role.OPERATOR]),
        ("/v1/rules", None),
        ("/nowhere", None),
        ("/livez", None),
    ):
        headers = gate.ask("GET", path, key).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["strict-transport-security"].startswith("max-age=")
    page = gate.ask("GET", "/alerts").headers["content-security-policy"]
    assert "default-src 'self'" in page


def test_a_page_that_somebody_uploads_runs_nothing(gate) -> None:
    key = gate.keys[Role.OPERATOR]
    content = b"<script>alert(1)</script>"
    sent = gate.ask("POST", "/v1/originals?name=evil.html", key, content=content).json()
    answer = gate.ask("GET", f"/v1/originals/{sent['sha256']}/content", key)
    assert answer.content == content
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    told = [link.entry for link in audit.trail(gate.app.state.engine) if link.entry["action"] == "export.read"]
    assert [(one["actor"], one["subject"]) for one in told] == [("a operator", sent["sha256"])]


def test_a_video_that_is_played_is_one_look_and_one_that_is_fetched_is_told_each_time(gate) -> None:
    key = gate.keys[Role.OPERATOR]
    sent = gate.ask("POST", "/v1/originals?name=a.mp4", key, content=b"played in pieces").json()["sha256"]
    path = f"/v1/originals/{sent}/content"

    def told() -> list[str]:
        entries = [link.entry for link in audit.trail(gate.app.state.engine)]
        return [one["actor"] for one in entries if (one["action"], one["subject"]) == ("export.read", sent)]

    for part in ("bytes=1-3", "bytes=0-", "bytes=5-"):
        assert gate.status("GET", path, key, headers={"Range": part}) == 206
    assert told() == ["a operator"]
    assert gate.status("GET", path, gate.keys[Role.RESEARCHER], headers={"Range": "bytes=2-"}) == 206
    assert gate.status("GET", path, key) == gate.status("GET", path, key) == 200
    assert gate.status("GET", path, key, headers={"Range": "bytes=99-"}) == 416
    assert told() == ["a operator", "a researcher", "a operator", "a operator"]


def test_secrets_are_in_no_log(tmp_path, caplog, monkeypatch) -> None:
    said = io.StringIO()
    monkeypatch.setattr("sys.stdout", io.StringIO())
    secrets = {
        "metrics_token": "token-of-prometheus",
        "service_token": "token-of-services",
        "files_secret_key": "s3-key",
    }
    with caplog.at_level(logging.DEBUG), redirect_stderr(said), gated(tmp_path, **secrets) as gate:
        admin = gate.keys[Role.ADMINISTRATOR]
        made = gate.ask("POST", "/v1/people", admin, json={"name": "Kim", "roles": ["operator"]}).json()
        key = gate.ask("POST", "/v1/keys", admin, json={"name": "k", "roles": ["operator"]}).json()["key"]
        signed = gate.ask("POST", "/v1/session", json={"name": "Kim", "password": made["one_time_password"]})
        gate.ask("POST", "/v1/session", json={"name": "Kim", "password": "mistyped password"})
        gate.ask("GET", "/v1/rules", "wb_mistyped")
        gate.ask("GET", "/metrics", "token-of-prometheus")
        gate.ask("PUT", "/v1/session/password", json={"old": "mistyped password"})
        cookie = gate.client.cookies["wideberth"]
        shown = repr(gate.app.state.settings) + str(gate.app.state.settings.model_dump_json())
        trail = str([link.entry for link in audit.trail(gate.app.state.engine)])
    hidden = [*secrets.values(), made["one_time_password"], key, "mistyped", cookie, signed.json()["csrf"], admin]
    for text in (caplog.text, said.getvalue(), shown, trail):
        assert [one for one in hidden if one in text] == []


def test_the_code_of_a_provider_is_not_in_the_log_of_requests() -> None:
    line = ("127.0.0.1:1", "GET", "/v1/session/provider/callback?code=secret&state=s", "1.1", 303)
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', line, None)
    assert without_secrets(record)
    assert record.getMessage() == '127.0.0.1:1 - "GET /v1/session/provider/callback?… HTTP/1.1" 303'
    other = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, "%s %s %s", ("a", "GET", "/v1/rules?x=1"), None)
    assert without_secrets(other)
    assert other.getMessage() == "a GET /v1/rules?x=1"


def test_the_gateway_shows_services_their_token(tmp_path) -> None:
    async def header(**given) -> str | None:
        async with http_stages(GatewaySettings(data_dir=tmp_path, **given)) as stages:
            return stages.tracker._client.headers.get("authorization")

    assert asyncio.run(header(service_token="of the services")) == "Bearer of the services"
    assert asyncio.run(header(service_token="")) is None


def test_the_page_of_the_api_leaves_the_origin_with_no_request(gate) -> None:
    administrator = gate.keys[Role.ADMINISTRATOR]
    page = gate.ask("GET", "/docs", administrator)
    assert page.status_code == 200
    assert gate.status("GET", "/docs", gate.keys[Role.RESEARCHER]) == 403
    described = gate.ask("GET", "/openapi.json", administrator).json()
    assert all(path in page.text for path in described["paths"])
    assert "<dt><code>for</code><dd>administrator, operator" in page.text
    assert "<script" not in page.text
    assert set(re.findall(r"(?:src|href)=(\S+?)>", page.text)) == {"openapi.json"}
    for answer in (page, gate.ask("GET", "/v1/rules", administrator)):
        assert "://" not in answer.headers["content-security-policy"]
    assert gate.status("GET", "/redoc", administrator) == 404
