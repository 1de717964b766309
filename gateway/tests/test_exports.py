"""Exports over HTTP: every form of this installation, noted in the trail, none before the analysis is done."""

import asyncio
import hashlib
import io
import zipfile

import pytest
from asking_analyses import ask
from synthetic import Detector
from waiting import until_ended

from wideberth_gateway.store.audit import trail


@pytest.fixture(scope="module")
def done(shared, video) -> dict:
    async def scene():
        answer = await ask(shared.client, video)
        return await until_ended(shared.client, answer.json()["id"])

    view = shared.run(scene())
    assert view["state"] == "done"
    return view


def test_every_form_can_be_fetched_and_the_trail_says_who_took_it(shared, done):
    async def scene():
        forms = (await shared.client.get("/v1/exports")).json()
        there = [one["name"] for one in forms if one["there"]]
        return there, [await shared.client.get(f"/v1/analyses/{done['id']}/exports/{name}") for name in there]

    there, answers = shared.run(scene())
    assert {"mot", "coco", "yolo-obb", "csv", "parquet", "geojson", "kml", "darwin-core"} <= set(there)
    assert [answer.status_code for answer in answers] == [200] * len(there)
    noted = {
        link.entry["details"]["form"]: link.entry
        for link in trail(shared.app.state.engine)
        if link.entry["action"] == "export.made"
    }
    for name, answer in zip(there, answers, strict=True):
        assert noted[name]["subject"] == done["id"]
        assert noted[name]["actor"]
        assert noted[name]["details"]["sha256"] == hashlib.sha256(answer.content).hexdigest()
        assert "boat" in answer.headers["content-disposition"]
    assert not list(shared.app.state.folders.staging.iterdir())


def test_frames_are_counted_over_the_whole_video(shared, done):
    async def scene():
        mot = await shared.client.get(f"/v1/analyses/{done['id']}/exports/mot")
        coco = await shared.client.get(f"/v1/analyses/{done['id']}/exports/coco")
        return mot.content, coco.json()

    mot, coco = shared.run(scene())
    with zipfile.ZipFile(io.BytesIO(mot)) as packed:
        lines = packed.read("tracks.txt").decode().splitlines()
    # Ten frames a second, of which every second one was looked at.
    assert sorted({int(line.split(",")[0]) for line in lines})[:3] == [1, 3, 5]
    assert [one["id"] for one in coco["images"]][:3] == [0, 2, 4]


def test_an_analysis_that_is_not_done_has_none(gateway, video):
    async def scene():
        async with gateway(Detector(frame_s=5.0)) as client:
            answer = await ask(client, video)
            early = await client.get(f"/v1/analyses/{answer.json()['id']}/exports/csv")
            await client.post(f"/v1/analyses/{answer.json()['id']}/cancel")
            nowhere = await client.get(f"/v1/analyses/{'0' * 64}/exports/csv")
            odd = await client.get(f"/v1/analyses/{answer.json()['id']}/exports/doc")
            return early, nowhere, odd

    early, nowhere, odd = asyncio.run(scene())
    assert (early.status_code, nowhere.status_code, odd.status_code) == (409, 404, 422)
