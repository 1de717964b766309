"""Where a point of the sea falls in the picture, and back.

**World**: east, north (m, from the scene origin), z up (m above the mean sea). **Camera**: right, down, forward.
**Image**: origin top-left, x right, y down, pixel centres at half-integers.

Model: pinhole camera at height h over a sphere of radius R seen through a refracting atmosphere, so that a sea point
at ground range D lies D^2 (1-k) / (2R) below the tangent plane under the camera. It does not know lens distortion
or rolling shutter (DJI video is corrected in the camera).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

EARTH_RADIUS_M = 6_371_000.0
"""Mean Earth radius."""
REFRACTION_K = 0.13
"""Standard refraction coefficient; 0.0 to 0.25 is usual over the sea."""
CURVATURE_PER_M = (1.0 - REFRACTION_K) / EARTH_RADIUS_M
"""Apparent curvature of the sea, 1/m."""


def horizon_dip_rad(height_m: float) -> float:
    """Return the angle of the sea horizon below the horizontal: sqrt(2 h (1-k) / R)."""
    return math.sqrt(2.0 * height_m * CURVATURE_PER_M)


def range_from_depression_m(height_m: float, tan_depression: float) -> float | None:
    """Return the ground range of the sea point seen under a depression, or None above the horizon.

    Args:
        height_m: Camera height above the sea, > 0.
        tan_depression: Tangent of the angle below the horizontal.
    """
    root = tan_depression * tan_depression - 2.0 * height_m * CURVATURE_PER_M
    if tan_depression <= 0.0 or root < 0.0:
        return None
    # Same as (t - sqrt(root)) / c, written so that small curvature loses no digits.
    return 2.0 * height_m / (tan_depression + math.sqrt(root))


@dataclass(frozen=True)
class Camera:
    """A pinhole camera over the sea.

    Attributes:
        width_px: Picture width.
        height_px: Picture height.
        focal_px: Focal length; pixels are square.
        centre_x_px: Principal point from the left edge.
        centre_y_px: Principal point from the top edge.
        east_m: Position.
        north_m: Position.
        height_m: Height above the mean sea, > 0.
        yaw_deg: Heading of the optical axis, clockwise from true north.
        pitch_deg: Elevation of the optical axis, -90 is straight down.
        roll_deg: Rotation about the axis, positive when the right side sinks.
    """

    width_px: int
    height_px: int
    focal_px: float
    centre_x_px: float
    centre_y_px: float
    east_m: float
    north_m: float
    height_m: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float

    @cached_property
    def camera_from_world(self) -> FloatArray:
        """Rotation (3, 3): rows are the camera's right, down and forward axes in east, north, up."""
        yaw, pitch, roll = (math.radians(v) for v in (self.yaw_deg, self.pitch_deg, self.roll_deg))
        forward = np.array([math.sin(yaw) * math.cos(pitch), math.cos(yaw) * math.cos(pitch), math.sin(pitch)])
        right = np.array([math.cos(yaw), -math.sin(yaw), 0.0])
        down = np.cross(forward, right)
        return np.stack(
            [
                math.cos(roll) * right + math.sin(roll) * down,
                math.cos(roll) * down - math.sin(roll) * right,
                forward,
            ]
        )

    def project(self, points_m: FloatArray) -> FloatArray:
        """Return image x, y (px) and depth (m along the axis) of world points.

        Args:
            points_m: (..., 3) east, north, height above the sea.

        Returns:
            (..., 3) x_px, y_px, depth_m. Points with depth <= 0 lie behind the camera; their x, y mean nothing.
        """
        offset = np.asarray(points_m, dtype=np.float64) - np.array([self.east_m, self.north_m, self.height_m])
        drop = (offset[..., 0] ** 2 + offset[..., 1] ** 2) * (0.5 * CURVATURE_PER_M)
        offset = np.concatenate([offset[..., :2], (offset[..., 2] - drop)[..., None]], axis=-1)
        local = offset @ self.camera_from_world.T
        depth = local[..., 2]
        safe = np.where(np.abs(depth) < 1e-6, 1e-6, depth)
        return np.stack(
            [
                self.focal_px * local[..., 0] / safe + self.centre_x_px,
                self.focal_px * local[..., 1] / safe + self.centre_y_px,
                depth,
            ],
            axis=-1,
        )

    def sea_point(self, x_px: float, y_px: float) -> tuple[float, float] | None:
        """Return east, north (m) of the sea point under a pixel, or None at or above the horizon."""
        ray = self.camera_from_world.T @ np.array(
            [(x_px - self.centre_x_px) / self.focal_px, (y_px - self.centre_y_px) / self.focal_px, 1.0]
        )
        horizontal = math.hypot(ray[0], ray[1])
        if horizontal < 1e-12:
            return (self.east_m, self.north_m) if ray[2] < 0 else None
        range_m = range_from_depression_m(self.height_m, -ray[2] / horizontal)
        if range_m is None:
            return None
        return (self.east_m + range_m * ray[0] / horizontal, self.north_m + range_m * ray[1] / horizontal)

    def ground_sample_m(self, east_m: float, north_m: float) -> float:
        """Return metres a pixel, across the view, at a sea point."""
        depth = float(self.project(np.array([east_m, north_m, 0.0]))[2])
        return max(depth, 1e-3) / self.focal_px
