"""An analysis under kills of the gateway, workers, model services and the database, beside one left in peace.

Every part is the real one in a process of its own: `wideberth serve` takes the flight in and does no work, two workers
(in peace one) sense through the five services over HTTP, PostgreSQL where it is installed. Tables and alerts must come
out byte for byte as in peace.
"""

import hashlib
import os
import pwd
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.load.databases import postgres
from bench.load.flight_clips import flight
from bench.load.gateways import Gateway, Program, free_port
from wideberth_gateway.store.engine import open_engine, reading
from wideberth_gateway.store.tables import segments

SERVICES = ("glare", "detector", "distance", "tracker", "anomaly")
FILES = (
    "tracks.csv",
    "tracks.parquet",
    "separations.csv",
    "separations.parquet",
    "observations.parquet",
    "encounters.json",
    "alerts.geojson",
)
SECONDS, QUICK_SECONDS = 180.0, 30.0
EVERY_S, QUICK_EVERY_S = (5.0, 40.0), (4.0, 12.0)
LIMIT_S = 7200.0
SEED = 5
Row = dict[str, Any]


def run(quick: bool) -> list[Row]:
    """All rows."""
    video, telemetry = flight(QUICK_SECONDS if quick else SECONDS, fps=2 if quick else 5)
    settings = {"sample_fps": 1.0 if quick else 5.0, "segment_s": 5.0 if quick else 20.0}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        services = _services(folder, stack)
        for service in services.values():
            service.wait()
        url = stack.enter_context(postgres())
        calm_url, wild_url = _databases(url)
        with _Analysis(folder / "calm", calm_url, services, workers=1) as calm:
            peace, peace_s, _ = calm.analysed(video, telemetry, settings, lambda _: None)
        with _Analysis(folder / "wild", wild_url, services, workers=2) as wild:
            chaos = _Chaos(wild, services, url, QUICK_EVERY_S if quick else EVERY_S)
            found, took_s, kills = wild.analysed(video, telemetry, settings, chaos.go_on)
            again, lost = wild.repeated(), wild.not_looked_at
    told = ", ".join(f"{count} {kind}" for kind, count in chaos.killed.items() if count)
    differ = [file for file in FILES if peace[file] != found[file]]
    note = f"{told}; {len(FILES)} files; in peace {peace_s:.0f} s, in chaos {took_s:.0f} s"
    where = "PostgreSQL" if url else "SQLite, PostgreSQL is not installed"
    return [
        _row("kills while the job ran", kills, "", note=f"{note}; {where}"),
        _row("tables and alerts that differ", len(differ), "", "0", not differ, ", ".join(differ)),
        _row("segments begun again", again, "", f"<= {kills}", again <= kills, "besides those that only waited"),
        _row("segments given up", lost, "", "0", lost == 0),
    ]


def _services(folder: Path, stack: ExitStack) -> dict[str, "_Service"]:
    return {name: stack.enter_context(_Service(name, folder)) for name in SERVICES}


class _Service(Program):
    """One of the services, started without waiting for the others."""

    def __init__(self, name: str, folder: Path) -> None:
        self.at = free_port()
        given = {f"WIDEBERTH_{name.upper()}_PORT": str(self.at)}
        command = [sys.executable, "-m", f"wideberth_{name}"]
        super().__init__(command, given, folder / f"{name}.log", self.at)

    def __enter__(self) -> "_Service":
        self.start(wait=False)
        return self


class _Analysis:
    """A gateway and workers on one folder and database."""

    def __init__(self, folder: Path, url: str | None, services: dict[str, _Service], workers: int) -> None:
        self.url = url or f"sqlite:///{folder}/gateway.sqlite"
        common: dict[str, object] = {"job_poll_s": 0.2, "lease_s": 4.0}
        common |= {"database_url": url} if url else {}
        self.gateway = Gateway(folder, work_here="false", **common)
        addresses = {f"{name}_url": f"http://127.0.0.1:{one.at}" for name, one in services.items()}
        self.logs = [folder / f"worker-{number}.log" for number in range(workers)]
        self.workers = [_worker(log, {"data_dir": folder, **common, **addresses}) for log in self.logs]
        self.not_looked_at = 0
        self.analysis_id = ""

    def __enter__(self) -> "_Analysis":
        self.gateway.start()
        for worker in self.workers:
            worker.start()
        return self

    def __exit__(self, *error: object) -> None:
        for worker in self.workers:
            worker.stop()
        self.gateway.stop()

    def analysed(
        self, video: Path, telemetry: Path, settings: dict[str, float], kill: Callable[[threading.Event], int | None]
    ) -> tuple[dict[str, str], float, int]:
        """Hashes of the results by name, seconds, and how often `kill` says it killed."""
        sent = [self._sent(file) for file in (video, telemetry)]
        question = {"video": sent[0], "telemetry": sent[1], "settings": settings}
        asked = self.gateway.client.post("/v1/analyses", json=question)
        asked.raise_for_status()
        self.analysis_id = asked.json()["id"]
        started, ended, kills = time.perf_counter(), threading.Event(), [0]
        thread = threading.Thread(target=lambda: kills.append(kill(ended) or 0))
        thread.start()
        try:
            view: Any = self.gateway.until_ended(self.analysis_id, LIMIT_S)
        finally:
            ended.set()
            thread.join()
        if view["state"] != "done":
            raise RuntimeError(f"{view['state']}: {view['problem']}")
        self.not_looked_at = len(view["not_looked_at"])
        took_s = time.perf_counter() - started
        self.gateway.wait()
        return {name: self._hash(name) for name in FILES}, took_s, kills[-1]

    def repeated(self) -> int:
        """How often a segment was begun beyond its first time, but for those times that only waited."""
        engine = open_engine(self.url)
        with reading(engine) as connection:
            query = sa.select(sa.func.sum(segments.c.starts), sa.func.count())
            starts, count = connection.execute(query.where(segments.c.frames > 0)).one()
        engine.dispose()
        told = "".join(log.read_text() for log in self.logs)
        waited = told.count(f"{self.analysis_id} waits: ") + told.count("cannot help now: ")
        return max(0, int(starts) - int(count) - waited)

    def _sent(self, file: Path) -> str:
        answer = self.gateway.client.post("/v1/originals", params={"name": file.name}, content=file.read_bytes())
        answer.raise_for_status()
        return str(answer.json()["sha256"])

    def _hash(self, name: str) -> str:
        answer = self.gateway.client.get(f"/v1/analyses/{self.analysis_id}/results/{name}")
        answer.raise_for_status()
        return hashlib.sha256(answer.content).hexdigest()


def _worker(log: Path, settings: dict[str, object]) -> Program:
    """A worker as containers run it, under an executor id of its own."""
    port = free_port()
    given = settings | {"executor_id": log.stem, "port": port}
    environment = {f"WIDEBERTH_GATEWAY_{name.upper()}": str(value) for name, value in given.items()}
    return Program([sys.executable, "-m", "wideberth_gateway", "worker"], environment, log, port)


class _Chaos:
    """Kills one part after another, in another order each round, until the job has ended; each comes back at once."""

    def __init__(
        self, analysis: _Analysis, services: dict[str, _Service], url: str | None, every_s: tuple[float, float]
    ) -> None:
        self._draw, self._every_s = random.Random(SEED), every_s
        self._targets: dict[str, Callable[[], None]] = {
            "gateway": lambda: _again(analysis.gateway),
            **{f"worker {number}": partial(_again, one) for number, one in enumerate(analysis.workers, start=1)},
            "detector": lambda: _again(services["detector"]),
            "glare": lambda: _again(services["glare"]),
            "distance": lambda: _again(services["distance"]),
        }
        if url is not None:
            self._targets["database"] = lambda: _restarted(url)
        self.killed = dict.fromkeys(self._targets, 0)

    def go_on(self, ended: threading.Event) -> int:
        """How often something was killed."""
        left: list[str] = []
        while not ended.wait(self._draw.uniform(*self._every_s)):
            left = left or self._draw.sample(tuple(self._targets), len(self._targets))
            kind = left.pop()
            self._targets[kind]()
            self.killed[kind] += 1
        return sum(self.killed.values())


def _again(part: Program) -> None:
    part.kill()
    part.start(wait=False)


def _databases(url: str | None) -> tuple[str | None, str | None]:
    """Two empty databases; None where there is no PostgreSQL."""
    if url is None:
        return None, None
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("calm", "wild"):
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return url.rsplit("/", 1)[0] + "/calm", url.rsplit("/", 1)[0] + "/wild"


def _restarted(url: str) -> None:
    """PostgreSQL ends as after a power cut, and comes back."""
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with engine.connect() as connection:
            data = str(connection.exec_driver_sql("SHOW data_directory").scalar())
    except sa.exc.OperationalError:
        return  # it is still coming back from the last time
    finally:
        engine.dispose()
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]))[-1]
    command = [str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "restart", "-l", f"{data}/../log"]
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        command = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *command]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    subprocess.run(command, cwd="/", env=environment, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _row(name: str, value: float, unit: str = "", aim: str = "", met: bool | None = None, note: str = "") -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}
