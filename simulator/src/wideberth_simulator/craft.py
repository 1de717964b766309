"""Small craft and people on the water: jet ski, kayak, boards, swimmers; buoys and floats beside them."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from wideberth_simulator.hulls import CLOTHES, SKIN, WHITE, VesselBody, hull, person, round_body
from wideberth_simulator.mesh import BGR, Mesh, box, flat, quads, smooth_tube

FloatArray = npt.NDArray[np.float64]
SIGNAL: tuple[BGR, ...] = (
    (0.04, 0.05, 0.62), (0.03, 0.2, 0.8), (0.05, 0.6, 0.78), (0.05, 0.5, 0.2), (0.5, 0.2, 0.05), (0.06, 0.06, 0.06),
    (0.35, 0.1, 0.6), WHITE,
)  # fmt: skip
"""Colours of things meant to be seen: red, orange, yellow, green, blue, black, pink, white."""


def pick(rng: np.random.Generator, colours: tuple[BGR, ...]) -> BGR:
    """Return one of some colours."""
    return colours[rng.integers(len(colours))]


def ring_outline(half_long_m: float, half_wide_m: float) -> FloatArray:
    """Return an ellipse (12, 2) as a waterline."""
    a = np.linspace(0, 2 * math.pi, 12, endpoint=False)
    return np.column_stack([half_long_m * np.cos(a), half_wide_m * np.sin(a)])


def torus(x: float, y: float, z: float, radius: float, thick: float, colours: tuple[BGR, BGR]) -> Mesh:
    """Return a lying ring (life ring, tyre, swim ring) whose quarters alternate in colour."""
    a = np.linspace(0, 2 * math.pi, 17)
    spine = np.column_stack([x + radius * np.cos(a), y + radius * np.sin(a), np.full(17, z)])
    tone = np.array([colours[(i // 2) % 2] for i in range(17)])[:, None, :].repeat(8, axis=1)
    size = np.full(17, thick)
    return smooth_tube(spine, size, size, tone, 8, 0.3)


def jet_ski(rng: np.random.Generator, length_m: float = 2.9) -> VesselBody:
    """Return a jet ski with one or two riders, now and then moored without."""
    beam = length_m * rng.uniform(0.34, 0.40)
    colour, second = pick(rng, (WHITE, *SIGNAL)), pick(rng, (*SIGNAL, (0.07, 0.07, 0.07), (0.3, 0.3, 0.3)))
    pad: BGR = (0.10, 0.10, 0.10) if rng.random() < 0.7 else (0.5, 0.5, 0.5)
    body, edge = hull(length_m, beam, 0.42, colour, pad, 1.9, 0.75, second, second)
    parts = [body, box(-0.44 * length_m, 0.06 * length_m, -0.19, 0.19, 0.3, 0.80, (0.05, 0.05, 0.05), 0.1)]
    parts += [box(0.02 * length_m, 0.40 * length_m, -0.30, 0.30, 0.3, 0.66, second, 0.35, 0.4)]
    parts += [box(0.04 * length_m, 0.34 * length_m, -0.22, 0.22, 0.6, 0.92, colour, 0.5, 0.4)]
    parts += [box(0.04 * length_m, 0.07 * length_m, -0.38, 0.38, 0.98, 1.04, (0.05, 0.05, 0.05))]
    if rng.random() < 0.35:
        parts.append(box(-0.49 * length_m, -0.30 * length_m, -0.32, 0.32, 0.4, 0.52, second))
    for i in range(int(rng.choice([0, 1, 2, 3], p=[0.12, 0.55, 0.28, 0.05]))):
        at = (-0.06 - 0.16 * i) * length_m
        vest = pick(rng, (*CLOTHES, *SIGNAL))
        parts.append(person(at, rng.normal(0, 0.03), 0.72, vest, True))
        for side in (-1.0, 1.0):
            parts.append(box(at - 0.05, at + 0.35, side * 0.20 - 0.09, side * 0.20 + 0.09, 0.6, 0.9, vest))
    return VesselBody("jet_ski", "jet_ski", Mesh.joined(parts), edge, length_m, beam)


def _paddle(rng: np.random.Generator, reach_m: float, z: float) -> list[Mesh]:
    tilt = rng.uniform(-1, 1)
    p = np.array(
        [[[0.25 + tilt, reach_m, z], [0.33 + tilt, reach_m, z], [0.33 - tilt, -reach_m, z], [0.25 - tilt, -reach_m, z]]]
    )
    return [flat(quads(p), WHITE), flat(quads(p[:, ::-1]), WHITE)]


def kayak(rng: np.random.Generator, length_m: float = 4.0) -> VesselBody:
    """Return a kayak or canoe with one paddler or two."""
    colour, inside = pick(rng, SIGNAL), pick(rng, ((0.05, 0.05, 0.05), *SIGNAL))
    beam = float(rng.uniform(0.6, 0.85))
    body, edge = hull(length_m, beam, 0.22, colour, inside, 1.5, 0.1)
    parts = [body]
    for at in (-0.2,) if rng.random() < 0.6 else (-0.9, 0.6):
        parts += [person(at, 0.0, 0.1, pick(rng, (*CLOTHES, *SIGNAL)), True)]
        parts += _paddle(rng, 1.0, 0.7)
    return VesselBody("kayak", "kayak", Mesh.joined(parts), edge, length_m, beam)


def board(rng: np.random.Generator, length_m: float = 2.9) -> VesselBody:
    """Return someone standing, kneeling or lying on a board: `swimmer`, for it is a person the boats must mind."""
    colour = pick(rng, (WHITE, WHITE, *SIGNAL))
    beam = float(rng.uniform(0.5, 0.8))
    deck = pick(rng, (colour, (0.1, 0.1, 0.1), *SIGNAL))
    body, edge = hull(length_m, beam, 0.10, colour, deck, 1.8, 0.5)
    parts = [body]
    pose = rng.random()
    if pose < 0.4:
        parts += [person(-0.05, 0.0, 0.08, pick(rng, (SKIN, *CLOTHES)), False), *_paddle(rng, 0.9, 0.6)]
    elif pose < 0.6:
        parts += [person(-0.2, 0.0, 0.08, pick(rng, (SKIN, *CLOTHES)), True)]
    else:
        parts += _lying(rng, -0.2, 0.2)
    return VesselBody("swimmer", "board", Mesh.joined(parts), edge, length_m, beam)


def _limb(a: tuple[float, float, float], b: tuple[float, float, float], thick: float, colour: BGR) -> Mesh:
    t = np.linspace(0, 1, 4)
    spine = np.array(a) + (np.array(b) - np.array(a)) * t[:, None]
    size = thick * (1 - 0.35 * t)
    return smooth_tube(spine, size, size, np.tile(np.array(colour), (4, 8, 1)), 8, 0.3)


def _lying(rng: np.random.Generator, x: float, z: float) -> list[Mesh]:
    suit = pick(rng, ((0.04, 0.04, 0.04), SKIN, *CLOTHES))
    legs = suit if rng.random() < 0.5 else SKIN
    parts = [_limb((x + 0.55, 0, z), (x - 0.05, 0, z), 0.19, suit), round_body(x + 0.72, 0, z + 0.05, 0.12, 0.13, SKIN)]
    for side in (-1.0, 1.0):
        out = rng.uniform(0.08, 0.3)
        parts.append(_limb((x, 0.1 * side, z), (x - 0.8, out * side, z - rng.uniform(0, 0.2)), 0.09, legs))
        reach = rng.uniform(-0.4, 0.7)
        parts.append(
            _limb((x + 0.5, 0.2 * side, z), (x + 0.5 + reach, side * (0.75 - 0.5 * abs(reach)), z), 0.06, SKIN)
        )
    return parts


def swimmer(rng: np.random.Generator, length_m: float = 1.75) -> VesselBody:
    """Return a swimmer: crawling, upright with head and shoulders out, on the back, in a vest or a ring."""
    cap = pick(rng, ((0.03, 0.05, 0.06), (0.03, 0.04, 0.05), (0.1, 0.2, 0.3), *SIGNAL))
    pose = rng.random()
    if pose < 0.45:
        parts = [
            round_body(0.0, 0.0, 0.12, 0.13, 0.16, cap),
            _limb((0, 0, 0.0), (-0.15, 0, -0.8), 0.2, pick(rng, (SKIN, *CLOTHES))),
        ]
        for side in (-1.0, 1.0):
            parts.append(
                _limb(
                    (0, 0.17 * side, -0.05), (rng.uniform(-0.2, 0.5), side * rng.uniform(0.4, 0.7), -0.08), 0.06, SKIN
                )
            )
            parts.append(_limb((-0.15, 0.1 * side, -0.7), (-0.4, 0.2 * side, -1.4), 0.09, SKIN))
        if rng.random() < 0.45:
            vest = pick(rng, SIGNAL)
            parts.append(_limb((0.18, 0, 0.02), (-0.22, 0, 0.0), 0.26, vest))
        half = 0.4
    else:
        parts = _lying(rng, -0.1, float(rng.uniform(-0.14, 0.0)))
        parts.append(round_body(0.63, 0.0, 0.06, 0.13, 0.14, cap))
        half = 0.85
    extra = rng.random()
    if extra < 0.15:
        parts.append(torus(0.1, 0, 0.06, 0.42, 0.12, (pick(rng, SIGNAL), pick(rng, (WHITE, *SIGNAL)))))
    elif extra < 0.3:
        side = float(rng.choice([-1.0, 1.0]))
        parts.append(round_body(rng.uniform(-1.0, 0.4), 0.5 * side, 0.1, 0.22, 0.15, pick(rng, SIGNAL)).unboxed())
    return VesselBody("swimmer", "swimmer", Mesh.joined(parts), ring_outline(half, 0.3), 2 * half, 0.6)


def buoy(rng: np.random.Generator, length_m: float = 0.9) -> VesselBody:
    """Return a float: ball, drum, cone with a pole, can, ring or a white mooring buoy with a band."""
    colour, band = pick(rng, SIGNAL), pick(rng, (*SIGNAL, (0.5, 0.2, 0.05)))
    r = length_m / 2
    shape = rng.integers(5)
    if shape == 0:
        parts = [round_body(0, 0, 0.25 * r, r, r, colour)]
    elif shape == 1:
        parts = [round_body(0, 0, 0.2 * r, r, 0.6 * r, colour), round_body(0, 0, 0.75 * r, 0.35 * r, 0.3 * r, band)]
    elif shape == 2:
        parts = [
            round_body(0, 0, 0.1 * r, r, 0.5 * r, colour),
            box(-0.3 * r, 0.3 * r, -0.3 * r, 0.3 * r, 0, 3 * r, band),
        ]
        parts.append(box(-0.5 * r, 0.5 * r, -0.5 * r, 0.5 * r, 2.6 * r, 3.4 * r, colour, 0.2 * r))
    elif shape == 3:
        parts = [torus(0, 0, 0.1 * r, 0.75 * r, 0.28 * r, (colour, band))]
    else:
        parts = [
            _limb((-r, 0, 0.1), (r, 0, 0.1), 0.45 * r, colour),
            _limb((-0.3 * r, 0, 0.1), (0.3 * r, 0, 0.1), 0.48 * r, band),
        ]
    return VesselBody("buoy", "buoy", Mesh.joined(parts), ring_outline(r, r), length_m, length_m)
