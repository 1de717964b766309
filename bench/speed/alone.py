"""One measurement in a process of its own, so that its memory and CPU time are of nothing else.

`python bench/speed/alone.py decode|stages|whole VIDEO TELEMETRY FOLDER` prints one JSON object.

- `whole` analyses the clip with warm networks: its first second is analysed once before, in a folder of its own, and
  timed as the cold start.
- `stages` decodes a few frames first and then runs every verb over them one after another, so that the CPU time of each
  is its own.
- `decode` decodes every frame and does nothing with it.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av

from wideberth.wiring import local_stages
from wideberth_contracts.settings import AnalysisSettings
from wideberth_media import Sampled, VideoReader
from wideberth_pipeline import Plan, Stages, follow, plan, sense, write_results
from wideberth_pipeline.look import Looking, Read, look_at
from wideberth_pipeline.plan import load_poses
from wideberth_pipeline.segment_file import joined_seconds
from wideberth_pipeline.turns import Turns

STAGE_FRAMES = 8
"""Sampled frames that `stages` looks at; in 4K they take 400 MB."""


def decode(video: Path) -> dict[str, Any]:
    """Every frame, as the reader decodes them."""
    started_s, started_cpu_s = time.perf_counter(), cpu_s()
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        frames = sum(1 for _ in container.decode(stream))
        bit_rate_bps = container.bit_rate
    return {
        "frames": frames,
        "wall_s": time.perf_counter() - started_s,
        "cpu_s": cpu_s() - started_cpu_s,
        "mbit_per_s": bit_rate_bps / 1e6,
    }


async def whole(video: Path, telemetry: Path, folder: Path) -> dict[str, Any]:
    """The analysis from clip to tables."""
    opening_s = time.perf_counter()
    async with local_stages() as stages:
        opening_s = time.perf_counter() - opening_s
        cold_s = time.perf_counter()
        await _first_second(stages, video, telemetry, folder / "cold")
        cold_s = time.perf_counter() - cold_s
        started_s, started_cpu_s = time.perf_counter(), cpu_s()
        made = await plan(stages, video, telemetry, AnalysisSettings(), folder / "warm")
        plan_s = time.perf_counter() - started_s
        for span in made.spans:
            await sense(stages, made, span, video, folder / "warm")
        outcome = await follow(stages, made, folder / "warm")
        write_results(made, outcome, folder / "warm")
        wall_s, used_s = time.perf_counter() - started_s, cpu_s() - started_cpu_s
    return {
        "frames": sum(span.frames for span in made.spans),
        "video_s": made.duration_s,
        "wall_s": wall_s,
        "cpu_s": used_s,
        "opening_s": opening_s,
        "cold_s": cold_s,
        "verbs_s": {"plan": plan_s} | joined_seconds(outcome.segments) | outcome.seconds,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


async def _first_second(stages: Stages, video: Path, telemetry: Path, folder: Path) -> None:
    made = await plan(stages, video, telemetry, AnalysisSettings(segment_s=1.0), folder)
    await sense(stages, made, made.spans[0], video, folder)


@dataclass(slots=True)
class MeteredTurns(Turns):
    """Turns that also count the CPU time of this process while each is held."""

    cpu_s: dict[str, float] = field(default_factory=dict)

    @asynccontextmanager
    async def at(self, verb: str) -> AsyncIterator[None]:
        """Hold the turn of `verb`."""
        started_s = cpu_s()
        async with Turns.at(self, verb):
            yield
        self.cpu_s[verb] = self.cpu_s.get(verb, 0.0) + cpu_s() - started_s


async def stages_alone(video: Path, telemetry: Path, folder: Path) -> dict[str, Any]:
    """CPU and wall seconds of each verb over the first frames, nothing else running."""
    async with local_stages() as stages:
        made = await plan(stages, video, telemetry, AnalysisSettings(), folder)
        started_s, started_cpu_s = time.perf_counter(), cpu_s()
        frames = await asyncio.to_thread(_frames, made, video)
        turns = MeteredTurns()
        turns.watch.seconds["read"] = time.perf_counter() - started_s
        turns.cpu_s["read"] = cpu_s() - started_cpu_s
        poses = load_poses(folder)
        await _look(Looking(stages, made, poses), frames)  # networks are compiled at the first frame of each size
        await _look(Looking(stages, made, poses, turns), frames)
    return {"frames": len(frames), "cpu_s": turns.cpu_s, "wall_s": turns.watch.seconds}


def _frames(made: Plan, video: Path) -> list[Sampled]:
    stop_s = (STAGE_FRAMES - 0.5) / made.settings.sample_fps
    with VideoReader(
        video,
        clip=made.video_sha256,
        sample_fps=made.settings.sample_fps,
        stop_s=stop_s,
        neighbours=made.settings.clear.window_frames,
    ) as reader:
        return list(reader)


async def _look(looking: Looking, frames: list[Sampled]) -> None:
    for sampled in frames:
        await look_at(looking, Read(sampled, None))


def cpu_s() -> float:
    """User and system time of this process so far, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Command line."""
    what, video, telemetry, folder = sys.argv[1], *(Path(given) for given in sys.argv[2:5])
    if what == "decode":
        answer = decode(video)
    elif what == "stages":
        answer = asyncio.run(stages_alone(video, telemetry, folder))
    else:
        answer = asyncio.run(whole(video, telemetry, folder))
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
