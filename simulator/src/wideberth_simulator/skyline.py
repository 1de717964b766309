"""What stands along the horizon: hills, banks of cloud, bands of fog.

Each is a strip between two elevations over the azimuth, painted in light before the lens: elevations are counted from
the true horizon, so that a strip with its lower edge at 0 stands behind it and hides none of the sea.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from wideberth_simulator.geometry import CURVATURE_PER_M, Camera, horizon_dip_rad
from wideberth_simulator.mesh import BGR
from wideberth_simulator.raster import Layers
from wideberth_simulator.shading import Light, sky_haze

FloatArray = npt.NDArray[np.float64]
AZIMUTHS_DEG = np.linspace(-60.0, 60.0, 481)
"""Where a strip's edges are given, from the camera's heading."""


@dataclass(frozen=True)
class Strip:
    """A strip along the horizon.

    Attributes:
        low_deg: (481,) elevation of the lower edge above the horizon.
        high_deg: (481,) the same of the upper edge; below `low_deg` there is nothing.
        soft_low_deg: How wide the lower edge is.
        soft_high_deg: How wide the upper edge is.
        colour: Light, linear B, G, R.
        opacity: 0 to 1.
        rough: Contrast of what grows or wells up on it.
        grain_deg: Size of that.
    """

    low_deg: FloatArray
    high_deg: FloatArray
    soft_low_deg: float
    soft_high_deg: float
    colour: BGR
    opacity: float
    rough: float
    grain_deg: float


def _rolling(rng: np.random.Generator, waves: int) -> FloatArray:
    """Return a ragged line over the azimuths, about -1 to 1."""
    at = np.radians(AZIMUTHS_DEG) * rng.uniform(4.0, 9.0)
    line = np.zeros(at.size)
    for k in range(1, waves + 1):
        line += np.sin(at * k**1.3 + rng.uniform(0, 2 * math.pi)) * rng.uniform(0.5, 1.5) / k
    return np.asarray(line / np.abs(line).max(), np.float64)


def _bgr(colour: npt.NDArray[np.float64]) -> BGR:
    return float(colour[0]), float(colour[1]), float(colour[2])


def hills(rng: np.random.Generator, camera: Camera, light: Light, away_m: float, share: float = 1.0) -> Strip:
    """Return hills, their shore at `away_m`; beyond the horizon the sea hides their feet.

    Args:
        rng: Picks their outline, height and colour.
        camera: Where they are seen from.
        light: How they are lit; its haze lies over them.
        away_m: How far off the shore is.
        share: Of the picture's width that they take up, from its left or right edge.
    """
    dip = horizon_dip_rad(camera.height_m)
    tallest_m = float(rng.uniform(60, 600))
    heights = tallest_m * np.clip(0.55 + 0.45 * _rolling(rng, 24), 0.03, 1.0)
    low = -math.atan(camera.height_m / away_m + away_m * CURVATURE_PER_M / 2) + dip
    far_m = away_m * rng.uniform(1.05, 1.5)
    high = np.arctan((heights - camera.height_m) / far_m - far_m * CURVATURE_PER_M / 2) + dip
    if away_m > math.sqrt(2 * camera.height_m / CURVATURE_PER_M):
        low = 0.0
    half = math.degrees(math.atan(camera.width_px / 2 / camera.focal_px))
    side = AZIMUTHS_DEG if rng.random() < 0.5 else -AZIMUTHS_DEG
    there = side > half - 2 * half * share
    through = math.exp(-3.91 * away_m / light.visibility_m)
    green = np.array([rng.uniform(0.02, 0.12), rng.uniform(0.05, 0.2), rng.uniform(0.03, 0.16)])
    lit = green * (0.35 + 0.75 * light.daylight) * light.sun_colour
    colour = lit * through + light.sky_colours[1] * 0.85 * (1 - through)
    high_deg = np.where(there, np.degrees(high), -90.0)
    low_deg = np.full(AZIMUTHS_DEG.size, math.degrees(low))
    rough, grain = float(rng.uniform(0.2, 1.0)), float(rng.uniform(0.03, 0.15))
    return Strip(low_deg, high_deg, 0.0, 0.02, _bgr(colour), 1.0, rough * through, grain)


def cloud_bank(rng: np.random.Generator, light: Light) -> Strip:
    """Return a bank of cloud with a hard base near above the horizon."""
    base = float(rng.uniform(0.25, 3.0)) + float(rng.choice([0.0, 0.02, 0.1])) * _rolling(rng, 12)
    high = base + float(rng.uniform(1.0, 6.0)) + 0.4 * _rolling(rng, 8)
    colour = light.sky_colours[1] * rng.uniform(0.45, 1.25) * np.exp(rng.normal(0, 0.04, 3))
    soft = float(rng.choice([0.0, rng.uniform(0.02, 0.3)]))
    # Far off as it is, haze veils it as it does the sky beside it.
    clear = 1.0 - sky_haze(light.visibility_m, math.radians(float(base.mean())))
    return Strip(base, high, soft, float(rng.uniform(0.2, 2.0)), _bgr(colour), clear * float(rng.uniform(0.5, 1.0)),
                 float(rng.uniform(0.0, 0.12)), float(rng.uniform(0.3, 1.5)))  # fmt: skip


def fog_band(rng: np.random.Generator, light: Light) -> Strip:
    """Return a bright or dull band of fog that lies over the far sea and hides the horizon, wholly or in part."""
    low = np.full(AZIMUTHS_DEG.size, -float(rng.uniform(0.2, 1.5))) + 0.05 * _rolling(rng, 6)
    high = np.full(AZIMUTHS_DEG.size, float(rng.uniform(0.1, 1.5))) + 0.05 * _rolling(rng, 6)
    colour = light.sky_colours[1] * rng.uniform(0.8, 1.2)
    soft = rng.uniform(0.05, 0.8, 2)
    return Strip(low, high, float(soft[0]), float(soft[1]), _bgr(colour), float(rng.uniform(0.6, 1.0)), 0.02, 1.0)


def draw_strip(layers: Layers, strip: Strip, camera: Camera, seed: int) -> None:
    """Draw a strip over whatever is there; call before what stands nearer."""
    x, y = np.meshgrid(np.arange(camera.width_px) + 0.5, np.arange(camera.height_px) + 0.5)
    ray = np.stack([(x - camera.centre_x_px), (y - camera.centre_y_px), np.full(x.shape, camera.focal_px)], axis=-1)
    ray = ray @ camera.camera_from_world
    flat = np.hypot(ray[..., 0], ray[..., 1])
    above = np.degrees(np.arctan2(ray[..., 2], flat) + horizon_dip_rad(camera.height_m))
    azimuth = (np.degrees(np.arctan2(ray[..., 0], ray[..., 1])) - camera.yaw_deg + 180.0) % 360.0 - 180.0
    low, high = (np.interp(azimuth, AZIMUTHS_DEG, edge) for edge in (strip.low_deg, strip.high_deg))
    pixel_deg = math.degrees(1.0 / camera.focal_px)
    # An edge that is the horizon itself is as hard as the sea's own.
    cover = np.clip((above - low) / max(strip.soft_low_deg, pixel_deg * 1e-3), 0.0, 1.0)
    cover *= np.clip((high - above) / max(strip.soft_high_deg, pixel_deg) + 0.5, 0.0, 1.0) * strip.opacity
    grain = np.random.default_rng((seed, 3)).standard_normal(x.shape).astype(np.float32)
    size = max(strip.grain_deg / pixel_deg / 2, 0.8)
    small = cv2.GaussianBlur(cv2.resize(grain, None, fx=min(1, 2 / size), fy=min(1, 2 / size)), (0, 0), min(size, 2.0))
    grain = cv2.resize(small / max(float(small.std()), 1e-6), (x.shape[1], x.shape[0]), interpolation=cv2.INTER_CUBIC)
    light = np.array(strip.colour, np.float32) * np.exp(strip.rough * 0.5 * grain)[..., None]
    over, alpha = layers.over, cover[..., None].astype(np.float32)
    over[:] = over * (1 - alpha)
    over[..., :3] += light * alpha
    over[..., 3:] += alpha
    layers.boxes.append((0, 0, camera.width_px, camera.height_px))
