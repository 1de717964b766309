"""Vessels: hull, deck, cabin, engine and people, built from a few proportions.

Sizes follow the boats seen off Jeju: tour boat about 14 m, fishing boat 10 m, RIB 6 m, motorboat 6 m, jet ski 2.7 m.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wideberth_simulator.mesh import BGR, Mesh, box, flat, quads, smooth_tube

FloatArray = npt.NDArray[np.float64]
WHITE: BGR = (0.78, 0.80, 0.80)
GLASS: BGR = (0.05, 0.045, 0.04)
HULLS: tuple[BGR, ...] = (
    WHITE,
    WHITE,
    WHITE,
    (0.45, 0.16, 0.05),
    (0.06, 0.05, 0.05),
    (0.10, 0.10, 0.55),
    (0.3, 0.3, 0.3),
)
DECKS: tuple[BGR, ...] = (
    (0.62, 0.64, 0.64),
    (0.42, 0.44, 0.45),
    (0.45, 0.30, 0.12),
    (0.20, 0.38, 0.22),
    (0.25, 0.42, 0.58),
    (0.55, 0.62, 0.70),
)
CLOTHES: tuple[BGR, ...] = (
    (0.05, 0.05, 0.06), (0.04, 0.05, 0.6), (0.03, 0.2, 0.75), (0.5, 0.15, 0.05), (0.6, 0.6, 0.6), (0.05, 0.55, 0.7),
)  # fmt: skip
SKIN: BGR = (0.22, 0.32, 0.50)


@dataclass(frozen=True)
class VesselBody:
    """A vessel at rest in its own axes.

    Attributes:
        kind: Truth and label class: `vessel`, `jet_ski` or `swimmer`; `buoy` and `kayak` are not vessels of a rule.
        subtype: What it looks like.
        mesh: Its shape.
        waterline_m: (N, 2) outline at the water, forward and port, counter-clockwise.
        length_m: Length over all.
        beam_m: Width.
    """

    kind: str
    subtype: str
    mesh: Mesh
    waterline_m: FloatArray
    length_m: float
    beam_m: float


def _outline(length_m: float, beam_m: float, fullness: float, transom: float, count: int = 13) -> FloatArray:
    """Half-breadths (count, 2): x from stern to bow, y >= 0."""
    t = np.linspace(0.0, 1.0, count)
    aft = transom + (1 - transom) * np.sin(np.minimum(t / 0.45, 1.0) * np.pi / 2)
    fore = 1 - (np.clip(t - 0.45, 0.0, None) / 0.55) ** fullness
    return np.stack([(t - 0.5) * length_m, 0.5 * beam_m * aft * np.maximum(fore, 0.02)], axis=1)


def _hull(
    length_m: float,
    beam_m: float,
    freeboard_m: float,
    colour: BGR,
    deck: BGR,
    fullness: float = 2.4,
    transom: float = 0.85,
    rim: BGR | None = None,
) -> tuple[Mesh, FloatArray]:
    top = _outline(length_m, beam_m, fullness, transom)
    water = _outline(length_m * 0.94, beam_m * 0.90, fullness * 0.85, transom)
    water[:, 0] -= 0.03 * length_m
    t = np.linspace(0, 1, len(top))
    sheer = freeboard_m * (0.85 + 0.55 * t**2)
    upper = np.column_stack([top, sheer])
    lower = np.column_stack([water, np.zeros(len(water))])
    keel = np.column_stack([water * [1.0, 0.6], np.full(len(water), -0.35)])
    flip = np.array([1.0, -1.0, 1.0])
    parts: list[Mesh] = []
    for a, b in ((lower, upper), (keel, lower)):
        port = np.stack([a[:-1], b[:-1], b[1:], a[1:]], axis=1)
        parts.append(flat(quads(port[:, ::-1]), colour, 0.25))
        parts.append(flat(quads(port * flip), colour, 0.25))
    parts.append(flat(quads(np.array([[lower[0], upper[0], upper[0] * flip, lower[0] * flip]])), colour))
    rim_width = 0.07 * beam_m
    inner = upper.copy()
    inner[:, 1] = np.maximum(inner[:, 1] - rim_width, 0.0)
    inner[-1, 0] -= rim_width
    well = inner - np.array([0, 0, min(0.45, 0.4 * freeboard_m)])
    rim_colour = rim or colour
    for sign in (1.0, -1.0):
        f = np.array([1.0, sign, 1.0])
        order = slice(None) if sign > 0 else slice(None, None, -1)
        ring = np.stack([inner[:-1], inner[1:], upper[1:], upper[:-1]], axis=1) * f
        parts.append(flat(quads(ring[:, order]), rim_colour, 0.15))
        wall = np.stack([well[:-1], well[1:], inner[1:], inner[:-1]], axis=1) * f
        parts.append(flat(quads(wall[:, order]), tuple(0.75 * c for c in deck)))  # type: ignore[arg-type]
    floor = np.stack([well[:-1], well[1:], well[1:] * flip, well[:-1] * flip], axis=1)
    parts.append(flat(quads(floor[:, ::-1]), deck, 0.1))
    outline = np.concatenate([water * [1.0, -1.0], water[::-1]])
    return Mesh.joined(parts), outline


def person(x: float, y: float, z: float, colour: BGR, seated: bool = False) -> Mesh:
    """Return a person of about 1.7 m standing (or seated) at a place."""
    high = 0.75 if seated else 1.45
    return Mesh.joined(
        [
            box(x - 0.15, x + 0.15, y - 0.24, y + 0.24, z, z + high, colour),
            box(x - 0.11, x + 0.11, y - 0.10, y + 0.10, z + high, z + high + 0.24, SKIN),
        ]
    )


def _people(rng: np.random.Generator, count: int, x: tuple[float, float], y: float, z: float) -> list[Mesh]:
    return [
        person(rng.uniform(*x), rng.uniform(-y, y), z, CLOTHES[rng.integers(len(CLOTHES))], bool(rng.random() < 0.4))
        for _ in range(count)
    ]


def _cabin(x0: float, x1: float, half: float, z: float, high: float, roof: BGR, wall: BGR) -> list[Mesh]:
    lean = min(0.5 * high, 0.3 * (x1 - x0))
    return [
        box(x0, x1, -half, half, z, z + 0.45 * high, wall),
        box(x0 + 0.05, x1 - 0.05, -half * 0.97, half * 0.97, z + 0.45 * high, z + 0.85 * high, GLASS, lean * 0.6, 0.8),
        box(x0 - 0.1, x1 - 0.35 * lean, -half * 1.05, half * 1.05, z + 0.85 * high, z + high, roof),
    ]


def tour_boat(rng: np.random.Generator, length_m: float = 14.0) -> VesselBody:
    """Return a tour boat with a long cabin, an upper deck and passengers."""
    beam = length_m * 0.29
    hull = HULLS[rng.integers(5)]
    deck = DECKS[rng.integers(len(DECKS))]
    body, outline = _hull(length_m, beam, 1.35, hull, deck, 2.6, 0.9, WHITE)
    roof = WHITE if rng.random() < 0.7 else DECKS[rng.integers(len(DECKS))]
    parts = [body, *_cabin(-0.30 * length_m, 0.18 * length_m, 0.36 * beam, 1.1, 2.2, roof, WHITE)]
    parts += [box(-0.02 * length_m, 0.10 * length_m, -0.22 * beam, 0.22 * beam, 3.3, 4.3, WHITE, 0.5)]
    parts += [box(-0.26 * length_m, -0.05 * length_m, -0.02, 0.02, 3.3, 4.0, (0.5, 0.5, 0.5))]
    parts += _people(rng, int(rng.integers(3, 9)), (0.20 * length_m, 0.36 * length_m), 0.18 * beam, 1.1)
    parts += _people(rng, int(rng.integers(0, 6)), (-0.28 * length_m, -0.06 * length_m), 0.28 * beam, 3.3)
    return VesselBody("vessel", "tour_boat", Mesh.joined(parts), outline, length_m, beam)


def fishing_boat(rng: np.random.Generator, length_m: float = 10.0) -> VesselBody:
    """Return a fishing boat: wheelhouse aft, mast, gear on an open deck."""
    beam = length_m * 0.28
    deck = DECKS[rng.integers(len(DECKS))]
    body, outline = _hull(
        length_m, beam, 1.1, HULLS[rng.integers(len(HULLS))], deck, 2.3, 0.8, DECKS[rng.integers(len(DECKS))]
    )
    parts = [body, *_cabin(-0.28 * length_m, -0.02 * length_m, 0.30 * beam, 0.8, 2.1, WHITE, WHITE)]
    parts += [box(-0.06 * length_m, -0.06 * length_m + 0.12, -0.06, 0.06, 2.9, 5.2, (0.6, 0.6, 0.6)).unboxed()]
    parts += [box(0.2 * length_m, 0.2 * length_m + 0.1, -0.05, 0.05, 0.8, 3.4, (0.6, 0.6, 0.6)).unboxed()]
    for _ in range(int(rng.integers(2, 7))):
        x, y, s = rng.uniform(0.0, 0.33) * length_m, rng.uniform(-0.22, 0.22) * beam, rng.uniform(0.2, 0.5)
        parts.append(box(x - s, x + s, y - 0.6 * s, y + 0.6 * s, 0.7, 0.8 + s, CLOTHES[rng.integers(len(CLOTHES))]))
    parts += _people(rng, int(rng.integers(1, 4)), (-0.42 * length_m, 0.25 * length_m), 0.2 * beam, 0.75)
    return VesselBody("vessel", "fishing_boat", Mesh.joined(parts), outline, length_m, beam)


def motorboat(rng: np.random.Generator, length_m: float = 6.2) -> VesselBody:
    """Return an open sports boat, often with a coloured sun roof."""
    beam = length_m * rng.uniform(0.34, 0.40)
    body, outline = _hull(
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
    parts += _people(rng, int(rng.integers(1, 5)), (-0.3 * length_m, 0.1 * length_m), 0.25 * beam, 0.45)
    return VesselBody("vessel", "motorboat", Mesh.joined(parts), outline, length_m, beam)


def rib(rng: np.random.Generator, length_m: float = 6.0) -> VesselBody:
    """Return a rigid inflatable: two tubes meeting at the bow, console, outboard."""
    beam = length_m * 0.40
    tube: BGR = ((0.07, 0.07, 0.07), (0.3, 0.3, 0.3), (0.02, 0.18, 0.75), (0.05, 0.05, 0.5), (0.55, 0.55, 0.55))[
        rng.integers(5)
    ]
    body, outline = _hull(length_m * 0.96, beam * 0.9, 0.45, tube, DECKS[rng.integers(2)], 2.6, 0.95, tube)
    edge = _outline(length_m * 0.96, beam * 0.85, 2.6, 0.95)
    path = np.concatenate([edge * [1, -1], edge[::-1]])
    spine = np.column_stack([path, np.full(len(path), 0.42)])
    radius = np.full(len(path), 0.24)
    ring = np.tile(np.array(tube), (len(path), 10, 1))
    parts = [body, smooth_tube(spine, radius, radius, ring, 10, 0.35)]
    parts += [box(-0.12 * length_m, 0.04 * length_m, -0.16 * beam, 0.16 * beam, 0.3, 1.25, (0.5, 0.5, 0.5), 0.3)]
    parts += [box(-0.32 * length_m, -0.18 * length_m, -0.14 * beam, 0.14 * beam, 0.3, 0.85, (0.06, 0.06, 0.06))]
    parts += [box(-0.58 * length_m, -0.47 * length_m, -0.16, 0.16, 0.1, 1.15, (0.06, 0.06, 0.07))]
    parts += _people(rng, int(rng.integers(1, 5)), (-0.3 * length_m, 0.25 * length_m), 0.18 * beam, 0.35)
    return VesselBody("vessel", "rib", Mesh.joined(parts), outline, length_m, beam)


def yacht(rng: np.random.Generator, length_m: float = 11.0) -> VesselBody:
    """Return a sailing yacht with bare mast and boom."""
    beam = length_m * 0.30
    body, outline = _hull(
        length_m, beam, 1.0, HULLS[rng.integers(len(HULLS))], DECKS[rng.integers(len(DECKS))], 1.8, 0.6
    )
    parts = [body, box(-0.08 * length_m, 0.22 * length_m, -0.20 * beam, 0.20 * beam, 0.8, 1.45, WHITE, 0.4)]
    parts += [
        box(0.08 * length_m, 0.08 * length_m + 0.15, -0.07, 0.07, 1.0, 1.25 * length_m, (0.6, 0.6, 0.6)).unboxed()
    ]
    parts += [box(-0.32 * length_m, 0.08 * length_m, -0.12, 0.12, 2.2, 2.5, (0.45, 0.2, 0.1))]
    parts += _people(rng, int(rng.integers(1, 4)), (-0.4 * length_m, -0.12 * length_m), 0.2 * beam, 0.7)
    return VesselBody("vessel", "yacht", Mesh.joined(parts), outline, length_m, beam)


def jet_ski(rng: np.random.Generator, length_m: float = 2.7) -> VesselBody:
    """Return a jet ski with one or two riders."""
    beam = length_m * 0.40
    colour: BGR = (WHITE, (0.04, 0.6, 0.75), (0.05, 0.05, 0.65), (0.5, 0.15, 0.04), (0.07, 0.07, 0.07))[rng.integers(5)]
    body, outline = _hull(length_m, beam, 0.42, colour, (0.12, 0.12, 0.12), 1.9, 0.8)
    parts = [body, box(-0.42 * length_m, 0.05 * length_m, -0.20, 0.20, 0.3, 0.78, (0.05, 0.05, 0.05))]
    parts += [box(0.05 * length_m, 0.36 * length_m, -0.26, 0.26, 0.3, 0.82, colour, 0.45)]
    parts += [box(0.06 * length_m, 0.09 * length_m, -0.36, 0.36, 0.95, 1.03, (0.05, 0.05, 0.05))]
    for i in range(1 + int(rng.random() < 0.3)):
        parts.append(person(-0.10 * length_m - 0.45 * i, 0.0, 0.72, CLOTHES[rng.integers(len(CLOTHES))], True))
    return VesselBody("jet_ski", "jet_ski", Mesh.joined(parts), outline, length_m, beam)


def kayak(rng: np.random.Generator, length_m: float = 4.0) -> VesselBody:
    """Return a kayak with a paddler."""
    colour: BGR = ((0.03, 0.12, 0.75), (0.05, 0.6, 0.75), (0.05, 0.5, 0.2), (0.5, 0.2, 0.05))[rng.integers(4)]
    body, outline = _hull(length_m, 0.72, 0.22, colour, colour, 1.5, 0.1)
    tilt = rng.uniform(-1, 1)
    paddle = np.array(
        [[[0.25 + tilt, 1.0, 0.7], [0.35 + tilt, 1.0, 0.7], [0.35 - tilt, -1.0, 0.7], [0.25 - tilt, -1.0, 0.7]]]
    )
    parts = [body, person(-0.2, 0.0, 0.15, CLOTHES[rng.integers(len(CLOTHES))], True)]
    parts += [flat(quads(paddle), WHITE), flat(quads(paddle[:, ::-1]), WHITE)]
    return VesselBody("kayak", "kayak", Mesh.joined(parts), outline, length_m, 0.72)


def _round(x: float, y: float, z: float, radius: float, high: float, colour: BGR, gloss: float = 0.2) -> Mesh:
    t = np.linspace(0, 1, 7)
    r = radius * np.sqrt(np.clip(1 - (2 * t - 1) ** 2, 0.0, 1.0))
    centres = np.column_stack([x + (t - 0.5) * 2 * radius, np.full(7, y), np.full(7, z)])
    return smooth_tube(
        centres,
        np.maximum(r, 1e-3),
        np.maximum(r * high / radius, 1e-3),
        np.tile(np.array(colour), (7, 10, 1)),
        10,
        gloss,
    )


def buoy(rng: np.random.Generator, length_m: float = 0.9) -> VesselBody:
    """Return a round buoy."""
    colour: BGR = ((0.05, 0.05, 0.62), (0.03, 0.2, 0.78), (0.05, 0.6, 0.75), WHITE, (0.06, 0.06, 0.06))[rng.integers(5)]
    r = length_m / 2
    a = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    outline = np.column_stack([r * np.cos(a), r * np.sin(a)])
    return VesselBody("buoy", "buoy", _round(0, 0, 0.25 * r, r, r, colour), outline, length_m, length_m)


def swimmer(rng: np.random.Generator, length_m: float = 1.75) -> VesselBody:
    """Return a swimmer: head and shoulders above, body and legs under water."""
    suit: BGR = ((0.04, 0.04, 0.04), (0.05, 0.06, 0.65), (0.03, 0.2, 0.8), (0.5, 0.15, 0.05), SKIN)[rng.integers(5)]
    cap: BGR = ((0.03, 0.05, 0.06), (0.02, 0.15, 0.85), (0.04, 0.65, 0.8), WHITE)[rng.integers(4)]
    upright = rng.random() < 0.4
    parts = [_round(0.62 if not upright else 0.0, 0.0, 0.06, 0.14, 0.15, cap)]
    if upright:
        parts.append(box(-0.15, 0.15, -0.25, 0.25, -0.9, 0.0, suit))
    else:
        parts.append(box(0.0, 0.5, -0.2, 0.2, -0.12, 0.06, suit))
        spread = rng.uniform(0.05, 0.3)
        for y in (-0.1, 0.1):
            parts.append(box(-0.85, 0.02, y * (1 + spread) - 0.07, y * (1 + spread) + 0.07, -0.22, -0.06, SKIN))
        reach = rng.uniform(-0.2, 0.5)
        parts.append(box(0.35, 0.5 + reach, 0.2, 0.3 + abs(reach) * 0.2, -0.06, 0.05, SKIN))
        parts.append(box(0.35, 0.5 - reach * 0.5, -0.4, -0.2, -0.12, 0.0, SKIN))
    a = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    half = 0.35 if upright else 0.85
    outline = np.column_stack([half * np.cos(a), 0.3 * np.sin(a)])
    return VesselBody("swimmer", "swimmer", Mesh.joined(parts), outline, 2 * half, 0.6)


BUILDERS = {
    "tour_boat": tour_boat, "fishing_boat": fishing_boat, "motorboat": motorboat, "rib": rib, "yacht": yacht,
    "jet_ski": jet_ski, "kayak": kayak, "buoy": buoy, "swimmer": swimmer,
}  # fmt: skip


def build(subtype: str, rng: np.random.Generator, length_m: float | None = None) -> VesselBody:
    """Return a body of a subtype; its usual length where none is given."""
    builder = BUILDERS[subtype]
    return builder(rng) if length_m is None else builder(rng, length_m)
