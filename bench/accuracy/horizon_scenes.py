"""Simulated frames with a horizon: every sea, haze, light and height; coasts, clouds, fog and boats across it."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.poses import CameraPose
from wideberth_contracts.wire import Measured
from wideberth_distance.core.priors import height_sigma_m
from wideberth_simulator.geometry import CURVATURE_PER_M, Camera
from wideberth_simulator.skyline import Strip, cloud_bank, fog_band, hills
from wideberth_simulator.stills.conditions import Conditions, random_conditions
from wideberth_simulator.stills.mixture import random_contents
from wideberth_simulator.stills.still import render_still

Image = NDArray[np.uint8]
PITCH_SIGMA_DEG, ROLL_SIGMA_DEG, FOCAL_SHARE, HEIGHT_SHARE = 0.7, 0.5, 0.05, 0.04
GLINT_SHARE = 0.25
"""Of frames that look towards a low sun."""


class Across(StrEnum):
    """What lies across or instead of the horizon."""

    OPEN = "open sea"
    BOATS = "boats"
    COAST_PART = "near coast over part of it"
    COAST_ALL = "near coast all along"
    COAST_FAR = "hills behind it"
    CLOUD_BANK = "bank of cloud above it"
    FOG_BAND = "band of fog over it"
    FOG = "fog"
    NONE = "no horizon in view"


_SHARES = {
    Across.OPEN: 0.32, Across.BOATS: 0.13, Across.COAST_PART: 0.10, Across.COAST_ALL: 0.09, Across.COAST_FAR: 0.09,
    Across.CLOUD_BANK: 0.12, Across.FOG_BAND: 0.05, Across.FOG: 0.04, Across.NONE: 0.06,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """A frame, the true camera, the one telemetry expects, and what its sea is like.

    Attributes:
        expected: pitch and roll as telemetry tells them, height and focal length as they are.
        told: all four as telemetry tells them.
        towards_sun: whether the sun stands low before the camera.
    """

    pixels: Image
    true: CameraPose
    expected: CameraPose
    told: CameraPose
    across: Across
    visibility_m: float
    wind_mps: float
    towards_sun: bool


def scene(seed: int, width_px: int = 1920, height_px: int = 1080) -> Scene:
    """One scene; the same seed gives the same pixels."""
    rng = np.random.default_rng((seed, 91))
    across = Across(rng.choice([*_SHARES], p=[*_SHARES.values()]))
    camera = _camera(rng, across, width_px, height_px)
    cond, towards_sun = _conditions(rng, camera, across)
    contents = random_contents(rng, cond)
    if across is not Across.BOATS:
        contents = replace(contents, items=() if across is not Across.OPEN else contents.items, shore=None)
    contents = replace(contents, skyline=_skyline(rng, camera, cond, across))
    pixels = render_still(seed, cond, contents, rng).image_bgr
    true = _pose(camera)
    expected = _said(true, rng)
    told = expected.model_copy(
        update={
            "height_m": _off(true.height_m, HEIGHT_SHARE, rng),
            "focal_px": _off(true.focal_px, FOCAL_SHARE, rng),
        }
    )
    return Scene(pixels, true, expected, told, across, cond.light.visibility_m, cond.wind_mps, towards_sun)


def _camera(rng: np.random.Generator, across: Across, width_px: int, height_px: int) -> Camera:
    height_m, focal_px = float(rng.uniform(30, 120)), width_px * float(rng.uniform(0.62, 0.95))
    half_deg = math.degrees(math.atan(height_px / 2 / focal_px))
    pitch = float(rng.uniform(-half_deg + 2.0, min(-3.0, half_deg - 8)))
    if across is Across.NONE:
        pitch = -half_deg - float(rng.uniform(2.5, 25))
    return Camera(
        width_px, height_px, focal_px, width_px / 2, height_px / 2, 0.0, 0.0, height_m, float(rng.uniform(0, 360)),
        pitch, float(rng.normal(0, 0.7)),
    )  # fmt: skip


def _conditions(rng: np.random.Generator, camera: Camera, across: Across) -> tuple[Conditions, bool]:
    cond = random_conditions(rng, camera.width_px, camera.height_px)
    low, high = (200.0, 2_500.0) if across is Across.FOG else (6_000.0, 60_000.0)
    visibility_m = float(math.exp(rng.uniform(math.log(low), math.log(high))))
    light = replace(cond.light, visibility_m=visibility_m)
    towards_sun = bool(rng.random() < GLINT_SHARE)
    if towards_sun:
        azimuth, elevation = camera.yaw_deg + float(rng.uniform(-25, 25)), float(rng.uniform(3, 30))
        light = replace(light, sun_azimuth_deg=azimuth, sun_elevation_deg=elevation, overcast=0.4 * light.overcast)
    return replace(cond, camera=camera, light=light), towards_sun


def _skyline(rng: np.random.Generator, camera: Camera, cond: Conditions, across: Across) -> tuple[Strip, ...]:
    horizon_m = math.sqrt(2 * camera.height_m / CURVATURE_PER_M)
    if across is Across.COAST_PART:
        return (hills(rng, camera, cond.light, rng.uniform(1_200, 9_000), rng.uniform(0.15, 0.45)),)
    if across is Across.COAST_ALL:
        return (hills(rng, camera, cond.light, rng.uniform(1_200, 0.7 * horizon_m)),)
    if across is Across.COAST_FAR:
        return (
            hills(rng, camera, cond.light, horizon_m * rng.uniform(1.05, 1.8), rng.choice([1.0, rng.uniform(0.2, 1)])),
        )
    if across is Across.CLOUD_BANK:
        return (cloud_bank(rng, cond.light),)
    return (fog_band(rng, cond.light),) if across is Across.FOG_BAND else ()


def _pose(camera: Camera) -> CameraPose:
    exact = Measured(value=0.0, sigma=0.0)
    return CameraPose(
        height_m=Measured(value=camera.height_m, sigma=0.0), pitch_deg=Measured(value=camera.pitch_deg, sigma=0.0),
        roll_deg=Measured(value=camera.roll_deg, sigma=0.0), yaw_deg=exact,
        focal_px=Measured(value=camera.focal_px, sigma=0.0), east_m=exact, north_m=exact,
        width_px=camera.width_px, height_px=camera.height_px,
    )  # fmt: skip


def _said(true: CameraPose, rng: np.random.Generator) -> CameraPose:
    pitch, roll = rng.normal(0, 1, 2) * (PITCH_SIGMA_DEG, ROLL_SIGMA_DEG)
    return true.model_copy(
        update={
            "pitch_deg": Measured(value=true.pitch_deg.value + float(pitch), sigma=PITCH_SIGMA_DEG),
            "roll_deg": Measured(value=true.roll_deg.value + float(roll), sigma=ROLL_SIGMA_DEG),
            "height_m": Measured(value=true.height_m.value, sigma=height_sigma_m(true.height_m.value, 0.0)),
            "focal_px": Measured(value=true.focal_px.value, sigma=FOCAL_SHARE * true.focal_px.value),
        }
    )


def _off(true: Measured, share: float, rng: np.random.Generator) -> Measured:
    value = true.value * (1 + share * float(rng.standard_normal()))
    return Measured(value=value, sigma=share * value)
