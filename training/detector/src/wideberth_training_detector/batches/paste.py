"""Sprites onto pictures: turned, scaled, sunk under water and blended, all objects of one size at a time."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import grid_sample, pad

from wideberth_training_detector.batches.draws import Draws
from wideberth_training_detector.batches.plan import DOLPHIN, Placements
from wideberth_training_detector.batches.sprites import CLUTTER, SIDES_PX, SpriteBank

# Windows into the picture; each takes the sprites whose turned canvas fits.
_WINDOWS_PX = (32, 64, 96, 128, 192, 256, 384, 512, 768, 1024)
MARGIN_PX = 512
# Mean change of the picture, in display units, below which nobody could see the object: no label. A large animal is
# told by its shape; a speck must stand out, or the network learns that every dark speck is one.
_FAINT_LARGE, _FAINT_SMALL = 0.022, 0.06
_SMALL_PX, _LARGE_PX = 14.0, 60.0
# Share of a box inside the picture from which on it is labelled.
LEAST_INSIDE = 0.35


@dataclass(frozen=True)
class Labels:
    """Oriented boxes of a batch.

    Attributes:
        picture: (n,) index.
        kind: (n,) class index.
        boxes: (n, 5) centre x, centre y, length, width (px), angle (rad, clockwise from +x).
    """

    picture: Tensor
    kind: Tensor
    boxes: Tensor


def paste(draws: Draws, rgb: Tensor, water: Tensor, bank: SpriteBank, placed: Placements) -> tuple[Tensor, Labels]:
    """The pictures with the objects in them, and the labels of those that can be seen.

    Args:
        draws: brightness and colour of each object.
        rgb: (n, 3, side, side), 0..1.
        water: (n, 3), what a sunk object fades to.
        bank: the sprites.
        placed: from `plan`.
    """
    device, side = rgb.device, rgb.shape[-1]
    canvas = pad(rgb, (MARGIN_PX,) * 4, mode="replicate").permute(0, 2, 3, 1).contiguous()
    rows = {name: _single(torch.from_numpy(getattr(placed, name))).to(device) for name in _NAMES}
    count = len(placed.picture)
    light = torch.exp(0.25 * draws.normal(count, 1)) * torch.exp(0.06 * draws.normal(count, 3))
    change = torch.zeros(count, device=device)
    for chosen, window, level in _groups(placed):
        spots = torch.from_numpy(chosen).to(device)
        mine = {name: value[spots] for name, value in rows.items()}
        change[spots] = _blend(canvas, water, bank.levels[level], mine, light[spots], window)
    out = canvas[:, MARGIN_PX : MARGIN_PX + side, MARGIN_PX : MARGIN_PX + side].permute(0, 3, 1, 2)
    boxes = _boxes(bank, rows)
    clipped, inside = clip(boxes, side)
    labelled = (rows["kind"] != CLUTTER) & (change > faint(boxes[:, 2])) & (inside >= LEAST_INSIDE)
    return out, Labels(rows["picture"][labelled], rows["kind"][labelled], clipped[labelled])


def _single(values: Tensor) -> Tensor:
    return values.float() if values.dtype == torch.float64 else values


_NAMES = ("picture", "sprite", "kind", "centre_px", "side_px", "turn_rad", "flip", "depth", "rank")


def _groups(placed: Placements) -> Iterator[tuple[NDArray[np.int64], int, int]]:
    """Objects that are blended at once: rank by rank, those of one window and one sprite level.

    Deeper animals come from a coarser level, which blurs them.
    """
    window = np.searchsorted(_WINDOWS_PX[:-1], placed.side_px * math.sqrt(2) + 4)
    wanted = placed.side_px * np.where(placed.kind == DOLPHIN, 1 - 0.75 * placed.depth, 1.0)
    level = np.searchsorted([side * 1.1 for side in SIDES_PX[:-1]], wanted)
    key = (placed.rank * len(_WINDOWS_PX) + window) * len(SIDES_PX) + level
    for value in np.unique(key):
        rest, which = divmod(int(value), len(SIDES_PX))
        yield np.nonzero(key == value)[0], _WINDOWS_PX[rest % len(_WINDOWS_PX)], which


def _blend(canvas: Tensor, water: Tensor, level: Tensor, rows: dict[str, Tensor], light: Tensor, window: int) -> Tensor:
    """Blend objects of different pictures in place; how much each changed its picture."""
    device = canvas.device
    base = torch.floor(rows["centre_px"]) + MARGIN_PX - window // 2
    base = torch.minimum(base.clamp_min(0), torch.tensor(canvas.shape[1] - window, device=device)).long()
    step = torch.arange(window, device=device)
    spot = step + 0.5 - MARGIN_PX
    dx = base[:, 0, None, None] + spot[None, None, :] - rows["centre_px"][:, 0, None, None]
    dy = base[:, 1, None, None] + spot[None, :, None] - rows["centre_px"][:, 1, None, None]
    cos, sin = torch.cos(rows["turn_rad"])[:, None, None], torch.sin(rows["turn_rad"])[:, None, None]
    scale = 2 / rows["side_px"][:, None, None]
    grid = torch.stack([(dx * cos + dy * sin) * scale * rows["flip"][:, None, None], (dy * cos - dx * sin) * scale], -1)
    sprites = level[rows["sprite"]].float() / 255
    patch = grid_sample(sprites, grid.float(), mode="bilinear", align_corners=False)
    rgb, alpha = patch[:, :3].permute(0, 2, 3, 1), patch[:, 3, :, :, None]
    depth = rows["depth"].float()[:, None, None, None]
    deep = water[rows["picture"]][:, None, None, :]
    colour = rgb * light[:, None, None, :] * (1 - depth) + deep * alpha * depth
    alpha = alpha * (1 - 0.55 * depth)
    colour = colour * (1 - 0.55 * depth)
    before = _cut(canvas, rows["picture"], base, window)
    after = (before * (1 - alpha) + colour.to(before.dtype)).clamp(0, 1)
    _put(canvas, rows["picture"], base, after)
    solid = (alpha[..., 0] > 0.2).float()
    moved = (after - before).abs().mean(-1) * solid
    return moved.sum((1, 2)) / solid.sum((1, 2)).clamp_min(1)


def _cut(canvas: Tensor, picture: Tensor, base: Tensor, window: int) -> Tensor:
    """Windows of pictures, (n, window, window, 3)."""
    if canvas.device.type == "cpu":
        # Slices: gathering by index takes a processor ten times as long.
        return torch.stack([_view(canvas, one, window) for one in _rows(picture, base)])
    return canvas[_spots(picture, base, window)]


def _put(canvas: Tensor, picture: Tensor, base: Tensor, windows: Tensor) -> None:
    """Write back what `_cut` took."""
    if canvas.device.type == "cpu":
        for one, pixels in zip(_rows(picture, base), windows, strict=True):
            _view(canvas, one, windows.shape[1]).copy_(pixels)
    else:
        canvas[_spots(picture, base, windows.shape[1])] = windows


def _rows(picture: Tensor, base: Tensor) -> list[list[int]]:
    rows: list[list[int]] = torch.cat([picture[:, None], base], 1).tolist()
    return rows


def _view(canvas: Tensor, row: list[int], window: int) -> Tensor:
    picture, x, y = row
    return canvas[picture, y : y + window, x : x + window]


def _spots(picture: Tensor, base: Tensor, window: int) -> tuple[Tensor, Tensor, Tensor]:
    step = torch.arange(window, device=base.device)
    return picture[:, None, None], (base[:, 1, None] + step)[:, :, None], (base[:, 0, None] + step)[:, None, :]


def _boxes(bank: SpriteBank, rows: dict[str, Tensor]) -> Tensor:
    own = torch.from_numpy(bank.boxes).to(rows["sprite"].device)[rows["sprite"]]
    side, turn, flip = rows["side_px"].float(), rows["turn_rad"].float(), rows["flip"].float()
    x, y = own[:, 0] * side * flip, own[:, 1] * side
    cos, sin = torch.cos(turn), torch.sin(turn)
    centre = rows["centre_px"].float()
    cx, cy = centre[:, 0] + x * cos - y * sin, centre[:, 1] + x * sin + y * cos
    return torch.stack([cx, cy, own[:, 2] * side, own[:, 3] * side, own[:, 4] * flip + turn], 1)


def faint(length_px: Tensor) -> Tensor:
    """Least mean change, in display units, for an object of this length to be labelled."""
    share = ((length_px - _SMALL_PX) / (_LARGE_PX - _SMALL_PX)).clamp(0, 1)
    return _FAINT_SMALL + (_FAINT_LARGE - _FAINT_SMALL) * share


def clip(boxes: Tensor, side: int) -> tuple[Tensor, Tensor]:
    """Boxes cut to the picture along their own axes, and the share of each that was inside.

    A lattice of 17 x 9 points stands for the box: its points inside the picture span the new one.
    """
    u = torch.linspace(-0.5, 0.5, 17, device=boxes.device)
    v = torch.linspace(-0.5, 0.5, 9, device=boxes.device)
    along = u[None, :, None] * boxes[:, 2, None, None]
    across = v[None, None, :] * boxes[:, 3, None, None]
    cos, sin = torch.cos(boxes[:, 4])[:, None, None], torch.sin(boxes[:, 4])[:, None, None]
    x = boxes[:, 0, None, None] + along * cos - across * sin
    y = boxes[:, 1, None, None] + along * sin + across * cos
    within = (x >= 0) & (x <= side) & (y >= 0) & (y <= side)
    share = within.float().mean((1, 2))
    low_u, high_u = _span(along.expand_as(x), within)
    low_v, high_v = _span(across.expand_as(x), within)
    mid_u, mid_v = (low_u + high_u) / 2, (low_v + high_v) / 2
    cos, sin = cos[:, 0, 0], sin[:, 0, 0]
    cx = boxes[:, 0] + mid_u * cos - mid_v * sin
    cy = boxes[:, 1] + mid_u * sin + mid_v * cos
    cut = torch.stack([cx, cy, high_u - low_u, high_v - low_v, boxes[:, 4]], 1)
    return torch.where((share < 1)[:, None], cut, boxes), share


def _span(values: Tensor, within: Tensor) -> tuple[Tensor, Tensor]:
    low = torch.where(within, values, torch.full_like(values, math.inf)).amin((1, 2))
    high = torch.where(within, values, torch.full_like(values, -math.inf)).amax((1, 2))
    empty = torch.isinf(low)
    return torch.where(empty, torch.zeros_like(low), low), torch.where(empty, torch.ones_like(high), high)
