"""The rooms as people use them: the feed, one alert, an upload that goes on, both languages, nothing from elsewhere."""

import csv
import hashlib
import json
import random
from pathlib import Path

import pytest
from gateway_alerts import alert
from gateway_process import free_port
from playwright.sync_api import expect
from synthetic import make_video
from watching import Served, Watched

from wideberth_gateway.access.roles import Role
from wideberth_gateway.store.alerts import publish
from wideberth_gateway.store.keys import add_key

ROOT = Path(__file__).resolve().parents[2]
MANY = 2000
SETTINGS = tuple(f"/settings/{part}" for part in ("machine", "models", "storage", "rules", "receivers", "trail"))
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


def rows(watched: Watched) -> object:
    return watched.page.locator(".rows [role=listitem]")


def wrong(watched: Watched) -> list[str]:
    return [text for text in watched.errors if "404" not in text]


def many(count: int, first: int = 0) -> tuple:
    return tuple(
        alert(f"v{number}", latitude=33.0 + number % 97 / 300, longitude=126.0 + number % 89 / 200)
        for number in range(first, first + count)
    )


def test_the_feed_is_whole_and_lives(served: Served, watched: Watched) -> None:
    publish(served.engine, many(MANY))
    watched.page.goto(f"{served.url}/alerts")
    expect(watched.page.get_by_text(f"{MANY} of {MANY}")).to_be_visible(timeout=20_000)
    assert rows(watched).count() < 60, "rows are drawn where they are seen"
    publish(served.engine, many(50, MANY))
    expect(watched.page.get_by_text(f"{MANY + 50} of {MANY + 50}")).to_be_visible(timeout=10_000)
    watched.page.get_by_role("button", name="Confirmed").click()
    expect(watched.page.get_by_text(f"0 of {MANY + 50}")).to_be_visible()
    assert not wrong(watched)
    assert not watched.abroad


def test_what_is_new_is_marked_until_it_was_seen(served: Served, watched: Watched) -> None:
    publish(served.engine, many(3))
    watched.page.goto(f"{served.url}/alerts")
    expect(watched.page.get_by_text("3 new since your last visit")).to_be_visible(timeout=20_000)
    watched.page.get_by_role("button", name="Mark all as seen").click()
    expect(watched.page.get_by_text("new since your last visit")).to_have_count(0)
    watched.page.reload()
    expect(watched.page.get_by_text("3 of 3")).to_be_visible(timeout=20_000)
    expect(watched.page.get_by_text("new since your last visit")).to_have_count(0)


def test_an_officer_rejects_by_key_and_says_why(served: Served, watched: Watched) -> None:
    (kept,) = publish(served.engine, many(1))
    key = add_key(served.engine, "officer", Role.REVIEWER)
    watched.page.goto(f"{served.url}/alerts/{kept.id}")
    watched.page.get_by_text("Reviewer's key", exact=True).click()
    watched.page.get_by_label("Needed while nobody is signed in").fill(key)
    watched.page.get_by_label("Comment").fill("a buoy")
    watched.page.get_by_label("Reason for rejecting").select_option("no_vessel")
    watched.page.locator("h1").click()
    watched.page.keyboard.press("r")
    expect(watched.page.get_by_text("Kept: Rejected")).to_be_visible(timeout=10_000)
    expect(watched.page.locator("h1 .badge")).to_have_text("Rejected")


def test_without_a_key_the_officer_is_told(served: Served, watched: Watched) -> None:
    (kept,) = publish(served.engine, many(1))
    watched.page.goto(f"{served.url}/alerts/{kept.id}")
    watched.page.get_by_role("button", name="Confirm (C)").click()
    expect(watched.page.get_by_role("alert").filter(has_text="key")).to_be_visible(timeout=10_000)


def test_a_card_is_sent_and_goes_on_after_the_tab_was_closed(served: Served, watched: Watched, tmp_path: Path) -> None:
    video = make_video(tmp_path / "DJI_0119.mp4")
    content = video.read_bytes() + random.Random(1).randbytes(20_000_000)
    video.write_bytes(content)
    page = watched.page
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    line = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 6_000_000}
    slow.send("Network.emulateNetworkConditions", line)
    page.goto(f"{served.url}/upload")
    page.set_input_files("[data-testid=files]", [str(video)])
    expect(page.get_by_text("No telemetry: no metres")).to_be_visible()
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_text("of 20.", exact=False)).to_be_visible(timeout=20_000)
    while float(page.locator("progress").get_attribute("value") or 0) < 9e6:
        page.wait_for_timeout(50)
    page.on("dialog", lambda dialog: dialog.accept())
    page.close()

    again = watched.page.context.new_page()
    first_offset = []
    again.on(
        "request",
        lambda request: (
            first_offset.append(int(request.headers["upload-offset"])) if request.method == "PATCH" else None
        ),
    )
    again.goto(f"{served.url}/upload")
    again.set_input_files("[data-testid=files]", [str(video)])
    again.get_by_role("button", name="Upload", exact=True).click()
    expect(again.get_by_text("DJI_0119.mp4: look at the flight")).to_be_visible(timeout=90_000)
    assert first_offset[0] > 0, "it goes on where it stopped"
    assert (served.data_dir / "originals" / hashlib.sha256(content).hexdigest()).exists()
    again.goto(f"{served.url}/flights")
    expect(again.get_by_role("link", name="DJI_0119")).to_be_visible(timeout=10_000)


def test_a_season_is_counted_and_exported(served: Served, watched: Watched, tmp_path: Path) -> None:
    publish(served.engine, many(40))
    page = watched.page
    page.goto(f"{served.url}/season")
    expect(page.get_by_text("40 candidate or confirmed (0 confirmed)")).to_be_visible(timeout=20_000)
    with page.expect_download() as exported:
        page.get_by_role("button", name="Alerts as CSV").click()
    exported.value.save_as(tmp_path / "alerts.csv")
    with (tmp_path / "alerts.csv").open(encoding="utf-8", newline="") as lines:
        told = list(csv.DictReader(lines))
    assert len({row["id"] for row in told}) == 40
    assert {row["status"] for row in told} == {"candidate"}
    page.get_by_label("From (UTC day)").fill("2999-01-01")
    expect(page.get_by_text("0 candidate or confirmed")).to_be_visible()
    assert not wrong(watched)


def test_a_season_tells_who_kept_the_rules(served: Served, watched: Watched, tmp_path: Path) -> None:
    """Of one analysis: one boat that came within 50 m, one that kept away."""
    make_video(tmp_path / "boats.mp4")
    page = watched.page
    answer = page.request.post(
        f"{served.url}/v1/analyses?name=boats.mp4", data=(tmp_path / "boats.mp4").read_bytes(),
        headers={"Content-Type": "application/octet-stream"},
    )  # fmt: skip
    analysis = answer.json()["id"]
    while page.request.get(f"{served.url}/v1/analyses/{analysis}").json()["state"] != "done":
        page.wait_for_timeout(200)
    page.goto(f"{served.url}/season")
    expect(page.get_by_test_id("compliance")).to_have_text("50 %", timeout=20_000)
    expect(page.get_by_text("1 of 2 encounters within 300 m that could be judged broke no rule")).to_be_visible()
    page.get_by_label("Watching distance (m)").fill("30")
    expect(page.get_by_test_id("compliance")).to_have_text("0 %")
    page.get_by_label("Watching distance (m)").fill("300")
    with page.expect_download() as exported:
        page.get_by_role("button", name="Encounters as CSV").click()
    exported.value.save_as(tmp_path / "encounters.csv")
    with (tmp_path / "encounters.csv").open(encoding="utf-8", newline="") as lines:
        told = {row["vessel_track"]: (row["kept"], row["rules_broken"]) for row in csv.DictReader(lines)}
    assert told == {"v1": ("broken", "KR-1"), "v2": ("kept", "")}
    assert not wrong(watched)


def test_the_chain_of_the_trail_is_checked(served: Served, watched: Watched) -> None:
    page = watched.page
    publish(served.engine, many(2))
    page.request.post(f"{served.url}/v1/originals?name=a.csv", data=b"x", headers={"Content-Type": "text/plain"})
    page.goto(f"{served.url}/settings/trail")
    page.get_by_role("button", name="Check the chain").click()
    expect(page.get_by_text("The chain is whole: 3 entries.")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("cell", name="original.kept")).to_be_visible()
    page.goto(f"{served.url}/settings/models")
    expect(page.get_by_text("synthetic-detector", exact=True)).to_be_visible(timeout=10_000)
    page.goto(f"{served.url}/settings/storage")
    expect(page.get_by_text("free of")).to_be_visible(timeout=10_000)
    assert not wrong(watched)


def test_an_administrator_adds_a_receiver_and_sees_the_laws(served: Served, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{served.url}/settings/receivers")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible(timeout=20_000)
    page.get_by_label("Administrator's key").fill(add_key(served.engine, "keeper", Role.ADMINISTRATOR))
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_label("Address").fill(f"http://127.0.0.1:{free_port()}/alerts")
    page.get_by_role("button", name="Add a receiver").click()
    expect(page.get_by_text("Its signing secret, shown this once")).to_be_visible(timeout=10_000)
    publish(served.engine, many(1))
    page.get_by_text("Deliveries", exact=True).click()
    told = page.get_by_role("cell", name="alert.created")
    for _ in range(20):
        page.get_by_label("Dead letters only").check()
        page.get_by_label("Dead letters only").uncheck()
        page.wait_for_timeout(300)
        if told.count() == 1:
            break
    expect(told).to_have_count(1)
    page.goto(f"{served.url}/settings/rules")
    page.get_by_text("kr", exact=True).click()
    expect(page.get_by_role("rowheader", name="KR-", exact=False).first).to_be_visible(timeout=10_000)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("room", ["/alerts", "/upload", "/flights", "/season", *SETTINGS, "alert"])
def test_no_room_shuts_anybody_out(served: Served, watched: Watched, language: str, room: str) -> None:
    (kept,) = publish(served.engine, many(1))
    watched.page.add_init_script(f"localStorage.setItem('wideberth.language', '{language}')")
    watched.page.goto(f"{served.url}{f'/alerts/{kept.id}' if room == 'alert' else room}")
    expect(watched.page.locator("h1")).to_be_visible(timeout=20_000)
    watched.page.wait_for_timeout(500)
    watched.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = watched.page.evaluate("axe.run().then((result) => JSON.stringify(result.violations))")
    grave = [one for one in json.loads(found) if one["impact"] in ("serious", "critical")]
    assert not grave, [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in grave]
    assert not watched.abroad
