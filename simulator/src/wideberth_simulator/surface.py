"""What lies on or just under the sea as foam and smooth water: surf, bubble rings, slicks, foam streaks, blows.

Rows are world spots as in `foam`.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from wideberth_simulator.foam import droplets
from wideberth_simulator.geometry import Camera

FloatArray = npt.NDArray[np.float64]


def bubble_ring(rng: np.random.Generator, east: float, north: float, radius_m: float, strength: float) -> FloatArray:
    """Return the broken ring of foam round the smooth print a diving whale leaves."""
    count = int(26 + 12 * radius_m)
    a = rng.random(count) * 2 * math.pi
    gaps = np.sin(a * rng.integers(1, 4) + rng.uniform(0, 6)) > -0.5
    wave = 1 + 0.12 * np.sin(2 * a + rng.uniform(0, 6)) + 0.08 * np.sin(3 * a + rng.uniform(0, 6))
    r = radius_m * (wave + rng.normal(0, 0.035, count))
    half = radius_m * rng.uniform(0.06, 0.20, count)
    out = np.column_stack(
        [east + r * np.sin(a), north + r * np.cos(a), half, half * rng.uniform(0.15, 0.45, count),
         np.degrees(a) + 90 + rng.normal(0, 14, count), strength * rng.uniform(0.3, 1.0, count)]
    )  # fmt: skip
    return out[gaps]


def froth(rng: np.random.Generator, east: float, north: float, size_m: float, strength: float) -> FloatArray:
    """Return a white boil: a splash of an animal or of a hull slamming, dense in the middle, ragged outside."""
    count = int(rng.integers(25, 70))
    r = size_m * np.abs(rng.normal(0, 0.5, count))
    a = rng.random(count) * 2 * math.pi
    half = size_m * rng.gamma(1.6, 0.07, count)
    return np.column_stack(
        [east + r * np.cos(a), north + r * np.sin(a), half, half * rng.uniform(0.3, 0.9, count),
         rng.uniform(0, 360, count), strength * rng.uniform(0.3, 1.0, count)]
    )  # fmt: skip


def foam_streaks(
    rng: np.random.Generator, middle: tuple[float, float], reach_m: float, wind_to_deg: float
) -> FloatArray:
    """Return long thin lines of old foam along the wind, as Langmuir cells and old wakes draw them."""
    parts = []
    for _ in range(int(rng.integers(2, 9))):
        length = reach_m * rng.uniform(0.2, 1.2)
        count = int(min(160, 20 + length * 2))
        t = np.linspace(-0.5, 0.5, count)
        h = math.radians(wind_to_deg + rng.normal(0, 8))
        off = rng.uniform(-1, 1, 2) * reach_m
        wander = np.cumsum(rng.normal(0, 0.02, count)) * length * 0.1
        east = middle[0] + off[0] + t * length * math.sin(h) + wander * math.cos(h)
        north = middle[1] + off[1] + t * length * math.cos(h) - wander * math.sin(h)
        half = length / count * rng.uniform(0.6, 2.2, count)
        wide = rng.uniform(0.06, 0.5) * rng.uniform(0.4, 1.6, count)
        keep = rng.random(count) < 0.75
        rows = np.column_stack(
            [
                east,
                north,
                half,
                wide,
                np.full(count, math.degrees(h)),
                rng.uniform(0.15, 0.9) * rng.uniform(0.3, 1, count),
            ]
        )
        parts.append(rows[keep])
    return np.concatenate(parts)


def surf(rng: np.random.Generator, middle: tuple[float, float], reach_m: float, to_deg: float) -> FloatArray:
    """Return breaking waves: bright fronts across the direction they run, a field of foam behind each."""
    parts = []
    h = math.radians(to_deg)
    run, along = np.array([math.sin(h), math.cos(h)]), np.array([math.cos(h), -math.sin(h)])
    for _ in range(int(rng.integers(1, 4))):
        wide = reach_m * rng.uniform(0.5, 2.0)
        origin = np.array(middle) + run * rng.uniform(-1, 1) * reach_m + along * rng.uniform(-0.6, 0.6) * reach_m
        count = int(min(220, 30 + wide * 3))
        s = rng.uniform(-0.5, 0.5, count) * wide
        bend = 0.08 * wide * np.sin(s / wide * rng.uniform(2, 9) + rng.uniform(0, 6))
        front = origin + along * s[:, None] + run * (bend + rng.normal(0, 0.25, count))[:, None]
        size = rng.uniform(0.5, 1.6) * rng.uniform(0.5, 1.3, count)
        turned = to_deg + 90 + rng.normal(0, 12, count)
        parts.append(np.column_stack([front, 1.8 * size, 0.7 * size, turned, rng.uniform(0.7, 1.3, count)]))
        deep = rng.uniform(3, 18)
        count *= 3
        s = rng.uniform(-0.5, 0.5, count) * wide
        back = rng.random(count) ** 1.3 * deep
        field = origin + along * s[:, None] - run * back[:, None]
        size = rng.uniform(0.3, 1.8, count)
        fade = (1 - back / deep) * rng.uniform(0.2, 0.8, count)
        parts.append(
            np.column_stack([field, size, size * rng.uniform(0.3, 1, count), rng.uniform(0, 360, count), fade])
        )
    return np.concatenate(parts)


def ragged_caps(rng: np.random.Generator, caps: FloatArray) -> FloatArray:
    """Return whitecaps (N, 6) broken into pieces along their crests, as close views show them."""
    count = len(caps)
    parts = []
    for _ in range(4):
        h = np.radians(caps[:, 4])
        along = rng.normal(0, 0.55, count) * caps[:, 2]
        aside = rng.normal(0, 0.5, count) * caps[:, 3]
        piece = caps.copy()
        piece[:, 0] += along * np.sin(h) + aside * np.cos(h)
        piece[:, 1] += along * np.cos(h) - aside * np.sin(h)
        piece[:, 2:4] *= rng.uniform(0.25, 0.8, (count, 2))
        piece[:, 4] += rng.normal(0, 22, count)
        piece[:, 5] *= rng.uniform(0.2, 1.0, count)
        parts.append(piece)
    return np.concatenate(parts)


def ripples(rng: np.random.Generator, east: float, north: float, size_m: float) -> FloatArray:
    """Return faint broken rings of ripples round something that moves the water."""
    parts = [
        bubble_ring(rng, east, north, size_m * (0.5 + 0.35 * i), rng.uniform(0.08, 0.25))
        for i in range(int(rng.integers(1, 4)))
    ]
    return np.concatenate(parts)


def blow(rng: np.random.Generator, camera: Camera, east: float, north: float, size_m: float) -> FloatArray:
    """Return the breath of an animal as image spots (N, 5) for `raster.draw_spray`: a soft cloud drifting off."""
    count = int(rng.integers(25, 90))
    drift = rng.normal(0, 0.5, 2) * size_m
    t = rng.random(count)[:, None]
    parts = droplets(rng, camera, east, north, 0.16 * size_m, 0.9 * size_m, count, rng.uniform(0.05, 0.35))
    soft = np.column_stack([np.array([east, north]) + drift * t, 0.2 * size_m + size_m * t])
    seen = camera.project(soft)
    size = camera.focal_px / np.maximum(seen[:, 2], 1.0) * size_m * (0.10 + 0.25 * t[:, 0])
    puff = np.column_stack([seen[:, :2], size, size, rng.uniform(0.004, 0.03) * rng.uniform(0.3, 1.7, count)])
    return np.concatenate([parts, puff])
