"""True separations: nearest point of a hull's waterline to the middle of the nearest animal."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def polygon_distances_m(outline_m: FloatArray, points_m: FloatArray) -> FloatArray:
    """Return the distance (P,) of points (P, 2) to a closed outline (N, 2); 0 inside."""
    a = outline_m
    b = np.roll(outline_m, -1, axis=0)
    edge = b - a
    length2 = np.maximum((edge**2).sum(axis=1), 1e-12)
    rel = points_m[:, None, :] - a[None]
    u = np.clip((rel * edge).sum(axis=2) / length2, 0.0, 1.0)
    gap = rel - u[..., None] * edge
    distance = np.sqrt((gap**2).sum(axis=2)).min(axis=1)
    crosses = (a[None, :, 1] > points_m[:, None, 1]) != (b[None, :, 1] > points_m[:, None, 1])
    rise = np.where(np.abs(edge[:, 1]) < 1e-12, 1e-12, edge[:, 1])
    x_cross = a[:, 0] + (points_m[:, None, 1] - a[:, 1]) / rise * edge[:, 0]
    inside = (crosses & (points_m[:, None, 0] < x_cross)).sum(axis=1) % 2 == 1
    return np.where(inside, 0.0, distance)


def nearest_m(outline_m: FloatArray, animals_m: FloatArray) -> float | None:
    """Return the separation of a hull from the nearest of animals (P, 2), or None when there are none."""
    if len(animals_m) == 0:
        return None
    return float(polygon_distances_m(outline_m, animals_m).min())
