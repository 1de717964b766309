"""Files that mean harm: more than a hundred videos and logs, each sent to a real gateway and analysed if it lets them.

A file is refused with a problem that names it, or what is made of it is bounded. Nothing may end the gateway, none of
its answers may be a fault of its own, none may take long.
"""

import os
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench.load.gateways import Gateway
from bench.load.hostile_clips import clip
from bench.load.hostile_files import HostileFile, hostile_telemetry, hostile_videos
from wideberth_contracts.errors import WideberthError
from wideberth_media.checking import check
from wideberth_media.limits import MediaLimits

SEED = 7
ANSWER_AIM_S, ENDS_AIM_S, MEMORY_AIM_MIB = 60.0, 120.0, 2048
SETTINGS = {"sample_fps": 1.0, "segment_s": 30.0}
Row = dict[str, Any]


@dataclass(slots=True)
class Seen:
    """What came of all files. `faults`: answers that are a fault of the gateway, by file."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    slowest: str = ""
    deaths: int = 0

    def answered(self, file: HostileFile, answer: httpx.Response, seconds: float) -> bool:
        """Note an answer; whether it let the file through."""
        if seconds > self.slowest_s:
            self.slowest_s, self.slowest = seconds, file.name[:30]
        if answer.is_success:
            return True
        problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        if answer.status_code >= 500:
            self.faults.append(f"{file.name[:30]}: {answer.status_code} {problem.get('detail', '')}"[:160])
        elif not problem.get("remedy"):
            self.unnamed.append(f"{file.name[:30]}: {problem.get('detail', '')}"[:120])
        self.outcomes["refused"] += 1
        return False


def run(quick: bool) -> list[Row]:
    """All rows. `quick`: every fourth file."""
    videos, logs = list(hostile_videos(SEED)), list(hostile_telemetry(SEED))
    if quick:
        videos, logs = videos[::4], logs[::4]
    with tempfile.TemporaryDirectory() as folder:
        seen = _sent(Path(folder), videos, logs)
        checked = _checked(Path(folder), [file for file in videos if file.sparse_bytes])
    return [*seen, *checked]


def _sent(folder: Path, videos: list[HostileFile], logs: list[HostileFile]) -> list[Row]:
    seen = Seen()
    sendable = [file for file in videos if not file.sparse_bytes]
    with Gateway(folder / "data", job_poll_s=0.1) as gateway:
        good = gateway.client.post("/v1/originals", params={"name": "good.mp4"}, content=clip("mp4")).json()["sha256"]
        started = [_video(gateway, file, seen) for file in sendable]
        started += [_log(gateway, file, good, seen) for file in logs]
        asked = {analysis_id for analysis_id in started if analysis_id}
        longest_s = _ends(gateway, asked, seen)
        alive, peak_mib = gateway.runs, gateway.peak_bytes() >> 20
    count = len(sendable) + len(logs)
    kinds = len({file.kind for file in (*sendable, *logs)})
    told = ", ".join(f"{number} {what}" for what, number in sorted(seen.outcomes.items()))
    return [
        _row("files sent", count, "", ">= 100", count >= 100, f"{kinds} kinds; {told}"),
        _row("answers that are a fault of the gateway", len(seen.faults), "", "0", not seen.faults, _few(seen.faults)),
        _row("refusals without a remedy", len(seen.unnamed), "", "0", not seen.unnamed, _few(seen.unnamed)),
        _row("the gateway lives on", int(alive), "", "1", alive),
        _aim("slowest answer", seen.slowest_s, "s", ANSWER_AIM_S, seen.slowest),
        _aim("longest analysis of one that passed", longest_s, "s", ENDS_AIM_S, f"{len(asked)} analyses"),
        _aim("most memory of the gateway", float(peak_mib), "MiB", MEMORY_AIM_MIB, "models included"),
    ]


def _video(gateway: Gateway, file: HostileFile, seen: Seen) -> str | None:
    sent = _ask(gateway, file, seen, "/v1/originals", params={"name": file.name}, content=file.content)
    if sent is None:
        return None
    made = _ask(gateway, file, seen, "/v1/flights", json={"files": [sent["sha256"]]})
    if made is not None:
        for flight in made["flights"]:
            _ask(gateway, file, seen, f"/v1/flights/{flight['id']}/look")
    return _analysis(gateway, file, seen, {"video": sent["sha256"]})


def _log(gateway: Gateway, file: HostileFile, good: str, seen: Seen) -> str | None:
    content = file.content + bytes(file.sparse_bytes)
    sent = _ask(gateway, file, seen, "/v1/originals", params={"name": file.name}, content=content)
    return None if sent is None else _analysis(gateway, file, seen, {"video": good, "telemetry": sent["sha256"]})


def _analysis(gateway: Gateway, file: HostileFile, seen: Seen, question: dict[str, str]) -> str | None:
    asked = _ask(gateway, file, seen, "/v1/analyses", json={**question, "settings": SETTINGS})
    return None if asked is None else str(asked["id"])


def _ask(gateway: Gateway, file: HostileFile, seen: Seen, path: str, **body: Any) -> dict[str, Any] | None:
    """The answer where it lets the file through."""
    started = time.perf_counter()
    method = "POST" if body else "GET"
    try:
        answer = gateway.client.request(method, path, **body)
    except httpx.HTTPError as error:
        seen.faults.append(f"{file.name[:30]}: {type(error).__name__} at {path[:30]}")
        if not gateway.runs:
            seen.deaths += 1
            gateway.start()
        return None
    through = seen.answered(file, answer, time.perf_counter() - started)
    content: dict[str, Any] = answer.json() if through else {}
    return content if through else None


def _ends(gateway: Gateway, asked: set[str], seen: Seen) -> float:
    """Longest time of an analysis from its start to its end, s; those that do not end are faults."""
    longest_s = 0.0
    for analysis_id in sorted(asked):
        try:
            view = gateway.until_ended(analysis_id, 900.0)
        except TimeoutError as error:
            seen.faults.append(str(error)[:160])
            continue
        seen.outcomes[f"analysed, {view['state']}"] += 1
        took = [view["started_at"], view["finished_at"]]
        if all(took):
            begin, end = (time.mktime(time.strptime(str(at)[:19], "%Y-%m-%dT%H:%M:%S")) for at in took)
            longest_s = max(longest_s, end - begin)
    return longest_s


def _checked(folder: Path, files: list[HostileFile]) -> list[Row]:
    """Files too large to be sent, as a folder that is registered would bring them."""
    rows = []
    for number, file in enumerate(files):
        path = folder / f"{number}.mp4"
        path.write_bytes(file.content)
        os.truncate(path, len(file.content) + file.sparse_bytes)
        started = time.perf_counter()
        try:
            told = str(check(path, MediaLimits()))
        except WideberthError as error:
            told = error.detail
        took_s = time.perf_counter() - started
        rows.append(_aim(f"{file.kind}: looked through", took_s, "s", ANSWER_AIM_S, told[:60]))
        path.unlink()
    return rows


def _few(lines: list[str]) -> str:
    return "; ".join(lines[:6])


def _aim(name: str, value: float, unit: str, most: float, note: str) -> Row:
    return _row(name, round(value, 2), unit, f"<= {most:g}", value <= most, note)


def _row(name: str, value: float, unit: str = "", aim: str = "", met: bool | None = None, note: str = "") -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}
