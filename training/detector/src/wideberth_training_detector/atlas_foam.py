"""Noise tiles, foam lace and the white water a hull leaves, as covers over the sea plane."""

import math
from functools import lru_cache

import numba
import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
Rng = np.random.Generator
_SIDE = 512  # a power of two: wrapping is a mask


def _band(rng: Rng, low_px: float, high_px: float) -> NDArray[np.float64]:
    f = np.fft.fftfreq(_SIDE)
    r = np.hypot(*np.meshgrid(f, f))
    r[0, 0] = 1
    gain = np.exp(-((low_px * r) ** 2)) * (1 - np.exp(-((high_px * r) ** 2))) / r
    field = np.fft.ifft2(np.fft.fft2(rng.standard_normal((_SIDE, _SIDE))) * gain).real
    return np.asarray((field - field.mean()) / field.std())


def _rank(field: NDArray[np.float64]) -> F32:
    order = np.argsort(np.argsort(field.ravel())).reshape(field.shape)
    return np.asarray(order / field.size, np.float32)


@lru_cache(maxsize=1)
def tiles() -> dict[str, F32]:
    """Periodic tiles: `lace` and `grain` in 0..1 with equal shares of every value, `cloud` and `fine` of unit SD."""
    rng = np.random.default_rng(77)
    ridges = np.abs(_band(rng, 8, 70)) * 0.6 + np.abs(_band(rng, 4, 26)) * 0.4
    caustic = -np.abs(_band(rng, 10, 40))
    return {
        "lace": _rank(ridges * 0.75 + 0.25 * np.abs(_band(rng, 1.5, 8))),
        "grain": _rank(_band(rng, 1.2, 9) + 0.8 * _band(rng, 6, 40)),
        "caustic": _rank(caustic),
        "cloud": np.asarray(_band(rng, 6, 160), np.float32),
        "fine": np.asarray(_band(rng, 0.8, 6), np.float32),
    }


@numba.njit(cache=True, fastmath=True)
def _look_up(tile, x, y, out):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    mask = tile.shape[0] - 1
    for n in range(x.size):
        i, j = math.floor(x[n]), math.floor(y[n])
        u, v = x[n] - i, y[n] - j
        i0, i1, j0, j1 = i & mask, (i + 1) & mask, j & mask, (j + 1) & mask
        top = tile[j0, i0] * (1 - u) + tile[j0, i1] * u
        out[n] = top * (1 - v) + (tile[j1, i0] * (1 - u) + tile[j1, i1] * u) * v


def sample(name: str, x: F32, y: F32) -> F32:
    """A tile at texel coordinates (any shape, the same for both), wrapped, bilinear."""
    out = np.empty(x.size, np.float32)
    flat_x = np.ascontiguousarray(x, np.float32).ravel()
    _look_up(tiles()[name], flat_x, np.ascontiguousarray(y, np.float32).ravel(), out)
    return out.reshape(x.shape)


def lace_cover(rng: Rng, strength: F32, x_m: F32, y_m: F32, cell_m: float) -> F32:
    """Foam cover 0..1 where `strength` (0..1 and over) rises above clumps, lace and grain; cells are `cell_m` wide."""
    scale = rng.uniform(12.0, 22.0) / cell_m
    shift = rng.uniform(0, _SIDE, 6).astype(np.float32)
    turn = rng.uniform(0, np.pi)
    u = (x_m * np.cos(turn) - y_m * np.sin(turn)) * scale
    v = (x_m * np.sin(turn) + y_m * np.cos(turn)) * scale
    lacy = rng.uniform(0.2, 0.6)
    fine = sample("lace", u + shift[0], v + shift[1]) * lacy + sample("grain", u + shift[2], v + shift[3]) * (
        0.75 - lacy
    )
    level = fine + 0.25 * sample("grain", u * 2.7 + shift[4], v * 2.7 + shift[5])
    clump = 1 + 0.3 * np.clip(sample("cloud", u * 0.5 + shift[3], v * 0.5 + shift[0]), -1.5, 1.5)
    cover = np.clip((strength * clump * 1.2 - level) * rng.uniform(1.8, 4.5) + 0.1, 0, 1)
    return np.asarray(cover * np.clip(strength * 8, 0, 1), np.float32)


def wake_strength(rng: Rng, x_m: F32, y_m: F32, length_m: float, beam_m: float, pace: float) -> F32:
    """White water round a hull heading to +x: wash behind, arms from the bow, spray along the sides.

    Args:
        rng: decides proportions.
        x_m: points forward of mid-length.
        y_m: points to port.
        length_m: of the hull.
        beam_m: of the hull.
        pace: 0 drifting to 1 planing.
    """
    half = length_m / 2
    behind = np.maximum(-x_m - half * 0.85, 0)
    wash_half = beam_m * (0.22 + 0.25 * pace) + behind * rng.uniform(0.03, 0.14)
    reach = length_m * rng.uniform(0.4, 2.6) * (0.3 + pace)
    sway = beam_m * rng.uniform(-0.5, 0.5) * (behind / (2 * length_m)) ** 2
    wash = np.exp(-(((y_m - sway) / wash_half) ** 2)) * np.exp(-behind / reach) * (x_m < -half * 0.85)
    if rng.random() < 0.35:  # the hollow middle of a propeller's race: two bright rims
        wash *= 0.35 + 0.9 * np.clip(np.abs(y_m - sway) / wash_half, 0, 1)
    spread = np.tan(np.radians(rng.uniform(7, 24)))
    start = half * rng.uniform(0.1, 0.8)
    aft = np.maximum(start - x_m, 0)
    arm_at = beam_m * 0.38 + aft * spread
    arm_half = beam_m * (0.06 + 0.1 * pace) + aft * rng.uniform(0.03, 0.12)
    arms = np.exp(-(((np.abs(y_m) - arm_at) / arm_half) ** 2)) * np.exp(-aft / (length_m * rng.uniform(0.4, 1.6)))
    arms *= (x_m < start) * rng.uniform(0.3, 1.3) * (0.25 + pace)
    beside = np.exp(-((np.maximum(np.abs(y_m) - beam_m * 0.42, 0) / (beam_m * (0.08 + 0.3 * pace))) ** 2))
    beside *= (np.abs(x_m) < half) * np.clip((start - x_m) / length_m, 0, 1) * pace * rng.uniform(0.2, 1.4)
    total = wash * rng.uniform(0.6, 1.4) * (0.35 + pace) + arms + beside
    return np.asarray(total, np.float32)
