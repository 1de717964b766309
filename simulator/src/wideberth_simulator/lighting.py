"""Light on bodies: sun, sky, a wet highlight; and the body's shadow on the sea."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from wideberth_simulator.geometry import Camera
from wideberth_simulator.mesh import Mesh
from wideberth_simulator.raster import Layers, draw_body, draw_mirror, draw_shadow
from wideberth_simulator.shading import Light, Water

FloatArray = npt.NDArray[np.float64]


def lit_colours(mesh: Mesh, camera: Camera, light: Light) -> FloatArray:
    """Return (T, 3, 3) light leaving the corners towards the camera, linear B, G, R."""
    n = mesh.normals
    eye = np.array([camera.east_m, camera.north_m, camera.height_m]) - mesh.corners
    eye /= np.linalg.norm(eye, axis=2, keepdims=True)
    # Thin plates are drawn from both sides: turn the normal to the eye.
    n = np.where((n * eye).sum(axis=2, keepdims=True) < -0.15, -n, n)
    sun = light.to_sun
    share = light.sun_share
    zenith, horizon = light.sky_colours
    facing = np.clip(n @ sun, 0.0, None)[..., None]
    ambient = (0.5 + 0.5 * n[..., 2:3]) * (0.55 * zenith + 0.35 * horizon) * 0.55 + 0.05
    diffuse = mesh.colours * (facing * share * light.sun_colour * 0.95 + ambient)
    half = eye + sun
    half /= np.maximum(np.linalg.norm(half, axis=2, keepdims=True), 1e-9)
    shine = np.clip((n * half).sum(axis=2), 0.0, 1.0)[..., None]
    gloss = mesh.gloss[:, None, None]
    cos_eye = np.clip((n * eye).sum(axis=2), 0.0, 1.0)[..., None]
    fresnel = 0.025 + 0.6 * (1 - cos_eye) ** 5
    mirror = gloss * fresnel * horizon * np.clip(0.3 + n[..., 2:3], 0.0, 1.0)
    glitter = gloss * share * (0.9 * shine**60 + 0.10 * shine**12) * light.sun_colour
    return np.asarray(diffuse + mirror + glitter, np.float64)


def draw_image(layers: Layers, mesh: Mesh, camera: Camera, colours: FloatArray) -> None:
    """Draw the mirror image of what stands above the water: strong at grazing view, faint from above."""
    out = mesh.corners[..., 2].min(axis=1) > -0.02
    if not out.any():
        return
    turned = mesh.corners[out] * np.array([1.0, 1.0, -1.0])
    middle = turned.mean(axis=(0, 1))
    flat = float(np.hypot(middle[0] - camera.east_m, middle[1] - camera.north_m))
    steep = camera.height_m / max(float(np.hypot(flat, camera.height_m)), 1e-6)
    draw_mirror(layers, camera.project(turned), 0.45 * colours[out], 0.75 * (1 - steep) ** 0.8)


def draw(layers: Layers, mesh: Mesh, camera: Camera, light: Light, water: Water, shadow: bool = True,
         mirror: bool = False) -> None:  # fmt: skip
    """Draw a placed body with its shadow; call for far bodies first.

    Args:
        layers: The layers.
        mesh: In world axes; heights below 0 are under water.
        camera: The camera.
        light: Sun and sky.
        water: Its clarity dims what is under water.
        shadow: Whether it blocks sunlight on the sea.
        mirror: Whether the water mirrors it.
    """
    corners = camera.project(mesh.corners)
    colours = lit_colours(mesh, camera, light)
    below = mesh.corners[..., 2] < 0.0
    scatter_px = 0.0
    if below.any():
        # Under water the light is that of the water: less, bluer, no highlight.
        soft = mesh.colours * np.array([0.9, 0.95, 0.8]) * light.daylight
        colours = np.where(below[..., None], soft + 0.08 * np.array(water.upwelling) * light.daylight, colours)
        deep = float(-mesh.corners[..., 2][below].mean())
        scatter_px = water.scatter * deep * camera.focal_px / max(float(corners[..., 2].mean()), 1.0)
    if mirror:
        draw_image(layers, mesh, camera, colours)
    heights = mesh.corners[..., 2]
    draw_body(layers, corners, heights, colours, np.array(water.dimming_per_m), 1.0, min(scatter_px, 40.0))
    if shadow and light.sun_share > 0.05 and light.sun_elevation_deg > 8.0:
        above = mesh.corners[mesh.corners[..., 2].min(axis=1) > -0.05]
        if len(above):
            sun = light.to_sun
            fallen = above - above[..., 2:3] * (sun / sun[2])
            fallen[..., 2] = 0.0
            draw_shadow(layers, camera.project(fallen))
