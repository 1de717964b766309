"""Random weather, water, sun and camera of a still."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from wideberth_simulator.geometry import Camera
from wideberth_simulator.shading import CLARITY_PER_M, WATER_COLOURS, Light, Water

_WATERS = tuple(WATER_COLOURS)
_WATER_WEIGHTS = np.array([0.18, 0.14, 0.12, 0.15, 0.08, 0.10, 0.07, 0.11, 0.05])


@dataclass(frozen=True)
class Conditions:
    """What is the same all over one still.

    Attributes:
        camera: The camera.
        light: Sun, sky, air, exposure.
        water: Colour and clarity.
        wind_mps: Wind speed.
        wind_to_deg: Where it blows to.
        blur_px: Lens and motion blur.
        noise_dn: Sensor noise.
        sharpen: Unsharp mask of the camera.
    """

    camera: Camera
    light: Light
    water: Water
    wind_mps: float
    wind_to_deg: float
    blur_px: float
    noise_dn: float
    sharpen: float


def _camera(rng: np.random.Generator, width_px: int, height_px: int) -> Camera:
    # The still is a piece of a whole frame of 1080p, 2.7K or 4K: its principal point may lie outside it.
    frame_px = float(rng.choice([1280.0, 1920.0, 2720.0, 3840.0, 3840.0]))
    if frame_px < width_px:
        frame_px = float(width_px)
    focal = 2665.0 / 3840.0 * frame_px * float(rng.choice([1.0, 1.0, 1.14, 0.92, 1.9]))
    room_x, room_y = max(frame_px - width_px, 0.0), max(frame_px * 9 / 16 - height_px, 0.0)
    pitch = float(
        rng.choice(
            [-90.0, rng.uniform(-90, -60), rng.uniform(-60, -30), rng.uniform(-35, -15)], p=[0.25, 0.2, 0.3, 0.25]
        )
    )
    height = math.exp(rng.uniform(math.log(15), math.log(150)))
    # No finer than 1.2 cm a pixel: a dolphin of 2.5 m is at most about 200 px long.
    height = max(height, 0.012 * focal * max(math.sin(math.radians(-pitch)), 0.25))
    return Camera(
        width_px,
        height_px,
        focal,
        frame_px / 2 - rng.uniform(0, 1) * room_x,
        height_px / 2 + rng.uniform(-0.5, 0.5) * room_y,
        0.0,
        0.0,
        float(height),
        float(rng.uniform(0, 360)),
        pitch,
        float(rng.normal(0, 1.0)),
    )


def _light(rng: np.random.Generator, camera: Camera, glint: bool) -> Light:
    elevation = float(rng.uniform(6, 80))
    azimuth = float(rng.uniform(0, 360))
    if glint:
        # Put the mirror of the sun somewhere in or near the picture.
        spot = camera.sea_point(rng.uniform(-0.2, 1.2) * camera.width_px, rng.uniform(-0.2, 1.2) * camera.height_px)
        if spot is not None:
            e, n = spot
            azimuth = math.degrees(math.atan2(e, n))
            elevation = max(4.0, math.degrees(math.atan2(camera.height_m, math.hypot(e, n))))
    overcast = float(rng.choice([0.0, rng.uniform(0, 0.6), rng.uniform(0.85, 1.0)], p=[0.5, 0.25, 0.25]))
    if glint:
        overcast *= 0.4
    return Light(
        azimuth, elevation, overcast, float(rng.choice([0.0, rng.uniform(0.1, 0.9)])),
        float(math.exp(rng.uniform(math.log(2500), math.log(40000)))), float(math.exp(rng.normal(0.05, 0.30))),
    )  # fmt: skip


def _water(rng: np.random.Generator) -> Water:
    name = _WATERS[rng.choice(len(_WATERS), p=_WATER_WEIGHTS / _WATER_WEIGHTS.sum())]
    other = _WATERS[rng.integers(len(_WATERS))]
    mix = rng.uniform(0, 0.25)
    colour = (1 - mix) * np.array(WATER_COLOURS[name]) + mix * np.array(WATER_COLOURS[other])
    colour *= math.exp(rng.normal(0, 0.25)) * np.exp(rng.normal(0, 0.10, 3))
    clarity = np.array(CLARITY_PER_M[name]) * math.exp(rng.normal(0, 0.3))
    bed = float(rng.uniform(0.2, 0.9)) if rng.random() < 0.12 else 0.0
    return Water(
        (float(colour[0]), float(colour[1]), float(colour[2])),
        (float(clarity[0]), float(clarity[1]), float(clarity[2])),
        float(rng.uniform(0.0, 0.16)),
        float(rng.uniform(15, 200)),
        bed,
    )


def random_conditions(rng: np.random.Generator, width_px: int, height_px: int) -> Conditions:
    """Return conditions of a still; about a quarter have the sun's mirror in or near the picture."""
    camera = _camera(rng, width_px, height_px)
    return Conditions(
        camera,
        _light(rng, camera, bool(rng.random() < 0.28)),
        _water(rng),
        float(rng.gamma(3.2, 1.5)) if rng.random() < 0.85 else float(rng.uniform(8, 14)),
        float(rng.uniform(0, 360)),
        float(rng.choice([0.5, 0.7, rng.uniform(0.7, 1.6)])),
        float(rng.uniform(0.5, 4.0)),
        float(rng.choice([0.0, 0.35, 0.7, 1.1])),
    )
