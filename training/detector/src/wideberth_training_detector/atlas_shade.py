"""A body drawn as a drone sees it, on clear water: shadow, reflection, what lies below, foam, what stands above.

Orthographic view with a mild perspective. What lies below the water fades by exp(-k depth), is bent by ripples and
crossed by caustics.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from wideberth_training_detector.atlas_foam import F32, Rng, sample
from wideberth_training_detector.atlas_light import display, surface_light
from wideberth_training_detector.atlas_raster import LightMap, draw
from wideberth_training_detector.atlas_scene import Light, Sea, View
from wideberth_training_detector.atlas_solid import F64, Solid, turn_matrix


@dataclass(frozen=True)
class Picture:
    """A drawn body.

    Attributes:
        bgra: colours 0..1 (not multiplied by alpha) and coverage, (h, w, 4).
        labelled: coverage of the labelled part 0..1 (h, w), dimmed by the water over it.
        wet: share of the labelled part that stands above the water.
        hidden: share of it that white water covers.
    """

    bgra: F32
    labelled: F32
    wet: float
    hidden: float = 0.0


@dataclass
class _Canvas:
    """The fine picture while it is drawn: premultiplied colours and coverage, bottom to top."""

    over: F32
    x_m: F32 = field(repr=False)
    y_m: F32 = field(repr=False)

    def lay(self, bgr: F32 | F64, cover: F32) -> None:
        c = cover[..., None]
        self.over[..., :3] = self.over[..., :3] * (1 - c) + np.asarray(bgr, np.float32) * c
        self.over[..., 3] = self.over[..., 3] * (1 - cover) + cover


def render(rng: Rng, solid: Solid, view: View, light: Light, sea: Sea, fine: int, wear: float = 1.0) -> Picture:
    """Draw a body on clear water.

    Args:
        rng: decides noise.
        solid: the body, in its own axes.
        view: the eye.
        light: sun and sky.
        sea: the water.
        fine: how many fine pixels make one across.
        wear: strength of stains and noise on its paint.
    """
    world = solid.moved((0, 0, 0), turn_matrix(view.heading_rad))
    eye = View(view.heading_rad, view.pitch_deg, view.px_per_m * fine, view.distance_m)
    seen = eye.project(world.corners)
    low, high = _bounds(world, seen, sea, light, eye, fine)
    cols, rows = (int(v) for v in high - low)
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32) + 0.5
    sea_x, sea_y = eye.sea(x + low[0], y + low[1])
    c, s = np.cos(view.heading_rad), np.sin(view.heading_rad)
    body_x, body_y = sea_x * c + sea_y * s, sea_y * c - sea_x * s
    canvas = _Canvas(np.zeros((rows, cols, 4), np.float32), body_x, body_y)
    sun_map = LightMap(world.corners, light.to_sun, 320)
    if sea.shadow > 0:
        flat_sea = np.stack([sea_x.ravel(), sea_y.ravel(), np.zeros(sea_x.size, np.float32)], 1)
        dark = 1 - sun_map.lit(flat_sea).reshape(rows, cols)
        dark = cv2.GaussianBlur(dark, (0, 0), fine * 0.6)
        canvas.lay(np.array([0.03, 0.03, 0.02]), np.asarray(dark * sea.shadow, np.float32))
    _, which, bary = draw(seen - np.array([low[0], low[1], 0]), rows, cols)
    if sea.mirror > 0:
        _mirror(rng, canvas, world, eye, low, light, sea)
    colour, height, boxed = surface_light(rng, world, solid, which, bary, light, eye, sun_map, sea, wear)
    hit = which >= 0
    above = (hit & (height >= 0)).astype(np.float32)
    through = np.where(hit & (height < 0), np.exp(np.minimum(height, 0) * sea.fade_per_m), 0).astype(np.float32)
    bent, through = _bend(rng, colour, through, height, hit, eye, sea)
    canvas.lay(bent, through)
    foam = np.zeros((rows, cols), np.float32)
    if sea.foam is not None:
        foam = sea.foam(body_x, body_y)
        _foam(canvas, foam, light, fine)
    if sea.rim > 0:
        _rim(rng, canvas, above, hit & (height < 0.25), eye, sea)
    canvas.lay(colour, above)
    boxed_above = above * boxed
    boxed_under = through * cv2.dilate(boxed, np.ones((3, 3))) * (1 - above)
    labelled = np.maximum(boxed_above, boxed_under)
    wet = float(boxed_above.sum() / max(float((boxed * hit).sum()), 1.0))
    hidden = float((boxed_under * foam).sum() / max(float(labelled.sum()), 1.0))
    small = cv2.resize(labelled, None, fx=1 / fine, fy=1 / fine, interpolation=cv2.INTER_AREA)
    return Picture(_fold(canvas.over, fine), np.asarray(small, np.float32), wet, hidden)


def _bounds(world: Solid, seen: F64, sea: Sea, light: Light, eye: View, fine: int) -> tuple[F64, F64]:
    """Picture limits round the body, its shadow, reflection and white water, as multiples of `fine` pixels."""
    points = [seen[..., :2].reshape(-1, 2)]
    back, front, side, _ = sea.foam_reach
    if side > 0:
        plane = np.array([[-back, -side, 0], [-back, side, 0], [front, -side, 0], [front, side, 0]], np.float64)
        points.append(eye.project(plane @ turn_matrix(eye.heading_rad).T)[..., :2])
    corners = world.corners.reshape(-1, 3)
    if sea.shadow > 0:
        fall = np.clip(corners[:, 2:], 0, None) / light.to_sun[2]
        points.append(eye.project(np.where([True, True, False], corners - light.to_sun * fall, 0.0))[..., :2])
    if sea.mirror > 0:
        points.append(eye.project(corners * [1, 1, -1])[..., :2])
    pad = 3 * fine + 3 * sea.rim_m * eye.px_per_m * (sea.rim > 0)
    size = np.ptp(points[0], axis=0).max()
    every = np.clip(np.concatenate(points), points[0].min(axis=0) - 1.5 * size, points[0].max(axis=0) + 1.5 * size)
    low = np.floor((every.min(axis=0) - pad) / fine) * fine
    high = np.ceil((every.max(axis=0) + pad) / fine) * fine
    return low, high


def _mirror(rng: Rng, canvas: _Canvas, world: Solid, eye: View, low: F64, light: Light, sea: Sea) -> None:
    """The body upside down in the water, dark and broken by ripples."""
    flip = world.corners * np.array([1, 1, -1])
    seen = eye.project(flip) - np.array([low[0], low[1], 0])
    rows, cols = canvas.x_m.shape
    _, which, _ = draw(seen, rows, cols)
    hit = (which >= 0).astype(np.float32)
    tone = np.zeros((rows, cols, 3), np.float32)
    tone[which >= 0] = display(world.colours[which[which >= 0]].mean(axis=1) * light.exposure * 0.25, light.contrast)
    size = eye.px_per_m * 0.12
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
    wave = sample("fine", canvas.x_m * 20 + 11, canvas.y_m * 60 + float(rng.uniform(0, 500)))
    tone = cv2.remap(tone, x + wave * size, y + wave * size * 0.3, cv2.INTER_LINEAR)
    hit = cv2.remap(hit, x + wave * size, y + wave * size * 0.3, cv2.INTER_LINEAR)
    canvas.lay(tone / np.maximum(hit, 1e-3)[..., None], hit * np.float32(sea.mirror))


def _bend(
    rng: Rng, colour: F32, through: F32, height: F32, hit: NDArray[np.bool_], eye: View, sea: Sea
) -> tuple[F32, F32]:
    """What lies below, displaced by ripples and blurred with depth."""
    if through.max() <= 0:
        return colour, through
    rows, cols = through.shape
    shift = rng.uniform(0, 500, 2)
    depth = cv2.GaussianBlur(np.where(hit, np.clip(-height, 0, 3), 0).astype(np.float32), (0, 0), 5)
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
    scale = 40 / eye.px_per_m
    push = eye.px_per_m * sea.ripple_m * np.minimum(depth * 1.5, 1)
    dx = sample("fine", x * scale * 1.2 + shift[0], y * scale * 1.2) * push
    dy = sample("fine", x * scale * 1.2, y * scale * 1.2 + shift[1]) * push
    light = cv2.remap(colour * through[..., None], x + dx, y + dy, cv2.INTER_LINEAR)
    cover = cv2.remap(through, x + dx, y + dy, cv2.INTER_LINEAR)
    blur = float(np.clip(np.median(-height[hit & (height < 0)]) * 0.012 * eye.px_per_m, 0.3, 12))
    light, cover = cv2.GaussianBlur(light, (0, 0), blur), cv2.GaussianBlur(cover, (0, 0), blur)
    return np.asarray(light / np.maximum(cover, 1e-3)[..., None], np.float32), np.asarray(cover, np.float32)


def _foam(canvas: _Canvas, cover: F32, light: Light, fine: int) -> None:
    """White water, and the pale water full of bubbles round it."""
    bubbles = cv2.GaussianBlur(cover, (0, 0), 5.0 * fine)
    canvas.lay(np.array([0.72, 0.74, 0.62]) * min(light.exposure, 1.1), np.asarray(bubbles * 0.35, np.float32))
    white = float(np.clip(light.exposure * 0.9, 0.62, 1.0)) * np.array([0.98, 0.99, 0.97])
    shade = 0.93 + 0.07 * sample("fine", canvas.x_m * 40, canvas.y_m * 40)
    canvas.lay(np.asarray(np.clip(white * shade[..., None], 0, 1), np.float32), cover)


def _rim(rng: Rng, canvas: _Canvas, above: F32, low: NDArray[np.bool_], eye: View, sea: Sea) -> None:
    """White water along the line where a body breaks the surface."""
    edge = (above > 0) & low
    if not edge.any():
        return
    far = cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, 5) / eye.px_per_m
    scale = 9 / sea.rim_m
    shift = float(rng.uniform(0, 500))
    patchy = 0.75 + 0.5 * sample("cloud", canvas.x_m * scale * 0.6 + shift, canvas.y_m * scale * 0.6)
    strength = sea.rim * np.exp(-far / sea.rim_m) * patchy
    grain = sample("grain", canvas.x_m * scale + 9, canvas.y_m * scale + shift)
    cover = np.clip((strength * 1.3 - grain) * 3, 0, 1).astype(np.float32)
    canvas.lay(np.array([0.95, 0.96, 0.95]), cover)


def _fold(over: F32, fine: int) -> F32:
    """Average fine pixels; colours come out unmultiplied, spread a little under the clear edge."""
    small = cv2.resize(over, None, fx=1 / fine, fy=1 / fine, interpolation=cv2.INTER_AREA)
    alpha = np.clip(small[..., 3:], 0, 1)
    wide = cv2.GaussianBlur(small, (0, 0), 2.0)
    edge = wide[..., :3] / np.maximum(wide[..., 3:], 1e-3)
    plain = small[..., :3] / np.maximum(alpha, 1e-3)
    bgr = np.where(alpha > 0.02, plain, np.where(wide[..., 3:] > 1e-3, edge, 0))
    return np.concatenate([np.clip(bgr, 0, 1), alpha], axis=2).astype(np.float32)
