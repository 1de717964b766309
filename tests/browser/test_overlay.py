"""What is drawn belongs to the frame that is shown: paused, playing, slow, after seeks; 0 frames off."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import httpx
import pytest
from analysing import analysed
from numbered_clips import BITS, BLOCK_PX, HEVC_TEN_BIT, WIDTH_PX, numbered, steady, uneven
from playwright.sync_api import Page, expect
from synthetic import Detector, box
from watching import Served, Watched

from wideberth_contracts.detections import Attention, DetectSettings, FrameDetections, ObjectKind
from wideberth_contracts.frames import Frame

SECONDS = 4.0
LANE_PX = 90
BOAT_PX_S = 65.0
BOAT_LONG_PX = 20
DEFAULT_FPS = 5.0
SEEKS = 100
FEWEST = 3
"""Frames that must be seen while playing; a machine without a graphics card shows few."""
CLIPS = {
    "23.976": (lambda: steady(Fraction(24000, 1001), SECONDS), Fraction(24000, 1001)),
    "29.97": (lambda: steady(Fraction(30000, 1001), SECONDS), Fraction(30000, 1001)),
    "59.94": (lambda: steady(Fraction(60000, 1001), SECONDS), Fraction(60000, 1001)),
    "uneven": (lambda: uneven(SECONDS), Fraction(30)),
    "late": (lambda: steady(Fraction(30), SECONDS, 45_000), Fraction(30)),
}
READ = f"""
(video) => {{
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0);
  let number = 0;
  for (let bit = 0; bit < {BITS}; bit += 1) {{
    const pixel = pen.getImageData(bit * {BLOCK_PX} + {BLOCK_PX // 2}, {BLOCK_PX // 2}, 1, 1).data;
    if (pixel[0] > 128) number |= 1 << bit;
  }}
  return number;
}}
"""
LOOK = f"""
() => {{
  // What is on the stage: the number in the picture, and where the boat's yellow box stands over it, picture pixels.
  const stage = document.querySelector("[data-testid=overlay]");
  const scale = stage.width / {WIDTH_PX};
  const pen = stage.getContext("2d");
  const bits = pen.getImageData(0, Math.round(8 * scale), stage.width, 1).data;
  let number = 0;
  for (let bit = 0; bit < {BITS}; bit += 1) {{
    if (bits[4 * Math.round((bit + 0.5) * {BLOCK_PX} * scale)] > 128) number |= 1 << bit;
  }}
  const [top, high] = [Math.round({LANE_PX - 2} * scale), Math.round(4 * scale)];
  const lane = pen.getImageData(0, top, stage.width, high).data;
  let [left, right] = [Infinity, -Infinity];
  for (let at = 0; at < lane.length; at += 4) {{
    if (lane[at] - lane[at + 2] > 50) {{  // yellow, also where a thin line is mixed with its dark edge
      const x = (at / 4) % stage.width;
      left = Math.min(left, x);
      right = Math.max(right, x);
    }}
  }}
  return [number, left > right ? null : (left + right + 1) / 2 / scale, stage.dataset.exact];
}}
"""
WATCH = f"""
async (rate) => {{
  const look = {LOOK};
  const video = document.querySelector("video");
  video.playbackRate = rate;
  video.currentTime = 0;
  await new Promise((good) => video.addEventListener("seeked", good, {{ once: true }}));
  const seen = [];
  void video.play();
  await new Promise((good) => {{
    const again = () => {{
      seen.push(look());
      if (seen.length >= 60 || video.ended) good();
      else setTimeout(again, 40);
    }};
    again();
  }});
  video.pause();
  return seen;
}}
"""
SEEK = f"""
async (t_s) => {{
  const read = {READ};
  const video = document.querySelector("video");
  const overlay = document.querySelector("[data-testid=overlay]");
  const done = new Promise((good) => video.requestVideoFrameCallback(good));
  video.currentTime = t_s;
  await Promise.race([done, new Promise((good) => setTimeout(good, 1500))]);
  await new Promise((good) => requestAnimationFrame(() => requestAnimationFrame(good)));
  return [read(video), overlay.dataset.pts, overlay.dataset.exact];
}}
"""


class FastBoat(Detector):
    """One boat that crosses the picture in four seconds: a frame's step of its box can be read from the screen."""

    async def detect(
        self, frame: Frame, settings: DetectSettings, attention: Attention | None = None
    ) -> FrameDetections:
        boat = box(ObjectKind.VESSEL, boat_px(frame.meta.t_s), LANE_PX, BOAT_LONG_PX, 12)
        return FrameDetections(frame=frame.meta, detections=(boat,))


def boat_px(t_s: float) -> float:
    """Where the boat is, t_s from the clip's first frame."""
    return 20 + BOAT_PX_S * t_s


@pytest.fixture
def detector() -> Detector:
    return FastBoat()


def times_of(clip: Path) -> list[int]:
    """PTS of the frames as the container has them, in order."""
    with av.open(str(clip)) as container:
        return sorted(frame.pts for frame in container.decode(video=0))


@dataclass(frozen=True)
class Playing:
    """A clip on the page: PTS of its frames in order, which of them were analysed, seconds per unit."""

    page: Page
    times: list[int]
    looked_at: frozenset[int]
    base_s: float

    def t_s(self, number: int) -> float:
        return (self.times[number] - self.times[0]) * self.base_s


CASES = [(clip, rate) for clip in CLIPS for rate in (1000.0, DEFAULT_FPS)]


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]} at {case[1]:g}")
def playing(request, served: Served, watched: Watched, tmp_path: Path) -> Iterator[Playing]:
    name, sample_fps = request.param
    make, rate = CLIPS[name]
    clip = numbered(tmp_path / f"{name}.mp4", make(), rate)
    times = times_of(clip)
    with av.open(str(clip)) as container:
        base_s = float(container.streams.video[0].time_base)
    page = watched.page
    analysis = analysed(served, clip, sample_fps)
    spans = [httpx.get(f"{served.url}/v1/analyses/{analysis}/replay/spans/{index}").json() for index in (0, 1)]
    looked_at = frozenset(pts for span in spans for pts in span["pts"])
    page.goto(f"{served.url}/replay/{analysis}")
    expect(page.get_by_test_id("now")).to_contain_text("PTS", timeout=20_000)
    yield Playing(page, times, looked_at, base_s)
    assert not watched.abroad
    # A gateway that knows no sign-in answers 404 to the question who is signed in.
    assert not [text for text in watched.errors if "404" not in text]


def test_drawn_is_shown(playing: Playing) -> None:
    """After seeks, while it plays, step by step: one gateway and one analysis a clip, for they take longest."""
    assert (playing.looked_at == set(playing.times)) == (len(playing.looked_at) > DEFAULT_FPS * SECONDS + 2)
    after_seeks(playing)
    while_it_plays(playing)
    step_by_step(playing)


def after_seeks(playing: Playing) -> None:
    page, times = playing.page, playing.times
    chance = random.Random(9)
    wrong = []
    for _ in range(SEEKS):
        number, pts, exact = page.evaluate(SEEK, chance.uniform(0, playing.t_s(-1)))
        if not pts or times.index(int(pts)) != number or (exact == "true") != (int(pts) in playing.looked_at):
            wrong.append((number, pts, exact))
    assert not wrong, f"{len(wrong)} of {SEEKS} seeks: {wrong[:5]}"


def while_it_plays(playing: Playing) -> None:
    """The number in the picture against the box drawn over it, read from the pixels of the stage."""
    page = playing.page
    page.get_by_label("trails").uncheck()
    last = max(playing.looked_at)
    for rate in (1.0, 0.25):
        seen = page.evaluate(WATCH, rate)
        frames = {number for number, _, _ in seen}
        assert len(frames) >= FEWEST
        half_a_step_px = BOAT_PX_S * min(b - a for a, b in pairwise(playing.times)) * playing.base_s / 2
        off = []
        for number, centre_px, _ in seen:
            if playing.times[number] > last:  # behind the last analysed frame nothing is put between
                assert centre_px is None
            elif centre_px is None or abs(centre_px - boat_px(playing.t_s(number))) > half_a_step_px:
                off.append((number, centre_px, boat_px(playing.t_s(number))))
        assert not off, f"{len(off)} of {len(seen)} looks at {rate}x: {off[:5]}"


def step_by_step(playing: Playing) -> None:
    page, times = playing.page, playing.times
    page.evaluate(SEEK, 1.0)
    overlay = page.get_by_test_id("overlay")
    at = times.index(int(overlay.get_attribute("data-pts") or ""))
    for key, by in [(".", 1)] * 5 + [(",", -1)] * 3:
        page.keyboard.press(key)
        at += by
        expect(overlay).to_have_attribute("data-pts", str(times[at]), timeout=5000)


def test_a_recording_no_browser_plays_for_sure_is_shown_by_its_copy(
    served: Served, watched: Watched, tmp_path: Path
) -> None:
    clip = numbered(tmp_path / "ten bit.mp4", uneven(SECONDS), Fraction(30), HEVC_TEN_BIT)
    times = times_of(clip)
    page = watched.page
    page.goto(f"{served.url}/replay/{analysed(served, clip, DEFAULT_FPS)}")
    expect(page.get_by_label("Showing")).to_have_value("copy", timeout=60_000)
    expect(page.get_by_test_id("now")).to_contain_text("PTS", timeout=20_000)
    chance = random.Random(4)
    wrong = []
    for _ in range(SEEKS // 3):
        number, pts, _ = page.evaluate(SEEK, chance.uniform(0, SECONDS - 0.1))
        if not pts or times.index(int(pts)) != number:
            wrong.append((number, pts))
    assert not wrong, f"{len(wrong)} of {SEEKS // 3} seeks: {wrong[:5]}"
