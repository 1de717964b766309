"""Boats and jet skis from above, and the floating things that are neither.

A hull is an outline with a pointed bow; what stands on it (cockpit, cabin, canopy, engine, people) is drawn as flat
shapes. Tilted views come from the simulator and from the start weights, which know oblique boats already.
"""

import numpy as np

from wideberth_training_detector.shapes import Floats
from wideberth_training_detector.sprites import Canvas, Rng, Sprite, both_sides, foam, grey


def _paint_colour(rng: Rng) -> Floats:
    """Mostly white and pale hulls, some dark, some bright."""
    draw = rng.random()
    if draw < 0.55:
        return grey(rng, 175, 250, 6)
    if draw < 0.75:
        return grey(rng, 20, 110, 10)
    return rng.uniform(10, 255, 3).astype(np.float32)


def _hull(rng: Rng, beam: float) -> Floats:
    half = beam / 2
    sharp = rng.uniform(0.15, 0.6)
    x = [0.5, 0.5 - 0.25 * sharp, 0.5 - 0.55 * sharp, 0.1, -0.2, -0.45, -0.5]
    full = [0.01, half * 0.55, half * 0.86, half, half * 0.98, half * 0.9, half * 0.85]
    return both_sides(x, full)


def paint_vessel(rng: Rng, length_px: float, water_bgr: Floats) -> Sprite:
    """A boat from above: open boat, cabin boat, canopy boat or inflatable; lying still or under way with wake."""
    canvas = Canvas(length_px)
    beam = rng.uniform(0.22, 0.45)
    moving = rng.random() < 0.5
    if moving:
        _wake(canvas, rng, beam)
    shadow = _hull(rng, beam) + rng.uniform(-0.06, 0.06, 2).astype(np.float32)
    canvas.polygon(shadow, water_bgr * 0.45, opacity=rng.uniform(0.2, 0.8))
    hull = _hull(rng, beam)
    paint = _paint_colour(rng)
    canvas.polygon(hull, paint, labelled=True)
    inner = hull * np.array([0.86, rng.uniform(0.55, 0.85)], np.float32)
    deck = grey(rng, 60, 235, 14) if rng.random() < 0.8 else _paint_colour(rng)
    canvas.polygon(inner, deck)
    _superstructure(canvas, rng, beam)
    # People and gear: in a small boat they take up much of the deck, which is what tells it from a jet ski.
    largest = 0.08 if length_px < 80 else 0.035
    for _ in range(int(rng.integers(0, 7)) if rng.random() < 0.7 else 0):
        spot = (float(rng.uniform(-0.4, 0.25)), float(rng.uniform(-0.3, 0.3) * beam))
        size = float(rng.uniform(0.015, largest))
        canvas.ellipse(spot, (size, size * float(rng.uniform(0.7, 1.0))), rng.uniform(0, 255, 3).astype(np.float32))
    return canvas.finish(blur_px=rng.uniform(0, 0.7))


def _superstructure(canvas: Canvas, rng: Rng, beam: float) -> None:
    if rng.random() < 0.7:
        front, back = rng.uniform(0.0, 0.25), rng.uniform(-0.4, -0.05)
        wide = beam * rng.uniform(0.25, 0.45)
        cabin = np.array([[front, -wide], [front, wide], [back, wide], [back, -wide]], np.float32)
        canvas.polygon(cabin, _paint_colour(rng))
        glass = np.array(
            [[front + 0.04, -wide * 0.9], [front + 0.04, wide * 0.9], [front, wide], [front, -wide]], np.float32
        )
        canvas.polygon(glass, grey(rng, 15, 90))
    if rng.random() < 0.6:
        count = int(rng.integers(1, 3))
        for k in range(count):
            y = (k - (count - 1) / 2) * 0.1
            engine = np.array(
                [[-0.47, y - 0.03], [-0.47, y + 0.03], [-0.56, y + 0.025], [-0.56, y - 0.025]], np.float32
            )
            canvas.polygon(engine, grey(rng, 10, 70))
    for _ in range(int(rng.integers(0, 4))):
        x, y = rng.uniform(-0.4, 0.2), rng.uniform(-0.3, 0.3) * beam
        box = np.array([[0, 0], [0.08, 0], [0.08, 0.05], [0, 0.05]], np.float32) + np.array([x, y], np.float32)
        canvas.polygon(box, _paint_colour(rng))


def _wake(canvas: Canvas, rng: Rng, beam: float) -> None:
    foam(canvas, rng, (-0.85, 0.0), (rng.uniform(0.25, 0.5), beam * rng.uniform(0.3, 0.7)), rng.uniform(0.4, 1))
    for side in (-1, 1):
        foam(canvas, rng, (-0.2, side * beam * 0.8), (0.4, 0.07), rng.uniform(0.2, 0.9))


def paint_lone_wake(rng: Rng, length_px: float, water_bgr: Floats) -> Sprite:
    """White water whose boat has left the picture or was never there."""
    del water_bgr
    canvas = Canvas(length_px)
    _wake(canvas, rng, rng.uniform(0.15, 0.5))
    return canvas.finish(blur_px=rng.uniform(0, 1))


def paint_jet_ski(rng: Rng, length_px: float, water_bgr: Floats) -> Sprite:
    """A jet ski from above: narrow bright hull, dark seat, often a rider and a plume."""
    canvas = Canvas(length_px)
    beam = rng.uniform(0.3, 0.45)
    if rng.random() < 0.55:
        foam(canvas, rng, (-0.8, 0.0), (0.4, rng.uniform(0.08, 0.3)), rng.uniform(0.5, 1))
    canvas.polygon(_hull(rng, beam) + np.float32(0.03), water_bgr * 0.45, opacity=0.6)
    hull = both_sides(
        [0.5, 0.42, 0.25, 0.0, -0.35, -0.5], [0.03, beam * 0.3, beam * 0.45, beam * 0.5, beam * 0.48, beam * 0.36]
    )
    paint = _paint_colour(rng) if rng.random() < 0.5 else rng.uniform(0, 255, 3).astype(np.float32)
    canvas.polygon(hull, paint, labelled=True)
    canvas.polygon(hull * np.array([0.8, 0.55], np.float32), _paint_colour(rng))
    canvas.polygon(both_sides([0.05, -0.1, -0.42], [beam * 0.14, beam * 0.2, beam * 0.18]), grey(rng, 5, 60))
    bar = np.array([[0.12, -beam * 0.4], [0.12, beam * 0.4], [0.08, beam * 0.4], [0.08, -beam * 0.4]], np.float32)
    canvas.polygon(bar, grey(rng, 5, 50))
    if rng.random() < 0.6:
        vest = rng.uniform(0, 255, 3).astype(np.float32)
        canvas.ellipse((-0.1, 0.0), (0.1, beam * 0.33), vest)
        canvas.ellipse((-0.03, 0.0), (0.055, 0.055), grey(rng, 10, 200))
    return canvas.finish(blur_px=rng.uniform(0, 0.6))


def paint_clutter(rng: Rng, length_px: float, water_bgr: Floats) -> Sprite:
    """What must not be reported: buoy, bird, rock, weed patch, whitecap, driftwood."""
    canvas = Canvas(length_px)
    kind = rng.integers(0, 5)
    if kind == 0:
        canvas.ellipse((0, 0), (0.25, 0.25), rng.uniform(0, 255, 3).astype(np.float32))
    elif kind == 1:
        canvas.polygon(both_sides([0.2, 0.0, -0.1, -0.2], [0.02, 0.4, 0.3, 0.03]), grey(rng, 190, 250))
    elif kind == 2:
        _blob(canvas, rng, grey(rng, 20, 90), 0.35)
        foam(canvas, rng, (0, 0), (0.5, 0.4), rng.uniform(0, 0.9))
    elif kind == 3:
        for _ in range(4):
            _blob(canvas, rng, water_bgr * rng.uniform(0.45, 0.85), 0.22)
        return canvas.finish(blur_px=length_px * rng.uniform(0.02, 0.08))
    else:
        foam(canvas, rng, (0, 0), (rng.uniform(0.1, 0.5), rng.uniform(0.05, 0.2)), 1.0)
    return canvas.finish(blur_px=rng.uniform(0, 1))


def _blob(canvas: Canvas, rng: Rng, bgr: Floats, radius: float) -> None:
    t = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    r = radius * (1 + sum(rng.normal(0, 0.25) / k * np.cos(k * t + rng.uniform(0, 6)) for k in range(1, 5)))
    centre = rng.uniform(-0.2, 0.2, 2)
    canvas.polygon(np.stack([centre[0] + r * np.cos(t), centre[1] + r * np.sin(t)], 1).astype(np.float32), bgr)
