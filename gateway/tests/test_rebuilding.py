"""A database that is lost comes back from files, and rows and files are held against each other."""

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from asking_analyses import ask
from databases import new_database
from synthetic import opened
from waiting import until_ended

from wideberth_contracts.errors import BadInput, Conflict
from wideberth_contracts.reviews import ReviewAsked
from wideberth_gateway.alerts.reviewing import reviewed
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.app import create_gateway
from wideberth_gateway.keeping.journal import Journal, read_journal
from wideberth_gateway.keeping.rebuilding import rebuild
from wideberth_gateway.keeping.reconciling import Fault, reconcile
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.stores import FolderStore
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store import alerts as alert_store
from wideberth_gateway.store import audit
from wideberth_gateway.store.analyses import State, find_analysis
from wideberth_gateway.store.engine import open_engine, reading, writing
from wideberth_gateway.store.migrate import migrate
from wideberth_gateway.store.tables import analyses as analysis_table
from wideberth_gateway.store.tables import segments

ITEMS = "/v1/collections/alerts/items"
NEWS = ReviewAsked(version=1, decision="confirm", comment="seen")


async def answers(client: httpx.AsyncClient, analysis_id: str, alert_id: str) -> dict[str, bytes]:
    places = (ITEMS, f"{ITEMS}/{alert_id}", f"/v1/analyses/{analysis_id}", "/v1/analyses", "/v1/audit/head")
    return {place: (await client.get(place)).content for place in places}


async def worked(settings: GatewaySettings, video: Path) -> tuple[str, str, dict[str, bytes]]:
    """A finished analysis whose alert a person confirmed; what the gateway answers about it."""
    app = create_gateway(opened, settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60)
    async with app.router.lifespan_context(app), client:
        view = await until_ended(client, (await ask(client, video)).json()["id"])
        assert view["state"] == "done", view
        only = (await client.get(ITEMS)).json()["features"][0]["id"]
        engine = app.state.engine
        known = alert_store.versions(engine, only)[-1]
        asked = NEWS.model_copy(update={"version": known.version})
        now = datetime(2026, 8, 2, tzinfo=UTC)
        alert_store.decide(engine, only, lambda alert: reviewed(alert, asked, "kim", now, 1))
        return view["id"], only, await answers(client, view["id"], only)


async def asked_again(settings: GatewaySettings, analysis_id: str, alert_id: str) -> dict[str, bytes]:
    app = create_gateway(opened, settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60)
    async with app.router.lifespan_context(app), client:
        return await answers(client, analysis_id, alert_id)


def shelved(engine: sa.Engine, folders: Folders) -> Shelf:
    return Shelf(engine, folders, FolderStore(folders.root), 0)


def empty(url: str) -> sa.Engine:
    engine = open_engine(url)
    migrate(engine)
    return engine


@pytest.fixture(scope="module")
def kept(tmp_path_factory, video) -> tuple[GatewaySettings, str, str, dict[str, bytes]]:
    """A data folder with a finished analysis; to be copied before it is changed."""
    settings = GatewaySettings(data_dir=tmp_path_factory.mktemp("kept"), job_poll_s=0.1)
    return settings, *asyncio.run(worked(settings, video))


@pytest.fixture
def lost(kept, tmp_path) -> tuple[GatewaySettings, Folders]:
    """A copy of that folder without its database."""
    data = tmp_path / "data"
    shutil.copytree(kept[0].data_dir, data)
    for path in data.glob("gateway.sqlite*"):
        path.unlink()
    return GatewaySettings(data_dir=data, job_poll_s=0.1), Folders(data)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_lost_database_comes_back_and_every_answer_is_the_same(kept, lost, request, kind):
    _, analysis_id, alert_id, told = kept
    before = dict(told)
    settings, folders = lost
    if kind == "postgresql":
        url = new_database(request.getfixturevalue("postgres_url"))
        settings = settings.model_copy(update={"database_url": url})
    engine = empty(settings.main_database())
    done = rebuild(shelved(engine, folders))
    assert done.from_files == {"original": 0, "analysis": 0, "alert": 0}
    assert done.rows["alerts"] >= 2
    assert any("keys" in one for one in done.lost)
    assert reconcile(shelved(engine, folders), hashes=True) == ()
    last = alert_store.last_event(engine)
    engine.dispose()
    after = asyncio.run(asked_again(settings, analysis_id, alert_id))
    head = before.pop("/v1/audit/head")
    assert after.pop("/v1/audit/head") != head  # that it was rebuilt is in the trail
    assert after == before
    engine = empty(settings.main_database())
    known = alert_store.versions(engine, alert_id)[-1]
    again = known.model_copy(update={"finding": known.finding.model_copy(update={"reason": "seen anew"})})
    alert_store.publish(engine, (again,))
    assert alert_store.last_event(engine) > last
    engine.dispose()


def test_without_a_journal_the_files_tell_what_was_found(kept, lost):
    _, analysis_id, alert_id, _ = kept
    settings, folders = lost
    shutil.rmtree(folders.root / "journal")
    engine = empty(settings.main_database())
    done = rebuild(shelved(engine, folders))
    assert done.from_files == {"original": 1, "analysis": 1, "alert": 1}
    assert any("reviews" in one for one in done.lost)
    found = find_analysis(engine, analysis_id)
    assert (found.state, found.video_name, found.frames_done) == (State.DONE, "boat.mp4", 30)
    assert all(one.done for one in found.segments)
    assert [one.id for one in alert_store.versions(engine, alert_id)] == [alert_id]
    assert reconcile(shelved(engine, folders), hashes=True) == ()
    engine.dispose()


def test_an_unfinished_analysis_goes_on_from_its_segment_files(kept, lost):
    """The journal knows only that it was asked for; two of three segments lie there whole."""
    _, analysis_id, _, _ = kept
    settings, folders = lost
    shutil.rmtree(folders.root / "journal")
    folder = folders.analysis(analysis_id)
    for name in ("alerts.geojson", "segments/00001.parquet"):
        (folder / name).unlink()
    (folder / "segments/00002.parquet").write_bytes(b"half")
    engine = empty(settings.main_database())
    rebuild(shelved(engine, folders))
    found = find_analysis(engine, analysis_id)
    assert (found.state, [one.done for one in found.segments]) == (State.QUEUED, [True, False, False])
    engine.dispose()


def test_a_database_with_rows_is_not_rebuilt_over(kept):
    engine = empty(kept[0].main_database())
    with pytest.raises(Conflict, match="not empty"):
        rebuild(shelved(engine, Folders(kept[0].data_dir)))
    engine.dispose()


def test_an_altered_journal_is_refused_whole(lost):
    settings, folders = lost
    page = next((folders.root / "journal").iterdir())
    text = page.read_text()
    page.write_text(text.replace('"actor":"upload"', '"actor":"nobody"', 1))
    engine = empty(settings.main_database())
    with pytest.raises(Conflict, match="broken at entry 1"):
        rebuild(shelved(engine, folders))
    page.write_text(text[: len(text) // 2])
    with pytest.raises(BadInput, match="line"):
        rebuild(shelved(engine, folders))
    with reading(engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(analysis_table)) == 0
    engine.dispose()


def test_pages_of_a_journal_fill_one_after_another(engine, tmp_path, monkeypatch):
    monkeypatch.setattr("wideberth_gateway.keeping.journal.PAGE_ENTRIES", 3)
    monkeypatch.setattr("wideberth_gateway.keeping.journal.ENTRIES_AT_ONCE", 2)
    store = FolderStore(tmp_path)
    for number in range(8):
        audit.append(engine, actor="test", action="thing.done", subject=str(number))
        if number in (0, 4):
            Journal(engine, store, tmp_path / "lock").catch_up()
    journal = Journal(engine, store, tmp_path / "lock")
    assert journal.catch_up() == 3
    assert journal.catch_up() == 0
    assert [stored.key for stored in store.listed("journal/")] == [f"journal/{n:012d}.jsonl" for n in (1, 4, 7)]
    assert tuple(record.link for record in read_journal(store)) == audit.trail(engine)


def test_a_journal_does_not_go_on_with_another_database(engine, tmp_path):
    other = open_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    migrate(other)
    store = FolderStore(tmp_path)
    for each in (other, engine):
        audit.append(each, actor="test", action="thing.done", subject="x")
    Journal(other, store, tmp_path / "lock").catch_up()
    with pytest.raises(Conflict, match="another database"):
        Journal(engine, store, tmp_path / "lock").catch_up()
    other.dispose()


def test_two_processes_do_not_write_the_same_page(engine, tmp_path):
    journal = Journal(engine, FolderStore(tmp_path), tmp_path / "lock")
    audit.append(engine, actor="test", action="thing.done", subject="x")
    with reading(engine) as connection, journal._alone(connection) as alone:
        assert alone
        assert Journal(engine, FolderStore(tmp_path), tmp_path / "lock").catch_up() == 0
        assert list(FolderStore(tmp_path).listed("journal/")) == []
    assert journal.catch_up() == 1


def faults(engine: sa.Engine, folders: Folders, **how: bool) -> list[tuple[Fault, str]]:
    return [(one.fault, one.place.split("/")[0]) for one in reconcile(shelved(engine, folders), **how)]


@pytest.fixture
def copied(kept, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(kept[0].data_dir, data)
    engine = empty(GatewaySettings(data_dir=data).main_database())
    yield engine, Folders(data), kept[1]
    engine.dispose()


def test_files_without_rows_are_found(copied):
    engine, folders, _ = copied
    (folders.originals / ("0" * 64)).write_bytes(b"?")
    folders.analysis("1" * 64).mkdir()
    (folders.evidence / "someones-bag").mkdir()
    (folders.evidence / "someones-bag" / "bagit.txt").touch()
    assert faults(engine, folders) == [(Fault.NO_ROW, place) for place in ("originals", "analyses", "evidence")]


def test_rows_without_files_are_found(copied):
    engine, folders, analysis_id = copied
    original = next(folders.originals.iterdir())
    original.unlink()
    (folders.analysis(analysis_id) / "segments/00001.parquet").unlink()
    (folders.analysis(analysis_id) / "tracks.parquet").unlink()
    audit.append(engine, actor="t", action="bag.sealed", subject="x", details={"bag": "wideberth-b", "seal": "0"})
    assert [
        one.place.rpartition("/")[2] for one in reconcile(shelved(engine, folders)) if one.fault is Fault.NO_FILE
    ] == [
        original.name,
        "00001.parquet",
        "tracks.parquet",
        "wideberth-b",
    ]


def test_altered_files_are_found_by_size_and_by_hash(copied):
    engine, folders, analysis_id = copied
    original = next(folders.originals.iterdir())
    content = bytearray(original.read_bytes())
    content[1000] ^= 1
    original.chmod(0o644)
    original.write_bytes(content)
    assert faults(engine, folders) == []
    assert faults(engine, folders, hashes=True) == [(Fault.ANOTHER_HASH, "originals")]
    original.write_bytes(content[:-1])
    (folders.analysis(analysis_id) / "segments/00000.parquet").write_bytes(b"half")
    assert faults(engine, folders) == [
        (Fault.ANOTHER_SIZE, "originals"),
        (Fault.UNREADABLE, "analyses"),
        (Fault.ANOTHER_SIZE, "analyses"),
    ]


def test_a_segment_noted_as_done_before_its_file_is_found(copied):
    engine, folders, analysis_id = copied
    with writing(engine) as connection:
        connection.execute(sa.update(segments).values(done=False))
    assert faults(engine, folders) == []
    (folders.analysis(analysis_id) / "segments/00007.parquet").write_bytes(b"")
    assert faults(engine, folders) == [(Fault.NO_ROW, "analyses")]
