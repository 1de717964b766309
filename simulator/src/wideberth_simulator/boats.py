"""Vessels built from a few proportions.

Sizes follow the boats seen off Jeju: tour boat about 14 m, fishing boat 10 m, RIB 6 m, motorboat 6 m, jet ski 2.7 m.
"""

from __future__ import annotations

import numpy as np

from wideberth_simulator import craft, fleet, floats
from wideberth_simulator.hulls import (
    CLOTHES,
    DECKS,
    GLASS,
    HULLS,
    WHITE,
    VesselBody,
    cabin,
    half_breadths,
    hull,
    people,
)  # fmt: skip
from wideberth_simulator.mesh import BGR, Mesh, box, smooth_tube


def tour_boat(rng: np.random.Generator, length_m: float = 14.0) -> VesselBody:
    """Return a tour boat with a long cabin, an upper deck and passengers."""
    beam = length_m * 0.29
    shell = HULLS[rng.integers(5)]
    deck = DECKS[rng.integers(len(DECKS))]
    body, edge = hull(length_m, beam, 1.35, shell, deck, 2.6, 0.9, WHITE)
    roof = WHITE if rng.random() < 0.7 else DECKS[rng.integers(len(DECKS))]
    parts = [body, *cabin(-0.30 * length_m, 0.18 * length_m, 0.36 * beam, 1.1, 2.2, roof, WHITE)]
    parts += [box(-0.02 * length_m, 0.10 * length_m, -0.22 * beam, 0.22 * beam, 3.3, 4.3, WHITE, 0.5)]
    parts += [box(-0.26 * length_m, -0.05 * length_m, -0.02, 0.02, 3.3, 4.0, (0.5, 0.5, 0.5))]
    parts += people(rng, int(rng.integers(3, 9)), (0.20 * length_m, 0.36 * length_m), 0.18 * beam, 1.1)
    parts += people(rng, int(rng.integers(0, 6)), (-0.28 * length_m, -0.06 * length_m), 0.28 * beam, 3.3)
    return VesselBody("vessel", "tour_boat", Mesh.joined(parts), edge, length_m, beam)


def fishing_boat(rng: np.random.Generator, length_m: float = 10.0) -> VesselBody:
    """Return a fishing boat: wheelhouse aft, mast, gear on an open deck."""
    beam = length_m * 0.28
    deck = DECKS[rng.integers(len(DECKS))]
    body, edge = hull(
        length_m, beam, 1.1, HULLS[rng.integers(len(HULLS))], deck, 2.3, 0.8, DECKS[rng.integers(len(DECKS))]
    )
    parts = [body, *cabin(-0.28 * length_m, -0.02 * length_m, 0.30 * beam, 0.8, 2.1, WHITE, WHITE)]
    parts += [box(-0.06 * length_m, -0.06 * length_m + 0.12, -0.06, 0.06, 2.9, 5.2, (0.6, 0.6, 0.6)).unboxed()]
    parts += [box(0.2 * length_m, 0.2 * length_m + 0.1, -0.05, 0.05, 0.8, 3.4, (0.6, 0.6, 0.6)).unboxed()]
    for _ in range(int(rng.integers(2, 7))):
        x, y, s = rng.uniform(0.0, 0.33) * length_m, rng.uniform(-0.22, 0.22) * beam, rng.uniform(0.2, 0.5)
        parts.append(box(x - s, x + s, y - 0.6 * s, y + 0.6 * s, 0.7, 0.8 + s, CLOTHES[rng.integers(len(CLOTHES))]))
    parts += people(rng, int(rng.integers(1, 4)), (-0.42 * length_m, 0.25 * length_m), 0.2 * beam, 0.75)
    return VesselBody("vessel", "fishing_boat", Mesh.joined(parts), edge, length_m, beam)


def motorboat(rng: np.random.Generator, length_m: float = 6.2) -> VesselBody:
    """Return an open sports boat, often with a coloured sun roof."""
    beam = length_m * rng.uniform(0.34, 0.40)
    body, edge = hull(
        length_m, beam, 0.75, HULLS[rng.integers(len(HULLS))], DECKS[rng.integers(len(DECKS))], 2.0, 0.85, WHITE
    )
    parts = [body, box(0.16 * length_m, 0.42 * length_m, -0.22 * beam, 0.22 * beam, 0.5, 0.95, WHITE, 0.5)]
    parts += [box(0.02 * length_m, 0.14 * length_m, -0.30 * beam, 0.30 * beam, 0.45, 1.2, GLASS, 0.35, 0.8)]
    for y in (-0.26, 0.26):
        parts.append(
            box(-0.14 * length_m, -0.04 * length_m, (y - 0.12) * beam, (y + 0.12) * beam, 0.4, 0.9, (0.35, 0.45, 0.55))
        )
    parts += [box(-0.36 * length_m, -0.26 * length_m, -0.34 * beam, 0.34 * beam, 0.4, 0.8, (0.4, 0.5, 0.6))]
    parts += [box(-0.56 * length_m, -0.47 * length_m, -0.13, 0.13, 0.1, 1.0, (0.08, 0.08, 0.08))]
    if rng.random() < 0.6:
        roof: BGR = ((0.06, 0.05, 0.72), (0.45, 0.12, 0.04), WHITE, (0.05, 0.05, 0.05))[rng.integers(4)]
        parts.append(box(-0.25 * length_m, 0.08 * length_m, -0.36 * beam, 0.36 * beam, 1.95, 2.02, roof))
    parts += people(rng, int(rng.integers(1, 5)), (-0.3 * length_m, 0.1 * length_m), 0.25 * beam, 0.45)
    return VesselBody("vessel", "motorboat", Mesh.joined(parts), edge, length_m, beam)


def rib(rng: np.random.Generator, length_m: float = 6.0) -> VesselBody:
    """Return a rigid inflatable: two tubes meeting at the bow, console, outboard."""
    beam = length_m * 0.40
    tube: BGR = ((0.07, 0.07, 0.07), (0.3, 0.3, 0.3), (0.02, 0.18, 0.75), (0.05, 0.05, 0.5), (0.55, 0.55, 0.55))[
        rng.integers(5)
    ]
    body, edge = hull(length_m * 0.96, beam * 0.9, 0.45, tube, DECKS[rng.integers(2)], 2.6, 0.95, tube)
    side = half_breadths(length_m * 0.96, beam * 0.85, 2.6, 0.95)
    path = np.concatenate([side * [1, -1], side[::-1]])
    spine = np.column_stack([path, np.full(len(path), 0.42)])
    radius = np.full(len(path), 0.24)
    ring = np.tile(np.array(tube), (len(path), 10, 1))
    parts = [body, smooth_tube(spine, radius, radius, ring, 10, 0.35)]
    parts += [box(-0.12 * length_m, 0.04 * length_m, -0.16 * beam, 0.16 * beam, 0.3, 1.25, (0.5, 0.5, 0.5), 0.3)]
    parts += [box(-0.32 * length_m, -0.18 * length_m, -0.14 * beam, 0.14 * beam, 0.3, 0.85, (0.06, 0.06, 0.06))]
    parts += [box(-0.58 * length_m, -0.47 * length_m, -0.16, 0.16, 0.1, 1.15, (0.06, 0.06, 0.07))]
    parts += people(rng, int(rng.integers(1, 5)), (-0.3 * length_m, 0.25 * length_m), 0.18 * beam, 0.35)
    return VesselBody("vessel", "rib", Mesh.joined(parts), edge, length_m, beam)


def yacht(rng: np.random.Generator, length_m: float = 11.0) -> VesselBody:
    """Return a sailing yacht with bare mast and boom."""
    beam = length_m * 0.30
    body, edge = hull(length_m, beam, 1.0, HULLS[rng.integers(len(HULLS))], DECKS[rng.integers(len(DECKS))], 1.8, 0.6)
    parts = [body, box(-0.08 * length_m, 0.22 * length_m, -0.20 * beam, 0.20 * beam, 0.8, 1.45, WHITE, 0.4)]
    parts += [
        box(0.08 * length_m, 0.08 * length_m + 0.15, -0.07, 0.07, 1.0, 1.25 * length_m, (0.6, 0.6, 0.6)).unboxed()
    ]
    parts += [box(-0.32 * length_m, 0.08 * length_m, -0.12, 0.12, 2.2, 2.5, (0.45, 0.2, 0.1))]
    parts += people(rng, int(rng.integers(1, 4)), (-0.4 * length_m, -0.12 * length_m), 0.2 * beam, 0.7)
    return VesselBody("vessel", "yacht", Mesh.joined(parts), edge, length_m, beam)


BUILDERS = {
    "tour_boat": tour_boat, "fishing_boat": fishing_boat, "motorboat": motorboat, "rib": rib, "yacht": yacht,
    "console_boat": fleet.console_boat, "bowrider": fleet.bowrider, "cruiser": fleet.cruiser,
    "pontoon": fleet.pontoon, "ferry": fleet.ferry, "trawler": fleet.trawler, "barge": fleet.barge,
    "rowing_boat": fleet.rowing_boat, "catamaran": fleet.catamaran, "rescue_boat": fleet.rescue_boat,
    "sail_boat": fleet.sail_boat, "jet_ski": craft.jet_ski, "kayak": craft.kayak, "board": craft.board,
    "buoy": craft.buoy, "swimmer": craft.swimmer,
}  # fmt: skip
"""Craft, people and buoys by subtype."""
NO_CRAFT = {
    "flying_bird": floats.flying_bird, "sitting_bird": floats.sitting_bird, "shark": floats.shark,
    "turtle": floats.turtle, "driftwood": floats.driftwood,
}  # fmt: skip
"""What else moves along a path: never a vessel, never labelled."""


def build(subtype: str, rng: np.random.Generator, length_m: float | None = None) -> VesselBody:
    """Return a body of a subtype; its usual length where none is given."""
    builder = {**BUILDERS, **NO_CRAFT}[subtype]
    return builder(rng) if length_m is None else builder(rng, length_m)
