"""Parts of vessels: hull, cabin, people, round bodies; and the palette they are painted from."""

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


def half_breadths(length_m: float, beam_m: float, fullness: float, transom: float, count: int = 13) -> FloatArray:
    """Half-breadths (count, 2): x from stern to bow, y >= 0."""
    t = np.linspace(0.0, 1.0, count)
    aft = transom + (1 - transom) * np.sin(np.minimum(t / 0.45, 1.0) * np.pi / 2)
    fore = 1 - (np.clip(t - 0.45, 0.0, None) / 0.55) ** fullness
    return np.stack([(t - 0.5) * length_m, 0.5 * beam_m * aft * np.maximum(fore, 0.02)], axis=1)


def hull(  # noqa: PLR0913 - a hull is its proportions and its colours
    length_m: float,
    beam_m: float,
    freeboard_m: float,
    colour: BGR,
    deck: BGR,
    fullness: float = 2.4,
    transom: float = 0.85,
    rim: BGR | None = None,
    boot: BGR | None = None,
) -> tuple[Mesh, FloatArray]:
    """Return an open hull with rim and floor, and its waterline (N, 2)."""
    top = half_breadths(length_m, beam_m, fullness, transom)
    water = half_breadths(length_m * 0.94, beam_m * 0.90, fullness * 0.85, transom)
    water[:, 0] -= 0.03 * length_m
    t = np.linspace(0, 1, len(top))
    sheer = freeboard_m * (0.85 + 0.55 * t**2)
    upper = np.column_stack([top, sheer])
    lower = np.column_stack([water, np.zeros(len(water))])
    keel = np.column_stack([water * [1.0, 0.6], np.full(len(water), -0.35)])
    flip = np.array([1.0, -1.0, 1.0])
    parts: list[Mesh] = []
    low = boot or colour
    mid = 0.7 * lower + 0.3 * upper
    for a, b in ((mid, upper), (lower, mid), (keel, lower)):
        port = np.stack([a[:-1], b[:-1], b[1:], a[1:]], axis=1)
        paint = colour if b is upper else low
        parts.append(flat(quads(port[:, ::-1]), paint, 0.25))
        parts.append(flat(quads(port * flip), paint, 0.25))
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
    edge = np.concatenate([water * [1.0, -1.0], water[::-1]])
    return Mesh.joined(parts), edge


def person(x: float, y: float, z: float, colour: BGR, seated: bool = False) -> Mesh:
    """Return a person of about 1.7 m standing (or seated) at a place: legs, trunk, shoulders, head."""
    high = 0.75 if seated else 1.45
    hip = 0.25 if seated else 0.75
    legs = tuple(0.5 * c for c in colour)
    hair = (0.03, 0.035, 0.04) if int(997 * (x + y)) % 3 else colour
    reach = 0.45 if seated else 0.12
    return Mesh.joined(
        [
            box(x - 0.12, x + reach, y - 0.18, y + 0.18, z, z + hip, legs),  # type: ignore[arg-type]
            box(x - 0.14, x + 0.14, y - 0.24, y + 0.24, z + hip, z + high, colour, 0.06),
            round_body(x + 0.02, y, z + high + 0.13, 0.12, 0.14, hair, 0.05),
            box(x + 0.02, x + 0.13, y - 0.08, y + 0.08, z + high, z + high + 0.16, SKIN),
        ]
    )


def people(rng: np.random.Generator, count: int, x: tuple[float, float], y: float, z: float) -> list[Mesh]:
    """Return people scattered over a deck."""
    return [
        person(rng.uniform(*x), rng.uniform(-y, y), z, CLOTHES[rng.integers(len(CLOTHES))], bool(rng.random() < 0.4))
        for _ in range(count)
    ]


def cabin(x0: float, x1: float, half: float, z: float, high: float, roof: BGR, wall: BGR) -> list[Mesh]:
    """Return a wheelhouse: wall, band of windows, roof."""
    lean = min(0.5 * high, 0.3 * (x1 - x0))
    return [
        box(x0, x1, -half, half, z, z + 0.45 * high, wall),
        box(x0 + 0.05, x1 - 0.05, -half * 0.97, half * 0.97, z + 0.45 * high, z + 0.85 * high, GLASS, lean * 0.6, 0.8),
        box(x0 - 0.1, x1 - 0.35 * lean, -half * 1.05, half * 1.05, z + 0.85 * high, z + high, roof),
    ]


def round_body(x: float, y: float, z: float, radius: float, high: float, colour: BGR, gloss: float = 0.2) -> Mesh:
    """Return an ellipsoid."""
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
