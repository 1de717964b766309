"""Triangle bodies for the atlas: x forward, y to port, z up from the waterline, metres; colours are linear B, G, R."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Bgr = tuple[float, float, float]

PLAIN, PLANKS, GRIP, SKIN, RIBS = 0, 1, 2, 3, 4
"""Textures: smooth with wear, deck boards, anti-slip, animal skin, corrugations across."""


@dataclass(frozen=True)
class Solid:
    """A soup of triangles.

    Attributes:
        corners: positions (T, 3, 3), m.
        normals: unit normals at the corners (T, 3, 3).
        colours: albedo of the corners (T, 3, 3), linear B, G, R.
        gloss: 0 dull to 1 wet (T,).
        boxed: whether the label covers the triangle: poles and wires do not count (T,).
        texture: one of the texture numbers (T,).
    """

    corners: F64
    normals: F64
    colours: F64
    gloss: F64
    boxed: NDArray[np.bool_]
    texture: NDArray[np.uint8]

    @staticmethod
    def joined(parts: "list[Solid]") -> "Solid":
        """One body of several."""
        fields = ("corners", "normals", "colours", "gloss", "boxed", "texture")
        return Solid(*(np.concatenate([getattr(p, f) for p in parts]) for f in fields))

    @staticmethod
    def of_simulator(mesh: Any) -> "Solid":
        """A simulator's mesh; its triangles have one colour each."""
        count = len(mesh.corners)
        colours = np.asarray(mesh.colours, np.float64)
        if colours.ndim == 2:
            colours = np.repeat(colours[:, None], 3, axis=1)
        boxed = np.asarray(getattr(mesh, "boxed", np.ones(count)), bool)
        texture = np.zeros(count, np.uint8)
        return Solid(np.asarray(mesh.corners, np.float64), np.asarray(mesh.normals, np.float64), colours,
                     np.asarray(mesh.gloss, np.float64), boxed, texture)  # fmt: skip

    def moved(self, by: tuple[float, float, float], turn: F64 | None = None) -> "Solid":
        """Turned by a matrix (3, 3) about the origin, then shifted (m)."""
        r = np.eye(3) if turn is None else turn
        corners = self.corners @ r.T + np.asarray(by, np.float64)
        return Solid(corners, self.normals @ r.T, self.colours, self.gloss, self.boxed, self.texture)

    def unboxed(self) -> "Solid":
        """The same body, outside the label."""
        return Solid(self.corners, self.normals, self.colours, self.gloss, np.zeros_like(self.boxed), self.texture)

    def textured(self, texture: int) -> "Solid":
        """The same body with another texture."""
        painted = np.full_like(self.texture, texture)
        return Solid(self.corners, self.normals, self.colours, self.gloss, self.boxed, painted)


def turn_matrix(yaw_rad: float = 0.0, pitch_rad: float = 0.0, roll_rad: float = 0.0) -> F64:
    """Body turned by roll about x, pitch (bow up) about y, then yaw (to port) about z; shape (3, 3)."""
    cy, sy = np.cos(yaw_rad), np.sin(yaw_rad)
    cp, sp = np.cos(pitch_rad), np.sin(pitch_rad)
    cr, sr = np.cos(roll_rad), np.sin(roll_rad)
    about_z = np.array([[cy, -sy, 0], [sy, cy, 0], [0, 0, 1]])
    about_y = np.array([[cp, 0, -sp], [0, 1, 0], [sp, 0, cp]])
    about_x = np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]])
    return np.asarray(about_z @ about_y @ about_x, np.float64)


def flat(triangles: F64, colour: Bgr | F64, gloss: float = 0.1, texture: int = PLAIN) -> Solid:
    """Flat triangles (T, 3, 3), seen from both sides (the renderer turns normals to the eye)."""
    triangles = np.asarray(triangles, np.float64)
    n = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    n /= np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-12)
    count = len(triangles)
    tone = np.broadcast_to(np.asarray(colour, np.float64), (count, 3, 3)).copy()
    return Solid(triangles, np.repeat(n[:, None], 3, axis=1), tone, np.full(count, gloss), np.ones(count, np.bool_),
                 np.full(count, texture, np.uint8))  # fmt: skip


def quads(corners: F64) -> F64:
    """Triangles (2Q, 3, 3) of quads (Q, 4, 3)."""
    q = np.asarray(corners, np.float64)
    return np.concatenate([q[:, [0, 1, 2]], q[:, [0, 2, 3]]])


def block(
    x: tuple[float, float],
    y: tuple[float, float],
    z: tuple[float, float],
    colour: Bgr,
    lean: tuple[float, float, float] = (0.0, 0.0, 0.0),
    gloss: float = 0.1,
    texture: int = PLAIN,
) -> Solid:
    """A box between bounds; `lean` pulls its top in at the back, the front and the sides (m)."""
    (x0, x1), (y0, y1), (z0, z1) = x, y, z
    a, b, c, d = x0 + lean[0], x1 - lean[1], y0 + lean[2], y1 - lean[2]
    p = np.array(
        [[x0, y0, z0], [x1, y0, z0], [x1, y1, z0], [x0, y1, z0], [a, c, z1], [b, c, z1], [b, d, z1], [a, d, z1]]
    )
    faces = [[4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
    return flat(quads(p[faces]), colour, gloss, texture)


def surface(grid: F64, colours: F64 | Bgr, gloss: float = 0.1, texture: int = PLAIN, closed: bool = False) -> Solid:
    """A smooth surface through points.

    Args:
        grid: points (R, C, 3).
        colours: one colour, or one a point (R, C, 3).
        gloss: wetness.
        texture: texture number.
        closed: whether the last column meets the first.
    """
    g = np.concatenate([grid, grid[:, :1]], axis=1) if closed else grid
    tone = np.broadcast_to(np.asarray(colours, np.float64), grid.shape)
    tone = np.concatenate([tone, tone[:, :1]], axis=1) if closed else tone
    down = np.gradient(g, axis=0)
    across = np.gradient(g, axis=1)
    if closed:
        across[:, 0] = across[:, -1] = (g[:, 1] - g[:, -2]) / 2
    n = np.cross(down, across)
    n /= np.maximum(np.linalg.norm(n, axis=2, keepdims=True), 1e-12)

    def cells(field: F64) -> F64:
        a, b, c, d = field[:-1, :-1], field[1:, :-1], field[1:, 1:], field[:-1, 1:]
        return np.concatenate([np.stack([a, b, c], 2).reshape(-1, 3, 3), np.stack([a, c, d], 2).reshape(-1, 3, 3)])

    corners = cells(g)
    count = len(corners)
    return Solid(corners, cells(n), cells(np.asarray(tone)), np.full(count, gloss), np.ones(count, np.bool_),
                 np.full(count, texture, np.uint8))  # fmt: skip


def tube(spine: F64, half_widths: F64, half_heights: F64, colours: F64 | Bgr, sides: int = 10,
         gloss: float = 0.3, texture: int = PLAIN) -> Solid:  # fmt: skip
    """A closed tube along a spine; ring point 0 looks across, a quarter further up.

    Args:
        spine: points (S, 3).
        half_widths: across (S,), m.
        half_heights: up (S,), m.
        colours: one colour or one a ring point (S, sides, 3).
        sides: points of a ring.
        gloss: wetness.
        texture: texture number.
    """
    tangent = np.gradient(spine, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-9)
    reference = np.array([0.0, 0.0, 1.0]) if abs(tangent[:, 2]).mean() < 0.8 else np.array([1.0, 0.0, 0.0])
    side = np.cross(reference, tangent)
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    up = np.cross(tangent, side)
    angle = np.arange(sides) * (2 * np.pi / sides)
    ring = spine[:, None] + np.cos(angle)[None, :, None] * (side * half_widths[:, None])[:, None]
    ring = ring + np.sin(angle)[None, :, None] * (up * half_heights[:, None])[:, None]
    return surface(ring, colours, gloss, texture, closed=True)


def limb(start: F64, end: F64, r0: float, r1: float, colour: Bgr, sides: int = 8, gloss: float = 0.15) -> Solid:
    """A rounded rod between two points with radii r0 and r1 (m)."""
    start, end = np.asarray(start, np.float64), np.asarray(end, np.float64)
    axis = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
    t = np.array([0.0, 0.0, 1.0, 1.0])
    spine = start + t[:, None] * (end - start) + axis * np.array([-r0, 0, 0, r1])[:, None] * 0.8
    radii = np.array([0.02 * r0, r0, r1, 0.02 * r1])
    return tube(spine, radii, radii, colour, sides, gloss)


def ball(centre: tuple[float, float, float], radii: tuple[float, float, float], colour: Bgr, gloss: float = 0.2,
         rings: int = 7, sides: int = 10) -> Solid:  # fmt: skip
    """An ellipsoid."""
    t = np.linspace(0, np.pi, rings)[:, None]
    a = np.arange(sides)[None, :] * (2 * np.pi / sides)
    grid = np.stack([np.sin(t) * np.cos(a) * radii[0], np.sin(t) * np.sin(a) * radii[1],
                     np.broadcast_to(np.cos(t) * radii[2], (rings, sides))], 2)  # fmt: skip
    return surface(grid + np.asarray(centre, np.float64), colour, gloss, closed=True)
