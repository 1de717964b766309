"""A gateway whose files lie in S3: its data folder is a cache that may be lost, and is bounded."""

import asyncio
import os
import shutil
from contextlib import asynccontextmanager

import httpx
import pytest
import sqlalchemy as sa
from asking_analyses import ask
from fetching_bags import alert_of
from passing_ship import passing
from s3_server import new_bucket, s3_server
from synthetic import Detector, opened
from test_vessels import boat_of
from waiting import until_ended

from wideberth_gateway.access.roles import Role
from wideberth_gateway.analyses.claiming import Claims
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.analyses.work import PipelineWork
from wideberth_gateway.app import create_gateway
from wideberth_gateway.evidence.verify_bag import Check
from wideberth_gateway.keeping.clearing import clear, move_in, put_strays
from wideberth_gateway.keeping.shelf import Shelf, lock_path
from wideberth_gateway.keeping.shelved_work import ShelvedWork
from wideberth_gateway.keeping.stores import FolderStore
from wideberth_gateway.rules.catalogue import load_pack
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.engine import open_engine, writing
from wideberth_gateway.store.executors import open_lease
from wideberth_gateway.store.keys import add_key
from wideberth_gateway.store.tables import analyses

ITEMS = "/v1/collections/alerts/items"


@pytest.fixture(scope="module")
def server():
    with s3_server() as address:
        yield address


@pytest.fixture
def settings(server, tmp_path) -> GatewaySettings:
    place = new_bucket(server)
    return GatewaySettings(
        data_dir=tmp_path / "data",
        job_poll_s=0.1,
        make_proxies=False,
        files_url=f"s3://{place.bucket}/wb",
        files_endpoint=place.endpoint,
        files_access_key=place.access_key,
        files_secret_key=place.secret_key,
        cache_bytes=0,
    )


@asynccontextmanager
async def running(settings):
    app = create_gateway(opened, settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60)
    async with app.router.lifespan_context(app), client:
        yield client, app.state.shelf


def forget(shelf: Shelf) -> None:
    """The cache is gone, as on another machine."""
    for name in ("originals", "analyses", "evidence", "locks"):
        folder = shelf.folders.root / name
        for path in folder.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        shutil.rmtree(folder)
        folder.mkdir()


def test_an_analysis_lives_in_the_store(settings, video):
    async def scene():
        async with running(settings) as (client, shelf):
            view = await until_ended(client, (await ask(client, video)).json()["id"])
            assert view["state"] == "done", view
            place = f"/v1/analyses/{view['id']}"
            before = {name: (await client.get(f"{place}/results/{name}")).content for name in view["results"]}
            assert {"alerts.geojson", "tracks.parquet"} <= set(before)
            keys = {stored.key for stored in shelf.store.listed(f"analyses/{view['id']}/")}
            assert {f"analyses/{view['id']}/{name}" for name in before} <= keys
            assert f"analyses/{view['id']}/segments/00002.parquet" in keys
            forget(shelf)
            assert (await client.get(place)).json()["results"] == view["results"]
            after = {name: (await client.get(f"{place}/results/{name}")).content for name in view["results"]}
            assert after == before
            return view, shelf

    asyncio.run(scene())


def test_a_video_is_served_in_parts_from_here_and_from_there(settings, video):
    whole = video.read_bytes()

    async def scene():
        async with running(settings) as (client, shelf):
            sent = await client.post("/v1/originals", params={"name": "boat.mp4"}, content=whole)
            place = f"/v1/originals/{sent.json()['sha256']}/content"
            for here in (True, False):
                if not here:
                    forget(shelf)
                got = await client.get(place)
                assert (got.content, got.headers["content-type"]) == (whole, "video/mp4")
                assert got.headers["accept-ranges"] == "bytes"
                part = await client.get(place, headers={"Range": "bytes=100-199"})
                assert (part.status_code, part.content) == (206, whole[100:200])
                assert part.headers["content-range"] == f"bytes 100-199/{len(whole)}"
                assert part.headers["content-length"] == "100"
                end = await client.get(place, headers={"Range": "bytes=-7"})
                assert end.content == whole[-7:]
                past = await client.get(place, headers={"Range": f"bytes={len(whole)}-"})
                assert past.status_code == 416
                other = await client.get(place, headers={"Range": "bytes=0-1", "If-Range": '"other"'})
                assert (other.status_code, other.content) == (200, whole)
            assert (await client.get(f"/v1/originals/{'0' * 64}/content")).status_code == 404

    asyncio.run(scene())


def test_a_half_done_analysis_goes_on_elsewhere_without_sensing_again(settings, video, tmp_path):
    """Another machine, with an empty cache and the same database: what the store has is brought, not made again."""

    async def scene():
        async with running(settings) as (client, shelf):
            view = await until_ended(client, (await ask(client, video)).json()["id"])
            place = f"/v1/analyses/{view['id']}/results/encounters.json"
            before = (await client.get(place)).content
            for name in ("segments/00001.parquet", "encounters.json"):
                shelf.store.delete(f"analyses/{view['id']}/{name}")
            forget(shelf)
            with writing(shelf.engine) as connection:
                connection.execute(sa.update(analyses).values(state="sensing"))
            detector = Detector(log=tmp_path / "frames.log")
            lease = open_lease(shelf.engine, "another", 60.0)
            claims = Claims(shelf.engine, lambda: lease)
            async with opened(detector) as stages:
                work = ShelvedWork(PipelineWork(shelf.engine, shelf.folders, stages, load_pack, claims), shelf)
                assert await work.segments(view["id"]) == (0, 1, 2)
                for position in (0, 1, 2):
                    await work.sense(view["id"], position)
                await work.follow(view["id"])
                await work.alert(view["id"])
            forget(shelf)
            assert (await client.get(place)).content == before

    asyncio.run(scene())
    assert len((tmp_path / "frames.log").read_text().splitlines()) == 10


def test_a_bag_is_made_fetched_and_brought_back(settings, video):
    async def scene():
        async with running(settings) as (client, shelf):
            alert = await alert_of(client, video)
            client.headers["Authorization"] = f"Bearer {add_key(shelf.engine, 'kim', Role.REVIEWER)}"
            forget(shelf)
            made = await client.post(f"/v1/alerts/{alert}/evidence")
            assert made.status_code == 201, made.text
            name = made.json()["name"]
            assert (await client.get("/v1/evidence")).json() == [name]
            forget(shelf)
            again = await client.get(f"/v1/evidence/{name}")
            assert again.json() == made.json()
            assert (await client.get(f"/v1/evidence/{name}/bag.zip")).status_code == 200
            assert (await client.post(f"/v1/alerts/{alert}/evidence")).status_code == 200
            check = Check(shelf.folders.evidence / name)
            assert check.run(made.json()["seal"]), check.faults

    asyncio.run(scene())


def test_the_cache_is_bounded_and_never_cleared_of_what_is_nowhere_else(settings, video):
    async def scene():
        async with running(settings) as (client, shelf):
            view = await until_ended(client, (await ask(client, video)).json()["id"])
            sha256, analysis = f"originals/{view['video']['sha256']}", f"analyses/{view['id']}"
            assert clear(shelf) == ()  # used a moment ago
            for key in (sha256, analysis):
                os.utime(lock_path(shelf.folders, key), (1, 1))
            with shelf.original(view["video"]["sha256"]):
                os.utime(lock_path(shelf.folders, sha256), (1, 1))
                own = shelf.folders.analysis(view["id"]) / "identity.json"
                own.write_text("{}")
                assert clear(shelf) == ()  # one is in use, the other has a file that was not put yet
                shelf.keep_analysis(view["id"])
                os.utime(lock_path(shelf.folders, analysis), (1, 1))
                assert clear(shelf) == (analysis,)
            os.utime(lock_path(shelf.folders, sha256), (1, 1))
            assert clear(shelf) == (sha256,)
            assert not shelf.folders.original(view["video"]["sha256"]).exists()
            names = (await client.get(f"/v1/analyses/{view['id']}/results")).json()
            assert "identity.json" in names
            with shelf.original(view["video"]["sha256"]) as path:
                assert path.read_bytes() == video.read_bytes()

    asyncio.run(scene())


def test_what_lies_here_alone_is_put_into_the_store(settings, video):
    async def scene():
        async with running(settings) as (client, shelf):
            sent = await client.post("/v1/originals", params={"name": "boat.mp4"}, content=video.read_bytes())
            sha256 = sent.json()["sha256"]
            shelf.store.delete(f"originals/{sha256}")
            (shelf.folders.originals / ("0" * 64)).write_bytes(b"nobody sent it")
            assert put_strays(shelf) == (sha256,)
            assert shelf.store.digest(f"originals/{sha256}") == sha256
            assert put_strays(shelf) == ()

    asyncio.run(scene())


def test_a_folder_moves_into_a_store_by_a_start_with_its_address(settings, video):
    """Everything was kept in the data folder; now the store is S3."""
    before = settings.model_copy(update={"files_url": None})

    async def scene():
        async with running(before) as (client, shelf):
            view = await until_ended(client, (await ask(client, video)).json()["id"])
        async with running(settings) as (client, shelf):
            for _ in range(600):
                if await asyncio.to_thread(shelf.store.find, f"analyses/{view['id']}/plan.json") is not None:
                    break
                await asyncio.sleep(0.1)
            assert move_in(shelf) == put_strays(shelf) == ()
            forget(shelf)
            assert (await client.get(f"/v1/analyses/{view['id']}")).json()["results"] == view["results"]
            place = f"/v1/originals/{view['video']['sha256']}/content"
            assert (await client.get(place)).content == video.read_bytes()

    asyncio.run(scene())


def test_the_folder_is_the_store_unless_told_otherwise(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    folders = Folders(tmp_path)
    assert not Shelf(engine, folders, FolderStore(tmp_path), 0).is_cache
    assert Shelf(engine, folders, FolderStore(tmp_path / "other"), 0).is_cache
    engine.dispose()


def test_ais_judging_again_and_quick_looks_fetch_what_the_cache_lost(settings, video):
    """What they read is fetched, what they write is in the store."""

    async def scene():
        async with running(settings) as (client, shelf):
            view = await until_ended(client, (await ask(client, video)).json()["id"])
            place = f"/v1/analyses/{view['id']}"
            made = await client.post("/v1/flights", json={"files": [await sha256_of_the(client, video)]})
            flight = made.json()["flights"][0]["id"]
            forget(shelf)
            look = await client.get(f"/v1/flights/{flight}/look")
            assert look.status_code == 200, look.text
            forget(shelf)
            judged = await client.post(f"{place}/judgements", json={"rules": "nz"})
            assert judged.status_code == 201, judged.text
            forget(shelf)
            listed = (await client.get(f"{place}/judgements")).json()["judgements"]
            assert judged.json() in listed
            assert (await client.get(listed[-1]["result"])).status_code == 200
            boat = await boat_of(client, view["id"])
            forget(shelf)
            ais = await client.post(f"{place}/ais", params={"name": "ais.nmea"}, content=passing(*boat))
            assert ais.status_code == 201, ais.text
            forget(shelf)
            again = await client.post(f"{place}/identity")
            assert again.json()["identities"] == ais.json()["identities"]
            forget(shelf)
            assert (await client.get(f"{place}/identity")).status_code == 200
            keys = {stored.key for stored in shelf.store.listed(f"analyses/{view['id']}/")}
            assert f"analyses/{view['id']}/identity.json" in keys
            assert (await client.post("/v1/flights", json={"files": [await sha256_of_the(client, video)]})).is_success

    asyncio.run(scene())


async def sha256_of_the(client, video) -> str:
    """Of a recording that is sent."""
    return (await client.post("/v1/originals", params={"name": video.name}, content=video.read_bytes())).json()[
        "sha256"
    ]
