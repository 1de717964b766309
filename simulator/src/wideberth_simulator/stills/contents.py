"""What lies in a still: animals, vessels, people, and clutter nobody labels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wideberth_simulator.animals import random_dolphin
from wideberth_simulator.boats import VesselBody, build
from wideberth_simulator.foam import (
    collar,
    droplets,
    image_spots,
    ring_splash,
    straight_track,
    wake,
    wake_lumps,
    whitecap_cover,
    whitecaps,
)  # fmt: skip
from wideberth_simulator.geometry import Camera
from wideberth_simulator.lighting import draw
from wideberth_simulator.mesh import Mesh
from wideberth_simulator.raster import Layers
from wideberth_simulator.rocks import rock
from wideberth_simulator.stills.conditions import Conditions

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Placed:
    """A body at its place.

    Attributes:
        kind: Label class or `clutter`.
        mesh: In world axes.
        axis_m: (2, 3) tail and head of the body on the sea, for animals.
    """

    kind: str
    mesh: Mesh
    axis_m: FloatArray | None = None


@dataclass(frozen=True)
class Contents:
    """Everything drawn over the bare sea: bodies (far first), foam and spray in image spots."""

    items: tuple[Placed, ...]
    foam_spots: FloatArray
    spray_spots: FloatArray


def draw_placed(layers: Layers, item: Placed, cond: Conditions) -> None:
    """Draw one body."""
    draw(layers, item.mesh, cond.camera, cond.light, cond.water)


def _place(
    rng: np.random.Generator, camera: Camera, max_range_m: float, margin: float = 0.02
) -> tuple[float, float] | None:
    for _ in range(12):
        x = rng.uniform(-margin, 1 + margin) * camera.width_px
        y = rng.uniform(-margin, 1 + margin) * camera.height_px
        spot = camera.sea_point(x, y)
        if spot is not None and math.hypot(*spot) < max_range_m:
            return spot
    return None


def dolphin_at(rng: np.random.Generator, east: float, north: float, heading_deg: float, depth_m: float) -> Placed:
    """Return a dolphin whose body axis lies `depth_m` below the mean sea (about 0.1 m: its back is out)."""
    body = random_dolphin(rng)
    arch = rng.uniform(0.0, 0.32) if depth_m < 0.3 else rng.uniform(0.0, 0.08)
    mesh = body.mesh(arch, rng.normal(0, 0.09), rng.normal(0, 0.09))
    placed = mesh.placed(east, north, -depth_m, heading_deg, rng.normal(0, 6), rng.normal(0, 8))
    h = math.radians(heading_deg)
    half = 0.5 * body.length_m * np.array([math.sin(h), math.cos(h), 0.0])
    middle = np.array([east, north, -min(depth_m, 0.0)])
    return Placed("dolphin", placed, np.stack([middle - half, middle + half]))


def random_depth_m(rng: np.random.Generator) -> float:
    """Return how deep an animal swims: half of them break the surface, others from just below to faint."""
    pick = rng.random()
    if pick < 0.55:
        return float(rng.uniform(0.0, 0.2))
    return float(rng.uniform(0.2, 0.6)) if pick < 0.8 else float(rng.uniform(0.6, 2.5))


def _pods(rng: np.random.Generator, cond: Conditions) -> tuple[list[Placed], list[FloatArray], list[FloatArray]]:
    items: list[Placed] = []
    foam: list[FloatArray] = []
    spray: list[FloatArray] = []
    camera = cond.camera
    # An animal of 2.5 m must be at least about 8 px long.
    reach = 2.5 * camera.focal_px / 8.0
    for _ in range(int(rng.choice([0, 1, 2, 3], p=[0.28, 0.42, 0.2, 0.1]))):
        centre = _place(rng, camera, reach)
        if centre is None:
            continue
        heading = rng.uniform(0, 360)
        spread = rng.uniform(1.5, 9.0)
        for _ in range(int(rng.integers(1, 6))):
            east, north = centre[0] + rng.normal(0, spread), centre[1] + rng.normal(0, spread)
            if math.hypot(east, north) > reach:
                continue
            own = heading + rng.normal(0, 22)
            depth = random_depth_m(rng)
            items.append(dolphin_at(rng, east, north, own, depth))
            if depth < 0.2 and rng.random() < 0.7:
                foam.append(ring_splash(rng, east, north, own, rng.uniform(0.9, 2.4), rng.uniform(0.3, 1.1)))
            if depth < 0.2 and rng.random() < 0.15:
                spray.append(
                    droplets(rng, camera, east, north, rng.uniform(0.3, 0.8), 0.4, int(rng.integers(10, 60)), 0.8)
                )
    return items, foam, spray


_SUBTYPES = ("motorboat", "tour_boat", "fishing_boat", "rib", "yacht", "jet_ski", "swimmer")
_SUBTYPE_WEIGHTS = (0.19, 0.15, 0.15, 0.12, 0.04, 0.21, 0.14)
_USUAL_M = {
    "motorboat": 6.2,
    "tour_boat": 14.0,
    "fishing_boat": 10.0,
    "rib": 6.0,
    "yacht": 11.0,
    "jet_ski": 2.8,
    "swimmer": 1.75,
}


def _clear_of(spot: tuple[float, float], items: list[Placed], metres: float) -> bool:
    return all(np.hypot(*(i.mesh.corners[..., :2].mean(axis=(0, 1)) - spot)) > metres for i in items)


def _vessel(rng: np.random.Generator, east: float, north: float, subtype: str) -> tuple[Placed, list[FloatArray]]:
    body: VesselBody = build(subtype, rng, _USUAL_M[subtype] * float(np.exp(rng.normal(0, 0.16))))
    heading = float(rng.uniform(0, 360))
    trim = float(rng.normal(0, 2.0)) if subtype != "swimmer" else 0.0
    mesh = body.mesh.placed(east, north, 0.0, heading, trim, float(rng.normal(0, 3.0)))
    foam: list[FloatArray] = []
    if subtype != "swimmer" and rng.random() < 0.65:
        speed = float(rng.uniform(0.8, 10.0))
        foam.append(
            wake(
                straight_track(east, north, heading, speed, float(rng.normal(0, 4.0))),
                body.beam_m,
                body.length_m,
                wake_lumps(rng),
            )
        )
        foam.append(collar(rng, east, north, 0.5 * body.beam_m, 0.15))
    elif rng.random() < 0.5:
        foam.append(ring_splash(rng, east, north, heading, body.length_m * 0.6, 0.3))
    return Placed(body.kind, mesh), foam


def _vessels(rng: np.random.Generator, cond: Conditions, others: list[Placed]) -> tuple[list[Placed], list[FloatArray]]:
    items: list[Placed] = []
    foam: list[FloatArray] = []
    for _ in range(int(rng.choice([0, 1, 2, 3, 5], p=[0.28, 0.32, 0.20, 0.13, 0.07]))):
        subtype = str(rng.choice(_SUBTYPES, p=_SUBTYPE_WEIGHTS))
        reach = _USUAL_M[subtype] * cond.camera.focal_px / 9.0
        spot = _place(rng, cond.camera, min(reach, 2500.0), 0.06)
        if (
            spot is None
            or not _clear_of(spot, others, 0.6 * _USUAL_M[subtype] + 1.5)
            or not _clear_of(spot, items, 11.0)
        ):
            continue
        item, own = _vessel(rng, *spot, subtype)
        # A hull that fills the picture teaches nothing.
        box = cond.camera.project(item.mesh.corners.reshape(-1, 3))
        if box[:, 2].min() < 2.0 or np.ptp(box[:, 0]) > 1.1 * cond.camera.width_px:
            continue
        items.append(item)
        foam += own
    return items, foam


def _clutter(
    rng: np.random.Generator, cond: Conditions, others: list[Placed]
) -> tuple[list[Placed], list[FloatArray], list[FloatArray]]:
    items: list[Placed] = []
    foam: list[FloatArray] = []
    spray: list[FloatArray] = []
    camera = cond.camera
    reach = 400.0
    for _ in range(int(rng.choice([0, 1, 2, 6], p=[0.6, 0.2, 0.12, 0.08]))):
        spot = _place(rng, camera, reach)
        radius = float(np.exp(rng.normal(0.1, 0.5)))
        if spot is None or not _clear_of(spot, others, 6.0 + 2 * radius):
            continue
        mesh = rock(rng, radius, float(rng.uniform(-0.25, 0.9))).placed(*spot, 0.0, rng.uniform(0, 360))
        items.append(Placed("clutter", mesh))
        foam.append(collar(rng, *spot, radius, rng.uniform(0.0, 1.0)))
        if rng.random() < 0.4:
            spray.append(droplets(rng, camera, *spot, radius, 0.8 * radius, int(rng.integers(20, 150)), 0.7))
    for name in ("buoy", "kayak"):
        if rng.random() < 0.10:
            spot = _place(rng, camera, reach)
            if spot is not None and _clear_of(spot, others, 6.0):
                items.append(Placed("clutter", build(name, rng).mesh.placed(*spot, 0.0, rng.uniform(0, 360))))
    for _ in range(int(rng.choice([0, 1, 3], p=[0.6, 0.3, 0.1]))):
        spot = _place(rng, camera, reach)
        if spot is not None:
            # Foam lines, old footprints of animals, drifting weed: long soft patches of any direction.
            foam.append(ring_splash(rng, *spot, rng.uniform(0, 360), rng.uniform(1.0, 6.0), rng.uniform(0.2, 0.8)))
    return items, foam, spray


def _caps(rng: np.random.Generator, cond: Conditions) -> FloatArray:
    middle = cond.camera.sea_point(cond.camera.width_px / 2, cond.camera.height_px * 0.7) or (0.0, 0.0)
    gsd = cond.camera.ground_sample_m(*middle)
    radius = min(600.0, max(30.0, 0.9 * gsd * max(cond.camera.width_px, cond.camera.height_px)))
    count = min(2500, int(whitecap_cover(cond.wind_mps) * 0.6 * math.pi * radius**2 / 0.5))
    return whitecaps(rng, count, middle, radius, cond.wind_to_deg, cond.wind_mps)


def random_contents(rng: np.random.Generator, cond: Conditions) -> Contents:
    """Return random contents; about one still in eight has nothing to label."""
    animals, foam_a, spray_a = _pods(rng, cond)
    vessels, foam_v = _vessels(rng, cond, animals)
    clutter, foam_c, spray_c = _clutter(rng, cond, animals + vessels)
    items = sorted(
        animals + vessels + clutter, key=lambda i: -float(np.hypot(*i.mesh.corners[..., :2].mean(axis=(0, 1))))
    )
    spots = [image_spots(s, cond.camera) for s in [*foam_a, *foam_v, *foam_c, _caps(rng, cond)] if len(s)]
    spray = [s for s in spray_a + spray_c if len(s)]
    return Contents(
        tuple(items),
        np.concatenate(spots) if spots else np.zeros((0, 7)),
        np.concatenate(spray) if spray else np.zeros((0, 5)),
    )
