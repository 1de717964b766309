"""Flights with a moving, yawing drone over craft of known speed, in numbers: nothing is rendered.

The true camera gives boxes, the camera that telemetry makes gives positions, then track and separate as in any
analysis. Errors are drawn as the priors and the simulator say: height Student-t (1 m, 4 %), take-off 2 m, 0.6 m that
comes and goes in 8 s; pitch 0.63 deg and 0.3 deg that wander over a minute, roll 0.4 and 0.3, yaw 2 deg and 0.3;
satellite position 2 m and 0.5 m of wander; angles printed to 0.1 deg, height to 0.1 m. Boats ride waves of Hs 0.5 m
with a period of 5 s; box edges jitter by 2 % of the box (craft) or 4 % (animals), half of it for a second or so.
Frame times jitter by a fifth of their distance, one box in ten is missed.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.clues import FlightClues
from wideberth_contracts.detections import Detection, ObjectKind, OrientedBox
from wideberth_contracts.frames import FrameMeta, NoImageMotion, TimeBase
from wideberth_contracts.poses import (
    CameraPose,
    FlightContext,
    FramePose,
    FrameTime,
    PosesRequest,
    TelemetryGrade,
    TelemetryPoint,
    TelemetryRecord,
)
from wideberth_contracts.positions import LocateRequest
from wideberth_contracts.tracks import SensedFrame
from wideberth_contracts.wire import Measured
from wideberth_distance.core.locate import locate
from wideberth_distance.core.poses import poses_of
from wideberth_distance.core.priors import PITCH_OFFSET_DEG, ROLL_OFFSET_DEG, UNKNOWN_TAKEOFF
from wideberth_distance.core.projection import cameras_of, image_from_sea
from wideberth_distance.trials import coverage
from wideberth_distance.trials.flights import FOCAL_PX, HEIGHT_PX, WIDTH_PX

Floats = NDArray[np.float64]
FPS, DURATION_S, TICKS_PER_S = 5.0, 16.0, 90_000
FARTHEST_M = 200.0
KNOT_MPS = 1852 / 3600
LATITUDE, LONGITUDE = 33.2, 126.3
_EXACT = Measured(value=0.0, sigma=0.0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is known of the camera beside its telemetry: standard errors of scale and angle.

    Attributes:
        focal_share: of the focal length; height_share: of the height, None for a barometer's.
    """

    focal_share: float
    height_share: float | None


RAW = Calibration(0.05, None)
CALIBRATED = Calibration(0.01, 0.01)
"""Focal length measured, and the height known to 1 % by a vessel of known length or a reading at the waterline."""


@dataclass(frozen=True, slots=True)
class Vessel:
    """A craft on a steady or gently turning course; speeds in m/s, a stopped one has 0."""

    speed_mps: float
    course_rad: float
    turn_rps: float
    length_m: float
    start: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Flight:
    """What the pipeline gets, and the truth of one vessel: velocities (N, 2) at the frames' times (N,)."""

    frames: tuple[SensedFrame, ...]
    times_s: Floats
    velocities: Floats
    range_m: float


def times_of(rng: np.random.Generator) -> Floats:
    """Frame times on the clock of the file (1 / 90,000 s), jittered."""
    times = np.arange(0.0, DURATION_S, 1 / FPS)
    return np.asarray(np.round((times + rng.uniform(0, 0.2 / FPS, times.size)) * TICKS_PER_S) / TICKS_PER_S)


def wander(rng: np.random.Generator, times_s: Floats, sigma: float, memory_s: float) -> Floats:
    """A stationary Ornstein-Uhlenbeck path, shape (N,)."""
    out = np.empty(times_s.size)
    out[0] = sigma * rng.normal()
    for i, dt in enumerate(np.diff(times_s), start=1):
        keep = math.exp(-dt / memory_s)
        out[i] = keep * out[i - 1] + sigma * math.sqrt(1 - keep * keep) * rng.normal()
    return out


def _exactly(value: float) -> Measured:
    return Measured(value=float(value), sigma=0.0)


def cameras_true(rng: np.random.Generator, times_s: Floats, height_m: float, pitch_deg: float) -> list[CameraPose]:
    """A drone that flies at up to 5 m/s and yaws at up to 4 deg/s."""
    speed, heading = rng.uniform(0, 5), rng.uniform(0, 2 * math.pi)
    yaw = np.degrees(np.cumsum(wander(rng, times_s, math.radians(2.0), 10.0) * np.diff(times_s, prepend=0.0)))
    height = height_m + wander(rng, times_s, 0.5, 10.0)
    return [
        CameraPose(
            height_m=_exactly(height[i]), pitch_deg=_exactly(pitch_deg), roll_deg=_EXACT, yaw_deg=_exactly(yaw[i]),
            focal_px=_exactly(FOCAL_PX), east_m=_exactly(speed * math.sin(heading) * t),
            north_m=_exactly(speed * math.cos(heading) * t), width_px=WIDTH_PX, height_px=HEIGHT_PX,
        )
        for i, t in enumerate(times_s.tolist())
    ]  # fmt: skip


def poses_said(
    rng: np.random.Generator, times_s: Floats, true: list[CameraPose], known: Calibration
) -> tuple[FramePose, ...]:
    """The poses that telemetry with errors makes."""
    pitch = rng.normal() * PITCH_OFFSET_DEG.constant + wander(rng, times_s, PITCH_OFFSET_DEG.wander, 60.0)
    roll = rng.normal() * ROLL_OFFSET_DEG.constant + wander(rng, times_s, ROLL_OFFSET_DEG.wander, 60.0)
    yaw = 2.0 * rng.normal() + wander(rng, times_s, 0.3, 60.0)
    east, north = (2.0 * rng.normal() + wander(rng, times_s, 0.5, 60.0) for _ in range(2))
    height = wander(rng, times_s, 0.6, 8.0)
    takeoff = UNKNOWN_TAKEOFF.value + UNKNOWN_TAKEOFF.sigma * rng.normal()
    floor, share = rng.standard_t(4, 2) * (1.0, 0.04)
    takeoff_said = None
    if known.height_share is not None:
        takeoff, floor, share = 0.0, 0.0, known.height_share * rng.normal()
        takeoff_said = Measured(value=0.0, sigma=0.1)
    focal = FOCAL_PX * math.exp(known.focal_share * rng.normal())
    points = []
    for i, (t_s, pose) in enumerate(zip(times_s.tolist(), true, strict=True)):
        rise = (pose.height_m.value - takeoff - floor) / max(1 + share, 0.5) + height[i]
        points.append(
            TelemetryPoint(
                t_s=t_s,
                latitude=LATITUDE + (pose.north_m.value + north[i]) / 110_900,
                longitude=LONGITUDE + (pose.east_m.value + east[i]) / 93_270,
                height_above_takeoff_m=round(rise, 1),
                pitch_deg=round(max(pose.pitch_deg.value + pitch[i], -90.0), 1),
                roll_deg=round(roll[i], 1),
                yaw_deg=round(pose.yaw_deg.value + yaw[i], 1),
            )
        )
    request = PosesRequest(
        telemetry=TelemetryRecord(file="trial", dialect="C4", grade=TelemetryGrade.A, points=tuple(points)),
        moments=tuple(FrameTime(t_s=t, width_px=WIDTH_PX, height_px=HEIGHT_PX) for t in times_s.tolist()),
        context=FlightContext(
            focal_px=Measured(value=focal, sigma=known.focal_share * FOCAL_PX), takeoff_above_sea_m=takeoff_said
        ),
        clues=FlightClues(),
    )
    poses = poses_of(request).poses
    return poses if known.height_share is None else tuple(_sharper(pose, known.height_share) for pose in poses)


def _sharper(pose: FramePose, share: float) -> FramePose:
    """The height's error as it is where a length or a waterline told it."""
    if not isinstance(pose, CameraPose):
        return pose
    height = Measured(value=pose.height_m.value, sigma=math.hypot(share * pose.height_m.value, 0.6))
    return pose.model_copy(update={"height_m": height})


def path_of(vessel: Vessel, times_s: Floats) -> tuple[Floats, Floats, Floats]:
    """Places (N, 2), velocities (N, 2) and headings (N,)."""
    fine = np.linspace(0.0, float(times_s[-1]), 2001)
    heading = vessel.course_rad + vessel.turn_rps * fine
    steps = vessel.speed_mps * np.stack([np.sin(heading), np.cos(heading)], axis=1) * (fine[1] - fine[0])
    path = np.array(vessel.start) + np.cumsum(steps, axis=0)
    places = np.stack([np.interp(times_s, fine, path[:, axis]) for axis in (0, 1)], axis=1)
    headings = vessel.course_rad + vessel.turn_rps * times_s
    return places, vessel.speed_mps * np.stack([np.sin(headings), np.cos(headings)], axis=1), headings


def craft_shape(rng: np.random.Generator, length_m: float) -> Floats:
    """Corners (K, 3) of a boat about its centre, bow to the north: hull, deck and cabin of `coverage`."""
    generator = np.random.default_rng(int(rng.integers(1 << 31)))
    solid, _ = coverage.craft_at(generator, np.zeros(2))
    # Turned so that its long axis points north, and made as long as asked.
    axis = np.linalg.svd(solid[:7, :2] - solid[:7, :2].mean(axis=0), full_matrices=False)[2][0]
    turned = solid.copy()
    turned[:, 1] = solid[:, :2] @ axis
    turned[:, 0] = solid[:, :2] @ np.array([axis[1], -axis[0]])
    return np.asarray(turned * (length_m / float(np.ptp(turned[:7, 1]))))


class BoxNoise:
    """Jitter of one object's box: half of its variance new in each frame, half for about a second."""

    def __init__(self, rng: np.random.Generator, share: float) -> None:
        self._rng, self._share = rng, share
        self._slow = rng.normal(size=4)

    def __call__(self, camera: CameraPose, solid: Floats, dt_s: float) -> OrientedBox | None:
        """The jittered box of a solid (K, 3) as the true camera sees it; None where it leaves the picture."""
        keep = math.exp(-dt_s / 1.0)
        self._slow = keep * self._slow + math.sqrt(1 - keep * keep) * self._rng.normal(size=4)
        seen = image_from_sea(cameras_of(camera).nominal(), solid[None])[0]
        pixels = seen[:, :2]
        if seen[:, 2].min() < 1 or pixels.min() < 0 or (pixels.max(axis=0) > [WIDTH_PX, HEIGHT_PX]).any():
            return None
        box = coverage.smallest_box(pixels)
        if box.length_px < 6:
            return None
        noise = (self._slow + self._rng.normal(size=4)) / math.sqrt(2)
        edge = max(0.7, self._share * box.length_px)
        sides = np.maximum(np.array([box.length_px, box.width_px]) + edge * noise[2:] * math.sqrt(2), 1.0)
        return OrientedBox(
            cx_px=box.cx_px + edge * noise[0] / math.sqrt(2), cy_px=box.cy_px + edge * noise[1] / math.sqrt(2),
            length_px=float(sides.max()), width_px=float(sides.min()), angle_deg=box.angle_deg,
        )  # fmt: skip


def fly(seed: int, known: Calibration, speed_kn: tuple[float, float] = (0.0, 25.0)) -> Flight | None:
    """One flight over one vessel and one dolphin; None where they leave the picture or the range for much of it."""
    rng = np.random.default_rng(seed)
    times = times_of(rng)
    height_m, range_m = rng.uniform(60, 100), rng.uniform(60, 190)
    pitch_deg = max(-80.0, -math.degrees(math.atan2(height_m, range_m)) + rng.uniform(-6, 6))
    true = cameras_true(rng, times, height_m, pitch_deg)
    speed = rng.uniform(*speed_kn) * KNOT_MPS
    course = rng.uniform(0, 2 * math.pi)
    middle = range_m * np.array([math.sin(rng.uniform(-0.3, 0.3)), 1.0])
    start = middle - speed * DURATION_S / 2 * np.array([math.sin(course), math.cos(course)]) * rng.uniform(0.4, 0.8)
    vessel = Vessel(speed, course, rng.uniform(-0.03, 0.03), rng.uniform(6, 18), (float(start[0]), float(start[1])))
    said = poses_said(rng, times, true, known)
    places, velocities, headings = path_of(vessel, times)
    base = np.array([[pose.east_m.value, pose.north_m.value] for pose in true])
    farthest_m = float(np.hypot(*(places - base).T).max())
    if farthest_m > FARTHEST_M:
        return None
    dolphin = middle + rng.uniform(-15, 15, 2) + times[:, None] * rng.normal(0, 0.8, 2)
    frames = _frames(rng, times, true, said, (places, headings), craft_shape(rng, vessel.length_m), dolphin)
    seen = sum(any(item.detection.kind.is_craft for item in frame.detections) for frame in frames)
    if seen < 0.6 * len(frames):
        return None
    return Flight(frames, times, velocities, farthest_m)


def _frames(
    rng: np.random.Generator,
    times_s: Floats,
    true: list[CameraPose],
    said: tuple[FramePose, ...],
    path: tuple[Floats, Floats],
    shape: Floats,
    dolphin: Floats,
) -> tuple[SensedFrame, ...]:
    heave = 0.5 / 4 * math.sqrt(2) * np.sin(2 * math.pi * times_s / 5.0 + rng.uniform(0, 6.3))
    boxes = {ObjectKind.VESSEL: BoxNoise(rng, 0.02), ObjectKind.DOLPHIN: BoxNoise(rng, 0.04)}
    animal = coverage.dolphin_at(rng, np.zeros(2))
    frames = []
    for i, t_s in enumerate(times_s.tolist()):
        place, heading = path[0][i], path[1][i]
        turn = np.array([[math.cos(heading), math.sin(heading)], [-math.sin(heading), math.cos(heading)]])
        boat = np.column_stack([shape[:, :2] @ turn.T + place, shape[:, 2] + heave[i]])
        solids = {ObjectKind.VESSEL: boat, ObjectKind.DOLPHIN: animal + np.append(dolphin[i], 0.0)}
        found = []
        for kind, solid in solids.items():
            box = boxes[kind](true[i], solid, 1 / FPS)
            if box is not None and rng.random() < 0.9:
                found.append(Detection(kind=kind, confidence=0.9, box=box, model_id="truth"))
        meta = FrameMeta(
            clip="trial", pts=round(t_s * TICKS_PER_S), time_base=TimeBase(numerator=1, denominator=TICKS_PER_S),
            t_s=t_s, width_px=WIDTH_PX, height_px=HEIGHT_PX,
        )  # fmt: skip
        located = locate(LocateRequest(pose=said[i], detections=tuple(found))).detections
        frames.append(
            SensedFrame(frame=meta, pose=said[i], detections=located, motion=NoImageMotion(reason="no pictures"))
        )
    return tuple(frames)
