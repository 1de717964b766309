"""A real nginx with TLS and a path prefix before a gateway. Skips by name where nginx or openssl is absent."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from gateway_process import free_port


@contextmanager
def nginx(port: int, folder: Path) -> Iterator[tuple[str, Path]]:
    """A proxy with TLS before the gateway on that port; its address with the prefix, and the certificate to trust."""
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
              proxy_http_version 1.1; proxy_buffering off; proxy_set_header Connection "";
              proxy_set_header Host $host; proxy_set_header X-Forwarded-Proto https;
            }}
          }}
        }}""")
    process = subprocess.Popen([program, "-c", str(settings), "-p", str(folder)], stderr=subprocess.PIPE)
    try:
        _wait(outside, process)
        ssl.create_default_context(cafile=str(certificate))
        yield f"https://localhost:{outside}/sea", certificate
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
