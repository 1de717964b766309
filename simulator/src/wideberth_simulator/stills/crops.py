"""Small crops for the anomaly model: clutter that is normal, and animals that are not."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from wideberth_simulator.boats import build
from wideberth_simulator.foam import (
    collar,
    droplets,
    image_spots,
    ring_splash,
    straight_track,
    wake,
    wake_lumps,
    whitecaps,
)
from wideberth_simulator.geometry import Camera
from wideberth_simulator.rocks import rock
from wideberth_simulator.stills.conditions import Conditions, random_conditions, wave_scale
from wideberth_simulator.stills.contents import Contents, Placed, dolphin_at
from wideberth_simulator.stills.still import LabelledBox, render_still

CLUTTER_KINDS = ("spray", "rock", "whitecap", "glint", "wake", "water", "buoy")


@dataclass(frozen=True)
class Crop:
    """A square piece of sea round one thing.

    Attributes:
        image_bgr: (size, size, 3) uint8.
        kind: `dolphin` or one of `CLUTTER_KINDS`.
        gsd_m: Metres a pixel.
        box: The animal's box, None for clutter.
        surfaced: Whether part of the animal is out of the water.
    """

    image_bgr: npt.NDArray[np.uint8]
    kind: str
    gsd_m: float
    box: LabelledBox | None
    surfaced: bool


def _scene(rng: np.random.Generator, size_px: int) -> tuple[Conditions, tuple[float, float], float]:
    """Return conditions with the camera turned so that a known sea point is in the crop's middle."""
    while True:
        cond = random_conditions(rng, size_px, size_px)
        # An animal of 2.5 m fills 16 to 60 px of the crop.
        gsd = 2.5 / math.exp(rng.uniform(math.log(16), math.log(60)))
        camera = replace(cond.camera, centre_x_px=size_px / 2, centre_y_px=size_px / 2, roll_deg=0.0)
        spot = camera.sea_point(size_px / 2, size_px / 2)
        if spot is None:
            continue
        slant = math.hypot(*spot, camera.height_m)
        if slant > 600:
            continue
        camera = replace(camera, focal_px=slant / gsd)
        return replace(cond, camera=camera, wave_scale=wave_scale(rng, camera)), spot, gsd


def _sun_behind(cond: Conditions, spot: tuple[float, float], rng: np.random.Generator) -> Conditions:
    azimuth = math.degrees(math.atan2(*spot)) + rng.normal(0, 4)
    elevation = math.degrees(math.atan2(cond.camera.height_m, math.hypot(*spot))) + rng.normal(0, 5)
    light = replace(cond.light, sun_azimuth_deg=azimuth, sun_elevation_deg=max(4.0, min(86.0, elevation)), overcast=0.0)
    return replace(cond, light=light)


def _spots(parts: list[npt.NDArray[np.float64]], camera: Camera) -> npt.NDArray[np.float64]:
    seen = [image_spots(p, camera) for p in parts if len(p)]
    return np.concatenate(seen) if seen else np.zeros((0, 7))


def random_clutter_crop(seed: int, size_px: int = 112, kind: str | None = None) -> Crop:
    """Return a crop without an animal.

    Args:
        seed: Any integer >= 0.
        size_px: Side of the crop, 96 to 128 is usual.
        kind: One of `CLUTTER_KINDS`; random when None.
    """
    rng = np.random.default_rng((seed, 55))
    what = kind or str(rng.choice(CLUTTER_KINDS, p=[0.2, 0.2, 0.2, 0.16, 0.12, 0.08, 0.04]))
    cond, (east, north), gsd = _scene(rng, size_px)
    items: list[Placed] = []
    foam: list[npt.NDArray[np.float64]] = []
    spray = np.zeros((0, 5))
    reach = 0.5 * size_px * gsd
    if what == "glint":
        cond = _sun_behind(cond, (east, north), rng)
    elif what == "rock":
        radius = float(rng.uniform(0.5, 2.2))
        items.append(
            Placed(
                "clutter",
                rock(rng, radius, float(rng.uniform(-0.3, 0.8))).placed(east, north, 0.0, rng.uniform(0, 360)),
            )
        )
        foam.append(collar(rng, east, north, radius, float(rng.uniform(0.0, 1.0))))
    elif what == "spray":
        foam.append(ring_splash(rng, east, north, rng.uniform(0, 360), rng.uniform(0.8, 2.5), rng.uniform(0.4, 1.2)))
        spray = droplets(
            rng, cond.camera, east, north, rng.uniform(0.3, 1.2), rng.uniform(0.2, 0.8), int(rng.integers(15, 140)), 0.8
        )
    elif what == "whitecap":
        cond = replace(cond, wind_mps=max(cond.wind_mps, 7.0))
        foam.append(
            whitecaps(rng, int(rng.integers(1, 6)), (east, north), reach * 0.5, cond.wind_to_deg, cond.wind_mps * 1.5)
        )
    elif what == "wake":
        heading = rng.uniform(0, 360)
        far = rng.uniform(8, 30)
        e, n = east + far * math.sin(math.radians(heading)), north + far * math.cos(math.radians(heading))
        foam.append(
            wake(
                straight_track(e, n, heading, rng.uniform(3, 9), rng.normal(0, 3)),
                rng.uniform(1, 3.5),
                rng.uniform(3, 13),
                wake_lumps(rng),
            )
        )
    elif what == "buoy":
        items.append(Placed("clutter", build("buoy", rng).mesh.placed(east, north, 0.0, 0.0)))
    still = render_still(seed, cond, Contents(tuple(items), _spots(foam, cond.camera), spray), rng)
    return Crop(still.image_bgr, what, gsd, None, False)


def random_animal_crop(seed: int, size_px: int = 112, surfaced: bool | None = None) -> Crop:
    """Return a crop with one dolphin near its middle, noticeable to a person.

    Args:
        seed: Any integer >= 0.
        size_px: Side of the crop.
        surfaced: True: its back is out; False: submerged but seen; None: either.
    """
    rng = np.random.default_rng((seed, 56))
    while True:
        cond, (east, north), gsd = _scene(rng, size_px)
        out = bool(rng.random() < 0.75) if surfaced is None else surfaced
        depth = float(rng.uniform(-0.02, 0.15)) if out else float(rng.uniform(0.25, 1.2))
        reach = 0.08 * size_px * gsd
        e, n, heading = (
            east + rng.uniform(-reach, reach),
            north + rng.uniform(-reach, reach),
            float(rng.uniform(0, 360)),
        )
        item = dolphin_at(rng, e, n, heading, depth)
        foam = (
            [ring_splash(rng, e, n, heading, rng.uniform(0.9, 2.4), rng.uniform(0.2, 1.1))]
            if out and rng.random() < 0.7
            else []
        )
        spray = np.zeros((0, 5))
        if out and rng.random() < 0.15:
            spray = droplets(rng, cond.camera, e, n, 0.5, 0.4, int(rng.integers(10, 50)), 0.8)
        still = render_still(seed, cond, Contents((item,), _spots(foam, cond.camera), spray), rng)
        if still.boxes:
            return Crop(still.image_bgr, "dolphin", gsd, still.boxes[0], out)
