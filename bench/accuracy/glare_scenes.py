"""Simulated dolphins under sun glint: the same moments with and without the sun's glint, and where the animals are.

A drone 40 to 90 m up looks towards the sun at the angle of the mirror, so that the glitter lies over the pod. Drawn
from seeds, kept in a folder that git ignores until the simulator changes.
"""

import dataclasses
import hashlib
import json
import math
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from typing import Any

import cv2
import numba
import numpy as np
from numpy.typing import NDArray

import wideberth_simulator
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.wire import Measured
from wideberth_simulator import bundled_scene
from wideberth_simulator.geometry import Camera
from wideberth_simulator.render import Renderer
from wideberth_simulator.scene import FlightKey, PodPlan, Scene
from wideberth_simulator.sensor import develop, with_sun
from wideberth_simulator.visibility import SURFACED_M, visible
from wideberth_simulator.world import World, make_world

KEPT_AT = Path(__file__).resolve().parents[2] / "training" / "detector" / "work" / "judge"
FPS = 30
MOMENTS_S = (1.5, 3.5, 5.5, 7.5)
"""Times of a scene that are looked at, far enough apart for other animals to be up."""
WATERS = ("blue", "deep_blue", "teal", "green", "murky")
LEAST_FRACTION = 0.25
"""Share of an animal to be seen for it to count; others are ignored."""


@dataclass(frozen=True)
class GlintedMoment:
    """Three frames at 30 frames/s and what is in the middle one.

    Attributes:
        sunny, clean: with and without the sun's glint, the same noise in both; BGR.
        poses: of the camera, exact.
        surfaced, ignored: (m, 5) boxes of animals: centre x, y, length, width in px, angle in rad.
        glint_share: of the middle frame.
    """

    name: str
    sunny: tuple[NDArray[np.uint8], ...]
    clean: tuple[NDArray[np.uint8], ...]
    poses: tuple[CameraPose, ...]
    surfaced: NDArray[np.float64]
    ignored: NDArray[np.float64]
    glint_share: float


def moments(seeds: range) -> Iterator[GlintedMoment]:
    """Return the moments of scenes, one after another; those that are not kept yet are drawn, on all cores."""
    folder = KEPT_AT / f"glinted-{_digest()}"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [seed for seed in seeds if not (folder / f"{seed}.json").is_file()]
    if missing:
        # A forked process would share the threads of libraries loaded here.
        with ProcessPoolExecutor(min(len(missing), cpu_count() or 1), get_context("spawn")) as pool:
            list(pool.map(partial(_draw, folder), missing))
    for seed in seeds:
        for said in json.loads((folder / f"{seed}.json").read_text()):
            yield _read(folder, said)


def _digest() -> str:
    """Return what changes whenever the simulator or this module does."""
    digest = hashlib.sha256()
    for file in (*sorted(Path(wideberth_simulator.__file__).parent.rglob("*.py")), Path(__file__)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def scene_of(seed: int) -> Scene:
    """Return a scene: a pod of six to ten where the sun glints."""
    rng = np.random.default_rng((seed, 77))
    plain = bundled_scene("glint_centre")
    height_m, down_deg, yaw_deg = rng.uniform(40, 90), rng.uniform(35, 60), rng.uniform(0, 360)
    ahead_m = height_m / math.tan(math.radians(down_deg))
    off_m = rng.normal(0, 0.1 * ahead_m, 2)
    east_m = ahead_m * math.sin(math.radians(yaw_deg)) + off_m[0]
    north_m = ahead_m * math.cos(math.radians(yaw_deg)) + off_m[1]
    pod = PodPlan(
        id="pod", count=int(rng.integers(6, 11)), east_m=east_m, north_m=north_m, heading_deg=rng.uniform(0, 360),
        speed_mps=rng.uniform(0.5, 2.0), turn_deg_s=0.0, spread_m=0.12 * height_m, dive_s=2.5, surface_s=2.5,
        swim_depth_m=0.6,
    )  # fmt: skip
    weather = dataclasses.replace(
        plain.weather,
        wind_mps=rng.uniform(2.5, 8.0),
        wind_to_deg=rng.uniform(0, 360),
        sun_azimuth_deg=float((yaw_deg + rng.normal(0, 8)) % 360),
        sun_elevation_deg=float(np.clip(down_deg + rng.normal(0, 6), 15, 75)),
    )
    key = FlightKey(t_s=0.0, east_m=0.0, north_m=0.0, height_m=height_m, yaw_deg=yaw_deg, pitch_deg=-down_deg)
    return dataclasses.replace(
        plain,
        name=f"glinted_{seed}",
        seed=seed,
        duration_s=MOMENTS_S[-1] + 1,
        video=dataclasses.replace(plain.video, fps=Fraction(FPS)),
        flight=dataclasses.replace(plain.flight, keys=(key,)),
        weather=weather,
        water=str(rng.choice(WATERS)),
        pods=(pod,),
        vessels=(),
    )


def pose_of(camera: Camera) -> CameraPose:
    """Return the simulator's camera as an exact pose."""

    def exact(value: float) -> Measured:
        return Measured(value=value, sigma=0.0)

    return CameraPose(
        height_m=exact(camera.height_m),
        pitch_deg=exact(camera.pitch_deg),
        roll_deg=exact(camera.roll_deg),
        yaw_deg=exact(camera.yaw_deg % 360),
        focal_px=exact(camera.focal_px),
        east_m=exact(camera.east_m),
        north_m=exact(camera.north_m),
        width_px=camera.width_px,
        height_px=camera.height_px,
    )


def _draw(folder: Path, seed: int) -> None:
    """Write a scene's pictures, and last `SEED.json`: a scene without it is drawn again."""
    numba.set_num_threads(1)
    cv2.setNumThreads(1)
    scene = scene_of(seed)
    world = make_world(scene)
    renderer = Renderer(world)
    said = [_moment(folder, world, renderer, round(t_s * FPS)) for t_s in MOMENTS_S]
    (folder / f"{seed}.json").write_text(json.dumps(said))


def _moment(folder: Path, world: World, renderer: Renderer, middle: int) -> dict[str, Any]:
    scene = world.scene
    said: dict[str, Any] = {"name": f"{scene.seed}_{middle}", "poses": []}
    for place, index in enumerate(range(middle - 1, middle + 2)):
        camera, clean, glint = renderer.frame(index)
        for kind, light in (("sunny", with_sun(clean, glint, world.light.sun_colour)), ("clean", clean)):
            picture = develop(light, scene.weather.exposure, scene.seed + 7 * index)
            cv2.imwrite(str(folder / f"{said['name']}_{kind}{place}.png"), picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])
        said["poses"].append(pose_of(camera).model_dump(mode="json"))
        if index == middle:
            said["surfaced"], said["ignored"] = _animals(world, camera, index / FPS)
    return said


def _animals(world: World, camera: Camera, t_s: float) -> tuple[list[list[float]], list[list[float]]]:
    surfaced, ignored = [], []
    for animal in world.dolphins:
        mesh = animal.mesh(t_s)
        seen = visible(mesh, "dolphin", camera, world.water, animal.axis_m(t_s))
        if seen is None:
            continue
        box = seen.box
        row = [box.cx_px, box.cy_px, box.length_px, box.width_px, math.radians(box.angle_deg)]
        up = bool(mesh.corners[..., 2].max() >= SURFACED_M) and seen.fraction >= LEAST_FRACTION
        (surfaced if up else ignored).append(row)
    return surfaced, ignored


def _read(folder: Path, said: dict[str, Any]) -> GlintedMoment:
    def pictures(kind: str) -> tuple[NDArray[np.uint8], ...]:
        found = [cv2.imread(str(folder / f"{said['name']}_{kind}{place}.png")) for place in range(3)]
        return tuple(np.asarray(picture, np.uint8) for picture in found)

    sunny, clean = pictures("sunny"), pictures("clean")
    lifted = sunny[1].mean(axis=2) - clean[1].mean(axis=2) > 8
    boxes = (np.array(said[kind], np.float64).reshape(-1, 5) for kind in ("surfaced", "ignored"))
    poses = tuple(CameraPose.model_validate(pose) for pose in said["poses"])
    surfaced, ignored = boxes
    return GlintedMoment(said["name"], sunny, clean, poses, surfaced, ignored, float(lifted.mean()))
