"""The whole system in containers gives the alerts of one process. Run by `./run compose`; needs a container engine."""

import asyncio
import json
import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from wideberth.analysis import analyse
from wideberth_contracts.settings import AnalysisSettings
from wideberth_simulator import SimulatedFiles, bundled_scene, simulate

pytestmark = pytest.mark.compose

ROOT = Path(__file__).resolve().parents[2]
PORT = "18765"
WATCHER_PORT = "19090"
READY_WITHIN_S = 240.0
DONE_WITHIN_S = 600.0
SENSES = ("glare", "detector", "distance", "tracker", "anomaly")
SECRETS = {
    "WIDEBERTH_SERVICE_TOKEN": "of these services",
    "WIDEBERTH_DATABASE_PASSWORD": "of-this-database",
    "WIDEBERTH_FILES_ACCESS_KEY": "of-these-files",
    "WIDEBERTH_FILES_SECRET_KEY": "of-these-files-too",
    "WIDEBERTH_METRICS_TOKEN": "of these metrics",
}
MADE = ("created_at", "version")


def _compose() -> list[str]:
    plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    if plugin.returncode == 0:
        return ["docker", "compose"]
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    pytest.fail("no compose command: install docker compose or docker-compose")


@dataclass(frozen=True)
class Size:
    """One way to run the whole.

    Attributes:
        profile: of docker-compose.yml.
        gateway: the service that is asked.
        files: compose files, in order.
        services: what is started; all of the profile where empty.
        more: options of `up`.
    """

    profile: str
    gateway: str
    files: tuple[str, ...] = ("docker-compose.yml",)
    services: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


SIZES = (
    Size("small", "gateway-small"),
    # The images of other projects cannot be had everywhere: another S3 server, Debian's Prometheus, no Grafana.
    Size(
        "full",
        "gateway",
        ("docker-compose.yml", "tests/compose/standins.yml"),
        ("gateway", "worker", "prometheus"),
        ("--scale", "worker=2"),  # compose 1 does not read `replicas`
    ),
)


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: size.profile)
def gateway(request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """The running composition, asked with an operator's key."""
    size: Size = request.param
    files = [word for name in size.files for word in ("--file", name)]
    compose = [*_compose(), *files, "--project-name", f"wideberth-test-{size.profile}", "--profile", size.profile]
    environment = os.environ | SECRETS | {"WIDEBERTH_PORT": PORT, "WIDEBERTH_PROMETHEUS_PORT": WATCHER_PORT}
    try:
        for step in (["build"], ["up", "--detach", *size.more]):
            built = ("seaweedfs", *SENSES) if step == ["build"] and size.services else ()
            done = subprocess.run(
                [*compose, *step, *size.services, *built],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        address = f"http://127.0.0.1:{PORT}"
        _wait_until_ready(address)
        make = [*compose, "exec", "-T", size.gateway, "python", "-m", "wideberth_gateway", "key", "test", "operator"]
        made = subprocess.run(make, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        headers = {"Authorization": f"Bearer {made.stdout.strip()}"}
        assert httpx.get(f"{address}/v1/analyses", timeout=30).status_code == 401
        with httpx.Client(base_url=address, timeout=120, headers=headers) as client:
            yield client
    finally:
        logs = subprocess.run(
            [*compose, "logs", "--no-color"], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        (ROOT / ".cache").mkdir(exist_ok=True)
        (ROOT / f".cache/compose-{size.profile}.log").write_text(logs.stdout)
        subprocess.run([*compose, "down", "--volumes"], cwd=ROOT, env=environment, capture_output=True, check=False)


def _wait_until_ready(address: str) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            if httpx.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        assert time.monotonic() < until, "the gateway did not become ready"
        time.sleep(2)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> SimulatedFiles:
    """The demonstration's encounter: the detector that ships sees its boat and its dolphins."""
    return simulate(bundled_scene("demo"), tmp_path_factory.mktemp("clip"), None, clean=False)


def _analysed_there(client: httpx.Client, clip: SimulatedFiles) -> dict[str, Any]:
    sent = client.post("/v1/originals", params={"name": clip.telemetry.name}, content=clip.telemetry.read_bytes())
    assert sent.status_code == 201, sent.text
    asked = client.post(
        "/v1/analyses",
        params={"name": clip.video.name, "telemetry": sent.json()["sha256"]},
        content=clip.video.read_bytes(),
    )
    assert asked.status_code == 202, asked.text
    place = f"/v1/analyses/{asked.json()['id']}"
    until = time.monotonic() + DONE_WITHIN_S
    while (state := client.get(place).json())["state"] not in ("done", "failed", "cancelled"):
        assert time.monotonic() < until, state
        time.sleep(2)
    assert state["state"] == "done", state
    return {
        "alerts": client.get(f"{place}/results/alerts.geojson").json(),
        "encounters": client.get(f"{place}/results/encounters.json").json(),
        "feed": client.get("/v1/collections/alerts/items").json(),
    }


def test_containers_give_the_alerts_of_one_process(gateway: httpx.Client, clip: SimulatedFiles, tmp_path: Path) -> None:
    there = _analysed_there(gateway, clip)
    here = asyncio.run(analyse(clip.video, clip.telemetry, AnalysisSettings(), tmp_path, quiet=True))
    ours = json.loads(here.files["encounters"].read_text())
    assert there["encounters"]["encounters"] == ours["encounters"]
    assert _alerts(there["alerts"]) == _alerts(json.loads(here.files["alerts"].read_text()))
    assert _alerts(there["alerts"]), "a scene without an alert shows nothing"
    assert {feature["id"] for feature in there["feed"]["features"]} == set(_alerts(there["alerts"]))


def test_prometheus_reaches_all(gateway: httpx.Client, request: pytest.FixtureRequest) -> None:
    if request.node.callspec.params["gateway"].profile != "full":
        pytest.skip("nobody watches the small one")
    until = time.monotonic() + READY_WITHIN_S
    while True:
        asked = httpx.get(f"http://127.0.0.1:{WATCHER_PORT}/api/v1/targets", timeout=10).json()["data"]["activeTargets"]
        health = Counter((target["labels"]["job"], target["health"]) for target in asked)
        if health == {
            ("wideberth-gateway", "up"): 1,
            ("wideberth-worker", "up"): 2,
            ("wideberth-service", "up"): len(SENSES),
        }:
            return
        assert time.monotonic() < until, asked
        time.sleep(5)


def _alerts(collection: dict[str, Any]) -> dict[str, Any]:
    """Alerts by id, without their moment and version: the gateway tells of them while it still senses."""
    return {
        feature["id"]: {
            "geometry": feature["geometry"],
            "properties": {key: value for key, value in feature["properties"].items() if key not in MADE},
        }
        for feature in collection["features"]
    }
