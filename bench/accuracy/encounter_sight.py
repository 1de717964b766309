"""What the camera gives of a simulated encounter, without a picture; and what truly happened.

The simulator's motion and camera are exact. Detections are their boxes with the errors of the bench of tracking: 15 %
of animals and 5 % of craft missed, centres off by 1 px and 2 % (craft) or 4 % (animals) of the box, sides by as much,
half of it for about a second; a false alarm in every second frame, of which one in ten comes again where it was.
Dives are the simulator's. Telemetry is the .SRT that the simulator writes, read and fitted as any other.
"""

import math
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.encounter_plans import Plan
from wideberth_contracts.detections import Detection, ObjectKind, OrientedBox
from wideberth_contracts.frames import FrameMeta, NoImageMotion, TimeBase
from wideberth_contracts.joining import VideoFacts
from wideberth_contracts.poses import FlightContext, FrameTime, PosesAnswer, PosesRequest
from wideberth_contracts.positions import LocateRequest
from wideberth_contracts.tracks import SensedFrame
from wideberth_contracts.wire import Measured
from wideberth_distance.core.locate import locate
from wideberth_distance.core.poses import poses_of
from wideberth_distance.core.telemetry import read_telemetry
from wideberth_simulator.encode import pts_of
from wideberth_simulator.geometry import Camera
from wideberth_simulator.mesh import Mesh
from wideberth_simulator.motion import DolphinPose, VesselPath
from wideberth_simulator.telemetry import draw_errors, srt_cues
from wideberth_simulator.visibility import seen_depth_m, visible
from wideberth_simulator.world import MovingDolphin, World, make_world

Floats = NDArray[np.float64]
ANIMAL_MISSED, CRAFT_MISSED, FALSE_ALARMS = 0.15, 0.05, 0.5
SHOWN = 0.3
"""Share of a body that must show, as for the truth of the rendered scenes."""
TICKS = TimeBase(numerator=1, denominator=90_000)
UTC_OFFSET_H = 9.0
FOCAL_MEASURED, TAKEOFF_M = 0.01, 0.3
"""Errors where a flight is calibrated: focal length as a share, height of the take-off."""


@dataclass(frozen=True)
class CraftNow:
    """A craft at a frame; `outline_m` (N, 2)."""

    outline_m: Floats
    east_m: float
    north_m: float
    course_deg: float
    speed_mps: float
    is_seen: bool


@dataclass(frozen=True)
class AnimalNow:
    """An animal at a frame."""

    east_m: float
    north_m: float
    is_seen: bool


@dataclass(frozen=True)
class FrameTruth:
    """Everything at one frame."""

    pts: int
    t_s: float
    height_m: float
    drone: tuple[float, float]
    crafts: dict[str, CraftNow]
    animals: dict[str, AnimalNow]


@dataclass(frozen=True)
class Filmed:
    """What the analysis gets, and what happened. `owners`: by PTS, whose each detection is; None: a false alarm."""

    frames: tuple[SensedFrame, ...]
    poses: PosesAnswer
    truth: tuple[FrameTruth, ...]
    owners: dict[int, tuple[str | None, ...]]
    kinds: dict[str, str]


class _Jitter:
    """Errors of one object's boxes: half of the variance for about a second."""

    def __init__(self, rng: np.random.Generator, share: float, keep: float) -> None:
        self._rng, self._share, self._keep = rng, share, keep
        self._slow = rng.normal(size=4)

    def __call__(self, box: OrientedBox) -> OrientedBox:
        fresh = math.sqrt(1 - self._keep**2) * self._rng.normal(size=4)
        self._slow = self._keep * self._slow + fresh
        noise = (self._slow + self._rng.normal(size=4)) / math.sqrt(2)
        centre = math.hypot(1.0, self._share * box.length_px)
        sides = np.maximum(np.array([box.length_px, box.width_px]) * np.exp(self._share * noise[2:]), 1.0)
        return OrientedBox(
            cx_px=box.cx_px + centre * noise[0] / math.sqrt(2), cy_px=box.cy_px + centre * noise[1] / math.sqrt(2),
            length_px=float(sides.max()), width_px=float(sides.min()), angle_deg=box.angle_deg,
        )  # fmt: skip


def film(plan: Plan) -> Filmed:
    """The whole encounter, sensed."""
    world = make_world(plan.scene)
    indices = range(plan.scene.frame_count)
    cameras = [world.drone.camera(float(i / plan.scene.video.fps), plan.scene.video) for i in indices]
    bodies = _Bodies(world)
    looked = [_look(world, bodies, camera, i) for i, camera in zip(indices, cameras, strict=True)]
    poses = _poses(plan, cameras, [truth.t_s for truth, _ in looked])
    seeing = _Seeing(plan)
    frames, owners = [], {}
    for (truth, boxes), pose in zip(looked, poses.poses, strict=True):
        found = seeing.detections(boxes)
        meta = FrameMeta(
            clip="encounter", pts=truth.pts, time_base=TICKS, t_s=truth.t_s,
            captured_at=plan.scene.start + timedelta(seconds=truth.t_s),
            width_px=plan.scene.video.width_px, height_px=plan.scene.video.height_px,
        )  # fmt: skip
        asked = LocateRequest(pose=pose, detections=tuple(one for _, one in found), origin=poses.origin)
        located = locate(asked).detections
        owners[truth.pts] = tuple(name for name, _ in found)
        frames.append(
            SensedFrame(frame=meta, pose=pose, detections=located, motion=NoImageMotion(reason="no pictures"))
        )
    kinds = {vessel.id: vessel.body.kind for vessel in world.vessels}
    return Filmed(tuple(frames), poses, tuple(truth for truth, _ in looked), owners, kinds)


Boxes = dict[str, tuple[ObjectKind, OrientedBox]]


def _look(world: World, bodies: "_Bodies", camera: Camera, index: int) -> tuple[FrameTruth, Boxes]:
    t_s = float(index / world.scene.video.fps)
    boxes: Boxes = {}
    animals, crafts = {}, {}
    for dolphin in world.dolphins:
        place = dolphin.path.at(t_s)
        mesh = bodies.mesh(dolphin, place)
        seen = visible(mesh, "dolphin", camera, world.water, dolphin.axis_m(t_s)) if mesh else None
        shown = seen is not None and seen.fraction > SHOWN
        animals[dolphin.id] = AnimalNow(place.east_m, place.north_m, shown)
        if seen is not None and shown:
            boxes[dolphin.id] = (ObjectKind.DOLPHIN, _box(seen.box))
    rough = min(1.5, world.scene.weather.wind_mps / 6.0)
    for vessel in world.vessels:
        state = vessel.path.at(t_s)
        seen = visible(vessel.mesh(t_s, rough), vessel.body.kind, camera, world.water)
        shown = seen is not None and seen.fraction > SHOWN
        crafts[vessel.id] = CraftNow(
            vessel.outline_m(t_s), state.east_m, state.north_m, _course(vessel.path, t_s), state.speed_mps, shown
        )
        if seen is not None and shown:
            boxes[vessel.id] = (ObjectKind(vessel.body.kind), _box(seen.box))
    pts = pts_of(index, world.scene.video.fps)
    here = (camera.east_m, camera.north_m)
    return FrameTruth(pts, t_s, camera.height_m, here, crafts, animals), boxes


class _Bodies:
    """Meshes of the animals; each bend of a body is made once, and the stroke of the flukes is left out."""

    def __init__(self, world: World) -> None:
        self._deepest_m = seen_depth_m(world.water) + 1.0
        self._bent: dict[tuple[str, float], Mesh] = {}

    def mesh(self, dolphin: MovingDolphin, place: DolphinPose) -> Mesh | None:
        """As it lies in the sea; None where it is too deep to be seen."""
        size = max(1.0, dolphin.body.length_m / 2.5)
        if size * place.up_m < -self._deepest_m:
            return None
        bend = (dolphin.id, round(size * place.arch_m, 2))
        if bend not in self._bent:
            self._bent[bend] = dolphin.body.mesh(bend[1], 0.0, 0.0)
        return self._bent[bend].placed(
            place.east_m, place.north_m, size * place.up_m, place.heading_deg, place.pitch_deg
        )


def _course(path: VesselPath, t_s: float) -> float:
    """Of the movement itself; the heading of a hull lags behind it."""
    before, after = path.at(t_s - 0.25), path.at(t_s + 0.25)
    return math.degrees(math.atan2(after.east_m - before.east_m, after.north_m - before.north_m)) % 360.0


def _box(box: object) -> OrientedBox:
    values = {name: float(getattr(box, name)) for name in ("cx_px", "cy_px", "length_px", "width_px", "angle_deg")}
    values["angle_deg"] = (values["angle_deg"] + 90.0) % 180.0 - 90.0
    return OrientedBox(
        **{**values, "length_px": max(values["length_px"], 1.0), "width_px": max(values["width_px"], 1.0)}
    )


class _Seeing:
    """A detector with errors, through one clip."""

    def __init__(self, plan: Plan) -> None:
        self._rng = np.random.default_rng((plan.seed, 777))
        self._video = plan.scene.video
        self._keep = math.exp(-1.0 / plan.sample_fps)
        self._jitter: dict[str, _Jitter] = {}
        self._ghost: OrientedBox | None = None

    def detections(self, boxes: Boxes) -> list[tuple[str | None, Detection]]:
        found: list[tuple[str | None, Detection]] = []
        for name, (kind, box) in boxes.items():
            animal = kind is ObjectKind.DOLPHIN
            jitter = self._jitter.setdefault(name, _Jitter(self._rng, 0.04 if animal else 0.02, self._keep))
            noisy = jitter(box)
            if self._rng.random() >= (ANIMAL_MISSED if animal else CRAFT_MISSED):
                confidence = float(np.clip(self._rng.normal(0.65, 0.2), 0.16, 0.98))
                found.append((name, Detection(kind=kind, confidence=confidence, box=noisy, model_id="truth")))
        if self._rng.random() < FALSE_ALARMS:
            found.append((None, self._false_alarm()))
        return found

    def _false_alarm(self) -> Detection:
        if self._ghost is None or self._rng.random() >= 0.1:
            length = float(self._rng.uniform(12, 50))
            self._ghost = OrientedBox(
                cx_px=float(self._rng.uniform(50, self._video.width_px - 50)),
                cy_px=float(self._rng.uniform(300, self._video.height_px - 50)),
                length_px=length, width_px=0.4 * length, angle_deg=float(self._rng.uniform(-90, 89)),
            )  # fmt: skip
        confidence = float(self._rng.uniform(0.16, 0.7))
        return Detection(kind=ObjectKind.DOLPHIN, confidence=confidence, box=self._ghost, model_id="truth")


def _poses(plan: Plan, cameras: list[Camera], times_s: list[float]) -> PosesAnswer:
    errors = draw_errors(plan.scene, plan.scene.flight.keys[0].height_m)
    if plan.is_calibrated:
        # Laid against the waterline: what is left of the height's constant error is small.
        errors = replace(errors, height_m=float(np.random.default_rng((plan.seed, 778)).normal(0, TAKEOFF_M)))
    srt = "".join(srt_cues(plan.scene, cameras, errors)).encode()
    record = read_telemetry("video.SRT", srt, UTC_OFFSET_H)
    video = plan.scene.video
    asked = PosesRequest(
        telemetry=record,
        moments=tuple(FrameTime(t_s=t, width_px=video.width_px, height_px=video.height_px) for t in times_s),
        context=context_of(plan),
        video=VideoFacts(
            file="video.mp4", duration_s=plan.scene.duration_s, width_px=video.width_px, height_px=video.height_px,
            created_at=plan.scene.start,
        ),
    )  # fmt: skip
    return poses_of(asked)


def context_of(plan: Plan) -> FlightContext:
    """What a person told of the flight: half of them were calibrated."""
    fps = float(plan.scene.video.fps)
    if not plan.is_calibrated:
        return FlightContext(fps=fps, utc_offset_h=UTC_OFFSET_H, takeoff_above_sea_m=Measured(value=0.0, sigma=0.3))
    focal = plan.scene.video.focal_px * math.exp(FOCAL_MEASURED * np.random.default_rng((plan.seed, 779)).normal())
    return FlightContext(
        fps=fps, utc_offset_h=UTC_OFFSET_H, focal_px=Measured(value=float(focal), sigma=FOCAL_MEASURED * float(focal)),
        waterline_reading_m=Measured(value=0.0, sigma=TAKEOFF_M),
    )  # fmt: skip
