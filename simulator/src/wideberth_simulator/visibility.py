"""Which part of a body a person would see, and the box round it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wideberth_simulator.boxes import OrientedBox, area_px2, box_along, clipped, hull_points, smallest_box
from wideberth_simulator.geometry import Camera
from wideberth_simulator.mesh import Mesh
from wideberth_simulator.shading import Water

FloatArray = npt.NDArray[np.float64]
SEEN_SHARE = 0.22
"""Contrast left at the depth to which a body counts as visible; deeper parts are outside its box."""
SURFACED_M = 0.03
"""An animal is surfaced when a part of it stands at least this far above the mean sea."""
SEEN_THROUGH_WATER = ("dolphin", "swimmer", "fish")
"""Kinds whose box includes what shows through the water; a hull's box ends at the waterline."""


@dataclass(frozen=True)
class Visible:
    """What is visible of a body.

    Attributes:
        box: Its box, cut to the picture.
        outline_px: (N, 2) convex outline, cut to the picture.
        fraction: Share of the body near enough to the surface times the share of its outline inside the picture.
        inside: The second of these shares.
    """

    box: OrientedBox
    outline_px: FloatArray
    fraction: float
    inside: float


def seen_depth_m(water: Water) -> float:
    """Return the depth at which the clearest channel keeps `SEEN_SHARE` of a body's contrast."""
    return -math.log(SEEN_SHARE) / min(water.dimming_per_m)


def visible(mesh: Mesh, kind: str, camera: Camera, water: Water, axis_m: FloatArray | None = None) -> Visible | None:
    """Return what is visible of a body, or None when nothing is.

    Args:
        mesh: The body in world axes.
        kind: Its kind.
        camera: The camera.
        water: Its clarity says how deep one sees.
        axis_m: (2, 3) tail and head, for a box along the body; None for the smallest box.
    """
    points = mesh.corners[mesh.boxed].reshape(-1, 3)
    depth = seen_depth_m(water) if kind in SEEN_THROUGH_WATER else 0.0
    shown = points[:, 2] >= -depth
    if not shown.any():
        return None
    seen = camera.project(points[shown])
    if seen[:, 2].min() < 1.0:
        return None
    outline = hull_points(seen[:, :2])
    inside = clipped(outline, camera.width_px, camera.height_px)
    full = area_px2(outline)
    if full <= 0 or len(inside) < 3:
        return None
    share = area_px2(inside) / full
    if axis_m is None:
        box = smallest_box(inside)
    else:
        ends = camera.project(axis_m)
        box = box_along(inside, ends[1, :2] - ends[0, :2])
    return Visible(box, inside, share * float(shown.mean()), share)
