"""What lies in a still: animals, vessels, people, and clutter nobody labels."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from wideberth_simulator.animals import random_cetacean, random_dolphin
from wideberth_simulator.geometry import Camera
from wideberth_simulator.lighting import draw
from wideberth_simulator.made_waves import HullWaves, RingWaves
from wideberth_simulator.mesh import Mesh
from wideberth_simulator.painted import Shore, Strands
from wideberth_simulator.raster import Layers
from wideberth_simulator.skyline import Strip
from wideberth_simulator.species import BOTTLENOSE, Species
from wideberth_simulator.stills.conditions import Conditions

FloatArray = npt.NDArray[np.float64]
Spot = tuple[float, float]


@dataclass(frozen=True)
class Placed:
    """A body at its place.

    Attributes:
        kind: Label class or `clutter`.
        mesh: In world axes.
        axis_m: (2, 3) tail and head of the body on the sea, for animals.
        mirror: Whether the water mirrors it.
    """

    kind: str
    mesh: Mesh
    axis_m: FloatArray | None = None
    mirror: bool = False


@dataclass(frozen=True)
class Contents:
    """Everything drawn over the bare sea: bodies, foam and spray, weed, land, waves, hills and clouds; far first."""

    items: tuple[Placed, ...]
    foam_spots: FloatArray
    spray_spots: FloatArray
    strands: tuple[Strands, ...] = ()
    shore: Shore | None = None
    made: tuple[HullWaves | RingWaves, ...] = ()
    skyline: tuple[Strip, ...] = ()


@dataclass
class Draft:
    """Contents being put together.

    Attributes:
        cond: Conditions of the still.
        gsd_m: Metres a pixel at the middle of the picture.
        reach_m: Half the picture's width on the sea there.
        free: Whether a place is open water.
        items: Bodies.
        foam: World spots (N, 6).
        spray: Image spots (N, 5).
        strands: Weed.
        made: Waves that bodies make.
    """

    cond: Conditions
    gsd_m: float
    reach_m: float
    free: Callable[[Spot], bool]
    items: list[Placed] = field(default_factory=list)
    foam: list[FloatArray] = field(default_factory=list)
    spray: list[FloatArray] = field(default_factory=list)
    strands: list[Strands] = field(default_factory=list)
    made: list[HullWaves | RingWaves] = field(default_factory=list)

    @property
    def camera(self) -> Camera:
        """The camera."""
        return self.cond.camera

    def apparent_px(self, length_m: float, spot: Spot) -> float:
        """Return how long something looks at a place, seen square on."""
        return length_m / self.camera.ground_sample_m(*spot)

    def place(self, rng: np.random.Generator, length_m: float, apart_m: float, smallest_px: float = 9.0) -> Spot | None:
        """Return open water in the picture where a thing is big enough and clear of others, or None."""
        for _ in range(10):
            x, y = (rng.uniform(-0.02, 1.02) * v for v in (self.camera.width_px, self.camera.height_px))
            spot = self.camera.sea_point(x, y)
            if spot is None or self.apparent_px(length_m, spot) < smallest_px or not self.free(spot):
                continue
            if clear_of(spot, self.items, apart_m):
                return spot
        return None


def ring_waves(rng: np.random.Generator, spot: Spot, size_m: float) -> RingWaves:
    """Return rings about something of a size that bobs or breaks the surface."""
    wave = size_m * float(rng.uniform(0.12, 0.5))
    return RingWaves(
        *spot, size_m * float(rng.uniform(0.5, 2.5)), wave, float(rng.uniform(0.02, 0.16)), float(rng.uniform(0, 6.28))
    )


def clear_of(spot: Spot, items: list[Placed], metres: float) -> bool:
    """Return whether no body comes within a distance of a spot."""
    return all(float(((i.mesh.corners[:, 0, :2] - spot) ** 2).sum(axis=1).min()) > metres * metres for i in items)


def draw_placed(layers: Layers, item: Placed, cond: Conditions) -> None:
    """Draw one body."""
    draw(layers, item.mesh, cond.camera, cond.light, cond.water, mirror=item.mirror)


def dolphin_at(
    rng: np.random.Generator, east: float, north: float, heading_deg: float, depth_m: float,
    species: Species = BOTTLENOSE, calf: bool = False,
) -> Placed:  # fmt: skip
    """Return an animal whose body axis lies `depth_m` below the mean sea (bottlenose, about 0.1 m: its back is out)."""
    body = random_dolphin(rng) if species is BOTTLENOSE and not calf else random_cetacean(rng, species, calf)
    length = body.length_m
    out = depth_m < 0.12 * length
    arch = rng.uniform(0.0, 0.13) * length if out else rng.uniform(0.0, 0.03) * length
    mesh = body.mesh(arch, rng.normal(0, 0.035) * length, rng.normal(0, 0.035) * length)
    roll = rng.uniform(50, 310) if rng.random() < 0.07 else rng.normal(0, 9)
    placed = mesh.placed(east, north, -depth_m, heading_deg, rng.normal(0, 6), roll)
    h = math.radians(heading_deg)
    half = 0.5 * length * np.array([math.sin(h), math.cos(h), 0.0])
    middle = np.array([east, north, -min(depth_m, 0.0)])
    return Placed("dolphin", placed, np.stack([middle - half, middle + half]))
