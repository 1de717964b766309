"""Triangle bodies in their own axes: x forward, y to port (left), z up from the waterline, metres."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BGR = tuple[float, float, float]


@dataclass(frozen=True)
class Mesh:
    """A soup of triangles.

    Attributes:
        corners: (T, 3, 3) positions, m.
        normals: (T, 3, 3) unit normals at the corners.
        colours: (T, 3, 3) albedo of the corners, linear B, G, R.
        gloss: (T,) 0 dull to 1 wet.
        boxed: (T,) whether the triangle counts for boxes: masts and poles do not.
    """

    corners: FloatArray
    normals: FloatArray
    colours: FloatArray
    gloss: FloatArray
    boxed: npt.NDArray[np.bool_]

    @staticmethod
    def joined(parts: list[Mesh]) -> Mesh:
        """Return one mesh of several."""
        return Mesh(
            np.concatenate([p.corners for p in parts]),
            np.concatenate([p.normals for p in parts]),
            np.concatenate([p.colours for p in parts]),
            np.concatenate([p.gloss for p in parts]),
            np.concatenate([p.boxed for p in parts]),
        )

    def placed(self, east_m: float, north_m: float, up_m: float, heading_deg: float,
               pitch_deg: float = 0.0, roll_deg: float = 0.0) -> Mesh:  # fmt: skip
        """Return the mesh in world axes: pitch lifts the bow, roll sinks starboard, then the heading turns it."""
        r = turn(heading_deg, pitch_deg, roll_deg)
        return Mesh(
            self.corners @ r.T + np.array([east_m, north_m, up_m]), self.normals @ r.T, self.colours, self.gloss,
            self.boxed,
        )  # fmt: skip

    def unboxed(self) -> Mesh:
        """Return the mesh as one that does not count for boxes."""
        return Mesh(self.corners, self.normals, self.colours, self.gloss, np.zeros(len(self.gloss), np.bool_))


def turn(heading_deg: float, pitch_deg: float = 0.0, roll_deg: float = 0.0) -> FloatArray:
    """Return world_from_body (3, 3) for body axes forward, port, up."""
    h, p, r = (math.radians(v) for v in (heading_deg, pitch_deg, roll_deg))
    forward = np.array([math.sin(h) * math.cos(p), math.cos(h) * math.cos(p), math.sin(p)])
    port0 = np.array([-math.cos(h), math.sin(h), 0.0])
    up0 = np.cross(forward, port0)
    port = math.cos(r) * port0 + math.sin(r) * up0
    return np.stack([forward, port, np.cross(forward, port)], axis=1)


def flat(triangles: FloatArray, colour: BGR | FloatArray, gloss: float = 0.1) -> Mesh:
    """Return flat-shaded triangles (T, 3, 3), wound counter-clockwise seen from outside."""
    triangles = np.asarray(triangles, np.float64)
    n = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    n /= np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-12)
    count = len(triangles)
    return Mesh(
        triangles, np.repeat(n[:, None], 3, axis=1), np.tile(np.asarray(colour, float), (count, 3, 1)),
        np.full(count, gloss), np.ones(count, np.bool_),
    )  # fmt: skip


def quads(corners: FloatArray) -> FloatArray:
    """Return triangles (2Q, 3, 3) of quads (Q, 4, 3)."""
    q = np.asarray(corners, np.float64)
    return np.concatenate([q[:, [0, 1, 2]], q[:, [0, 2, 3]]])


def box(  # noqa: PLR0913 - six faces and three looks
    x0: float,
    x1: float,
    y0: float,
    y1: float,
    z0: float,
    z1: float,
    colour: BGR,
    lean_m: float = 0.0,
    gloss: float = 0.1,
) -> Mesh:
    """Return a block; its top is shorter by `lean_m` at the front and half of it behind (a sloped windscreen)."""
    a, b = x0 + 0.5 * lean_m, x1 - lean_m
    p = np.array(
        [[x0, y0, z0], [x1, y0, z0], [x1, y1, z0], [x0, y1, z0], [a, y0, z1], [b, y0, z1], [b, y1, z1], [a, y1, z1]]
    )
    faces = [[4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
    return flat(quads(p[faces]), colour, gloss)


def smooth_tube(centres: FloatArray, half_widths: FloatArray, half_heights: FloatArray, colours: FloatArray,
                sides: int = 12, gloss: float = 0.6) -> Mesh:  # fmt: skip
    """Return a closed smooth tube along a spine.

    Args:
        centres: (S, 3) spine points.
        half_widths: (S,) across, along y.
        half_heights: (S,) along z.
        colours: (S, sides, 3) albedo of the ring points; ring point 0 looks to +y, a quarter further to +z.
        sides: Points of a ring.
        gloss: Wetness.
    """
    angle = np.arange(sides) * (2 * math.pi / sides)
    # Rings stand upright across the spine seen from above, so a bent spine keeps its width.
    tangent = np.gradient(centres[:, :2], axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-9)
    side = np.stack([-tangent[:, 1], tangent[:, 0], np.zeros(len(tangent))], axis=1)
    up = np.array([0.0, 0.0, 1.0])
    across = np.cos(angle)[None, :, None] * side[:, None, :] * half_widths[:, None, None]
    lift = np.sin(angle)[None, :, None] * up * half_heights[:, None, None]
    ring = centres[:, None, :] + across + lift
    normal = np.cos(angle)[None, :, None] * side[:, None, :] / np.maximum(half_widths, 1e-3)[:, None, None]
    normal = normal + np.sin(angle)[None, :, None] * up / np.maximum(half_heights, 1e-3)[:, None, None]
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    s = np.arange(len(centres) - 1)
    i = np.arange(sides)
    j = (i + 1) % sides
    a = (s[:, None], i[None, :])
    b = (s[:, None], j[None, :])
    c = (s[:, None] + 1, j[None, :])
    d = (s[:, None] + 1, i[None, :])

    def tri(field: FloatArray, order: list[tuple[FloatArray, FloatArray]]) -> FloatArray:
        return np.stack([field[o] for o in order], axis=2).reshape(-1, 3, 3)

    corners = np.concatenate([tri(ring, [a, b, c]), tri(ring, [a, c, d])])  # type: ignore[list-item]
    normals = np.concatenate([tri(normal, [a, b, c]), tri(normal, [a, c, d])])  # type: ignore[list-item]
    tone = np.concatenate([tri(colours, [a, b, c]), tri(colours, [a, c, d])])  # type: ignore[list-item]
    return Mesh(corners, normals, tone, np.full(len(corners), gloss), np.ones(len(corners), np.bool_))
