"""More vessels: console boat, cruiser, pontoon, ferry, trawler, barge, rowing boat, catamaran, rescue boat, sail."""

from __future__ import annotations

import numpy as np

from wideberth_simulator.craft import SIGNAL, pick
from wideberth_simulator.hulls import CLOTHES, DECKS, GLASS, HULLS, WHITE, VesselBody, cabin, hull, people
from wideberth_simulator.mesh import BGR, Mesh, box, flat, smooth_tube

STEEL: BGR = (0.45, 0.46, 0.47)
BLACK: BGR = (0.06, 0.06, 0.06)
ORANGE: BGR = (0.03, 0.22, 0.85)
CANVAS: tuple[BGR, ...] = ((0.10, 0.04, 0.72), (0.45, 0.12, 0.04), WHITE, BLACK, (0.55, 0.60, 0.62), (0.15, 0.35, 0.12))


def outboards(rng: np.random.Generator, length_m: float, beam_m: float) -> list[Mesh]:
    """Return one to three outboard engines at the stern."""
    count = int(rng.choice([1, 2, 3], p=[0.65, 0.28, 0.07])) if beam_m > 1.8 else 1
    colour: BGR = BLACK if rng.random() < 0.6 else WHITE
    gap = 0.42
    at = [(i - (count - 1) / 2) * gap for i in range(count)]
    return [
        box(-0.5 * length_m - 0.65, -0.5 * length_m + 0.1, y - 0.15, y + 0.15, 0.2, 1.15, colour, 0.2, 0.4) for y in at
    ]


def roof(rng: np.random.Generator, x0: float, x1: float, half: float, z: float) -> list[Mesh]:
    """Return a canvas roof on thin posts."""
    cloth = pick(rng, CANVAS)
    posts = [box(x, x + 0.05, s * half - 0.03, s * half + 0.03, 0.5, z, STEEL) for x in (x0, x1) for s in (-1, 1)]
    top = box(x0, x1, -half * 1.05, half * 1.05, z, z + 0.06, cloth)
    crown = box(x0 + 0.2 * (x1 - x0), x1 - 0.2 * (x1 - x0), -half, half, z + 0.06, z + 0.13, cloth, 0.1)
    return [*posts, top, crown]


def console_boat(rng: np.random.Generator, length_m: float = 7.0) -> VesselBody:
    """Return an open boat steered from a console, with or without a hard top."""
    beam = length_m * rng.uniform(0.30, 0.38)
    body, edge = hull(length_m, beam, 0.8, pick(rng, HULLS), pick(rng, DECKS), 2.2, 0.9, WHITE, pick(rng, HULLS))
    parts = [body, box(-0.10 * length_m, 0.05 * length_m, -0.2 * beam, 0.2 * beam, 0.4, 1.5, WHITE, 0.4)]
    parts += [box(0.0, 0.05 * length_m, -0.18 * beam, 0.18 * beam, 1.4, 1.9, GLASS, 0.2, 0.8)]
    parts += [box(-0.22 * length_m, -0.14 * length_m, -0.2 * beam, 0.2 * beam, 0.4, 1.0, pick(rng, CANVAS))]
    parts += [box(0.22 * length_m, 0.38 * length_m, -0.18 * beam, 0.18 * beam, 0.4, 0.75, pick(rng, DECKS), 0.4)]
    parts += outboards(rng, length_m, beam)
    if rng.random() < 0.5:
        parts += roof(rng, -0.2 * length_m, 0.08 * length_m, 0.34 * beam, 2.1)
    parts += people(rng, int(rng.integers(0, 5)), (-0.4 * length_m, 0.35 * length_m), 0.25 * beam, 0.4)
    return VesselBody("vessel", "console_boat", Mesh.joined(parts), edge, length_m, beam)


def bowrider(rng: np.random.Generator, length_m: float = 5.6) -> VesselBody:
    """Return a small white pleasure boat with open bow, screen, often a bright sun roof: the hire boat of bays."""
    beam = length_m * rng.uniform(0.36, 0.44)
    shell = WHITE if rng.random() < 0.75 else pick(rng, HULLS)
    body, edge = hull(length_m, beam, 0.75, shell, pick(rng, DECKS), 2.3, 0.85, WHITE, pick(rng, HULLS))
    parts = [body]
    for side in (-1.0, 1.0):
        y0, y1 = sorted((side * 0.14 * beam, side * 0.36 * beam))
        parts.append(box(-0.02 * length_m, 0.14 * length_m, y0, y1, 0.4, 1.05, WHITE, 0.2))
        parts.append(box(0.04 * length_m, 0.10 * length_m, y0, y1, 1.0, 1.35, GLASS, 0.15, 0.8))
        parts.append(box(-0.18 * length_m, -0.08 * length_m, y0, y1, 0.4, 0.95, pick(rng, CANVAS)))
    parts.append(box(-0.42 * length_m, -0.30 * length_m, -0.36 * beam, 0.36 * beam, 0.4, 0.85, pick(rng, DECKS)))
    parts.append(box(0.18 * length_m, 0.40 * length_m, -0.22 * beam, 0.22 * beam, 0.4, 0.7, pick(rng, DECKS), 0.5))
    parts += outboards(rng, length_m, beam) if rng.random() < 0.8 else []
    if rng.random() < 0.55:
        parts += roof(rng, -0.28 * length_m, 0.06 * length_m, 0.40 * beam, rng.uniform(1.7, 2.1))
    parts += people(rng, int(rng.integers(0, 5)), (-0.35 * length_m, 0.3 * length_m), 0.25 * beam, 0.45)
    return VesselBody("vessel", "bowrider", Mesh.joined(parts), edge, length_m, beam)


def cruiser(rng: np.random.Generator, length_m: float = 11.0) -> VesselBody:
    """Return a motor cruiser: long foredeck, raked windows, perhaps a flying bridge."""
    beam = length_m * rng.uniform(0.28, 0.34)
    body, edge = hull(length_m, beam, 1.2, pick(rng, HULLS), pick(rng, DECKS), 2.0, 0.9, WHITE, pick(rng, HULLS))
    parts = [body, box(0.05 * length_m, 0.38 * length_m, -0.26 * beam, 0.26 * beam, 0.8, 1.5, WHITE, 1.2, 0.3)]
    parts += cabin(-0.22 * length_m, 0.14 * length_m, 0.36 * beam, 0.9, 1.7, WHITE, WHITE)
    parts += [box(0.18 * length_m, 0.24 * length_m, -0.1 * beam, 0.1 * beam, 1.5, 1.54, GLASS, 0.0, 0.8)]
    if rng.random() < 0.5:
        parts += cabin(-0.16 * length_m, 0.04 * length_m, 0.26 * beam, 2.55, 0.9, pick(rng, CANVAS), WHITE)
    parts += [box(-0.50 * length_m, -0.42 * length_m, -0.4 * beam, 0.4 * beam, 0.3, 0.45, pick(rng, DECKS))]
    parts += people(rng, int(rng.integers(0, 5)), (-0.40 * length_m, -0.24 * length_m), 0.28 * beam, 0.8)
    parts += people(rng, int(rng.integers(0, 3)), (0.1 * length_m, 0.3 * length_m), 0.2 * beam, 1.45)
    return VesselBody("vessel", "cruiser", Mesh.joined(parts), edge, length_m, beam)


def pontoon(rng: np.random.Generator, length_m: float = 7.5) -> VesselBody:
    """Return a pontoon boat: two floats, a flat square deck with a rail and benches, a canvas roof."""
    beam = length_m * rng.uniform(0.33, 0.40)
    deck, rail = pick(rng, DECKS), pick(rng, (*CANVAS, *HULLS))
    parts: list[Mesh] = []
    for side in (-1.0, 1.0):
        y = side * 0.36 * beam
        x = np.array([-0.5, -0.3, 0.3, 0.46, 0.54]) * length_m
        size = np.array([0.3, 0.32, 0.32, 0.2, 0.03])
        spine = np.column_stack([x, np.full(5, y), np.full(5, 0.12)])
        parts.append(smooth_tube(spine, size, size, np.tile(np.array(STEEL), (5, 10, 1)), 10, 0.6))
    parts.append(box(-0.5 * length_m, 0.48 * length_m, -0.5 * beam, 0.5 * beam, 0.4, 0.55, deck))
    for side in (-1.0, 1.0):
        y0, y1 = sorted((side * 0.46 * beam, side * 0.5 * beam))
        parts.append(box(-0.42 * length_m, 0.42 * length_m, y0, y1, 0.55, 1.25, rail))
        b0, b1 = sorted((side * 0.28 * beam, side * 0.45 * beam))
        parts.append(box(0.12 * length_m, 0.38 * length_m, b0, b1, 0.55, 0.95, pick(rng, DECKS)))
        parts.append(box(-0.40 * length_m, -0.15 * length_m, b0, b1, 0.55, 0.95, pick(rng, DECKS)))
    parts += outboards(rng, length_m, 1.0)
    if rng.random() < 0.65:
        parts += roof(rng, -0.38 * length_m, rng.uniform(-0.02, 0.1) * length_m, 0.45 * beam, 2.4)
    parts += people(rng, int(rng.integers(0, 7)), (-0.35 * length_m, 0.38 * length_m), 0.25 * beam, 0.55)
    edge = 0.5 * np.array([[-length_m, -beam], [length_m, -beam], [length_m, beam], [-length_m, beam]])
    return VesselBody("vessel", "pontoon", Mesh.joined(parts), edge, length_m, beam)


def ferry(rng: np.random.Generator, length_m: float = 28.0) -> VesselBody:
    """Return a small ferry or a sightseeing ship with two decks and many people."""
    beam = length_m * rng.uniform(0.22, 0.28)
    body, edge = hull(length_m, beam, 2.0, pick(rng, HULLS), pick(rng, DECKS), 2.8, 0.9, WHITE, pick(rng, HULLS))
    tone = WHITE if rng.random() < 0.7 else pick(rng, CANVAS)
    parts = [body, *cabin(-0.36 * length_m, 0.26 * length_m, 0.42 * beam, 1.6, 2.5, pick(rng, DECKS), tone)]
    parts += cabin(0.02 * length_m, 0.20 * length_m, 0.34 * beam, 4.1, 2.2, WHITE, tone)
    parts += [box(-0.22 * length_m, -0.16 * length_m, -0.1 * beam, 0.1 * beam, 4.1, 6.3, pick(rng, SIGNAL), 0.4)]
    for row in range(int(rng.integers(0, 6))):
        x = -0.32 * length_m + 0.045 * row * length_m
        parts.append(box(x, x + 0.5, -0.3 * beam, 0.3 * beam, 4.1, 4.6, pick(rng, (WHITE, SIGNAL[4], BLACK))))
    parts += people(rng, int(rng.integers(0, 14)), (-0.34 * length_m, 0.0), 0.36 * beam, 4.1)
    parts += people(rng, int(rng.integers(0, 6)), (0.28 * length_m, 0.40 * length_m), 0.2 * beam, 1.7)
    return VesselBody("vessel", "ferry", Mesh.joined(parts), edge, length_m, beam)


def trawler(rng: np.random.Generator, length_m: float = 18.0) -> VesselBody:
    """Return a trawler: high bow, wheelhouse, gantry and net drum on a working deck."""
    beam = length_m * rng.uniform(0.27, 0.33)
    deck = pick(rng, (*DECKS, (0.12, 0.2, 0.3), (0.12, 0.25, 0.12)))
    body, edge = hull(length_m, beam, 1.6, pick(rng, (*HULLS, *SIGNAL)), deck, 2.4, 0.8, WHITE, (0.05, 0.06, 0.35))
    fore = rng.random() < 0.5
    x = 0.12 if fore else -0.34
    parts = [body, *cabin(x * length_m, (x + 0.18) * length_m, 0.32 * beam, 1.2, 2.6, pick(rng, (WHITE, STEEL)), WHITE)]
    parts += [box((x + 0.05) * length_m, (x + 0.05) * length_m + 0.2, -0.1, 0.1, 3.8, 8.0, STEEL).unboxed()]
    g = -0.42 * length_m
    for side in (-1.0, 1.0):
        parts.append(box(g, g + 0.25, side * 0.4 * beam - 0.12, side * 0.4 * beam + 0.12, 1.0, 4.0, STEEL))
    parts.append(box(g, g + 0.3, -0.42 * beam, 0.42 * beam, 3.8, 4.1, STEEL))
    for _ in range(int(rng.integers(3, 10))):
        a, y, s = rng.uniform(-0.3, 0.1) * length_m, rng.uniform(-0.3, 0.3) * beam, rng.uniform(0.25, 0.8)
        parts.append(box(a, a + 1.4 * s, y - s, y + s, 0.9, 1.0 + 0.8 * s, pick(rng, (*CLOTHES, *SIGNAL)), 0.3 * s))
    parts += people(rng, int(rng.integers(0, 5)), (-0.38 * length_m, 0.1 * length_m), 0.3 * beam, 1.1)
    return VesselBody("vessel", "trawler", Mesh.joined(parts), edge, length_m, beam)


def barge(rng: np.random.Generator, length_m: float = 24.0) -> VesselBody:
    """Return a barge or work platform: a flat box with cargo."""
    beam = length_m * rng.uniform(0.25, 0.5)
    deck = pick(rng, (*DECKS, (0.10, 0.14, 0.22), (0.2, 0.25, 0.3)))
    h, half = float(rng.uniform(0.6, 1.6)), 0.5 * length_m
    parts = [box(-half, half, -0.5 * beam, 0.5 * beam, -0.3, h, pick(rng, (BLACK, (0.1, 0.12, 0.3), STEEL)))]
    parts += [box(-0.97 * half, 0.97 * half, -0.46 * beam, 0.46 * beam, h, h + 0.02, deck)]
    for _ in range(int(rng.integers(2, 9))):
        x, y, s = rng.uniform(-0.8, 0.6) * half, rng.uniform(-0.3, 0.3) * beam, rng.uniform(0.5, 2.2)
        parts.append(box(x, x + 2 * s, y - 0.6 * s, y + 0.6 * s, h, h + s, pick(rng, (*SIGNAL, *DECKS, *HULLS))))
    if rng.random() < 0.5:
        parts += cabin(-0.9 * half, -0.6 * half, 0.3 * beam, h, 2.4, WHITE, WHITE)
    parts += people(rng, int(rng.integers(0, 4)), (-0.8 * half, 0.8 * half), 0.4 * beam, h)
    edge = 0.5 * np.array([[-length_m, -beam], [length_m, -beam], [length_m, beam], [-length_m, beam]])
    return VesselBody("vessel", "barge", Mesh.joined(parts), edge, length_m, beam)


def rowing_boat(rng: np.random.Generator, length_m: float = 4.2) -> VesselBody:
    """Return an open boat with thwarts: a skiff, a dinghy, a wooden rowing boat; often empty."""
    beam = length_m * rng.uniform(0.30, 0.38)
    wood: BGR = (0.12, 0.22, 0.36)
    shell = pick(rng, (wood, WHITE, *HULLS, *SIGNAL))
    body, edge = hull(length_m, beam, 0.5, shell, pick(rng, (wood, *DECKS)), 1.8, rng.uniform(0.3, 0.8), shell)
    parts = [body]
    for at in (-0.28, -0.02, 0.22):
        parts.append(box(at * length_m, at * length_m + 0.25, -0.40 * beam, 0.40 * beam, 0.35, 0.42, wood))
    if rng.random() < 0.4:
        parts += outboards(rng, length_m, 1.0)
    parts += people(rng, int(rng.integers(0, 4)), (-0.3 * length_m, 0.25 * length_m), 0.15 * beam, 0.25)
    return VesselBody("vessel", "rowing_boat", Mesh.joined(parts), edge, length_m, beam)


def catamaran(rng: np.random.Generator, length_m: float = 11.0) -> VesselBody:
    """Return a catamaran: two slim hulls, a bridge deck, nets before it."""
    beam = length_m * rng.uniform(0.45, 0.55)
    shell = pick(rng, HULLS[:4])
    one, _ = hull(length_m, 0.24 * beam, 1.1, shell, WHITE, 2.0, 0.7, WHITE)
    shift = np.array([0.0, 0.38 * beam, 0.0])
    parts = [
        Mesh(one.corners + s * shift, one.normals, one.colours, one.gloss, one.boxed) for s in (-1.0, 1.0)
    ]  # fmt: skip
    parts += [box(-0.42 * length_m, 0.16 * length_m, -0.4 * beam, 0.4 * beam, 0.8, 1.2, WHITE)]
    parts += cabin(-0.20 * length_m, 0.12 * length_m, 0.3 * beam, 1.1, 1.2, WHITE, WHITE)
    parts += [box(0.16 * length_m, 0.40 * length_m, -0.3 * beam, 0.3 * beam, 0.95, 0.98, (0.25, 0.25, 0.25))]
    parts += [box(0.06 * length_m, 0.06 * length_m + 0.15, -0.08, 0.08, 2.2, 1.2 * length_m, STEEL).unboxed()]
    parts += people(rng, int(rng.integers(0, 5)), (-0.4 * length_m, -0.22 * length_m), 0.3 * beam, 1.2)
    edge = 0.5 * np.array([[-length_m, -beam], [length_m, -beam], [length_m, beam], [-length_m, beam]])
    return VesselBody("vessel", "catamaran", Mesh.joined(parts), edge, length_m, beam)


def rescue_boat(rng: np.random.Generator, length_m: float = 8.0) -> VesselBody:
    """Return an orange life boat: closed with a canopy, or an open raft-like craft."""
    beam = length_m * rng.uniform(0.33, 0.40)
    body, edge = hull(length_m, beam, 0.9, ORANGE, ORANGE, 2.2, 0.6, ORANGE, WHITE)
    parts = [body]
    if rng.random() < 0.6:
        x = np.linspace(-0.4, 0.4, 9) * length_m
        dome = np.sqrt(np.clip(1 - (x / (0.43 * length_m)) ** 2, 0.02, 1))
        spine = np.column_stack([x, np.zeros(9), np.full(9, 0.8)])
        tone = np.tile(np.array(ORANGE), (9, 12, 1))
        parts.append(smooth_tube(spine, 0.4 * beam * dome, 1.0 * dome, tone, 12, 0.3))
        parts += cabin(-0.30 * length_m, -0.14 * length_m, 0.2 * beam, 1.5, 0.7, ORANGE, ORANGE)
    else:
        parts += cabin(-0.15 * length_m, 0.08 * length_m, 0.28 * beam, 0.7, 1.5, ORANGE, WHITE)
        parts += people(rng, int(rng.integers(0, 4)), (-0.4 * length_m, -0.2 * length_m), 0.25 * beam, 0.6)
    return VesselBody("vessel", "rescue_boat", Mesh.joined(parts), edge, length_m, beam)


def sail_boat(rng: np.random.Generator, length_m: float = 9.0) -> VesselBody:
    """Return a sailing boat with its sails set."""
    beam = length_m * rng.uniform(0.28, 0.36)
    body, edge = hull(length_m, beam, 0.9, pick(rng, HULLS), pick(rng, DECKS), 1.8, 0.6, None, pick(rng, HULLS))
    parts = [body, box(-0.05 * length_m, 0.22 * length_m, -0.2 * beam, 0.2 * beam, 0.7, 1.2, WHITE, 0.5)]
    cloth = WHITE if rng.random() < 0.75 else pick(rng, SIGNAL)
    swing, high = rng.uniform(-0.5, 0.5), 1.15 * length_m
    mast = np.array([0.08 * length_m, 0.0, 0.0])
    boom = mast + length_m * np.array([-0.42 * np.cos(swing), 0.42 * np.sin(swing), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    main = np.array([mast + 1.6 * up, boom + 1.7 * up, mast + high * up])
    jib = np.array([[0.48 * length_m, 0.0, 1.0], 0.3 * boom + 1.2 * up, mast + 0.85 * high * up])
    for sail in (main, jib):
        parts += [flat(sail[None], cloth, 0.05), flat(sail[None, ::-1], cloth, 0.05)]
    parts += [box(mast[0] - 0.06, mast[0] + 0.06, -0.06, 0.06, 1.0, high, STEEL).unboxed()]
    parts += people(rng, int(rng.integers(1, 4)), (-0.4 * length_m, -0.1 * length_m), 0.2 * beam, 0.7)
    return VesselBody("vessel", "sail_boat", Mesh.joined(parts), edge, length_m, beam)
