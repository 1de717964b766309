"""Sprites of dolphins and swimmers: a body in or under the water, with the white water it makes."""

import numpy as np

from wideberth_training_detector.atlas_foam import F32, Rng, lace_cover
from wideberth_training_detector.atlas_people import swimmer
from wideberth_training_detector.atlas_scene import Ground, Light, Sea, View
from wideberth_training_detector.atlas_shade import render
from wideberth_training_detector.atlas_simulator import simulated_whale
from wideberth_training_detector.atlas_solid import Solid, turn_matrix
from wideberth_training_detector.atlas_sprite import Sprite, finish, random_view
from wideberth_training_detector.atlas_whales import random_build, whale


def dolphin(rng: Rng) -> Sprite | None:
    """A small cetacean or a whale: whole under water, its back out, rolled, or leaping a little."""
    simulated = simulated_whale(rng) if rng.random() < 0.18 else None
    body, length = simulated or whale(rng, random_build(rng))
    state = str(rng.choice(["under", "back", "awash", "out"], p=[0.40, 0.34, 0.18, 0.08]))
    roll = rng.normal(0, 0.2) if rng.random() < 0.8 else rng.uniform(-np.pi, np.pi)
    pitch = rng.normal(0, 0.10) + (rng.normal(0, 0.2) if state == "out" else 0)
    body = body.moved((0, 0, 0), turn_matrix(0.0, float(pitch), float(roll)))
    thick = 0.16 * length
    high = float(np.quantile(body.corners[..., 2], 0.985))
    level = {"under": -rng.uniform(0.1, 2.2) * length * 0.5, "back": rng.uniform(0.1, 0.6) * thick,
             "awash": rng.uniform(-0.2, 0.12) * thick, "out": rng.uniform(0.6, 1.3) * thick}[state]  # fmt: skip
    body = body.moved((0, 0, float(level) - high))
    clear = float(rng.uniform(0.4, 1.0) if state == "under" else rng.uniform(0.12, 0.9))
    sea = _water(rng, clear, max(-float(level), 0.0) + 0.6 * thick, length, state != "under")
    if rng.random() < {"under": 0.0, "back": 0.6, "awash": 0.45, "out": 0.9}[state]:
        sea = _with_foam(rng, sea, length)
    return _drawn(rng, "dolphin", body, length, float(rng.uniform(90, 235)), sea, clear)


def swimmer_sprite(rng: Rng) -> Sprite | None:
    """Someone in the water."""
    body, length = swimmer(rng)
    clear = float(np.exp(rng.uniform(np.log(0.02), np.log(0.8))))
    sea = _water(rng, clear, 0.35, 1.2, True)
    if rng.random() < 0.4:
        sea = _with_foam(rng, sea, 1.7)
    return _drawn(rng, "swimmer", body, length, float(rng.uniform(60, 150)), sea, clear)


def _water(rng: Rng, clear: float, depth_m: float, size_m: float, breaking: bool) -> Sea:
    """Water that lets a share `clear` of the light through at a depth."""
    rim = float(rng.uniform(0.1, 0.95)) if breaking and rng.random() < 0.6 else 0.0
    return Sea(
        fade_per_m=-np.log(clear) / max(depth_m, 0.05),
        ripple_m=float(rng.uniform(0.0, 0.022)) * size_m,
        shadow=0.0,
        caustic=float(rng.uniform(0, 0.8)) if rng.random() < 0.5 else 0.0,
        rim=rim,
        rim_m=float(rng.uniform(0.02, 0.07)) * size_m,
    )


def _with_foam(rng: Rng, sea: Sea, length: float) -> Sea:
    """White water about a part of the body, a trail behind, a broad splash, or the mist of a blow by the head."""
    state = int(rng.integers(1 << 31))
    misty = rng.random() < 0.12 and length > 1.75  # whales blow, people do not
    at = rng.uniform(-0.55, 0.5) * length
    a, b = rng.uniform(0.08, 0.33) * length, rng.uniform(0.06, 0.2) * length
    tail = rng.uniform(0, 0.9) if rng.random() < 0.4 else 0.0
    strong = float(rng.uniform(0.5, 1.0))
    cell = float(rng.uniform(0.07, 0.22)) * length
    back, side = length * (0.75 + 0.5 * (tail > 0)), length * 0.55

    def foam(x_m: F32, y_m: F32) -> F32:
        r = np.random.default_rng(state)
        if misty:
            far = ((x_m - 0.45 * length) / (0.7 * a)) ** 2 + ((y_m - 0.3 * a) / (0.7 * a)) ** 2
            return np.asarray(
                np.exp(-far) * (0.3 + 0.4 * strong) * lace_cover(r, 0 * x_m + 0.9, x_m, y_m, length), np.float32
            )
        blob = 1.1 * np.exp(-(((x_m - at) / a) ** 2) - (y_m / b) ** 2)
        aft = np.maximum(at - x_m, 0)
        trail = tail * np.exp(-((y_m / (0.1 * length + 0.2 * aft)) ** 2) - aft / (0.5 * length)) * (x_m < at)
        fade = np.clip((x_m + back) / (0.2 * back), 0, 1) * np.clip((side - np.abs(y_m)) / (0.3 * side), 0, 1)
        white = np.asarray((blob + trail) * fade, np.float32)
        return np.asarray(lace_cover(r, white, x_m, y_m, cell) * strong, np.float32)

    ground: Ground = foam
    return Sea(sea.fade_per_m, sea.ripple_m, sea.shadow, sea.mirror, sea.caustic, ground, cell,
               (back, 0.75 * length, side, 0.0), sea.rim_m, sea.rim)  # fmt: skip


def _drawn(rng: Rng, kind: str, body: Solid, length: float, long_px: float, sea: Sea, clear: float) -> Sprite | None:
    view: View = random_view(
        rng,
        max(length, 0.9 * float(np.ptp(body.corners[..., 0]))),
        long_px,
        0.62,
        -32.0 if kind == "dolphin" else -18.0,
    )
    light = Light.random(rng)
    fine = 3 if long_px < 110 else 2
    picture = render(rng, body, view, light, sea, fine, float(rng.uniform(0.3, 1.5)))
    if picture.hidden > 0.4:
        return None
    sprite = finish(rng, kind, picture, view, length, 256, seen=float(np.clip(0.5 * clear, 0.12, 0.3)))
    if sprite is not None and sprite.wet < 0.15 and max(sprite.box[2:4]) < 0.4 * max(sprite.bgra.shape[:2]):
        return None
    return sprite
