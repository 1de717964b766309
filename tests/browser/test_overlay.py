"""What is drawn belongs to the frame that is shown: paused, playing, slow, after seeks; 0 frames off."""

import random
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import httpx
import pytest
from numbered_clips import BITS, BLOCK_PX, numbered, steady, uneven
from playwright.sync_api import Page, expect
from watching import Served, Watched

SECONDS = 4.0
SEEKS = 100
FEWEST = 3
"""Frames that must be seen while playing; a machine without a graphics card shows few."""
HALF_A_TICK_S = 2e-5
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
PLAY = f"""
async (rate) => {{
  const read = {READ};
  const video = document.querySelector("video");
  const overlay = document.querySelector("[data-testid=overlay]");
  video.playbackRate = rate;
  video.currentTime = 0;
  const seen = [];
  await new Promise((good) => {{
    const look = (_, frame) => {{
      seen.push([read(video), overlay.dataset.pts, overlay.dataset.exact, frame.mediaTime]);
      if (seen.length >= 40 || video.ended) good();
      else video.requestVideoFrameCallback(look);
    }};
    video.requestVideoFrameCallback(look);
    video.addEventListener("ended", good);
    void video.play();
  }});
  video.pause();
  return seen;
}}
"""


def analysed(served: Served, clip: Path) -> str:
    """Id of a finished analysis that looked at every frame."""
    with httpx.Client(base_url=served.url, timeout=120) as client:
        params = {"name": clip.name, "settings": '{"sample_fps": 1000, "segment_s": 2.0}'}
        answer = client.post("/v1/analyses", params=params, content=clip.read_bytes())
        answer.raise_for_status()
        analysis = answer.json()["id"]
        until = time.monotonic() + 120
        while time.monotonic() < until:
            state = client.get(f"/v1/analyses/{analysis}").json()["state"]
            if state == "done":
                return analysis
            assert state != "failed", client.get(f"/v1/analyses/{analysis}").text
            time.sleep(0.3)
    raise AssertionError("the analysis did not end")


def times_of(clip: Path) -> list[int]:
    """PTS of the frames as the container has them, in order."""
    with av.open(str(clip)) as container:
        return sorted(frame.pts for frame in container.decode(video=0))


@pytest.fixture(params=CLIPS)
def playing(request, served: Served, watched: Watched, tmp_path: Path) -> Iterator[tuple[Page, list[int], float]]:
    make, rate = CLIPS[request.param]
    clip = numbered(tmp_path / f"{request.param}.mp4", make(), rate)
    times = times_of(clip)
    with av.open(str(clip)) as container:
        base = float(container.streams.video[0].time_base)
    page = watched.page
    page.goto(f"{served.url}/replay/{analysed(served, clip)}")
    expect(page.get_by_test_id("now")).to_contain_text("PTS", timeout=20_000)
    yield page, times, base
    assert not watched.abroad


def test_drawn_is_shown(playing: tuple[Page, list[int], float]) -> None:
    page, times, base = playing
    chance = random.Random(9)
    length_s = (times[-1] - times[0]) * base
    wrong = []
    for _ in range(SEEKS):
        number, pts, exact = page.evaluate(SEEK, chance.uniform(0, length_s))
        if not pts or times.index(int(pts)) != number or exact != "true":
            wrong.append((number, pts, exact))
    assert not wrong, f"{len(wrong)} of {SEEKS} seeks: {wrong[:5]}"
    for rate in (1.0, 0.25):
        seen = page.evaluate(PLAY, rate)
        # By the frame the callback tells of: the picture read here may be one further on a busy machine.
        off = [one for one in seen if not one[1] or abs(int(one[1]) * base - one[3]) > HALF_A_TICK_S]
        assert len(seen) >= FEWEST
        assert not off, f"{len(off)} of {len(seen)} frames at {rate}x: {off[:5]}"


def test_a_step_is_one_frame(playing: tuple[Page, list[int], float]) -> None:
    page, times, _ = playing
    page.evaluate(SEEK, 1.0)
    overlay = page.get_by_test_id("overlay")
    at = times.index(int(overlay.get_attribute("data-pts") or ""))
    for key, by in [(".", 1)] * 5 + [(",", -1)] * 3:
        page.keyboard.press(key)
        at += by
        expect(overlay).to_have_attribute("data-pts", str(times[at]), timeout=5000)
