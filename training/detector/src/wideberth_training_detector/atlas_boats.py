"""Small craft: open boats, sports boats, inflatables, cabin boats, pontoons."""

import numpy as np

from wideberth_training_detector.atlas_foam import Rng
from wideberth_training_detector.atlas_hulls import (
    BLACK,
    CANVAS,
    DECKS,
    GLASS,
    PAINTS,
    STEEL,
    WHITES,
    Craft,
    Lines,
    abeam,
    awning,
    cabin,
    clutter_on_deck,
    deck,
    engine,
    hull_paint,
    pole,
    rail,
    screen,
    shell,
    well,
)
from wideberth_training_detector.atlas_people import crowd, person, pick
from wideberth_training_detector.atlas_solid import GRIP, PLAIN, PLANKS, Bgr, Solid, block, limb, surface, tube


def _floor(rng: Rng) -> tuple[Bgr, int]:
    return pick(rng, DECKS), int(rng.choice([PLAIN, PLANKS, GRIP]))


def _seats(rng: Rng, length: float, beam: float, z: float) -> list[Solid]:
    cloth = pick(rng, DECKS + WHITES)
    parts = [block((-0.40 * length, -0.31 * length), (-0.36 * beam, 0.36 * beam), (z, z + 0.42), cloth, (0, 0, 0.03))]
    parts.append(block((-0.42 * length, -0.39 * length), (-0.36 * beam, 0.36 * beam), (z, z + 0.8), cloth))
    for s in (-1, 1):
        y = abeam(s, 0.12 * beam, 0.34 * beam)
        parts.append(block((-0.10 * length, -0.01 * length), y, (z, z + 0.45), cloth, (0, 0, 0.03)))
        parts.append(block((-0.12 * length, -0.09 * length), y, (z, z + 0.95), cloth))
    return parts


def sports_boat(rng: Rng) -> Craft:
    """A bowrider or runabout: white, seats, screen, often a coloured sun roof."""
    length = float(rng.uniform(4.6, 8.5))
    lines = Lines(
        length, length * rng.uniform(0.32, 0.42), rng.uniform(0.6, 0.95), rng.uniform(1.7, 2.8), rng.uniform(0.75, 0.95)
    )
    paint, rim = hull_paint(rng), pick(rng, WHITES)
    floor, texture = _floor(rng)
    bow_open = rng.random() < 0.6
    front = 0.66 if not bow_open else 0.9
    parts = shell(lines, paint, pick(rng, PAINTS) if rng.random() < 0.4 else None)
    parts += well(lines, 0.06, front, 0.5, 0.08 * lines.beam_m, rim, floor, texture)
    parts += [deck(lines, rim, front, 1.0), deck(lines, rim, 0.0, 0.06)]
    z = max(lines.freeboard_m * 0.9 - 0.5, 0.05)
    parts += _seats(rng, length, lines.beam_m, z)
    at = rng.uniform(0.08, 0.2) * length
    parts += screen(at, 0.40 * lines.beam_m, lines.freeboard_m * 0.95, rng.uniform(0.35, 0.55), rng.uniform(0.2, 0.5))
    if bow_open:
        cloth = pick(rng, DECKS)
        parts.append(
            block((0.26 * length, 0.36 * length), (-0.2 * lines.beam_m, 0.2 * lines.beam_m), (z, z + 0.42), cloth)
        )
    else:
        parts.append(
            block(
                (0.24 * length, 0.34 * length),
                (-0.1 * lines.beam_m, 0.1 * lines.beam_m),
                (lines.freeboard_m, lines.freeboard_m + 0.14),
                pick(rng, (GLASS, *WHITES)),
                gloss=0.7,
            )
        )
    if rng.random() < 0.7:
        for y in (0.0,) if rng.random() < 0.75 else (-0.35, 0.35):
            parts.append(engine(rng, -0.5 * length, y, lines.freeboard_m * 0.7, rng.uniform(0.8, 1.2)))
    else:
        parts.append(
            block((-0.56 * length, -0.5 * length), (-0.4 * lines.beam_m, 0.4 * lines.beam_m), (0.1, 0.22), rim)
        )
    if rng.random() < 0.5:
        x0 = rng.uniform(-0.38, -0.2) * length
        parts += awning((x0, x0 + rng.uniform(0.22, 0.45) * length), rng.uniform(0.36, 0.46) * lines.beam_m,
                        z + 1.95, pick(rng, CANVAS), lines.freeboard_m)  # fmt: skip
    parts += crowd(rng, int(rng.integers(0, 6)), (-0.36 * length, 0.1 * length), 0.26 * lines.beam_m, z, 0.7)
    return Craft(Solid.joined(parts), length, lines.beam_m, 1.0)


def console_boat(rng: Rng) -> Craft:
    """A fishing boat with a console amidships, sometimes with a hard top."""
    length = float(rng.uniform(5, 10))
    lines = Lines(length, length * rng.uniform(0.29, 0.36), rng.uniform(0.7, 1.0), rng.uniform(1.9, 2.6), 0.9)
    rim = pick(rng, WHITES)
    floor, texture = _floor(rng)
    parts = shell(lines, hull_paint(rng)) + well(lines, 0.05, 0.93, 0.55, 0.1 * lines.beam_m, rim, floor, texture)
    parts += [deck(lines, rim, 0.93, 1.0), deck(lines, rim, 0.0, 0.05)]
    z = lines.freeboard_m * 0.9 - 0.5
    b = lines.beam_m
    parts.append(block((-0.04 * length, 0.10 * length), (-0.16 * b, 0.16 * b), (z, z + 1.1), rim, (0, 0.15, 0.03), 0.4))
    parts += screen(0.09 * length, 0.15 * b, z + 1.1, 0.4, 0.2)
    parts.append(block((-0.16 * length, -0.10 * length), (-0.15 * b, 0.15 * b), (z, z + 0.85), pick(rng, DECKS)))
    parts.append(
        block((0.22 * length, 0.38 * length), (-0.15 * b, 0.15 * b), (z, z + 0.35), pick(rng, DECKS), (0, 0.1, 0.02))
    )
    if rng.random() < 0.5:
        top = pick(rng, WHITES + CANVAS)
        parts += awning((-0.16 * length, 0.10 * length), 0.27 * b, z + 2.1, top, z + 0.9, 0.05)
    for k in range(count := int(rng.integers(1, 4))):
        parts.append(engine(rng, -0.5 * length, (k - (count - 1) / 2) * 0.6, lines.freeboard_m * 0.75, 1.1))
    for _ in range(int(rng.integers(0, 5))):
        parts.append(
            pole(-0.35 * length, rng.uniform(-0.4, 0.4) * b, (z + 0.5, z + 2.5), 0.012, BLACK, rng.uniform(0, 1.5))
        )
    parts += crowd(rng, int(rng.integers(0, 5)), (-0.4 * length, 0.35 * length), 0.28 * b, z, 0.3)
    return Craft(Solid.joined(parts), length, b, 1.0)


def skiff(rng: Rng) -> Craft:
    """A small open boat with thwarts: wood, aluminium or plastic; rowed or with a small motor."""
    length = float(rng.uniform(2.6, 5.5))
    lines = Lines(
        length, length * rng.uniform(0.30, 0.42), rng.uniform(0.35, 0.6), rng.uniform(1.6, 2.6), rng.uniform(0.6, 0.95)
    )
    paint = pick(rng, (*WHITES, *PAINTS, STEEL, (0.12, 0.22, 0.38)))
    floor, texture = _floor(rng)
    parts = shell(lines, paint, gloss=0.3)
    parts += well(lines, 0.02, 0.97, 0.45, 0.05 * lines.beam_m, hull_paint(rng), floor, texture)
    parts += [deck(lines, paint, 0.9, 1.0)]
    z = lines.freeboard_m * 0.65
    bench = pick(rng, (*DECKS, paint))
    for x in (-0.35, -0.05, 0.2):
        half = float(np.interp(x * length, *lines.stations()[:, :2].T)) * 0.93
        parts.append(block((x * length, x * length + 0.25), (-half, half), (z - 0.05, z), bench, texture=texture))
    if rng.random() < 0.65:
        parts.append(engine(rng, -0.5 * length, 0.0, lines.freeboard_m * 0.8, rng.uniform(0.5, 0.85)))
    elif rng.random() < 0.7:
        for s in (-1, 1):
            parts.append(limb(np.array([0, s * 0.3 * lines.beam_m, z + 0.2]),
                              np.array([rng.uniform(-0.6, 0.6), s * 1.1 * lines.beam_m, 0.1]),
                              0.03, 0.05, (0.2, 0.35, 0.5), 5).unboxed())  # fmt: skip
    for x in rng.permutation([-0.35, -0.05, 0.2])[: int(rng.integers(0, 4))]:
        parts.append(person(rng, (float(x) * length + 0.1, rng.uniform(-0.12, 0.12) * lines.beam_m, z), "sit"))
    parts += clutter_on_deck(
        rng, int(rng.integers(0, 5)), (-0.4 * length, 0.3 * length), 0.2 * lines.beam_m, z - 0.2, 0.4
    )
    return Craft(Solid.joined(parts), length, lines.beam_m, 0.6)


def inflatable(rng: Rng) -> Craft:
    """A rigid inflatable or dinghy: tubes meeting at the bow, floor, console or thwart, outboards, crew."""
    length = float(rng.uniform(2.8, 9.5))
    beam = length * rng.uniform(0.34, 0.46) if length > 4.5 else length * rng.uniform(0.45, 0.55)
    radius = float(np.clip(beam * rng.uniform(0.09, 0.13), 0.16, 0.32))
    inner = Lines(length * 0.95, beam - 2 * radius, 0.5, rng.uniform(1.9, 3.0), 0.97, 0.45)
    cloth = pick(
        rng, (BLACK, (0.25, 0.25, 0.26), (0.02, 0.18, 0.78), (0.04, 0.04, 0.5), (0.62, 0.63, 0.63), (0.3, 0.08, 0.02))
    )
    edge = inner.stations(0.0, 1.0, 23)
    path = np.concatenate([edge * [1, -1, 1], edge[::-1]])
    r = np.full(len(path), radius)
    r[[0, -1]] = radius * 0.3
    parts = [tube(path, r, r, cloth, 12, 0.35)]
    floor, texture = _floor(rng)
    low = edge.copy()
    low[:, 2] = 0.3
    parts.append(surface(np.stack([low, low * [1, -1, 1]], 1), floor, 0.1, texture))
    parts.append(block((-0.47 * length, -0.44 * length), (-inner.beam_m / 2, inner.beam_m / 2), (0, 0.6), BLACK))
    if length > 4.2:
        parts.append(
            block(
                (-0.1 * length, 0.02 * length),
                (-0.13 * beam, 0.13 * beam),
                (0.3, 1.25),
                pick(rng, WHITES + PAINTS),
                (0, 0.25, 0.03),
                0.4,
            )
        )
        for x in (-0.2, -0.32)[: int(rng.integers(1, 3))]:
            parts.append(block((x * length, (x + 0.09) * length), (-0.1 * beam, 0.1 * beam), (0.3, 0.85), BLACK))
        if rng.random() < 0.35:
            for s in (-1, 1):
                parts.append(
                    limb(
                        np.array([-0.38 * length, s * 0.3 * beam, 0.5]),
                        np.array([-0.42 * length, s * 0.2 * beam, 1.9]),
                        0.04,
                        0.04,
                        STEEL,
                        5,
                    )
                )
            parts.append(block((-0.45 * length, -0.40 * length), (-0.22 * beam, 0.22 * beam), (1.85, 1.95), STEEL))
    else:
        parts.append(block((-0.05 * length, 0.03 * length), (-0.3 * beam, 0.3 * beam), (0.4, 0.48), pick(rng, DECKS)))
    for y in (0.0,) if length < 6.5 or rng.random() < 0.4 else (-0.3, 0.3):
        parts.append(engine(rng, -0.49 * length, y, 0.55, 0.6 if length < 4.2 else 1.1))
    parts += crowd(
        rng, int(rng.integers(0, 7 if length > 5 else 4)), (-0.36 * length, 0.25 * length), 0.2 * beam, 0.3, 0.75
    )
    return Craft(Solid.joined(parts), length, beam, 1.0)


def pontoon(rng: Rng) -> Craft:
    """A flat party boat on two tubes: fence, couches, canopy."""
    length, beam = float(rng.uniform(5.5, 9)), float(rng.uniform(2.3, 2.7))
    parts = []
    for s in (-1, 1):
        x = np.array([-0.5, -0.48, 0.42, 0.5]) * length
        spine = np.stack([x, np.full(4, s * 0.38 * beam), np.full(4, 0.1)], 1)
        parts.append(tube(spine, np.array([0.2, 0.3, 0.3, 0.05]), np.array([0.2, 0.3, 0.3, 0.05]), STEEL, 9, 0.6))
    floor, texture = _floor(rng)
    parts.append(block((-0.49 * length, 0.46 * length), (-beam / 2, beam / 2), (0.45, 0.55), floor, texture=texture))
    side, cloth = pick(rng, WHITES + PAINTS), pick(rng, WHITES + DECKS)
    for s in (-1, 1):
        y = abeam(s, beam * 0.46, beam * 0.5)
        parts.append(block((-0.4 * length, 0.42 * length), y, (0.55, 1.2), side, gloss=0.4))
        for x0, x1 in ((-0.38, -0.2), (0.1, 0.4))[: int(rng.integers(1, 3))]:
            y = abeam(s, beam * 0.28, beam * 0.45)
            parts.append(block((x0 * length, x1 * length), y, (0.55, 0.98), cloth, (0.04, 0.04, 0.03)))
    parts.append(block((0.4 * length, 0.42 * length), (-beam * 0.46, beam * 0.46), (0.55, 1.2), side))
    parts.append(block((-0.06 * length, 0.03 * length), (-0.4 * beam, -0.15 * beam), (0.55, 1.5), cloth, (0, 0.2, 0)))
    if rng.random() < 0.65:
        x0 = rng.uniform(-0.42, -0.2) * length
        parts += awning((x0, x0 + rng.uniform(0.3, 0.5) * length), beam * 0.48, 2.6, pick(rng, CANVAS), 1.2)
    parts.append(engine(rng, -0.5 * length, 0.0, 0.4, 1.0))
    parts += crowd(rng, int(rng.integers(0, 8)), (-0.36 * length, 0.36 * length), 0.3 * beam, 0.55, 0.7)
    return Craft(Solid.joined(parts), length, beam, 0.5)


def cruiser(rng: Rng) -> Craft:
    """A cabin boat or motor yacht: long foredeck, cabin, open cockpit, sometimes a flying bridge."""
    length = float(rng.uniform(6.5, 20))
    lines = Lines(length, length * rng.uniform(0.24, 0.34), 0.6 + 0.06 * length, rng.uniform(1.7, 2.4), 0.9, 0.45)
    b, top = lines.beam_m, lines.freeboard_m
    white, floor = pick(rng, WHITES), pick(rng, DECKS)
    texture = int(rng.choice([PLAIN, PLANKS]))
    split = rng.uniform(0.3, 0.45)
    parts = shell(lines, hull_paint(rng), pick(rng, PAINTS) if rng.random() < 0.3 else None)
    parts += [deck(lines, white, split, 1.0), deck(lines, white, 0.0, 0.05)]
    parts += well(lines, 0.05, split, min(0.7, top * 0.6), 0.08 * b, white, floor, texture)
    x0, x1 = (split - 0.5) * length, (split - 0.5 + rng.uniform(0.2, 0.36)) * length
    high = rng.uniform(1.1, 1.7) if length < 12 else rng.uniform(1.5, 2.2)
    parts += cabin((x0, x1), 0.37 * b, top, high, white, white, rng.uniform(0.4, 0.9))
    parts.append(
        block(
            (x1 - 0.1 * length, min(x1 + 0.18 * length, 0.34 * length)),
            (-0.22 * b, 0.22 * b),
            (top, top + 0.35),
            white,
            (0, 0.8, 0.15),
        )
    )
    for x in np.linspace(x1 + 0.03 * length, 0.33 * length, int(rng.integers(1, 4))):
        parts.append(block((x - 0.25, x + 0.25), (-0.25, 0.25), (top + 0.3, top + 0.42), GLASS, gloss=0.9))
    if length > 9 and rng.random() < 0.6:
        z = top + high
        parts += screen(x0 + 0.6 * (x1 - x0), 0.28 * b, z, 0.5, 0.3)
        parts.append(block((x0 + 0.2 * (x1 - x0), x0 + 0.35 * (x1 - x0)), (-0.26 * b, 0.26 * b), (z, z + 0.6), floor))
        parts += crowd(rng, int(rng.integers(0, 4)), (x0 + 0.2, x0 + 0.5 * (x1 - x0)), 0.2 * b, z, 0.5)
    elif rng.random() < 0.4:
        parts += awning((x0 - 0.2 * length, x0), 0.4 * b, top + 1.5, pick(rng, CANVAS), top)
    parts.append(
        block((-0.55 * length, -0.49 * length), (-0.42 * b, 0.42 * b), (0.2, 0.32), pick(rng, DECKS), texture=texture)
    )
    parts.append(rail(lines, 0.55, 0.99, 0.6))
    parts += [pole(x0 + 0.3, 0, (top + high, top + high + 1.8), 0.03)]
    parts += crowd(rng, int(rng.integers(0, 6)), (-0.42 * length, x0 - 0.4), 0.3 * b, max(top - 0.7, 0.3), 0.5)
    return Craft(Solid.joined(parts), length, b, 0.9)


SMALL = (sports_boat, console_boat, skiff, inflatable, pontoon, cruiser)
