"""Sailing boats: one hull or two, bare mast with a covered boom, or sails set."""

import numpy as np

from wideberth_training_detector.atlas_foam import Rng
from wideberth_training_detector.atlas_hulls import (
    CANVAS,
    DECKS,
    GLASS,
    PAINTS,
    STEEL,
    WHITES,
    WOOD,
    Craft,
    Lines,
    abeam,
    awning,
    cabin,
    deck,
    hull_paint,
    shell,
    well,
)
from wideberth_training_detector.atlas_people import crowd, pick
from wideberth_training_detector.atlas_solid import F64, PLAIN, PLANKS, Bgr, Solid, block, limb, surface, tube


def _sail(luff: F64, clew: F64, belly_m: float, colour: Bgr) -> Solid:
    """A triangular sail between a luff (foot, head) and a clew, bellied to one side."""
    u, v = np.linspace(0, 1, 9)[:, None, None], np.linspace(0, 1, 7)[None, :, None]
    along = luff[0] * (1 - u) + luff[1] * u
    out = (clew - luff[0]) * (1 - u) * v
    belly = np.zeros((9, 7, 3))
    belly[..., 1] = belly_m * np.sin(np.pi * v[..., 0]) * np.sin(np.pi * np.clip(u[..., 0] * 0.9 + 0.1, 0, 1))
    return surface(along + out + belly, colour, 0.05)


def sailing_boat(rng: Rng) -> Craft:
    """A yacht or dinghy, one hull or two: bare mast with a covered boom, or sails set."""
    length = float(rng.uniform(3.5, 17))
    twin = rng.random() < 0.15 and length > 6
    lines = Lines(
        length,
        length * (rng.uniform(0.26, 0.36) if length > 6 else 0.38),
        0.35 + 0.06 * length,
        rng.uniform(1.5, 2.1),
        rng.uniform(0.5, 0.9),
        0.35,
    )
    b, top = lines.beam_m, lines.freeboard_m
    white, paint, boards = pick(rng, WHITES), hull_paint(rng), int(rng.choice([PLAIN, PLANKS]))
    floor = WOOD if boards == PLANKS and rng.random() < 0.6 else pick(rng, DECKS)
    if twin:
        slim = Lines(length, b * 0.36, top, 1.7, 0.8, 0.3)
        one = Solid.joined([*shell(slim, paint), deck(slim, white)])
        parts = [one.moved((0, s * 0.62 * b, 0)) for s in (-1, 1)]
        parts.append(block((-0.4 * length, 0.18 * length), (-0.6 * b, 0.6 * b), (top * 0.8, top), white))
        parts += cabin((-0.15 * length, 0.15 * length), 0.5 * b, top, 1.1, white, white, 0.8)
        b *= 1.55
    else:
        parts = shell(lines, paint, pick(rng, PAINTS) if rng.random() < 0.3 else None)
        parts += [deck(lines, white if boards == PLAIN else floor, 0.34, 1.0, boards), deck(lines, white, 0, 0.06)]
        parts += well(lines, 0.06, 0.34, min(0.5, top * 0.6), 0.16 * b, white, floor, boards)
        parts.append(
            block(
                (-0.16 * length, 0.2 * length),
                (-0.22 * b, 0.22 * b),
                (top, top + 0.4),
                white,
                (0, 0.25 * length * 0.3, 0.06),
                0.3,
            )
        )
        for s in (-1, 1):
            y = abeam(s, 0.20 * b, 0.225 * b)
            parts.append(block((-0.1 * length, 0.08 * length), y, (top + 0.12, top + 0.28), GLASS, gloss=0.8))
        parts.append(block((0.24 * length, 0.30 * length), (-0.08 * b, 0.08 * b), (top, top + 0.1), GLASS, gloss=0.8))
    foot = np.array([0.08 * length, 0.0, top])
    head = foot + np.array([0, 0, rng.uniform(1.0, 1.35) * length])
    swing = rng.uniform(-0.6, 0.6)
    end = foot + np.array([-0.42 * length * np.cos(swing), 0.42 * length * np.sin(swing), 1.0])
    parts.append(limb(foot, head, 0.012 * length, 0.007 * length, STEEL, 6).unboxed())
    cloth = pick(
        rng, ((0.75, 0.77, 0.77), (0.68, 0.74, 0.78), (0.80, 0.80, 0.80), (0.05, 0.05, 0.55), (0.4, 0.15, 0.05))
    )
    if rng.random() < 0.45:
        parts.append(_sail(np.stack([foot + np.array([0, 0, 1.0]), head]), end, swing * 0.12 * length, cloth))
        if rng.random() < 0.8:
            tack, clew = (
                np.array([0.48 * length, 0, top]),
                foot + np.array([-0.05 * length, 0.16 * length * np.sign(swing), 0.8]),
            )
            parts.append(_sail(np.array([tack, foot * 0.2 + head * 0.8]), clew, swing * 0.15 * length, cloth))
    else:
        cover = pick(rng, (*CANVAS, cloth))
        t = np.linspace(0, 1, 6)[:, None]
        fat = np.array([0.02, 0.022, 0.02, 0.016, 0.012, 0.004]) * length
        parts.append(tube(foot + [0, 0, 1.1] + t * (end - foot - [0, 0, 0.1]), fat, fat * 1.3, cover, 8, 0.1))
    parts.append(limb(np.array([0.48 * length, 0, top]), head - [0, 0, 0.1], 0.02, 0.02, STEEL, 4).unboxed())
    parts += crowd(
        rng, int(rng.integers(0, 6)), (-0.42 * length, -0.18 * length), 0.25 * b, max(top - 0.45, 0.15), 0.75
    )
    if rng.random() < 0.3 and length > 7:
        parts += awning((-0.3 * length, -0.14 * length), 0.3 * b, top + 1.1, pick(rng, CANVAS), top)
    return Craft(Solid.joined(parts), length, b, 0.35)
