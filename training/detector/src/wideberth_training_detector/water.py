"""Painted water: a cheap stand-in sea behind pasted objects, so that one network sees thousands of waters.

Model: directionally filtered Gaussian noise as slope, a base colour, a slow brightness gradient, and glint where the
slope's upper tail meets the sun. It knows no physics of waves; the simulator does. Its task is variety.
"""

import cv2
import numpy as np

from wideberth_training_detector.shapes import Floats

# Base colours in BGR, picked by eye to span open sea, murky green, lake brown, overcast grey and shallow turquoise.
_WATER_BGR = np.array(
    [
        [120, 80, 25], [95, 60, 20], [140, 110, 50], [95, 110, 60], [70, 95, 65], [60, 85, 70], [90, 120, 90],
        [110, 140, 90], [60, 70, 60], [85, 105, 115], [75, 95, 110], [95, 95, 90], [70, 65, 60], [120, 125, 110],
        [95, 70, 70], [140, 150, 95],
    ],
    np.float32,
)  # fmt: skip


def paint_water(rng: np.random.Generator, size_px: int, glint_share: float = 0.35) -> Floats:
    """A square of water, float BGR in 0..255, shape (size, size, 3); a share of them with sun glint."""
    base = _WATER_BGR[rng.integers(len(_WATER_BGR))] * rng.uniform(0.75, 1.3) + rng.normal(0, 8, 3)
    slope = _waves(rng, size_px, rng.uniform(4, 50))
    fine = _waves(rng, size_px, rng.uniform(2, 9))
    relief = slope * rng.uniform(0.3, 1.0) + fine * rng.uniform(0.1, 0.7)
    contrast = rng.uniform(1.5, 16)
    picture = base[None, None] + relief[..., None] * contrast * rng.uniform(0.7, 1.3, 3)
    picture *= _gradient(rng, size_px, rng.uniform(0, 0.35))[..., None]
    if rng.random() < glint_share:
        picture = _add_glint(rng, picture, relief)
    return np.asarray(np.clip(picture, 0, 255), np.float32)


def _waves(rng: np.random.Generator, size_px: int, length_px: float) -> Floats:
    """Unit-variance noise whose energy lies round one wave length and one direction."""
    fx = np.fft.fftfreq(size_px)[None, :]
    fy = np.fft.fftfreq(size_px)[:, None]
    radius = np.hypot(fx, fy) + 1e-6
    direction = np.arctan2(fy, fx) - rng.uniform(0, np.pi)
    ring = np.exp(-((np.log(radius * length_px)) ** 2) / (2 * rng.uniform(0.3, 0.8) ** 2))
    spread = np.abs(np.cos(direction)) ** rng.uniform(0, 5)
    noise = np.fft.fft2(rng.standard_normal((size_px, size_px)))
    field = np.real(np.fft.ifft2(noise * ring * spread))
    return np.asarray((field - field.mean()) / (field.std() + 1e-9), np.float32)


def _gradient(rng: np.random.Generator, size_px: int, strength: float) -> Floats:
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[-1 : 1 : size_px * 1j, -1 : 1 : size_px * 1j]
    return np.asarray(1 + strength * (x * np.cos(angle) + y * np.sin(angle)), np.float32)


def _add_glint(rng: np.random.Generator, picture: Floats, relief: Floats) -> Floats:
    """White sparkle where the relief is steep, strongest round one spot."""
    size_px = picture.shape[0]
    y, x = np.mgrid[0:size_px, 0:size_px].astype(np.float32)
    cx, cy = rng.uniform(-0.2, 1.2, 2) * size_px
    spread_px = rng.uniform(0.15, 0.8) * size_px
    near = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * spread_px**2))
    tail = np.clip((relief / relief.std() - rng.uniform(1.0, 2.6) + near * rng.uniform(0.5, 2)) * 1.5, 0, 1)
    white = cv2.GaussianBlur((tail * near).astype(np.float32), (0, 0), 0.7)[..., None]
    return np.asarray(picture * (1 - white) + 250 * white, np.float32)


def scatter_sparkle(rng: np.random.Generator, picture: Floats) -> Floats:
    """The picture with single bright facets, 1-5 px each, thinning out away from a line: the rim of a glint patch."""
    height, width = picture.shape[:2]
    cover = np.zeros((height, width), np.float32)
    heading = rng.uniform(0, 2 * np.pi)
    fall_px = rng.uniform(0.05, 0.6) * width
    for _ in range(int(np.exp(rng.uniform(np.log(6), np.log(700))))):
        along, away = rng.uniform(-0.8, 0.8) * width, rng.exponential(fall_px) - 0.3 * width
        x = width / 2 + along * np.cos(heading) - away * np.sin(heading)
        y = height / 2 + along * np.sin(heading) + away * np.cos(heading)
        axes = (rng.uniform(0.4, 2.4), rng.uniform(0.4, 1.4))
        box = ((float(x), float(y)), (2 * axes[0], 2 * axes[1]), float(rng.uniform(0, 180)))
        cv2.ellipse(cover, box, float(rng.uniform(0.3, 1.0)), -1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(cover, (0, 0), rng.uniform(0.4, 0.9))[..., None]
    tint = np.array([rng.uniform(200, 255), rng.uniform(190, 255), rng.uniform(200, 255)], np.float32)
    return np.asarray(picture * (1 - soft) + tint * soft, np.float32)
