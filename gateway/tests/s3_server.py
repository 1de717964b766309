"""A real S3 server over HTTP on loopback: moto's."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
from moto.server import ThreadedMotoServer

from wideberth_gateway.keeping.s3_store import S3Place

KEYS = {"access_key": "wideberth", "secret_key": "only-in-tests"}


class Restartable:
    """The same server on one port, stopped and started; what it holds stays, for moto keeps it in this process."""

    def __init__(self) -> None:
        self._server: ThreadedMotoServer | None = None
        self._port = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self._port, verbose=False)
        self._server.start()
        self._port = self._server.get_host_and_port()[1]

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None


@contextmanager
def s3_server() -> Iterator[str]:
    """Its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def new_bucket(address: str, prefix: str = "") -> S3Place:
    """An empty bucket on that server."""
    name = f"b{uuid4().hex}"
    httpx.put(f"{address}/{name}", trust_env=False).raise_for_status()
    return S3Place(name, prefix=prefix, endpoint=address, **KEYS)
