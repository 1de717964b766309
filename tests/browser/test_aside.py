"""What was set aside before tracking: a layer of its own, with each reason; an older analysis says that it has none."""

from pathlib import Path

import pyarrow.parquet as pq
from analysing import analysed
from playwright.sync_api import expect
from synthetic import HEIGHT_PX, WIDTH_PX, make_video
from watching import Served, Watched


def test_each_is_drawn_and_listed_with_its_reason(served: Served, watched: Watched, tmp_path: Path) -> None:
    analysis = analysed(served, make_video(tmp_path / "boat.mp4", 4.0), 5.0)
    page = watched.page
    page.add_init_script("localStorage.setItem('wideberth.language', 'ko')")
    page.goto(f"{served.url}/replay/{analysis}?t=2.0")
    page.get_by_label("추적 전에 버린 탐지와 이유").check()
    rows = page.get_by_test_id("aside").locator("tbody tr")
    expect(rows).to_have_count(1, timeout=20_000)
    expect(page.get_by_test_id("aside")).to_contain_text("추적 전에 버린 탐지 1개")
    expect(rows.first).to_contain_text("같은 것을 다시 본 상자")
    expect(page.get_by_test_id("now")).to_contain_text("같은 것을 다시 본 상자 1")
    stage = page.get_by_test_id("overlay")
    around = stage.bounding_box()
    assert around is not None
    # The synthetic detector sees its dolphin twice, at (130, 30).
    stage.hover(position={"x": 130 / WIDTH_PX * around["width"], "y": 30 / HEIGHT_PX * around["height"]})
    expect(rows.first).to_have_class("pointed")
    stage.hover(position={"x": 5, "y": 5})
    expect(rows.first).not_to_have_class("pointed")
    rows.first.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(rows.first).to_have_class("pointed")
    page.get_by_test_id("aside").get_by_role("checkbox").uncheck()
    expect(rows).to_have_count(0)
    assert not [text for text in watched.errors if "404" not in text]


def test_an_older_analysis_says_that_the_boxes_were_not_kept(served: Served, watched: Watched, tmp_path: Path) -> None:
    analysis = analysed(served, make_video(tmp_path / "boat.mp4", 4.0), 5.0)
    for path in (served.data_dir / "analyses" / analysis / "segments").iterdir():
        pq.write_table(pq.read_table(path).drop_columns(["aside"]), path)
    page = watched.page
    page.add_init_script("localStorage.setItem('wideberth.language', 'en')")
    page.goto(f"{served.url}/replay/{analysis}?t=2.0")
    page.get_by_label("detections set aside, with the reason").check()
    expect(page.get_by_test_id("aside")).to_contain_text("not kept by the version", timeout=20_000)
    assert not [text for text in watched.errors if "404" not in text]
