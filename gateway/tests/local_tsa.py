"""A time stamping authority of our own on loopback: certificates and answers by the openssl program."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIG = """
[tsa]
default_tsa = here
[here]
dir = {folder}
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
[for_tsa]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
basicConstraints = CA:FALSE
"""


@dataclass
class LocalTsa:
    """Where it listens, its root certificate, and how it behaves: `away` answers 503, `replay` an old answer."""

    url: str
    root: Path
    folder: Path
    away: bool = False
    replay: bytes | None = None
    asked: int = 0

    def answer(self, query: bytes) -> bytes:
        """A stamp made by openssl."""
        (self.folder / "query.tsq").write_bytes(query)
        return _openssl(self.folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq")


def _openssl(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True).stdout


def certificates(folder: Path) -> Path:
    """A root and a signer under it; the root."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ("-newkey", "rsa:2048", "-nodes", "-subj")
    _openssl(folder, "req", "-x509", *new, "/CN=Test root", "-keyout", "root.key", "-out", "root.pem", "-days", "30")
    _openssl(folder, "req", *new, "/CN=Test TSA", "-keyout", "tsa.key", "-out", "tsa.csr")
    signing = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "30")
    extension = ("-extfile", "tsa.cnf", "-extensions", "for_tsa")
    _openssl(folder, "x509", "-req", "-in", "tsa.csr", *signing, *extension, "-out", "tsa.pem")
    return folder / "root.pem"


@contextmanager
def local_tsa(folder: Path) -> Iterator[LocalTsa]:
    """The authority, listening until the context ends."""
    tsa = LocalTsa("", certificates(folder), folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name http.server calls
            tsa.asked += 1
            query = self.rfile.read(int(self.headers["Content-Length"]))
            if tsa.away or self.headers["Content-Type"] != "application/timestamp-query":
                self.send_error(503)
                return
            body = tsa.replay or tsa.answer(query)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tsa.url = f"http://127.0.0.1:{server.server_port}/tsa"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield tsa
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
