"""A random-phase sea on three periodic grids, and its slopes at any time.

Each grid carries one band of wavelengths of a directional Phillips-type spectrum with a Pierson-Moskowitz roll-off:
S(k) = 1/2 alpha k^-3 exp(-1.25 (k_p/k)^2), k_p = 0.77 g / U^2, spread cos^2 about the wind plus a little all round.
Waves obey omega^2 = g k + (T/rho) k^3. The surface shades, it does not displace: crests hide nothing.
Slopes are scaled so that the whole agrees with Cox and Munk (1954): mean square slope 0.003 + 0.00512 U.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numba
import numpy as np
import numpy.typing as npt

GRAVITY_MPS2 = 9.81
SURFACE_TENSION_M3PS2 = 7.3e-5
PHILLIPS_ALPHA = 0.0081
GRID_SIZE = 512
LEVELS = 9
"""Mip levels of a 512 grid down to 2 by 2."""
GRIDS: tuple[tuple[float, float, float, float], ...] = (
    (307.0, 1e9, 13.0, 0.0),
    (61.0, 13.0, 0.9, 0.61),
    (13.7, 0.9, 0.06, 1.37),
)
"""Tile side (m), longest and shortest wavelength (m), turn of the grid (rad): the turns hide the tiling."""

Float32Array = npt.NDArray[np.float32]


def cox_munk_slope_variance(wind_mps: float) -> float:
    """Return the total mean square slope of a clean sea (Cox and Munk 1954)."""
    return 0.003 + 0.00512 * wind_mps


@numba.njit(cache=True, fastmath=True)
def _evolve(h_pos, h_neg, omega, kx, ky, time_s, out):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    for i in range(omega.shape[0]):
        for j in range(omega.shape[1]):
            w = omega[i, j] * time_s
            c = math.cos(w)
            s = math.sin(w)
            a = h_pos[i, j]
            b = h_neg[i, j]
            re = (a.real + b.real) * c + (a.imag - b.imag) * s
            im = (a.imag + b.imag) * c + (b.real - a.real) * s
            # i kx H + i (i ky H): two real slope fields ride in one complex transform.
            out[i, j] = complex(-kx[i, j] * im - ky[i, j] * re, kx[i, j] * re - ky[i, j] * im)


@dataclass(frozen=True)
class WaveGrid:
    """Amplitudes of one band of waves on its own turned periodic grid."""

    side_m: float
    turn_rad: float
    h_pos: npt.NDArray[np.complex64]
    h_neg: npt.NDArray[np.complex64]
    omega: Float32Array
    kx: Float32Array
    ky: Float32Array

    def slopes(self, time_s: float) -> Float32Array:
        """Return the mip pyramid of slopes: (texels, 2) in world axes, level after level, finest first."""
        spectrum = np.empty((GRID_SIZE, GRID_SIZE), np.complex64)
        _evolve(self.h_pos, self.h_neg, self.omega, self.kx, self.ky, time_s, spectrum)
        field = np.fft.ifft2(spectrum)
        field *= GRID_SIZE * GRID_SIZE
        level = np.ascontiguousarray(field.astype(np.complex64)).view(np.float32).reshape(GRID_SIZE, GRID_SIZE, 2)
        levels = [level.reshape(-1, 2)]
        for _ in range(LEVELS - 1):
            half = (level.shape[1] // 2, level.shape[0] // 2)
            level = np.asarray(cv2.resize(level, half, interpolation=cv2.INTER_AREA), np.float32)
            levels.append(level.reshape(-1, 2))
        return np.concatenate(levels)


def _band_grid(index: int, wind_mps: float, wind_to_rad: float, rng: np.random.Generator) -> WaveGrid:
    side, longest, shortest, turn = GRIDS[index]
    dk = 2 * math.pi / side
    n = (np.fft.fftfreq(GRID_SIZE) * GRID_SIZE).astype(np.float32) * np.float32(dk)
    u, v = np.meshgrid(n, n)
    # World wave vector of the turned grid: the amplitudes are stored in grid order, slopes come out in world axes.
    kx = (u * math.cos(turn) - v * math.sin(turn)).astype(np.float32)
    ky = (u * math.sin(turn) + v * math.cos(turn)).astype(np.float32)
    k = np.hypot(kx, ky)
    k[0, 0] = 1e-6
    peak = 0.77 * GRAVITY_MPS2 / max(wind_mps, 1.0) ** 2
    cosine = (kx * math.cos(wind_to_rad) + ky * math.sin(wind_to_rad)) / k
    spread = (2 / math.pi) * np.where(cosine > 0, cosine**2, 0.0) + 0.08 / (2 * math.pi)
    power = 0.5 * PHILLIPS_ALPHA * k**-3.0 * np.exp(-1.25 * np.minimum((peak / k) ** 2, 60.0)) * spread / k
    power *= (k >= 2 * math.pi / longest) & (k < 2 * math.pi / shortest)
    power[0, 0] = 0.0
    noise = rng.standard_normal((2, GRID_SIZE, GRID_SIZE), dtype=np.float32)
    h_pos = (np.sqrt(power / 4).astype(np.float32) * np.float32(dk)) * (noise[0] + 1j * noise[1])
    h_neg = np.conj(np.roll(h_pos[::-1, ::-1], 1, axis=(0, 1)))
    omega = np.sqrt(GRAVITY_MPS2 * k + SURFACE_TENSION_M3PS2 * k**3).astype(np.float32)
    return WaveGrid(side, turn, h_pos.astype(np.complex64), h_neg.astype(np.complex64), omega, kx, ky)


def _scaled(grid: WaveGrid, factor: float) -> WaveGrid:
    f = np.float32(factor)
    return WaveGrid(grid.side_m, grid.turn_rad, grid.h_pos * f, grid.h_neg * f, grid.omega, grid.kx, grid.ky)


@dataclass(frozen=True)
class Sea:
    """Waves of one sea state.

    Attributes:
        wind_mps: Wind speed at 10 m.
        grids: The bands, longest waves first.
        level_variance: (grids, LEVELS) mean square slope that is left at each mip level.
        scale: Factor on all lengths at one and the same slope, for close views that need finer waves.
    """

    wind_mps: float
    grids: tuple[WaveGrid, ...]
    level_variance: Float32Array
    scale: float = 1.0

    def slopes(self, time_s: float) -> tuple[Float32Array, ...]:
        """Return one mip pyramid a grid at a time."""
        return tuple(g.slopes(time_s) for g in self.grids)


def level_offsets() -> npt.NDArray[np.int64]:
    """Return where each mip level starts in a pyramid."""
    sizes = [(GRID_SIZE >> i) ** 2 for i in range(LEVELS)]
    return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)


def make_sea(wind_mps: float, wind_to_deg: float, rng: np.random.Generator, steepness: float = 1.0) -> Sea:
    """Return a sea for a wind.

    Args:
        wind_mps: Wind speed at 10 m, 0 to 20.
        wind_to_deg: Where the wind blows to, clockwise from north.
        rng: Source of the random phases.
        steepness: Factor on all slopes: 1 is Cox and Munk's mean; gusts, currents and slicks make it more or less.
    """
    to_rad = math.radians(90.0 - wind_to_deg)
    wind = max(wind_mps, 1.2)
    grids = [_band_grid(i, wind, to_rad, rng) for i in range(len(GRIDS))]
    # Share of the Cox-Munk slope variance that each band shall hold; the rest stays unresolved (below 6 cm).
    shares = (0.14, 0.36, 0.26)
    total = cox_munk_slope_variance(wind_mps)
    scaled: list[WaveGrid] = []
    table = np.zeros((len(GRIDS), LEVELS), np.float32)
    offsets = [*level_offsets().tolist(), None]
    for i, grid in enumerate(grids):
        pyramid = grid.slopes(0.0)
        found = float(np.mean(np.sum(pyramid[: GRID_SIZE**2].astype(np.float64) ** 2, axis=1)))
        # Never amplify the swell band beyond its spectrum: light wind has no long waves.
        limit = 1.3 if i == 0 else 40.0
        factor = min(math.sqrt(shares[i] * total / max(found, 1e-9)), limit) * steepness
        scaled.append(_scaled(grid, factor))
        for level in range(LEVELS):
            part = pyramid[offsets[level] : offsets[level + 1]] * factor
            table[i, level] = np.mean(np.sum(part**2, axis=1))
    return Sea(wind_mps, tuple(scaled), table)
