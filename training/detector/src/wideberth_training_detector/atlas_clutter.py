"""Sprites of what must not be reported: buoys, birds, kelp, rocks awash, debris, foam, whitecaps, splashes."""

import cv2
import numpy as np

from wideberth_training_detector.atlas_foam import F32, Rng, lace_cover, sample, wake_strength
from wideberth_training_detector.atlas_hulls import PAINTS, STEEL, WHITES
from wideberth_training_detector.atlas_people import JACKETS, pick, ring_buoy
from wideberth_training_detector.atlas_scene import Light, Sea, View
from wideberth_training_detector.atlas_shade import Picture, render
from wideberth_training_detector.atlas_solid import F64, SKIN, Bgr, Solid, ball, block, limb, surface, tube, turn_matrix
from wideberth_training_detector.atlas_sprite import Sprite, finish, random_view

KINDS = ("buoy", "bird", "kelp", "rock", "debris", "wake_foam", "whitecap", "splash")
SHARES = (0.18, 0.16, 0.10, 0.14, 0.12, 0.09, 0.12, 0.09)


def clutter(rng: Rng) -> Sprite | None:
    """One look-alike of any kind."""
    kind = str(rng.choice(KINDS, p=SHARES))
    if kind in ("wake_foam", "whitecap", "splash"):
        return _white_water(rng, kind)
    if kind == "kelp":
        return _kelp(rng)
    body, length, sea = {"buoy": _buoy, "bird": _bird, "rock": _rock, "debris": _debris}[kind](rng)
    long_px = float(rng.uniform(36, 130) if kind != "rock" else rng.uniform(80, 230))
    view = random_view(rng, max(length, 0.8 * float(np.ptp(body.corners[..., 0]))), long_px, 0.55)
    picture = render(rng, body, view, Light.random(rng), sea, 3 if long_px < 110 else 2, float(rng.uniform(0.5, 1.6)))
    return finish(rng, kind, picture, view, length, 256, seen=0.2)


def _buoy(rng: Rng) -> tuple[Solid, float, Sea]:
    """A ball, cone, can, spar with a flag, pillar with a light, ring, or string of floats."""
    paint: Bgr = pick(rng, (*JACKETS, *WHITES, *PAINTS))
    other: Bgr = pick(rng, (*WHITES, (0.02, 0.02, 0.02), *JACKETS))
    kind, r = int(rng.integers(0, 7)), float(rng.uniform(0.15, 0.9))
    z = np.array([-0.4, -0.39, 0.0, 0.5, 1.0, 1.5, 1.51]) * r
    if kind == 0:
        parts = [ball((0, 0, 0.3 * r), (r, r, r), paint, 0.5, 11, 16)]
    elif kind == 1:
        parts = [tube(np.stack([0 * z, 0 * z, z], 1), np.array([0.01, 1, 1.1, 0.8, 0.5, 0.2, 0.01]) * r,
                      np.array([0.01, 1, 1.1, 0.8, 0.5, 0.2, 0.01]) * r, paint, 14, 0.4)]  # fmt: skip
    elif kind == 2:
        tone = np.where((np.arange(7) > 3)[:, None, None], np.array(other), np.array(paint)) * np.ones((7, 14, 3))
        wide = np.array([0.01, 1, 1, 1, 1, 1, 0.01]) * r
        parts = [tube(np.stack([0 * z, 0 * z, z], 1), wide, wide, tone, 14, 0.4)]
    elif kind == 3:
        parts = [
            ball((0, 0, 0.1), (0.3 * r, 0.3 * r, 0.3 * r), paint),
            limb(np.array([0, 0, 0]), np.array([0.2, 0, 2.2]), 0.03, 0.02, STEEL, 5),
        ]
        grid = np.stack(np.meshgrid([0.15, 0.6], [1.6, 2.1]), 2)
        flag = np.stack([grid[..., 0], 0.1 * np.sin(grid[..., 0] * 9), grid[..., 1]], 2)
        parts.append(surface(flag, other))
    elif kind == 4:
        parts = [ball((0, 0, 0.2), (r, r, 0.5 * r), paint, 0.4, 9, 14)]
        for k in range(4):
            a = k * np.pi / 2
            parts.append(
                limb(
                    np.array([0.7 * r * np.cos(a), 0.7 * r * np.sin(a), 0.3]),
                    np.array([0, 0, 2.4 * r]),
                    0.05 * r,
                    0.05 * r,
                    paint,
                    5,
                )
            )
        parts.append(block((-0.2 * r, 0.2 * r), (-0.2 * r, 0.2 * r), (2.1 * r, 2.7 * r), other))
    elif kind == 5:
        parts = [ring_buoy(rng, 0.35, 0.09)]
    else:
        count = int(rng.integers(3, 9))
        x = (np.arange(count) - (count - 1) / 2) * rng.uniform(0.5, 1.2)
        bow = rng.uniform(-0.15, 0.15) * x**2 / max(count, 1)
        parts = [
            ball((float(a), float(b), 0.05), (0.2, 0.16, 0.16), paint if k % 2 else other)
            for k, (a, b) in enumerate(zip(x, bow, strict=True))
        ]
    body = Solid.joined(parts).moved((0, 0, 0), turn_matrix(0, float(rng.normal(0, 0.12)), float(rng.normal(0, 0.12))))
    length = float(np.ptp(body.corners[..., 0]))
    sea = Sea(
        fade_per_m=3,
        shadow=float(rng.uniform(0, 0.6)),
        mirror=float(rng.uniform(0, 0.5)),
        rim=float(rng.uniform(0, 0.7)),
        rim_m=0.2 * length,
    )
    return body, length, sea


def _bird(rng: Rng) -> tuple[Solid, float, Sea]:
    """A gull, cormorant or tern, on the water or gliding above it."""
    back: Bgr = pick(
        rng, ((0.75, 0.75, 0.75), (0.45, 0.44, 0.43), (0.03, 0.03, 0.03), (0.10, 0.15, 0.2), (0.7, 0.7, 0.7))
    )
    body_tone: Bgr = pick(rng, ((0.8, 0.8, 0.8), (0.8, 0.8, 0.8), back))
    size = float(rng.uniform(0.7, 1.4))
    parts = [
        ball((0, 0, 0.1), (0.2, 0.095, 0.09), body_tone, 0.1, 9, 10),
        ball((0.25, 0, 0.15), (0.075, 0.055, 0.06), body_tone, 0.1),
    ]
    parts.append(limb(np.array([0.3, 0, 0.15]), np.array([0.38, 0, 0.13]), 0.016, 0.006, (0.03, 0.45, 0.7), 5))
    tail = np.array([[[-0.2, -0.05, 0.1], [-0.2, 0.05, 0.1]], [[-0.28, -0.06, 0.1], [-0.28, 0.06, 0.1]]])
    parts.append(surface(tail, back))
    flying = rng.random() < 0.55
    span = rng.uniform(0.5, 0.75) if flying else 0.0
    for s in (-1.0, 1.0):
        if flying:
            u = np.linspace(0, 1, 9)
            sweep, lift = rng.uniform(-0.05, 0.25), rng.uniform(-0.1, 0.3)
            lead = np.stack(
                [
                    0.12 + 0.08 * np.sin(np.pi * u * 0.8) - sweep * u**2,
                    s * (0.05 + span * u),
                    0.12 + lift * u - 0.2 * lift * u**2,
                ],
                1,
            )
            chord = 0.2 * (1 - u**3) + 0.015
            rear = lead - np.stack([chord, 0 * u, 0.02 * np.ones(9)], 1)
            tone = np.where((u > 0.8)[:, None, None], np.array((0.02, 0.02, 0.02)), np.array(back)) * np.ones((9, 2, 3))
            parts.append(surface(np.stack([lead, rear], 1), tone))
        else:
            parts.append(ball((-0.05, s * 0.055, 0.14), (0.19, 0.05, 0.05), back))
    high = rng.uniform(0.4, 2.0) if flying else -0.03
    body = Solid.joined(parts).moved(
        (0, 0, 0), turn_matrix(0, float(rng.normal(0, 0.15)), float(rng.normal(0, 0.3 if flying else 0.05))) * size
    )
    return (
        body.moved((0, 0, high)),
        max(2 * span, 0.5) * size,
        Sea(rim=0.0 if flying else float(rng.uniform(0, 0.5)), rim_m=0.05),
    )


def _rock(rng: Rng) -> tuple[Solid, float, Sea]:
    """A boulder awash or a reef under the surface, weeds and foam round it."""
    r = float(np.exp(rng.uniform(np.log(0.5), np.log(6))))
    t, a = np.linspace(0.02, 1, 26)[:, None], np.linspace(0, 2 * np.pi, 49)[None, :-1]
    lobes = 1 + sum(rng.uniform(0, 0.5) / k * np.cos(k * a + rng.uniform(0, 6)) for k in range(1, 7))
    rough = sample(
        "cloud",
        *(
            np.asarray(v, np.float32)
            for v in np.broadcast_arrays(150 * t * np.cos(a), 150 * t * np.sin(a) + rng.uniform(0, 500))
        ),
    )
    sharp = sample(
        "fine",
        *(
            np.asarray(v, np.float32)
            for v in np.broadcast_arrays(80 * t * np.cos(a), 80 * t * np.sin(a) + rng.uniform(0, 500))
        ),
    )
    radius = r * t * lobes * (1 + 0.10 * rough * t)
    top = rng.uniform(-0.1, 0.5) * min(r, 2.5)
    z = top - 0.9 * min(r, 2.5) * t**1.8 + 0.055 * min(r, 2.5) * (rough + 0.3 * sharp)
    tone = np.array(
        pick(rng, ((0.05, 0.06, 0.07), (0.10, 0.12, 0.14), (0.025, 0.03, 0.035), (0.03, 0.07, 0.08), (0.2, 0.24, 0.28)))
    )
    colours = np.clip(tone * (1 + 0.5 * rough[..., None]) * np.where(z[..., None] > 0.25 * r, 1.6, 1.0), 0.006, 0.6)
    body = surface(
        np.stack([radius * np.cos(a), radius * np.sin(a), z], 2),
        colours,
        float(rng.uniform(0.1, 0.6)),
        SKIN,
        closed=True,
    )
    sea = Sea(
        fade_per_m=float(rng.uniform(0.8, 4)),
        ripple_m=0.03 * r,
        rim=float(rng.uniform(0, 1.1)),
        rim_m=float(rng.uniform(0.03, 0.15)) * r,
    )
    return body, 2 * r, sea


def _debris(rng: Rng) -> tuple[Solid, float, Sea]:
    """A plank, log, crate, drum, bottle, sheet of plastic, or a few of them."""
    wood: Bgr = pick(rng, ((0.12, 0.2, 0.32), (0.06, 0.1, 0.16), (0.3, 0.36, 0.42), (0.04, 0.05, 0.06)))
    plastic: Bgr = pick(rng, (*WHITES, *PAINTS, *JACKETS))
    kind, size = int(rng.integers(0, 6)), float(rng.uniform(0.3, 1.5))
    if kind == 0:
        parts = [block((-size, size), (-0.1 * size, 0.1 * size), (-0.03, 0.05), wood)]
    elif kind == 1:
        x = np.linspace(-1, 1, 9) * 1.6 * size
        spine = np.stack([x, 0.08 * size * np.sin(x), 0.02 + 0 * x], 1)
        r = 0.12 * size * np.linspace(1, 0.5, 9)
        parts = [tube(spine, r, r, wood, 9, 0.2, SKIN)]
        for _ in range(int(rng.integers(0, 5))):
            p = spine[int(rng.integers(2, 8))]
            parts.append(limb(p, p + rng.normal(0, 0.5 * size, 3) * [1, 1, 0.3], 0.04 * size, 0.01, wood, 5))
    elif kind == 2:
        parts = [block((-0.4 * size, 0.4 * size), (-0.3 * size, 0.3 * size), (-0.1, 0.3 * size), plastic)]
    elif kind == 3:
        parts = [
            limb(
                np.array([-0.4 * size, 0, 0.1]),
                np.array([0.4 * size, 0, 0.1]),
                0.28 * size,
                0.28 * size,
                plastic,
                12,
                0.5,
            )
        ]
    elif kind == 4:
        parts = [
            limb(
                rng.normal(0, 0.5, 3) * [1, 1, 0],
                rng.normal(0, 0.5, 3) * [1, 1, 0],
                0.05,
                0.04,
                pick(rng, WHITES + PAINTS),
                7,
                0.8,
            )
            for _ in range(int(rng.integers(2, 9)))
        ]
    else:
        u, v = np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-1, 1, 9), indexing="ij")
        wave = 0.08 * np.sin(4 * u + rng.uniform(0, 6)) * np.cos(3 * v)
        grid = np.stack(
            [size * u * (1 + 0.2 * np.sin(3 * v)), 0.6 * size * v * (1 + 0.3 * np.cos(2 * u)), 0.02 + wave], 2
        )
        parts = [surface(grid, plastic, 0.4)]
    body = Solid.joined(parts).moved((0, 0, 0), turn_matrix(0, float(rng.normal(0, 0.06)), float(rng.normal(0, 0.2))))
    return (
        body,
        float(np.ptp(body.corners[..., 0])),
        Sea(
            fade_per_m=3,
            ripple_m=0.02,
            shadow=float(rng.uniform(0, 0.5)),
            rim=float(rng.uniform(0, 0.5)),
            rim_m=0.05 * size,
        ),
    )


def _plane(rng: Rng, length_m: float, long_px: float, squash: bool = True) -> tuple[F32, F32, View]:
    """Points of a piece of sea (m, x along a random heading) seen straight or obliquely."""
    pitch = float(rng.uniform(-90, -25))
    side = int(long_px)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    unit = length_m / side
    x, y = (x - side / 2) * unit, (y - side / 2) * unit
    if squash:
        y = y / np.sin(np.radians(-pitch))
    a = rng.uniform(0, 2 * np.pi)
    px, py = x * np.cos(a) + y * np.sin(a), y * np.cos(a) - x * np.sin(a)
    view = View(a, pitch, 1 / unit, 100 * length_m)
    return np.asarray(px, np.float32), np.asarray(py, np.float32), view


def _laid(rng: Rng, kind: str, bgr: F32 | F64, alpha: F32, view: View, length_m: float) -> Sprite | None:
    edge = np.minimum(*(np.minimum(v, v[::-1]) for v in (np.arange(alpha.shape[0]),) * 2))
    window = np.clip(np.minimum(edge[:, None], edge[None]) / (0.08 * len(edge)), 0, 1)
    alpha = np.asarray(alpha * window, np.float32)
    bgra = np.concatenate([np.broadcast_to(np.asarray(bgr, np.float32), (*alpha.shape, 3)), alpha[..., None]], 2)
    return finish(rng, kind, Picture(bgra.astype(np.float32), alpha, 1.0), view, length_m, 256, "painted", seen=0.25)


def _white_water(rng: Rng, kind: str) -> Sprite | None:
    """Foam without an owner: a wake left behind, a breaking crest, a splash."""
    length = float(rng.uniform(1, 12))
    x, y, view = _plane(rng, length, float(rng.uniform(90, 250)))
    if kind == "wake_foam":
        shift = rng.uniform(-0.6, 0.3) * length
        strong = wake_strength(rng, x + shift, y, 0.4 * length, 0.16 * length, float(rng.uniform(0.2, 1)))
        strong *= 1 if shift > 0 else np.clip(np.abs(x) / (0.2 * length), 0.3, 1)
    elif kind == "whitecap":
        curve = rng.uniform(-0.6, 0.6) * y**2 / length
        ahead = x - curve + 0.02 * length * sample("cloud", y * 200 / length, 0 * y + float(rng.uniform(0, 500)))
        crest = np.exp(-np.maximum(-ahead, 0) / (rng.uniform(0.02, 0.14) * length)) * (ahead < 0.02 * length)
        strong = crest * np.exp(-((y / (rng.uniform(0.12, 0.36) * length)) ** 2)) * rng.uniform(0.7, 1.5)
    else:
        strong = np.zeros_like(x)
        for _ in range(int(rng.integers(4, 22))):
            cx, cy = rng.normal(0, 0.13, 2) * length
            a, b = np.exp(rng.uniform(np.log(0.015), np.log(0.14), 2)) * length
            strong += rng.uniform(0.4, 1.1) * np.exp(-(((x - cx) / a) ** 2) - ((y - cy) / b) ** 2)
    cover = lace_cover(rng, np.asarray(strong, np.float32), x, y, length * float(rng.uniform(0.06, 0.22)))
    tone = float(rng.uniform(0.72, 1.0)) * (0.92 + 0.08 * sample("fine", x * 300 / length, y * 300 / length))
    bgr = np.clip(tone[..., None] * np.array([1.0, 1.0, 0.98]), 0, 1)
    return _laid(rng, kind, bgr, cover * np.float32(rng.uniform(0.45, 1.0)), view, length)


def _kelp(rng: Rng) -> Sprite | None:
    """A raft of weed: blades and holes, brown to green, partly under water."""
    length = float(rng.uniform(1, 10))
    x, y, view = _plane(rng, length, float(rng.uniform(90, 250)))
    side = x.shape[0]
    cover = np.zeros((side, side), np.float32)
    to_px = side / length
    stretch = np.array([1.0, rng.uniform(0.2, 1.0)])
    for _ in range(int(rng.integers(60, 300))):
        start = rng.normal(0, 0.16, 2) * length * stretch
        heading = rng.normal(0, 0.9)
        bend = rng.normal(0, 1.2)
        s = np.linspace(0, rng.uniform(0.05, 0.3) * length, 14)
        path = start + np.stack([s * np.cos(heading + bend * s / length), s * np.sin(heading + bend * s / length)], 1)
        points = np.round((path * to_px + side / 2) * 16).astype(np.int32)
        cv2.polylines(
            cover, [points], False, float(rng.uniform(0.4, 1)), int(rng.integers(1, max(2, side // 40))), cv2.LINE_AA, 4
        )
    blob = np.exp(-((x / (0.3 * length)) ** 2) - (y / (0.2 * length)) ** 2)
    mat = np.clip((blob * 1.3 - sample("grain", x * 90 / length, y * 90 / length)) * 3, 0, 1) * rng.uniform(0, 0.9)
    alpha = np.clip(np.maximum(cover, mat), 0, 1) * rng.uniform(0.55, 1.0)
    tone = np.array(pick(rng, ((0.05, 0.16, 0.20), (0.03, 0.09, 0.12), (0.07, 0.22, 0.16), (0.10, 0.28, 0.34))))
    tone = np.sqrt(tone) * 0.8
    vary = (
        1
        + 0.25 * sample("fine", x * 200 / length, y * 200 / length)
        + 0.2 * sample("cloud", x * 90 / length, y * 90 / length)
    )
    alpha = cv2.GaussianBlur(alpha.astype(np.float32), (0, 0), float(rng.uniform(0.5, 2.5)))
    return _laid(rng, "kelp", np.clip(tone * vary[..., None], 0, 1), alpha, view, length)
