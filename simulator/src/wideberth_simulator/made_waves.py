"""Waves that bodies make: the Kelvin pattern of a hull under way and rings round what bobs or breaks the surface.

A hull of speed U leaves waves that stand still in its own frame: phase k0 (x cos t + y sin t) / cos^2 t with
k0 = g / U^2, x astern and y aside, at the two angles t where it is stationary: 2 y tan^2 t + x tan t + y = 0 (Kelvin
1887; Lighthill, Waves in Fluids, 3.10). Outside |y| = x / sqrt(8), 19.5 degrees, there are none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wideberth_simulator.waves import GRAVITY_MPS2

Float32Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class HullWaves:
    """A hull under way.

    Attributes:
        east_m: Its middle.
        north_m: Its middle.
        heading_deg: Clockwise from north.
        speed_mps: Over the water.
        length_m: Of the hull.
        slope: Steepest slope it makes.
    """

    east_m: float
    north_m: float
    heading_deg: float
    speed_mps: float
    length_m: float
    slope: float


@dataclass(frozen=True)
class RingWaves:
    """Rings running out from a point.

    Attributes:
        east_m: The point.
        north_m: The point.
        radius_m: Where they are steepest.
        wave_m: Their length.
        slope: Steepest slope.
        broken_rad: Turns the gaps in the rings.
    """

    east_m: float
    north_m: float
    radius_m: float
    wave_m: float
    slope: float
    broken_rad: float = 0.0


def _hull(
    east: Float32Array, north: Float32Array, hull: HullWaves, finest_m: float
) -> tuple[Float32Array, Float32Array]:
    h = math.radians(hull.heading_deg)
    de, dn = east - np.float32(hull.east_m), north - np.float32(hull.north_m)
    astern = -(de * math.sin(h) + dn * math.cos(h)) + 0.45 * hull.length_m
    aside = de * math.cos(h) - dn * math.sin(h)
    x = np.maximum(astern, 1e-3)
    inside = 1.0 - 8.0 * (aside / x) ** 2
    live = (astern > 0) & (inside > 0)
    root = np.sqrt(np.maximum(inside, 0.0))
    y = np.where(np.abs(aside) < 1e-3, np.float32(1e-3), aside)
    k0 = GRAVITY_MPS2 / hull.speed_mps**2
    size = hull.slope * np.sqrt(hull.length_m / (x + hull.length_m))
    along, across = np.zeros_like(x), np.zeros_like(x)
    arm = np.exp(-(((np.abs(aside) / x - 0.31) / 0.09) ** 2))
    for sign, share in ((1.0, 0.35), (-1.0, 1.0)):
        tan = (-x + sign * x * root) / (4.0 * y)
        sec2 = 1.0 + tan * tan
        cos = 1.0 / np.sqrt(sec2)
        k = k0 * sec2
        # Too short to be drawn, or shorter than a hull of this length makes.
        fine = np.clip((2 * math.pi / k - max(3.0 * finest_m, 0.05 * hull.length_m)) / (2.0 * finest_m), 0.0, 1.0)
        weight = size * share * (arm + 0.25) * fine * live
        wave = weight * np.cos(k * (x * cos + y * tan * cos))
        along += wave * cos
        across += wave * tan * cos
    return (
        np.asarray(-along * math.sin(h) + across * math.cos(h), np.float32),
        np.asarray(-along * math.cos(h) - across * math.sin(h), np.float32),
    )


def _ring(east: Float32Array, north: Float32Array, ring: RingWaves) -> tuple[Float32Array, Float32Array]:
    de, dn = east - np.float32(ring.east_m), north - np.float32(ring.north_m)
    r = np.maximum(np.hypot(de, dn), 1e-3)
    size = ring.slope * np.exp(-(((r - ring.radius_m) / (0.6 * ring.radius_m + ring.wave_m)) ** 2))
    angle = np.arctan2(de, dn) + ring.broken_rad
    whole = (
        0.55 + 0.30 * np.sin(2.0 * angle) + 0.25 * np.sin(5.0 * angle + 3.0 * ring.broken_rad + 2.0 * r / ring.radius_m)
    )
    wave = size * np.maximum(whole, 0.0) * np.sin(2 * math.pi * r / ring.wave_m)
    return np.asarray(wave * de / r, np.float32), np.asarray(wave * dn / r, np.float32)


def made_slopes(
    made: tuple[HullWaves | RingWaves, ...], east: Float32Array, north: Float32Array, finest_m: float
) -> Float32Array:
    """Return the slopes (h, w, 2), east and north, that bodies add to the sea.

    Args:
        made: What makes waves.
        east: (h, w) where each pixel meets the sea, m.
        north: The same.
        finest_m: Metres a pixel; waves shorter than three pixels are left out.
    """
    out = np.zeros((*east.shape, 2), np.float32)
    for one in made:
        add = _hull(east, north, one, finest_m) if isinstance(one, HullWaves) else _ring(east, north, one)
        out[..., 0] += add[0]
        out[..., 1] += add[1]
    return out
