"""What lies where in the pictures of a batch: pods, boats, jet skis, swimmers and clutter, by rule and by chance."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wideberth_training_detector.batches.sprites import CLUTTER, FLAT, SLANTED, STEEP, SpriteBank

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SLOTS = 20
DOLPHIN, VESSEL, JET_SKI, SWIMMER = 0, 1, 2, 3
# Chance of each sort of picture: no object of ours, a pod, boats, everything, jet skis and swimmers.
_SORTS = (0.16, 0.3, 0.24, 0.18, 0.12)
# Mean number of slots of each class, by sort of picture (dolphin, vessel, jet ski, swimmer, clutter).
_MEANS = (
    (0.0, 0.0, 0.0, 0.0, 5.0), (5.0, 0.4, 0.1, 0.2, 1.5), (0.3, 4.0, 0.5, 0.5, 1.5),
    (2.5, 2.0, 1.0, 1.5, 2.0), (0.3, 0.6, 3.0, 4.0, 1.5),
)  # fmt: skip
_SHORTEST_PX = 8.0


@dataclass(frozen=True)
class Placements:
    """Objects to paste, one row each, in drawing order within a picture.

    Attributes:
        picture: index in the batch.
        sprite: index in the bank.
        kind: class index, or `CLUTTER`.
        centre_px: (n, 2).
        side_px: side of the sprite's canvas in the picture.
        turn_rad: clockwise.
        flip: 1 or -1, along the sprite's x.
        depth: 0 at the surface, towards 1 under water.
        rank: 0, 1, 2 … within the picture.
    """

    picture: Ints
    sprite: Ints
    kind: Ints
    centre_px: Floats
    side_px: Floats
    turn_rad: Floats
    flip: Floats
    depth: Floats
    rank: Ints


@dataclass(frozen=True)
class Ground:
    """What a plan must know of the pictures it fills.

    Attributes:
        gsd_m: (n,) metres a pixel; NaN where it is not known.
        depression_deg: (n,); NaN where not known.
        crowd: (n,) factor on the number of objects: 0 leaves a picture as it is.
        taken: (n, m, 3) centre x, y and reach of what lies there already; NaN rows are empty.
    """

    gsd_m: Floats
    depression_deg: Floats
    crowd: Floats
    taken: Floats


def plan(
    rng: np.random.Generator, bank: SpriteBank, ground: Ground, side_px: int, banned: NDArray[np.bool_]
) -> Placements:
    """Fill pictures.

    Args:
        rng: decides everything.
        bank: what there is to paste.
        ground: the pictures.
        side_px: their side.
        banned: (sprites,) not to be used, such as cut-outs of a held-out photograph.
    """
    n = len(ground.gsd_m)
    sort = rng.choice(len(_SORTS), n, p=_SORTS)
    counts = rng.poisson(np.array(_MEANS)[sort] * ground.crowd[:, None])
    kind = np.full((n, SLOTS), -1, np.int64)
    for row in range(n):
        wanted = np.repeat(np.arange(CLUTTER + 1), counts[row])[:SLOTS]
        kind[row, : len(wanted)] = rng.permutation(wanted)
    view = _views(rng, ground.depression_deg)
    sprite = _sprites(rng, bank, kind, view, banned)
    length = _lengths(rng, bank, kind, sprite, ground.gsd_m, side_px)
    centre, heading = _positions(rng, kind, length, side_px)
    keep = (kind >= 0) & _apart(kind, centre, length, ground.taken)
    turn = np.where(bank.turns[sprite], heading, rng.uniform(-0.25, 0.25, kind.shape))
    flip = np.where(rng.random(kind.shape) < 0.5, 1.0, -1.0)
    under = (kind == DOLPHIN) & (rng.random(kind.shape) < 0.55)
    depth = np.where(under, rng.uniform(0.05, 0.85, kind.shape), 0.0)
    depth = np.where((kind == SWIMMER) & (rng.random(kind.shape) < 0.3), rng.uniform(0, 0.4, kind.shape), depth)
    picture = np.broadcast_to(np.arange(n)[:, None], kind.shape)
    rank = np.cumsum(keep, axis=1) - 1
    box_share = np.maximum(bank.boxes[sprite][..., 2], 0.05)
    fields = (picture, sprite, kind, centre, length / box_share, turn, flip, depth, rank)
    return Placements(*(np.ascontiguousarray(field[keep]) for field in fields))


def _views(rng: np.random.Generator, depression_deg: Floats) -> Ints:
    known = np.where(np.isnan(depression_deg), rng.choice([85.0, 48.0, 25.0], len(depression_deg)), depression_deg)
    return np.where(known >= 60, STEEP, np.where(known >= 35, SLANTED, FLAT)).astype(np.int64)


def _sprites(rng: np.random.Generator, bank: SpriteBank, kind: Ints, view: Ints, banned: NDArray[np.bool_]) -> Ints:
    sprite = np.zeros(kind.shape, np.int64)
    for which in range(CLUTTER + 1):
        for angle in (STEEP, SLANTED, FLAT):
            here = (kind == which) & (view == angle)[:, None]
            choice = bank.of(which, angle, banned)
            if here.any() and len(choice):
                sprite[here] = rng.choice(choice, int(here.sum()))
    return sprite


def _lengths(
    rng: np.random.Generator, bank: SpriteBank, kind: Ints, sprite: Ints, gsd_m: Floats, side_px: int
) -> Floats:
    """Apparent lengths: what the scale of the sea says, or, for a third of the pictures, anything."""
    n = len(gsd_m)
    longest = np.where(kind == VESSEL, 0.95, np.where(kind == DOLPHIN, 0.6, 0.45)) * side_px
    anything = np.exp(rng.uniform(math.log(_SHORTEST_PX + 2), np.log(longest)))
    one_scale = np.exp(rng.uniform(math.log(12), math.log(300), n))[:, None] / 6.0
    metres = bank.length_m[sprite] * np.exp(rng.normal(0, 0.2, kind.shape))
    free = np.isnan(gsd_m) | (rng.random(n) < 0.3)
    scaled = metres / np.where(np.isnan(gsd_m), 1.0, gsd_m)[:, None]
    unknown = np.where(rng.random(n)[:, None] < 0.5, metres * one_scale, anything)
    length = np.where(free[:, None], unknown, scaled)
    # Too small to see or larger than the picture teaches nothing: drawn anew from what can be seen.
    outside = (length < _SHORTEST_PX) | (length > longest)
    return np.where(outside, anything, length)


def _positions(rng: np.random.Generator, kind: Ints, length: Floats, side_px: int) -> tuple[Floats, Floats]:
    """Everything anywhere, but dolphins round one place and much the same way."""
    n = len(kind)
    centre = rng.uniform(-0.03, 1.03, (*kind.shape, 2)) * side_px
    heading = rng.uniform(0, 2 * math.pi, kind.shape)
    pod = rng.uniform(0.1, 0.9, (n, 1, 2)) * side_px
    spread = np.exp(rng.uniform(math.log(0.7), math.log(4), (n, 1, 1)))
    together = pod + rng.normal(0, 1, centre.shape) * spread * length[..., None]
    common = rng.uniform(0, 2 * math.pi, (n, 1)) + rng.normal(0, 0.3, kind.shape)
    in_pod = (kind == DOLPHIN) & (rng.random((n, 1)) < 0.75)
    return np.where(in_pod[..., None], together, centre), np.where(in_pod, common, heading)


def _apart(kind: Ints, centre: Floats, length: Floats, taken: Floats) -> NDArray[np.bool_]:
    """Which slots may stay: not upon an earlier one, nor upon what lies there already."""
    gap = np.linalg.norm(centre[:, :, None] - centre[:, None], axis=-1)
    both_animals = (kind[:, :, None] == DOLPHIN) & (kind[:, None] == DOLPHIN)
    reach = (length[:, :, None] + length[:, None]) * np.where(both_animals, 0.22, 0.5)
    earlier = np.tril(np.ones((SLOTS, SLOTS), bool), -1)[None] & (kind[:, None] >= 0)
    free = ~((gap < reach) & earlier).any(axis=2)
    if taken.shape[1]:
        far = np.linalg.norm(centre[:, :, None] - taken[:, None, :, :2], axis=-1)
        free &= ~(far < 0.5 * length[:, :, None] + taken[:, None, :, 2]).any(axis=2)
    return np.asarray(free, bool)
