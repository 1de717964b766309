"""The page in a real Chromium, before a real gateway. Skipped by name where no Chromium is installed."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from gateway_process import free_port
from playwright.sync_api import Browser, ConsoleMessage, Request, sync_playwright
from synthetic import Detector, opened
from watching import Served, Watched

from wideberth_gateway.app import create_gateway
from wideberth_gateway.settings import GatewaySettings
from wideberth_web import bundle

FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def detector() -> Detector:
    """What the gateway sees with; a test may bring its own."""
    return Detector()


@pytest.fixture
def served(tmp_path: Path, detector: Detector) -> Iterator[Served]:
    port = free_port()
    settings = GatewaySettings(
        data_dir=tmp_path / "data", job_poll_s=0.1, port=port, receivers_on_private_addresses=True
    )
    app = create_gateway(lambda: opened(detector), settings, page=bundle())
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the gateway did not start"
    yield Served(f"http://127.0.0.1:{port}", app.state.engine, settings.data_dir)
    server.should_exit = True
    thread.join(timeout=30)


@pytest.fixture
def watched(chromium: Browser, served: Served) -> Iterator[Watched]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    watched = Watched(page, [], [])

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            watched.errors.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith((served.url, "blob:", "data:")):
            watched.abroad.append(request.url)

    page.on("console", said)
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.on("request", asked)
    yield watched
    context.close()
