"""One, two, four workers on real segments, of analyses each and of one together; and what that means for 10,000 hours.

Each worker is confined to a fixed share of a core by a control group where the machine allows it. What is compared is
frames a second of processor time that the workers had: a machine shared with others gives them less, but not less for
it; by the clock one analysis ends the sooner the more are at it. The season is simulated (`season`) with the times
measured here; the database's are of synthetic rows at that size (`queue_rows`).
"""

import os
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from bench.load.databases import postgres
from bench.load.flight_clips import flight
from bench.load.gateways import Gateway, Program, program
from bench.load.queue_rows import WRITERS, Loaded, loaded, sqlite
from bench.load.season import Measured, simulated

WORKERS = (1, 2, 4)
SHARE = 0.4
AIM = 0.9
HOURS, SEASON_WORKERS = 10_000.0, 200
VIDEO_BYTES_PS, STORE_BYTES_PS = 12.5e6, 1.25e9
"""4K at 100 Mbit/s; a store on 10 Gbit/s."""

GROUPS = Path("/sys/fs/cgroup")
TICKS = os.sysconf("SC_CLK_TCK")
LIMIT_S = 3600.0
Row = dict[str, Any]


def run(quick: bool) -> list[Row]:
    """All rows."""
    video, _ = flight(30.0, fps=2) if quick else flight(180.0, fps=5)
    times = [_worked(video, count, jobs=count * (1 if quick else 3), frames=8 if quick else 60) for count in WORKERS]
    rows = [_efficiency(f"{count} workers", one, times[0]) for count, one in zip(WORKERS, times, strict=True)]
    shared = [_worked(video, count, jobs=1, frames=24 if quick else 240) for count in WORKERS]
    rows += [
        _efficiency(f"{count} at one analysis", one, shared[0]) for count, one in zip(WORKERS, shared, strict=True)
    ]
    rows += [_sooner(count, one, shared[0]) for count, one in zip(WORKERS[1:], shared[1:], strict=True)]
    tables = _tables(quick)
    rows += [_table_row(where, one) for where, one in tables.items()]
    return [*rows, *_season(times[0], tables)]


def _worked(video: Path, count: int, jobs: int, frames: int) -> dict[str, float]:
    """Processor seconds and wall clock of so many workers for `jobs` analyses of `frames` frames each."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        given = {"WIDEBERTH_GATEWAY_JOB_POLL_S": "0.2", "OMP_NUM_THREADS": "1"}
        gateway = stack.enter_context(Gateway(folder, work_here="false", job_poll_s=0.2))
        command = [program(), "worker", "--data", str(folder)]
        workers = [stack.enter_context(Program(command, given, folder / f"worker{k}.log")) for k in range(count)]
        shares = [stack.enter_context(_Share(worker.pid, SHARE)) for worker in workers]
        _until_they_work(folder, count)
        sent = gateway.client.post("/v1/originals", params={"name": video.name}, content=video.read_bytes()).json()
        before, started = [_cpu_s(worker.pid) for worker in workers], time.perf_counter()
        asked = [_asked(gateway, sent["sha256"], frames, number) for number in range(jobs)]
        views = [gateway.until_ended(one, LIMIT_S) for one in asked]
        took = [_cpu_s(worker.pid) - at for worker, at in zip(workers, before, strict=True)]
        if any(view["state"] != "done" for view in views):
            raise RuntimeError(str(views))
        return {
            "cpu_s": sum(took),
            "least_cpu_s": min(took),
            "wall_s": time.perf_counter() - started,
            "frames": float(sum(view["progress"]["frames_done"] for view in views)),  # type: ignore[index]
            "confined": float(all(share.held for share in shares)),
        }


def _asked(gateway: Gateway, sha256: str, frames: int, number: int) -> str:
    """An analysis like the others, and another question: its segments are a little longer."""
    seconds = 30.0 if frames < 60 else 180.0
    settings = {"sample_fps": frames / seconds, "segment_s": (3.0 if frames == 24 else 10.0) + number / 100}
    answer = gateway.client.post("/v1/analyses", json={"video": sha256, "settings": settings})
    answer.raise_for_status()
    return str(answer.json()["id"])


def _until_they_work(folder: Path, count: int) -> None:
    """Models are loaded: that is no part of the work."""
    until = time.monotonic() + 300
    while sum("works in" in (folder / f"worker{k}.log").read_text() for k in range(count)) < count:
        if time.monotonic() > until:
            raise RuntimeError("the workers do not come up")
        time.sleep(0.2)


class _Share:
    """A control group of its own with so much of a core; `held` is False where the machine has none to give."""

    def __init__(self, pid: int, share: float) -> None:
        self._pid, self._share, self.held = pid, share, False
        self._second = (GROUPS / "cgroup.controllers").exists()  # cgroup v2; else v1, by controller
        self._above = GROUPS if self._second else GROUPS / "cpu"
        self._group = self._above / f"wideberth-bench-{pid}"

    def __enter__(self) -> "_Share":
        if not (self._above / "cgroup.procs").exists():  # no control groups: a folder there would confine nobody
            return self
        with suppress(OSError):
            self._group.mkdir()
            quota = str(int(self._share * 100_000))
            name, content = ("cpu.max", f"{quota} 100000") if self._second else ("cpu.cfs_quota_us", quota)
            (self._group / name).write_text(content)
            (self._group / "cgroup.procs").write_text(str(self._pid))
            self.held = True
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError):
            (self._above / "cgroup.procs").write_text(str(self._pid))
        with suppress(OSError):
            self._group.rmdir()


def _cpu_s(pid: int) -> float:
    """Processor time a process has had, with that of its threads and ended children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(value) for value in fields[11:15]) / TICKS


def _sooner(count: int, one: dict[str, float], first: dict[str, float]) -> Row:
    told = f"{first['wall_s']:.1f} s alone, {one['wall_s']:.1f} s together"
    note = f"{told}, each with {one['least_cpu_s']:.1f} s CPU or more"
    return _row(f"{count} at one analysis end it sooner by", round(first["wall_s"] / one["wall_s"], 2), "x", note=note)


def _efficiency(who: str, one: dict[str, float], first: dict[str, float]) -> Row:
    here, there = one["frames"] / one["cpu_s"], first["frames"] / first["cpu_s"]
    held = f"{SHARE:g} of a core each" if one["confined"] else "no control groups here: not confined"
    note = f"{one['frames']:.0f} frames, {one['cpu_s']:.1f} s CPU, {one['wall_s']:.1f} s; {held}"
    ratio = here / there
    return _row(f"{who}, of one worker's frames a CPU second", round(ratio, 3), "", AIM, ratio >= AIM, note)


def _tables(quick: bool) -> dict[str, Loaded]:
    """Each database at the season's size: 30,000 flights of 40 segments; a tenth of it where quick."""
    count, asked = (3_000, 400) if quick else (30_000, 4_000)
    found: dict[str, Loaded] = {}
    with tempfile.TemporaryDirectory() as folder:
        found["SQLite"] = loaded(sqlite(Path(folder)), count, asked)
    with postgres() as url:
        if url is not None:
            found["PostgreSQL"] = loaded(url, count, asked)
    return found


def _table_row(where: str, one: Loaded) -> Row:
    note = f"{one.rows} segments in it, {WRITERS} writers; a page of 50 analyses {one.page_s * 1000:.0f} ms"
    return _row(f"{where}: a segment taken, noted, ended", round(one.segment_s * 1000, 2), "ms", note=note)


def _season(first: dict[str, float], tables: dict[str, Loaded]) -> list[Row]:
    """Five frames a second of video are looked at; following and drawing are in the workers' time here."""
    a_frame_s = first["cpu_s"] / first["frames"]
    rows = []
    for where, one in tables.items():
        measured = Measured(5.0 * a_frame_s, 0.0, one.segment_s, STORE_BYTES_PS, VIDEO_BYTES_PS)
        season = simulated(measured, HOURS, SEASON_WORKERS)
        busy = ", ".join(f"{part} {share:.1%}" for part, share in season.busy.items())
        note = f"bottleneck: {season.bottleneck}; busy: {busy}; {a_frame_s:.2f} s CPU a frame, store at 10 Gbit/s"
        rows.append(_row(f"10,000 h on 200 workers of one core, {where}", round(season.days, 1), "days", note=note))
    return rows


def _row(
    name: str, value: float, unit: str = "", aim: float | None = None, met: bool | None = None, note: str = ""
) -> Row:
    told = None if aim is None else f">= {aim:g}"
    return {"name": name, "value": value, "unit": unit, "aim": told, "met": met, "note": note}
