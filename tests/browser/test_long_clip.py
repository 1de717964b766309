"""An hour on the page: the overlay is there to the end, and what the page holds stays flat."""

import json
import time
from fractions import Fraction
from pathlib import Path

import httpx
import pytest
from numbered_clips import BITS, numbered, steady
from playwright.sync_api import expect
from synthetic import Detector, box
from test_overlay import SEEK, times_of
from watching import Served, Watched

from wideberth_contracts.detections import Attention, DetectSettings, FrameDetections, ObjectKind
from wideberth_contracts.frames import Frame

LENGTH_S = 3600.0
RATE = Fraction(5)
LOOKED_AT_FPS = 1.0
MORE_HEAP_BYTES = 8_000_000
"""What an hour may add to the page's heap: less than the objects of ten spans."""


class EverThere(Detector):
    """A boat and a dolphin in every frame of the hour."""

    async def detect(
        self, frame: Frame, settings: DetectSettings, attention: Attention | None = None
    ) -> FrameDetections:
        boat = box(ObjectKind.VESSEL, 20 + frame.meta.t_s % 4 * 60, 90, 20, 12)
        return FrameDetections(frame=frame.meta, detections=(box(ObjectKind.DOLPHIN, 200, 150, 6, 3), boat))


@pytest.fixture
def detector() -> Detector:
    return EverThere()


@pytest.fixture
def hour(served: Served, tmp_path: Path) -> tuple[str, list[int]]:
    clip = numbered(tmp_path / "hour.mp4", steady(RATE, LENGTH_S), RATE)
    with httpx.Client(base_url=served.url, timeout=300) as client:
        params = {"name": clip.name, "settings": json.dumps({"sample_fps": LOOKED_AT_FPS, "horizon": False})}
        analysis = client.post("/v1/analyses", params=params, content=clip.read_bytes()).json()["id"]
        until = time.monotonic() + 600
        while (state := client.get(f"/v1/analyses/{analysis}").json()["state"]) != "done":
            assert state != "failed"
            assert time.monotonic() < until, "the analysis did not end"
            time.sleep(1)
    return analysis, times_of(clip)


@pytest.mark.slow
def test_an_hour_keeps_its_overlay_and_its_size(hour: tuple[str, list[int]], served: Served, watched: Watched) -> None:
    analysis, times = hour
    page = watched.page
    page.goto(f"{served.url}/replay/{analysis}")
    expect(page.get_by_test_id("now")).to_contain_text("PTS", timeout=30_000)
    line = page.context.new_cdp_session(page)
    line.send("Performance.enable")
    wrong, heaps = [], []
    stops = 60
    for stop in range(stops):
        t_s = LENGTH_S * stop / stops + 7.5
        number, pts, exact = page.evaluate(SEEK, t_s)
        expect(page.get_by_test_id("now")).not_to_contain_text("Loading", timeout=10_000)
        number, pts, exact = page.evaluate(SEEK, t_s + 0.2)
        if not pts or times.index(int(pts)) % 2**BITS != number or exact not in ("true", "false"):
            wrong.append((t_s, number, pts, exact))
        if stop in (9, stops - 1):
            line.send("HeapProfiler.collectGarbage")
            told = {one["name"]: one["value"] for one in line.send("Performance.getMetrics")["metrics"]}
            heaps.append(told["JSHeapUsedSize"])
    assert not wrong, f"{len(wrong)} of {stops}: {wrong[:5]}"
    assert heaps[1] - heaps[0] < MORE_HEAP_BYTES, heaps
    number, pts, exact = page.evaluate(SEEK, LENGTH_S - 1.0)
    assert (times.index(int(pts)), exact) == (len(times) - 5, "true")
    expect(page.get_by_test_id("plan")).to_contain_text("v1")
    assert not watched.abroad
