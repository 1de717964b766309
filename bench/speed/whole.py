"""Speed of every stage and of the whole on simulated clips at 1080p and 4K, glare on, 5 sampled frames/s.

Every measurement runs in a process of its own (`alone`), beside decoding alone in the same run, because decoding is the
floor: a frame between two samples cannot be left out where later frames are predicted from it. The clips have the bit
rate of a DJI drone (100 Mbit/s in 4K). They are kept in `.cache/bench/speed`; delete them after changing the simulator.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from bench.speed import original
from wideberth_simulator import Scene, bundled_scene, simulate

ROOT = Path(__file__).resolve().parents[2]
ALONE = Path(__file__).with_name("alone.py")
CLIPS = ROOT / ".cache/bench/speed"
SAMPLE_FPS = 5.0
UNIT = "CPU ms a sampled frame"


@dataclass(frozen=True, slots=True)
class Size:
    """A size of picture and what is aimed at there. Memory in MiB, ratios in times."""

    label: str
    width_px: int
    height_px: int
    real_time: float
    of_decoding: float | None
    of_original: float | None
    memory_mib: float = 2.5e9 / 2**20


SIZES = (
    Size("1080p", 1920, 1080, real_time=2.0, of_decoding=None, of_original=None),
    Size("4K", 3840, 2160, real_time=1.0, of_decoding=2.5, of_original=10.0),
)


def run(quick: bool) -> list[dict[str, Any]]:
    """Rows per size: decoding, stages, the whole, ratios, memory, cold start, the original way."""
    rows: list[dict[str, Any]] = []
    for size in SIZES:
        video, telemetry = clip(size, 4.0 if quick else 8.0)
        with tempfile.TemporaryDirectory() as folder:
            before = alone("decode", video, telemetry, Path(folder))
            stages = alone("stages", video, telemetry, Path(folder) / "stages")
            whole = alone("whole", video, telemetry, Path(folder) / "whole")
            after = alone("decode", video, telemetry, Path(folder))
            decoding = {key: (before[key] + after[key]) / 2 for key in before}
            rows += [*_stage_rows(size, decoding, stages, whole), *_whole_rows(size, decoding, whole)]
            for network in original.networks():
                rows += _original_rows(size, network, whole, video, 1 if quick else 3, Path(folder) / "original")
    return rows


def clip(size: Size, seconds: float) -> tuple[Path, Path]:
    """Video and telemetry of the scene `day` at that size and 30 frames a second, simulated unless it lies there."""
    folder = CLIPS / f"day_{size.label}_{seconds:g}s"
    video, telemetry = folder / "video.mp4", folder / "video.SRT"
    if not (folder / "truth.json").exists():
        files = simulate(_scene(size, seconds), folder, None, clean=False)
        video, telemetry = files.video, files.telemetry
    return video, telemetry


def _scene(size: Size, seconds: float) -> Scene:
    scene = bundled_scene("day")
    video = replace(scene.video, width_px=size.width_px, height_px=size.height_px, fps=Fraction(30), bitrate_mbps=None)
    return replace(scene, video=video, duration_s=seconds)


def alone(what: str, video: Path, telemetry: Path, folder: Path) -> dict[str, Any]:
    """What `alone` answers.

    Raises:
        RuntimeError: it failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, str(ALONE), what, str(video), str(telemetry), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"bench speed, {what}: {done.stderr.strip().splitlines()[-1:]}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def _stage_rows(
    size: Size, decoding: dict[str, float], stages: dict[str, Any], whole: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Each stage alone and warm; the note has the wall clock, alone and within the whole, where stages overlap."""
    native = decoding["frames"] / whole["frames"]
    note = f"{decoding['mbit_per_s']:.0f} Mbit/s, {native:.1f} frames decoded a sampled one"
    yield _row(f"{size.label} decoding alone", 1000 * decoding["cpu_s"] / whole["frames"], UNIT, note)
    for verb, used_s in stages["cpu_s"].items():
        wall_ms = 1000 * stages["wall_s"][verb] / stages["frames"]
        within_ms = 1000 * whole["verbs_s"].get(verb, 0.0) / whole["frames"]
        note = f"wall {wall_ms:.0f} ms; within the whole {within_ms:.0f} ms"
        note += ", waiting for the decoder" if verb == "read" else ""
        yield _row(f"{size.label} {verb} alone", 1000 * used_s / stages["frames"], UNIT, note)
    once = ", ".join(
        f"{verb} {seconds:.2f} s" for verb, seconds in whole["verbs_s"].items() if verb not in stages["cpu_s"]
    )
    yield _row(f"{size.label} whole", 1000 * whole["cpu_s"] / whole["frames"], UNIT, f"within it once a clip: {once}")


def _whole_rows(size: Size, decoding: dict[str, float], whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    factor = whole["video_s"] / whole["wall_s"]
    busy = whole["cpu_s"] / whole["wall_s"]
    cores = len(os.sched_getaffinity(0))
    note = f"{whole['frames'] / whole['wall_s']:.2f} sampled frames/s; {busy:.2f} of {cores} cores in use"
    yield _row(f"{size.label} real-time factor", factor, "x", note, at_least=size.real_time)
    possible = whole["video_s"] * cores / whole["cpu_s"]
    yield _row(f"{size.label} real-time factor, were all cores free", possible, "x", "from CPU time: an upper bound")
    ratio = whole["cpu_s"] / decoding["cpu_s"]
    yield _row(f"{size.label} CPU time against decoding alone", ratio, "x", "", at_most=size.of_decoding)
    note = "of the process that analyses, nothing else in it"
    yield _row(f"{size.label} peak memory", whole["peak_mib"], "MiB", note, at_most=size.memory_mib)
    note = f"first second of the clip, networks compiled; opening the models {whole['opening_s']:.2f} s before it"
    yield _row(f"{size.label} cold start", whole["cold_s"], "s", note)


def _original_rows(
    size: Size, network: original.Network, whole: dict[str, Any], video: Path, frames: int, folder: Path
) -> Iterator[dict[str, Any]]:
    name = f"{size.label} the original way, {network.name}"
    answer = original.timed(network, video, frames, folder)
    if isinstance(answer, str):
        yield _row(name, None, "sampled frames/s", answer)
        return
    rate = float(answer["frames_per_s"])
    yield _row(name, rate, "sampled frames/s", f"torch, all 1024-px slices, ByteTrack; {answer['frames']} frames")
    aim = size.of_original if network.name == original.SCORED else None
    ratio = whole["frames"] / whole["wall_s"] / rate
    yield _row(f"{size.label} against {network.name}", ratio, "x", "wall clock, same clip, same run", at_least=aim)


def _row(
    name: str,
    value: float | None,
    unit: str,
    note: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "value": value, "unit": unit, "note": note}
    if value is not None and at_least is not None:
        row |= {"aim": at_least, "met": value >= at_least}
    if value is not None and at_most is not None:
        row |= {"aim": f"at most {at_most:.4g}", "met": value <= at_most}
    return row
