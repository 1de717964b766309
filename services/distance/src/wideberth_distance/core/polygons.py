"""Distances between polygons and points, for many draws at once. A polygon of one corner is a point, of two a line."""

import numpy as np
from scipy.spatial import ConvexHull, QhullError

from wideberth_distance.core.projection import Array, Mask


def polygon_to_points_m(polygon: Array, points: Array) -> Array:
    """Distance of each point to the polygon, 0 inside.

    Args:
        polygon: Corners in order round it, shape (D, K, 2).
        points: shape (D, M, 2).

    Returns:
        Shape (D, M).
    """
    start = polygon[:, None, :, :]
    edge = np.roll(polygon, -1, axis=1)[:, None, :, :] - start
    offset = points[:, :, None, :] - start
    length2 = np.maximum(edge[..., 0] ** 2 + edge[..., 1] ** 2, 1e-12)
    share = np.clip((offset[..., 0] * edge[..., 0] + offset[..., 1] * edge[..., 1]) / length2, 0.0, 1.0)
    east, north = offset[..., 0] - share * edge[..., 0], offset[..., 1] - share * edge[..., 1]
    nearest = np.sqrt((east * east + north * north).min(axis=2))
    distances: Array = np.where(_inside(edge, offset), 0.0, nearest)
    return distances


def _inside(edge: Array, offset: Array) -> Mask:
    """Whether a horizontal ray to the east crosses an odd number of edges; shape (D, M)."""
    below_start, below_end = offset[..., 1] < 0, offset[..., 1] < edge[..., 1]
    crossing = below_start != below_end
    rise = np.where(edge[..., 1] == 0, 1.0, edge[..., 1])
    at_east = offset[..., 0] - offset[..., 1] / rise * edge[..., 0]
    inside: Mask = (np.sum(crossing & (at_east < 0), axis=2) % 2).astype(bool)
    return inside


def polygons_apart_m(first: Array, second: Array) -> Array:
    """Distance of two convex polygons per draw, 0 where they overlap; shapes (D, K, 2), (D, M, 2) → (D,)."""
    one_way = polygon_to_points_m(first, second).min(axis=1)
    apart: Array = np.minimum(one_way, polygon_to_points_m(second, first).min(axis=1))
    return apart


def hull_order(points: Array) -> list[int]:
    """Indices of the convex hull's corners in order, shape (M, 2) → indices. Points in a line give its two ends."""
    try:
        return [int(index) for index in ConvexHull(points).vertices]
    except QhullError:
        spread = points - points.mean(axis=0)
        direction = np.linalg.svd(spread, full_matrices=False)[2][0]
        along = spread @ direction
        return [int(along.argmin()), int(along.argmax())]
