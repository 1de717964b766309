"""What only a real socket shows."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from wideberth_contracts.detections import DetectSettings
from wideberth_contracts.errors import TooLarge, Unavailable
from wideberth_servicekit.conformance import outcome_of, service_of
from wideberth_servicekit.conformance.little_adapters import LittleDetector, LittleGlare
from wideberth_servicekit.conformance.samples import frame, window
from wideberth_servicekit.hopcost import SIZES, measure_hops
from wideberth_servicekit.ports import HttpDetector, HttpGlare, detector, glare
from wideberth_servicekit.service import create_app, serve
from wideberth_servicekit.settings import ServiceSettings
from wideberth_servicekit.transport import RawTransport, SharedTransport

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def listening(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    running = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{sock.getsockname()[1]}", timeout=20) as client:
            yield client
    finally:
        server.should_exit = True
        await running


@pytest.mark.parametrize("shared", [False, True])
async def test_same_outcome_over_a_socket(shared: bool, tmp_path: Path) -> None:
    app = create_app(service_of(LittleGlare(), glare.routes()), ServiceSettings(shared_dir=tmp_path))
    async with listening(app) as client:
        with SharedTransport(tmp_path) as memory:
            port = HttpGlare(client, memory if shared else RawTransport())
            for asked in (window(), window(frames=15), window("busy")):
                assert await outcome_of(port.clear(asked)) == await outcome_of(LittleGlare().clear(asked))
    assert not list(tmp_path.iterdir())


async def test_sender_of_a_body_that_is_too_large_is_told_so() -> None:
    app = create_app(service_of(LittleDetector(), detector.routes()), ServiceSettings(max_body_bytes=1_000_000))
    large = frame(width_px=4000, height_px=2000)
    async with listening(app) as client:
        for _ in range(3):
            with pytest.raises(TooLarge):
                await HttpDetector(client).detect(large, DetectSettings())
        assert (await client.get("/livez")).status_code == 200


async def test_no_answer_in_time_is_unavailable() -> None:
    app = create_app(service_of(LittleDetector(), detector.routes()), ServiceSettings())
    async with listening(app) as client:
        client.timeout = httpx.Timeout(0.1)
        with pytest.raises(Unavailable, match="in time"):
            await HttpDetector(client).detect(frame("slow"), DetectSettings())
        await asyncio.sleep(0.3)


def test_listening_beyond_loopback_is_said_aloud(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(uvicorn, "run", lambda *args, **kwargs: None)
    app = create_app(service_of(LittleDetector(), detector.routes()), ServiceSettings())
    with caplog.at_level(logging.WARNING):
        serve(app, ServiceSettings(host="127.0.0.1"))
        assert not caplog.records
        serve(app, ServiceSettings(host="0.0.0.0"))
    assert "0.0.0.0" in caplog.text


def test_every_way_is_measured() -> None:
    costs = measure_hops(calls=2)
    assert [(cost.size, cost.way) for cost in costs] == [(s, w) for s in SIZES for w in ("local", "shared", "raw")]
    assert all(cost.wall_ms > 0 for cost in costs)
