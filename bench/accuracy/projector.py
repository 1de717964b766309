"""The projector against the closed form, against a second derivation, and against cameratransform where it is at hand.

cameratransform asks for old versions of much that is used here, so it cannot be a dependency, not even for
development. Installed into any environment (`pip install cameratransform`) whose Python is named by
`WIDEBERTH_CAMERATRANSFORM_PYTHON`, it is asked by a process of its own.
"""

import json
import os
import subprocess
from typing import cast

import numpy as np

from bench.accuracy.measuring import Row, row
from wideberth_distance.core.projection import (
    CURVATURE_PER_M,
    EARTH_RADIUS_M,
    REFRACTION_K,
    Array,
    Cameras,
    camera_from_world,
    horizon_dip_rad,
    image_from_sea,
    range_from_depression_m,
)

PYTHON = "WIDEBERTH_CAMERATRANSFORM_PYTHON"
WIDTH, HEIGHT, FOCAL = 3840, 2160, 2665.0
_ASK = """
import json, sys
import numpy as np
import cameratransform as ct
asked = json.load(sys.stdin)
found = []
for each in asked["cameras"]:
    camera = ct.Camera(
        ct.RectilinearProjection(focallength_px=asked["focal"], image=(asked["width"], asked["height"])),
        ct.SpatialOrientation(elevation_m=each["height"], tilt_deg=90 + each["pitch"], roll_deg=-each["roll"],
                              heading_deg=each["yaw"], pos_x_m=0, pos_y_m=0),
    )
    found.append(camera.imageFromSpace(np.array(each["points"])).tolist())
json.dump(found, sys.stdout)
"""


def run(quick: bool) -> list[Row]:
    """All rows."""
    cameras = 40 if quick else 400
    return [*_closed_form(), *_horizon(), _second_derivation(cameras), _cameratransform(cameras)]


def _closed_form() -> list[Row]:
    heights, ranges = (g.ravel() for g in np.meshgrid(np.linspace(10, 300, 59), np.geomspace(1, 5_000, 200)))
    found, visible = range_from_depression_m(heights, heights / ranges + ranges * CURVATURE_PER_M / 2)
    worst = float(np.abs(found - ranges)[visible].max())
    return [row("range of a depression against the closed form, 1 m to 5 km", worst, "m", "< 1e-6", worst < 1e-6)]


def _horizon() -> list[Row]:
    heights = np.linspace(10, 300, 59)
    closed = np.degrees(np.sqrt(2 * heights * (1 - REFRACTION_K) / EARTH_RADIUS_M))
    ours = np.degrees([horizon_dip_rad(float(height)) for height in heights])
    shortcut = np.degrees(heights / np.sqrt(2 * EARTH_RADIUS_M * heights / (1 - REFRACTION_K)))
    worst, wrong = float(np.abs(ours - closed).max()), float(np.abs(shortcut - closed).min())
    return [
        row("dip of the horizon against √(2 h (1 - k) / R)", worst, "deg", "< 0.001", worst < 0.001, "10 to 300 m"),
        row("the shortcut height over horizon distance is off by at least", wrong, "deg", "> 0.001", wrong > 0.001,
            "half the dip: the row above tells them apart"),
    ]  # fmt: skip


def _drawn(count: int) -> list[dict[str, object]]:
    """Cameras and points on the plane of a flat sea that each of them sees."""
    rng = np.random.default_rng(7)
    drawn: list[dict[str, object]] = []
    while len(drawn) < count:
        height, yaw = float(rng.uniform(20, 150)), float(rng.uniform(-180, 180))
        pitch, roll = float(rng.uniform(-85, -8)), float(rng.uniform(-4, 4))
        pixels = rng.uniform([0, 0], [WIDTH, HEIGHT], (12, 2))
        points = _flat_points(height, yaw, pitch, roll, pixels)
        if len(points):
            drawn.append({"height": height, "yaw": yaw, "pitch": pitch, "roll": roll, "points": points.tolist()})
    return drawn


def _flat_points(height: float, yaw: float, pitch: float, roll: float, pixels: Array) -> Array:
    """Where rays through pixels meet the plane z = 0, within 3 km; shape (N, 3)."""
    rotation = _euler(yaw, pitch, roll)
    rays = np.concatenate([(pixels - [WIDTH / 2, HEIGHT / 2]) / FOCAL, np.ones((len(pixels), 1))], axis=1) @ rotation
    falls = rays[:, 2] < -0.02
    points = rays[falls] * (height / -rays[falls, 2])[:, None]
    points[:, 2] = 0.0
    return np.asarray(points[np.hypot(points[:, 0], points[:, 1]) < 3000])


def _euler(yaw: float, pitch: float, roll: float) -> Array:
    """Rows right, down, forward in east, north, up: by three elementary turns, unlike the projector's own."""
    y, p, r = np.radians([yaw, pitch, roll])
    # North-facing, level: right is east, down is -up, forward is north.
    level = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]])
    about_up = np.array([[np.cos(y), -np.sin(y), 0], [np.sin(y), np.cos(y), 0], [0, 0, 1.0]])
    about_right = np.array([[1.0, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    about_axis = np.array([[np.cos(r), np.sin(r), 0], [-np.sin(r), np.cos(r), 0], [0, 0, 1.0]])
    return np.asarray(about_axis @ about_right @ level @ about_up)


def _ours(each: dict[str, object]) -> Array:
    """Pixels by the product's projector, its drop taken out: the point is lifted by as much as the sea falls."""
    points = np.array(each["points"])
    points[:, 2] += np.square(points[:, :2]).sum(axis=1) * CURVATURE_PER_M / 2
    height, yaw, pitch, roll = (np.array([cast(float, each[name])]) for name in ("height", "yaw", "pitch", "roll"))
    rotation = camera_from_world(yaw, pitch, roll)
    zero = np.zeros(1)
    camera = Cameras(zero, zero, height, np.array([FOCAL]), rotation, (WIDTH / 2, HEIGHT / 2))
    return np.asarray(image_from_sea(camera, points[None])[0, :, :2])


def _second_derivation(count: int) -> Row:
    worst = 0.0
    for each in _drawn(count):
        angles = (cast(float, each[name]) for name in ("yaw", "pitch", "roll"))
        seen = (np.array(each["points"]) - [0, 0, cast(float, each["height"])]) @ _euler(*angles).T
        theirs = seen[:, :2] / seen[:, 2:] * FOCAL + [WIDTH / 2, HEIGHT / 2]
        worst = max(worst, float(np.abs(_ours(each) - theirs).max()))
    return row("pixels against a second derivation, flat sea", worst, "px", "< 0.01", worst < 0.01, f"{count} cameras")


def _cameratransform(count: int) -> Row:
    name = "pixels against cameratransform, flat sea, no refraction"
    python = os.environ.get(PYTHON)
    if python is None:
        return row(name, None, "px", "< 0.01", None, f"not run: {PYTHON} names no Python that has it")
    drawn = _drawn(count)
    asked = json.dumps({"cameras": drawn, "focal": FOCAL, "width": WIDTH, "height": HEIGHT})
    answer = subprocess.run([python, "-c", _ASK], input=asked, capture_output=True, text=True, check=False)
    if answer.returncode:
        return row(name, None, "px", "< 0.01", False, answer.stderr.strip().splitlines()[-1][:200])
    theirs = json.loads(answer.stdout)
    worst = max(float(np.abs(_ours(each) - np.array(seen)).max()) for each, seen in zip(drawn, theirs, strict=True))
    return row(name, worst, "px", "< 0.01", worst < 0.01, f"{count} cameras")
