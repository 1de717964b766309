"""The page in a real Chromium, before a real gateway. Skipped by name where no Chromium is installed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Request, sync_playwright
from serving_here import serving
from synthetic import Detector, opened
from watching import Served, Watched

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
    with serving(lambda: opened(detector), tmp_path / "data") as told:
        yield told


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
