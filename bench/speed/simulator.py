"""How fast the simulator draws."""

import tempfile
import time
from pathlib import Path
from typing import Any

from wideberth.demo import scene_named
from wideberth_simulator import simulate
from wideberth_simulator.stills import random_still

AIM_FRAMES_PER_S = 2.0


def run(quick: bool) -> list[dict[str, Any]]:
    """Frames a second of a whole scene (drawn, encoded, truth written), and stills a second at 640 px."""
    rows = []
    for name in ("day",) if quick else ("day", "rough", "demo"):
        with tempfile.TemporaryDirectory() as folder:
            drawn: list[int] = []
            started = time.perf_counter()
            simulate(scene_named(name), Path(folder), lambda done, _, d=drawn: d.append(done), clean=False)
            seconds = time.perf_counter() - started
        rate = max(drawn) / seconds
        rows.append(
            {
                "name": f"scene {name}",
                "value": rate,
                "unit": "frames/s",
                "aim": AIM_FRAMES_PER_S,
                "met": rate >= AIM_FRAMES_PER_S,
                "note": f"{max(drawn)} frames at the scene's size, with H.264 and truth, without the glint-free twin",
            }
        )
    count = 5 if quick else 20
    started = time.perf_counter()
    for seed in range(count):
        random_still(seed, 640, 640)
    rate = count / (time.perf_counter() - started)
    return [*rows, {"name": "training stills, 640 px", "value": rate, "unit": "stills/s", "note": ""}]
