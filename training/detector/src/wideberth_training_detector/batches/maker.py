"""Batches of training pictures with labels, made of everything there is: see `make`."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import avg_pool2d

from wideberth_training_detector.batches.draws import Draws
from wideberth_training_detector.batches.lens import through_lens
from wideberth_training_detector.batches.paste import Labels, paste
from wideberth_training_detector.batches.plan import Ground, plan
from wideberth_training_detector.batches.pool import PicturePool
from wideberth_training_detector.batches.sprites import SpriteBank
from wideberth_training_detector.batches.water import draw_views, draw_water

# Objects on pictures of land, as a share of those on water.
_CROWD_ON_LAND = 0.1


@dataclass(frozen=True)
class Shares:
    """Shares of a batch by ground; the rest is drawn water.

    Attributes:
        stills: simulated stills, once there are `enough_stills`.
        open_real: real pictures without objects of ours.
        labelled_real: real pictures with labels.
        four_in_one: of the finished pictures, how many are joined by fours at half size.
    """

    stills: float = 0.38
    open_real: float = 0.14
    labelled_real: float = 0.06
    four_in_one: float = 0.12
    enough_stills: int = 64


@dataclass(frozen=True)
class Materials:
    """What batches are made of.

    Attributes:
        bank: sprites; `banned` ones are left out.
        stills: simulated pictures, may still be growing.
        real: real pictures; `open_pieces` and `labelled_pieces` say which may be used for what.
        land: (real,) those that are mostly land, where few objects are pasted: a boat among houses is a false alarm.
    """

    bank: SpriteBank
    banned: NDArray[np.bool_]
    stills: PicturePool
    real: PicturePool
    open_pieces: Tensor
    labelled_pieces: Tensor
    land: NDArray[np.bool_]


@dataclass(frozen=True)
class Batch:
    """Pictures (n, 3, side, side) in 0..1 and their labels."""

    rgb: Tensor
    labels: Labels


def make(draws: Draws, rng: np.random.Generator, stuff: Materials, n: int, side: int, shares: Shares) -> Batch:
    """One batch: grounds, then pasted objects, then joins of four, then the lens."""
    stills = round(n * shares.stills) if len(stuff.stills) >= shares.enough_stills else 0
    labelled = round(n * shares.labelled_real) if len(stuff.labelled_pieces) else 0
    opened = round(n * shares.open_real) if len(stuff.open_pieces) else 0
    drawn = n - stills - labelled - opened
    parts: list[tuple[Tensor, Labels | None]] = []
    views = draw_views(draws, drawn)
    water = draw_water(draws, views, side)
    parts.append((water.rgb, None))
    crowd_of_open = np.zeros(0)
    if opened:
        picked = _pick(draws, stuff.open_pieces, opened)
        parts.append(stuff.real.pieces(draws, opened, side, (0.85, 2.2), 30, picked))
        crowd_of_open = np.where(stuff.land[picked.cpu().numpy()], _CROWD_ON_LAND, 0.6)
    if labelled:
        chosen = _pick(draws, stuff.labelled_pieces, labelled)
        parts.append(stuff.real.pieces(draws, labelled, side, (0.84, 1.5), 12, chosen))
    if stills:
        # A piece smaller than a still shows all of it at times: the largest bodies must fit.
        least = min(0.95, max(0.7, 1.05 * side / stuff.stills.side))
        parts.append(stuff.stills.pieces(draws, stills, side, (least, 1.6), 6, quarters=False))
    rgb = torch.cat([part for part, _ in parts])
    there = _joined([(part, labels) for part, labels in parts])
    crowd = np.concatenate(
        [np.ones(drawn), crowd_of_open, np.full(labelled, 0.25), np.where(rng.random(stills) < 0.3, 0.5, 0.0)]
    )
    unknown = np.full(n - drawn, np.nan)
    ground = Ground(
        np.concatenate([views.gsd_m.cpu().double().numpy(), unknown]),
        np.concatenate([views.depression_deg.cpu().double().numpy(), unknown]),
        crowd,
        _taken(there, n),
    )
    placed = plan(rng, stuff.bank, ground, side, stuff.banned)
    colour = torch.cat([water.colour ** (1 / 2.2), rgb[drawn:].mean((2, 3)) * 0.9])
    rgb, pasted = paste(draws, rgb, colour, stuff.bank, placed)
    labels = _both(there, pasted)
    fours = int(n * shares.four_in_one) // 4 * 4
    if fours:
        rgb, labels = _four_in_one(draws, rgb, labels, fours)
    return Batch(through_lens(draws, rgb), labels)


def _pick(draws: Draws, among: Tensor, n: int) -> Tensor:
    return among[draws.among(len(among), n)]


def _joined(parts: list[tuple[Tensor, Labels | None]]) -> Labels:
    start, out = 0, []
    for rgb, labels in parts:
        if labels is not None:
            out.append(Labels(labels.picture + start, labels.kind, labels.boxes))
        start += len(rgb)
    device = parts[0][0].device
    empty = Labels(
        torch.zeros(0, dtype=torch.long, device=device),
        torch.zeros(0, dtype=torch.long, device=device),
        torch.zeros((0, 5), device=device),
    )
    for labels in out:
        empty = _both(empty, labels)
    return empty


def _both(a: Labels, b: Labels) -> Labels:
    return Labels(
        torch.cat([a.picture, b.picture]), torch.cat([a.kind, b.kind]), torch.cat([a.boxes.float(), b.boxes.float()])
    )


def _taken(there: Labels, n: int) -> NDArray[np.float64]:
    picture = there.picture.cpu().numpy()
    boxes = there.boxes.cpu().double().numpy()
    most = int(np.bincount(picture, minlength=n).max()) if len(picture) else 0
    rows = np.full((n, most, 3), np.nan)
    order = np.argsort(picture, kind="stable")
    slot = np.arange(len(picture)) - np.searchsorted(picture[order], picture[order])
    rows[picture[order], slot] = np.column_stack([boxes[order, :2], boxes[order, 2] / 2])
    return rows


def _four_in_one(draws: Draws, rgb: Tensor, labels: Labels, count: int) -> tuple[Tensor, Labels]:
    """The first `count` of a shuffled batch become a quarter as many pictures of four: the batch shrinks."""
    n, side = len(rgb), rgb.shape[-1]
    order = torch.randperm(n, generator=draws.generator, device=draws.device)
    joined = count // 4 * 4
    small = avg_pool2d(rgb[order[:joined]], 2)
    quads = small.reshape(joined // 4, 2, 2, 3, side // 2, side // 2).permute(0, 3, 1, 4, 2, 5)
    quads = quads.reshape(joined // 4, 3, side, side)
    place = torch.empty(n, dtype=torch.long, device=draws.device)
    place[order] = torch.arange(n, device=draws.device)
    spot = place[labels.picture]
    inside = spot < joined
    new_picture = torch.where(inside, spot // 4, spot - joined + joined // 4)
    boxes = labels.boxes.clone()
    half = torch.where(inside, 0.5, 1.0)
    boxes[:, :4] *= half[:, None]
    boxes[:, 0] += torch.where(inside, (spot % 2) * (side / 2), torch.zeros_like(boxes[:, 0]))
    boxes[:, 1] += torch.where(inside, ((spot // 2) % 2) * (side / 2), torch.zeros_like(boxes[:, 1]))
    keep = boxes[:, 2] >= 6
    out = torch.cat([quads, rgb[order[joined:]]])
    return out, Labels(new_picture[keep], labels.kind[keep], boxes[keep])
