"""An analysis that goes on from another one: nothing is computed twice, and it gives what one from the start gives."""

import asyncio
import hashlib
import json
from functools import partial

import httpx
import pytest
from asking_analyses import ask
from synthetic import Detector, make_video, opened
from waiting import until_ended

from wideberth_gateway.app import create_gateway
from wideberth_gateway.keeping.from_files import read_analysis
from wideberth_gateway.settings import GatewaySettings

TABLES = ("tracks.csv", "tracks.parquet", "separations.parquet", "observations.parquet", "encounters.json")


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return make_video(tmp_path_factory.mktemp("clips") / "forked.mp4", seconds=4)


def in_a_gateway(scene, detector, data_dir, **given):
    async def run():
        settings = GatewaySettings(data_dir=data_dir, job_poll_s=0.1, **given)
        app = create_gateway(partial(opened, detector), settings)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60)
        async with app.router.lifespan_context(app), client:
            return await scene(client)

    return asyncio.run(run())


async def asked(client, clip, **settings):
    return await until_ended(client, (await ask(client, clip, **settings)).json()["id"])


async def forked(client, parent, stage, **changes):
    settings = {**parent["settings"], **changes}
    answer = await client.post(f"/v1/analyses/{parent['id']}/fork", json={"stage": stage, "settings": settings})
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/analyses/{answer.json()['id']}"
    return await until_ended(client, answer.json()["id"])


async def tables(client, view):
    found = {}
    for name in TABLES:
        answer = await client.get(f"/v1/analyses/{view['id']}/results/{name}")
        assert answer.status_code == 200, answer.text
        found[name] = hashlib.sha256(answer.content).hexdigest()
    alerts = (await client.get(f"/v1/analyses/{view['id']}/results/alerts.geojson")).json()["features"]
    told = {one["id"]: {**one["properties"], "version": 0, "evidence_version": 0} for one in alerts}
    return found, told


def looked_at(log):
    return len(log.read_text().splitlines()) if log.exists() else 0


@pytest.mark.parametrize("stage", ["track", "measure"])
@pytest.mark.parametrize("kept_in", ["folder", "store"])
def test_a_fork_senses_nothing_and_gives_what_a_whole_analysis_gives(tmp_path, clip, stage, kept_in):
    log = tmp_path / "frames.log"
    files = {} if kept_in == "folder" else {"files_url": (tmp_path / "store").as_uri()}
    changes = {"rules": "nz"} | ({"screen": {"max_crops": 2}} if stage == "track" else {})

    async def going_on(client):
        first = await asked(client, clip)
        before = looked_at(log)
        view = await forked(client, first, stage, **changes)
        assert looked_at(log) == before > 0
        again = await client.post(
            f"/v1/analyses/{first['id']}/fork", json={"stage": stage, "settings": view["settings"]}
        )
        assert again.json()["id"] == view["id"]
        return first, view, await tables(client, view)

    async def from_the_start(client):
        view = await asked(client, clip, **changes)
        return view, await tables(client, view)

    first, view, found = in_a_gateway(going_on, Detector(log=log), tmp_path / "data", **files)
    whole, expected = in_a_gateway(from_the_start, Detector(), tmp_path / "other")
    assert (view["state"], view["progress"]["segments_done"]) == ("done", 2)
    assert view["forked_from"] == {"analysis_id": first["id"], "stage": stage}
    assert (first["forked_from"], whole["forked_from"]) == (None, None)
    assert view["id"] == whole["id"] != first["id"]
    assert found == expected
    assert expected[1]
    if kept_in == "folder":
        told = json.loads((tmp_path / "data" / "analyses" / view["id"] / "analysis.json").read_text())
        assert told["forked_from"] == view["forked_from"]
        read = read_analysis(tmp_path / "data" / "analyses" / view["id"]).analysis
        assert (read.forked_from, read.forked_stage) == (first["id"], stage)


def test_gaps_are_tried_again_with_the_good_segments(tmp_path, clip):
    """A segment that was given up: the fork senses that one alone, and the first analysis stays as it is."""
    log = tmp_path / "frames.log"
    detector = Detector(log=log, poison="3.0 raise")

    async def scene(client):
        first = await asked(client, clip)
        assert [gap["start_s"] for gap in first["not_looked_at"]] == [2.0]
        kept = await forked(client, first, "track", rules="nz")
        assert kept["not_looked_at"] == first["not_looked_at"]
        same = await client.post(f"/v1/analyses/{first['id']}/fork", json={"stage": "track"})
        assert (same.status_code, "from sense" in same.text) == (409, True)
        detector.poison = None
        before = looked_at(log)
        view = await forked(client, first, "sense")
        assert looked_at(log) - before == 10
        assert (view["not_looked_at"], view["state"]) == ([], "done")
        from_gaps, from_whole = kept, await forked(client, view, "track", rules="nz")
        assert len({first["id"], view["id"], from_gaps["id"], from_whole["id"]}) == 4
        assert (await client.get(f"/v1/analyses/{first['id']}")).json() == first
        nothing = await client.post(f"/v1/analyses/{view['id']}/fork", json={"stage": "sense"})
        assert nothing.status_code == 409
        return view, await tables(client, view)

    async def from_the_start(client):
        return (await tables(client, await asked(client, clip)))[0]

    _, (found, _) = in_a_gateway(scene, detector, tmp_path / "data")
    expected = in_a_gateway(from_the_start, Detector(), tmp_path / "other")
    same = [name for name in TABLES if name.endswith(".csv")]
    assert {name: found[name] for name in same} == {name: expected[name] for name in same}


def test_what_was_computed_with_other_settings_is_not_taken_over(tmp_path, clip):
    log = tmp_path / "frames.log"

    async def scene(client):
        first = await asked(client, clip)
        sooner = {**first["settings"], "sample_fps": 2.0}
        refused = await client.post(f"/v1/analyses/{first['id']}/fork", json={"stage": "track", "settings": sooner})
        tracked = {**first["settings"], "track": {**first["settings"]["track"], "lost_after_s": 3.0}}
        too_late = await client.post(f"/v1/analyses/{first['id']}/fork", json={"stage": "measure", "settings": tracked})
        before = looked_at(log)
        view = await forked(client, first, "sense", sample_fps=2.0)
        return refused, too_late, looked_at(log) - before, view

    refused, too_late, frames, view = in_a_gateway(scene, Detector(log=log), tmp_path / "data")
    assert (refused.status_code, refused.json()["where"]) == (400, "settings.sample_fps")
    assert "fork from sense" in refused.text
    assert (too_late.status_code, too_late.json()["where"]) == (400, "settings.track")
    assert (frames, view["state"], view["forked_from"]["stage"]) == (8, "done", "sense")


def test_one_that_goes_on_is_no_origin(tmp_path, clip):
    async def scene(client):
        going = (await ask(client, clip)).json()
        answer = await client.post(f"/v1/analyses/{going['id']}/fork", json={"stage": "sense"})
        await client.post(f"/v1/analyses/{going['id']}/cancel")
        stopped = await client.post(f"/v1/analyses/{going['id']}/fork", json={"stage": "measure"})
        return answer, stopped

    answer, stopped = in_a_gateway(scene, Detector(frame_s=0.5), tmp_path / "data")
    assert (answer.status_code, "wait until it has ended" in answer.text) == (409, True)
    assert (stopped.status_code, "fork from sense" in stopped.text) == (409, True)
