"""Rebuild the training set: `python -m wideberth_training_detector.recipe --out DIR [--stills DIR]`.

The same seed and the same inputs give the same files. `manifest.json` beside them names every source with its licence,
the seeds and the counts; the model card quotes it.
"""

import argparse
import json
import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import yaml

from wideberth_training_detector import CLASS_NAMES
from wideberth_training_detector.composite import compose, compose_empty
from wideberth_training_detector.cutouts import Cutout, cut_out, orient
from wideberth_training_detector.shapes import Image, LabelledBox, Sample, crop, read_sample, resize, turn, write_sample
from wideberth_training_detector.sources import (
    ALL_SOURCES,
    BACKGROUNDS,
    COAST,
    HUMPBACKS,
    LAKE_TILES,
    RIGHT_WHALE,
    Source,
)
from wideberth_training_detector.visibility import only_visible

_VAL_SALT = 1_000_003


@dataclass(frozen=True)
class Plan:
    """How many pictures of each kind, their sides and the seed.

    Small windows round the objects, not whole scenes: open water costs a step as much as animals and teaches less.
    """

    size_px: int = 320
    scene_px: int = 480
    windows: int = 2
    still_windows: int = 3
    still_grounds: int = 2
    composites: int = 1000
    composites_val: int = 100
    empties: int = 500
    crops_per_object: int = 4
    background_crops: int = 400
    seed: int = 20


def build(root: Path, out: Path, plan: Plan, stills: Path | None, workers: int) -> dict[str, int]:
    """Write `train/` and `val/` below `out`, with `data.yaml` and `manifest.json`.

    Args:
        root: the real data folder.
        out: emptied first.
        plan: counts and seed.
        stills: a folder of simulated stills (`images/`, `labels/`), or nothing yet.
        workers: processes.

    Returns:
        Pictures written by kind.
    """
    shutil.rmtree(out, ignore_errors=True)
    counts: dict[str, int] = {}
    for part, held_out, number in (("train", False, plan.composites), ("val", True, plan.composites_val)):
        with ProcessPoolExecutor(workers) as pool:
            job = partial(_write_composite, root, out / part, plan, held_out)
            counts[f"composites_{part}"] = sum(pool.map(job, range(number), chunksize=8))
            if not held_out:
                counts["empties"] = sum(pool.map(partial(_write_empty, root, out / part, plan), range(plan.empties)))
        counts[f"real_{part}"] = _write_real(root, out / part, plan, held_out)
    if stills is not None:
        counts |= _write_stills(stills, out, plan)
    _write_descriptions(out, plan, counts, stills)
    return counts


def _write_composite(root: Path, folder: Path, plan: Plan, held_out: bool, index: int) -> int:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    cv2.setNumThreads(1)
    backgrounds, cutouts = _materials(root)
    rng = np.random.default_rng([plan.seed + (_VAL_SALT if held_out else 0), index])
    sample = compose(rng, plan.scene_px, backgrounds, cutouts)
    return _write_windows(rng, sample, folder, f"composite_{index:05d}", 1 if held_out else plan.windows, plan.size_px)


def _write_empty(root: Path, folder: Path, plan: Plan, index: int) -> int:
    cv2.setNumThreads(1)
    rng = np.random.default_rng([plan.seed, 23, index])
    sample = compose_empty(rng, plan.size_px, _materials(root)[0])
    write_sample(sample, folder, f"open_{index:05d}", int(rng.integers(55, 96)))
    return 1


_cache: dict[Path, tuple[list[Image], list[Cutout]]] = {}


def _materials(root: Path) -> tuple[list[Image], list[Cutout]]:
    """Backgrounds and cut-out objects from training pictures only, read once a process."""
    if root not in _cache:
        water = [s for s in BACKGROUNDS if s is not COAST]
        backgrounds = [np.asarray(cv2.imread(str(p)), np.uint8) for s in water for p in s.pictures(root)]
        cutouts: list[Cutout] = []
        for source in (LAKE_TILES, HUMPBACKS):
            for picture in source.pictures(root):
                sample = _read(source, picture)
                cutouts += [c for c in (cut_out(sample.pixels, b) for b in sample.boxes) if c is not None]
        _cache[root] = (backgrounds, cutouts)
    return _cache[root]


def _read(source: Source, picture: Path) -> Sample:
    sample = read_sample(picture, source.label_of(picture))
    boxes = tuple(LabelledBox(source.classes[b.class_index], b.corners_px) for b in sample.boxes)
    return Sample(sample.pixels, boxes)


def _write_real(root: Path, folder: Path, plan: Plan, held_out: bool) -> int:
    rng = np.random.default_rng([plan.seed, 7, int(held_out)])
    written = 0
    for source in (LAKE_TILES, HUMPBACKS, RIGHT_WHALE):
        for picture in source.pictures(root, held_out):
            sample = orient(_read(source, picture))
            repeats = 1 if held_out else plan.crops_per_object
            for number, box in enumerate(b for b in sample.boxes for _ in range(repeats)):
                piece = _near(rng, sample, box, plan.size_px)
                write_sample(piece, folder, f"real_{picture.stem}_{number:02d}", int(rng.integers(70, 96)))
                written += 1
    share = plan.background_crops // (6 if held_out else 1)
    grounds = [(s, p) for s in (*BACKGROUNDS, LAKE_TILES, HUMPBACKS) for p in s.pictures(root, held_out)]
    for number in range(share if grounds else 0):
        source, picture = grounds[int(rng.integers(len(grounds)))]
        sample = _read(source, picture) if source.classes else read_sample(picture, Path("/nonexistent"))
        piece = _anywhere(rng, sample, plan.size_px)
        write_sample(piece, folder, f"ground_{number:04d}", int(rng.integers(70, 96)))
        written += 1
    return written


def _near(rng: np.random.Generator, sample: Sample, box: LabelledBox, size_px: int) -> Sample:
    """A window holding a box somewhere, at a random scale, turned by quarters."""
    span = float(np.ptp(box.corners_px, axis=0).max())
    factor = float(np.clip(np.exp(rng.uniform(np.log(0.2), np.log(1.6))), 14 / span, 0.8 * size_px / span))
    scaled = resize(sample, factor)
    centre = box.corners_px.mean(axis=0) * factor
    corner = centre - rng.uniform(0.2, 0.8, 2) * size_px
    piece = crop(scaled, int(corner[0]), int(corner[1]), size_px)
    return turn(_lit(rng, piece), int(rng.integers(4)), bool(rng.random() < 0.5))


def _anywhere(rng: np.random.Generator, sample: Sample, size_px: int) -> Sample:
    factor = float(np.exp(rng.uniform(np.log(0.35), np.log(1.5))))
    scaled = resize(sample, factor)
    height, width = scaled.pixels.shape[:2]
    x = int(rng.integers(0, max(1, width - size_px + 1)))
    y = int(rng.integers(0, max(1, height - size_px + 1)))
    return turn(_lit(rng, crop(scaled, x, y, size_px)), int(rng.integers(4)), bool(rng.random() < 0.5))


def _lit(rng: np.random.Generator, sample: Sample) -> Sample:
    """Another exposure and white balance, so that one lake does not teach one colour."""
    gain = rng.uniform(0.7, 1.25) * rng.uniform(0.85, 1.15, 3)
    return Sample(np.asarray(np.clip(sample.pixels * gain, 0, 255), np.uint8), sample.boxes)


def _write_stills(stills: Path, out: Path, plan: Plan) -> dict[str, int]:
    """Windows of simulated stills: one still in ten judges, the others teach."""
    counts = {"stills_train": 0, "stills_val": 0, "still_grounds": 0}
    for picture in sorted((stills / "images").iterdir()):
        # A still is named by its seed: near twins from neighbouring runs fall on the same side.
        seed = int(picture.stem)
        part = "val" if seed % 10 == 9 else "train"
        rng = np.random.default_rng([plan.seed, 11, seed])
        whole = read_sample(picture, stills / "labels" / f"{picture.stem}.txt")
        sample = only_visible(whole)
        windows = plan.still_windows if part == "train" else 1
        name = f"still_{picture.stem}"
        counts[f"stills_{part}"] += _write_windows(rng, sample, out / part, name, windows, plan.size_px)
        if part == "train":
            counts["still_grounds"] += _write_grounds(rng, whole, out / part, f"empty_{picture.stem}", plan)
    return counts


def _write_grounds(rng: np.random.Generator, whole: Sample, folder: Path, name: str, plan: Plan) -> int:
    """Windows of open water, where not even a hidden animal is: most of what a frame shows holds nothing."""
    height, width = whole.pixels.shape[:2]
    written = 0
    for number in range(plan.still_grounds):
        x, y = rng.integers(0, max(1, width - plan.size_px + 1)), rng.integers(0, max(1, height - plan.size_px + 1))
        piece = crop(whole, int(x), int(y), plan.size_px, min_inside=0.02)
        if not piece.boxes:
            write_sample(piece, folder, f"{name}_{number}", int(rng.integers(60, 96)))
            written += 1
    return written


def _write_windows(rng: np.random.Generator, sample: Sample, folder: Path, name: str, count: int, size_px: int) -> int:
    """Windows of a scene, most of them round one of its objects; a scene without objects gives one."""
    written = count if sample.boxes else 1
    for number in range(written):
        piece = _window(rng, sample, size_px)
        write_sample(piece, folder, f"{name}_{number}", int(rng.integers(60, 96)))
    return written


def _window(rng: np.random.Generator, sample: Sample, size_px: int) -> Sample:
    if not sample.boxes or rng.random() < 0.08:
        height, width = sample.pixels.shape[:2]
        x, y = rng.integers(0, max(1, width - size_px + 1)), rng.integers(0, max(1, height - size_px + 1))
        return crop(sample, int(x), int(y), size_px)
    box = sample.boxes[int(rng.integers(len(sample.boxes)))]
    span = float(np.ptp(box.corners_px, axis=0).max())
    factor = min(1.0, rng.uniform(0.6, 0.95) * size_px / span)
    scaled = resize(sample, factor) if factor < 1 else sample
    corner = box.corners_px.mean(axis=0) * factor - rng.uniform(0.15, 0.85, 2) * size_px
    return turn(crop(scaled, int(corner[0]), int(corner[1]), size_px), 0, bool(rng.random() < 0.5))


def _write_descriptions(out: Path, plan: Plan, counts: dict[str, int], stills: Path | None) -> None:
    data = {
        "path": str(out.resolve()),
        "train": "train/images",
        "val": "val/images",
        "names": dict(enumerate(CLASS_NAMES)),
    }
    (out / "data.yaml").write_text(yaml.safe_dump(data, sort_keys=False))
    sources = [
        {
            "folder": s.folder,
            "pattern": s.pattern,
            "licence": s.licence,
            "origin": s.origin,
            "held_out": sorted(s.held_out),
        }
        for s in ALL_SOURCES
    ]
    made = {"painted_composites": "own work", "simulated_stills": stills is not None}
    manifest = {"plan": vars(plan), "counts": counts, "real_sources": sources, "synthetic": made}
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../../shared/data"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--stills", type=Path)
    parser.add_argument("--composites", type=int, default=Plan.composites)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    plan = Plan(composites=given.composites, seed=given.seed)
    print(json.dumps(build(given.data, given.out, plan, given.stills, given.workers)))


if __name__ == "__main__":
    main()
