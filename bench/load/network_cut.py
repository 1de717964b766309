"""The whole embedded flow in a network namespace whose only interface is loopback: nothing is fetched at run time.

`python -m bench.load.network_cut FOLDER` is what runs inside: the demonstration, then a gateway that takes the same
clip over HTTP, alerts, a bag of evidence and its check. Before that it makes sure that the network is really cut.
"""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("wideberth")
PORT = 8799
OUTSIDE = ("192.0.2.1", 443)
"""TEST-NET-1 (RFC 5737): nobody answers there; with a network the attempt times out, without one it fails at once."""

LIMIT_S = 1800
Row = dict[str, Any]


def namespace() -> list[str] | None:
    """The command that runs another in such a namespace; None where this machine does not allow it."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return None
    for how in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
        if subprocess.run([*how, "ip", "link", "set", "lo", "up"], capture_output=True, check=False).returncode == 0:
            return [*how, "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    return None


def run(quick: bool) -> list[Row]:
    """One row a step; `quick` leaves the gateway out."""
    cut = namespace()
    if cut is None:
        return [{"name": "network cut", "value": None, "note": "left out: no network namespaces here (unshare, ip)"}]
    with tempfile.TemporaryDirectory() as folder:
        return [
            {"name": name, "value": seconds, "unit": "s", "aim": "done without a network", "met": True}
            for name, seconds in inside(cut, Path(folder), quick=quick).items()
        ]


def inside(cut: list[str], folder: Path, *, quick: bool) -> dict[str, float]:
    """Seconds a step took, by step. Raises `RuntimeError` with the last lines of what failed."""
    command = [*cut, sys.executable, "-m", "bench.load.network_cut", str(folder), *(["--quick"] if quick else [])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    steps: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return steps


def main(folder: Path, *, quick: bool) -> None:
    """Inside the namespace; prints the steps as JSON."""
    refuse_a_network()
    steps: dict[str, float] = {}
    with _timed(steps, "demonstration, clip to alerts and report"):
        _call("demo", "--out", str(folder / "demo"))
    alerts = json.loads((folder / "demo" / "alerts.geojson").read_text())["features"]
    if not alerts:
        raise RuntimeError("the demonstration found no alert")
    if not quick:
        _over_http(folder, steps, len(alerts))
    sys.stdout.write(json.dumps(steps) + "\n")


def refuse_a_network() -> None:
    """Raises `RuntimeError` where there is any interface but loopback, or anything outside can be tried."""
    names = [name for _, name in socket.if_nameindex()]
    if names != ["lo"]:
        raise RuntimeError(f"the network is not cut: {names}")
    try:
        socket.create_connection(OUTSIDE, timeout=2).close()
    except TimeoutError as error:
        raise RuntimeError("the network is not cut: packets leave") from error
    except OSError:
        return
    raise RuntimeError("the network is not cut: someone answers")


def _over_http(folder: Path, steps: dict[str, float], expected: int) -> None:
    clip = folder / "demo" / "clip"
    video, telemetry = next(clip.glob("*.[mM][pP]4")), next(clip.glob("*.[sS][rR][tT]"))
    key = _call("keys", "add", "bench", "--role", "reviewer", "--data", str(folder / "data")).strip().splitlines()[0]
    headers = {"Authorization": f"Bearer {key}"}
    address = f"http://127.0.0.1:{PORT}"
    with _gateway(folder / "data", address), httpx.Client(base_url=address, timeout=600, headers=headers) as client:
        with _timed(steps, "upload and analysis over HTTP"):
            log = client.post("/v1/originals", params={"name": telemetry.name}, content=telemetry.read_bytes())
            params = {"name": video.name, "telemetry": log.raise_for_status().json()["sha256"]}
            asked = client.post("/v1/analyses", params=params, content=video.read_bytes()).raise_for_status().json()
            _until_done(client, f"/v1/analyses/{asked['id']}")
        found = client.get("/v1/collections/alerts/items").raise_for_status().json()["features"]
        if len(found) != expected:
            raise RuntimeError(f"{len(found)} alerts over HTTP, {expected} in one process")
        with _timed(steps, "bag of evidence, made, fetched and checked"):
            bag = client.post(f"/v1/alerts/{found[0]['id']}/evidence").raise_for_status().json()
            (folder / "bag.zip").write_bytes(client.get(bag["bag"]).raise_for_status().content)
            zipfile.ZipFile(folder / "bag.zip").extractall(folder / "bag")
            _call("verify", str(folder / "bag" / bag["name"]))


def _until_done(client: httpx.Client, place: str) -> None:
    while (view := client.get(place).raise_for_status().json())["state"] not in ("done", "failed", "cancelled"):
        time.sleep(1)
    if view["state"] != "done":
        raise RuntimeError(str(view["problem"]))


@contextmanager
def _gateway(data: Path, address: str) -> Iterator[None]:
    with (data / "serve.log").open("wb") as log:
        command = [str(PROGRAM), "serve", "--port", str(PORT), "--data", str(data), "--access", "open"]
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            for _ in range(240):
                try:
                    httpx.get(f"{address}/livez", timeout=5).raise_for_status()
                    break
                except httpx.HTTPError:
                    time.sleep(0.5)
            yield
        finally:
            process.terminate()
            process.wait(timeout=60)


def _call(*arguments: str) -> str:
    done = subprocess.run([str(PROGRAM), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"wideberth {arguments[0]}: {done.stdout[-1000:]}{done.stderr[-1000:]}")
    return done.stdout


@contextmanager
def _timed(steps: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    steps[name] = round(time.perf_counter() - started, 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), quick="--quick" in sys.argv)
