"""The researcher's journey: replay, measure, correct, run again, compare, export; what is exported opens elsewhere."""

import zipfile
from pathlib import Path

import duckdb
import motmetrics
import pyogrio
from analysing import analysed
from playwright.sync_api import Page, expect
from pycocotools.coco import COCO
from synthetic import make_video
from watching import Served, Watched


def click_at(page: Page, x_px: float, y_px: float) -> None:
    """A click on a pixel of the picture, which is 160 x 96."""
    stage = page.get_by_test_id("overlay")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x_px / 160 * box["width"], box["y"] + y_px / 96 * box["height"])


def download(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as told:
        page.get_by_role("link", name=name).click()
    path = folder / told.value.suggested_filename
    told.value.save_as(path)
    return path


def test_from_replay_to_tools_of_others(served: Served, watched: Watched, tmp_path: Path) -> None:
    clip = make_video(tmp_path / "boat.mp4", 6.0)
    analysis = analysed(served, clip, sample_fps=5.0)
    page = watched.page
    page.goto(f"{served.url}/replay/{analysis}?t=2.0")
    expect(page.get_by_test_id("now")).to_contain_text("analysed", timeout=20_000)
    expect(page.get_by_test_id("plan")).to_contain_text("d0")
    expect(page.get_by_test_id("separation")).to_contain_text("v1")
    page.keyboard.press(".")
    expect(page.get_by_test_id("now")).to_contain_text("put between")
    page.keyboard.press(",")
    measure(page)
    correct(page, tmp_path)
    run_again(page, served)
    page.goto(f"{served.url}/replay/{analysis}?t=2.0")
    export(page, tmp_path)
    assert not [text for text in watched.errors if "404" not in text]
    assert not watched.abroad


def measure(page: Page) -> None:
    page.get_by_label("Measure").check()
    click_at(page, 20, 60)
    expect(page.get_by_text("Click the second point")).to_be_visible()
    click_at(page, 60, 60)
    # Forty pixels at half a metre each.
    expect(page.get_by_text("20.0 m (95 %")).to_be_visible(timeout=10_000)
    page.get_by_label("Measure").uncheck()


def correct(page: Page, folder: Path) -> None:
    page.get_by_text("Correct", exact=True).click()
    page.locator(".correct select").first.select_option("missed")
    for x_px, y_px in ((90, 60), (100, 60), (95, 62)):
        click_at(page, x_px, y_px)
    page.get_by_label("Why").fill("a second animal, half under water")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Kept.", exact=True)).to_be_visible(timeout=10_000)
    expect(page.locator(".kept")).to_contain_text("a second animal, half under water")
    with zipfile.ZipFile(download(page, "Training set", folder)) as packed:
        packed.extract("annotations.json", folder)
    read = COCO(str(folder / "annotations.json"))
    assert len(read.getImgIds()) == 1
    drawn = [one for one in read.anns.values() if one["by_person"]]
    assert len(drawn) == 1
    assert abs(drawn[0]["oriented_px"]["cx_px"] - 95) < 1
    assert abs(drawn[0]["oriented_px"]["width_px"] - 4) < 1


def run_again(page: Page, served: Served) -> None:
    page.get_by_text("Run again, compare").click()
    page.get_by_label("Frames a second").fill("2.5")
    page.get_by_role("button", name="Run again", exact=True).click()
    expect(page.get_by_text("The analysis has begun.")).to_be_visible(timeout=10_000)
    compare = page.get_by_role("link", name="compare with this one")
    for _ in range(60):
        if compare.count():
            break
        again = page.get_by_role("button", name="Look again")
        if again.count():
            again.click()
        page.wait_for_timeout(500)
    compare.click()
    expect(page.get_by_role("heading", name="Two analyses compared")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("cell", name="sample_fps")).to_be_visible()
    expect(page.get_by_role("cell", name="KR-1").first).to_be_visible()
    expect(page.locator(".change-changed").first).to_be_visible()


def export(page: Page, folder: Path) -> None:
    page.get_by_text("Export", exact=True).click()
    coco = COCO(str(download(page, "COCO", folder)))
    assert len(coco.getImgIds()) == 30
    with zipfile.ZipFile(download(page, "MOT", folder)) as packed:
        packed.extract("tracks.txt", folder)
    assert len(motmetrics.io.loadtxt(str(folder / "tracks.txt"), fmt="mot15-2D")) == 90
    table = download(page, "Parquet", folder)
    assert duckdb.sql(f"select count(*) from '{table}' where ellipse_95_major_m > 0").fetchall() == [(90,)]
    about, _, shapes, _ = pyogrio.raw.read(download(page, "GeoJSON", folder))
    assert (about["crs"], len(shapes)) == ("EPSG:4326", 93)
