"""The worker of a container: it works, answers for its health and metrics, and makes no password."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from functools import partial

import httpx
import pytest
from gateway_process import Process, free_port
from synthetic import Detector, opened
from waiting import in_a_loop

from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store import people
from wideberth_gateway.store.analyses import State, find_analysis
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.worker_app import create_worker

TOKEN = "only for Prometheus"


@in_a_loop
async def test_it_does_what_a_gateway_accepted_and_tells_how_it_is(tmp_path, video, capsys):
    gateway = Process(tmp_path / "data", 0.0, work_here="false")
    try:
        gateway.start()
        asked = gateway.ask(video, segment_s=2.0)
    finally:
        gateway.kill_if_running()
    settings = GatewaySettings(
        data_dir=tmp_path / "data", job_poll_s=0.1, work_here=False, access="accounts", metrics_token=TOKEN
    )
    app = create_worker(partial(opened, Detector()), settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://worker", timeout=60)
    async with app.router.lifespan_context(app), client:
        engine = app.state.engine
        until = time.monotonic() + 60
        while not (found := find_analysis(engine, asked["id"])).state.ended and time.monotonic() < until:
            await asyncio.sleep(0.1)
        assert found.state is State.DONE
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["service"], len(ready.json()["services"])) == (200, "worker", 5)
        assert (await client.get("/metrics")).status_code == 401
        told = (await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).text
        assert "wideberth_segments_sensed_total 3.0" in told
        assert "wideberth_disk_free_bytes" in told
        assert "wideberth_gateway_analyses{" not in told  # the gateway tells, once
        for path in ("/", "/v1/analyses", "/v1/session", "/docs", "/openapi.json"):
            assert (await client.get(path)).status_code == 404
        assert people.list_people(engine) == ()
    printed = capsys.readouterr()
    assert "password" not in printed.out + printed.err


def test_its_command_starts_a_worker_and_no_gateway(tmp_path):
    port = free_port()
    given = {"DATA_DIR": tmp_path / "data", "PORT": port, "ACCESS": "accounts", "METRICS_TOKEN": TOKEN}
    environment = os.environ | {f"WIDEBERTH_GATEWAY_{name}": str(value) for name, value in given.items()}
    log = tmp_path / "log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "wideberth_gateway", "worker"]
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                alive = httpx.get(f"http://127.0.0.1:{port}/livez", trust_env=False)
                break
            except httpx.HTTPError:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.1)
        assert alive.json() == {"status": "alive"}
        about = httpx.get(f"http://127.0.0.1:{port}/v1/analyses", trust_env=False)
        assert about.status_code == 404
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) in (0, -signal.SIGTERM)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    assert "password" not in log.read_text()
    engine = open_engine(f"sqlite:///{tmp_path / 'data' / 'gateway.sqlite'}")
    assert people.list_people(engine) == ()
    engine.dispose()


@pytest.mark.parametrize("words", [["wrker"], ["worker", "now"]])
def test_a_word_it_does_not_know_is_no_gateway(tmp_path, words):
    environment = os.environ | {"WIDEBERTH_GATEWAY_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-m", "wideberth_gateway", *words]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, "worker, password NAME" in ended.stderr) == (1, True)
    assert not (tmp_path / "data").exists()
