"""Speed of every stage and of the whole on simulated clips at 1080p and 4K, beside the way the original system did it.

The original way (Ultralytics in torch over all 1024-px slices, every sampled frame, ByteTrack) runs from
`training/detector`, where torch lives: set it up there first (`uv sync` in that folder); without it those rows say so.
"""

import asyncio
import json
import os
import resource
import subprocess
import tempfile
import time
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from wideberth.wiring import local_stages
from wideberth_contracts.settings import AnalysisSettings
from wideberth_pipeline import follow, plan, sense, write_results
from wideberth_pipeline.segment_file import joined_seconds
from wideberth_simulator import Scene, bundled_scene, simulate

ROOT = Path(__file__).resolve().parents[2]
ORIGINAL_WAY = ROOT / "training/detector"
SIZES = {"1080p": (1920, 1080), "4K": (3840, 2160)}
AIM_REAL_TIME = 1.0
AIM_RATIO_4K = 4.0


@dataclass(frozen=True, slots=True)
class Timed:
    """One run of the whole. `stages` in seconds."""

    frames: int
    video_s: float
    seconds: float
    stages: dict[str, float]
    read_s: float


async def run(quick: bool) -> list[dict[str, Any]]:
    """Rows per size: stages, the whole, real-time factor, peak memory, the original way and the ratio."""
    rows: list[dict[str, Any]] = []
    for label, (width, height) in SIZES.items():
        with tempfile.TemporaryDirectory() as folder:
            scene = _scene(width, height, quick)
            files = await asyncio.to_thread(simulate, scene, Path(folder) / "clip", None, clean=False)
            timed = await _time(files.video, files.telemetry, Path(folder) / "out")
            rows += _rows(label, timed)
            original = await asyncio.to_thread(_original_way, files.video, 3 if quick else 10)
            rows += _compare(label, timed, original)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        *rows,
        {"name": "peak memory of the process", "value": peak, "unit": "MiB", "note": "both sizes, simulator included"},
    ]


def _scene(width: int, height: int, quick: bool) -> Scene:
    """The scene `day`, of that size, at 30 frames a second, cut short."""
    scene = bundled_scene("day")
    video = replace(scene.video, width_px=width, height_px=height, fps=Fraction(30), bitrate_mbps=None)
    return replace(scene, video=video, duration_s=1.6 if quick else 8.0)


async def _time(video: Path, telemetry: Path, folder: Path) -> Timed:
    async with local_stages() as stages:
        settings = AnalysisSettings()
        started = time.perf_counter()
        made = await plan(stages, video, telemetry, settings, folder)
        for span in made.spans:
            await sense(stages, made, span, video, folder)
        outcome = await follow(stages, made, folder)
        write_results(made, outcome, folder)
        seconds = time.perf_counter() - started
    spent = joined_seconds(outcome.segments) | outcome.seconds
    return Timed(sum(span.frames for span in made.spans), made.duration_s, seconds, spent, spent.get("read", 0.0))


def _rows(label: str, timed: Timed) -> list[dict[str, Any]]:
    rows = [
        {"name": f"{label} {verb}", "value": timed.frames / spent, "unit": "sampled frames/s", "note": f"{spent:.2f} s"}
        for verb, spent in timed.stages.items()
        if spent > 0.001
    ]
    factor = timed.video_s / timed.seconds
    rows.append(
        {"name": f"{label} whole", "value": timed.frames / timed.seconds, "unit": "sampled frames/s", "note": ""}
    )
    aim = {"aim": AIM_REAL_TIME, "met": factor >= AIM_REAL_TIME} if label == "1080p" else {}
    note = "seconds of video a second, 5 sampled frames/s"
    return [*rows, {"name": f"{label} real-time factor", "value": factor, "unit": "x", "note": note, **aim}]


def _original_way(video: Path, frames: int) -> dict[str, Any] | str:
    python = ORIGINAL_WAY / ".venv/bin/python"
    weights = sorted((ORIGINAL_WAY / "work").glob("*.pt"))
    if not python.exists() or not weights:
        return "needs training/detector set up (`uv sync` there) and a checkpoint in its folder work/"
    command = [str(python), "-m", "wideberth_training_detector.original_way", str(video), "--weights", str(weights[0])]
    environment = os.environ | {"PYTHONPATH": str(ORIGINAL_WAY / "src")}
    done = subprocess.run(
        [*command, "--sample-fps", "5", "--max-frames", str(frames)],
        capture_output=True,
        text=True,
        cwd=ORIGINAL_WAY,
        env=environment,
    )
    if done.returncode:
        return f"failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}"
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def _compare(label: str, timed: Timed, original: dict[str, Any] | str) -> list[dict[str, Any]]:
    name = f"{label} the original way"
    if isinstance(original, str):
        return [{"name": name, "value": None, "unit": "sampled frames/s", "note": original}]
    rate = float(original["frames_per_s"])
    ratio = timed.frames / timed.seconds / rate
    aim = {"aim": AIM_RATIO_4K, "met": ratio >= AIM_RATIO_4K} if label == "4K" else {}
    return [
        {"name": name, "value": rate, "unit": "sampled frames/s", "note": "torch, all 1024-px slices, ByteTrack"},
        {
            "name": f"{label} against the original way",
            "value": ratio,
            "unit": "x",
            "note": "same run, same clip",
            **aim,
        },
    ]
