"""Simulated crops, rendered once and kept: rendering takes longer than everything that reads them."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Literal

import numpy as np

from wideberth_simulator.stills import Crop, LabelledBox, random_animal_crop, random_clutter_crop

Subject = Literal["animal", "clutter"]
Side = Literal["train", "calibrate", "test"]

# Seeds of the simulator for each side of the split; far apart, so that sides never share a picture.
FIRST_SEED: dict[Side, int] = {"train": 0, "calibrate": 100_000, "test": 200_000}
SIMULATED_PX = 160
A_SHARD = 50


def render(folder: Path, subject: Subject, side: Side, count: int, workers: int = 1) -> None:
    """Render what is missing of the first `count` crops, in files of fifty."""
    folder.mkdir(parents=True, exist_ok=True)
    first = FIRST_SEED[side]
    missing = [
        (folder, subject, side, seed)
        for seed in range(first, first + count, A_SHARD)
        if not _path(folder, subject, side, seed).exists()
    ]
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(_render_shard, missing))


def simulated(folder: Path, subject: Subject, side: Side) -> Iterator[tuple[Crop, int]]:
    """The crops kept of one subject and side, with their seeds."""
    for path in sorted(folder.glob(f"{subject}_{side}_*.npz"), key=lambda path: int(path.stem.split("_")[-1])):
        with np.load(path) as kept:
            columns = {name: kept[name] for name in kept.files}
        for index, image in enumerate(columns["im"]):
            x, y, length, width, angle = (float(columns[name][index]) for name in ("cx", "cy", "L", "W", "A"))
            box = LabelledBox("dolphin", x, y, length, width, angle, 1.0) if subject == "animal" else None
            crop = Crop(
                image, str(columns["kind"][index]), float(columns["gsd"][index]), box, bool(columns["surf"][index])
            )
            yield crop, int(columns["seed"][index])


def _path(folder: Path, subject: Subject, side: Side, seed: int) -> Path:
    return folder / f"{subject}_{side}_{seed}.npz"


def _render_shard(what: tuple[Path, Subject, Side, int]) -> None:
    folder, subject, side, first = what
    draw = random_animal_crop if subject == "animal" else random_clutter_crop
    crops = [draw(seed, SIMULATED_PX) for seed in range(first, first + A_SHARD)]
    columns = dict(zip(["L", "W", "A", "cx", "cy"], np.array([_numbers(crop) for crop in crops]).T, strict=True))
    np.savez(
        _path(folder, subject, side, first),
        im=np.stack([crop.image_bgr for crop in crops]),
        kind=np.array([crop.kind for crop in crops]),
        gsd=np.array([crop.gsd_m for crop in crops]),
        surf=np.array([crop.surfaced for crop in crops]),
        seed=np.arange(first, first + A_SHARD),
        **columns,
    )


def _numbers(crop: Crop) -> tuple[float, ...]:
    box = crop.box
    return (box.length_px, box.width_px, box.angle_deg, box.cx_px, box.cy_px) if box else (0.0,) * 5
