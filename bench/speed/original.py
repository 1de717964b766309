"""The way the original system analysed a clip, for comparison.

Ultralytics in torch over all 1024-px slices by SAHI, every sampled frame, then ByteTrack: `training/detector`, where
torch lives, does it; set it up there first (`uv sync` in that folder). The original's YOLOv8 networks are built with
random weights, for time does not depend on them; its published score, 87.7, is of the large one.
"""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "training/detector"
SCORED = "YOLOv8l"


@dataclass(frozen=True, slots=True)
class Network:
    """One network the original way is timed with. `weights`: a file, or the name of a structure of Ultralytics."""

    name: str
    weights: str


def networks() -> tuple[Network, ...]:
    """The one the original's score is of, the smallest it was compared with, and ours where a checkpoint lies."""
    ours = sorted((FOLDER / "work").glob("*.pt"))[:1]
    return (
        Network(SCORED, "yolov8l.yaml"),
        Network("YOLOv8s", "yolov8s.yaml"),
        *(Network("our network", str(path)) for path in ours),
    )


def timed(network: Network, video: Path, frames: int, folder: Path) -> dict[str, Any] | str:
    """What `original_way` measured, or why it did not."""
    python = FOLDER / ".venv/bin/python"
    if not python.exists():
        return "needs training/detector set up (`uv sync` there)"
    command = [str(python), "-m", "wideberth_training_detector.original_way", str(video)]
    command += ["--weights", network.weights, "--sample-fps", "5", "--max-frames", str(frames), "--work", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(FOLDER / "src")}
    done = subprocess.run(command, capture_output=True, text=True, cwd=FOLDER, env=environment)
    if done.returncode:
        return f"failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}"
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer
