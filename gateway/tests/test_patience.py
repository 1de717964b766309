"""What is away and comes back is waited for: a service, the object store, the database, room on the disk."""

import asyncio
import errno
import json
import os
import pwd
import shutil
import subprocess
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import sqlalchemy as sa
from databases import postgres, postgres_programs
from s3_server import Restartable, new_bucket
from synthetic import Detector, make_video, opened
from test_store import VIDEO, analysis
from waiting import until_ended

from wideberth_contracts.errors import BadInput, BrokeOff, InternalFault, Unavailable
from wideberth_gateway.app import create_gateway
from wideberth_gateway.jobs import patience
from wideberth_gateway.jobs.patience import Patience, PatientWork, what_is_away
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store import waits
from wideberth_gateway.store.analyses import keep_original, open_analysis
from wideberth_gateway.store.engine import open_engine, reading, writing
from wideberth_gateway.store.executors import LeaseLost
from wideberth_gateway.store.tables import analyses


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(patience, "LONGEST_WAIT_S", 0.1)


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    return make_video(tmp_path_factory.mktemp("clips") / "clip.mp4", seconds=6)


class Away(Detector):
    """A model service that is away until it is told otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.away, self.refused = True, 0

    async def detect(self, frame, settings, attention=None):
        if self.away:
            self.refused += 1
            raise Unavailable("the service cannot be reached", where="http://detector", retry_after_s=0.05)
        return await super().detect(frame, settings, attention)


async def asked(client: httpx.AsyncClient, clip: Path) -> str:
    params = {"name": clip.name, "settings": json.dumps({"segment_s": 2.0, "sample_fps": 2.0})}
    answer = await client.post("/v1/analyses", params=params, content=clip.read_bytes())
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


async def until(condition, limit_s: float = 60.0) -> None:
    for _ in range(round(limit_s / 0.05)):
        if await condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("not in time")


async def view_of(client: httpx.AsyncClient, analysis_id: str) -> dict:
    return (await client.get(f"/v1/analyses/{analysis_id}")).json()


def in_a_gateway(scene, detector: Detector, **given: object) -> None:
    async def run():
        settings = GatewaySettings(job_poll_s=0.1, **given)
        app = create_gateway(partial(opened, detector), settings)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60)
        async with app.router.lifespan_context(app), client:
            await scene(client)

    asyncio.run(run())


def test_a_model_service_is_waited_for_however_long_and_the_analysis_says_so(tmp_path, clip):
    detector = Away()

    async def scene(client):
        analysis_id = await asked(client, clip)

        async def refused_often():
            return detector.refused > 12

        await until(refused_often)
        view = await view_of(client, analysis_id)
        assert view["state"] == "sensing"
        assert "cannot be reached" in view["waiting"]["reason"]
        detector.away = False
        view = await until_ended(client, analysis_id)
        assert (view["state"], view["waiting"], view["not_looked_at"]) == ("done", None, [])

    in_a_gateway(scene, detector, data_dir=tmp_path / "data")


def test_an_object_store_that_is_killed_is_waited_for(tmp_path, clip):
    """The S3 server ends in the middle of an analysis, and comes back with what it had."""

    async def scene(client):
        analysis_id = await asked(client, clip)
        server.stop()

        async def it_waits():
            return (await view_of(client, analysis_id))["waiting"] is not None

        await until(it_waits)
        server.start()
        view = await until_ended(client, analysis_id)
        assert (view["state"], view["waiting"]) == ("done", None)

    server = Restartable()
    server.start()
    try:
        place = new_bucket(server.address)
        given = {
            "files_url": f"s3://{place.bucket}/wb",
            "files_endpoint": place.endpoint,
            "files_access_key": place.access_key,
            "files_secret_key": place.secret_key,
        }
        in_a_gateway(scene, Detector(frame_s=0.3), data_dir=tmp_path / "data", **given)
    finally:
        server.stop()


def test_a_database_that_is_stopped_is_waited_for(tmp_path, clip):
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed under /usr/lib/postgresql")

    async def scene(client):
        analysis_id = await asked(client, clip)
        await asyncio.sleep(1.0)
        await asyncio.to_thread(control, programs, data, "stop")
        answer = await client.get(f"/v1/analyses/{analysis_id}")
        assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
        assert answer.json()["where"] == "database"
        await asyncio.sleep(1.0)
        await asyncio.to_thread(control, programs, data, "start")
        assert (await until_ended(client, analysis_id))["state"] == "done"

    with postgres(programs) as url:
        engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.connect() as connection:
            data = connection.exec_driver_sql("SHOW data_directory").scalar()
        engine.dispose()
        in_a_gateway(scene, Detector(frame_s=0.4), data_dir=tmp_path / "data", database_url=url)


def control(programs: Path, data: str, what: str) -> None:
    """PostgreSQL ends as after a power cut, or starts with the options it had."""
    folder = Path(data).parent
    options = ["-m", "immediate"] if what == "stop" else ["-l", str(folder / "log")]
    if what == "start":
        words = (Path(data) / "postmaster.opts").read_text().split('"')
        options += ["-o", " ".join(word for word in words[1:] if word.strip() and word.strip() not in ("-D", data))]
    command = [str(programs / "pg_ctl"), "-D", data, "-w", *options, what]
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        command = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *command]
    subprocess.run(
        command,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_room_on_the_disk_is_waited_for(tmp_path, clip, monkeypatch):
    room = {"free": 10}
    real = shutil.disk_usage

    def usage(path: object) -> object:
        return SimpleNamespace(free=room["free"]) if str(path).endswith("data") else real(path)

    async def scene(client):
        analysis_id = await asked(client, clip)
        monkeypatch.setattr(patience.shutil, "disk_usage", usage)

        async def it_waits():
            return (await view_of(client, analysis_id))["waiting"] is not None

        await until(it_waits)
        assert "MiB are to stay free" in (await view_of(client, analysis_id))["waiting"]["reason"]
        room["free"] = 1 << 40
        assert (await until_ended(client, analysis_id))["state"] == "done"

    in_a_gateway(scene, Detector(frame_s=0.3), data_dir=tmp_path / "data")


class Steps:
    """A work whose one step fails so often before it succeeds."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)

    async def follow(self, analysis_id: str) -> None:
        if self.errors:
            raise self.errors.pop(0)


def test_what_is_waited_for_and_what_is_not(engine, tmp_path):
    keep_original(engine, VIDEO)
    open_analysis(engine, analysis())
    written_in_words = BadInput("cannot be written")
    written_in_words.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    passing = (
        Unavailable("away"),
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        written_in_words,
        sa.exc.OperationalError("SELECT", {}, ConnectionError("cut")),
    )
    work = Steps(*passing)
    asyncio.run(PatientWork(work, Patience(engine, tmp_path)).follow(analysis().id))
    assert work.errors == []
    assert waits.waiting(engine, (analysis().id,)) == {}
    for lasting in (BadInput("no"), BrokeOff("broke"), OSError(errno.EIO, "bad disk"), LeaseLost("one"), ValueError()):
        assert what_is_away(lasting) is None
        with pytest.raises(type(lasting)):
            asyncio.run(PatientWork(Steps(lasting), Patience(engine, tmp_path)).follow(analysis().id))


def test_a_table_that_is_missing_is_not_waited_for(engine, tmp_path):
    """On SQLite it comes under the name of a database that is away."""
    keep_original(engine, VIDEO)
    open_analysis(engine, analysis())

    class Asking:
        def __init__(self, statement: str) -> None:
            self.statement = statement

        async def follow(self, analysis_id: str) -> None:
            with engine.connect() as connection:
                connection.exec_driver_sql(self.statement)

    for statement in ("SELECT 1 FROM gone", "SELECT gone FROM analyses"):
        patient = PatientWork(Asking(statement), Patience(engine, tmp_path))
        with pytest.raises(InternalFault, match="gone") as told:
            asyncio.run(asyncio.wait_for(patient.follow(analysis().id), 5))
        assert "migrates" in told.value.remedy
    assert waits.waiting(engine, (analysis().id,)) == {}


def test_requests_and_analyses_tell_of_a_missing_table_at_once(tmp_path, clip):
    async def scene(client):
        engine = open_engine(f"sqlite:///{tmp_path / 'data' / 'gateway.sqlite'}")

        def do(statement):
            with writing(engine) as connection:
                connection.exec_driver_sql(statement)

        async def it_failed():
            with reading(engine) as connection:
                [row] = connection.execute(sa.select(analyses.c.state, analyses.c.problem_json)).all()
            return row.state == "failed" and "segment_trials" in row.problem_json

        do("ALTER TABLE segment_trials RENAME TO hidden")
        params = {"name": clip.name, "settings": json.dumps({"segment_s": 2.0, "sample_fps": 2.0})}
        answer = await client.post("/v1/analyses", params=params, content=clip.read_bytes())
        assert (answer.status_code, "segment_trials" in answer.text) == (500, True)
        await until(it_failed)
        do("ALTER TABLE hidden RENAME TO segment_trials")
        engine.dispose()

    in_a_gateway(scene, Detector(), data_dir=tmp_path / "data")
