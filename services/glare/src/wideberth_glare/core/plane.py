"""The flat sea under a pinhole camera: horizon, metres per pixel, and how two pictures of it map onto each other.

Good for neighbouring frames and for the size of kernels only. It knows no earth curvature, refraction, lens
distortion or waves; whoever wants positions asks the distance service.
"""

import math

import cv2
import numpy as np

from wideberth_contracts.poses import CameraPose
from wideberth_glare.core.arrays import Homography, Mask, over
from wideberth_glare.core.scale import COARSEST_M

DEFAULT_SWATH_M = 120.0
"""Width of sea assumed in a picture without pose: a 70 degree lens 85 m up. Too much rather than too little: smaller
kernels keep more."""
HORIZON_MARGIN_DEG = 1.0
"""Kept clear of the horizon: covers gimbal error (about 0.5 deg) and the dip, and there a pixel spans metres anyway."""

MASK_STEP_PX, LEVELS_PER_PX = 8, 4


def default_ground_sample_m(width_px: int) -> float:
    """Return the metres per pixel assumed where there is no pose."""
    return DEFAULT_SWATH_M / width_px


def camera_from_world(pose: CameraPose) -> Homography:
    """Return the rotation (3, 3) from east, north, up to right, down, forward; yaw · pitch · roll as DJI reports."""
    yaw, pitch, roll = (math.radians(a.value) for a in (pose.yaw_deg, pose.pitch_deg, pose.roll_deg))
    forward = np.array([math.sin(yaw) * math.cos(pitch), math.cos(yaw) * math.cos(pitch), math.sin(pitch)])
    level_right = np.array([math.cos(yaw), -math.sin(yaw), 0.0])
    level_down = np.cross(forward, level_right)
    right = math.cos(roll) * level_right + math.sin(roll) * level_down
    return np.stack([right, np.cross(forward, right), forward])


def image_from_sea(pose: CameraPose) -> Homography:
    """Return the homography (3, 3) from (east, north, 1) in m on the sea plane to pixels."""
    rotation = camera_from_world(pose)
    place = np.array([pose.east_m.value, pose.north_m.value, pose.height_m.value])
    focal = pose.focal_px.value
    lens = np.array([[focal, 0.0, pose.width_px / 2], [0.0, focal, pose.height_px / 2], [0.0, 0.0, 1.0]])
    return np.asarray(lens @ np.column_stack([rotation[:, 0], rotation[:, 1], -rotation @ place]))


def reference_from_neighbour(reference: CameraPose, neighbour: CameraPose) -> Homography:
    """Return the homography that takes sea pixels of the neighbour to the reference."""
    whole = image_from_sea(reference) @ np.linalg.inv(image_from_sea(neighbour))
    return np.asarray(whole / whole[2, 2])


def _depression_tangent(pose: CameraPose, x_px: np.ndarray, y_px: np.ndarray) -> np.ndarray:
    """Return the tangent of the angle below the horizontal of pixels; negative above the horizon."""
    rotation = camera_from_world(pose)
    focal = pose.focal_px.value
    rays = np.stack([(x_px - pose.width_px / 2) / focal, (y_px - pose.height_px / 2) / focal, np.ones_like(x_px)])
    world = np.tensordot(rotation.T, rays, 1)
    return np.asarray(-world[2] / np.maximum(np.hypot(world[0], world[1]), 1e-9))


def sea_mask(pose: CameraPose) -> Mask | None:
    """Return 255 where a pixel sees the sea, clear of the horizon by `HORIZON_MARGIN_DEG`; (height, width).

    None where all of them do. Every eighth pixel is computed, exact to about a pixel in between.
    """
    limit = math.tan(math.radians(HORIZON_MARGIN_DEG))
    corners_x = np.array([0.0, pose.width_px, 0.0, pose.width_px])
    corners_y = np.array([0.0, 0.0, pose.height_px, pose.height_px])
    if np.all(_depression_tangent(pose, corners_x, corners_y) > limit):
        return None
    across, down = -(-pose.width_px // MASK_STEP_PX), -(-pose.height_px // MASK_STEP_PX)
    rows, columns = (np.mgrid[0:down, 0:across] + 0.5) * MASK_STEP_PX
    below_px = (_depression_tangent(pose, columns, rows) - limit) * pose.focal_px.value
    levels = np.clip(128 + LEVELS_PER_PX * below_px, 0, 255).astype(np.uint8)
    size = (across * MASK_STEP_PX, down * MASK_STEP_PX)
    full = over(np.asarray(cv2.resize(levels, size, interpolation=cv2.INTER_LINEAR), np.uint8), 128)
    return np.ascontiguousarray(full[: pose.height_px, : pose.width_px])


def row_ground_sample_m(pose: CameraPose) -> np.ndarray:
    """Return the metres per pixel across the view for each row, in the middle column; inf above the horizon."""
    rotation = camera_from_world(pose)
    rows = np.arange(pose.height_px) + 0.5
    focal = pose.focal_px.value
    down = -(rotation[1, 2] * (rows - pose.height_px / 2) / focal + rotation[2, 2])
    with np.errstate(divide="ignore"):
        depth = np.where(down > 1e-3, pose.height_m.value / np.maximum(down, 1e-3), np.inf)
    return np.asarray(depth / focal)


def ground_sample_m(pose: CameraPose) -> float:
    """Return the median metres per pixel over the rows fine enough to be cleared; the default where none is."""
    rows = row_ground_sample_m(pose)
    seen = rows[rows <= COARSEST_M]
    return float(np.median(seen)) if len(seen) else default_ground_sample_m(pose.width_px)
