"""Two journeys through the whole: the operator's from a card to the first alert, the officer's from there to a bag.

Everything is real but the eyes: boxes come from the truth of the simulated flight, a little off.
"""

import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect
from serving_here import serving
from watching import Served, Watched

from tests.e2e.conftest import SCENE, seeing
from tests.e2e.test_command_line import FINE, wideberth
from wideberth.commands.serving import rendering
from wideberth.evidence import make_exhibits
from wideberth_gateway.access.roles import Role
from wideberth_gateway.rules.catalogue import load_pack
from wideberth_gateway.store.keys import add_key
from wideberth_pipeline import Stages
from wideberth_simulator import load_scene, simulate

KEPT = Path(__file__).resolve().parents[2] / ".cache" / "screens"
SECONDS = 42
"""Two segments: alerts of the first are there while the other is looked at."""


@dataclass(frozen=True)
class Sea:
    """A card as it comes from a drone, and a gateway that waits for it."""

    card: Path
    served: Served


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("flight")
    scene = home / "scene.yaml"
    text = SCENE.read_text(encoding="utf-8").replace("duration_s: 11", f"duration_s: {SECONDS}")
    scene.write_text(text.replace("width_px: 960, height_px: 540", "width_px: 480, height_px: 270"))
    files = simulate(load_scene(scene), home / "made", None, clean=False)
    folder = home / "DCIM" / "100MEDIA"
    folder.mkdir(parents=True)
    (folder / "DJI_0119.MP4").write_bytes(files.video.read_bytes())
    (folder / "DJI_0119.SRT").write_bytes(files.telemetry.read_bytes())
    (folder / "DJI_0119.LRF").write_bytes(b"a preview")
    (home / "truth").symlink_to(files.truth)
    return home


@pytest.fixture
def sea(card: Path, tmp_path: Path) -> Iterator[Sea]:
    @asynccontextmanager
    async def stages() -> AsyncIterator[Stages]:
        yield seeing((card / "truth").resolve())

    extras = {"render": rendering(load_pack), "exhibits": make_exhibits}
    with serving(stages, tmp_path / "data", **extras) as served:
        yield Sea(card / "DCIM", served)


@pytest.fixture
def served(sea: Sea) -> Served:
    return sea.served


def test_from_a_card_to_the_first_alert_and_on_to_a_bag(sea: Sea, watched: Watched, tmp_path: Path) -> None:
    page, served = watched.page, sea.served
    page.goto(f"{served.url}/upload")
    page.get_by_test_id("folder").set_input_files(sea.card)
    expect(page.get_by_text("telemetry: DJI_0119.SRT")).to_be_visible(timeout=10_000)
    expect(page.get_by_text("1 previews or empty files")).to_be_visible()
    page.get_by_role("button", name="Upload all").click()
    page.get_by_role("link", name="DJI_0119.MP4: look at the flight").click(timeout=60_000)

    expect(page.get_by_text("Distances can be measured in 100 % of this flight")).to_be_visible(timeout=30_000)
    expect(page.get_by_test_id("flight-map").locator("canvas")).to_be_visible(timeout=20_000)
    strip = page.get_by_test_id("strip")
    assert strip.locator("rect").count() >= SECONDS // 2
    colours = {rect.get_attribute("fill") for rect in strip.locator("rect").all()}
    assert colours <= {"#0b5c74", "#2f9c8f", "#e3b23c"}, "50 m from 75 m up are told to 5 m and better"
    expect(page.get_by_text("50 m in the middle of the frame are told to")).to_be_visible()

    page.wait_for_timeout(1500)  # the coast comes after the map
    KEPT.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=KEPT / "flight-of-the-journey.png", full_page=True)
    page.get_by_role("button", name="Start the analysis").click()
    first = page.locator(".found a").first
    expect(first).to_be_visible(timeout=120_000)
    assert page.locator(".badge.state-sensing").count() == 1, "the first alert comes while the rest is looked at"
    expect(page.locator(".badge.state-done")).to_be_visible(timeout=240_000)
    expect(page.get_by_text("2 of 2 segments")).to_be_visible()

    page.locator(".found a").first.click()
    officer_confirms_and_takes_the_bag(served, watched, tmp_path)
    assert not [text for text in watched.errors if "404" not in text]
    assert not watched.abroad


def officer_confirms_and_takes_the_bag(served: Served, watched: Watched, folder: Path) -> None:
    page = watched.page
    expect(page.locator("h1 .badge")).to_have_text("Candidate", timeout=20_000)
    page.get_by_text("Reviewer's key", exact=True).click()
    page.get_by_label("Needed while nobody is signed in").fill(add_key(served.engine, "officer", Role.REVIEWER))
    page.get_by_role("button", name="Confirm (C)").click()
    expect(page.locator("h1 .badge")).to_have_text("Confirmed", timeout=10_000)
    page.get_by_role("button", name="Make the evidence bag").click()
    fetch = page.get_by_role("button", name="Download the bag (.zip)")
    expect(fetch).to_be_visible(timeout=180_000)
    seal = page.locator(".seal code").inner_text()
    with page.expect_download() as exported:
        fetch.click()
    exported.value.save_as(folder / "bag.zip")
    with zipfile.ZipFile(folder / "bag.zip") as file:
        file.extractall(folder / "bag")
    (bag,) = (folder / "bag").iterdir()
    checked = wideberth("verify", bag, "--seal", seal)
    assert checked.exit_code == FINE, checked.output


def test_only_what_was_chosen_is_looked_at_and_the_card_says_so(sea: Sea, watched: Watched) -> None:
    page, served = watched.page, sea.served
    page.goto(f"{served.url}/upload")
    page.set_input_files("[data-testid=files]", [str(sea.card / "100MEDIA" / "DJI_0119.MP4")])
    page.get_by_role("button", name="Upload", exact=True).click()
    page.get_by_role("link", name="DJI_0119.MP4: look at the flight").click(timeout=60_000)
    expect(page.get_by_text("DJI_0119.MP4 has no telemetry. With the .SRT")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("At 0:00: no distance: there is no telemetry")).to_be_visible(timeout=20_000)
    page.get_by_test_id("telemetry-0").set_input_files(sea.card / "100MEDIA" / "DJI_0119.SRT")
    expect(page.get_by_text("Distances can be measured in 100 % of this flight")).to_be_visible(timeout=30_000)

    strip = page.get_by_test_id("strip")
    strip.scroll_into_view_if_needed()
    box = strip.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 10 / SECONDS, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 16 / SECONDS, box["y"] + 20, steps=5)
    page.mouse.up()
    expect(page.get_by_text("Chosen spans: 1, 0:06 in all")).to_be_visible()
    page.get_by_role("button", name="Start the analysis").click()
    expect(page.get_by_text("Chosen spans only: 0:10–0:16")).to_be_visible(timeout=20_000)
    expect(page.locator(".badge.state-done")).to_be_visible(timeout=120_000)
    report = page.request.get(served.url + (page.get_by_role("link", name="Report").get_attribute("href") or ""))
    assert "Only these stretches of the clip were looked at" in report.text()
    assert not watched.abroad
