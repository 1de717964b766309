"""Larger craft: fishing boats, trawlers, tour boats, ferries, barges, work boats."""

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
    hull_paint,
    pole,
    rail,
    shell,
    well,
)
from wideberth_training_detector.atlas_people import JACKETS, crowd, pick
from wideberth_training_detector.atlas_solid import (
    GRIP,
    PLAIN,
    PLANKS,
    RIBS,
    Bgr,
    Solid,
    ball,
    block,
    limb,
    surface,
    tube,
)


def fishing_boat(rng: Rng) -> Craft:
    """A coastal fishing boat: wheelhouse aft or forward, painted deck, crates, nets, lamps, floats, masts."""
    length = float(rng.uniform(6, 16))
    lines = Lines(
        length,
        length * rng.uniform(0.23, 0.32),
        0.5 + 0.06 * length,
        rng.uniform(1.9, 2.8),
        rng.uniform(0.7, 0.95),
        0.7,
    )
    b, top = lines.beam_m, lines.freeboard_m
    floor: Bgr = pick(rng, ((0.20, 0.42, 0.18), (0.45, 0.25, 0.08), *DECKS))
    rim = pick(rng, WHITES + PAINTS)
    parts = shell(lines, hull_paint(rng), pick(rng, PAINTS) if rng.random() < 0.5 else None, 0.3)
    parts += well(lines, 0.03, 0.9, min(0.6, 0.55 * top), 0.07 * b, rim, floor, int(rng.choice([PLAIN, PLANKS])))
    parts += [deck(lines, rim, 0.9, 1.0)]
    z = top * 0.9 - min(0.6, 0.55 * top)
    aft = rng.random() < 0.65
    x0 = (rng.uniform(-0.38, -0.2) if aft else rng.uniform(0.0, 0.15)) * length
    x1 = x0 + rng.uniform(0.16, 0.28) * length
    house = pick(rng, WHITES)
    parts += cabin(
        (x0, x1), rng.uniform(0.24, 0.36) * b, z, rng.uniform(1.9, 2.5), house, pick(rng, WHITES + DECKS), 0.2
    )
    parts += [
        pole(x0 + 0.4, 0, (z + 2, z + 2 + 0.3 * length), 0.05),
        pole(0.3 * length, 0, (z, z + 0.25 * length), 0.06),
    ]
    open_x = (x1 + 0.2, 0.34 * length) if aft else (-0.42 * length, x0 - 0.2)
    parts += clutter_on_deck(rng, int(rng.integers(3, 14)), open_x, 0.3 * b, z, 0.7)
    if rng.random() < 0.35:
        _lamps(rng, parts, length, b, z + 2.6)
    if rng.random() < 0.4:
        parts.append(_net(rng, (float(np.mean(open_x)), 0.0, z), 0.1 * length, 0.28 * b))
    if rng.random() < 0.3:
        parts += awning(open_x, 0.4 * b, z + 2.2, pick(rng, CANVAS), top)
    for _ in range(int(rng.integers(0, 7))):
        side = float(rng.choice([-1, 1]))
        at = rng.uniform(-0.4, 0.2) * length
        parts.append(ball((at, side * 0.5 * b, top * 0.6), (0.28, 0.22, 0.28), pick(rng, (*JACKETS, BLACK, BLACK))))
    parts += crowd(rng, int(rng.integers(0, 5)), open_x, 0.3 * b, z, 0.15)
    return Craft(Solid.joined(parts), length, b, 0.7)


def _lamps(rng: Rng, parts: list[Solid], length: float, beam: float, z: float) -> None:
    """Rows of squid lamps on wires along the boat."""
    for s in (-1, 1):
        for x in np.arange(-0.3 * length, 0.32 * length, rng.uniform(0.5, 0.9)):
            parts.append(
                ball((float(x), s * 0.26 * beam, z), (0.13, 0.13, 0.18), (0.7, 0.75, 0.78), 0.9, 5, 6).unboxed()
            )


def _net(rng: Rng, at: tuple[float, float, float], a: float, b: float) -> Solid:
    t, u = np.linspace(0.05, 1, 7)[:, None], np.linspace(0, 2 * np.pi, 15)[None, :-1]
    r = 1 + 0.15 * rng.normal(0, 1, (7, 14)) * t
    grid = np.stack([a * t * r * np.cos(u), b * t * r * np.sin(u), 0.7 * (1 - t**2) * r + 0 * u], 2) + np.array(at)
    return surface(
        grid,
        pick(rng, ((0.18, 0.30, 0.04), (0.05, 0.10, 0.30), (0.30, 0.18, 0.03), (0.06, 0.07, 0.07))),
        0.05,
        closed=True,
    )


def trawler(rng: Rng) -> Craft:
    """A steel trawler: bridge forward or aft, gantry, drum, booms, rust."""
    length = float(rng.uniform(15, 35))
    lines = Lines(length, length * rng.uniform(0.22, 0.30), 1.2 + 0.04 * length, rng.uniform(2.2, 3.2), 0.9, 0.8)
    b, top = lines.beam_m, lines.freeboard_m
    floor = pick(rng, DECKS)
    parts = shell(lines, pick(rng, PAINTS), pick(rng, ((0.05, 0.06, 0.25), BLACK)), 0.25)
    parts += well(lines, 0.02, 0.8, 0.9, 0.04 * b, hull_paint(rng), floor, PLANKS)
    parts.append(deck(lines, floor, 0.8, 1.0))
    z = top * 0.9 - 0.8
    x0 = float(rng.choice([rng.uniform(0.02, 0.14), rng.uniform(-0.36, -0.25)])) * length
    wide = rng.uniform(0.3, 0.42) * b
    house = pick(rng, WHITES)
    parts.append(block((x0 - 0.03 * length, x0 + 0.22 * length), (-wide, wide), (z, z + 2.3), house))
    parts += cabin((x0, x0 + 0.16 * length), wide * 0.85, z + 2.3, 2.4, house, pick(rng, WHITES + DECKS), 0.15)
    parts += [
        block(
            (x0 - 0.02 * length, x0 + 0.02 * length), (-0.5, 0.5), (z + 2.3, z + 5.2), pick(rng, PAINTS), (0.2, 0, 0.1)
        )
    ]
    g = -0.44 * length
    for s in (-1, 1):
        parts.append(limb(np.array([g, s * 0.38 * b, z]), np.array([g, s * 0.32 * b, z + 4.5]), 0.18, 0.15, STEEL, 6))
    parts.append(block((g - 0.2, g + 0.2), (-0.34 * b, 0.34 * b), (z + 4.3, z + 4.7), STEEL))
    spine = np.array([[g + 2.0, y * b, z + 0.8] for y in (-0.25, -0.24, 0.24, 0.25)])
    parts.append(tube(spine, np.array([0.1, 0.8, 0.8, 0.1]), np.array([0.1, 0.8, 0.8, 0.1]), (0.15, 0.25, 0.06), 10))
    for s in (-1, 1):
        mast = np.array([x0 + 0.2 * length, s * 0.2, z + 2])
        parts.append(
            limb(
                mast,
                mast + np.array([rng.uniform(1, 4), s * rng.uniform(0.5, 5), rng.uniform(3, 8)]),
                0.12,
                0.08,
                STEEL,
                5,
            ).unboxed()
        )
    parts += [pole(x0 + 2, 0, (z + 4, z + 9), 0.1), _net(rng, (-0.2 * length, 0, z), 0.08 * length, 0.25 * b)]
    parts += clutter_on_deck(rng, int(rng.integers(5, 16)), (-0.4 * length, min(x0, 0) + 0.1), 0.35 * b, z, 1.1)
    parts += crowd(rng, int(rng.integers(0, 5)), (-0.4 * length, 0.0), 0.3 * b, z, 0.0)
    return Craft(Solid.joined(parts), length, b, 0.45)


def tour_boat(rng: Rng) -> Craft:
    """A tour boat: long saloon, open upper deck with rows of seats and a crowd, awning over part of it."""
    length = float(rng.uniform(9, 26))
    lines = Lines(length, length * rng.uniform(0.24, 0.36), 0.9 + 0.04 * length, rng.uniform(2.2, 3.4), 0.92, 0.4)
    b, top = lines.beam_m, lines.freeboard_m
    white, floor = pick(rng, WHITES), pick(rng, DECKS)
    parts = shell(lines, hull_paint(rng), pick(rng, PAINTS) if rng.random() < 0.6 else None)
    parts.append(deck(lines, floor, 0, 1, int(rng.choice([PLAIN, PLANKS, GRIP]))))
    x0, x1 = -rng.uniform(0.3, 0.44) * length, rng.uniform(0.12, 0.3) * length
    half, high = 0.40 * b, 2.2
    parts += cabin((x0, x1), half, top, high, white, white, 0.3)
    z = top + high
    parts.append(block((x0, x1 - 0.1 * length), (-half, half), (z, z + 0.06), floor))
    if rng.random() < 0.75:
        parts += cabin((x1 - 0.14 * length, x1 - 0.03 * length), half * 0.7, z, 1.7, white, white, 0.4)
        x1 -= 0.16 * length
    seat = pick(rng, (*PAINTS, *DECKS))
    for x in np.arange(x0 + 0.8, x1 - 0.5, rng.uniform(0.9, 1.3)):
        for s in (-1, 1):
            y = abeam(s, 0.12 * half, 0.85 * half)
            parts.append(block((float(x), float(x) + 0.35), y, (z, z + 0.5), seat))
            if rng.random() < 0.8:
                parts += (
                    crowd(
                        rng,
                        int(rng.integers(0, max(2, int(half * 1.4)))),
                        (float(x), float(x) + 0.2),
                        0.4 * half,
                        z,
                        0.9,
                    )
                    if len(parts) < 160
                    else []
                )
    for s in (-1, 1):
        y = abeam(s, half * 0.98, half)
        parts.append(block((x0, x1), y, (z + 0.9, z + 0.97), STEEL).unboxed())
    if rng.random() < 0.45:
        parts += awning((x0 + 0.1, x0 + rng.uniform(0.3, 0.9) * (x1 - x0)), half * 0.95, z + 2.1, pick(rng, CANVAS), z)
    parts += crowd(rng, int(rng.integers(0, 8)), (0.30 * length, 0.40 * length), 0.16 * b, top, 0.1)
    parts += [rail(lines, 0.6, 0.99, 0.9), pole(x1, 0, (z + 1, z + 4), 0.06)]
    return Craft(Solid.joined(parts), length, b, 0.7)


def ferry(rng: Rng) -> Craft:
    """A ferry: tall block of decks with window rows, funnel, life boats, car deck or sun deck."""
    length = float(rng.uniform(25, 70))
    lines = Lines(length, length * rng.uniform(0.18, 0.28), 2.5 + 0.03 * length, rng.uniform(2.6, 3.6), 0.95, 0.25)
    b, top = lines.beam_m, lines.freeboard_m
    white, floor = pick(rng, WHITES), pick(rng, DECKS)
    parts = [*shell(lines, hull_paint(rng), pick(rng, PAINTS)), deck(lines, floor, 0, 1, PLAIN)]
    x0, x1, z = -rng.uniform(0.2, 0.45) * length, rng.uniform(0.2, 0.34) * length, top
    for k in range(int(rng.integers(1, 4))):
        half = 0.45 * b * (1 - 0.06 * k)
        parts += cabin((x0, x1), half, z, 2.7, white, floor if rng.random() < 0.6 else white, 0.2)
        z += 2.7
        x0, x1 = x0 + rng.uniform(0, 0.06) * length, x1 - rng.uniform(0.02, 0.06) * length
    parts += cabin((x1 - 0.08 * length, x1), 0.4 * b, z, 2.4, white, white, 0.3)
    f = x0 + 0.2 * (x1 - x0)
    parts.append(block((f, f + 0.06 * length), (-0.12 * b, 0.12 * b), (z, z + 4), pick(rng, PAINTS), (0.8, 0.1, 0.3)))
    for s in (-1, 1):
        for k in range(int(rng.integers(0, 4))):
            parts.append(
                ball((x0 + (0.3 + 0.15 * k) * (x1 - x0), s * 0.42 * b, z + 0.8), (2.2, 0.9, 0.9), (0.02, 0.2, 0.8))
            )
    for _ in range(int(rng.integers(0, 14))):
        x, y = rng.uniform(-0.46 * length, -0.2 * length), rng.choice([-0.25, 0.0, 0.25]) * b
        paint = pick(rng, WHITES + PAINTS)
        parts += [
            block((x, x + 4.3), (y - 0.9, y + 0.9), (top, top + 0.9), paint, gloss=0.7),
            block((x + 0.8, x + 3.4), (y - 0.8, y + 0.8), (top + 0.9, top + 1.5), GLASS, (0.4, 0.5, 0.1), 0.9),
        ]
    parts += crowd(rng, int(rng.integers(0, 20)), (x0, x1 - 0.1 * length), 0.3 * b, z, 0.2)
    parts += [pole(x1 - 3, 0, (z + 2, z + 9), 0.15)]
    return Craft(Solid.joined(parts), length, b, 0.6)


def barge(rng: Rng) -> Craft:
    """A flat barge or work platform with cargo, containers, a crane; often rusty."""
    length = float(rng.uniform(8, 45))
    b, top = length * rng.uniform(0.25, 0.5), rng.uniform(0.6, 2.2)
    rust: tuple[Bgr, ...] = ((0.05, 0.09, 0.22), (0.10, 0.14, 0.24), *DECKS, *PAINTS)
    parts = [
        block(
            (-0.5 * length, 0.5 * length),
            (-b / 2, b / 2),
            (-0.3, top),
            pick(rng, rust),
            (0.01 * length, 0.01 * length, 0),
            0.1,
            RIBS,
        )
    ]
    parts.append(block((-0.48 * length, 0.48 * length), (-b * 0.47, b * 0.47), (top, top + 0.05), pick(rng, rust)))
    if rng.random() < 0.4:
        step = length / 8
        for x in np.arange(-0.4 * length, 0.25 * length, step):
            for s in (-1, 1):
                if rng.random() < 0.75:
                    y = abeam(s, 0.03 * b, 0.4 * b)
                    parts.append(
                        block(
                            (x, x + 0.92 * step), y, (top, top + rng.uniform(1, 2.6)), pick(rng, PAINTS), texture=RIBS
                        )
                    )
    elif rng.random() < 0.5:
        parts.append(_net(rng, (0.05 * length, 0, top), 0.35 * length, 0.36 * b))
    parts += clutter_on_deck(
        rng, int(rng.integers(4, 18)), (-0.42 * length, 0.42 * length), 0.4 * b, top, 0.05 * length
    )
    parts += cabin(
        (-0.46 * length, -0.32 * length), 0.25 * b, top, 2.2, pick(rng, WHITES), pick(rng, WHITES + DECKS), 0.0
    )
    if rng.random() < 0.4:
        a = np.array([0.2 * length, 0, top + 1])
        parts.append(block((a[0] - 1, a[0] + 1), (-1, 1), (top, top + 2), (0.03, 0.45, 0.7)))
        parts.append(
            limb(
                a,
                a + np.array([rng.uniform(-0.4, 0.4) * length, rng.uniform(-0.5, 0.5) * b, 0.25 * length]),
                0.3,
                0.15,
                (0.03, 0.45, 0.7),
                5,
            ).unboxed()
        )
    parts += crowd(rng, int(rng.integers(0, 4)), (-0.3 * length, 0.4 * length), 0.35 * b, top, 0.0)
    return Craft(Solid.joined(parts), length, b, 0.2)


def work_boat(rng: Rng) -> Craft:
    """A pilot, patrol or rescue boat: strong colours, wheelhouse amidships, mast and radar."""
    length = float(rng.uniform(8, 24))
    lines = Lines(length, length * rng.uniform(0.25, 0.33), 0.8 + 0.04 * length, rng.uniform(2.0, 2.8), 0.92, 0.5)
    b, top = lines.beam_m, lines.freeboard_m
    strong: tuple[Bgr, ...] = (
        (0.02, 0.18, 0.8),
        (0.4, 0.12, 0.03),
        (0.04, 0.04, 0.5),
        BLACK,
        (0.33, 0.33, 0.32),
        (0.8, 0.8, 0.8),
    )
    floor, house = pick(rng, DECKS), pick(rng, (*WHITES, (0.02, 0.25, 0.8), (0.33, 0.33, 0.32)))
    parts = [*shell(lines, pick(rng, strong), pick(rng, strong)), deck(lines, floor, 0, 1, GRIP)]
    x0 = rng.uniform(-0.3, -0.1) * length
    parts += cabin((x0, x0 + 0.36 * length), 0.34 * b, top, 2.3, house, house, 0.5)
    edge = lines.stations()
    path = np.concatenate([edge * [1, -1, 1], edge[::-1]]) - [0, 0, 0.1]
    parts.append(tube(path, np.full(len(path), 0.12), np.full(len(path), 0.12), BLACK, 6, 0.1))
    parts += [
        pole(x0 + 1, 0, (top + 2.2, top + 5), 0.1),
        block((x0 + 0.7, x0 + 1.0), (-0.8, 0.8), (top + 3, top + 3.2), WHITES[0]),
    ]
    parts += clutter_on_deck(rng, int(rng.integers(1, 7)), (-0.45 * length, x0 - 0.3), 0.3 * b, top, 0.6)
    parts += crowd(rng, int(rng.integers(0, 5)), (-0.42 * length, x0 - 0.3), 0.3 * b, top, 0.1)
    parts.append(rail(lines, 0.5, 0.99, 0.9))
    return Craft(Solid.joined(parts), length, b, 0.9)


LARGE = (fishing_boat, trawler, tour_boat, ferry, barge, work_boat)
