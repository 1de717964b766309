"""What is due goes, completely and with a note; what is in a case stays."""

import asyncio
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest
import sqlalchemy as sa
from asking_analyses import ask
from s3_server import new_bucket, s3_server
from synthetic import opened
from test_store import VIDEO, analysis
from waiting import until_ended

from wideberth_contracts.errors import NotFound
from wideberth_contracts.reviews import RejectionReason, ReviewAsked, ReviewDecision
from wideberth_gateway.alerts.reviewing import reviewed
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.app import create_gateway
from wideberth_gateway.keeping.deleting import apply
from wideberth_gateway.keeping.journal import journal_of, read_journal
from wideberth_gateway.keeping.reconciling import Fault, reconcile
from wideberth_gateway.keeping.retention import Kind, Rule, due, rules_of
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.stores import FolderStore
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store import alerts as alert_store
from wideberth_gateway.store import audit, holds
from wideberth_gateway.store.analyses import State, keep_original, move, open_analysis
from wideberth_gateway.store.engine import open_engine, writing
from wideberth_gateway.store.holds import HeldKind
from wideberth_gateway.store.migrate import migrate
from wideberth_gateway.store.tables import deliveries
from wideberth_gateway.store.webhooks import add_webhook

ITEMS = "/v1/collections/alerts/items"
LATER = time.time() + 10 * 86_400


def rule(kind: Kind, days: float = 1.0) -> tuple[Rule, ...]:
    return tuple(Rule(one, days if one is kind else None) for one in Kind)


@pytest.fixture(params=["folder", "s3"])
def settings(request, tmp_path) -> GatewaySettings:
    given = {"data_dir": tmp_path / "data", "job_poll_s": 0.1, "make_proxies": False}
    if request.param == "s3":
        place = new_bucket(request.getfixturevalue("server"))
        given |= {"files_url": f"s3://{place.bucket}", "files_endpoint": place.endpoint}
        given |= {"files_access_key": place.access_key, "files_secret_key": place.secret_key}
    return GatewaySettings(**given)


@pytest.fixture(scope="module")
def server():
    with s3_server() as address:
        yield address


@asynccontextmanager
async def analysed(settings, video):
    """A gateway with a finished analysis: client, shelf, ids of analysis and alert."""
    app = create_gateway(opened, settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60)
    async with app.router.lifespan_context(app), client:
        view = await until_ended(client, (await ask(client, video)).json()["id"])
        assert view["state"] == "done", view
        alert = (await client.get(ITEMS)).json()["features"][0]["id"]
        yield client, app.state.shelf, view, alert


def decided(shelf, alert: str, decision: ReviewDecision) -> None:
    reason = RejectionReason.NO_VESSEL if decision is ReviewDecision.REJECT else None
    known = alert_store.versions(shelf.engine, alert)[-1]
    asked = ReviewAsked(version=known.version, decision=decision, reason=reason, comment="said in a test")
    alert_store.decide(shelf.engine, alert, lambda one: reviewed(one, asked, "kim", datetime.now(UTC), 1))


def keys(shelf) -> set[str]:
    return {stored.key for prefix in ("originals/", "analyses/") for stored in shelf.store.listed(prefix)}


def test_each_class_goes_by_its_own_rule(settings, video):
    async def scene():
        async with analysed(settings, video) as (client, shelf, view, _):
            all_keys = keys(shelf)
            segments = {key for key in all_keys if "/segments/" in key}
            originals = {key for key in all_keys if key.startswith("originals/")}
            assert apply(shelf, rule(Kind.SEGMENTS, 11), now_epoch_s=LATER).files == 0
            done = apply(shelf, rule(Kind.SEGMENTS), now_epoch_s=LATER)
            assert (done.files, keys(shelf)) == (len(segments), all_keys - segments)
            apply(shelf, rule(Kind.ORIGINALS), now_epoch_s=LATER)
            assert keys(shelf) == all_keys - segments - originals
            assert (await client.get(f"/v1/originals/{view['video']['sha256']}/content")).status_code == 404
            again = await client.post(
                "/v1/analyses", json={"video": view["video"]["sha256"], "settings": {"sample_fps": 2.0}}
            )
            assert (again.status_code, "send it again" in again.text) == (404, True)
            apply(shelf, rule(Kind.RESULTS), now_epoch_s=LATER)
            assert keys(shelf) == set()
            assert list((shelf.folders.root / "analyses").iterdir()) == []
            emptied = (await client.get(f"/v1/analyses/{view['id']}")).json()
            assert (emptied["state"], emptied["results"]) == ("cancelled", [])
            assert "retention" in emptied["problem"]["detail"]
            assert reconcile(shelf, hashes=True) == ()
            told = [one.entry for one in audit.trail(shelf.engine) if one.entry["action"] == "file.deleted"]
            assert {one["details"]["key"] for one in told} == all_keys
            assert all(len(one["details"]["sha256"]) == 64 and one["details"]["rule"] for one in told)
            sent_again = await until_ended(client, (await ask(client, video)).json()["id"])
            assert (sent_again["id"], sent_again["state"]) == (view["id"], "done"), sent_again["problem"]
            assert keys(shelf) == all_keys

    asyncio.run(scene())


def test_a_rejected_alert_is_gone_everywhere(settings, video):
    async def scene():
        async with analysed(settings, video) as (client, shelf, view, alert):
            decided(shelf, alert, ReviewDecision.REJECT)
            journal_of(shelf).catch_up()
            assert apply(shelf, rule(Kind.REJECTED, 11), now_epoch_s=LATER).alerts == 0
            assert apply(shelf, rule(Kind.REJECTED), now_epoch_s=LATER).alerts == 1
            journal_of(shelf).catch_up()
            assert (await client.get(f"{ITEMS}/{alert}")).status_code == 404
            assert (await client.get(f"/v1/analyses/{view['id']}/results/alerts.geojson")).json()["features"] == []
            records = tuple(read_journal(shelf.store))
            assert [row for record in records for name, row in record.rows if name == "alerts"] == []
            assert tuple(record.link for record in records) == audit.trail(shelf.engine)
            assert records[-1].link.entry["details"]["versions"] >= 2
            assert reconcile(shelf, hashes=True) == ()

    asyncio.run(scene())


@pytest.mark.parametrize("why", ["confirmed", "bag", "alert", "analysis"])
def test_nothing_in_a_case_is_due(tmp_path, video, why):
    everything = tuple(Rule(kind, 1.0) for kind in Kind)

    async def scene():
        settings = GatewaySettings(data_dir=tmp_path / "data", job_poll_s=0.1)
        async with analysed(settings, video) as (client, shelf, view, alert):
            assert len(due(shelf, everything, LATER).files) == len(keys(shelf))
            if why == "confirmed":
                decided(shelf, alert, ReviewDecision.CONFIRM)
            elif why == "bag":
                told = {"bag": "b", "seal": "0"}
                audit.append(shelf.engine, actor="t", action="bag.sealed", subject=alert, details=told)
            else:
                subject = alert if why == "alert" else view["id"]
                answer = await client.post("/v1/holds", json={"kind": why, "subject": subject, "reason": "case 7"})
                assert answer.status_code == 201, answer.text
            if why == "analysis":
                decided(shelf, alert, ReviewDecision.REJECT)
            found = due(shelf, everything, LATER)
            assert (found.files, found.alerts) == ((), ())
            for one in (await client.get("/v1/holds")).json():
                assert (await client.delete(f"/v1/holds/{one['id']}")).json()["lifted_by"] == "client"
            if why in ("alert", "analysis"):
                assert len(due(shelf, everything, LATER).files) == len(keys(shelf))

    asyncio.run(scene())


def test_an_original_alone_can_be_held(tmp_path, video):
    async def scene():
        settings = GatewaySettings(data_dir=tmp_path / "data", job_poll_s=0.1)
        async with analysed(settings, video) as (_, shelf, view, _):
            holds.set_hold(shelf.engine, HeldKind.ORIGINAL, view["video"]["sha256"], "asked for by a court", "lee")
            assert due(shelf, rule(Kind.ORIGINALS), LATER).files == ()
            assert due(shelf, rule(Kind.RESULTS), LATER).files != ()

    asyncio.run(scene())


def test_a_deletion_that_was_interrupted_is_ended(tmp_path, video, monkeypatch):
    """Killed between the note and the deed: the note stands, the file lies there, and the next run deletes it."""

    async def scene():
        settings = GatewaySettings(data_dir=tmp_path / "data", job_poll_s=0.1)
        async with analysed(settings, video) as (_, shelf, _, _):
            with monkeypatch.context() as killed:
                killed.setattr("wideberth_gateway.keeping.deleting._remove", lambda *_: None)
                apply(shelf, rule(Kind.SEGMENTS), now_epoch_s=LATER)
            left = [one for one in reconcile(shelf) if one.fault is Fault.LEFT_OVER]
            assert len(left) == 3
            assert apply(shelf, rule(Kind.LOGS), now_epoch_s=LATER).files == 0
            assert reconcile(shelf) == ()

    asyncio.run(scene())


def test_analyses_that_go_on_keep_their_originals(tmp_path, tmp_path_factory):

    engine = open_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    migrate(engine)
    shelf = Shelf(engine, Folders(tmp_path), FolderStore(tmp_path), 0)
    shelf.folders.prepare()
    shelf.folders.original(VIDEO.sha256).write_bytes(b"0123456789")
    keep_original(engine, VIDEO)
    open_analysis(engine, analysis())
    assert due(shelf, rule(Kind.ORIGINALS), LATER).files == ()
    move(engine, "b" * 64, State.FAILED)
    assert [one.stored.key for one in due(shelf, rule(Kind.ORIGINALS), LATER).files] == [f"originals/{VIDEO.sha256}"]
    engine.dispose()


def test_deliveries_that_have_ended_go_as_logs(engine, tmp_path):

    hook = add_webhook(engine, "https://example.org", "cloudevents", "s", ())
    row = {"webhook_id": hook.id, "change": "alert.created", "tries": 1, "due_epoch_s": 0.0, "answer": "200"}
    with writing(engine) as connection:
        for event, state, done in ((1, "delivered", 1.0), (2, "dead", 1.0), (3, "waiting", None)):
            values = row | {"event": event, "state": state, "done_epoch_s": done}
            connection.execute(sa.insert(deliveries).values(values))
    shelf = Shelf(engine, Folders(tmp_path), FolderStore(tmp_path), 0)
    assert apply(shelf, rule(Kind.LOGS), now_epoch_s=LATER).deliveries == 2
    with writing(engine) as connection:
        assert connection.scalars(sa.select(deliveries.c.state)).all() == ["waiting"]


def test_holds_need_a_reason_and_something_to_hold(engine):
    with pytest.raises(NotFound, match="no alert"):
        holds.set_hold(engine, HeldKind.ALERT, "x", "case", "kim")
    with pytest.raises(NotFound, match="no hold"):
        holds.lift_hold(engine, "x", "kim")


def test_rules_come_from_the_settings():
    rules = rules_of(GatewaySettings(keep_segments_days=30, keep_rejected_days=0.5))
    assert {one.kind.value: one.days for one in rules if one.days is not None} == {"segments": 30, "rejected": 0.5}
    assert [one.name for one in rules][:2] == ["originals for ever", "segments 30 d"]


def test_what_is_due_is_told_before_it_goes(tmp_path, video):
    async def scene():
        settings = GatewaySettings(data_dir=tmp_path / "data", job_poll_s=0.1, keep_results_days=1)
        async with analysed(settings, video) as (client, _, _, _):
            told = (await client.get("/v1/retention")).json()
            assert told["files"] == 0
            assert {one["kind"]: one["days"] for one in told["rules"]}["results"] == 1

    asyncio.run(scene())
