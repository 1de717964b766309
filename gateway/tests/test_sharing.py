"""Segments of one analysis, sensed by several at once: two workers' worth of parts in one process, on real files."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from asking_analyses import ask
from synthetic import Detector, make_video, stages
from waiting import in_a_loop, until_ended

from wideberth_contracts.errors import Conflict, Unavailable
from wideberth_gateway.analyses import sharing
from wideberth_gateway.analyses.claiming import Claims
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.analyses.work import PipelineWork
from wideberth_gateway.jobs.helping import Helping
from wideberth_gateway.jobs.runner import Job
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.shelved_work import ShelvedWork
from wideberth_gateway.keeping.stores import FolderStore
from wideberth_gateway.rules.catalogue import load_pack
from wideberth_gateway.store import alerts as alert_store
from wideberth_gateway.store import analyses as store
from wideberth_gateway.store import trials
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.executors import open_lease

SETTINGS = {"segment_s": 1.0, "sample_fps": 5.0}
FILES = ("alerts.geojson", "encounters.json", "tracks.csv", "tracks.parquet", "observations.parquet", "separations.csv")


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return make_video(tmp_path_factory.mktemp("clips") / "shared.mp4", seconds=8)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(sharing, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(sharing, "STILL_WANTED_EVERY_S", 0.1)


class Worker:
    """One worker's parts: a lease, claims, ports, a cache of its own; and what it looked at."""

    def __init__(self, name, data_dir, engine, root, detector, ahead=32):
        self.log = root / f"{name}.log"
        detector.log = self.log
        lease = open_lease(engine, name, 60.0)
        folders = Folders(root / name)
        folders.prepare()
        shelf = Shelf(engine, folders, FolderStore(data_dir), 1 << 40)
        self.claims = Claims(engine, lambda: lease, ahead)
        self.work = ShelvedWork(PipelineWork(engine, folders, stages(detector), load_pack, self.claims), shelf)

    @property
    def seconds_seen(self):
        """Segments of a second that it looked at."""
        return (
            {int(float(line.split()[1])) for line in self.log.read_text().splitlines()} if self.log.exists() else set()
        )


@asynccontextmanager
async def accepted(gateway, tmp_path, clip):
    """A gateway that only accepts, and an analysis it accepted."""
    async with gateway(work_here=False) as client:
        asked = (await ask(client, clip, **SETTINGS)).json()
        engine = open_engine(f"sqlite:///{tmp_path / 'data' / 'gateway.sqlite'}")
        try:
            yield client, engine, asked["id"]
        finally:
            engine.dispose()


async def run_job(worker, analysis_id):
    for position in await worker.work.segments(analysis_id):
        await worker.work.sense(analysis_id, position)
    await worker.work.follow(analysis_id)
    await worker.work.alert(analysis_id)


class Always:
    """A runner with one job that wants help."""

    def __init__(self, analysis_id):
        self.jobs = (Job(analysis_id, 1),)

    async def to_help(self):
        return self.jobs


def helping(worker, analysis_id):
    return Helping(Always(analysis_id), worker.work, worker.claims.tidy, look_every_s=0.05).running()


async def alone(gateway, clip):
    async with gateway() as client:
        view = await until_ended(client, (await ask(client, clip, **SETTINGS)).json()["id"])
        paths = {name: f"/v1/analyses/{view['id']}/results/{name}" for name in FILES}
        return {name: (await client.get(path)).content for name, path in paths.items()}


def results(worker_dir, analysis_id):
    folder = Folders(worker_dir).analysis(analysis_id)
    return {name: (folder / name).read_bytes() for name in FILES}


@in_a_loop
async def test_two_sense_at_once_and_the_outcome_is_that_of_one(gateway, tmp_path, clip):
    async with accepted(gateway, tmp_path, clip) as (_, engine, analysis_id):
        first = Worker("first", tmp_path / "data", engine, tmp_path, Detector(frame_s=0.1))
        second = Worker("second", tmp_path / "data", engine, tmp_path, Detector(frame_s=0.1))
        async with helping(second, analysis_id):
            running = asyncio.create_task(run_job(first, analysis_id))
            told = None
            while not running.done():
                await asyncio.sleep(0.02)
                if told is None and alert_store.last_event(engine):
                    told = store.find_analysis(engine, analysis_id)
            await running
        assert told.state is store.State.SENSING
        assert any(not segment.done for segment in told.segments)
        assert len(first.seconds_seen) >= 3
        assert len(second.seconds_seen) >= 3
        assert first.seconds_seen | second.seconds_seen == set(range(8))
        assert not first.seconds_seen & second.seconds_seen
        found = store.find_analysis(engine, analysis_id)
        assert [segment.starts for segment in found.segments] == [1] * 8
        shared = results(tmp_path / "first", analysis_id)
    (tmp_path / "data").rename(tmp_path / "before")
    assert await alone(gateway, clip) == shared


@in_a_loop
async def test_a_helper_stops_where_the_analysis_is_cancelled(gateway, tmp_path, clip):
    async with accepted(gateway, tmp_path, clip) as (client, engine, analysis_id):
        store.begin_run(engine, analysis_id)
        worker = Worker("second", tmp_path / "data", engine, tmp_path, Detector(frame_s=5.0))
        task = asyncio.create_task(worker.work.help(analysis_id))
        while not worker.claims._held:
            await asyncio.sleep(0.02)
        await client.post(f"/v1/analyses/{analysis_id}/cancel")
        with pytest.raises(Conflict, match="ended meanwhile"):
            await asyncio.wait_for(task, 3)


class Away(Detector):
    """A service that only this worker cannot reach."""

    async def detect(self, frame, settings, attention=None):
        raise Unavailable("the service cannot be reached")


@in_a_loop
async def test_a_helper_in_trouble_gives_its_segment_back_at_once(gateway, tmp_path, clip):
    async with accepted(gateway, tmp_path, clip) as (_, engine, analysis_id):
        store.begin_run(engine, analysis_id)
        helper = Worker("second", tmp_path / "data", engine, tmp_path, Away())
        with pytest.raises(Unavailable):
            await helper.work.help(analysis_id)
        first = Worker("first", tmp_path / "data", engine, tmp_path, Detector())
        await asyncio.wait_for(run_job(first, analysis_id), 60)
        assert first.seconds_seen == set(range(8))
        assert trials.given_up(engine, (analysis_id,)) == {}


@in_a_loop
async def test_a_helper_takes_none_far_ahead_and_none_before_the_analysis_begins(gateway, tmp_path, clip):
    async with accepted(gateway, tmp_path, clip) as (_, engine, analysis_id):
        helper = Worker("second", tmp_path / "data", engine, tmp_path, Detector(), ahead=3)
        assert await helper.work.help(analysis_id) == ()
        store.begin_run(engine, analysis_id)
        stuck = Worker("first", tmp_path / "data", engine, tmp_path, Detector())
        async with stuck.claims.taken(analysis_id) as taken:
            assert taken.position == 0
            helped = [await helper.work.help(analysis_id) for _ in range(4)]
            assert helped == [(1,), (2,), (), ()]
            assert helper.seconds_seen == {1, 2}


@in_a_loop
async def test_a_poison_segment_is_given_up_by_whoever_meets_it(gateway, tmp_path, clip):
    async with accepted(gateway, tmp_path, clip) as (client, engine, analysis_id):
        first = Worker("first", tmp_path / "data", engine, tmp_path, Detector(frame_s=0.05, poison="3.0 raise"))
        second = Worker("second", tmp_path / "data", engine, tmp_path, Detector(frame_s=0.05, poison="3.0 raise"))
        async with helping(second, analysis_id):
            await run_job(first, analysis_id)
        view = (await client.get(f"/v1/analyses/{analysis_id}")).json()
        assert (view["state"], [gap["start_s"] for gap in view["not_looked_at"]]) == ("done", [3.0])
