"""People of rods and balls: standing, sitting, riding, paddling, swimming. Height about 1.7 m."""

import numpy as np

from wideberth_training_detector.atlas_foam import Rng
from wideberth_training_detector.atlas_solid import F64, Bgr, Solid, ball, limb, surface, turn_matrix

CLOTHES: tuple[Bgr, ...] = (
    (0.03, 0.03, 0.03), (0.05, 0.05, 0.06), (0.04, 0.05, 0.6), (0.03, 0.22, 0.8), (0.45, 0.12, 0.04), (0.7, 0.7, 0.7),
    (0.05, 0.6, 0.75), (0.35, 0.3, 0.1), (0.1, 0.25, 0.08), (0.15, 0.02, 0.02), (0.3, 0.3, 0.55), (0.55, 0.5, 0.4),
)  # fmt: skip
JACKETS: tuple[Bgr, ...] = ((0.02, 0.16, 0.85), (0.03, 0.03, 0.7), (0.03, 0.7, 0.85), (0.55, 0.1, 0.03))
SKINS: tuple[Bgr, ...] = ((0.28, 0.38, 0.62), (0.20, 0.30, 0.52), (0.10, 0.17, 0.33), (0.04, 0.07, 0.15))
HAIR: tuple[Bgr, ...] = ((0.01, 0.01, 0.015), (0.02, 0.03, 0.06), (0.08, 0.15, 0.25), (0.3, 0.3, 0.3))
CAPS: tuple[Bgr, ...] = ((0.7, 0.7, 0.7), (0.03, 0.03, 0.65), (0.04, 0.65, 0.8), (0.02, 0.02, 0.02), (0.6, 0.2, 0.05),
                         (0.4, 0.15, 0.75), (0.03, 0.3, 0.85))  # fmt: skip


def pick(rng: Rng, choices: tuple[Bgr, ...]) -> Bgr:
    """One of the colours, varied a little."""
    base = np.array(choices[int(rng.integers(len(choices)))]) * rng.uniform(0.7, 1.25) + rng.normal(0, 0.01, 3)
    b, g, r = np.clip(base, 0.008, 0.95).tolist()
    return (b, g, r)


def _p(*xyz: float) -> F64:
    return np.array(xyz, np.float64)


def person(rng: Rng, at: tuple[float, float, float], pose: str = "stand", yaw_rad: float | None = None) -> Solid:
    """A person whose feet (or seat) are at a place: `stand`, `sit`, `ride` (arms to the bar), `paddle`, `kneel`."""
    skin, shirt, legs = pick(rng, SKINS), pick(rng, CLOTHES), pick(rng, CLOTHES)
    if rng.random() < 0.3:
        shirt = pick(rng, JACKETS)
    bare = rng.random() < 0.35
    size = float(rng.normal(1.0, 0.06))
    hip = {"stand": 0.86, "sit": 0.12, "ride": 0.15, "paddle": 0.1, "kneel": 0.4}[pose]
    lean = {"stand": 0.03, "sit": 0.02, "ride": 0.22, "paddle": 0.05, "kneel": 0.1}[pose]
    neck = _p(lean, 0, hip + 0.52)
    parts = [limb(_p(0, 0, hip), _p(lean, 0, hip + 0.42), 0.16, 0.19, shirt)]
    for s in (-1.0, 1.0):
        parts.append(limb(_p(lean, s * 0.12, hip + 0.44), _p(lean, s * 0.17, hip + 0.42), 0.10, 0.08, shirt, 6))
        parts += _arm(rng, pose, s, _p(lean, s * 0.2, hip + 0.42), skin if bare else shirt, skin)
        knee, foot = _leg(pose, s, hip, rng)
        parts.append(limb(_p(0, s * 0.09, hip), knee, 0.095, 0.07, legs, 6))
        parts.append(limb(knee, foot, 0.065, 0.05, skin if bare else legs, 6))
    head = (lean + 0.02, 0.0, float(neck[2]) + 0.14)
    parts.append(ball(head, (0.1, 0.085, 0.12), skin, 0.15, 6, 8))
    top = pick(rng, HAIR) if rng.random() < 0.6 else pick(rng, CAPS)
    wide = 1.9 if rng.random() < 0.15 else 1.08
    parts.append(ball((head[0] - 0.015, 0, head[2] + 0.045), (0.105 * wide, 0.095 * wide, 0.09), top, 0.1, 6, 8))
    yaw = float(rng.uniform(0, 2 * np.pi)) if yaw_rad is None else yaw_rad
    turned = Solid.joined(parts)
    return turned.moved(at, turn_matrix(yaw) * size)


def _arm(rng: Rng, pose: str, s: float, shoulder: F64, sleeve: Bgr, skin: Bgr) -> list[Solid]:
    if pose == "ride":
        hand = _p(0.55, s * 0.28, shoulder[2] - 0.22)
    elif pose == "paddle":
        hand = _p(0.42, s * 0.3, shoulder[2] - 0.12 + 0.12 * s)
    elif rng.random() < 0.2:
        hand = shoulder + _p(rng.uniform(0, 0.4), s * rng.uniform(0.1, 0.5), rng.uniform(-0.1, 0.4))
    else:
        hand = shoulder + _p(rng.uniform(0, 0.3), s * rng.uniform(0, 0.1), -rng.uniform(0.35, 0.5))
    elbow = (shoulder + hand) / 2 + _p(-0.05, s * 0.06, -0.05)
    return [limb(shoulder, elbow, 0.055, 0.048, sleeve, 6), limb(elbow, hand, 0.045, 0.04, skin, 6)]


def _leg(pose: str, s: float, hip: float, rng: Rng) -> tuple[F64, F64]:
    if pose == "stand":
        step = float(rng.uniform(-0.12, 0.15)) * s
        return _p(step, s * 0.1, 0.46), _p(step * 1.2, s * 0.12, 0.04)
    if pose == "ride":
        return _p(0.35, s * 0.3, hip - 0.05), _p(0.3, s * 0.33, hip - 0.42)
    if pose == "paddle":
        return _p(0.45, s * 0.16, hip + 0.1), _p(0.9, s * 0.1, hip - 0.05)
    if pose == "kneel":
        return _p(0.15, s * 0.14, 0.06), _p(-0.28, s * 0.12, 0.05)
    return _p(0.42, s * 0.14, hip + 0.03), _p(0.5, s * 0.14, hip - 0.36)


def crowd(rng: Rng, count: int, x: tuple[float, float], half_y: float, z: float, sitting: float = 0.5) -> list[Solid]:
    """People scattered on a deck, none closer than 0.5 m where there is room."""
    spots: list[F64] = []
    people: list[Solid] = []
    for _ in range(count):
        for _ in range(8):
            spot = np.array([rng.uniform(*x), rng.uniform(-half_y, half_y)])
            if all(np.hypot(*(spot - o)) > 0.5 for o in spots):
                break
        spots.append(spot)
        sit = rng.random() < sitting
        people.append(person(rng, (float(spot[0]), float(spot[1]), z + 0.42 * sit), "sit" if sit else "stand"))
    return people


def swimmer(rng: Rng) -> tuple[Solid, float]:
    """Someone in the water and the length of what is to be labelled (m).

    Postures: crawl, breast stroke, on the back, upright (treading water), floating with a jacket, holding a ring.
    """
    skin, cap = pick(rng, SKINS), pick(rng, CAPS) if rng.random() < 0.6 else pick(rng, HAIR)
    suit = pick(rng, CLOTHES[:2] if rng.random() < 0.45 else CLOTHES) if rng.random() < 0.7 else skin
    legs = suit if rng.random() < 0.5 else skin
    pose = str(
        rng.choice(["crawl", "breast", "back", "upright", "jacket", "ring"], p=[0.2, 0.17, 0.15, 0.22, 0.2, 0.06])
    )
    tilt = {"crawl": 0.06, "breast": 0.2, "back": 0.1, "upright": 1.25, "jacket": 0.5, "ring": 0.9}[pose]
    tilt = float(tilt * rng.uniform(0.6, 1.15))
    parts = [limb(_p(-0.02, 0, 0), _p(0.42, 0, 0), 0.155, 0.19, suit)]
    if pose in ("jacket", "ring") or (pose == "upright" and rng.random() < 0.3):
        parts.append(limb(_p(0.08, 0, 0), _p(0.44, 0, 0.02), 0.21, 0.24, pick(rng, JACKETS)))
    for s in (-1.0, 1.0):
        kick = rng.uniform(-0.18, 0.18)
        wide = rng.uniform(0.05, 0.4 if pose in ("breast", "upright", "jacket") else 0.15)
        knee = _p(-0.45, s * (0.1 + 0.6 * wide), kick)
        foot = _p(-0.9 + 0.3 * wide, s * (0.1 + wide), -kick)
        parts += [limb(_p(-0.02, s * 0.09, 0), knee, 0.09, 0.065, legs, 6), limb(knee, foot, 0.06, 0.05, skin, 6)]
        if rng.random() < 0.12:
            parts.append(limb(foot, foot + _p(-0.45, 0, 0), 0.07, 0.1, pick(rng, JACKETS), 6))
        parts += _stroke(rng, pose, s, skin if rng.random() < 0.7 else suit)
    parts.append(ball((0.66, 0, 0.06 if pose != "back" else 0.03), (0.125, 0.095, 0.11), skin, 0.2, 7, 9))
    parts.append(ball((0.68, 0, 0.10 if pose != "back" else -0.02), (0.13, 0.105, 0.1), cap, 0.4, 7, 9))
    lying = Solid.joined(parts)
    body = lying.moved((0, 0, 0), turn_matrix(0.0, tilt, float(rng.normal(0, 0.15))))
    top = float(body.corners[..., 2].max())
    show = rng.uniform(0.12, 0.3) if pose != "jacket" else rng.uniform(0.22, 0.36)
    parts = [body.moved((0, 0, -top + show))]
    if pose == "ring":
        parts.append(ring_buoy(rng, 0.38, 0.09).moved((0.5, 0, 0.02)))
    return Solid.joined(parts), 1.7 if tilt < 0.5 else 0.8


def _stroke(rng: Rng, pose: str, s: float, sleeve: Bgr) -> list[Solid]:
    shoulder = _p(0.4, s * 0.2, 0)
    if pose == "crawl":
        swing = rng.uniform(-0.5, 0.6) * s + rng.uniform(-0.2, 0.4)
        hand = shoulder + _p(swing, s * 0.2, 0.16 * rng.random() - 0.05)
    elif pose in ("breast", "upright"):
        hand = shoulder + _p(rng.uniform(-0.1, 0.45), s * rng.uniform(0.1, 0.45), rng.uniform(-0.1, 0.1))
    else:
        hand = shoulder + _p(rng.uniform(-0.4, 0.3), s * rng.uniform(0.15, 0.5), rng.uniform(0, 0.15))
    elbow = (shoulder + hand) / 2 + _p(0, s * 0.1, 0.03)
    return [limb(shoulder, elbow, 0.06, 0.05, sleeve, 6), limb(elbow, hand, 0.045, 0.045, sleeve, 6)]


def ring_buoy(rng: Rng, radius_m: float, thick_m: float) -> Solid:
    """A life ring lying flat, banded in two colours."""
    a = np.linspace(0, 2 * np.pi, 25)
    b = np.linspace(0, 2 * np.pi, 9)[None, :]
    around = radius_m + thick_m * np.cos(b)
    grid = np.stack([around * np.cos(a)[:, None], around * np.sin(a)[:, None],
                     np.broadcast_to(thick_m * np.sin(b), (25, 9))], 2)  # fmt: skip
    first, second = np.array(pick(rng, JACKETS)), np.array((0.75, 0.75, 0.75))
    band = (np.arange(25) // 3 % 2)[:, None, None]
    return surface(grid, first * (1 - band) + second * band * np.ones((25, 9, 3)), 0.3)
