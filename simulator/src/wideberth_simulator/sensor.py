"""From light to 8-bit pixels: blur of the lens, exposure, tone, noise, sharpening."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"

from __future__ import annotations

from functools import lru_cache

import cv2
import numba
import numpy as np
import numpy.typing as npt

Uint8Image = npt.NDArray[np.uint8]
Float32Array = npt.NDArray[np.float32]
LENS_BLUR_PX = 0.6
SENSOR_NOISE_DN = 1.5
GLINT_MASK_DN = 8.0
"""A pixel is glint when sunlight lifts the mean of its channels by more than this."""


@lru_cache(maxsize=1)
def _tone_table() -> npt.NDArray[np.float32]:
    """Gamma 2.2 with a soft shoulder above 0.85 of the range, over 0 to 2."""
    x = np.linspace(0.0, 2.0, 32_768)
    y = np.clip(x, 0.0, None) ** (1 / 2.2)
    y = np.where(y > 0.85, 0.85 + 0.17 * np.tanh((y - 0.85) / 0.17), y)
    return (255.0 * np.minimum(y, 1.0)).astype(np.float32)


@lru_cache(maxsize=1)
def _noise_tile() -> npt.NDArray[np.float32]:
    return np.random.default_rng(4711).standard_normal((512, 512, 3)).astype(np.float32)


@numba.njit(cache=True, fastmath=True, parallel=True)
def _develop(light, exposure, table, noise, noise_dn, dx, dy, out):  # noqa: ANN001, ANN202
    n = noise.shape[0] - 1
    top = table.shape[0] - 1
    for y in numba.prange(light.shape[0]):
        for x in range(light.shape[1]):
            for c in range(3):
                v = light[y, x, c] * exposure * (0.5 * top)
                i = int(min(max(v, 0.0), top))
                # Noise is a little stronger where the tone curve is steep (shadows).
                d = table[i] + noise_dn * noise[(y + dy) & n, (x + dx) & n, c]
                out[y, x, c] = np.uint8(min(max(d + 0.5, 0.0), 255.0))


def develop(light: Float32Array, exposure: float, seed: int, noise_dn: float = SENSOR_NOISE_DN,
            blur_px: float = LENS_BLUR_PX, sharpen: float = 0.35) -> Uint8Image:  # fmt: skip
    """Return 8-bit B, G, R pixels of linear light.

    Args:
        light: (h, w, 3) linear B, G, R, 1 = full sensor at exposure 1.
        exposure: Factor on the light.
        seed: Picks the noise; the same seed gives the same noise.
        noise_dn: SD of the noise in grey levels.
        blur_px: SD of the lens blur.
        sharpen: Strength of the unsharp mask the camera applies (radius 1 px).
    """
    if blur_px > 0:
        light = np.asarray(cv2.GaussianBlur(light, (0, 0), blur_px), np.float32)
    dx, dy = np.random.default_rng((seed, 2)).integers(0, 512, 2)
    out = np.empty(light.shape, np.uint8)
    _develop(light, exposure, _tone_table(), _noise_tile(), noise_dn, int(dx), int(dy), out)
    if sharpen > 0:
        sharp = cv2.addWeighted(out, 1 + sharpen, cv2.GaussianBlur(out, (0, 0), 1.0), -sharpen, 0)
        return np.asarray(sharp, np.uint8)
    return out


@numba.njit(cache=True, fastmath=True, parallel=True)
def _add_sun(clean, glint, bloom, colour, out):  # noqa: ANN001, ANN202
    for y in numba.prange(clean.shape[0]):
        for x in range(clean.shape[1]):
            total = min(glint[y, x], 8.0) + 0.03 * bloom[y, x]
            for c in range(3):
                out[y, x, c] = clean[y, x, c] + total * colour[c]


def with_sun(clean: Float32Array, glint: Float32Array, sun_colour: npt.NDArray[np.float64]) -> Float32Array:
    """Return the picture with sun glint and the bloom of its brightest points."""
    small = cv2.resize(np.minimum(glint, 3.0), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    bloom = cv2.resize(cv2.GaussianBlur(small, (0, 0), 1.6), (glint.shape[1], glint.shape[0]))
    out = np.empty_like(clean)
    _add_sun(clean, glint, bloom, sun_colour.astype(np.float32), out)
    return out


@numba.njit(cache=True, fastmath=True, parallel=True)
def _mask(clean, sunny, exposure, table, limit, out):  # noqa: ANN001, ANN202
    top = table.shape[0] - 1
    for y in numba.prange(clean.shape[0]):
        for x in range(clean.shape[1]):
            lift = 0.0
            if sunny[y, x, 1] - clean[y, x, 1] > 1e-4:
                for c in range(3):
                    a = int(min(max(sunny[y, x, c] * exposure * 0.5 * top, 0.0), top))
                    b = int(min(max(clean[y, x, c] * exposure * 0.5 * top, 0.0), top))
                    lift += table[a] - table[b]
            out[y, x] = lift > 3.0 * limit


def glint_mask(clean: Float32Array, sunny: Float32Array, exposure: float) -> npt.NDArray[np.bool_]:
    """Return where sunlight lifts the mean of the channels by more than `GLINT_MASK_DN` grey levels."""
    out = np.empty(clean.shape[:2], np.bool_)
    _mask(clean, sunny, exposure, _tone_table(), GLINT_MASK_DN, out)
    return out
