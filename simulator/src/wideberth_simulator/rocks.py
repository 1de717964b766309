"""Rocks awash: lumpy domes, wet and dark below, paler on top."""

from __future__ import annotations

import math

import numpy as np

from wideberth_simulator.mesh import Mesh, flat, quads


def rock(rng: np.random.Generator, radius_m: float, height_m: float) -> Mesh:
    """Return a rock whose top stands `height_m` above the water (negative: awash)."""
    rings, sides = 12, 28
    t = np.linspace(0, 1, rings)
    a = np.arange(sides) * 2 * math.pi / sides
    rough = np.cumsum(rng.normal(0, 0.055, (rings, sides)), axis=0)
    lobes = 1 + 0.22 * np.sin(2 * a + rng.uniform(0, 6)) + 0.15 * np.sin(3 * a + rng.uniform(0, 6))
    r = radius_m * (0.08 + 0.92 * t[:, None] ** 0.6) * (lobes[None] + rough * t[:, None])
    depth = height_m + 0.8
    z = height_m - depth * t[:, None] ** 1.6 + 0.10 * radius_m * rng.normal(0, 0.5, (rings, sides)) * t[:, None]
    p = np.stack([r * np.cos(a), r * np.sin(a), np.broadcast_to(z, r.shape)], axis=2)
    q = np.stack([p[:-1], p[1:], np.roll(p, -1, axis=1)[1:], np.roll(p, -1, axis=1)[:-1]], axis=2).reshape(-1, 4, 3)
    top = np.stack([np.broadcast_to(p[0].mean(axis=0), (sides, 3)), p[0], np.roll(p[0], -1, axis=0)], axis=1)
    triangles = np.concatenate([quads(q), top])
    mesh = flat(triangles, (0.06, 0.065, 0.07), 0.35)
    tone = rng.uniform(0.6, 1.5) * (0.55 + 0.55 * np.clip(triangles[:, :, 2].mean(axis=1) / 0.5, 0, 1))
    tone *= rng.uniform(0.6, 1.4, len(triangles))
    tint = np.array([0.050, 0.056, 0.062]) * rng.uniform(0.85, 1.15, 3)
    return Mesh(
        mesh.corners, mesh.normals, (tone[:, None] * tint)[:, None, :].repeat(3, axis=1), mesh.gloss, mesh.boxed
    )
