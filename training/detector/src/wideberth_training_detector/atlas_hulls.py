"""Hulls and what stands on every boat: decks, wells, cabins, roofs, screens, engines, rails, masts."""

from dataclasses import dataclass

import numpy as np

from wideberth_training_detector.atlas_foam import Rng
from wideberth_training_detector.atlas_people import pick
from wideberth_training_detector.atlas_solid import F64, PLAIN, Bgr, Solid, block, flat, limb, quads, surface, tube

WHITES: tuple[Bgr, ...] = ((0.80, 0.82, 0.82), (0.72, 0.75, 0.76), (0.62, 0.72, 0.76), (0.60, 0.60, 0.60))
PAINTS: tuple[Bgr, ...] = (
    (0.40, 0.12, 0.03), (0.05, 0.04, 0.035), (0.06, 0.06, 0.50), (0.28, 0.28, 0.28), (0.35, 0.25, 0.03),
    (0.12, 0.28, 0.06), (0.03, 0.25, 0.70), (0.04, 0.50, 0.72), (0.10, 0.04, 0.02), (0.45, 0.42, 0.30),
)  # fmt: skip
DECKS: tuple[Bgr, ...] = (
    (0.62, 0.65, 0.66), (0.42, 0.50, 0.55), (0.30, 0.42, 0.55), (0.30, 0.32, 0.33), (0.14, 0.24, 0.38),
    (0.22, 0.40, 0.20), (0.42, 0.28, 0.10), (0.50, 0.60, 0.68), (0.12, 0.13, 0.14), (0.10, 0.14, 0.32),
)  # fmt: skip
GLASS: Bgr = (0.035, 0.03, 0.025)
BLACK: Bgr = (0.02, 0.02, 0.02)
WOOD: Bgr = (0.14, 0.24, 0.38)
STEEL: Bgr = (0.45, 0.46, 0.47)
CANVAS: tuple[Bgr, ...] = ((0.05, 0.04, 0.65), (0.04, 0.04, 0.04), (0.35, 0.10, 0.02), (0.65, 0.70, 0.72),
                           (0.20, 0.28, 0.34), (0.10, 0.14, 0.04), (0.08, 0.04, 0.25), (0.30, 0.35, 0.02))  # fmt: skip


def hull_paint(rng: Rng) -> Bgr:
    """Mostly white; else a paint."""
    return pick(rng, WHITES) if rng.random() < 0.62 else pick(rng, PAINTS)


@dataclass(frozen=True)
class Craft:
    """A boat and its size.

    Attributes:
        solid: its body.
        length_m: over all.
        beam_m: width.
        pace: highest pace for its wake, 0..1.
    """

    solid: Solid
    length_m: float
    beam_m: float
    pace: float


@dataclass(frozen=True)
class Lines:
    """The lines of a hull.

    Attributes:
        length_m: over all.
        beam_m: greatest width.
        freeboard_m: height of the side amidships.
        fullness: of the bow: 1.3 a needle, 3 a bluff bow.
        transom: width of the stern as a share of the beam.
        sheer: how much the bow rises, share of the freeboard.
    """

    length_m: float
    beam_m: float
    freeboard_m: float
    fullness: float = 2.2
    transom: float = 0.85
    sheer: float = 0.5

    def stations(self, start: float = 0.0, end: float = 1.0, count: int = 21) -> F64:
        """Sheer line from stern (0) to bow (1): x, half-breadth, z; shape (count, 3)."""
        t = np.linspace(start, end, count)
        aft = self.transom + (1 - self.transom) * np.sin(np.minimum(t / 0.4, 1) * np.pi / 2)
        fore = 1 - (np.clip(t - 0.4, 0, None) / 0.6) ** self.fullness
        z = self.freeboard_m * (0.9 + self.sheer * t**2)
        half = self.beam_m / 2 * aft * np.maximum(fore, 0.012)
        return np.stack([(t - 0.5) * self.length_m, half, z], axis=1)


def shell(lines: Lines, colour: Bgr, lower: Bgr | None = None, gloss: float = 0.45) -> list[Solid]:
    """Sides and transom; `lower` paints the part near the water."""
    top = lines.stations()
    shares = np.array([1.0, 0.97, 0.90, 0.86, 0.3])
    levels = np.array([1.0, 0.55, 0.2, 0.0, -0.35 / max(lines.freeboard_m, 0.3)])
    rake = np.array([0.0, 0.02, 0.045, 0.06, 0.1])
    t = np.linspace(0, 1, len(top))[:, None]
    x = top[:, :1] - rake * lines.length_m * t**3
    y = top[:, 1:2] * shares
    z = top[:, 2:] * levels
    tone = np.broadcast_to(np.array(colour), (*x.shape, 3)).copy()
    tone[:, 2:] = lower if lower is not None else colour
    parts = []
    for s in (1.0, -1.0):
        parts.append(surface(np.stack([x, y * s, z], 2), tone, gloss))
    stern = np.stack([np.broadcast_to(x[0], (2, 5)), np.stack([y[0], -y[0]]), np.stack([z[0], z[0]])], 2)
    parts.append(surface(stern, np.stack([tone[0], tone[0]]), gloss))
    return parts


def deck(lines: Lines, colour: Bgr, start: float = 0.0, end: float = 1.0, texture: int = PLAIN) -> Solid:
    """A closed, slightly cambered deck between two shares of the length."""
    s = lines.stations(start, end, 15)
    across = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    y = s[:, 1:2] * across
    z = s[:, 2:] + 0.03 * lines.beam_m * (1 - across**2)
    return surface(np.stack([np.broadcast_to(s[:, :1], y.shape), y, z], 2), colour, 0.2, texture)


def well(
    lines: Lines, start: float, end: float, depth_m: float, rim_m: float, rim: Bgr, floor: Bgr, texture: int = PLAIN
) -> list[Solid]:
    """A cockpit between two shares of the length: rim, inner walls, floor."""
    outer = lines.stations(start, end, 15)
    inner = outer.copy()
    inner[:, 1] = np.maximum(inner[:, 1] - rim_m, 0.01)
    low = inner.copy()
    low[:, 1] *= 0.94
    low[:, 2] = np.maximum(inner[:, 2].min() - depth_m, 0.04)
    parts = []
    walls: Bgr = (floor[0] * 0.85, floor[1] * 0.85, floor[2] * 0.85)
    for s in (1.0, -1.0):
        f = np.array([1.0, s, 1.0])
        parts.append(surface(np.stack([outer * f, inner * f], 1), rim, 0.35))
        parts.append(surface(np.stack([inner * f, low * f], 1), walls, 0.1))
    parts.append(surface(np.stack([low, low * [1, -1, 1]], 1), floor, 0.1, texture))
    for k in (0, -1):
        end_wall = np.array([[inner[k], inner[k] * [1, -1, 1], low[k] * [1, -1, 1], low[k]]])
        parts.append(flat(quads(end_wall), walls))
    return parts


def abeam(side: float, inner_m: float, outer_m: float) -> tuple[float, float]:
    """Bounds across the boat, low to high, of something between two distances on one side (1 port, -1 starboard)."""
    return (inner_m, outer_m) if side > 0 else (-outer_m, -inner_m)


def cabin(
    x: tuple[float, float], half: float, z: float, high: float, wall: Bgr, roof: Bgr, lean: float = 0.35
) -> list[Solid]:
    """A wheelhouse: wall, dark band of windows with pillars, roof with an edge."""
    x0, x1 = x
    slope = min(lean * high, 0.3 * (x1 - x0))
    mid, top = z + 0.48 * high, z + 0.86 * high
    parts = [
        block((x0, x1), (-half, half), (z, mid), wall, (0, 0.15 * slope, 0.01), 0.35),
        block((x0 + 0.03, x1 - 0.15 * slope - 0.03), (-half * 0.97, half * 0.97), (mid, top), GLASS,
              (0.02, 0.6 * slope, 0.06 * half), 0.9),
        block((x0 - 0.08, x1 - 0.6 * slope), (-half * 1.03, half * 1.03), (top, z + high), roof,
              (0.05, 0.08, 0.05), 0.3),
    ]  # fmt: skip
    count = max(2, int((x1 - x0) / 0.9))
    for k in range(count):
        at = x0 + (k + 0.5) * (x1 - x0 - slope) / count
        for s in (-1, 1):
            parts.append(block((at - 0.04, at + 0.04), abeam(s, half * 0.9, half * 1.0), (mid, top), wall))
    return parts


def awning(
    x: tuple[float, float], half: float, z: float, colour: Bgr, post_z: float, bow_m: float = 0.12
) -> list[Solid]:
    """A cloth roof, bowed across, on thin posts that the label does not count."""
    u, v = np.linspace(x[0], x[1], 5), np.linspace(-half, half, 7)
    sag = 0.03 * np.sin(np.linspace(0, 2 * np.pi, 5))
    grid = np.stack(np.broadcast_arrays(u[:, None], v[None], z + bow_m * (1 - (v[None] / half) ** 2) + sag[:, None]), 2)
    under = grid - np.array([0, 0, 0.03])
    shade: Bgr = (colour[0] * 0.6, colour[1] * 0.6, colour[2] * 0.6)
    parts = [surface(grid, colour, 0.08), surface(under, shade, 0.02)]
    for px in (x[0] * 0.95 + x[1] * 0.05, x[0] * 0.1 + x[1] * 0.9):
        for s in (-1, 1):
            parts.append(
                limb(np.array([px, s * half * 0.95, post_z]), np.array([px, s * half * 0.95, z]), 0.02, 0.02, STEEL, 4)
            )
    return parts


def screen(x: float, half: float, z: float, high: float, rake_m: float) -> list[Solid]:
    """A windscreen of dark glass with a pale frame, wrapped round the front."""
    y = np.array([-1, -0.95, -0.4, 0.4, 0.95, 1.0]) * half
    back = np.array([-0.7, -0.1, 0.0, 0.0, -0.1, -0.7]) * 0.8
    low = np.stack([x + back, y, np.full(6, z)], 1)
    top = low + np.array([-rake_m, 0, high])
    top[:, 1] *= 0.93
    frame = top + np.array([0, 0, 0.05])
    glass: Bgr = (0.10, 0.09, 0.07)
    return [surface(np.stack([low, top], 1), glass, 0.95), surface(np.stack([top, frame], 1), STEEL, 0.8)]


def engine(rng: Rng, x: float, y: float, z: float, size: float) -> Solid:
    """An outboard motor with a tilted leg."""
    colour = pick(rng, (BLACK, (0.05, 0.05, 0.06), (0.65, 0.66, 0.66), (0.25, 0.2, 0.18)))
    return Solid.joined([
        block((x - 0.55 * size, x + 0.12 * size), (y - 0.2 * size, y + 0.2 * size), (z, z + 0.55 * size), colour,
              (0.12 * size, 0.05 * size, 0.06 * size), 0.6),
        block((x - 0.35 * size, x - 0.1 * size), (y - 0.07 * size, y + 0.07 * size), (z - 0.7 * size, z), BLACK),
    ])  # fmt: skip


def rail(lines: Lines, start: float, end: float, high: float) -> Solid:
    """A bow rail; too thin for the label."""
    s = lines.stations(start, end, 9)
    path = np.concatenate([s, s[::-1] * [1, -1, 1]]) * [1, 0.93, 1] + np.array([0, 0, high])
    radius = np.full(len(path), 0.018)
    parts = [tube(path, radius, radius, STEEL, 4, 0.8)]
    for p in path[::2]:
        parts.append(limb(p - [0, 0, high], p, 0.015, 0.015, STEEL, 4))
    return Solid.joined(parts).unboxed()


def pole(x: float, y: float, z: tuple[float, float], radius: float, colour: Bgr = STEEL, lean: float = 0.0) -> Solid:
    """A mast, aerial or rod; outside the label."""
    return limb(np.array([x, y, z[0]]), np.array([x - lean, y, z[1]]), radius, radius * 0.6, colour, 5).unboxed()


def clutter_on_deck(rng: Rng, count: int, x: tuple[float, float], half: float, z: float, size: float) -> list[Solid]:
    """Boxes, baskets, coils, floats and tarps lying about."""
    parts = []
    for _ in range(count):
        cx, cy, s = rng.uniform(*x), rng.uniform(-half, half), size * rng.uniform(0.4, 1.0)
        colour = pick(rng, DECKS + PAINTS)
        if rng.random() < 0.35:
            spine = np.array([[0, 0, 0], [0, 0, 0.1], [0, 0, 0.35], [0, 0, 0.42]]) * s + [cx, cy, z]
            radii = np.array([0.5, 0.52, 0.45, 0.02]) * s
            parts.append(tube(spine, radii, radii, colour, 9))
        else:
            a, b = s * rng.uniform(0.4, 0.9), s * rng.uniform(0.25, 0.6)
            parts.append(
                block((cx - a, cx + a), (cy - b, cy + b), (z, z + s * rng.uniform(0.2, 0.9)), colour, (0, 0, 0.03))
            )
    return parts
