"""Memory over the length of a video: a simulated clip, and the same clip many times over, by worker and gateway.

Each is analysed by processes of its own: `wideberth serve` that takes it in and follows nothing, `wideberth worker`
that senses, follows and draws. Most memory is what the kernel says each process had at its peak (VmHWM).
"""

import tempfile
from pathlib import Path
from typing import Any

from bench.load.flight_clips import CLIPS, flight, looped
from bench.load.gateways import Gateway, Program, program

TIMES, QUICK_TIMES = 60, 4
AIM = 0.10
LIMIT_S = 6 * 3600.0
MIB = 1 << 20
Row = dict[str, Any]


def run(quick: bool) -> list[Row]:
    """All rows. `quick`: 30 s against two minutes; whole: 3 minutes against 3 hours."""
    video, _ = flight(30.0, fps=2) if quick else flight(180.0, fps=5)
    times = QUICK_TIMES if quick else TIMES
    longer = looped(video, times, CLIPS / f"{video.parent.name}_x{times}.mp4")
    settings = {"sample_fps": 1.0, "segment_s": 5.0} if quick else {"sample_fps": 5.0, "segment_s": 30.0}
    short, long = _peaks(video, settings), _peaks(longer, settings)
    return [_compared(part, short[part], long[part], times) for part in short]


def _compared(part: str, short: int, long: int, times: int) -> Row:
    grows = long / short - 1
    note = f"{short / MIB:.0f} MiB, and {long / MIB:.0f} MiB for a video {times} times as long"
    return {
        "name": f"memory of the {part} grows by",
        "value": round(100 * grows, 1),
        "unit": "%",
        "aim": f"<= {100 * AIM:g}",
        "met": grows <= AIM,
        "note": note,
    }


def _peaks(video: Path, settings: dict[str, float]) -> dict[str, int]:
    """Most memory by part, bytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Gateway(folder, work_here="false", job_poll_s=0.2) as gateway:
            given = {"WIDEBERTH_GATEWAY_JOB_POLL_S": "0.2"}
            with Program([program(), "worker", "--data", str(folder)], given, folder / "worker.log") as worker:
                sent = gateway.client.post("/v1/originals", params={"name": video.name}, content=_pieces(video)).json()
                question = {"video": sent["sha256"], "settings": settings}
                asked = gateway.client.post("/v1/analyses", json=question)
                asked.raise_for_status()
                view = gateway.until_ended(asked.json()["id"], LIMIT_S)
                if view["state"] != "done":
                    raise RuntimeError(str(view["problem"]))
                return {"worker": worker.peak_bytes(), "gateway": gateway.peak_bytes()}


def _pieces(video: Path) -> Any:
    with video.open("rb") as file:
        while piece := file.read(MIB):
            yield piece
