"""Light leaving a surface: wear and texture, sun with shadows, open sky, wet shine, the camera's curve."""

import numpy as np
from numpy.typing import NDArray

from wideberth_training_detector.atlas_foam import F32, Rng, sample
from wideberth_training_detector.atlas_raster import LightMap
from wideberth_training_detector.atlas_scene import Light, Sea, View
from wideberth_training_detector.atlas_solid import F64, GRIP, PLANKS, RIBS, SKIN, Solid


def surface_light(  # noqa: PLR0913 - what a surface's look depends on
    rng: Rng, world: Solid, solid: Solid, which: NDArray[np.int32], bary: F32, light: Light, eye: View,
    sun_map: LightMap,    sea: Sea, wear: float,
) -> tuple[F32, F32, F32]:  # fmt: skip
    """Display colours 0..1 (h, w, 3), heights above the water (h, w) and label cover (h, w) of the drawn points."""
    rows, cols = which.shape
    at = which >= 0
    t = which[at]
    w = np.stack([bary[at][:, 0], bary[at][:, 1], 1 - bary[at].sum(axis=1)], 1)

    def blend(values: F64) -> F32:
        return np.asarray(np.einsum("nk,nkc->nc", w, values[t].astype(np.float32)), np.float32)

    place, own = blend(world.corners), blend(solid.corners)
    normal, albedo = blend(world.normals), blend(world.colours)
    to_eye = eye.to_eye.astype(np.float32)
    normal *= np.sign(normal @ to_eye)[:, None] + 1e-6
    gloss = world.gloss[t].astype(np.float32)
    albedo = _worn(rng, albedo, own, world.texture[t], gloss, wear)
    under = np.clip(-place[:, 2], 0, None)
    normal += _ripples(rng, own, gloss)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
    facing = normal @ light.to_sun.astype(np.float32)
    lit = sun_map.lit(place) * np.clip(facing, 0, None) * light.sun
    open_sky = _open_sky(world.corners, place, normal)
    if sea.caustic > 0:
        turn = rng.uniform(0, 6)
        net = sample("caustic", own[:, 0] * 60 + own[:, 2] * 40 + 31 * turn, own[:, 1] * 60 + 17 * turn)
        glow = np.clip((net - 0.55) / 0.45, 0, 1) ** 1.5 * np.clip(under * 6, 0, 1)
        lit *= 1 + sea.caustic * (3.0 * glow - 0.5 * np.clip(under * 6, 0, 1))
    colour = albedo * (lit[:, None] * light.sun_bgr + open_sky[:, None] * light.sky_bgr)
    colour += _shine(normal, to_eye, light, gloss, lit > 0, under, open_sky)
    shown = np.zeros((rows, cols, 3), np.float32)
    shown[at] = display(colour * light.exposure, light.contrast)
    height = np.full((rows, cols), 9.0, np.float32)
    height[at] = place[:, 2]
    boxed = np.zeros((rows, cols), np.float32)
    boxed[at] = world.boxed[t]
    return shown, height, boxed


def _worn(rng: Rng, albedo: F32, own: F32, texture: NDArray[np.uint8], gloss: F32, wear: float) -> F32:
    """Albedo with stains, grain, boards, grip patterns, skin mottling."""
    x = own[:, 0] + 0.37 * own[:, 2]
    y = own[:, 1] + 0.53 * own[:, 2]
    shift = rng.uniform(0, 500, 6).astype(np.float32)
    slow = sample("cloud", x * 45 + shift[0], y * 45 + shift[1])
    fast = sample("fine", x * 160 + shift[2], y * 160 + shift[3])
    factor = 1 + wear * (0.07 * slow + 0.05 * fast)
    boards = np.mod(own[:, 1] / rng.uniform(0.10, 0.2), 1.0)
    factor = np.where(texture == PLANKS, factor * np.where(boards < 0.14, 0.55, 1.0) * (1 + 0.1 * fast), factor)
    dots = np.sin(own[:, 0] * 60) * np.sin(own[:, 1] * 60)
    factor = np.where(texture == GRIP, factor * (1 + 0.12 * dots), factor)
    factor = np.where(texture == RIBS, factor * (1 + 0.22 * np.sign(np.sin(own[:, 0] * 14))), factor)
    blotch = sample("grain", x * 70 + shift[4], y * 70 + shift[5])
    factor = np.where(texture == SKIN, (1 + 0.9 * wear * (blotch - 0.5) * 0.5) * (1 + 0.06 * slow), factor)
    if wear > 1.0:  # thin scars
        scars = sample("lace", x * 22 + shift[1], y * 22 + shift[2]) < 0.02 * wear
        factor = np.where((texture == SKIN) & scars, factor * 1.9, factor)
    dirt = np.clip(slow - 1.1, 0, 1) * wear * 0.35 * (texture != SKIN)
    return np.asarray(np.clip(albedo * factor[:, None] * (1 - dirt[:, None]), 0.004, 1), np.float32)


def _ripples(rng: Rng, own: F32, gloss: F32) -> F32:
    """Unevenness of normals: films of water on wet bodies, dents elsewhere."""
    shift = rng.uniform(0, 500, 4).astype(np.float32)
    a = sample("fine", own[:, 0] * 90 + shift[0], own[:, 1] * 90 + shift[1])
    b = sample("fine", own[:, 0] * 90 + shift[2], own[:, 1] * 90 + own[:, 2] * 90 + shift[3])
    size = (0.03 + 0.10 * (gloss > 0.5))[:, None]
    return np.asarray(np.stack([a, b, np.zeros_like(a)], 1) * size, np.float32)


def _open_sky(corners: F64, place: F32, normal: F32) -> F32:
    """Share of the sky a point sees, 0..1: seven directions, each weighted by the point's slope to it."""
    total = np.zeros(len(place), np.float32)
    weight = np.zeros(len(place), np.float32)
    for k in range(7):
        e, a = (np.radians(42), k * np.pi / 3) if k < 6 else (np.radians(89), 0.0)
        to = np.array([np.cos(a) * np.cos(e), np.sin(a) * np.cos(e), np.sin(e)])
        share = np.clip(normal @ to.astype(np.float32) + 0.15, 0, None)
        total += share * LightMap(corners, to, 128).lit(place)
        weight += share
    up = 0.55 + 0.45 * np.clip(normal[:, 2], -1, 1)
    return np.asarray((0.12 + 0.88 * total / np.maximum(weight, 1e-3)) * up, np.float32)


def _shine(normal: F32, to_eye: F32, light: Light, gloss: F32, sunlit: NDArray[np.bool_], under: F32, sky: F32) -> F32:
    """Mirror light of sun and sky on glossy parts above the water."""
    half = light.to_sun + to_eye
    half = (half / np.linalg.norm(half)).astype(np.float32)
    dry = (under <= 0) * 1.0
    sharp = 12 + 160 * gloss**2
    glint = np.clip(normal @ half, 0, 1) ** sharp * gloss * 2.2 * light.sun * sunlit * dry
    graze = np.clip(1 - normal @ to_eye, 0, 1)
    mirror = (0.03 + 0.6 * graze**4) * gloss * dry * sky
    return np.asarray(glint[:, None] * light.sun_bgr + mirror[:, None] * light.sky_bgr * 1.6, np.float32)


def display(linear: F32 | F64, contrast: float) -> F32:
    """Linear light to 0..1 as a camera shows it: sRGB curve, soft shoulder, contrast about the middle."""
    x: F64 = np.clip(np.asarray(linear, np.float64), 0, None)
    x = np.where(x > 0.8, 0.8 + 0.25 * (1 - np.exp(-(x - 0.8) * 2.5)), x)
    s = np.where(x < 0.0031308, 12.92 * x, 1.055 * np.maximum(x, 1e-9) ** (1 / 2.4) - 0.055)
    return np.asarray(np.clip(0.45 + (s - 0.45) * contrast, 0, 1), np.float32)
