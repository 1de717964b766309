"""The page before 10,000 alerts, 50 more a second arriving, in Chromium with the network cut to loopback.

Gateway, writer and browser are processes of one network namespace that has nothing but loopback. Frame times are the
distances of `requestAnimationFrame` while the list is scrolled; which rows there are is read off the list itself, by
scrolling through all of it.
"""

import gzip
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np

from bench.load.alert_writer import made
from bench.load.network_cut import namespace
from wideberth_gateway.store.alerts import publish
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.migrate import migrate
from wideberth_web import bundle

if TYPE_CHECKING:
    from playwright.sync_api import Page

Row = dict[str, Any]
ALERTS, ARRIVING, A_SECOND = 10_000, 1_500, 50
QUICK_ALERTS, QUICK_ARRIVING = 1_000, 250
BATCH = 5
PORT = 8799
ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SCROLLED = """
async (seconds) => {
  const list = document.querySelector(".rows");
  const gaps = [];
  let before = null, down = 1;
  const end = performance.now() + seconds * 1000;
  await new Promise((done) => {
    const step = (now) => {
      if (before !== null) gaps.push(now - before);
      before = now;
      if (list.scrollTop + list.clientHeight >= list.scrollHeight - 2) down = -1;
      if (list.scrollTop <= 0) down = 1;
      list.scrollTop += 40 * down;
      if (now < end) requestAnimationFrame(step);
      else done();
    };
    requestAnimationFrame(step);
  });
  return gaps;
}
"""
ALL_ROWS = """
async () => {
  const list = document.querySelector(".rows");
  const found = new Map();
  for (let top = 0; ; top += list.clientHeight) {
    list.scrollTop = top;
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    for (const row of list.querySelectorAll("[role=listitem]")) {
      found.set(row.getAttribute("aria-posinset"), row.querySelector("a").getAttribute("href").split("/").at(-1));
    }
    if (top + list.clientHeight >= list.scrollHeight) return [...found.values()];
  }
}
"""


def run(quick: bool) -> list[Row]:
    """All rows."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        return [{"name": "page", "value": None, "note": "left out: no Chromium here (Debian: apt install chromium)"}]
    cut = namespace()
    with tempfile.TemporaryDirectory() as folder:
        inside = [sys.executable, "-m", "bench.load.page", folder, program, *(["--quick"] if quick else [])]
        if cut is not None:
            inside = [*cut, *inside]
        subprocess.run(inside, cwd=ROOT, check=True)
        rows: list[Row] = json.loads((Path(folder) / "rows.json").read_text(encoding="utf-8"))
    how = "network cut" if cut else "no network namespaces here: the network was not cut"
    return [{**row, "note": f"{row.get('note', '')}; {how}".lstrip("; ")} for row in rows]


def main(folder: Path, program: str, *, quick: bool) -> None:
    """Inside the namespace: measure, and leave the rows in `rows.json`."""
    alerts, arriving = (QUICK_ALERTS, QUICK_ARRIVING) if quick else (ALERTS, ARRIVING)
    data = folder / "data"
    data.mkdir()
    url = f"sqlite:///{data / 'gateway.sqlite'}"
    engine = open_engine(url)
    migrate(engine)
    before = tuple(made(number) for number in range(alerts))
    for first in range(0, alerts, 500):
        publish(engine, before[first : first + 500])
    with _gateway(data) as address:
        rows = _measured(address, program, url, alerts, arriving)
    with engine.connect() as connection:
        kept = set(connection.exec_driver_sql("SELECT DISTINCT id FROM alerts").scalars())
    engine.dispose()
    shown = rows.pop()["value"]
    rows += _compared(kept, shown)
    (folder / "rows.json").write_text(json.dumps([*rows, *sizes()]), encoding="utf-8")


def _measured(address: str, program: str, url: str, alerts: int, arriving: int) -> list[Row]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        wrong: list[str] = []
        abroad: list[str] = []
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: None if _ours(asked.url, address) else abroad.append(asked.url))
        rows = _first_view(page, address)
        _until(page, alerts)
        rows += _frames(page, url, arriving)
        _until(page, alerts + arriving)
        shown = page.evaluate(ALL_ROWS)
        for room in ("/season", "/flights", "/upload", "/settings/machine", "/settings/models", "/settings/trail"):
            page.goto(address + room)
            page.wait_for_load_state("networkidle" if room != "/season" else "load")
        browser.close()
    # Without sign-in the gateway answers 404 to the question who is signed in.
    faults = [text for text in wrong if "404" not in text]
    rows.append(_row("requests that leave the origin", len(abroad), aim="0", met=not abroad))
    rows.append(_row("errors on the console", len(faults), aim="0", met=not faults, note=" ".join(faults[:2])))
    return [*rows, {"value": shown}]


def _row(
    name: str, value: float | int, unit: str = "", aim: str = "", *, met: bool | None = None, note: str = ""
) -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim or None, "met": met, "note": note}


def _first_view(page: "Page", address: str) -> list[Row]:
    begun = time.perf_counter()
    page.goto(f"{address}/alerts", wait_until="commit")
    page.locator(".rows [role=listitem]").first.wait_for(timeout=60_000)
    rows_s = time.perf_counter() - begun
    painted_s = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000")
    return [
        _row("first paint with content", round(painted_s, 2), "s", "< 2", met=painted_s < 2),
        _row("first rows of the list", round(rows_s, 2), "s", note="alerts are read by the thousand"),
    ]


def _frames(page: "Page", url: str, arriving: int) -> list[Row]:
    every_s = BATCH / A_SECOND
    call = [sys.executable, "-m", "bench.load.alert_writer", url, str(arriving), str(BATCH), str(every_s)]
    writer = subprocess.Popen(call, cwd=ROOT)
    time.sleep(2.0)  # the writer has started
    gaps = np.array(page.evaluate(SCROLLED, max(2.0, arriving / A_SECOND - 2.0)))
    writer.wait()
    p95 = float(np.percentile(gaps, 95))
    told = f"{len(gaps)} frames, {arriving} alerts at {A_SECOND} a second, the list scrolled all the while"
    return [
        _row("frame time, 95 of 100 below", round(p95, 1), "ms", "< 50", met=p95 < 50, note=told),
        _row("frame time, median", round(float(np.median(gaps)), 1), "ms"),
        _row("frame time, longest", round(float(gaps.max()), 1), "ms"),
    ]


def _compared(kept: set[str], shown: list[str]) -> list[Row]:
    lost, twice = len(kept - set(shown)), len(shown) - len(set(shown))
    return [
        _row("rows lost", lost, aim="0", met=lost == 0, note=f"of {len(kept)}"),
        _row("rows twice", twice, aim="0", met=twice == 0, note=f"{len(shown)} rows read off the list"),
    ]


def sizes() -> list[Row]:
    """What the bundle weighs, gzip 9: everything but fonts, of which a page fetches the pieces it shows."""
    files = [path for path in bundle().rglob("*") if path.is_file() and not path.name.startswith(".")]
    fonts = [path for path in files if path.suffix == ".woff2"]
    weigh = {path: len(gzip.compress(path.read_bytes(), 9)) for path in files if path not in fonts}
    whole = sum(weigh.values()) / 1e6
    coast = sum(size for path, size in weigh.items() if "coast" in path.name) / 1e6
    woff = sum(path.stat().st_size for path in fonts) / 1e6
    told = f"{len(weigh)} files; the coast is {coast:.3f} of it"
    pieces = f"{len(fonts)} pieces; a page fetches those it shows"
    return [
        _row("bundle, gzip", round(whole, 3), "MB", "< 1.2", met=whole < 1.2, note=told),
        _row("pieces of the Korean font, woff2", round(woff, 2), "MB", note=pieces),
    ]


def _until(page: "Page", count: int) -> None:
    page.get_by_text(f"{count} of {count}").wait_for(timeout=120_000)


def _ours(url: str, address: str) -> bool:
    return url.startswith((f"{address}/", "blob:", "data:"))


@contextmanager
def _gateway(data: Path) -> Iterator[str]:
    address = f"http://127.0.0.1:{PORT}"
    command = [
        str(Path(sys.executable).with_name("wideberth")),
        "serve",
        "--access",
        "open",
        "--port",
        str(PORT),
        "--data",
        str(data),
    ]
    with (data.parent / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            for _ in range(240):
                if process.poll() is not None:
                    raise RuntimeError((data.parent / "serve.log").read_text(encoding="utf-8")[-2000:])
                try:
                    httpx.get(f"{address}/livez", timeout=5).raise_for_status()
                    break
                except httpx.HTTPError:
                    time.sleep(0.5)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=60)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], quick="--quick" in sys.argv)
