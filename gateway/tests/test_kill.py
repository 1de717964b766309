"""Killed at random moments, a job ends as if nothing had happened, and repeats at most one segment a kill."""

import asyncio
import hashlib
import json
import random
import time
from collections import Counter
from pathlib import Path

import pytest
from gateway_process import Process
from synthetic import make_video
from waiting import until_ended

SEGMENT_S = 1.0
SAMPLE_FPS = 5.0
SETTINGS = {"segment_s": SEGMENT_S, "sample_fps": SAMPLE_FPS}
FRAME_S = 0.04
FILES = ("alerts.geojson", "encounters.json", "tracks.csv", "observations.parquet", "tracks.parquet")


@pytest.fixture(scope="session")
def clip(tmp_path_factory) -> Path:
    return make_video(tmp_path_factory.mktemp("clips") / "long.mp4", seconds=12)


def results(process: Process, analysis_id: str) -> dict[str, str]:
    return {name: hashlib.sha256(process.result(analysis_id, name)).hexdigest() for name in FILES}


def repeats(log: Path) -> int:
    """How many segments were sensed again, in whole or in part: sightings of a segment beyond the first, by process."""
    seen = {tuple(line.split()) for line in log.read_text().splitlines()}
    by_segment = Counter()
    for _, segment in {(pid, int(float(t_s) // SEGMENT_S)) for pid, t_s in seen}:
        by_segment[segment] += 1
    return sum(count - 1 for count in by_segment.values())


@pytest.fixture
def undisturbed(clip, gateway) -> tuple[str, dict[str, str]]:
    """The same question asked of a gateway in this process, that nobody kills."""

    async def scene():
        async with gateway(data_dir=clip.parent / "calm") as client:
            params = {"name": clip.name, "settings": json.dumps(SETTINGS)}
            asked = (await client.post("/v1/analyses", params=params, content=clip.read_bytes())).json()
            assert (await until_ended(client, asked["id"]))["state"] == "done"
            paths = {name: f"/v1/analyses/{asked['id']}/results/{name}" for name in FILES}
            found = {name: hashlib.sha256((await client.get(path)).content).hexdigest() for name, path in paths.items()}
            return asked["id"], found

    return asyncio.run(scene())


def killed(data_dir: Path, clip: Path, kills: int, seed: int, database_url: str | None = None):
    """Run the job with so many kills; its id, results, kills that hit it at work, segments sensed again."""
    moments = random.Random(seed)
    process = Process(data_dir, FRAME_S, database_url)
    process.start()
    hit = 0
    try:
        asked = process.ask(clip, **SETTINGS)
        for _ in range(kills):
            time.sleep(moments.uniform(0.0, 1.5))
            if process.view(asked["id"])["state"] == "done":
                break
            process.kill()
            hit += 1
            # Half the time the next kill may already come while the process is still starting.
            process.start(wait=True)
        view = process.until_ended(asked["id"])
        assert view["state"] == "done", view
        return asked["id"], results(process, asked["id"]), hit, repeats(process.log)
    finally:
        process.stop()


def check(undisturbed, outcome):
    analysis_id, calm = undisturbed
    killed_id, found, hit, again = outcome
    assert hit > 0
    assert killed_id == analysis_id
    assert found == calm
    assert again <= hit


def test_killed_twice(tmp_path, clip, undisturbed):
    check(undisturbed, killed(tmp_path / "data", clip, kills=2, seed=1))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_killed_often(tmp_path, clip, undisturbed, seed):
    check(undisturbed, killed(tmp_path / "data", clip, kills=8, seed=seed))


@pytest.mark.slow
def test_killed_often_on_postgresql(tmp_path, clip, undisturbed, postgres_url):
    check(undisturbed, killed(tmp_path / "data", clip, kills=6, seed=9, database_url=postgres_url))


@pytest.mark.slow
def test_killed_while_starting(tmp_path, clip, undisturbed):
    """The kill comes at any moment of a start, also before the job is taken up again."""
    moments = random.Random(3)
    process = Process(tmp_path / "data", FRAME_S)
    process.start()
    try:
        asked = process.ask(clip, **SETTINGS)
        for _ in range(6):
            process.kill()
            process.start(wait=False)
            time.sleep(moments.uniform(0.2, 3.0))
        process.kill()
        process.start()
        assert process.until_ended(asked["id"])["state"] == "done"
        check(undisturbed, (asked["id"], results(process, asked["id"]), 7, repeats(process.log)))
    finally:
        process.stop()
