"""Flat things painted on the sea of a still: kelp and weed in strands, land with its shore.

Strokes lie on the sea surface or below it; land is worked out pixel by pixel from where each pixel meets the sea.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from wideberth_simulator.geometry import Camera
from wideberth_simulator.mesh import BGR
from wideberth_simulator.raster import Layers
from wideberth_simulator.shading import Light, Water, tiles

FloatArray = npt.NDArray[np.float64]
Float32Array = npt.NDArray[np.float32]
WEEDS: tuple[BGR, ...] = (
    (0.03, 0.09, 0.16), (0.03, 0.14, 0.26), (0.02, 0.06, 0.07), (0.03, 0.10, 0.08), (0.015, 0.03, 0.035),
)  # fmt: skip


@dataclass(frozen=True)
class Strands:
    """Strands of one colour at one depth.

    Attributes:
        lines_m: Polylines (N, 2) east, north.
        wide_m: Their width.
        colour: Albedo, linear B, G, R.
        opacity: 0 to 1.
        depth_m: Below the surface; 0 lies on it.
    """

    lines_m: tuple[FloatArray, ...]
    wide_m: float
    colour: BGR
    opacity: float
    depth_m: float


def kelp(rng: np.random.Generator, east: float, north: float, size_m: float) -> list[Strands]:
    """Return a raft of kelp or weed: many curved strands that follow one current, in two or three tones."""
    flow, spread = rng.uniform(0, 2 * math.pi), rng.uniform(0.2, 1.3)
    out = []
    for _ in range(int(rng.integers(1, 4))):
        lines = []
        for _ in range(int(rng.integers(12, 60))):
            n = int(rng.integers(5, 12))
            length = size_m * rng.uniform(0.15, 0.7)
            turn = flow + rng.normal(0, spread) + np.cumsum(rng.normal(0, 0.35, n)) + rng.normal(0, 0.15) * np.arange(n)
            step = length / n * np.column_stack([np.sin(turn), np.cos(turn)])
            start = np.array([east, north]) + rng.normal(0, 0.45 * size_m, 2) * [1.0, rng.uniform(0.3, 1.0)]
            lines.append(start + np.cumsum(step, axis=0))
        colour = WEEDS[rng.integers(len(WEEDS))]
        depth = 0.0 if rng.random() < 0.6 else float(rng.uniform(0.1, 1.0))
        wide = float(np.clip(rng.uniform(0.004, 0.03) * size_m, 0.02, 0.2))
        out.append(Strands(tuple(lines), wide, colour, float(rng.uniform(0.4, 1.0)), depth))
    return out


def draw_strands(layers: Layers, strands: Strands, camera: Camera, light: Light, water: Water) -> None:
    """Draw strands into the layer over or under the water."""
    height, width = layers.foam.shape
    mask = np.zeros((height, width), np.uint8)
    ends = []
    for line in strands.lines_m:
        seen = camera.project(np.column_stack([line, np.zeros(len(line))]))
        if seen[:, 2].min() > 1.0:
            ends.append(seen)
    if not ends:
        return
    scale = camera.focal_px / float(np.median(np.concatenate(ends)[:, 2]))
    thick = strands.wide_m * scale
    points = [np.round(np.clip(e[:, :2], -4000, 8000) * 16).astype(np.int32) for e in ends]
    cv2.polylines(mask, points, False, 255, max(1, round(thick)), cv2.LINE_AA, 4)
    if not mask.any():
        return
    rows, cols = np.nonzero(mask.max(axis=1))[0], np.nonzero(mask.max(axis=0))[0]
    y0, y1, x0, x1 = int(rows[0]), int(rows[-1]) + 1, int(cols[0]), int(cols[-1]) + 1
    alpha = (mask[y0:y1, x0:x1, None] / 255.0).astype(np.float32) * np.float32(strands.opacity * min(1.0, thick * 1.5))
    colour = (np.array(strands.colour) * light.daylight).astype(np.float32)
    if strands.depth_m > 0:
        keep = np.exp(-np.array(water.dimming_per_m) * strands.depth_m).astype(np.float32)
        under = layers.under[y0:y1, x0:x1]
        under *= 1 - alpha
        under[..., :3] += colour * keep * alpha
        under[..., 3:] += keep * alpha
    else:
        over = layers.over[y0:y1, x0:x1]
        over *= 1 - alpha
        over[..., :3] += 1.15 * colour * alpha
        over[..., 3:] += alpha
    layers.boxes.append((x0, y0, x1, y1))


@dataclass(frozen=True)
class Shore:
    """Land beyond a wavy line.

    Attributes:
        east_m: A point of the line.
        north_m: A point of the line.
        inland_deg: Which way the land lies.
        wave_m: How far the line wanders.
        strip_m: Width of beach or rocks before the green.
        strip: Colour of beach or rocks.
        green: Colour of what grows behind.
        rough: Contrast of rocks and crowns.
        grain_m: Their size.
        seed: Where in the noise it lies.
    """

    east_m: float
    north_m: float
    inland_deg: float
    wave_m: float
    strip_m: float
    strip: BGR
    green: BGR
    rough: float
    grain_m: float
    seed: int


def random_shore(rng: np.random.Generator, spot: tuple[float, float], reach_m: float) -> Shore:
    """Return a shore through a spot."""
    strips = ((0.35, 0.48, 0.58), (0.5, 0.58, 0.62), (0.10, 0.11, 0.12), (0.05, 0.05, 0.055), (0.28, 0.3, 0.32))
    greens = ((0.03, 0.12, 0.06), (0.05, 0.22, 0.14), (0.08, 0.16, 0.16), (0.25, 0.26, 0.27), (0.10, 0.2, 0.24))
    tone = np.exp(rng.normal(0, 0.25))
    a, b = (np.array(c[rng.integers(5)]) * tone for c in (strips, greens))
    return Shore(
        *spot, float(rng.uniform(0, 360)),
        reach_m * float(rng.uniform(0.05, 0.4)), reach_m * float(rng.uniform(0.02, 0.6)),
        (a[0], a[1], a[2]), (b[0], b[1], b[2]), float(rng.uniform(0.3, 1.0)),
        reach_m * math.exp(rng.uniform(math.log(0.06), math.log(0.5))),
        int(rng.integers(1000)),
    )  # fmt: skip


def sea_grid(camera: Camera, step: int) -> tuple[Float32Array, Float32Array]:
    """Return east and north (h, w) of where pixels meet the plane of the sea; far away above the horizon."""
    height, width = camera.height_px, camera.width_px
    x, y = np.meshgrid(np.arange(0, width + step, step), np.arange(0, height + step, step))
    ray = np.stack(
        [(x - camera.centre_x_px) / camera.focal_px, (y - camera.centre_y_px) / camera.focal_px, np.ones(x.shape)],
        axis=-1,
    )
    ray = ray @ camera.camera_from_world
    t = camera.height_m / np.maximum(-ray[..., 2], 1e-3)
    full = (x.shape[1] * step, x.shape[0] * step)
    east, north = (
        cv2.resize((o + t * ray[..., i]).astype(np.float32), full, interpolation=cv2.INTER_LINEAR)[:height, :width]
        for i, o in ((0, camera.east_m), (1, camera.north_m))
    )
    return np.asarray(east, np.float32), np.asarray(north, np.float32)


def _noise(east: Float32Array, north: Float32Array, size_m: float, shift: int) -> Float32Array:
    tile = tiles().cloud
    scale = 20.0 / size_m
    n = tile.shape[0]
    u, v = np.mod(east * scale + 37.0 * shift, n - 1), np.mod(north * scale + 11.0 * shift, n - 1)
    return np.asarray(cv2.remap(tile, u.astype(np.float32), v.astype(np.float32), cv2.INTER_LINEAR), np.float32)


def draw_shore(layers: Layers, shore: Shore, camera: Camera, light: Light) -> npt.NDArray[np.bool_]:
    """Draw land and the wash along it; return where land is (h, w)."""
    east, north = sea_grid(camera, 8)
    h = math.radians(shore.inland_deg)
    inland = (east - shore.east_m) * math.sin(h) + (north - shore.north_m) * math.cos(h)
    inland += shore.wave_m * _noise(east, north, 9.0 * shore.wave_m + 1.0, shore.seed)
    inland += 0.6 * shore.grain_m * _noise(east, north, 1.7 * shore.grain_m, shore.seed + 5)
    land = inland > 0
    if not land.any():
        return np.asarray(land, np.bool_)
    fine = _noise(east, north, shore.grain_m, shore.seed + 1)
    finer = _noise(east, north, 0.23 * shore.grain_m, shore.seed + 2)
    speck = _noise(east, north, 0.06 * shore.grain_m, shore.seed + 3)
    green = np.clip((inland - shore.strip_m) / max(0.15 * shore.strip_m, 0.3) + fine, 0, 1)[..., None]
    wet = 1 - 0.45 * np.exp(-np.maximum(inland, 0) / max(0.12 * shore.strip_m, 0.4))[..., None]
    tone = np.exp(shore.rough * (0.5 * fine + 0.5 * finer + 0.4 * speck) * (0.3 + green[..., 0]))[..., None]
    colour = (np.array(shore.strip) * (1 - green) * wet + np.array(shore.green) * green) * tone
    lit = (0.35 + 0.75 * light.daylight) * light.sun_colour
    over = layers.over
    over[land, :3] = (colour * lit)[land]
    over[land, 3] = 1.0
    layers.foam += (np.exp(-(((inland + 0.8) / 1.2) ** 2)) * (0.5 + 0.6 * fine)).clip(0, 1.2).astype(np.float32)
    layers.boxes.append((0, 0, camera.width_px, camera.height_px))
    return np.asarray(land, np.bool_)
