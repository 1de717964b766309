"""Frames of a world: the light that reaches the camera at a time."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from wideberth_simulator.foam import (
    collar,
    droplets,
    image_spots,
    ring_splash,
    wake,
    whitecap_cover,
    whitecaps,
)  # fmt: skip
from wideberth_simulator.geometry import Camera
from wideberth_simulator.lighting import draw
from wideberth_simulator.mesh import Mesh
from wideberth_simulator.raster import Layers, draw_foam, draw_spray
from wideberth_simulator.shading import shade_window
from wideberth_simulator.surface import blow, ragged_caps
from wideberth_simulator.waves import Sea, make_sea
from wideberth_simulator.world import UNDER_WAY, World

Float32Array = npt.NDArray[np.float32]
FloatArray = npt.NDArray[np.float64]
SPLASH_LIFE_S = 5.0
CAP_LIFE_S = (0.8, 2.5)
"""Life of a whitecap."""
CAP_REACH_M = 380.0
MAX_CAPS = 120_000
MIRRORED = (*UNDER_WAY, "buoy", "swimmer")
"""Kinds whose image shows on the water."""


@dataclass(frozen=True)
class Whitecaps:
    """Every whitecap of a recording: spots (N, 6) as in `foam`, and when each begins and how long it lives."""

    spots: FloatArray
    begin_s: FloatArray
    life_s: FloatArray

    def at(self, t: float) -> FloatArray:
        """Return those alive at a time, grown and faded by age."""
        age = (t - self.begin_s) / self.life_s
        alive = (age >= 0) & (age < 1)
        out = self.spots[alive].copy()
        a = age[alive]
        out[:, 2:4] *= (0.6 + 0.8 * a)[:, None]
        out[:, 5] *= np.minimum(1.0, 6 * a) * (1 - a) ** 0.7 * 1.4
        return out


def _caps(world: World) -> Whitecaps:
    scene = world.scene
    rng = np.random.default_rng((scene.seed, 500))
    wind = scene.weather.wind_mps
    middle_t = scene.duration_s / 2
    camera = world.drone.camera(middle_t, scene.video)
    look = camera.sea_point(camera.width_px / 2, 0.7 * camera.height_px) or (camera.east_m, camera.north_m)
    mean_life = sum(CAP_LIFE_S) / 2
    alive = whitecap_cover(wind) * 0.6 * math.pi * CAP_REACH_M**2 / 0.6
    count = int(min(MAX_CAPS, alive * (scene.duration_s + 3) / mean_life))
    spots = whitecaps(rng, max(count, 1), look, CAP_REACH_M, scene.weather.wind_to_deg, wind)[:count]
    spots[:, 5] = rng.uniform(0.45, 1.05, len(spots))
    begin, life = rng.uniform(-3.0, scene.duration_s, len(spots)), rng.uniform(*CAP_LIFE_S, len(spots))
    pieces = ragged_caps(rng, spots)
    times = len(pieces) // max(len(spots), 1)
    return Whitecaps(pieces, np.tile(begin, times), np.tile(life, times))


@dataclass
class Renderer:
    """Draws a world frame by frame into layers it keeps."""

    world: World
    sea: Sea = field(init=False)
    caps: Whitecaps = field(init=False)
    layers: Layers = field(init=False)

    def __post_init__(self) -> None:
        """Make the sea, the whitecaps and blank layers."""
        scene = self.world.scene
        rng = np.random.default_rng((scene.seed, 600))
        self.sea = make_sea(scene.weather.wind_mps, scene.weather.wind_to_deg, rng, scene.weather.steepness)
        self.caps = _caps(self.world)
        self.layers = Layers.empty(scene.video.width_px, scene.video.height_px)

    def frame(self, index: int) -> tuple[Camera, Float32Array, Float32Array]:
        """Return the camera, the sunless picture (h, w, 3) and the glint (h, w) of a frame, linear."""
        scene = self.world.scene
        t = float(index / scene.video.fps)
        camera = self.world.drone.camera(t, scene.video)
        self.layers.wipe()
        self._draw_bodies(camera, t)
        self._draw_foam(camera, t)
        window = (0, 0, camera.width_px, camera.height_px)
        clean, glint = shade_window(
            camera, self.sea, self.sea.slopes(t), self.world.light, self.world.water, self.layers, window,
            scene.seed * 100_003 + index, 1.0 / float(scene.video.fps),
        )  # fmt: skip
        return camera, clean, glint

    def _bodies(self, t: float) -> list[tuple[Mesh, bool]]:
        """Return every body and whether the water mirrors it."""
        rough = min(1.5, self.world.scene.weather.wind_mps / 6.0)
        bodies = [(v.mesh(t, rough), v.body.kind in MIRRORED) for v in self.world.vessels]
        bodies += [(d.mesh(t), False) for d in self.world.dolphins]
        return bodies + [(r.mesh, True) for r in self.world.rocks]

    def _draw_bodies(self, camera: Camera, t: float) -> None:
        here = np.array([camera.east_m, camera.north_m])
        bodies = self._bodies(t)
        ranges = [float(np.hypot(*(m.corners[..., :2].mean(axis=(0, 1)) - here))) for m, _ in bodies]
        for i in sorted(range(len(bodies)), key=lambda k: -ranges[k]):
            mesh, mirror = bodies[i]
            draw(self.layers, mesh, camera, self.world.light, self.world.water, mirror=mirror)

    def _draw_foam(self, camera: Camera, t: float) -> None:
        world = self.world
        parts = [self.caps.at(t)]
        spray: list[FloatArray] = []
        for v in (v for v in world.vessels if v.body.kind in UNDER_WAY):
            track, lumps = v.path.past(t)
            parts.append(wake(track, v.body.beam_m, v.body.length_m, lumps))
        for i, d in enumerate(world.dolphins):
            for which, moment, age in d.path.recent(t, SPLASH_LIFE_S):
                rng = np.random.default_rng((world.scene.seed, 700, i, which))
                where = d.path.at(moment)
                strong = rng.uniform(0.35, 0.95) * (1 - age / SPLASH_LIFE_S)
                parts.append(
                    ring_splash(
                        rng, where.east_m, where.north_m, where.heading_deg, d.body.length_m * (0.6 + 0.1 * age), strong
                    )
                )
                if which % 2 == 0 and age < 1.6 and rng.random() < 0.6:
                    size = (0.5 + 0.5 * age) * (d.body.length_m / 2.5) ** 0.7
                    puff = blow(rng, camera, where.east_m, where.north_m, size)
                    puff[:, 4] *= max(0.0, 1 - age / 1.6)
                    spray.append(puff)
                if age < 0.5 and rng.random() < 0.4:
                    spray.append(
                        droplets(rng, camera, where.east_m, where.north_m, 0.35, 0.35, 25, 0.8 * (1 - 2 * age))
                    )
        for i, r in enumerate(world.rocks):
            swell = 0.5 + 0.5 * math.sin(1.1 * t + i)
            rng = np.random.default_rng((world.scene.seed, 800, i))
            parts.append(collar(rng, r.plan.east_m, r.plan.north_m, r.plan.radius_m, 0.35 + 0.5 * swell))
            if r.plan.spray:
                burst = math.floor((1.1 * t + i) / (2 * math.pi))
                rng = np.random.default_rng((world.scene.seed, 801, i, int(burst) + 10))
                phase = (1.1 * t + i) / (2 * math.pi) - burst
                if phase < 0.35:
                    fade = (1 - phase / 0.35) * rng.uniform(0.4, 1.0)
                    spray.append(
                        droplets(
                            rng,
                            camera,
                            r.plan.east_m,
                            r.plan.north_m,
                            r.plan.radius_m * (0.5 + 2 * phase),
                            0.9,
                            120,
                            fade,
                        )
                    )
        for spots in parts:
            draw_foam(self.layers, image_spots(spots, camera))
        white = np.array([0.85, 0.86, 0.85]) * (0.3 + 0.8 * world.light.daylight)
        for spots in spray:
            draw_spray(self.layers, spots, white)
