"""Open water seen from above, drawn in batches: waves, sky, sun glitter, foam, bottom, cloud shadow, haze.

Not a renderer of light but of everything sea water looks like from a drone: every constant is drawn from a range wider
than life, so that a network learns to ignore it. Fresnel and the glitter's dependence on slope follow the reference
(`glare-and-clutter.md`, 3.3).
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import grid_sample, pad

from wideberth_training_detector.batches.draws import Draws
from wideberth_training_detector.batches.fields import clouds, waves

# Display colours (R, G, B) of water from above: ocean blue, turquoise, green, murky, brown, grey, nearly black.
_WATERS = (
    (0.07, 0.22, 0.36), (0.10, 0.42, 0.48), (0.13, 0.33, 0.27), (0.30, 0.36, 0.28), (0.38, 0.33, 0.22),
    (0.33, 0.38, 0.42), (0.04, 0.08, 0.11), (0.20, 0.35, 0.45), (0.05, 0.30, 0.42), (0.16, 0.24, 0.18),
)  # fmt: skip


@dataclass(frozen=True)
class Views:
    """How the pictures of a batch look at the sea.

    Attributes:
        gsd_m: (n,) metres a pixel across the middle.
        depression_deg: (n,) of the middle pixel, 90 straight down.
        focal_px: (n,).
    """

    gsd_m: Tensor
    depression_deg: Tensor
    focal_px: Tensor


@dataclass(frozen=True)
class Water:
    """Pictures of water.

    Attributes:
        rgb: (n, 3, side, side), display values 0..1.
        colour: (n, 3), what something deep in it fades to.
    """

    rgb: Tensor
    colour: Tensor


def draw_views(draws: Draws, n: int) -> Views:
    """Half straight down, half oblique down to 12 degrees; a pixel is 1.2 to 30 cm of sea."""
    down = draws.chance(0.5, n)
    depression = down * draws.uniform(78, 90, n) + (1 - down) * draws.uniform(14, 78, n)
    return Views(draws.log_uniform(0.012, 0.3, n), depression, draws.log_uniform(700, 4500, n))


def _on_sea(views: Views, side: int) -> tuple[Tensor, Tensor, Tensor]:
    """Where each pixel meets the sea, in grid steps from the middle, (n, side, side) twice, and its depression, rad."""
    device = views.gsd_m.device
    step = torch.arange(side, device=device) - side / 2 + 0.5
    middle = torch.deg2rad(views.depression_deg)[:, None, None]
    focal = views.focal_px[:, None, None]
    depression = (middle + torch.atan(step[None, :, None] / focal)).clamp(math.radians(3), math.pi - math.radians(3))
    # Slant range of the middle pixel is gsd * focal; so height in grid steps is focal * sin(depression).
    height = focal * torch.sin(middle)
    along = height / torch.tan(depression) - height / torch.tan(middle)
    across = step[None, None, :] / focal * height / torch.sin(depression)
    return across.expand(-1, side, -1), along.expand(-1, -1, side), depression.expand(-1, -1, side)


def _lookup(fields: Tensor, across: Tensor, along: Tensor) -> Tensor:
    """Periodic fields (n, c, side, side) at grid positions, bilinear."""
    side = fields.shape[-1]
    padded = pad(fields, (1, 1, 1, 1), mode="circular")
    x = torch.remainder(across, side) + 1.0
    y = torch.remainder(along, side) + 1.0
    grid = torch.stack([x, y], -1) * 2 / (side + 2) - 1
    return grid_sample(padded, grid, mode="bilinear", padding_mode="border", align_corners=False)


def draw_water(draws: Draws, views: Views, side: int) -> Water:
    """Pictures of water without anything in it."""
    n = views.gsd_m.shape[0]
    # A fifth more than the picture, so that fields repeat only in far corners; sizes a Fourier transform likes.
    field_side = math.ceil(side * 1.2 / 128) * 128
    across, along, depression = _on_sea(views, side)
    squeeze = 1 / torch.sin(torch.deg2rad(views.depression_deg)).clamp_min(0.1)
    sea = waves(draws, views.gsd_m, squeeze, field_side)
    coarse = clouds(draws, n, field_side, (60, 900), (1.6, 3.4))
    fine = clouds(draws, n, field_side, (4, 80), (0.8, 2.6))
    stack = torch.cat([sea.slopes, sea.height[:, None], coarse.transpose(0, 1), fine.transpose(0, 1)], 1)
    sx, sy, height, patches, cloud, froth, grain = _lookup(stack, across, along).unbind(1)
    colour = _colours(draws, n)
    light = _body(draws, colour, sx, sy, height, patches)
    light = light + _sky(draws, sx, sy, depression)
    light = light * (1 - _share(draws, 0.3, n) * 0.55 * torch.sigmoid(3 * cloud))[:, None]
    light = _foam(draws, light, height, froth, grain)
    light = light + _glitter(draws, sx, sy, froth, side)[:, None]
    light = light * (1 + 0.3 * _share(draws, 0.5, n) * grain).clamp_min(0.2)[:, None]
    return Water(_developed(draws, light), colour)


def _share(draws: Draws, chance: float, n: int) -> Tensor:
    """A strength between 0 and 1 for some pictures, 0 for the others, shaped (n, 1, 1)."""
    return (draws.chance(chance, n) * draws.uniform(0.1, 1, n))[:, None, None]


def _colours(draws: Draws, n: int) -> Tensor:
    """Linear light from below, between two of the known waters."""
    known = torch.tensor(_WATERS, device=draws.device)
    mix = draws.uniform(0, 1, n)[:, None]
    display = mix * known[draws.among(len(_WATERS), n)] + (1 - mix) * known[draws.among(len(_WATERS), n)]
    display = display * draws.log_uniform(0.6, 1.7, n)[:, None] * (1 + 0.12 * draws.normal(n, 3))
    return display.clamp(0.01, 0.9) ** 2.2


def _body(draws: Draws, colour: Tensor, sx: Tensor, sy: Tensor, height: Tensor, patches: Tensor) -> Tensor:
    n = colour.shape[0]
    turn = draws.uniform(0, 2 * math.pi, n)[:, None, None]
    tilt = torch.cos(turn) * sx + torch.sin(turn) * sy
    relief = 1 + draws.uniform(0, 2.2, n)[:, None, None] * tilt + draws.uniform(0, 0.18, n)[:, None, None] * height
    body = colour[:, :, None, None] * relief.clamp(0.15, 3)[:, None]
    # Sand or weed below: patches with an edge, blended towards another colour.
    sharp = draws.log_uniform(0.7, 9, n)[:, None, None]
    cover = torch.sigmoid(sharp * (patches - draws.uniform(-1, 1, n)[:, None, None])) * _share(draws, 0.4, n)
    other = _colours(draws, n) * draws.log_uniform(0.3, 2.0, n)[:, None]
    return body * (1 - cover[:, None]) + other[:, :, None, None] * cover[:, None] * relief.clamp(0.3, 2)[:, None]


def _sky(draws: Draws, sx: Tensor, sy: Tensor, depression: Tensor) -> Tensor:
    """What the surface mirrors: Fresnel by Schlick, a sky that darkens from horizon to zenith."""
    n = sx.shape[0]
    incidence = (torch.sin(depression) - sy * torch.cos(depression)) / torch.sqrt(1 + sx**2 + sy**2)
    cosine = incidence.clamp(0.02, 1)
    fresnel = 0.02 + 0.98 * (1 - cosine) ** 5
    up = (2 * cosine / torch.sqrt(1 + sx**2 + sy**2) - torch.sin(depression)).clamp(0, 1)
    tint = torch.stack([draws.uniform(0.35, 0.9, n), draws.uniform(0.5, 0.95, n), draws.uniform(0.7, 1.1, n)], 1)
    gain = draws.log_uniform(0.25, 2.0, n)[:, None, None]
    sky = gain * (1.15 - draws.uniform(0.1, 0.95, n)[:, None, None] * up)
    return (fresnel * sky)[:, None] * tint[:, :, None, None]


def _foam(draws: Draws, light: Tensor, height: Tensor, froth: Tensor, grain: Tensor) -> Tensor:
    n = light.shape[0]
    # Whitecaps on some seas; sheets of foam, as in surf, on few.
    level = draws.uniform(1.6, 3.4, n)
    level = torch.where(draws.chance(0.12, n) > 0, draws.uniform(0.2, 1.6, n), level)[:, None, None]
    rise = draws.uniform(0.2, 1.2, n)[:, None, None] * height + froth + 0.35 * grain
    cover = torch.sigmoid((rise - level) * draws.log_uniform(2, 12, n)[:, None, None])
    cover = (cover * _share(draws, 0.45, n))[:, None]
    white = draws.uniform(0.45, 1.0, n)[:, None, None, None] * (1 + 0.25 * grain[:, None])
    return light * (1 - cover) + white * cover


def _glitter(draws: Draws, sx: Tensor, sy: Tensor, froth: Tensor, side: int) -> Tensor:
    """Sunlight off facets that mirror the sun: a bell round the slope that is needed, which drifts over the picture."""
    n = sx.shape[0]
    step = torch.linspace(-1, 1, side, device=sx.device)
    drift = draws.log_uniform(0.01, 0.25, n)[:, None, None]
    off = draws.log_uniform(0.03, 0.8, n)
    turn = draws.uniform(0, 2 * math.pi, n)
    facets = draws.normal(2, n, side, side) * draws.uniform(0.02, 0.12, n)[:, None, None]
    need_x = (off * torch.cos(turn))[:, None, None] + drift * step[None, None, :]
    need_y = (off * torch.sin(turn))[:, None, None] + drift * step[None, :, None]
    far = (sx + facets[0] - need_x) ** 2 + (sy + facets[1] + 0.01 * froth - need_y) ** 2
    width = draws.log_uniform(0.015, 0.07, n)[:, None, None]
    return draws.log_uniform(0.3, 8, n)[:, None, None] * torch.exp(-far / (2 * width**2)) * _share(draws, 0.5, n)


def _developed(draws: Draws, light: Tensor) -> Tensor:
    """Exposed so that the picture's mean falls somewhere between dusk and milk, then display values."""
    n = light.shape[0]
    mean = light.clamp(0, 1.5).mean((1, 2, 3), keepdim=True).clamp_min(1e-4)
    aim = draws.log_uniform(0.10, 0.62, n)[:, None, None, None] ** 2.2
    gain = (aim / mean).clamp(0.3, 6)
    return (light.clamp_min(0) * gain).clamp(0, 1) ** (1 / 2.2)
