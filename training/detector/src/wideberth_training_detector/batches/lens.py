"""What camera, processing and coding do to a picture: haze, blur, sharpening, tone, noise, blocks."""

import math

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, interpolate, pad

from wideberth_training_detector.batches.draws import Draws

_KERNEL = 7
# Luminance table of the JPEG standard (ISO/IEC 10918-1, annex K), the usual shape of any codec's quantisation.
_TABLE = (
    (16, 11, 10, 16, 24, 40, 51, 61), (12, 12, 14, 19, 26, 58, 60, 55), (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62), (18, 22, 37, 56, 68, 109, 103, 77), (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101), (72, 92, 95, 98, 112, 100, 103, 99),
)  # fmt: skip
_TO_YCC = ((0.299, 0.587, 0.114), (-0.1687, -0.3313, 0.5), (0.5, -0.4187, -0.0813))


def through_lens(draws: Draws, rgb: Tensor) -> Tensor:
    """Pictures as a camera would have written them, (n, 3, h, w) in 0..1; sides must be multiples of 16."""
    rgb = _hazed(draws, rgb)
    rgb = _filtered(draws, rgb)
    rgb = _toned(draws, rgb)
    rgb = _noisy(draws, rgb)
    return _coded(draws, rgb.clamp(0, 1)).clamp(0, 1)


def _some(draws: Draws, n: int, chance: float, low: float, high: float) -> Tensor:
    return (draws.chance(chance, n) * draws.uniform(low, high, n))[:, None, None, None]


def _hazed(draws: Draws, rgb: Tensor) -> Tensor:
    n, _, height, _ = rgb.shape
    upwards = torch.linspace(1, 0, height, device=rgb.device)[None, None, :, None]
    veil = _some(draws, n, 0.25, 0.03, 0.45) * (0.4 + 0.6 * upwards)
    colour = draws.uniform(0.55, 0.9, n, 1, 1, 1) * (1 + 0.05 * draws.normal(n, 3, 1, 1))
    return rgb * (1 - veil) + colour * veil


def _filtered(draws: Draws, rgb: Tensor) -> Tensor:
    """One small kernel a picture: optics and motion blur it, processing sharpens it again."""
    n = rgb.shape[0]
    step = torch.arange(_KERNEL, device=rgb.device) - _KERNEL // 2
    x, y = step[None, None, :].float(), step[None, :, None].float()
    turn = draws.uniform(0, math.pi, n)[:, None, None]
    along, across = x * torch.cos(turn) + y * torch.sin(turn), -x * torch.sin(turn) + y * torch.cos(turn)
    soft = draws.log_uniform(0.25, 1.3, n)[:, None, None]
    longer = soft + draws.chance(0.15, n)[:, None, None] * draws.uniform(0, 1.5, n)[:, None, None]
    blur = torch.exp(-0.5 * ((along / longer) ** 2 + (across / soft) ** 2))
    blur = blur / blur.sum((1, 2), keepdim=True)
    mask = torch.exp(-0.5 * (x**2 + y**2) / 1.2**2)
    mask = mask / mask.sum((1, 2), keepdim=True)
    strength = (draws.chance(0.55, n) * draws.uniform(0, 1.3, n))[:, None, None]
    point = torch.zeros_like(mask)
    point[:, _KERNEL // 2, _KERNEL // 2] = 1
    return _each(_each(rgb, blur), point + strength * (point - mask))


def _each(rgb: Tensor, kernels: Tensor) -> Tensor:
    n, _, height, width = rgb.shape
    edge = _KERNEL // 2
    flat = pad(rgb, (edge,) * 4, mode="reflect").reshape(1, n * 3, height + 2 * edge, width + 2 * edge)
    weights = kernels.to(rgb.dtype).repeat_interleave(3, 0)[:, None]
    return conv2d(flat, weights, groups=n * 3).reshape(n, 3, height, width)


def _toned(draws: Draws, rgb: Tensor) -> Tensor:
    n = rgb.shape[0]
    gamma = torch.exp(0.22 * draws.normal(n))[:, None, None, None]
    gain = (
        torch.exp(0.07 * draws.normal(n, 3))[:, :, None, None] * torch.exp(0.12 * draws.normal(n))[:, None, None, None]
    )
    rgb = rgb.clamp(1e-4, 1) ** gamma * gain
    grey = rgb.mean(1, keepdim=True)
    vivid = torch.exp(0.25 * draws.normal(n))[:, None, None, None]
    rgb = grey + (rgb - grey) * vivid
    middle = rgb.mean((2, 3), keepdim=True)
    return middle + (rgb - middle) * torch.exp(0.15 * draws.normal(n))[:, None, None, None]


def _noisy(draws: Draws, rgb: Tensor) -> Tensor:
    n, _, height, width = rgb.shape
    grain = draws.normal(n, 1, height, width) * 0.7 + draws.normal(n, 3, height, width) * 0.5
    # Noise that was smoothed by the camera is coarser and stronger in the shadows.
    smooth = avg_pool2d(pad(grain, (1, 1, 1, 1), mode="reflect"), 3, 1) * 2
    coarse = draws.chance(0.4, n)[:, None, None, None]
    strength = draws.log_uniform(0.002, 0.03, n)[:, None, None, None]
    return rgb + (coarse * smooth + (1 - coarse) * grain) * strength * (1.3 - 0.6 * rgb)


def _coded(draws: Draws, rgb: Tensor) -> Tensor:
    """Blocks of 8 x 8 quantised in frequency, colour at half resolution; a quarter of the pictures stay as they are."""
    n = rgb.shape[0]
    keep = draws.chance(0.25, n)[:, None, None, None]
    to_ycc = torch.tensor(_TO_YCC, device=rgb.device)
    ycc = torch.einsum("ij,njhw->nihw", to_ycc, rgb * 255)
    quality = draws.uniform(35, 96, n)
    scale = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality) / 100
    table = torch.tensor(_TABLE, device=rgb.device, dtype=torch.float32)
    steps = (table[None] * scale[:, None, None]).clamp_min(1)
    luma = _blocks(ycc[:, :1], steps)
    chroma = _blocks(avg_pool2d(ycc[:, 1:], 2), steps * 1.5)
    chroma = interpolate(chroma, scale_factor=2, mode="bilinear", align_corners=False)
    back = torch.einsum("ij,njhw->nihw", torch.linalg.inv(to_ycc), torch.cat([luma, chroma], 1)) / 255
    return keep * rgb + (1 - keep) * back


def _blocks(planes: Tensor, steps: Tensor) -> Tensor:
    n, c, height, width = planes.shape
    i = torch.arange(8, device=planes.device)
    basis = torch.cos(math.pi * (2 * i[None, :] + 1) * i[:, None] / 16) / 2
    basis[0] /= math.sqrt(2)
    cut = planes.reshape(n, c, height // 8, 8, width // 8, 8)
    freq = torch.einsum("ui,nchiwj,vj->nchuwv", basis, cut, basis)
    step = steps[:, None, None, :, None, :]
    freq = torch.round(freq / step) * step
    return torch.einsum("ui,nchuwv,vj->nchiwj", basis, freq, basis).reshape(n, c, height, width)
