"""Light of the picture: sky, water, sun, and one call that shades a window of it.

Radiance is linear and relative: 1.0 fills the sensor at exposure 1.
- sky reflection by Schlick's Fresnel term with 0.02 at normal incidence (index 1.33);
- sun glint by the facet slope that mirrors the sun into the eye, n = (s + v)/|s + v|, against the slopes present;
  resolved waves come from the grids, the rest of the Cox-Munk variance is image-space noise plus a lobe;
- haze as one exponential of the distance (Koschmieder: visibility = 3.91 / coefficient).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from wideberth_simulator import sea_kernel as k
from wideberth_simulator.geometry import CURVATURE_PER_M, Camera
from wideberth_simulator.raster import Layers
from wideberth_simulator.waves import GRIDS, Sea, cox_munk_slope_variance, level_offsets

Float32Array = npt.NDArray[np.float32]
BGR = tuple[float, float, float]

GLINT_GAIN = 5.0
"""Radiance of a facet that mirrors the sun head-on, in sensor ranges; it only has to saturate."""
FACET_LIFE_S = 0.04
"""Decay of capillary ripples: correlation between frames is exp(-dt / 0.04 s)."""

WATER_COLOURS: dict[str, BGR] = {
    "blue": (0.165, 0.075, 0.010),
    "deep_blue": (0.140, 0.048, 0.006),
    "teal": (0.150, 0.120, 0.018),
    "green": (0.060, 0.115, 0.030),
    "bright_green": (0.105, 0.200, 0.045),
    "olive": (0.030, 0.075, 0.042),
    "murky": (0.065, 0.100, 0.075),
    "dark": (0.022, 0.022, 0.018),
    "brown": (0.075, 0.120, 0.125),
}
"""Upwelling light of the water under a high sun, linear B, G, R; matched by eye to drone frames."""
CLARITY_PER_M: dict[str, BGR] = {
    "blue": (0.25, 0.33, 0.9),
    "deep_blue": (0.25, 0.33, 0.9),
    "teal": (0.45, 0.45, 1.0),
    "green": (1.0, 0.8, 1.2),
    "bright_green": (1.0, 0.8, 1.2),
    "olive": (1.6, 1.2, 1.4),
    "murky": (2.6, 2.2, 2.4),
    "dark": (1.2, 1.0, 1.3),
    "brown": (4.5, 3.8, 3.6),
}
"""Dimming of a body per metre of depth, down and up again together, B, G, R."""


@dataclass(frozen=True)
class Light:
    """Sun, sky and air.

    Attributes:
        sun_azimuth_deg: Clockwise from north.
        sun_elevation_deg: Above the horizon; at or below 0 there is no direct sun.
        overcast: 0 clear to 1 wholly covered: the sun's share fades, the sky turns grey and even.
        cloud: Strength of cloud patches, 0 to 1.
        visibility_m: Meteorological visibility.
        exposure: Factor on all light.
        lobe: How much brighter the sky is towards the sun, also behind cloud; it makes waves show at steep views.
        cloud_shadow: 0 to 1, darkness of the shadows of clouds on the sea.
        relief: How strongly an uneven sky models the waves: change of the logarithm of light by slope, 0 to 6.
        relief_deg: Where the bright side of that sky is.
    """

    sun_azimuth_deg: float
    sun_elevation_deg: float
    overcast: float
    cloud: float
    visibility_m: float
    exposure: float
    lobe: float = 0.0
    cloud_shadow: float = 0.0
    relief: float = 0.0
    relief_deg: float = 0.0

    @property
    def to_sun(self) -> npt.NDArray[np.float64]:
        """Unit vector to the sun: east, north, up."""
        az, el = math.radians(self.sun_azimuth_deg), math.radians(self.sun_elevation_deg)
        return np.array([math.sin(az) * math.cos(el), math.cos(az) * math.cos(el), math.sin(el)])

    @property
    def sun_share(self) -> float:
        """Strength of direct sunlight, 0 to 1: air mass takes it at low sun, cloud takes it at once."""
        if self.sun_elevation_deg <= 0.0:
            return 0.0
        air_mass = 1.0 / (math.sin(math.radians(self.sun_elevation_deg)) + 0.025)
        return float(math.exp(-0.10 * (air_mass - 1.0)) * max(0.0, 1.0 - 1.15 * self.overcast))

    @property
    def sun_colour(self) -> npt.NDArray[np.float64]:
        """Linear B, G, R of direct sunlight: redder through more air."""
        air_mass = 1.0 / (math.sin(math.radians(max(self.sun_elevation_deg, 1.0))) + 0.025)
        tau = np.array([0.085, 0.045, 0.02])
        return np.asarray(np.exp(-tau * (air_mass - 1.0)) * np.array([0.95, 1.0, 1.0]), np.float64)

    @property
    def sky_colours(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Zenith and horizon radiance, linear B, G, R."""
        day = min(1.0, 0.25 + 0.75 * math.sin(math.radians(max(self.sun_elevation_deg, 2.0))) ** 0.5)
        grey = np.array([0.62, 0.60, 0.58])
        zenith = np.array([0.62, 0.38, 0.22]) * day * (1 - self.overcast) + grey * day * self.overcast
        clear_rim = np.array([0.92, 0.84, 0.76])
        low = max(0.0, 1.0 - self.sun_elevation_deg / 18.0)
        clear_rim = clear_rim * (1 - 0.5 * low) + np.array([0.55, 0.70, 0.95]) * 0.5 * low
        horizon = clear_rim * day * (1 - self.overcast) + grey * 1.1 * day * self.overcast
        return zenith, horizon

    @property
    def daylight(self) -> float:
        """Downwelling light on the sea relative to a high clear sun."""
        s = math.sin(math.radians(max(self.sun_elevation_deg, 1.0)))
        return float(0.30 + 0.10 * self.overcast + 0.60 * self.sun_share * s**0.7)


@dataclass(frozen=True)
class Water:
    """Colour and body of the water, linear B, G, R.

    Attributes:
        upwelling: Light coming up out of the water at full daylight.
        dimming_per_m: Loss of a body's contrast per metre of depth.
        patchiness: Relative change of the colour from place to place.
        patch_size_m: Size of those places.
        bed: 0 to 1, patches of weed, stone or sand shining through.
        bed_size_m: Size of those patches.
        bed_gain: Their colour relative to the water's.
        caustics: 0 to 1, the net of light on a shallow bottom.
        streaks: Relative change of the colour in drawn-out streaks.
        scatter: Blur of a submerged body, m a metre of depth.
    """

    upwelling: BGR
    dimming_per_m: BGR
    patchiness: float = 0.06
    patch_size_m: float = 120.0
    bed: float = 0.0
    bed_size_m: float = 45.0
    bed_gain: BGR = (0.45, 0.40, 0.45)
    caustics: float = 0.0
    streaks: float = 0.0
    scatter: float = 0.05


@dataclass(frozen=True)
class Tiles:
    """Periodic noise shared by all pictures."""

    facet_x: Float32Array
    facet_y: Float32Array
    foam: Float32Array
    cloud: Float32Array


def sky_haze(visibility_m: float, elevation_rad: float) -> float:
    """Return the share of haze in the sky's light: the far sea's, over some 9 km of haze; fog reaches overhead."""
    at_horizon, lifts = _sky_haze(visibility_m)
    return at_horizon * math.exp(-lifts * max(math.sin(elevation_rad), 0.0))


def _sky_haze(visibility_m: float) -> tuple[float, float]:
    """Return the haze at the horizon and how fast it thins out, by the sine of the elevation."""
    per_m = 3.91 / visibility_m
    return 1.0 - math.exp(-9_400.0 * per_m), 18.0 * min(1.0, 6.5e-4 / per_m)


def _band_noise(rng: np.random.Generator, size: int, low: float, high: float) -> npt.NDArray[np.float64]:
    """Return periodic noise of unit SD with wavelengths between `low` and `high` texels."""
    f = np.fft.fftfreq(size)
    r = np.hypot(*np.meshgrid(f, f))
    r[0, 0] = 1.0
    gain = np.exp(-((low * r) ** 2)) * (1 - np.exp(-((high * r) ** 2))) / r
    field = np.fft.ifft2(np.fft.fft2(rng.standard_normal((size, size))) * gain).real
    return np.asarray((field - field.mean()) / field.std(), np.float64)


@lru_cache(maxsize=1)
def tiles() -> Tiles:
    """Return the noise tiles: always the same, made once a process."""
    rng = np.random.default_rng(20_260)
    facets = []
    for _ in range(2):
        noise = rng.standard_normal((512, 512)).astype(np.float32)
        smooth = cv2.GaussianBlur(np.tile(noise, (2, 2)), (0, 0), 0.7)[256:768, 256:768]
        facets.append(np.ascontiguousarray(smooth / smooth.std(), np.float32))
    # Foam is lace: thin bright threads round dark cells = near-zero lines of band noise at two scales.
    lace = np.abs(_band_noise(rng, 512, 6.0, 60.0)) * 0.65 + np.abs(_band_noise(rng, 512, 3.0, 20.0)) * 0.35
    rank = np.argsort(np.argsort(lace.ravel())).reshape(lace.shape) / lace.size
    cloud = _band_noise(rng, 256, 12.0, 128.0)
    return Tiles(facets[0], facets[1], rank.astype(np.float32), (cloud / 1.6).astype(np.float32))


def _parameters(camera: Camera, sea: Sea, light: Light, frame_seed: int, dt_s: float) -> npt.NDArray[np.float64]:
    p = np.zeros(k.P_COUNT, np.float64)
    p[k.P_FOCAL], p[k.P_CX], p[k.P_CY] = camera.focal_px, camera.centre_x_px, camera.centre_y_px
    p[k.P_EAST], p[k.P_NORTH], p[k.P_HEIGHT] = camera.east_m, camera.north_m, camera.height_m
    p[k.P_CURVATURE] = CURVATURE_PER_M
    p[k.P_SUN_E : k.P_SUN_U + 1] = light.to_sun
    p[k.P_SUN_ON] = light.sun_share
    p[k.P_GLINT_GAIN] = GLINT_GAIN * light.sun_share
    p[k.P_SLOPE_TOTAL] = cox_munk_slope_variance(sea.wind_mps)
    p[k.P_HAZE_PER_M] = 3.91 / light.visibility_m
    p[k.P_SKY_HAZE], p[k.P_SKY_HAZE_LIFTS] = _sky_haze(light.visibility_m)
    now = np.random.default_rng((frame_seed + 1, 1)).integers(0, 512, 2)
    before = np.random.default_rng((frame_seed, 1)).integers(0, 512, 2)
    p[k.P_FACET_DX], p[k.P_FACET_DY] = now
    p[k.P_FACET_PREV_DX], p[k.P_FACET_PREV_DY] = before
    p[k.P_FACET_RHO] = math.exp(-dt_s / FACET_LIFE_S)
    p[k.P_CLOUD] = light.cloud
    p[k.P_AUREOLE] = 0.5 * light.sun_share
    p[k.P_CREST] = 0.9
    p[k.P_SKY_DARK] = 0.25
    p[k.P_LOBE], p[k.P_CLOUD_SHADOW] = light.lobe, light.cloud_shadow
    # A face shows the bright side of the sky when it leans towards it, so its slope runs down that way.
    bright = math.radians(light.relief_deg)
    p[k.P_RELIEF_E], p[k.P_RELIEF_N] = -light.relief * math.sin(bright), -light.relief * math.cos(bright)
    return p


def shade_window(  # noqa: PLR0913 - each is one thing a picture depends on
    camera: Camera,
    sea: Sea,
    slopes: tuple[Float32Array, ...],
    light: Light,
    water: Water,
    layers: Layers,
    window: tuple[int, int, int, int],
    frame_seed: int,
    dt_s: float,
) -> tuple[Float32Array, Float32Array]:
    """Return the sunless picture (h, w, 3) and the glint (h, w) of a window, both linear.

    Args:
        camera: The camera.
        sea: The waves.
        slopes: Their slopes now.
        light: Sun, sky and air.
        water: The water.
        layers: Bodies, foam and shadows, of the camera's picture size.
        window: x0, y0, x1, y1 in px.
        frame_seed: Picks the ripple noise; consecutive frames take consecutive numbers.
        dt_s: Time since the frame before.
    """
    x0, y0, x1, y1 = window
    clean = np.empty((y1 - y0, x1 - x0, 3), np.float32)
    glint = np.empty((y1 - y0, x1 - x0), np.float32)
    p = _parameters(camera, sea, light, frame_seed, dt_s)
    p[k.P_PATCH], p[k.P_PATCH_SIZE_M], p[k.P_BED] = water.patchiness, water.patch_size_m, water.bed
    p[k.P_BED_SIZE_M], p[k.P_CAUSTIC], p[k.P_STREAK] = water.bed_size_m, water.caustics, water.streaks
    p[k.P_WOBBLE], p[k.P_WOBBLE_MAX] = 0.35, layers.margin - 2.0
    noise = tiles()
    zenith, horizon = light.sky_colours
    upwelling = np.array(water.upwelling) * light.daylight
    day = light.daylight
    foam_colour = np.array([0.86, 0.87, 0.85]) * (0.25 + 0.85 * day)
    haze = horizon * np.array([1.0, 0.99, 0.97]) * 0.85
    bed = upwelling * np.array(water.bed_gain)
    sides = np.array([g[0] for g in GRIDS]) * sea.scale
    turns = np.array([g[3] for g in GRIDS])
    k.shade(
        x0, y0, clean, glint, p, camera.camera_from_world, *slopes, level_offsets(), sea.level_variance, sides, turns,
        noise.facet_x, noise.facet_y, noise.foam, noise.cloud, upwelling, zenith, horizon, light.sun_colour, haze,
        foam_colour, bed, layers.over, layers.under, layers.foam, layers.shade, layers.busy(), layers.made,
    )  # fmt: skip
    return clean, glint
