"""The page behind a proxy that takes a prefix off: every address it asks for is below the prefix."""

from pathlib import Path

from behind_nginx import nginx
from gateway_alerts import alert
from playwright.sync_api import Browser, Request, expect
from synthetic import make_video
from watching import Served

from wideberth_gateway.store.alerts import publish


def test_every_room_works_below_a_prefix(served: Served, chromium: Browser, tmp_path: Path) -> None:
    publish(served.engine, tuple(alert(f"v{number}") for number in range(3)))
    video = make_video(tmp_path / "DJI_0119.mp4")
    proxy = tmp_path / "proxy"
    proxy.mkdir()
    with nginx(int(served.url.rpartition(":")[2]), proxy) as (address, _):
        context = chromium.new_context(ignore_https_errors=True, locale="en-GB")
        page = context.new_page()
        outside, errors = [], []

        def asked(request: Request) -> None:
            if not request.url.startswith((f"{address}/", "blob:", "data:")):
                outside.append(request.url)

        page.on("request", asked)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/")
        expect(page.get_by_text("3 of 3")).to_be_visible(timeout=20_000)
        expect(page.get_by_text("live", exact=True)).to_be_visible(timeout=20_000)
        publish(served.engine, (alert("v9"),))
        expect(page.get_by_text("4 of 4")).to_be_visible(timeout=10_000)
        page.locator(".row-link").first.click()
        expect(page.locator("h1 .badge")).to_have_text("Candidate", timeout=20_000)
        page.reload()
        expect(page.locator("h1 .badge")).to_have_text("Candidate", timeout=20_000)
        page.get_by_role("link", name="Settings").click()
        page.goto(f"{address}/settings/rules")
        expect(page.get_by_text("kr", exact=True)).to_be_visible(timeout=20_000)

        page.get_by_role("link", name="Upload").click()
        page.set_input_files("[data-testid=files]", [str(video)])
        page.get_by_role("button", name="Upload", exact=True).click()
        page.get_by_role("link", name="DJI_0119.mp4: look at the flight").click(timeout=60_000)
        expect(page.get_by_text("Distances can be measured in")).to_be_visible(timeout=20_000)
        page.get_by_role("button", name="Start the analysis").click()
        expect(page.locator(".badge.state-done")).to_be_visible(timeout=60_000)
        assert page.url.startswith(f"{address}/flights/")
        assert not outside
        assert not errors
        context.close()
