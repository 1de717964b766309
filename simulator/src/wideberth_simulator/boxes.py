"""Oriented boxes round what a person would see of a body."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OrientedBox:
    """A rectangle in the image.

    Attributes:
        cx_px: Centre from the left edge.
        cy_px: Centre from the top edge.
        length_px: Long side, or the side along the body.
        width_px: The other side.
        angle_deg: Direction of the length, clockwise from image +x (y points down), in [-90, 90).
    """

    cx_px: float
    cy_px: float
    length_px: float
    width_px: float
    angle_deg: float

    def corners(self) -> FloatArray:
        """Return the four corners (4, 2), in turn."""
        a = math.radians(self.angle_deg)
        u = np.array([math.cos(a), math.sin(a)]) * self.length_px / 2
        v = np.array([-math.sin(a), math.cos(a)]) * self.width_px / 2
        return np.asarray(np.array([self.cx_px, self.cy_px]) + np.array([u + v, u - v, -u - v, -u + v]), np.float64)


def wrapped_deg(angle_deg: float) -> float:
    """Return an axis angle in [-90, 90)."""
    return (angle_deg + 90.0) % 180.0 - 90.0


def smallest_box(points_px: FloatArray) -> OrientedBox:
    """Return the rectangle of least area round points (N, 2); its length is the longer side."""
    (cx, cy), (w, h), angle = cv2.minAreaRect(np.asarray(points_px, np.float32))
    if w < h:
        w, h, angle = h, w, angle + 90.0
    return OrientedBox(float(cx), float(cy), float(w), float(h), wrapped_deg(float(angle)))


def box_along(points_px: FloatArray, axis_px: FloatArray) -> OrientedBox:
    """Return the rectangle round points (N, 2) whose length lies along a direction (2,)."""
    axis = np.asarray(axis_px, float)
    norm = float(np.hypot(*axis))
    if norm < 1e-9:
        return smallest_box(points_px)
    u = axis / norm
    v = np.array([-u[1], u[0]])
    a, b = points_px @ u, points_px @ v
    centre = u * (a.max() + a.min()) / 2 + v * (b.max() + b.min()) / 2
    return OrientedBox(
        float(centre[0]), float(centre[1]), float(np.ptp(a)), float(np.ptp(b)),
        wrapped_deg(math.degrees(math.atan2(u[1], u[0]))),
    )  # fmt: skip


def hull_points(points_px: FloatArray) -> FloatArray:
    """Return the convex outline (M, 2) of points."""
    return np.asarray(cv2.convexHull(np.asarray(points_px, np.float32)).reshape(-1, 2), np.float64)


def clipped(polygon_px: FloatArray, width_px: int, height_px: int) -> FloatArray:
    """Return a convex polygon cut to the picture; (0, 2) when nothing is inside."""
    poly = np.asarray(polygon_px, np.float64)
    for axis, limit, sign in ((0, 0.0, 1.0), (0, float(width_px), -1.0), (1, 0.0, 1.0), (1, float(height_px), -1.0)):
        if len(poly) == 0:
            return np.zeros((0, 2))
        inside = sign * (poly[:, axis] - limit)
        out: list[FloatArray] = []
        for i in range(len(poly)):
            j = (i + 1) % len(poly)
            if inside[i] >= 0:
                out.append(poly[i])
            if (inside[i] >= 0) != (inside[j] >= 0):
                out.append(poly[i] + (poly[j] - poly[i]) * (inside[i] / (inside[i] - inside[j])))
        poly = np.array(out).reshape(-1, 2)
    return poly


def area_px2(polygon_px: FloatArray) -> float:
    """Return the area of a polygon (N, 2)."""
    if len(polygon_px) < 3:
        return 0.0
    x, y = polygon_px[:, 0], polygon_px[:, 1]
    return 0.5 * abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))))
