"""Drawing triangles with a depth buffer, and what each point sees of the sun and the sky."""

import math

import numba
import numpy as np
from numpy.typing import NDArray

from wideberth_training_detector.atlas_solid import F64

F32 = NDArray[np.float32]


@numba.njit(cache=True, fastmath=True)
def _draw(corners, near, which, bary):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    rows, cols = near.shape
    for t in range(corners.shape[0]):
        x0, y0, d0 = corners[t, 0]
        x1, y1, d1 = corners[t, 1]
        x2, y2, d2 = corners[t, 2]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9:
            continue
        inv = 1.0 / area
        left = max(0, math.floor(min(x0, x1, x2) - 0.5))
        right = min(cols - 1, math.ceil(max(x0, x1, x2)))
        top = max(0, math.floor(min(y0, y1, y2) - 0.5))
        bottom = min(rows - 1, math.ceil(max(y0, y1, y2)))
        for y in range(top, bottom + 1):
            py = y + 0.5
            for x in range(left, right + 1):
                px = x + 0.5
                b1 = ((px - x0) * (y2 - y0) - (x2 - x0) * (py - y0)) * inv
                b2 = ((x1 - x0) * (py - y0) - (px - x0) * (y1 - y0)) * inv
                b0 = 1.0 - b1 - b2
                if b0 < -1e-6 or b1 < -1e-6 or b2 < -1e-6:
                    continue
                d = b0 * d0 + b1 * d1 + b2 * d2
                if d <= near[y, x]:
                    continue
                near[y, x] = d
                which[y, x] = t
                bary[y, x, 0] = b0
                bary[y, x, 1] = b1


@numba.njit(cache=True, fastmath=True)
def _lit(points, axes, low, scale, bias, near, out):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    side = near.shape[0]
    dxs = (0.0, 0.9, -0.4, -0.9, 0.4)
    dys = (0.0, 0.4, 0.9, -0.4, -0.9)
    for n in range(points.shape[0]):
        px, py, pz = points[n, 0], points[n, 1], points[n, 2]
        x = (px * axes[0, 0] + py * axes[0, 1] + pz * axes[0, 2] - low[0]) * scale
        y = (px * axes[1, 0] + py * axes[1, 1] + pz * axes[1, 2] - low[1]) * scale
        d = px * axes[2, 0] + py * axes[2, 1] + pz * axes[2, 2] + bias
        total = 0
        for k in range(5):
            i = math.floor(x + dxs[k])
            j = math.floor(y + dys[k])
            if i < 0 or j < 0 or i >= side or j >= side or near[j, i] <= d:
                total += 1
        out[n] = total * 0.2


def draw(corners: F64, rows: int, cols: int) -> tuple[F32, NDArray[np.int32], F32]:
    """Draw triangles.

    Args:
        corners: (T, 3, 3): x and y in px, nearness to the eye (larger is nearer).
        rows: height of the picture.
        cols: width of the picture.

    Returns:
        Nearness (rows, cols), -inf where empty; triangle number, -1 where empty; two barycentric weights
        (rows, cols, 2).
    """
    near = np.full((rows, cols), -np.inf, np.float32)
    which = np.full((rows, cols), -1, np.int32)
    bary = np.zeros((rows, cols, 2), np.float32)
    _draw(np.ascontiguousarray(corners, np.float64), near, which, bary)
    return near, which, bary


class LightMap:
    """Which points a distant light reaches: a depth buffer drawn from the light."""

    def __init__(self, corners_m: F64, to_light: F64, side_px: int) -> None:
        up = np.array([0.0, 0.0, 1.0]) if abs(to_light[2]) < 0.95 else np.array([1.0, 0.0, 0.0])
        right = np.cross(up, to_light)
        right /= np.linalg.norm(right)
        self._axes = np.stack([right, np.cross(to_light, right), to_light])
        seen = corners_m @ self._axes.T
        low = seen[..., :2].min(axis=(0, 1))
        self._scale = (side_px - 4) / max(float((seen[..., :2].max(axis=(0, 1)) - low).max()), 1e-6)
        self._low = low - 2 / self._scale
        seen[..., :2] = (seen[..., :2] - self._low) * self._scale
        self._near, _, _ = draw(seen, side_px, side_px)
        self._side = side_px
        self._bias_m = 1.8 / self._scale

    def lit(self, points_m: F32 | F64) -> F32:
        """1 where light reaches the points (N, 3), 0 in shadow, softened over neighbouring texels."""
        points = np.ascontiguousarray(points_m, np.float32)
        axes = np.ascontiguousarray(self._axes, np.float32)
        low = np.asarray(self._low, np.float32)
        out = np.empty(len(points), np.float32)
        _lit(points, axes, low, np.float32(self._scale), np.float32(self._bias_m), self._near, out)
        return out
