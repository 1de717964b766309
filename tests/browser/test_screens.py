"""Every view in both languages, both lights, on a phone and on a desk: nothing sticks out, nothing is untranslated.

The pictures are kept under `.cache/screens`: look at them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from serving_here import serving
from synthetic import opened
from views import Filled, filled

KEPT = Path(__file__).resolve().parents[2] / ".cache" / "screens"
SIZES = {"phone": (390, 844), "desk": (1280, 800)}

WORDS = """
() => {
  const told = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const left = "code, pre, script, style, [translate=no], [lang]:not(html)";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest(left) === null) told.push(node.textContent.trim());
  }
  for (const one of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
    if (one.closest(left) !== null) continue;
    for (const name of ["aria-label", "title", "placeholder", "alt"]) told.push(one.getAttribute(name) ?? "");
  }
  return told.filter((text) => text !== "");
}
"""
OVER = """
() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const beyond = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > wide + 1);
  return beyond.slice(-3).map((one) => `${one.tagName} ${one.className} ${one.textContent.slice(0, 30)}`);
}
"""
SAME = re.compile(
    r"""
    \b(?:Wideberth|UTC|GMT(?:[+-]\d+)?|SHA-256|AIS|CSV|SRT|MP4|MOV|LRF|PTS|Space|API|Gundi|EarthRanger|SMART|PDF|RFC)\b
    | \b(?:COCO|Darwin\ Core|GeoJSON|KML|MOT|Parquet|Rerun|YOLO)\b
    | \bNatural\ Earth\b | English
    | \b(?:km|kn|m|s|px|kB|MB|GB|TB)\b
    | \b[\w.-]+\.(?:MP4|mp4|SRT|csv|json|geojson|parquet|html|png|zip)\b | \bDJI_\d{4}\b
    | \b[A-Z]{2,3}(?:-[A-Z]+)?-\d+\b | \b(?:kr|nz|au|us|fr|pt|jp|br|ca|es|ie|mx|uk|za)(?:-[a-z-]+)?\b
    | \b[vd]\d+\b | \b[A-Z]\b
    """,
    re.VERBOSE | re.ASCII,
)
LATIN = re.compile(r"[A-Za-z]{2,}")
HANGUL = re.compile(r"[가-힣]+")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("screens")
    with serving(lambda: opened(), folder / "data") as served:
        yield filled(served, folder)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_view(here: Filled, chromium: Browser, language: str, light: str, size: str) -> None:
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        timezone_id="Asia/Seoul",
        locale="ko-KR" if language == "ko" else "en-GB",
    )
    context.add_init_script(f"localStorage.setItem('wideberth.theme', '{light}')")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    wrong = []
    for name, address in here.views.items():
        page.goto(here.served.url + address)
        settle(page)
        folder = KEPT / f"{language}-{light}-{size}"
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", full_page=True)
        wrong += [f"{name}: {one} is wider than the screen" for one in page.evaluate(OVER)]
        wrong += [f"{name}: {text!r}" for text in untranslated(page.evaluate(WORDS), language)]
    context.close()
    assert not errors
    assert not wrong, "\n".join(wrong)


def settle(page: Page) -> None:
    expect(page.locator("main").locator("h1, h2, video").first).to_be_visible(timeout=20_000)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => undefined)")
    page.wait_for_timeout(400)


def untranslated(texts: list[str], language: str) -> list[str]:
    """What of these is in the other language."""
    pattern = LATIN if language == "ko" else HANGUL
    left = [SAME.sub(" ", text) for text in texts if text != "한국어"]
    return sorted({text.strip() for text in left if pattern.search(text)})


def test_the_search_for_the_other_language_finds_it() -> None:
    assert untranslated(["경보 12 UTC", "DJI_0119.MP4 · KR-1"], "ko") == []
    assert untranslated(["Alerts of 경보"], "ko") == ["Alerts of 경보"]
    assert untranslated(["Alerts", "한국어"], "en") == []
    assert untranslated(["경보"], "en") == ["경보"]
