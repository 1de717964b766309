"""A scene set in motion: every body with its path, and what each looks like at a time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wideberth_simulator import rocks
from wideberth_simulator.animals import DolphinBody, random_cetacean, random_dolphin
from wideberth_simulator.boats import build
from wideberth_simulator.hulls import VesselBody
from wideberth_simulator.mesh import Mesh
from wideberth_simulator.motion import (
    DolphinPath,
    DronePath,
    VesselPath,
    beside,
    dolphin_paths,
    drone_path,
    vessel_path,
)
from wideberth_simulator.scene import RockPlan, Scene
from wideberth_simulator.shading import CLARITY_PER_M, WATER_COLOURS, Light, Water
from wideberth_simulator.species import SPECIES
from wideberth_simulator.sun import sun_position_deg

FloatArray = npt.NDArray[np.float64]


UNDER_WAY = ("vessel", "jet_ski", "kayak")
"""Kinds that pitch with the sea and leave a wake."""


@dataclass(frozen=True)
class MovingVessel:
    """A vessel of the scene."""

    id: str
    body: VesselBody
    path: VesselPath
    phase: float

    def mesh(self, t: float, rough: float) -> Mesh:
        """Return it in world axes; it pitches and rolls a little with the sea."""
        s = self.path.at(t)
        pitch = 0.8 * rough * math.sin(1.9 * t + self.phase) + min(s.speed_mps, 12.0) * 0.25
        roll = 1.6 * rough * math.sin(1.4 * t + 2 * self.phase)
        if self.body.kind not in UNDER_WAY:
            pitch = roll = 0.0
        return self.body.mesh.placed(s.east_m, s.north_m, 0.0, s.heading_deg, pitch, roll)

    def outline_m(self, t: float) -> FloatArray:
        """Return the waterline (N, 2) east, north."""
        s = self.path.at(t)
        h = math.radians(s.heading_deg)
        forward, port = np.array([math.sin(h), math.cos(h)]), np.array([-math.cos(h), math.sin(h)])
        turned = self.body.waterline_m @ np.stack([forward, port])
        return np.asarray(turned + np.array([s.east_m, s.north_m]), np.float64)


@dataclass(frozen=True)
class MovingDolphin:
    """An animal of the scene."""

    id: str
    body: DolphinBody
    path: DolphinPath

    def mesh(self, t: float) -> Mesh:
        """Return it in world axes."""
        p = self.path.at(t)
        size = max(1.0, self.body.length_m / 2.5)
        return self.body.mesh(size * p.arch_m, 0.4 * size * p.fluke_m, size * p.fluke_m).placed(
            p.east_m, p.north_m, size * p.up_m, p.heading_deg, p.pitch_deg
        )

    def axis_m(self, t: float) -> FloatArray:
        """Return tail and head (2, 3) on the sea surface."""
        p = self.path.at(t)
        h = math.radians(p.heading_deg)
        half = 0.5 * self.body.length_m * np.array([math.sin(h), math.cos(h), 0.0])
        middle = np.array([p.east_m, p.north_m, 0.0])
        return np.stack([middle - half, middle + half])


@dataclass(frozen=True)
class StillRock:
    """A rock of the scene."""

    plan: RockPlan
    mesh: Mesh


@dataclass(frozen=True)
class World:
    """All bodies and the light of a scene."""

    scene: Scene
    drone: DronePath
    vessels: tuple[MovingVessel, ...]
    dolphins: tuple[MovingDolphin, ...]
    rocks: tuple[StillRock, ...]
    light: Light
    water: Water


def _light(scene: Scene) -> Light:
    w = scene.weather
    rng = np.random.default_rng((scene.seed, 610))
    relief = float(rng.uniform(0.5, 2.5)) if w.relief is None else w.relief
    azimuth, elevation = sun_position_deg(scene.start, scene.origin.latitude_deg, scene.origin.longitude_deg)
    return Light(
        azimuth if w.sun_azimuth_deg is None else w.sun_azimuth_deg,
        elevation if w.sun_elevation_deg is None else w.sun_elevation_deg,
        w.overcast, w.cloud, w.visibility_m, w.exposure, 0.8, w.cloud_shadow, relief,
        w.wind_to_deg + float(rng.choice([0.0, 180.0])) + float(rng.normal(0, 25)),
    )  # fmt: skip


def _water(scene: Scene) -> Water:
    bed = scene.seabed
    gain = (0.45, 0.40, 0.45) if bed.kind == "weed" else (1.5, 1.7, 2.0)
    return Water(
        WATER_COLOURS[scene.water], CLARITY_PER_M[scene.water], bed=bed.cover, bed_size_m=bed.patch_m, bed_gain=gain,
        caustics=bed.caustics, streaks=0.05,
    )  # fmt: skip


def make_world(scene: Scene) -> World:
    """Return the scene's bodies; each draws from its own stream, so adding one leaves the others as they are."""
    vessels = []
    for i, plan in enumerate(scene.vessels):
        rng = np.random.default_rng((scene.seed, 100, i))
        hull = build(plan.subtype, rng, plan.length_m)
        vessels.append(
            MovingVessel(plan.id, hull, vessel_path(plan, scene.duration_s, rng), float(rng.uniform(0, 6.28)))
        )
    dolphins = []
    for i, pod in enumerate(scene.pods):
        rng = np.random.default_rng((scene.seed, 200, i))
        paths = dolphin_paths(pod, scene.duration_s, rng)
        for j, path in enumerate(paths):
            calf = j >= pod.count - pod.calves
            if pod.species == "bottlenose" and not calf:
                body = random_dolphin(rng)
            else:
                body = random_cetacean(rng, next(s for s in SPECIES if s.name == pod.species), calf)
            # A calf keeps to a grown animal's side and breathes with it.
            own = beside(paths[j - (pod.count - pod.calves)], 0.45 * body.length_m) if calf else path
            dolphins.append(MovingDolphin(f"{pod.id}_{j + 1}", body, own))
    still = []
    for i, stone in enumerate(scene.rocks):
        rng = np.random.default_rng((scene.seed, 300, i))
        mesh = rocks.rock(rng, stone.radius_m, stone.height_m).placed(
            stone.east_m, stone.north_m, 0.0, rng.uniform(0, 360)
        )
        still.append(StillRock(stone, mesh))
    return World(
        scene, drone_path(scene.flight, np.random.default_rng((scene.seed, 400))), tuple(vessels), tuple(dolphins),
        tuple(still), _light(scene), _water(scene),
    )  # fmt: skip
