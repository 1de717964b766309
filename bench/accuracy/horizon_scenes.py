"""Simulated frames with a horizon: every sea, haze, light and height, with coasts, cloud banks and boats across it."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.poses import CameraPose
from wideberth_contracts.wire import Measured
from wideberth_distance.core.horizon_curve import View, horizon_rows
from wideberth_distance.core.priors import height_sigma_m
from wideberth_simulator.geometry import Camera
from wideberth_simulator.stills.conditions import random_conditions
from wideberth_simulator.stills.mixture import random_contents
from wideberth_simulator.stills.still import render_still

Image = NDArray[np.uint8]
PITCH_SIGMA_DEG, ROLL_SIGMA_DEG, FOCAL_SHARE = 0.7, 0.5, 0.05


class Across(StrEnum):
    """What lies across or instead of the horizon."""

    OPEN = "open sea"
    BOATS = "boats"
    COAST_PART = "coast over part of it"
    COAST_ALL = "coast all along"
    CLOUD_BANK = "cloud bank above"
    NONE = "no horizon in view"


@dataclass(frozen=True, slots=True)
class Scene:
    """A frame, the true camera, the one telemetry expects, and what its sea is like."""

    pixels: Image
    true: CameraPose
    expected: CameraPose
    across: Across
    visibility_m: float
    wind_mps: float


def scene(seed: int, width_px: int = 1920, height_px: int = 1080) -> Scene:
    """One scene; the same seed gives the same pixels."""
    rng = np.random.default_rng((seed, 91))
    across = Across(rng.choice([*Across], p=[0.40, 0.16, 0.12, 0.12, 0.12, 0.08]))
    height_m, focal_px = float(rng.uniform(30, 120)), width_px * float(rng.uniform(0.62, 0.95))
    half_deg = math.degrees(math.atan(height_px / 2 / focal_px))
    pitch = float(rng.uniform(-half_deg + 2.0, min(-3.0, half_deg - 8)))
    if across is Across.NONE:
        pitch = -half_deg - float(rng.uniform(2.5, 25))
    roll = float(rng.normal(0, 0.7))
    cond = random_conditions(rng, width_px, height_px)
    camera = Camera(
        width_px, height_px, focal_px, width_px / 2, height_px / 2, 0.0, 0.0, height_m, float(rng.uniform(0, 360)),
        pitch, roll,
    )  # fmt: skip
    visibility_m = float(math.exp(rng.uniform(math.log(6_000), math.log(60_000))))
    cond = replace(cond, camera=camera, light=replace(cond.light, visibility_m=visibility_m))
    contents = random_contents(rng, cond)
    if across not in (Across.BOATS, Across.OPEN):
        contents = replace(contents, items=(), shore=None)
    elif across is Across.OPEN:
        contents = replace(contents, shore=None)
    pixels = render_still(seed, cond, contents, rng).image_bgr.copy()
    true = _camera(height_m, pitch, roll, focal_px, (width_px, height_px))
    _paint(pixels, true, across, rng)
    return Scene(pixels, true, _expected(true, rng), across, visibility_m, cond.wind_mps)


def _camera(height_m: float, pitch_deg: float, roll_deg: float, focal_px: float, size: tuple[int, int]) -> CameraPose:
    exact = Measured(value=0.0, sigma=0.0)
    return CameraPose(
        height_m=Measured(value=height_m, sigma=0.0), pitch_deg=Measured(value=pitch_deg, sigma=0.0),
        roll_deg=Measured(value=roll_deg, sigma=0.0), yaw_deg=exact, focal_px=Measured(value=focal_px, sigma=0.0),
        east_m=exact, north_m=exact, width_px=size[0], height_px=size[1],
    )  # fmt: skip


def _expected(true: CameraPose, rng: np.random.Generator) -> CameraPose:
    pitch, roll = rng.normal(0, 1, 2) * (PITCH_SIGMA_DEG, ROLL_SIGMA_DEG)
    return true.model_copy(
        update={
            "pitch_deg": Measured(value=true.pitch_deg.value + float(pitch), sigma=PITCH_SIGMA_DEG),
            "roll_deg": Measured(value=true.roll_deg.value + float(roll), sigma=ROLL_SIGMA_DEG),
            "height_m": Measured(value=true.height_m.value, sigma=height_sigma_m(true.height_m.value, 0.0)),
            "focal_px": Measured(value=true.focal_px.value, sigma=FOCAL_SHARE * true.focal_px.value),
        }
    )


def _paint(pixels: Image, true: CameraPose, across: Across, rng: np.random.Generator) -> None:
    """Hills with their waterline below the horizon, or a bank of cloud with a hard base above it."""
    if across not in (Across.COAST_PART, Across.COAST_ALL, Across.CLOUD_BANK):
        return
    height, width = pixels.shape[:2]
    columns = np.arange(width) + 0.5
    view = View(true.focal_px.value, true.height_m.value, width, height)
    horizon = horizon_rows(view, true.pitch_deg.value, true.roll_deg.value, columns)
    waves = np.sum(
        [np.sin(columns / width * k * 6.28 + rng.uniform(0, 6.28)) / k for k in (1, 2, 3, 5, 8, 13, 21)], axis=0
    )
    per_deg = view.px_per_deg
    if across is Across.CLOUD_BANK:
        lift = rng.uniform(0.3, 2.0) * per_deg
        top, bottom = horizon - lift - rng.uniform(1, 5) * per_deg, horizon - lift + 0.03 * per_deg * waves
        tone = np.clip(pixels[: max(int(horizon.min()), 1)].mean() * rng.uniform(0.75, 1.25), 20, 250) * np.ones(3)
    else:
        away_m = rng.uniform(1_200, 9_000)
        bottom = horizon + np.degrees(true.height_m.value / away_m) * per_deg * 0.8
        top = horizon - np.abs(waves + 1.2) * rng.uniform(0.3, 1.5) * per_deg
        tone = np.array([rng.uniform(60, 130), rng.uniform(70, 130), rng.uniform(50, 120)])
    rows = np.arange(height)[:, None]
    cover = np.clip(rows - top + 0.5, 0, 1) * np.clip(bottom - rows + 0.5, 0, 1)
    if across is Across.COAST_PART:
        edge = rng.uniform(0.15, 0.45) * width
        reach = columns < edge if rng.random() < 0.5 else columns > width - edge
        cover = cover * reach[None, :]
    grain = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 1.6) * rng.uniform(5, 40)
    if across is Across.CLOUD_BANK:
        grain = np.asarray(cv2.GaussianBlur(grain, (0, 0), 12) * 3, np.float32)
    # The sensor's noise lies over what is painted as over all else.
    noise = pixels - cv2.GaussianBlur(pixels, (0, 0), 2.0).astype(np.float32)
    land = tone[None, None] + grain[..., None] + np.roll(noise, -height // 3, axis=0)
    pixels[:] = np.clip(pixels * (1 - cover[..., None]) + land * cover[..., None], 0, 255).astype(np.uint8)
