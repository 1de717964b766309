"""The picture's motion between two frames whose poses are known.

For a flat sea both pictures are homographies of it. Earth curvature, refraction and the pose's errors move the result
by some pixels at most, which the tracker allows for.
"""

import math
from collections.abc import Sequence

import numpy as np

from wideberth_contracts.poses import CameraPose
from wideberth_tracker.core.kalman import Floats


def later_from_earlier(earlier: CameraPose, later: CameraPose) -> Floats:
    """Homography (3, 3) from pixels of the earlier frame to pixels of the later one, for points on the sea."""
    fit = image_from_sea(later) @ np.linalg.inv(image_from_sea(earlier))
    return np.asarray(fit / fit[2, 2], dtype=np.float64)


def image_from_sea(pose: CameraPose) -> Floats:
    """Homography (3, 3) from (east, north, 1) in m to pixels, principal point in the picture's centre."""
    yaw, pitch, roll = (math.radians(angle.value) for angle in (pose.yaw_deg, pose.pitch_deg, pose.roll_deg))
    # In plain numbers: two of these a frame, and arrays of three would cost more than all else here.
    cos_yaw, sin_yaw, cos_pitch, sin_pitch = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch)
    cos_roll, sin_roll = math.cos(roll), math.sin(roll)
    level, forward = (cos_yaw, -sin_yaw, 0.0), (sin_yaw * cos_pitch, cos_yaw * cos_pitch, sin_pitch)
    below = (sin_pitch * sin_yaw, sin_pitch * cos_yaw, -cos_pitch)
    right = [cos_roll * a + sin_roll * b for a, b in zip(level, below, strict=True)]
    down = [cos_roll * b - sin_roll * a for a, b in zip(level, below, strict=True)]
    place = pose.east_m.value, pose.north_m.value, pose.height_m.value
    focal_px, middle = pose.focal_px.value, (pose.width_px / 2, pose.height_px / 2)
    depth = (forward[0], forward[1], -_dot(forward, place))
    rows = [
        [
            focal_px * row[0] + at * depth[0],
            focal_px * row[1] + at * depth[1],
            -focal_px * _dot(row, place) + at * depth[2],
        ]
        for row, at in zip((right, down), middle, strict=True)
    ]
    return np.array([*rows, depth], dtype=np.float64)


def _dot(one: Sequence[float], two: Sequence[float]) -> float:
    return one[0] * two[0] + one[1] * two[1] + one[2] * two[2]
