"""What a body is seen under: the eye, sun and sky, the water round it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wideberth_training_detector.atlas_foam import F32, Rng
from wideberth_training_detector.atlas_solid import F64

Ground = Callable[[F32, F32], F32]


@dataclass(frozen=True)
class View:
    """Where the eye is.

    Attributes:
        heading_rad: bow direction in the picture, counter-clockwise from +x for a straight-down view.
        pitch_deg: -90 straight down to -15.
        px_per_m: scale at the water by the body.
        distance_m: of the eye: small gives perspective.
    """

    heading_rad: float
    pitch_deg: float
    px_per_m: float
    distance_m: float

    def project(self, world_m: F64) -> F64:
        """World points (…, 3) to x right, y down (px, origin at the body's foot) and nearness (m)."""
        e = np.radians(-self.pitch_deg)
        near = -world_m[..., 1] * np.cos(e) + world_m[..., 2] * np.sin(e)
        grow = self.px_per_m / np.maximum(1 - near / self.distance_m, 0.2)
        x = world_m[..., 0] * grow
        y = -(world_m[..., 1] * np.sin(e) + world_m[..., 2] * np.cos(e)) * grow
        return np.stack([x, y, near], axis=-1)

    def sea(self, x_px: F32, y_px: F32) -> tuple[F32, F32]:
        """Where pixels (relative to the body's foot) meet the water, world x and y (m)."""
        e = np.radians(-self.pitch_deg)
        u, v = x_px / self.px_per_m, y_px / self.px_per_m
        y = -v / (np.sin(e) + v * np.cos(e) / self.distance_m)
        return np.asarray(u * (1 + y * np.cos(e) / self.distance_m), np.float32), np.asarray(y, np.float32)

    @property
    def to_eye(self) -> F64:
        """Unit vector to the eye."""
        e = np.radians(-self.pitch_deg)
        return np.array([0.0, -np.cos(e), np.sin(e)])


@dataclass(frozen=True)
class Light:
    """Sun and sky.

    Attributes:
        to_sun: unit vector.
        sun: share of direct light 0..1.
        sun_bgr: its colour.
        sky_bgr: colour and strength of skylight.
        exposure: factor on all light.
        contrast: exponent after the transfer curve.
    """

    to_sun: F64
    sun: float
    sun_bgr: F64
    sky_bgr: F64
    exposure: float
    contrast: float

    @staticmethod
    def random(rng: Rng) -> "Light":
        """Clear, hazy or overcast, high or low sun, exposed well or too brightly."""
        elevation = np.radians(rng.uniform(18, 82))
        azimuth = rng.uniform(0, 2 * np.pi)
        to_sun = np.array([np.cos(azimuth) * np.cos(elevation), np.sin(azimuth) * np.cos(elevation), np.sin(elevation)])
        clear = float(rng.choice([0.0, rng.uniform(0.2, 0.7), rng.uniform(0.7, 1.0)], p=[0.22, 0.23, 0.55]))
        warm = np.array([rng.uniform(0.72, 1.0), rng.uniform(0.9, 1.0), 1.0])
        blue = np.array([rng.uniform(1.0, 1.5), 1.0, rng.uniform(0.7, 1.0)])
        sky = blue * (0.30 + 0.38 * (1 - clear))
        return Light(
            to_sun,
            clear,
            warm,
            sky,
            float(np.exp(rng.normal(0.25, 0.28) + (rng.random() < 0.12) * 0.5)),
            float(rng.uniform(0.85, 1.25)),
        )


@dataclass(frozen=True)
class Sea:
    """The water round a body.

    Attributes:
        fade_per_m: dimming of what lies below, per metre of depth.
        ripple_m: sideways displacement of what lies a metre below.
        shadow: opacity of a shadow on it, 0..1.
        mirror: opacity of a body's reflection, 0..1.
        caustic: strength of light lines on what lies below.
        foam: foam strength over the water plane, body axes (m); or nothing.
        foam_cell_m: width of its lace.
        rim_m: width of white water round what breaks the surface.
        rim: its strength.
    """

    fade_per_m: float = 6.0
    ripple_m: float = 0.02
    shadow: float = 0.0
    mirror: float = 0.0
    caustic: float = 0.0
    foam: Ground | None = None
    foam_cell_m: float = 0.6
    foam_reach: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    rim_m: float = 0.0
    rim: float = 0.0
