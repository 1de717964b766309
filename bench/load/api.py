"""Pages of the API with a long history behind them: 10,000 analyses and 100,000 alerts, on SQLite and PostgreSQL.

A real gateway in its own process on loopback, one client, one request after another. Rows are written as jobs write
them, in bulk: an analysis has three segments and its results on disk, an alert two versions, every tenth is rejected.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import sqlalchemy as sa

from bench.load.alert_writer import made
from bench.load.databases import postgres
from wideberth_contracts.judgement import Alert, AlertStatus
from wideberth_contracts.wire import Interval
from wideberth_gateway.store.alerts import ALERT_EVENT, alert_values
from wideberth_gateway.store.analyses import Analysis, SegmentRow, State, analysis_values, segment_values
from wideberth_gateway.store.engine import open_engine, writing
from wideberth_gateway.store.migrate import migrate
from wideberth_gateway.store.tables import alerts, analyses, events, originals, segments

ANALYSES, ALERTS = 10_000, 100_000
QUICK_ANALYSES, QUICK_ALERTS = 1_000, 10_000
ASKED, QUICK_ASKED = 200, 50
PORT = 8798
AIM_S = 0.100
RESULTS = ("alerts.geojson", "analysis.json", "annotated.mp4", "encounters.json", "tracks.parquet", "tracks.csv")
FIRST_EPOCH_S = 1_780_000_000.0
Row = dict[str, Any]


def run(quick: bool) -> list[Row]:
    """All rows; those of PostgreSQL are left out, saying so, where it is not installed."""
    sizes = (QUICK_ANALYSES, QUICK_ALERTS, QUICK_ASKED) if quick else (ANALYSES, ALERTS, ASKED)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += _measure("SQLite", f"sqlite:///{folder}/gateway.sqlite", Path(folder), *sizes)
    with tempfile.TemporaryDirectory() as folder, postgres() as url:
        if url is None:
            return [*rows, _row("PostgreSQL", None, "", note="left out: it is not installed")]
        return [*rows, *_measure("PostgreSQL", url, Path(folder), *sizes)]


def _measure(name: str, url: str, folder: Path, count: int, alert_count: int, asked: int) -> list[Row]:
    _fill(url, folder, count, alert_count)
    note = f"{count} analyses, {alert_count} alerts in two versions, {asked} requests"
    with (
        _gateway(url, folder),
        httpx.Client(base_url=f"http://127.0.0.1:{PORT}", trust_env=False, timeout=60) as client,
    ):
        rows = [_asked(f"{name}: {what}", client, paths, asked, note) for what, paths in _questions(client).items()]
    return rows


def _questions(client: httpx.Client) -> dict[str, list[str]]:
    """Paths by what they show; several of a kind are asked in turn."""
    items, cursors, path = "/v1/collections/alerts/items", [], "/v1/collections/alerts/items?limit=1000"
    while path and len(cursors) < 40:
        page = client.get(path).json()
        cursors.append(page["cursor"])
        path = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    befores, last = [], ""
    for _ in range(20):
        listed = client.get(f"/v1/analyses?limit=200{last}").json()
        if not listed["next_before"]:
            break
        befores.append(listed["next_before"])
        last = f"&before={listed['next_before'].replace('+', '%2B')}"
    ids = [one["id"] for one in client.get("/v1/analyses?limit=50").json()["analyses"]]
    alert = client.get(f"{items}?limit=50").json()["features"]
    return {
        "feed, first page": [items],
        "feed, later pages": [f"{items}?cursor={cursor}" for cursor in cursors],
        "feed, one analysis": [f"{items}?analysis={one}" for one in ids],
        "feed, rejected ones": [f"{items}?status=rejected", f"{items}?status=rejected&cursor={cursors[-1]}"],
        "feed, a small box": [f"{items}?bbox=126.3{n},33.2{n},126.3{n}5,33.2{n}5" for n in range(10)],
        "feed, one day": [
            f"{items}?datetime=2026-06-{day:02d}T00:00:00Z/2026-06-{day:02d}T23:59:59Z" for day in (1, 9, 20)
        ],
        "one alert": [f"{items}/{one['id']}" for one in alert],
        "Atom": ["/v1/alerts/feed.atom"],
        "analyses, first page": ["/v1/analyses"],
        "analyses, later pages": [f"/v1/analyses?before={before.replace('+', '%2B')}" for before in befores]
        or ["/v1/analyses"],
        "one analysis": [f"/v1/analyses/{one}" for one in ids],
        "metrics": ["/metrics"],
    }


def _asked(name: str, client: httpx.Client, paths: list[str], count: int, note: str) -> Row:
    seconds = []
    for number in range(count):
        started = time.perf_counter()
        answer = client.get(paths[number % len(paths)])
        seconds.append(time.perf_counter() - started)
        answer.raise_for_status()
    p95 = float(np.quantile(seconds, 0.95))
    is_page = not name.endswith("metrics")
    told = f"{note}; median {np.median(seconds) * 1000:.0f} ms, {len(answer.content) / 1024:.0f} KiB"
    aim = (f"<= {AIM_S * 1000:.0f}", p95 <= AIM_S) if is_page else ("", None)
    return _row(name, round(p95 * 1000, 1), "ms", *aim, told)


def _row(name: str, value: float | None, unit: str, aim: str = "", met: bool | None = None, note: str = "") -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}


def _fill(url: str, folder: Path, count: int, alert_count: int) -> None:
    engine = open_engine(url)
    migrate(engine)
    ids, template = [f"{number:064x}" for number in range(count)], made(0)
    with writing(engine) as connection:
        connection.execute(sa.insert(originals), [_original(number) for number in range(count)])
        connection.execute(sa.insert(analyses), [analysis_values(_analysis(number)) for number in range(count)])
        parts = [segment_values(_id, one) for _id in ids for one in _analysis(0).segments]
        connection.execute(sa.insert(segments), parts)
        for start in range(0, alert_count, 5000):
            numbers = range(start, min(start + 5000, alert_count))
            batch = [one for number in numbers for one in _versions(template, number, ids)]
            connection.execute(sa.insert(alerts), [alert_values(one) for one in batch])
            told = [
                {"kind": ALERT_EVENT, "subject": one.id, "version": one.version, "at_epoch_s": 0.0} for one in batch
            ]
            connection.execute(sa.insert(events), told)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    engine.dispose()
    for analysis_id in ids:
        place = folder / "analyses" / analysis_id
        place.mkdir(parents=True)
        for name in RESULTS:
            (place / name).touch()


def _original(number: int) -> dict[str, object]:
    return {
        "sha256": f"{number:064x}",
        "name": f"DJI_{number}.MP4",
        "size_bytes": 4_000_000_000,
        "received_epoch_s": 0.0,
    }


def _analysis(number: int) -> Analysis:
    at = FIRST_EPOCH_S + 300.0 * number
    return Analysis(
        id=f"{number:064x}", video_sha256=f"{number:064x}", video_name=f"DJI_{number}.MP4", telemetry_sha256=None,
        telemetry_name=None, settings_json=json.dumps({}), grade="A", state=State.DONE, attempt=1, problem=None,
        created_epoch_s=at, started_epoch_s=at, frames_at_start=0, finished_epoch_s=at + 200.0,
        segments=tuple(SegmentRow(n, 60.0 * n, 60.0 * n + 60.0, 300, 300, 1, True) for n in range(3)),
    )  # fmt: skip


def _versions(first: Alert, number: int, ids: list[str]) -> list[Alert]:
    """An alert whose animals were seen for a minute, and its second version, decided for every tenth."""
    run = number % len(ids)
    start = datetime.fromtimestamp(FIRST_EPOCH_S + 300.0 * run, UTC)
    finding = first.finding.model_copy(update={"start": start, "end": start, "decisive_pts": tuple(range(0, 1800, 6))})
    place = {"latitude": 33.0 + number % 997 / 1000, "longitude": 126.0 + number % 991 / 1000}
    encounter = first.encounter.model_copy(update=place | {"start": start, "end": start, "findings": (finding,)})
    update = {"analysis_id": ids[run], "finding": finding, "encounter": encounter, "id": f"{number:032x}"}
    one = first.model_copy(update=update)
    status = AlertStatus.REJECTED if number % 10 == 0 else AlertStatus.CANDIDATE
    measured = finding.model_copy(update={"interval_95": Interval(low=27.0, high=33.0)})
    return [one, one.model_copy(update={"version": 2, "evidence_version": 2, "finding": measured, "status": status})]


@contextmanager
def _gateway(url: str, folder: Path) -> Iterator[None]:
    command = [
        str(Path(sys.executable).with_name("wideberth")),
        "serve",
        "--access",
        "open",
        "--port",
        str(PORT),
        "--data",
        str(folder),
    ]
    environment = os.environ | {"WIDEBERTH_GATEWAY_DATABASE_URL": url, "WIDEBERTH_GATEWAY_ACCESS": "open"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 120
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{PORT}/livez", trust_env=False, timeout=5).raise_for_status()
                break
            except httpx.HTTPError:
                if time.monotonic() > until or process.poll() is not None:
                    raise
                time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)
