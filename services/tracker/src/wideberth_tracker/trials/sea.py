"""A sea in numbers: objects with true paths, and the located detections a drone would deliver of them.

Nothing is rendered. Positions carry the errors of the projection: pixels and waves for each object, and height, pitch,
yaw and GPS for all objects of a frame together, the latter with a constant part, a drift and a tremble. Truth is the
object each detection came from.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from wideberth_contracts.detections import Detection, ObjectKind, OrientedBox
from wideberth_contracts.frames import FrameMeta, ImageMotion, NoImageMotion, TimeBase
from wideberth_contracts.poses import NoPose, PoseAbsence
from wideberth_contracts.positions import (
    Covariance2,
    EastNorth,
    ErrorSource,
    LocatedDetection,
    NoPosition,
    Position,
    PositionAbsence,
    SharedTerm,
)
from wideberth_contracts.tracks import SensedFrame
from wideberth_contracts.wire import Measured
from wideberth_tracker.core.kalman import Floats

WIDTH_PX, HEIGHT_PX, FOCAL_PX = 3840, 2160, 2665.0
TICKS_PER_S = 90_000


@dataclass(frozen=True, slots=True)
class Mover:
    """One object.

    Attributes:
        places: (frames, 2) east, north in m.
        shown: (frames,) whether it is at the surface.
        seen_share: chance of a detection in a frame in which it shows.
        gaps_s: (from, to) during which the detector misses it.
        repeats: chance of a second box on a part of it (a cabin).
    """

    name: str
    kind: ObjectKind
    length_m: float
    places: Floats
    shown: Floats
    seen_share: float = 0.9
    gaps_s: tuple[tuple[float, float], ...] = ()
    repeats: float = 0.0


@dataclass(frozen=True, slots=True)
class Camera:
    """The drone, hovering at east = north = 0.

    Attributes:
        trembles: by how much of its standard error each shared source changes from frame to frame.
        pans_dps: yaw rate.
    """

    height_m: float = 60.0
    pitch_deg: float = -20.0
    pans_dps: float = 0.0
    trembles: float = 0.1
    drifts: float = 0.005
    has_pose: bool = True


@dataclass(frozen=True, slots=True)
class Trial:
    """What the tracker is given, and the truth about it.

    Attributes:
        origins: per frame, per detection, the name of the object it came from; None for a false alarm.
    """

    times_s: Floats
    frames: tuple[SensedFrame, ...]
    origins: tuple[tuple[str | None, ...], ...]
    movers: tuple[Mover, ...] = field(repr=False)


SIGMAS = {
    ErrorSource.HEIGHT: 2.6,
    ErrorSource.PITCH: math.radians(1.0),
    ErrorSource.YAW: math.radians(2.0),
    ErrorSource.CAMERA_EAST: 1.5,
    ErrorSource.CAMERA_NORTH: 1.5,
}
"""One standard error: m, rad, rad, m, m (raw telemetry, see reference on distance errors)."""


def observe(movers: Sequence[Mover], times_s: Floats, camera: Camera, seed: int, false_alarms: float = 0.0) -> Trial:
    """Detections of `movers` at `times_s`; `false_alarms` a frame, strong and weak, anywhere in the picture."""
    rng = np.random.default_rng(seed)
    bias = {source: rng.normal() for source in SIGMAS}
    frames, origins = [], []
    previous: float | None = None
    for index, time_s in enumerate(times_s.tolist()):
        for source in SIGMAS:
            bias[source] += rng.normal() * camera.drifts * math.sqrt(0.2)
        amplitudes = {source: bias[source] + rng.normal() * camera.trembles for source in SIGMAS}
        yaw = math.radians(camera.pans_dps * time_s)
        found: list[LocatedDetection] = []
        names: list[str | None] = []
        for mover in movers:
            for item in _sight(mover, index, time_s, camera, yaw, amplitudes, rng):
                found.append(item)
                names.append(mover.name)
        for _ in range(rng.poisson(false_alarms)):
            found.append(_false_alarm(camera, yaw, rng))
            names.append(None)
        motion = NoImageMotion(reason="first frame") if previous is None else _pan(camera, previous, yaw)
        previous = yaw
        meta = FrameMeta(
            clip="trial",
            pts=round(time_s * TICKS_PER_S),
            time_base=TimeBase(numerator=1, denominator=TICKS_PER_S),
            t_s=time_s,
            width_px=WIDTH_PX,
            height_px=HEIGHT_PX,
        )
        pose = NoPose(reason=PoseAbsence.NO_TELEMETRY)
        frames.append(SensedFrame(frame=meta, pose=pose, detections=tuple(found), motion=motion))
        origins.append(tuple(names))
    return Trial(times_s, tuple(frames), tuple(origins), tuple(movers))


def _sight(
    mover: Mover,
    index: int,
    time_s: float,
    camera: Camera,
    yaw: float,
    amplitudes: dict[ErrorSource, float],
    rng: np.random.Generator,
) -> list[LocatedDetection]:
    """No, one or two detections of one object."""
    missed = rng.random() > mover.seen_share or any(low <= time_s <= high for low, high in mover.gaps_s)
    confidence, repeated = float(np.clip(rng.normal(0.65, 0.2), 0.16, 0.98)), rng.random() < mover.repeats
    noise = rng.normal(size=6)
    if missed or not mover.shown[index]:
        return []
    east, north = mover.places[index]
    pixel = project(camera, yaw, east, north)
    if pixel is None:
        return []
    whole = _located(mover.kind, (east, north), pixel, mover.length_m, confidence, camera, amplitudes, noise)
    if not repeated:
        return [whole]
    part = _located(mover.kind, (east, north), pixel, mover.length_m * 0.4, confidence * 0.9, camera, amplitudes, noise)
    return [whole, part]


def _located(
    kind: ObjectKind,
    place: tuple[float, float],
    pixel: tuple[float, float],
    length_m: float,
    confidence: float,
    camera: Camera,
    amplitudes: dict[ErrorSource, float],
    noise: Floats,
) -> LocatedDetection:
    east, north = place
    ground_m = math.hypot(east, north)
    slant_m = math.hypot(ground_m, camera.height_m)
    long_px = max(6.0, length_m * FOCAL_PX / slant_m * math.exp(0.1 * noise[0]))
    box = OrientedBox(
        cx_px=pixel[0] + (1.5 + 0.04 * long_px) * noise[1],
        cy_px=pixel[1] + (1.5 + 0.02 * long_px) * noise[2],
        length_px=long_px,
        width_px=max(3.0, long_px / 3),
        angle_deg=0.0,
    )
    detection = Detection(kind=kind, confidence=confidence, box=box, model_id="trial")
    if not camera.has_pose:
        absent = NoPosition(reason=PositionAbsence.NO_POSE)
        return LocatedDetection(detection=detection, position=absent)
    along = 1.5 * slant_m**2 / (camera.height_m * FOCAL_PX) + 0.02 * length_m + 0.125 * ground_m / camera.height_m
    across = 1.5 * slant_m / FOCAL_PX + 0.04 * length_m
    out, side = _directions(east, north)
    terms = _terms(camera, east, north)
    measured = np.array([east, north]) + out * along * noise[3] + side * across * noise[4]
    for term in terms:
        measured += amplitudes[term.source] * np.array([term.plus.east_m, term.plus.north_m])
    cov = along**2 * np.outer(out, out) + across**2 * np.outer(side, side)
    position = Position(
        east_m=float(measured[0]),
        north_m=float(measured[1]),
        shared=terms,
        own=Covariance2(east_east=cov[0, 0], east_north=cov[0, 1], north_north=cov[1, 1]),
    )
    length = Measured(value=length_m * math.exp(0.08 * noise[5]), sigma=0.08 * length_m)
    return LocatedDetection(detection=detection, position=position, length_m=length)


def _terms(camera: Camera, east: float, north: float) -> tuple[SharedTerm, ...]:
    ground_m = math.hypot(east, north)
    out, side = _directions(east, north)
    moves = {
        ErrorSource.HEIGHT: out * ground_m / camera.height_m,
        ErrorSource.PITCH: out * (camera.height_m**2 + ground_m**2) / camera.height_m,
        ErrorSource.YAW: side * ground_m,
        ErrorSource.CAMERA_EAST: np.array([1.0, 0.0]),
        ErrorSource.CAMERA_NORTH: np.array([0.0, 1.0]),
    }
    terms = []
    for source, sigma in SIGMAS.items():
        move_east, move_north = (moves[source] * sigma).tolist()
        plus, minus = EastNorth(east_m=move_east, north_m=move_north), EastNorth(east_m=-move_east, north_m=-move_north)
        terms.append(SharedTerm(source=source, plus=plus, minus=minus))
    return tuple(terms)


def _directions(east: float, north: float) -> tuple[Floats, Floats]:
    """Unit vectors away from the drone and to the right of that."""
    ground_m = max(math.hypot(east, north), 1e-6)
    out = np.array([east, north]) / ground_m
    return out, np.array([out[1], -out[0]])


def _false_alarm(camera: Camera, yaw: float, rng: np.random.Generator) -> LocatedDetection:
    ground_m, bearing = rng.uniform(30, 400), yaw + rng.uniform(-0.5, 0.5)
    east, north = ground_m * math.sin(bearing), ground_m * math.cos(bearing)
    kind = ObjectKind.DOLPHIN if rng.random() < 0.8 else ObjectKind.VESSEL
    length = 2.5 if kind is ObjectKind.DOLPHIN else 8.0
    pixel = project(camera, yaw, east, north) or (WIDTH_PX / 2, HEIGHT_PX / 2)
    nought = dict.fromkeys(SIGMAS, 0.0)
    return _located(kind, (east, north), pixel, length, rng.uniform(0.16, 0.7), camera, nought, rng.normal(size=6))


def _rotation(pitch: float, yaw: float) -> Floats:
    """Rows: right, down and forward of the camera in east, north, up."""
    right = np.array([math.cos(yaw), -math.sin(yaw), 0.0])
    forward = np.array([math.sin(yaw) * math.cos(pitch), math.cos(yaw) * math.cos(pitch), math.sin(pitch)])
    return np.array([right, np.cross(forward, right), forward])


def _intrinsics() -> Floats:
    return np.array([[FOCAL_PX, 0.0, WIDTH_PX / 2], [0.0, FOCAL_PX, HEIGHT_PX / 2], [0.0, 0.0, 1.0]])


def project(camera: Camera, yaw: float, east: float, north: float) -> tuple[float, float] | None:
    """Pixel of a point on a flat sea, None outside the picture."""
    ray = _rotation(math.radians(camera.pitch_deg), yaw) @ np.array([east, north, -camera.height_m])
    if ray[2] <= 0.1:
        return None
    x, y, _ = (_intrinsics() @ (ray / ray[2])).tolist()
    return (x, y) if 0 <= x <= WIDTH_PX and 0 <= y <= HEIGHT_PX else None


def _pan(camera: Camera, earlier_yaw: float, later_yaw: float) -> ImageMotion:
    """The picture's motion when the camera turns on the spot."""
    pitch = math.radians(camera.pitch_deg)
    turn = _rotation(pitch, later_yaw) @ _rotation(pitch, earlier_yaw).T
    fit = _intrinsics() @ turn @ np.linalg.inv(_intrinsics())
    a, b, c, d, e, f, g, h, i = (float(value) for value in (fit / fit[2, 2]).ravel())
    return ImageMotion(later_from_earlier=(a, b, c, d, e, f, g, h, i), inliers=100)
