"""Where the sun can glint: its place in the sky, the facet it takes, and how many facets lie that way.

Wind is not known, so a rough sea is assumed: the prediction says where glint is out of the question, not where it is.
"""

import math
from datetime import UTC, datetime

import numpy as np

from wideberth_contracts.poses import CameraPose
from wideberth_glare.core.arrays import Floats, Mask
from wideberth_glare.core.plane import camera_from_world

GRID = (18, 32)
ROUGH_WIND_MPS = 12.0
LEAST_DENSITY = 0.01
"""Of the densest direction's: facets rarer than this make single sparks, no field."""
LOWEST_SUN_DEG = -1.0
_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)


def sun_direction(at: datetime, latitude_deg: float, longitude_deg: float) -> tuple[float, float, float]:
    """Return the unit vector east, north, up to the sun; good to 0.01 degrees, without refraction.

    Low-precision formulas of the Astronomical Almanac ("Approximate solar coordinates").

    Args:
        at: an aware time.
    """
    days = (at - _J2000).total_seconds() / 86_400.0
    anomaly = math.radians(357.528 + 0.9856003 * days)
    wobble = 1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly)
    longitude = math.radians(280.460 + 0.9856474 * days + wobble)
    obliquity = math.radians(23.439 - 4e-7 * days)
    right_ascension = math.atan2(math.cos(obliquity) * math.sin(longitude), math.cos(longitude))
    sine = math.sin(obliquity) * math.sin(longitude)
    cosine = math.sqrt(1 - sine * sine)
    sidereal_deg = 15 * (18.697374558 + 24.06570982441908 * days) + longitude_deg
    hour_angle = math.radians(sidereal_deg) - right_ascension
    latitude = math.radians(latitude_deg)
    east = -cosine * math.sin(hour_angle)
    north = sine * math.cos(latitude) - cosine * math.sin(latitude) * math.cos(hour_angle)
    up = sine * math.sin(latitude) + cosine * math.cos(latitude) * math.cos(hour_angle)
    return east, north, up


def facet_density(pose: CameraPose, sun: tuple[float, float, float], wind_mps: float) -> Floats:
    """Return, on a grid of `GRID` over the picture, how many facets mirror the sun, of the densest direction's number.

    Cox and Munk (1954), isotropic: exp(-tan²β / (0.003 + 0.00512 U)), β the tilt of the facet halfway between sun and
    camera. 0 above the horizon and where the sun is down.
    """
    rows, columns = (np.mgrid[0 : GRID[0], 0 : GRID[1]] + 0.5).astype(np.float64)
    focal = pose.focal_px.value
    x = (columns * pose.width_px / GRID[1] - pose.width_px / 2) / focal
    y = (rows * pose.height_px / GRID[0] - pose.height_px / 2) / focal
    rays = np.stack([x, y, np.ones_like(x)])
    world = np.tensordot(camera_from_world(pose).T, rays / np.linalg.norm(rays, axis=0), 1)
    if sun[2] < math.sin(math.radians(LOWEST_SUN_DEG)):
        return np.zeros(GRID, np.float32)
    facet = np.array(sun)[:, None, None] - world
    tilt = (facet[0] ** 2 + facet[1] ** 2) / np.maximum(facet[2], 1e-6) ** 2
    density = np.exp(-tilt / (0.003 + 0.00512 * wind_mps))
    return np.where(world[2] < 0, density, 0.0).astype(np.float32)


def possible(pose: CameraPose, at: datetime, latitude_deg: float, longitude_deg: float) -> Mask:
    """Return 255 on a grid of `GRID` over the picture where a rough sea could glint."""
    density = facet_density(pose, sun_direction(at, latitude_deg, longitude_deg), ROUGH_WIND_MPS)
    return np.where(density >= LEAST_DENSITY, 255, 0).astype(np.uint8)
