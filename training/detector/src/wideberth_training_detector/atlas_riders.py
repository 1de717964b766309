"""What people sit or stand on: kayaks and canoes, boards, jet skis."""

import numpy as np

from wideberth_training_detector.atlas_foam import Rng
from wideberth_training_detector.atlas_hulls import (
    BLACK,
    CANVAS,
    DECKS,
    PAINTS,
    STEEL,
    WHITES,
    Craft,
    Lines,
    clutter_on_deck,
    deck,
    shell,
    well,
)
from wideberth_training_detector.atlas_people import JACKETS, person, pick
from wideberth_training_detector.atlas_solid import GRIP, Bgr, Solid, ball, block, limb, tube


def paddled(rng: Rng) -> Craft:
    """A kayak, canoe or sit-on-top with one or two paddlers."""
    length, two = float(rng.uniform(2.8, 5.5)), bool(rng.random() < 0.35)
    beam = float(rng.uniform(0.58, 0.95))
    paint = pick(
        rng,
        (
            (0.03, 0.05, 0.7),
            (0.04, 0.6, 0.78),
            (0.03, 0.28, 0.85),
            (0.10, 0.45, 0.1),
            (0.5, 0.18, 0.04),
            (0.7, 0.72, 0.72),
            (0.35, 0.45, 0.02),
        ),
    )
    t = np.linspace(0, 1, 17)
    half = beam / 2 * np.sin(np.pi * np.clip(t * 0.98 + 0.01, 0, 1)) ** rng.uniform(0.6, 0.9)
    spine = np.stack([(t - 0.5) * length, np.zeros(17), 0.08 + 0.22 * (2 * t - 1) ** 4], 1)
    parts = [tube(spine, np.maximum(half, 0.015), np.maximum(half * 0.45, 0.015), paint, 12, 0.5)]
    seats = (0.5, -0.9) if two else (float(rng.uniform(-0.4, 0.1)),)
    dark = BLACK if rng.random() < 0.7 else pick(rng, DECKS)
    for x in seats:
        parts.append(ball((x, 0, 0.2), (0.42, beam * 0.33, 0.1), dark))
        if rng.random() < 0.93:
            rider = person(rng, (x, 0, 0.12), "paddle", float(rng.normal(0, 0.08)))
            parts.append(rider)
            swing, tilt = rng.uniform(-0.7, 0.7), rng.uniform(-0.35, 0.35)
            a = np.array([x + 0.45 + swing, 1.05, 0.62 + tilt])
            b = np.array([x + 0.45 - swing, -1.05, 0.62 - tilt])
            blade = pick(rng, (*WHITES, *JACKETS, BLACK))
            rod = [limb(a, b, 0.018, 0.018, BLACK, 5)]
            for p, q in ((a, b), (b, a)):
                w = (q - p) / np.linalg.norm(q - p)
                rod.append(
                    tube(
                        np.stack([p - 0.02 * w, p + 0.1 * w, p + 0.4 * w, p + 0.45 * w]),
                        np.array([0.02, 0.09, 0.08, 0.01]),
                        np.array([0.01, 0.02, 0.02, 0.01]),
                        blade,
                        6,
                    )
                )
            parts.append(Solid.joined(rod).unboxed())
    if rng.random() < 0.4:
        parts += clutter_on_deck(rng, 1, (-0.4 * length, -0.3 * length), 0.05, 0.22, 0.3)
    return Craft(Solid.joined(parts), length, beam, 0.15)


def board(rng: Rng) -> Craft:
    """A SUP or surfboard with someone standing, kneeling, sitting or lying on it; labelled as a swimmer."""
    length, beam = float(rng.uniform(1.8, 3.5)), float(rng.uniform(0.5, 0.85))
    t = np.linspace(0, 1, 15)
    half = beam / 2 * (1 - np.abs(2 * t - 1) ** rng.uniform(2.2, 4))
    spine = np.stack([(t - 0.5) * length, np.zeros(15), 0.06 + 0.12 * np.clip(t - 0.7, 0, 1)], 1)
    first, second = np.array(pick(rng, WHITES + PAINTS)), np.array(pick(rng, DECKS + PAINTS))
    tone = np.where((np.abs(t - 0.45) < 0.28)[:, None, None], second, first) * np.ones((15, 10, 3))
    parts = [tube(spine, np.maximum(half, 0.01), np.full(15, 0.06), tone, 10, 0.5)]
    if length > 2.7:
        pose = str(rng.choice(["stand", "kneel", "sit"], p=[0.55, 0.25, 0.2]))
        parts.append(person(rng, (float(rng.uniform(-0.3, 0.1)), 0, 0.12), pose, float(rng.normal(0, 0.3))))
        if rng.random() < 0.8:
            parts.append(
                limb(
                    np.array([0.3, 0.2, 1.1]), np.array([0.7, rng.uniform(0.4, 0.9), 0.0]), 0.02, 0.05, BLACK, 5
                ).unboxed()
            )
    elif rng.random() < 0.6:
        suit = pick(rng, ((0.02, 0.02, 0.02), (0.05, 0.05, 0.05), *PAINTS))
        rider = [limb(np.array([-0.2, 0, 0.2]), np.array([0.35, 0, 0.24]), 0.15, 0.18, suit)]
        rider += [ball((0.58, 0, 0.3), (0.12, 0.1, 0.11), pick(rng, ((0.01, 0.01, 0.02), (0.08, 0.14, 0.24))))]
        for s in (-1, 1):
            rider.append(limb(np.array([-0.2, s * 0.09, 0.18]), np.array([-1.0, s * 0.13, 0.12]), 0.09, 0.06, suit, 6))
            rider.append(
                limb(
                    np.array([0.35, s * 0.2, 0.2]),
                    np.array([0.3 + rng.uniform(-0.2, 0.5), s * 0.5, 0.02]),
                    0.06,
                    0.05,
                    suit,
                    6,
                )
            )
        parts.append(Solid.joined(rider).moved((-0.1, 0, 0)))
    else:
        parts.append(person(rng, (-0.3, 0, 0.1), "sit", float(rng.normal(0, 0.2))))
    return Craft(Solid.joined(parts), length, beam, 0.15)


def jet_ski(rng: Rng) -> Craft:
    """A jet ski: sculpted hood and seat, foot wells, bars; up to two riders; sometimes covered or with a sled."""
    length = float(rng.uniform(2.4, 3.6))
    beam = length * rng.uniform(0.34, 0.42)
    lines = Lines(length, beam, 0.42, rng.uniform(1.8, 2.9), rng.uniform(0.72, 0.9), 0.5)
    bright: tuple[Bgr, ...] = (
        (0.03, 0.03, 0.65),
        (0.03, 0.6, 0.8),
        (0.10, 0.75, 0.35),
        (0.5, 0.15, 0.03),
        (0.03, 0.28, 0.85),
    )
    hull = pick(rng, WHITES if rng.random() < 0.45 else (*PAINTS, BLACK))
    hood = hull if rng.random() < 0.35 else pick(rng, (*bright, *WHITES, BLACK))
    trim, well_floor = pick(rng, (*bright, BLACK, STEEL)), pick(rng, (BLACK, (0.12, 0.12, 0.12), (0.3, 0.3, 0.3)))
    parts = shell(lines, hull, pick(rng, bright) if rng.random() < 0.4 else None, 0.7)
    covered = rng.random() < 0.18
    parts += well(lines, 0.0, 0.6, 0.16, 0.07 * beam, hull if rng.random() < 0.6 else trim, well_floor, GRIP)
    parts.append(deck(lines, hood, 0.6, 1.0))
    x = np.array([0.02, 0.1, 0.2, 0.3, 0.4, 0.46]) * length
    spine = np.stack([x, np.zeros(6), np.array([0.62, 0.66, 0.6, 0.5, 0.42, 0.4])], 1)
    wide = np.array([0.16, 0.3, 0.34, 0.3, 0.18, 0.02]) * beam
    shade = np.where((np.arange(12) % 6 < 3)[None, :, None], np.array(hood), np.array(trim)) * np.ones((6, 12, 3))
    parts.append(tube(spine, wide, np.array([0.1, 0.2, 0.2, 0.15, 0.08, 0.01]), shade, 12, 0.8))
    x = np.array([-0.44, -0.4, -0.25, -0.1, 0.02, 0.05]) * length
    spine = np.stack([x, np.zeros(6), np.array([0.5, 0.55, 0.6, 0.56, 0.62, 0.6])], 1)
    dark: tuple[Bgr, ...] = (BLACK, (0.05, 0.05, 0.05), (0.12, 0.12, 0.12))
    seat = pick(rng, dark if rng.random() < 0.6 else (*bright, (0.35, 0.36, 0.36)))
    parts.append(
        tube(
            spine,
            np.array([0.03, 0.17, 0.22, 0.18, 0.13, 0.02]) * beam * 1.15,
            np.array([0.02, 0.16, 0.2, 0.18, 0.16, 0.02]),
            seat,
            10,
            0.4,
        )
    )
    parts.append(
        limb(
            np.array([0.08 * length, -0.36 * beam, 0.95]),
            np.array([0.08 * length, 0.36 * beam, 0.95]),
            0.03,
            0.03,
            BLACK,
            5,
        )
    )
    parts.append(block((0.1 * length, 0.14 * length), (-0.1, 0.1), (0.8, 0.98), BLACK, (0, 0.08, 0), 0.9))
    if rng.random() < 0.12:
        sled = pick(rng, ((0.03, 0.7, 0.85), (0.03, 0.2, 0.8), (0.05, 0.05, 0.6)))
        parts.append(
            block((-0.95 * length, -0.46 * length), (-0.4 * beam, 0.4 * beam), (0.05, 0.25), sled, (0.1, 0, 0.05))
        )
    if covered:
        t = np.linspace(0, 1, 9)
        spine = np.stack([(t - 0.48) * length, np.zeros(9), np.full(9, 0.3)], 1)
        r = np.sin(np.pi * np.clip(t, 0.03, 0.97)) ** 0.4
        parts.append(
            tube(
                spine,
                r * 0.42 * beam,
                r * (0.35 + 0.3 * np.exp(-(((t - 0.55) / 0.15) ** 2))),
                pick(rng, WHITES if rng.random() < 0.5 else CANVAS),
                12,
                0.15,
            )
        )
    riders = 0 if covered else int(rng.choice([0, 1, 2], p=[0.3, 0.5, 0.2]))
    for k in range(riders):
        parts.append(person(rng, (-0.08 * length - 0.42 * k, 0, 0.7), "ride", float(rng.normal(0, 0.1))))
    return Craft(Solid.joined(parts), length, beam, 1.0 if riders else 0.05)
