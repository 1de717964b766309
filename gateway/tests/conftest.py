"""A gateway in this process, on a real SQLite file, with synthetic ports."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from databases import new_database, postgres, postgres_programs
from fastapi import FastAPI
from synthetic import Detector, make_video, opened

from wideberth_gateway.app import create_gateway
from wideberth_gateway.rules.judge import LocalJudge
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.migrate import migrate

# What is tested here is not who may do it; test_access.py turns the gate on for itself.
os.environ.setdefault("WIDEBERTH_GATEWAY_ACCESS", "open")

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


KINDS = ["sqlite", "postgresql"]


@pytest.fixture(params=KINDS)
def database_url(request, tmp_path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'main.sqlite'}"
    return new_database(request.getfixturevalue("postgres_url"))


def migrated(url: str) -> str:
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("template") / "main.sqlite"
    migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url) -> str:
    return migrated(new_database(postgres_url)).rsplit("/", 1)[1]


@pytest.fixture(params=KINDS)
def engine(request, tmp_path):
    """A migrated database of each kind, copied from one that was made once."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "main.sqlite")
        made = open_engine(f"sqlite:///{path}")
    else:
        template = request.getfixturevalue("postgres_template")
        made = open_engine(new_database(request.getfixturevalue("postgres_url"), template))
    yield made
    made.dispose()


@pytest.fixture
def gateway(tmp_path) -> Gateway:
    """Opens a gateway; `async with gateway() as client`. The same folder again is a restart."""

    @asynccontextmanager
    async def open_gateway(
        detector: Detector | None = None, judge: LocalJudge | None = None, **given: object
    ) -> AsyncIterator[httpx.AsyncClient]:
        settings = GatewaySettings(**({"data_dir": tmp_path / "data", "job_poll_s": 0.1} | given))
        app = create_gateway(lambda: opened(detector, judge), settings)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60)
        async with app.router.lifespan_context(app), client:
            yield client

    return open_gateway


@dataclass
class Shared:
    """One gateway for all tests of a module; starting one costs a second of CPU. `detector` can be changed."""

    run: Callable
    client: httpx.AsyncClient
    detector: Detector
    data_dir: Path
    app: FastAPI


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Iterator[Shared]:
    data_dir = tmp_path_factory.mktemp("shared")
    detector = Detector(log=data_dir / "frames.log")
    settings = GatewaySettings(data_dir=data_dir, job_poll_s=0.1)
    app = create_gateway(lambda: opened(detector), settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60)
    stack = AsyncExitStack()
    with asyncio.Runner() as runner:
        runner.run(stack.enter_async_context(app.router.lifespan_context(app)))
        yield Shared(runner.run, client, detector, data_dir, app)
        runner.run(client.aclose())
        runner.run(stack.aclose())
