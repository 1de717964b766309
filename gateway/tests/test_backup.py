"""A backup brings everything back, on both databases and from S3, and an altered one is refused."""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from asking_analyses import ask
from databases import new_database
from s3_server import new_bucket, s3_server
from synthetic import opened
from waiting import until_ended

from wideberth_contracts.errors import BadInput, Conflict, NotFound, Unavailable
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.app import create_gateway
from wideberth_gateway.keeping import backup
from wideberth_gateway.keeping.backup import back_up, restore
from wideberth_gateway.keeping.places import open_store
from wideberth_gateway.keeping.reconciling import reconcile
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.migrate import migrate

ITEMS = "/v1/collections/alerts/items"


@asynccontextmanager
async def running(settings):
    app = create_gateway(opened, settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60)
    async with app.router.lifespan_context(app), client:
        yield client, app.state.shelf


async def told(client: httpx.AsyncClient) -> dict[str, object]:
    view = (await client.get("/v1/analyses")).json()
    results = f"/v1/analyses/{view['analyses'][0]['id']}/results/encounters.json"
    places = (ITEMS, "/v1/analyses", results)
    return {place: (await client.get(place)).json() for place in places}


def places(kind: str, request, folder: Path) -> GatewaySettings:
    given: dict[str, object] = {"data_dir": folder, "job_poll_s": 0.1}
    if kind == "postgresql":
        given["database_url"] = new_database(request.getfixturevalue("postgres_url"))
    if kind == "s3":
        place = new_bucket(request.getfixturevalue("server"))
        given |= {"files_url": f"s3://{place.bucket}", "files_endpoint": place.endpoint}
        given |= {"files_access_key": place.access_key, "files_secret_key": place.secret_key}
    return GatewaySettings(**given)


@pytest.fixture(scope="module")
def server():
    with s3_server() as address:
        yield address


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "s3"])
def test_everything_comes_back(kind, request, tmp_path, video):
    settings, elsewhere = places(kind, request, tmp_path / "data"), places(kind, request, tmp_path / "elsewhere")

    async def worked():
        async with running(settings) as (client, shelf):
            view = await until_ended(client, (await ask(client, video)).json()["id"])
            assert view["state"] == "done", view
            first = await asyncio.to_thread(back_up, shelf, settings, tmp_path / "backup")  # while it runs
            assert first.copied == first.files > 10
            second = await asyncio.to_thread(back_up, shelf, settings, tmp_path / "backup")
            assert (second.copied, second.files) == (0, first.files)
            return await told(client)

    async def asked_again():
        async with running(elsewhere) as (client, shelf):
            assert reconcile(shelf, hashes=True) == ()
            return await told(client)

    before = asyncio.run(worked())
    assert restore(tmp_path / "backup", elsewhere, open_store(elsewhere)) > 10
    assert asyncio.run(asked_again()) == before


@pytest.fixture
def made(tmp_path) -> tuple[Path, GatewaySettings]:
    """A small backup, and where to restore it."""
    settings = GatewaySettings(data_dir=tmp_path / "data")
    folders = Folders(settings.data_dir)
    folders.prepare()
    folders.original("a" * 64).write_bytes(b"0123456789")
    engine = open_engine(settings.main_database())
    migrate(engine)
    back_up(Shelf(engine, folders, open_store(settings), 0), settings, tmp_path / "backup")
    engine.dispose()
    return tmp_path / "backup", GatewaySettings(data_dir=tmp_path / "elsewhere")


def test_an_altered_or_incomplete_backup_is_refused_before_anything_is_written(made):
    source, settings = made
    path = source / "files" / "originals" / ("a" * 64)
    path.write_bytes(b"0123456780")
    with pytest.raises(BadInput, match="not the one"):
        restore(source, settings, open_store(settings))
    path.unlink()
    with pytest.raises(BadInput, match="lacks"):
        restore(source, settings, open_store(settings))
    (source / "manifest.json").write_text("{")
    with pytest.raises(BadInput, match="no manifest"):
        restore(source, settings, open_store(settings))
    assert not settings.data_dir.exists()
    with pytest.raises(NotFound, match="no backup"):
        restore(source.parent, settings, open_store(settings))


def test_nothing_is_restored_over_a_database(made):
    source, settings = made
    restore(source, settings, open_store(settings))
    with pytest.raises(Conflict, match="database already"):
        restore(source, settings, open_store(settings))


def test_a_backup_goes_neither_into_its_own_data_nor_over_something_else(made, tmp_path):
    settings = GatewaySettings(data_dir=tmp_path / "data")
    engine = open_engine(settings.main_database())
    shelf = Shelf(engine, Folders(settings.data_dir), open_store(settings), 0)
    with pytest.raises(Conflict, match="in what it is of"):
        back_up(shelf, settings, settings.data_dir / "backup")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").touch()
    with pytest.raises(Conflict, match="something else"):
        back_up(shelf, settings, tmp_path / "other")
    engine.dispose()


def test_what_was_deleted_does_not_live_on_in_a_renewed_backup(made, tmp_path):
    source, _ = made
    settings = GatewaySettings(data_dir=tmp_path / "data")
    engine = open_engine(settings.main_database())
    shelf = Shelf(engine, Folders(settings.data_dir), open_store(settings), 0)
    shelf.folders.original("a" * 64).unlink()
    shelf.folders.original("b" * 64).write_bytes(b"new")
    back_up(shelf, settings, source)
    assert [path.name for path in (source / "files" / "originals").iterdir()] == ["b" * 64]
    engine.dispose()


def test_without_pg_dump_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(backup.shutil, "which", lambda _: None)
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    with pytest.raises(Unavailable, match="not installed"):
        backup._program("pg_dump")
