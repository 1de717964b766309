"""A gateway in this process, on a real SQLite file, with synthetic ports."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
from databases import postgres, postgres_programs
from synthetic import Detector, make_video, opened

from wideberth_gateway.app import create_gateway
from wideberth_gateway.settings import GatewaySettings

Gateway = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture(scope="session")
def video(tmp_path_factory) -> Path:
    return make_video(tmp_path_factory.mktemp("clips") / "boat.mp4")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed under /usr/lib/postgresql")
    with postgres(programs) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'main.sqlite'}"
    server = request.getfixturevalue("postgres_url")
    name = f"t{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.rsplit("/", 1)[0] + f"/{name}"


@pytest.fixture
def gateway(tmp_path) -> Gateway:
    """Opens a gateway; `async with gateway() as client`. The same folder again is a restart."""

    @asynccontextmanager
    async def open_gateway(detector: Detector | None = None, **given: object) -> AsyncIterator[httpx.AsyncClient]:
        settings = GatewaySettings(**({"data_dir": tmp_path / "data", "job_poll_s": 0.1} | given))
        app = create_gateway(lambda: opened(detector), settings)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60)
        async with app.router.lifespan_context(app), client:
            yield client

    return open_gateway


async def until_ended(client: httpx.AsyncClient, analysis_id: str, limit_s: float = 60.0) -> dict:
    """The analysis once nothing more happens by itself."""
    for _ in range(round(limit_s / 0.1)):
        view = (await client.get(f"/v1/analyses/{analysis_id}")).json()
        if view["state"] in ("done", "failed", "cancelled"):
            return view
        await asyncio.sleep(0.1)
    raise AssertionError(f"still {view}")
