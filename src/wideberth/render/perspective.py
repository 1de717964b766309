"""Shapes on the sea, as the camera sees them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPoint, Polygon

from wideberth_contracts.poses import CameraPose
from wideberth_distance.core.projection import cameras_of, image_from_sea

Points = NDArray[np.float64]
SAMPLES = 180  # points on a ring: no corner of more than a pixel at 1080p
NEAREST_DEPTH_M = 2.0


def sea_to_image_px(pose: CameraPose, points_m: Points) -> Points | None:
    """Pixels of points on the sea, shape (N, 2); None where one is behind the camera."""
    seen = _project(pose, points_m)
    return None if (seen[:, 2] < NEAREST_DEPTH_M).any() else seen[:, :2]


def _project(pose: CameraPose, points_m: Points) -> Points:
    on_sea = np.concatenate([points_m, np.zeros((len(points_m), 1))], axis=1)
    return np.asarray(image_from_sea(cameras_of(pose).nominal(), on_sea)[0], dtype=np.float64)


def rings_px(pose: CameraPose, animals_m: Sequence[tuple[float, float]], radius_m: float) -> list[Points]:
    """The line of all points `radius_m` from the nearest animal, as pixel lines broken where it leaves the view."""
    if not animals_m:
        return []
    area = MultiPoint(list(animals_m)).buffer(radius_m, quad_segs=SAMPLES // 4)
    parts = [area] if isinstance(area, Polygon) else list(area.geoms)
    lines: list[Points] = []
    for part in parts:
        lines += _visible(pose, _dense(np.asarray(part.exterior.coords, dtype=np.float64)))
    return lines


def _dense(ring_m: Points) -> Points:
    steps = np.linspace(0, 1, 4, endpoint=False)[:, None, None]
    between = ring_m[:-1] * (1 - steps) + ring_m[1:] * steps
    return np.concatenate([between.transpose(1, 0, 2).reshape(-1, 2), ring_m[-1:]])


def _visible(pose: CameraPose, ring_m: Points) -> list[Points]:
    seen = _project(pose, ring_m)
    near = 2.0 * max(pose.width_px, pose.height_px)
    good = (seen[:, 2] > NEAREST_DEPTH_M) & (np.abs(seen[:, :2]) < near).all(axis=1)
    runs = np.split(np.arange(len(seen)), np.flatnonzero(np.diff(good.astype(np.int8))) + 1)
    return [seen[run, :2] for run in runs if good[run[0]] and len(run) > 1]
