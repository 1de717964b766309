"""The picture's motion between two frames whose poses are known.

For a flat sea both pictures are homographies of it. Earth curvature, refraction and the pose's errors move the result
by some pixels at most, which the tracker allows for.
"""

import math

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
    level = np.array([math.cos(yaw), -math.sin(yaw), 0.0])
    forward = np.array([math.sin(yaw) * math.cos(pitch), math.cos(yaw) * math.cos(pitch), math.sin(pitch)])
    below = np.cross(forward, level)
    right = math.cos(roll) * level + math.sin(roll) * below
    down = math.cos(roll) * below - math.sin(roll) * level
    camera_from_world = np.array([right, down, forward])
    place = np.array([pose.east_m.value, pose.north_m.value, pose.height_m.value])
    camera_from_sea = np.column_stack([camera_from_world[:, 0], camera_from_world[:, 1], -camera_from_world @ place])
    intrinsics = np.array(
        [
            [pose.focal_px.value, 0.0, pose.width_px / 2],
            [0.0, pose.focal_px.value, pose.height_px / 2],
            [0.0, 0.0, 1.0],
        ]
    )
    return np.asarray(intrinsics @ camera_from_sea, dtype=np.float64)
