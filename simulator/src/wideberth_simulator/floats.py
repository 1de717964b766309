"""Things over, on and in the sea that are neither vessel nor cetacean: birds, turtles, fish, logs, rubbish, piers."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from wideberth_simulator.craft import SIGNAL, pick, ring_outline, torus
from wideberth_simulator.hulls import WHITE, VesselBody, round_body
from wideberth_simulator.mesh import BGR, Mesh, box, flat, smooth_tube

FloatArray = npt.NDArray[np.float64]
BIRD_BACKS: tuple[BGR, ...] = (WHITE, WHITE, (0.5, 0.5, 0.5), (0.04, 0.04, 0.04), (0.10, 0.14, 0.18))
WOOD: BGR = (0.10, 0.16, 0.24)


def spindle(length_m: float, wide_m: float, high_m: float, colours: tuple[BGR, BGR], bend_m: float = 0.0) -> Mesh:
    """Return a smooth spindle along x, `colours` of back and belly."""
    t = np.linspace(0.02, 0.98, 14)
    thick = np.sin(np.pi * t**0.8) ** 0.8
    spine = np.column_stack([(0.5 - t) * length_m, bend_m * (t - 0.4) ** 2 * np.sign(t - 0.4), np.zeros(14)])
    up = np.sin(np.arange(12) * 2 * math.pi / 12)
    w = np.clip(0.5 + up, 0, 1)[:, None]
    ring = np.array(colours[0]) * w + np.array(colours[1]) * (1 - w)
    return smooth_tube(spine, thick * wide_m / 2, thick * high_m / 2, np.tile(ring, (14, 1, 1)), 12, 0.3)


def bird(rng: np.random.Generator, flying: bool) -> Mesh:
    """Return a gull, tern or cormorant: sitting on the water, or wings out at a stroke's height."""
    size = float(rng.uniform(0.35, 0.8))
    back, wing = pick(rng, BIRD_BACKS), pick(rng, BIRD_BACKS)
    body = spindle(size, 0.26 * size, 0.26 * size, (back, WHITE if rng.random() < 0.7 else back))
    if not flying:
        head = round_body(0.36 * size, 0, 0.22 * size, 0.10 * size, 0.10 * size, pick(rng, (WHITE, back)))
        return Mesh.joined([body, head])
    lift, sweep = rng.uniform(-0.3, 0.5), rng.uniform(0.0, 0.35)
    plates = []
    for sign in (-1.0, 1.0):
        half = 1.15 * size
        elbow = np.array([0.12 * size, sign * 0.5 * half, 0.5 * lift * half])
        tip = np.array([0.05 * size - sweep * half, sign * half, 0.4 * lift * half])
        root_a, root_b = np.array([0.18 * size, 0, 0.03]), np.array([-0.14 * size, 0, 0.03])
        rear = elbow - np.array([0.22 * size, 0, 0])
        plates += [[root_a, elbow, root_b], [elbow, rear, root_b], [elbow, tip, rear]]
    plates.append([[-0.35 * size, 0.0, 0.0], [-0.75 * size, 0.16 * size, 0.0], [-0.75 * size, -0.16 * size, 0.0]])
    p = np.array(plates)
    return Mesh.joined([body, flat(p, wing, 0.1), flat(p[:, ::-1], wing, 0.1)])


def shark_or_fish(rng: np.random.Generator) -> Mesh:
    """Return a shark or big fish: slim, upright tail, broad breast fins; no cetacean."""
    size = float(rng.uniform(0.8, 3.5))
    colour = pick(rng, ((0.06, 0.07, 0.08), (0.10, 0.13, 0.15), (0.16, 0.20, 0.22), (0.12, 0.12, 0.10)))
    bend = rng.normal(0, 0.5) * size
    body = spindle(size, 0.13 * size, 0.14 * size, (colour, (0.4, 0.42, 0.42)), bend)
    end = -0.46 * size
    y = bend * 0.34
    fins = [[[end, y, 0], [end - 0.14 * size, y * 1.2, 0.16 * size], [end - 0.05 * size, y, -0.08 * size]]]
    fins += [[[0.05 * size, 0, 0.06 * size], [-0.06 * size, 0, 0.17 * size], [-0.07 * size, 0, 0.05 * size]]]
    for s in (-1, 1):
        fins.append(
            [[0.2 * size, s * 0.05 * size, 0], [0.02 * size, s * 0.24 * size, 0], [0.10 * size, s * 0.05 * size, 0]]
        )
    p = np.array(fins)
    return Mesh.joined([body, flat(p, colour, 0.3), flat(p[:, ::-1], colour, 0.3)])


def turtle_or_ray(rng: np.random.Generator) -> Mesh:
    """Return a turtle or a ray: a flat disc with limbs or wings."""
    size = float(rng.uniform(0.5, 1.6))
    colour = pick(rng, ((0.05, 0.09, 0.10), (0.06, 0.12, 0.14), (0.10, 0.10, 0.09), (0.03, 0.03, 0.03)))
    shell = round_body(0, 0, 0, 0.5 * size, 0.14 * size, colour, 0.4)
    stretch = np.array([1.0, rng.uniform(0.75, 1.6), 1.0])
    shell = Mesh(shell.corners * stretch, shell.normals, shell.colours, shell.gloss, shell.boxed)
    parts = [shell, round_body(0.58 * size, 0, 0, 0.13 * size, 0.1 * size, colour)]
    p = np.array(
        [
            [[0.3 * size, s * 0.3 * size, 0], [0.05 * size, s * 0.85 * size, 0], [0.1 * size, s * 0.35 * size, 0]]
            for s in (-1, 1)
        ]
    )
    return Mesh.joined([*parts, flat(p, colour, 0.3), flat(p[:, ::-1], colour, 0.3)])


def drift(rng: np.random.Generator) -> Mesh:
    """Return driftwood, a plank, a crate, a drum, a sheet of plastic, a tyre, a net float line."""
    kind = rng.integers(6)
    length = float(np.exp(rng.uniform(math.log(0.3), math.log(5.0))))
    tone: BGR = tuple(float(v) for v in np.array(WOOD) * rng.uniform(0.25, 2.0))  # type: ignore[assignment]
    if kind == 0:
        return spindle(length, 0.12 * length, 0.12 * length, (tone, tone), rng.normal(0, 0.3) * length)
    if kind == 1:
        return box(-0.5 * length, 0.5 * length, -0.08 * length, 0.08 * length, -0.05, 0.08, tone)
    if kind == 2:
        half = 0.25 * min(length, 2.0)
        return box(-half, half, -0.7 * half, 0.7 * half, -0.1, half, pick(rng, SIGNAL))
    if kind == 3:
        return torus(0, 0, 0.05, 0.35, 0.12, ((0.03, 0.03, 0.03), (0.03, 0.03, 0.03)))
    if kind == 4:
        p = rng.normal(0, 0.25 * min(length, 2.0), (6, 3, 3)) * [1, 1, 0.0] + [0, 0, 0.02]
        return Mesh.joined([flat(p, pick(rng, (WHITE, *SIGNAL)), 0.5), flat(p[:, ::-1], WHITE, 0.5)])
    colour = pick(rng, SIGNAL)
    count = int(rng.integers(3, 12))
    gap, curve = rng.uniform(0.6, 4.0), rng.normal(0, 0.3)
    return Mesh.joined(
        [round_body(i * gap, curve * i * i * 0.1, 0.05, 0.16, 0.15, colour) for i in range(count)]
    )  # fmt: skip


def pier(rng: np.random.Generator, length_m: float) -> Mesh:
    """Return a jetty along x, of planks, with piles and perhaps a platform or a covered lift at its end."""
    wide, high = float(rng.uniform(1.2, 3.0)), float(rng.uniform(0.4, 1.5))
    base = np.array(pick(rng, (WOOD, (0.25, 0.3, 0.34), (0.5, 0.52, 0.52), (0.12, 0.2, 0.36))))
    parts = []

    def planks(x0: float, x1: float, y0: float, y1: float) -> None:
        step = float(np.clip((x1 - x0) / 60, 0.25, 2.0))
        for x in np.arange(x0, x1, step):
            tone = base * rng.uniform(0.75, 1.2)
            parts.append(box(x, x + 0.93 * step, y0, y1, high - 0.12, high, (tone[0], tone[1], tone[2])))

    planks(0.0, length_m, -wide / 2, wide / 2)
    if rng.random() < 0.6:
        planks(length_m, length_m + rng.uniform(2, 6), -rng.uniform(1, 6), rng.uniform(1, 6))
    for x in np.arange(0.5, length_m, 3.0):
        for s in (-1, 1):
            parts.append(
                box(x, x + 0.25, s * wide / 2 - 0.12, s * wide / 2 + 0.12, -0.5, high + rng.uniform(0, 0.8), WOOD)
            )
    if rng.random() < 0.5:
        at, side = rng.uniform(0.2, 0.8) * length_m, float(rng.choice([-1, 1]))
        lid = pick(rng, ((0.5, 0.55, 0.5), WHITE, (0.35, 0.4, 0.3), (0.45, 0.2, 0.1), (0.6, 0.62, 0.6)))
        y = side * (wide / 2 + 1.9)
        parts.append(box(at - 3.5, at + 3.5, y - 1.6, y + 1.6, 2.6, 2.9, lid, 0.3))
        parts.append(box(at - 3.4, at + 3.4, y - 0.5, y + 0.5, 2.9, 3.3, lid, 0.3))
        for px, py in ((-3.3, -1.5), (3.1, -1.5), (-3.3, 1.3), (3.1, 1.3)):
            parts.append(box(at + px, at + px + 0.15, y + py, y + py + 0.15, -0.5, 2.6, (0.5, 0.5, 0.5)))
    return Mesh.joined(parts)


def _body(kind: str, subtype: str, mesh: Mesh, length_m: float) -> VesselBody:
    return VesselBody(kind, subtype, mesh, ring_outline(length_m / 2, length_m / 3), length_m, 0.7 * length_m)


def flying_bird(rng: np.random.Generator, length_m: float = 0.5) -> VesselBody:
    """Return a bird on the wing, 3 to 15 m over the sea."""
    mesh = bird(rng, True)
    return _body("bird", "flying_bird", mesh.placed(0.0, 0.0, float(rng.uniform(3, 15)), 90.0), length_m)


def sitting_bird(rng: np.random.Generator, length_m: float = 0.5) -> VesselBody:
    """Return a bird on the water."""
    return _body("bird", "sitting_bird", bird(rng, False), length_m)


def shark(rng: np.random.Generator, length_m: float = 2.0) -> VesselBody:
    """Return a shark or a big fish just under the surface."""
    mesh = shark_or_fish(rng).placed(0.0, 0.0, -float(rng.uniform(0.1, 0.8)), 90.0)
    return _body("fish", "shark", mesh, length_m)


def turtle(rng: np.random.Generator, length_m: float = 1.0) -> VesselBody:
    """Return a turtle or a ray just under the surface."""
    mesh = turtle_or_ray(rng).placed(0.0, 0.0, -float(rng.uniform(0.05, 0.5)), 90.0)
    return _body("fish", "turtle", mesh, length_m)


def driftwood(rng: np.random.Generator, length_m: float = 2.0) -> VesselBody:
    """Return something adrift."""
    return _body("drift", "driftwood", drift(rng), length_m)
