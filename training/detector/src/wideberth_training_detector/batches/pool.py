"""Pictures with boxes kept on the training device, and random pieces of them: turned, scaled, mirrored."""

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from wideberth_training_detector.batches.draws import Draws
from wideberth_training_detector.batches.paste import LEAST_INSIDE, Labels, clip

NO_BOX = -1


class PicturePool:
    """Pictures of one side and their boxes; grows while training goes on.

    A box row is class index, centre x, centre y, length, width (px), angle (rad); class `NO_BOX` fills the rest.
    """

    def __init__(self, capacity: int, side: int, most_boxes: int, device: torch.device) -> None:
        self.side = side
        self._most = most_boxes
        self._pixels = torch.zeros((capacity, 3, side, side), dtype=torch.uint8, device=device)
        self._boxes = torch.full((capacity, most_boxes, 6), float(NO_BOX), device=device)
        self._filled = 0
        self._written = 0

    def __len__(self) -> int:
        return self._filled

    def boxed(self) -> Tensor:
        """Which pictures have a box, (len,) bool."""
        return (self._boxes[: self._filled, :, 0] >= 0).any(1)

    def add(self, rgb: NDArray[np.uint8], boxes: NDArray[np.float32]) -> None:
        """Append a picture (side, side, 3) with its boxes (n, 6); once full, the oldest goes."""
        spot = self._written % len(self._pixels)
        self._pixels[spot] = torch.from_numpy(np.ascontiguousarray(rgb.transpose(2, 0, 1))).to(self._pixels.device)
        rows = np.full((self._most, 6), float(NO_BOX), np.float32)
        rows[: min(len(boxes), self._most)] = boxes[: self._most]
        self._boxes[spot] = torch.from_numpy(rows).to(self._boxes.device)
        self._written += 1
        self._filled = min(self._written, len(self._pixels))

    def extend(self, rgb: Tensor, rows: Tensor) -> None:
        """Append pictures (n, 3, side, side) uint8 with their box rows (n, most, 6); once full, the oldest go."""
        spots = (self._written + torch.arange(len(rgb))) % len(self._pixels)
        spots = spots.to(self._pixels.device)
        self._pixels[spots] = rgb.to(self._pixels.device, non_blocking=True)
        self._boxes[spots] = rows.to(self._boxes.device, non_blocking=True)
        self._written += len(rgb)
        self._filled = min(self._written, len(self._pixels))

    def pieces(
        self,
        draws: Draws,
        n: int,
        side: int,
        zoom: tuple[float, float],
        tilt_deg: float,
        chosen: Tensor | None = None,
        quarters: bool = True,
    ) -> tuple[Tensor, Labels]:
        """Random pieces.

        Args:
            draws: decides which and how.
            n: how many.
            side: of a piece, px.
            zoom: range of enlargement.
            tilt_deg: largest turn beside quarter turns.
            chosen: (n,) which pictures; any where not given.
            quarters: turn by quarters too, which suits views from straight above.

        Returns:
            (n, 3, side, side) in 0..1 and the labels of what lies inside.
        """
        which = draws.among(self._filled, n) if chosen is None else chosen
        scale = draws.log_uniform(*zoom, n)
        turn = draws.among(4 if quarters else 1, n) * (math.pi / 2) + torch.deg2rad(
            draws.uniform(-tilt_deg, tilt_deg, n)
        )
        mirror = 1 - 2 * draws.chance(0.5, n)
        # The middle of the piece may wander as far as the picture reaches beyond it.
        room = ((self.side - side / scale) / 2).clamp_min(0)[:, None]
        middle = self.side / 2 + room * draws.uniform(-1, 1, n, 2)
        cos, sin = torch.cos(turn), torch.sin(turn)
        # Piece to picture, in normalised coordinates of each.
        shrink = side / scale / self.side
        row_x = torch.stack([cos * shrink * mirror, -sin * shrink, middle[:, 0] / self.side * 2 - 1], 1)
        row_y = torch.stack([sin * shrink * mirror, cos * shrink, middle[:, 1] / self.side * 2 - 1], 1)
        grid = affine_grid(torch.stack([row_x, row_y], 1), [n, 3, side, side], align_corners=False)
        pixels = self._pixels[which].float() / 255
        rgb = grid_sample(pixels, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
        return rgb, _moved(self._boxes[which], middle, turn, scale, mirror, side)


def _moved(boxes: Tensor, middle: Tensor, turn: Tensor, scale: Tensor, mirror: Tensor, side: int) -> Labels:
    n, most = boxes.shape[:2]
    away = boxes[..., 1:3] - middle[:, None]
    cos, sin = torch.cos(turn)[:, None], torch.sin(turn)[:, None]
    x = (away[..., 0] * cos + away[..., 1] * sin) * (scale * mirror)[:, None]
    y = (-away[..., 0] * sin + away[..., 1] * cos) * scale[:, None]
    angle = (boxes[..., 5] - turn[:, None]) * mirror[:, None]
    size = boxes[..., 3:5] * scale[:, None, None]
    moved = torch.cat([x[..., None] + side / 2, y[..., None] + side / 2, size, angle[..., None]], -1).reshape(-1, 5)
    cut, inside = clip(moved, side)
    kind = boxes[..., 0].reshape(-1)
    picture = torch.arange(n, device=boxes.device).repeat_interleave(most)
    keep = (kind >= 0) & (inside >= LEAST_INSIDE) & (cut[:, 2] >= 5)
    return Labels(picture[keep], kind[keep].long(), cut[keep])


def load_grounds(path: Path, device: torch.device) -> tuple[PicturePool, NDArray[np.str_]]:
    """The real pictures of `ground_set.py`, and the photograph each piece came from."""
    with np.load(path, allow_pickle=False) as stored:
        data = {name: stored[name] for name in stored.files}
    count = len(data["origin"])

    def unpack(index: int) -> NDArray[np.uint8]:
        start, stop = data["offsets"][index : index + 2]
        return np.asarray(cv2.imdecode(data["bytes"][start:stop], cv2.IMREAD_COLOR), np.uint8)[..., ::-1]

    pool = PicturePool(count, unpack(0).shape[0], data["boxes"].shape[1], device)
    with ThreadPoolExecutor() as threads:
        for index, rgb in enumerate(threads.map(unpack, range(count))):
            rows = data["boxes"][index]
            pool.add(rgb, rows[~np.isnan(rows[:, 0])])
    return pool, data["origin"].astype(str)
