"""Signing in as people do: the one-time password, one's own, an upload, people and keys, signing out."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from gateway_process import free_port
from playwright.sync_api import Page, expect
from synthetic import make_video, opened
from watching import Served, Watched

from wideberth_gateway.access.passwords import hashed
from wideberth_gateway.access.roles import Role
from wideberth_gateway.app import create_gateway
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store import people
from wideberth_gateway.store.areas import list_areas
from wideberth_gateway.store.people import Standing
from wideberth_web import bundle

GIVEN, OWN = "given at the first start", "a long sentence of my own"
ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """With accounts; `administrator` has the one-time password `GIVEN`."""
    port = free_port()
    settings = GatewaySettings(data_dir=tmp_path / "data", job_poll_s=0.1, port=port, access="accounts")
    app = create_gateway(opened, settings, page=bundle())
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the gateway did not start"
    first = people.person_of_name(app.state.engine, "administrator")
    people.set_password(app.state.engine, first.id, hashed(GIVEN), "console", must_change=True)
    yield Served(f"http://127.0.0.1:{port}", app.state.engine, settings.data_dir)
    server.should_exit = True
    thread.join(timeout=30)


def sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def person(served: Served, name: str, *roles: Role) -> None:
    made = people.add_person(served.engine, name, Standing(frozenset(roles)), "console", password=hashed(GIVEN))
    people.set_password(served.engine, made.id, hashed(OWN), name, must_change=False)


def test_the_first_sign_in_asks_for_ones_own_password(served: Served, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{served.url}/settings/people")
    sign_in(page, "administrator", "not this one at all")
    expect(page.get_by_text("The name or the password is not right.")).to_be_visible(timeout=20_000)
    sign_in(page, "administrator", GIVEN)
    expect(page.get_by_text("Your password is a one-time password.")).to_be_visible(timeout=20_000)
    page.get_by_label("Present password").fill(GIVEN)
    page.get_by_label("New password (12 characters or more)").fill(OWN)
    page.get_by_label("New password again").fill(f"{OWN}!")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("The two new passwords differ.")).to_be_visible()
    page.get_by_label("New password again").fill(OWN)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("heading", name="Add somebody")).to_be_visible(timeout=20_000)
    form = page.locator("form", has=page.get_by_role("heading", name="Add somebody"))
    form.get_by_label("Name").fill("Kim")
    form.get_by_label("reviewer", exact=True).check()
    form.get_by_role("button").click()
    expect(page.get_by_text("One-time password of Kim, shown this once.")).to_be_visible(timeout=10_000)
    assert [(one.name, one.roles) for one in people.list_people(served.engine)][1] == ("Kim", {Role.REVIEWER})
    page.get_by_role("link", name="API keys").click()
    form = page.locator("form", has=page.get_by_role("heading", name="Make a key"))
    form.get_by_label("Name").fill("archive")
    form.get_by_label("researcher", exact=True).check()
    form.get_by_role("button").click()
    expect(page.get_by_text("Key of archive, shown this once.")).to_be_visible(timeout=10_000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("cell", name="revoked")).to_be_visible(timeout=10_000)
    page.get_by_role("link", name="Receivers").click()
    expect(page.get_by_text("There are no receivers.")).to_be_visible(timeout=10_000)
    assert not watched.abroad


def test_an_administrator_limits_somebody_to_a_sea_area(served: Served, watched: Watched, tmp_path: Path) -> None:
    person(served, "Choi", Role.ADMINISTRATOR)
    person(served, "Park", Role.RESEARCHER)
    ring = [[126.0, 33.0], [127.0, 33.0], [127.0, 34.0], [126.0, 33.0]]
    (tmp_path / "jeju.geojson").write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    page = watched.page
    page.goto(f"{served.url}/settings/people")
    sign_in(page, "Choi", OWN)
    form = page.locator("form", has=page.get_by_role("heading", name="Add a sea area"))
    form.get_by_label("Name of the area").fill("Jeju")
    form.get_by_label("Outline (GeoJSON, one polygon)").set_input_files([tmp_path / "jeju.geojson"])
    form.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Jeju · 3 corners")).to_be_visible(timeout=20_000)
    card = page.locator("details", has_text="Park")
    card.locator("summary").click()
    card.get_by_label("sees only what lies in these").check()
    card.get_by_label("Jeju").check()
    card.get_by_role("button", name="Save").click()
    deadline = time.monotonic() + 10
    while (park := people.person_of_name(served.engine, "Park")).areas is None and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    (area,) = list_areas(served.engine)
    assert (park.areas, park.roles) == ({area.id}, {Role.RESEARCHER})
    assert not watched.abroad


def test_an_operator_uploads_and_is_kept_from_the_rest(served: Served, watched: Watched, tmp_path: Path) -> None:
    person(served, "Lee", Role.OPERATOR)
    page = watched.page
    page.goto(f"{served.url}/upload")
    sign_in(page, "Lee", OWN)
    page.locator("[data-testid=files]").set_input_files([make_video(tmp_path / "boat.mp4")])
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("link", name="boat.mp4", exact=False)).to_be_visible(timeout=60_000)
    page.goto(f"{served.url}/settings")
    expect(page.get_by_role("link", name="My account")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("link", name="API keys")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=10_000)
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=10_000)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_signing_in_shuts_nobody_out(served: Served, watched: Watched, language: str) -> None:
    person(served, "Kim", Role.ADMINISTRATOR)
    page = watched.page
    page.add_init_script(f"localStorage.setItem('wideberth.language', '{language}')")
    page.goto(f"{served.url}/settings/people")
    expect(page.locator("form.narrow")).to_be_visible(timeout=20_000)
    places = [None, "/settings/people", "/settings/keys", "/settings/account"]
    for place in places:
        if place == "/settings/people":
            page.locator("input[name=name]").fill("Kim")
            page.locator("input[name=password]").fill(OWN)
            page.locator("form.narrow button").click()
        elif place is not None:
            page.goto(f"{served.url}{place}")
        if place is not None:
            expect(page.locator("main form").first).to_be_visible(timeout=20_000)
            expect(page.locator("nav.setting-rooms")).to_be_visible(timeout=20_000)
        if not AXE.is_file():
            pytest.skip("axe-core is not installed: npm ci in web/")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == [], place
