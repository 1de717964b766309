"""Random fields by Fourier synthesis: waves of a chosen spectrum, and clouds of noise with a chosen roughness.

A wave field is white complex noise shaped by the square root of a directional spectrum (the usual linear sea; a
Phillips-like peak and a power-law tail). Slopes are its gradient. Every picture of a batch has its own spectrum.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from wideberth_training_detector.batches.draws import Draws


@dataclass(frozen=True)
class Waves:
    """Periodic wave fields, one a picture.

    Attributes:
        slopes: (n, 2, side, side), rise along x and along y.
        height: (n, side, side), deviation 1.
    """

    slopes: Tensor
    height: Tensor


def _grid(side: int, device: torch.device) -> tuple[Tensor, Tensor]:
    k = 2 * math.pi * torch.fft.fftfreq(side, device=device)
    return k[None, :].expand(side, side), k[:, None].expand(side, side)


def _spectrum(k: Tensor, angle: Tensor, peak: Tensor, power: Tensor, towards: Tensor, spread: Tensor) -> Tensor:
    shape = torch.exp(-1.25 * (peak / k) ** 2) * k**-power
    across = (0.5 + 0.5 * torch.cos(angle - towards)).clamp_min(1e-6) ** spread + 0.02
    return shape * across


def waves(draws: Draws, gsd_m: Tensor, squeeze: Tensor, side: int) -> Waves:
    """Wave fields whose grid step is the pixel's size on the sea.

    Args:
        gsd_m: (n,) metres a grid step.
        squeeze: (n,) grid steps one picture row spans along y (1 straight down, more in oblique views): waves shorter
            than that are left out, as a pixel averages them.
        side: grid points a side.
    """
    n = gsd_m.shape[0]
    kx, ky = _grid(side, draws.device)
    k = torch.sqrt(kx**2 + ky**2)[None]
    k = torch.where(k == 0, torch.ones_like(k), k) / gsd_m[:, None, None]
    angle = torch.atan2(ky, kx)[None]

    def drawn(tensor: Tensor) -> Tensor:
        return tensor[:, None, None]

    towards = draws.uniform(0, 2 * math.pi, n)
    # Peak wave lengths from a ripple of 0.6 m to a sea of 60 m, and a swell beside it.
    peak = 2 * math.pi / draws.log_uniform(0.6, 60.0, n)
    power = draws.uniform(3.6, 6.2, n)
    density = _spectrum(k, angle, drawn(peak), drawn(power), drawn(towards), drawn(draws.log_uniform(0.6, 14, n)))
    swell = _spectrum(
        k, angle, drawn(peak * draws.uniform(0.1, 0.5, n)), drawn(power + 1),
        drawn(draws.uniform(0, 2 * math.pi, n)), drawn(draws.log_uniform(4, 30, n)),
    )  # fmt: skip
    density = density / density.sum((1, 2), keepdim=True)
    swell = swell / swell.sum((1, 2), keepdim=True)
    density = density + drawn(draws.chance(0.4, n) * draws.uniform(0, 1.5, n)) * swell
    blur = torch.exp(-0.5 * (kx[None] * 0.5) ** 2 - 0.5 * (ky[None] * 0.5 * drawn(squeeze)) ** 2)
    noise = torch.complex(draws.normal(n, side, side), draws.normal(n, side, side))
    amplitude = noise * torch.sqrt(density) * blur
    along_x = torch.fft.ifft2(1j * kx[None] * amplitude).real
    along_y = torch.fft.ifft2(1j * ky[None] * amplitude).real
    height = torch.fft.ifft2(amplitude).real
    rms = torch.sqrt((along_x**2 + along_y**2).mean((1, 2), keepdim=True)).clamp_min(1e-12)
    rough = drawn(draws.log_uniform(0.02, 0.28, n))
    slopes = torch.stack([along_x / rms * rough, along_y / rms * rough], 1)
    return Waves(slopes, height / height.std((1, 2), keepdim=True).clamp_min(1e-12))


def clouds(draws: Draws, n: int, side: int, longest_px: tuple[float, float], power: tuple[float, float]) -> Tensor:
    """Two independent fields of noise a picture, (2, n, side, side), deviation 1.

    Args:
        longest_px: range of the largest blob.
        power: range of the spectrum's fall; 2 is rugged, 4 smooth.
    """
    kx, ky = _grid(side, draws.device)
    k = torch.sqrt(kx**2 + ky**2)[None].clamp_min(1e-4)
    cut = 2 * math.pi / draws.log_uniform(*longest_px, n)[:, None, None]
    fall = draws.uniform(*power, n)[:, None, None]
    stretch = torch.complex(draws.normal(n, side, side), draws.normal(n, side, side))
    field = torch.fft.ifft2(stretch * (k**2 + cut**2) ** (-fall / 2))
    both = torch.stack([field.real, field.imag])
    both = both - both.mean((2, 3), keepdim=True)
    return both / both.std((2, 3), keepdim=True).clamp_min(1e-12)
