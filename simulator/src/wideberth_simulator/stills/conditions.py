"""Random weather, water, sun and camera of a still."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from wideberth_simulator.geometry import Camera
from wideberth_simulator.shading import CLARITY_PER_M, WATER_COLOURS, Light, Water

_WATERS = tuple(WATER_COLOURS)
_WATER_WEIGHTS = np.array([0.16, 0.10, 0.12, 0.15, 0.13, 0.12, 0.07, 0.09, 0.06])


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
        steepness: Factor on the slopes of the waves.
        wave_scale: Factor on their lengths.
        median_dn: Grey level that exposure brings the middle of the picture to; None leaves the light's exposure.
    """

    camera: Camera
    light: Light
    water: Water
    wind_mps: float
    wind_to_deg: float
    blur_px: float
    noise_dn: float
    sharpen: float
    steepness: float = 1.0
    wave_scale: float = 1.0
    median_dn: float | None = None


def _camera(rng: np.random.Generator, width_px: int, height_px: int) -> Camera:
    # Ground sample log-uniform: a dolphin of 2.5 m is 8 to 600 px long, every octave as often.
    gsd = math.exp(rng.uniform(math.log(0.0042), math.log(0.27)))
    steep = float(
        rng.choice([90.0, rng.uniform(60, 90), rng.uniform(30, 60), rng.uniform(12, 35)], p=[0.30, 0.22, 0.28, 0.20])
    )
    height = math.exp(rng.uniform(math.log(7), math.log(130)))
    slant = height / math.sin(math.radians(steep))
    focal = min(max(slant / gsd, 600.0), 12_000.0)
    height = max(3.0, focal * gsd * math.sin(math.radians(steep)))
    # The still is a piece of a whole frame: its principal point may lie outside it.
    frame_px = max(focal / 0.69, float(width_px))
    room_x, room_y = min(frame_px - width_px, 2.0 * width_px), 0.6 * height_px
    return Camera(
        width_px,
        height_px,
        focal,
        width_px / 2 + rng.uniform(-0.5, 0.5) * room_x,
        height_px / 2 + rng.uniform(-0.5, 0.5) * room_y,
        0.0,
        0.0,
        float(height),
        float(rng.uniform(0, 360)),
        -steep,
        float(rng.normal(0, 1.0)),
    )


def _mirror_angle_deg(camera: Camera, azimuth_deg: float, elevation_deg: float) -> float:
    """Return the angle between the middle of the view and where a flat sea mirrors the sun."""
    az, el = math.radians(azimuth_deg), math.radians(elevation_deg)
    mirrored = np.array([math.sin(az) * math.cos(el), math.cos(az) * math.cos(el), -math.sin(el)])
    middle = camera.camera_from_world.T @ np.array(
        [
            (camera.width_px / 2 - camera.centre_x_px) / camera.focal_px,
            (camera.height_px / 2 - camera.centre_y_px) / camera.focal_px,
            1.0,
        ]
    )
    return math.degrees(math.acos(float(np.clip(mirrored @ middle / np.linalg.norm(middle), -1, 1))))


def _light(rng: np.random.Generator, camera: Camera, glint: bool, wind_to_deg: float) -> Light:
    elevation = float(rng.uniform(6, 80))
    azimuth = float(rng.uniform(0, 360))
    if glint:
        # Put the mirror of the sun somewhere in or near the picture.
        spot = camera.sea_point(rng.uniform(-0.2, 1.2) * camera.width_px, rng.uniform(-0.2, 1.2) * camera.height_px)
        if spot is not None:
            e, n = spot
            azimuth = math.degrees(math.atan2(e, n))
            elevation = max(4.0, math.degrees(math.atan2(camera.height_m, math.hypot(e, n))))
    else:
        # Elsewhere the mirror of the sun is out of the picture, or the water would glitter in most stills.
        for _ in range(6):
            if _mirror_angle_deg(camera, azimuth, elevation) > 34.0:
                break
            elevation, azimuth = float(rng.uniform(6, 80)), float(rng.uniform(0, 360))
    overcast = float(rng.choice([0.0, rng.uniform(0, 0.6), rng.uniform(0.85, 1.0)], p=[0.5, 0.25, 0.25]))
    if glint:
        overcast *= 0.4
    lobe = float(rng.choice([0.0, rng.uniform(0.5, 2.0), rng.uniform(2.0, 6.0)], p=[0.3, 0.4, 0.3]))
    relief = float(rng.choice([0.0, rng.uniform(0.4, 2.0), rng.uniform(2.0, 6.0)], p=[0.2, 0.35, 0.45]))
    shadow = float(rng.uniform(0.2, 0.8)) if rng.random() < 0.12 else 0.0
    return Light(
        azimuth, elevation, overcast, float(rng.choice([0.0, rng.uniform(0.1, 0.9)])),
        float(math.exp(rng.uniform(math.log(1200), math.log(40000)))), float(math.exp(rng.normal(0.05, 0.30))),
        lobe, shadow, relief, wind_to_deg + float(rng.choice([0.0, 180.0])) + float(rng.normal(0, 28)),
    )  # fmt: skip


def _triple(values: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])


def _water(rng: np.random.Generator) -> Water:
    name = _WATERS[rng.choice(len(_WATERS), p=_WATER_WEIGHTS / _WATER_WEIGHTS.sum())]
    other = _WATERS[rng.integers(len(_WATERS))]
    mix = rng.uniform(0, 0.35)
    colour = (1 - mix) * np.array(WATER_COLOURS[name]) + mix * np.array(WATER_COLOURS[other])
    colour *= math.exp(rng.normal(0, 0.35)) * np.exp(rng.normal(0, 0.14, 3))
    clarity = np.array(CLARITY_PER_M[name]) * math.exp(rng.normal(0, 0.35))
    shallow = rng.random() < 0.22
    gain = np.exp(rng.normal(-0.7, 0.35)) * np.exp(rng.normal(0, 0.12, 3))
    if rng.random() < 0.3:
        gain = np.minimum(1.0 / gain, 2.2)
    return Water(
        _triple(colour),
        _triple(clarity),
        float(rng.uniform(0.0, 0.22)),
        float(math.exp(rng.uniform(math.log(6), math.log(250)))),
        float(rng.uniform(0.3, 1.0)) if shallow else 0.0,
        float(math.exp(rng.uniform(math.log(1.5), math.log(60)))),
        _triple(gain),
        float(rng.uniform(0.1, 0.7)) if rng.random() < (0.6 if shallow else 0.08) else 0.0,
        float(rng.uniform(0.03, 0.2)) if rng.random() < 0.35 else 0.0,
        float(rng.uniform(0.015, 0.10)),
    )


def wave_scale(rng: np.random.Generator, camera: Camera) -> float:
    """Return a factor on the length of the waves: of any size, but never so long that a close view shows the grid."""
    finest_m = camera.height_m / max(math.sin(math.radians(-camera.pitch_deg)), 0.2) / camera.focal_px
    most = min(1.7, max(0.08, finest_m / 0.009))
    return float(most * math.exp(rng.uniform(math.log(0.4), 0.0)))


def random_conditions(rng: np.random.Generator, width_px: int, height_px: int) -> Conditions:
    """Return conditions of a still; about a quarter have the sun's mirror in or near the picture."""
    camera = _camera(rng, width_px, height_px)
    wind_to_deg = float(rng.uniform(0, 360))
    # Sheltered bays and lakes lie smooth, and that is where one flies low over porpoises.
    calm = float(rng.uniform(0.05, 0.5)) if rng.random() < 0.32 else 1.0
    light = _light(rng, camera, bool(rng.random() < 0.26), wind_to_deg)
    return Conditions(
        camera,
        replace(light, relief=light.relief * calm, lobe=light.lobe * calm),
        _water(rng),
        calm * (float(rng.gamma(3.2, 1.5)) if rng.random() < 0.85 else float(rng.uniform(8, 14))),
        wind_to_deg,
        float(rng.choice([0.5, 0.7, rng.uniform(0.7, 1.8)])),
        float(rng.uniform(0.5, 4.0)),
        float(rng.choice([0.0, 0.35, 0.7, 1.1])),
        calm**0.5 * float(math.exp(rng.uniform(math.log(0.6), math.log(2.2)))),
        wave_scale(rng, camera),
        float(math.exp(rng.uniform(math.log(26), math.log(190)))) if rng.random() < 0.75 else None,
    )
