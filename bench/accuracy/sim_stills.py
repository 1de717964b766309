"""Simulated stills that no training saw, drawn once and kept until the simulator changes.

They lie below `training/detector/work/`, which git ignores. Training takes seeds below 2,000,000. A body that no eye
could see carries no label: the simulator decides that.
"""

import ast
import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from typing import Any

import cv2
import numba
import numpy as np
from numpy.typing import NDArray

import wideberth_simulator
from bench.accuracy.average_precision import Bools, Boxes
from bench.accuracy.judged import Picture, Truth
from wideberth_contracts.detections import ObjectKind
from wideberth_detector.core.candidates import corners_px
from wideberth_simulator.stills import LabelledBox, Still, random_still

FIRST_SEED = 5_000_000
ROUND_THE_BOX = 1.5
"""The glint of a box is looked for in the box grown by this."""
KEPT_AT = Path(__file__).resolve().parents[2] / "training" / "detector" / "work" / "judge"


@dataclass(frozen=True)
class JudgedStill:
    """A picture (BGR), its truth, what is there but too faint or too cut to count, and where the sun glints."""

    pixels: NDArray[np.uint8]
    picture: Picture
    truths: dict[ObjectKind, Truth]
    ignored: dict[ObjectKind, Boxes]
    glint: Bools


@dataclass(frozen=True)
class Stills:
    """Stills on disk, in the order of their seeds."""

    folder: Path
    seeds: range

    def __len__(self) -> int:
        """How many."""
        return len(self.seeds)

    def first(self, count: int) -> "Stills":
        """The first so many."""
        return Stills(self.folder, self.seeds[:count])

    def __iter__(self) -> Iterator[JudgedStill]:
        """Read one after another."""
        return (read(self.folder, seed) for seed in self.seeds)


def render(seeds: range, width_px: int = 640, height_px: int = 640) -> Stills:
    """Draw the stills that are not kept yet, in as many processes as there are cores."""
    folder = KEPT_AT / f"stills-{_simulator_digest()}-{width_px}x{height_px}"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [seed for seed in seeds if not (folder / f"{seed}.json").is_file()]
    if missing:
        workers = min(len(missing), cpu_count() or 1)
        # A forked process would share the threads of libraries loaded here.
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            list(pool.map(partial(_draw, folder, width_px, height_px), missing, chunksize=8))
    return Stills(folder, seeds)


def read(folder: Path, seed: int) -> JudgedStill:
    """A still that `render` drew."""
    pixels = cv2.imread(str(folder / f"{seed}.png"), cv2.IMREAD_COLOR)
    glint = cv2.imread(str(folder / f"{seed}_glint.png"), cv2.IMREAD_GRAYSCALE)
    assert pixels is not None
    assert glint is not None
    said = json.loads((folder / f"{seed}.json").read_text())
    truths, ignored = {}, {}
    for kind in ObjectKind:
        rows = [row for row in said["boxes"] if row["kind"] == kind.value]
        truths[kind] = Truth(_boxes(rows), tuple(row["about"] for row in rows))
        ignored[kind] = _boxes([row for row in said["ignored"] if row["kind"] == kind.value])
    picture = Picture("simulated stills", str(seed), trained_on=False, about=said["about"])
    return JudgedStill(np.asarray(pixels, np.uint8), picture, truths, ignored, glint > 0)


def _boxes(rows: list[dict[str, Any]]) -> Boxes:
    return np.array([row["box"] for row in rows], np.float64).reshape(-1, 5)


def glint_round(mask: Bools, boxes: Boxes) -> list[dict[str, float]]:
    """Share of sun glint in each of (n, 5) boxes, grown a little."""
    grown = boxes.copy()
    grown[:, 2:4] *= ROUND_THE_BOX
    shares = []
    for corners in corners_px(grown):
        inside = np.zeros(mask.shape, np.uint8)
        cv2.fillConvexPoly(inside, np.round(corners).astype(np.int32), 1)
        shares.append({"glint": float(mask[inside > 0].mean()) if inside.any() else 0.0})
    return shares


def _draw(folder: Path, width_px: int, height_px: int, seed: int) -> None:
    """Write `SEED.png`, `SEED_glint.png`, and last `SEED.json`: a still without it is drawn again."""
    numba.set_num_threads(1)
    cv2.setNumThreads(1)
    still = random_still(seed, width_px, height_px)
    cv2.imwrite(str(folder / f"{seed}.png"), still.image_bgr, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    cv2.imwrite(str(folder / f"{seed}_glint.png"), still.glint_mask.astype(np.uint8) * 255)
    said = {"about": _conditions(still), "boxes": _labels(still, still.boxes), "ignored": _labels(still, still.ignored)}
    (folder / f"{seed}.json").write_text(json.dumps(said))


def _conditions(still: Still) -> dict[str, float]:
    camera = still.conditions.camera
    return {
        "wind_mps": still.conditions.wind_mps,
        "height_m": camera.height_m,
        "down_deg": -camera.pitch_deg,
        "glint_share": float(still.glint_mask.mean()),
    }


def _labels(still: Still, labels: tuple[LabelledBox, ...]) -> list[dict[str, object]]:
    boxes = np.array(
        [(b.cx_px, b.cy_px, b.length_px, b.width_px, np.radians(b.angle_deg)) for b in labels], np.float64
    ).reshape(-1, 5)
    about = glint_round(np.asarray(still.glint_mask, np.bool_), boxes)
    return [
        {
            "kind": label.kind,
            "box": box.tolist(),
            "about": {**beside, "depth_m": label.depth_m, "visible_fraction": label.visible_fraction},
        }
        for label, box, beside in zip(labels, boxes, about, strict=True)
    ]


def _simulator_digest() -> str:
    """Changes with the sources a still is drawn by, and with what is kept of it."""
    root = Path(wideberth_simulator.__file__).parent
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(_drawn_by(root, root / "stills" / "still.py")):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _drawn_by(root: Path, first: Path) -> set[Path]:
    """A source of the simulator and all it imports of the simulator, at any remove."""
    found: set[Path] = set()
    waiting = [first]
    while waiting:
        path = waiting.pop()
        if path in found or not path.is_file():
            continue
        found.add(path)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == root.name:
                below = root.joinpath(*str(node.module).split(".")[1:])
                waiting += [below.with_suffix(".py"), *(below / f"{name.name}.py" for name in node.names)]
    return found
