"""The object atlas on the training device: every sprite at several sizes, so that shrinking never aliases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wideberth_training_detector import CLASS_NAMES

SIDES_PX = (24, 48, 96, 192, 384)
CLUTTER = len(CLASS_NAMES)
"""Class index of what is drawn and not labelled."""
STEEP, SLANTED, FLAT = 0, 1, 2


@dataclass(frozen=True)
class SpriteBank:
    """All sprites, squared, premultiplied.

    Attributes:
        levels: one a side of `SIDES_PX`, uint8 (count, 4, side, side), R G B premultiplied and alpha.
        kind: (count,) class index, or `CLUTTER`.
        boxes: (count, 5) centre x, y, length, width as shares of the canvas side from its middle; angle in rad.
        view: (count,) `STEEP`, `SLANTED` or `FLAT`.
        turns: (count,) whether any heading is plausible.
        length_m: (count,) typical.
        origin: (count,) where it came from.
    """

    levels: tuple[Tensor, ...]
    kind: NDArray[np.int64]
    boxes: NDArray[np.float32]
    view: NDArray[np.int64]
    turns: NDArray[np.bool_]
    length_m: NDArray[np.float32]
    origin: NDArray[np.str_]

    def of(self, kind: int, view: int, banned: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Sprites of a class for a view; of any view where there are too few."""
        mine = (self.kind == kind) & ~banned
        fitting = np.nonzero(mine & (self.view == view))[0]
        return fitting if len(fitting) >= 8 else np.nonzero(mine)[0]


def load_bank(path: Path, device: torch.device) -> SpriteBank:
    """Read `atlas.npz` as `atlas.py` writes it."""
    with np.load(path, allow_pickle=False) as stored:
        data = {name: stored[name] for name in stored.files}
    count = len(data["kind"])
    levels = [np.zeros((count, 4, side, side), np.uint8) for side in SIDES_PX]
    boxes = np.zeros((count, 5), np.float32)

    def unpack(index: int) -> None:
        start, stop = data["offsets"][index : index + 2]
        bgra = np.asarray(cv2.imdecode(data["data"][start:stop], cv2.IMREAD_UNCHANGED), np.float32)
        square, corner = _squared(bgra[..., [2, 1, 0, 3]])
        cx, cy, length, width, angle = data["box"][index]
        side = square.shape[0]
        boxes[index] = (cx + corner[0]) / side - 0.5, (cy + corner[1]) / side - 0.5, length / side, width / side, angle
        for level, target in zip(levels, SIDES_PX, strict=True):
            way = cv2.INTER_AREA if target < side else cv2.INTER_LINEAR
            level[index] = np.clip(cv2.resize(square, (target, target), interpolation=way), 0, 255).transpose(2, 0, 1)

    with ThreadPoolExecutor() as pool:
        list(pool.map(unpack, range(count)))
    steep = data["view_pitch_deg"]
    view = np.where(steep <= -60, STEEP, np.where(steep <= -35, SLANTED, FLAT))
    known = {name: index for index, name in enumerate(CLASS_NAMES)}
    return SpriteBank(
        tuple(torch.from_numpy(level).to(device) for level in levels),
        np.array([known.get(str(name), CLUTTER) for name in data["kind"]], np.int64),
        boxes,
        view.astype(np.int64),
        data["can_rotate"].astype(bool),
        data["real_length_m"].astype(np.float32),
        data["source"].astype(str),
    )


def _squared(rgba: NDArray[np.float32]) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """A square canvas with a clear rim, colours premultiplied, and where the sprite's corner lies on it."""
    height, width = rgba.shape[:2]
    side = max(height, width) + 4
    x, y = (side - width) // 2, (side - height) // 2
    canvas = np.zeros((side, side, 4), np.float32)
    canvas[y : y + height, x : x + width] = rgba
    canvas[..., :3] *= canvas[..., 3:] / 255
    return canvas, (x, y)
