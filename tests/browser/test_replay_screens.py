"""The replay and the comparison in both languages and lights: nobody is shut out, and pictures to be looked at."""

import json
import os
from pathlib import Path

import pytest
from analysing import analysed
from playwright.sync_api import expect
from synthetic import make_video
from watching import Served, Watched

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


def kept_in(tmp_path: Path) -> Path:
    """Where pictures go: a folder of a person's choice, else the test's own."""
    folder = Path(os.environ.get("WIDEBERTH_SCREENS", tmp_path / "screens"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize(("language", "theme"), [("ko", "light"), ("en", "dark")])
def test_replay_and_comparison(served: Served, watched: Watched, tmp_path: Path, language: str, theme: str) -> None:
    clip = make_video(tmp_path / "boat.mp4", 6.0)
    first, second = analysed(served, clip, 5.0), analysed(served, clip, 2.5)
    page, folder = watched.page, kept_in(tmp_path)
    page.add_init_script(
        f"localStorage.setItem('wideberth.language', '{language}'); localStorage.setItem('wideberth.theme', '{theme}')"
    )
    page.goto(f"{served.url}/replay/{first}?t=2.0")
    expect(page.get_by_test_id("plan")).to_contain_text("d0", timeout=20_000)
    for box in page.locator(".layers input").all()[:8]:
        box.check()
    page.evaluate("document.querySelectorAll('.replay > details').forEach((one) => { one.open = true; })")
    page.locator(".correct select").first.select_option("missed")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_timeout(400)
        page.screenshot(path=str(folder / f"replay-{language}-{theme}-{width}.png"), full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing is wider than the screen"
    page.set_viewport_size({"width": 1280, "height": 844})
    sound(watched)
    page.goto(f"{served.url}/replay/{first}/compare/{second}")
    expect(page.locator(".compare table").first).to_be_visible(timeout=20_000)
    page.screenshot(path=str(folder / f"compare-{language}-{theme}.png"), full_page=True)
    sound(watched)
    assert not [text for text in watched.errors if "404" not in text]
    assert not watched.abroad


def sound(watched: Watched) -> None:
    """No grave finding of axe."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci in web/)")
    watched.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = watched.page.evaluate("axe.run().then((result) => JSON.stringify(result.violations))")
    grave = [one for one in json.loads(found) if one["impact"] in ("serious", "critical")]
    assert not grave, [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in grave]
