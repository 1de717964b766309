"""Dolphins and swimmers, painted.

Proportions of a bottlenose dolphin from above: greatest width about a fifth of the length at 40 % from the snout,
flukes about as wide as the body, the dorsal fin a little behind the middle. Through water an animal fades towards the
water's colour and blurs; both are drawn from broad ranges rather than modelled.
"""

from collections.abc import Callable

import numpy as np

from wideberth_training_detector.shapes import Floats
from wideberth_training_detector.sprites import Canvas, Rng, Sprite, bend, both_sides, foam, grey

Shape = Callable[[Floats], Floats]

# Stations from snout (+0.5) to the root of the flukes (-0.44), fraction of body length.
_BODY_X = [0.5, 0.46, 0.43, 0.38, 0.30, 0.2, 0.1, 0.0, -0.1, -0.2, -0.3, -0.38, -0.44]
_BODY_HALF = [0.004, 0.016, 0.022, 0.052, 0.078, 0.092, 0.097, 0.094, 0.083, 0.063, 0.040, 0.024, 0.016]


def paint_dolphin(rng: Rng, length_px: float, water_bgr: Floats) -> Sprite:
    """A dolphin from above: whole and faded under water, or breaking the surface with a wet back and white water."""
    canvas = Canvas(length_px)
    curve = float(rng.normal(0, 0.22))
    stout = rng.uniform(0.8, 1.35)
    squash = rng.uniform(0.55, 1.0) if rng.random() < 0.4 else 1.0
    skin = grey(rng, 25, 110, 6) + np.array([8, 2, -2], np.float32) * rng.uniform(0, 1)
    surfacing = rng.random() < 0.45
    depth = rng.uniform(0.0, 0.72) if not surfacing else rng.uniform(0.2, 0.9)
    under = _tell_apart(skin * (1 - depth) + water_bgr * depth, water_bgr)
    body = both_sides(_BODY_X, [h * stout for h in _BODY_HALF])

    def shape(points: Floats) -> Floats:
        return bend(np.asarray(points * np.array([1, squash], np.float32), np.float32), curve)

    canvas.polygon(shape(body), under, labelled=True)
    canvas.polygon(shape(_flukes(rng)), under * 0.97, labelled=True)
    for side in (-1, 1):
        canvas.polygon(shape(_flipper(side, stout)), under * 0.9, labelled=False)
    _shade(canvas, rng, under, stout, shape)
    if surfacing:
        _surface(canvas, rng, skin, stout, shape)
    if rng.random() < (0.6 if surfacing else 0.12):
        foam(
            canvas,
            rng,
            (float(rng.uniform(-0.3, 0.5)), 0.0),
            (rng.uniform(0.1, 0.4), rng.uniform(0.1, 0.3)),
            rng.uniform(0.4, 1),
        )
    return canvas.finish(blur_px=length_px * depth * rng.uniform(0.0, 0.02) + rng.uniform(0, 0.6))


def _tell_apart(under: Floats, water_bgr: Floats) -> Floats:
    """Darken an animal that has nearly the water's own colour: what no eye can see must not be labelled."""
    gap = float(np.abs(under - water_bgr).max())
    return under if gap >= 14 else np.asarray(water_bgr * 0.8 - 4, np.float32)


def _flukes(rng: Rng) -> Floats:
    span = rng.uniform(0.08, 0.13)
    half = [[-0.40, 0.014], [-0.44, 0.05], [-0.485, span], [-0.495, span * 0.9], [-0.475, 0.03], [-0.465, 0.0]]
    upper = np.array(half, np.float32)
    return np.concatenate([upper, (upper * [1, -1])[::-1]]).astype(np.float32)


def _flipper(side: int, stout: float) -> Floats:
    points = np.array([[0.26, 0.07], [0.22, 0.11], [0.13, 0.17], [0.12, 0.15], [0.18, 0.085]], np.float32)
    return points * np.array([1, side * stout], np.float32)


def _shade(canvas: Canvas, rng: Rng, under: Floats, stout: float, shape: Shape) -> None:
    """A darker cape along the back, paler flanks on one side where light comes from."""
    cape = both_sides(_BODY_X[3:-1], [h * stout * 0.55 for h in _BODY_HALF[3:-1]])
    canvas.polygon(shape(cape), under * rng.uniform(0.7, 1.0), opacity=rng.uniform(0.2, 0.9))
    if rng.random() < 0.5:
        flank = cape * np.array([0.9, 0.35], np.float32) + np.array([0, rng.choice([-1, 1]) * 0.05 * stout], np.float32)
        canvas.polygon(shape(flank), under * rng.uniform(1.1, 1.7) + 10, opacity=rng.uniform(0.2, 0.7))


def _surface(canvas: Canvas, rng: Rng, skin: Floats, stout: float, shape: Shape) -> None:
    """The part of the back above water, with fin and wet highlight."""
    first = int(rng.integers(2, 6))
    last = int(rng.integers(8, 12))
    back = both_sides(_BODY_X[first:last], [h * stout * rng.uniform(0.55, 0.95) for h in _BODY_HALF[first:last]])
    canvas.polygon(shape(back), skin * 0.85)
    lean = rng.normal(0, 0.07)
    fin = np.array([[0.03, 0.0], [-0.09, lean], [-0.07, 0.012], [-0.05, -0.012]], np.float32)
    canvas.polygon(shape(fin), skin * 0.6)
    if rng.random() < 0.6:
        streak = back * np.array([0.7, 0.15], np.float32) + np.array([0, rng.uniform(-0.03, 0.03)], np.float32)
        canvas.polygon(shape(streak), grey(rng, 150, 255), opacity=rng.uniform(0.2, 0.9))


def paint_swimmer(rng: Rng, length_px: float, water_bgr: Floats) -> Sprite:
    """A person in the water: head or cap, shoulders, arms, a body fading below; often a life jacket."""
    canvas = Canvas(length_px)
    skin = np.array([95, 130, 190], np.float32) * rng.uniform(0.5, 1.15)
    depth = rng.uniform(0.2, 0.85)
    suit = grey(rng, 15, 70) if rng.random() < 0.6 else rng.uniform(20, 255, 3).astype(np.float32)
    upright = rng.random() < 0.4
    reach = 0.25 if upright else 0.5
    legs = both_sides([0.1, -0.1, -reach], [0.1, 0.08, 0.03])
    canvas.polygon(legs, suit * (1 - depth) + water_bgr * depth, labelled=not upright)
    jacket = rng.random() < 0.35
    chest = np.array([rng.uniform(0, 60), rng.uniform(60, 160), 240], np.float32) if jacket else suit
    canvas.ellipse((0.12, 0.0), (0.14, rng.uniform(0.14, 0.22)), chest, labelled=True)
    for side in (-1, 1):
        swing = rng.uniform(-0.2, 0.35)
        arm = np.array([[0.12, 0.1], [0.2 + swing, 0.3], [0.16 + swing, 0.33], [0.06, 0.14]], np.float32)
        canvas.polygon(arm * np.array([1, side], np.float32), skin, opacity=rng.uniform(0.3, 1))
    head = grey(rng, 10, 60) if rng.random() < 0.6 else rng.uniform(0, 255, 3).astype(np.float32)
    canvas.ellipse((0.27, 0.0), (0.1, 0.09), head, labelled=True)
    if rng.random() < 0.5:
        foam(canvas, rng, (float(rng.uniform(-0.5, 0.3)), 0.0), (0.35, 0.25), rng.uniform(0.3, 0.9))
    return canvas.finish(blur_px=rng.uniform(0, 0.6))
