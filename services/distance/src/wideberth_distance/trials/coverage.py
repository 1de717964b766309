"""Do the intervals hold the truth? Scenes with a known truth, seen through telemetry with realistic errors.

Nothing is rendered: the true camera gives boxes, the camera that telemetry claims gives positions. Errors as the
simulator makes them: height Student-t (nu = 4) with scale sqrt(1 + (0.04 h)²), pitch 0.5 deg, roll 0.3, yaw 1, focal
length within the table's 5 %. Craft proportions vary as the priors say they do, boxes jitter.
"""

from dataclasses import dataclass

import numpy as np

from wideberth_contracts.detections import Detection, ObjectKind, OrientedBox
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.positions import LocatedDetection, LocateRequest, Position, Separation
from wideberth_contracts.separations import SeparateRequest
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_contracts.wire import Measured
from wideberth_distance.core.hull import DECK_BEAM, DECK_LENGTH, PRIORS
from wideberth_distance.core.locate import locate
from wideberth_distance.core.polygons import polygon_to_points_m
from wideberth_distance.core.poses import PITCH_SIGMA_DEG, ROLL_SIGMA_DEG, YAW_SIGMA_DEG, height_sigma_m
from wideberth_distance.core.projection import Array, Cameras, cameras_of, image_from_sea
from wideberth_distance.core.separate import separate

WIDTH_PX, HEIGHT_PX, FOCAL_PX, FOCAL_SHARE = 1920, 1080, 1332.5, 0.05
NO_ERROR = Measured(value=0.0, sigma=0.0)
LIMIT_M = 50.0


@dataclass(frozen=True, slots=True)
class Trial:
    """One scene: what is true, and what was said of it."""

    truth_m: float
    said: Separation
    height_m: float
    range_m: float


def run_trials(count: int, seed: int, *, draws: int = 1000, only_near_limit: bool = False) -> list[Trial]:
    """Scenes until `count` of them have a separation."""
    generator = np.random.default_rng(seed)
    trials: list[Trial] = []
    while len(trials) < count:
        trial = _trial(generator, draws, only_near_limit=only_near_limit)
        if trial is not None:
            trials.append(trial)
    return trials


def covered_share(trials: list[Trial]) -> float:
    """Share of trials whose 95 % interval holds the truth."""
    return float(np.mean([t.said.interval_95_m.low <= t.truth_m <= t.said.interval_95_m.high for t in trials]))


def false_inside_share(trials: list[Trial]) -> float:
    """Share of trials truly outside 50 m whose whole interval lies inside."""
    outside = [t for t in trials if t.truth_m >= LIMIT_M]
    return float(np.mean([t.said.interval_95_m.high < LIMIT_M for t in outside])) if outside else 0.0


def _trial(generator: np.random.Generator, draws: int, *, only_near_limit: bool) -> Trial | None:
    true_pose, said_pose = _poses(generator)
    camera = cameras_of(true_pose).nominal()
    height_m = true_pose.height_m.value
    # Anywhere in the middle of the picture that is no farther than four heights.
    depression = np.radians(generator.uniform(max(14.0, -true_pose.pitch_deg.value - 15), 90.0))
    range_m = height_m / np.tan(depression)
    bearing = np.radians(generator.uniform(-20, 20))
    centre = range_m * np.array([np.sin(bearing), np.cos(bearing)])
    solid, outline = _craft(generator, centre)
    apart = generator.uniform(50, 60) if only_near_limit else generator.uniform(3, 80)
    towards = generator.uniform(0, 2 * np.pi)
    animal = centre + (apart + 3) * np.array([np.sin(towards), np.cos(towards)])
    truth_m = float(polygon_to_points_m(outline, animal[None])[0])
    boxes = (_box(camera, solid, generator, 0.02), _box(camera, _dolphin(generator, animal), generator, 0.04))
    if boxes[0] is None or boxes[1] is None:
        return None
    kinds = (ObjectKind.VESSEL, ObjectKind.DOLPHIN)
    detections = tuple(
        Detection(kind=kind, confidence=0.9, box=box, model_id="truth")
        for kind, box in zip(kinds, boxes, strict=True)
        if box is not None
    )
    located = locate(LocateRequest(pose=said_pose, detections=detections)).detections
    if not all(isinstance(each.position, Position) for each in located):
        return None
    answer = separate(SeparateRequest(tracks=tuple(map(_track, located)), draws=draws))
    if not answer.series:
        return None
    return Trial(truth_m, answer.series[0].samples[0].separation, height_m, float(range_m))


def _poses(generator: np.random.Generator) -> tuple[CameraPose, CameraPose]:
    height = generator.uniform(30, 120)
    pitch = generator.choice([-90.0, generator.uniform(-90, -20)])
    scale = height_sigma_m(height, 0.0)
    said_height = max(5.0, height + scale * generator.standard_t(4))
    true = CameraPose(
        height_m=Measured(value=height, sigma=0.0),
        pitch_deg=Measured(value=pitch, sigma=0.0),
        roll_deg=NO_ERROR,
        yaw_deg=NO_ERROR,
        focal_px=Measured(value=FOCAL_PX, sigma=0.0),
        east_m=NO_ERROR,
        north_m=NO_ERROR,
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
    )
    focal = FOCAL_PX * (1 + FOCAL_SHARE * generator.standard_normal())
    said = true.model_copy(
        update={
            "height_m": Measured(value=said_height, sigma=height_sigma_m(said_height, 0.0)),
            "pitch_deg": Measured(value=pitch + 0.5 * generator.standard_normal(), sigma=PITCH_SIGMA_DEG),
            "roll_deg": Measured(value=0.3 * generator.standard_normal(), sigma=ROLL_SIGMA_DEG),
            "yaw_deg": Measured(value=1.0 * generator.standard_normal(), sigma=YAW_SIGMA_DEG),
            "focal_px": Measured(value=focal, sigma=FOCAL_SHARE * focal),
        }
    )
    return true, said


def _craft(generator: np.random.Generator, centre: Array) -> tuple[Array, Array]:
    """Corners of a boat with a pointed bow and a cabin, shape (K, 3), and its waterline, shape (7, 2)."""
    prior = PRIORS[ObjectKind.VESSEL]
    length = generator.uniform(6, 18)
    beam = length * np.exp(prior.log_beam_share[0] + prior.log_beam_share[1] * generator.standard_normal())
    height = beam * np.exp(prior.log_height_share[0] + prior.log_height_share[1] * generator.standard_normal())
    axis = generator.uniform(0, 2 * np.pi)
    forward = np.array([np.sin(axis), np.cos(axis)])
    left = np.array([-np.cos(axis), np.sin(axis)])
    shape = np.array([[0.5, 0], [0.3, 0.35], [0.0, 0.5], [-0.5, 0.45], [-0.5, -0.45], [0.0, -0.5], [0.3, -0.35]])
    deck_shape = shape * [DECK_LENGTH, DECK_BEAM]
    deck = centre + deck_shape[:, :1] * length * forward + deck_shape[:, 1:] * beam * left
    waterline = centre + shape[:, :1] * length * forward + shape[:, 1:] * beam * left
    cabin_shape = np.array([[0.1, 0.3], [-0.3, 0.3], [-0.3, -0.3], [0.1, -0.3]])
    cabin = centre + cabin_shape[:, :1] * length * forward + cabin_shape[:, 1:] * beam * left
    freeboard = generator.uniform(0.25, 0.45) * height
    solid = np.concatenate(
        [
            np.column_stack([waterline, np.zeros(7)]),
            np.column_stack([deck, np.full(7, freeboard)]),
            np.column_stack([cabin, np.full(4, height)]),
        ]
    )
    return solid, waterline


def _dolphin(generator: np.random.Generator, centre: Array) -> Array:
    axis, length = generator.uniform(0, 2 * np.pi), generator.uniform(1.6, 2.6)
    along = np.array([np.sin(axis), np.cos(axis)]) * length / 2
    across = np.array([-np.cos(axis), np.sin(axis)]) * 0.3
    corners = np.array([centre + a + b for a in (along, -along) for b in (across, -across)])
    return np.concatenate([np.column_stack([corners, np.full(4, -0.3)]), [[*centre, 0.1]]])


def _box(camera: Cameras, solid: Array, generator: np.random.Generator, jitter: float) -> OrientedBox | None:
    """Smallest rectangle round the solid's picture, its edges jittered; None where it leaves the picture."""
    seen = image_from_sea(camera, solid[None])[0]
    pixels = seen[:, :2]
    if seen[:, 2].min() < 1 or pixels.min() < 0 or (pixels.max(axis=0) > [WIDTH_PX, HEIGHT_PX]).any():
        return None
    box = smallest_box(pixels)
    if box.length_px < 6:
        return None
    edge = max(0.7, jitter * box.length_px)
    cx, cy = np.array([box.cx_px, box.cy_px]) + edge * generator.standard_normal(2) / 2**0.5
    sides = np.array([box.length_px, box.width_px]) + edge * generator.standard_normal(2) * 2**0.5
    sides = np.maximum(sides, 1.0)
    return OrientedBox(cx_px=cx, cy_px=cy, length_px=sides.max(), width_px=sides.min(), angle_deg=box.angle_deg)


def smallest_box(pixels: Array) -> OrientedBox:
    """The rectangle of least area round points, shape (N, 2), to a degree."""
    angles = np.radians(np.arange(-90.0, 90.0))
    along = pixels @ np.stack([np.cos(angles), np.sin(angles)])
    across = pixels @ np.stack([-np.sin(angles), np.cos(angles)])
    length, width = np.ptp(along, axis=0), np.ptp(across, axis=0)
    best = int(np.argmin(np.where(length >= width, length * width, np.inf)))
    angle = angles[best]
    u, v = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    middle = np.ptp(along[:, best]) / 2 + along[:, best].min(), np.ptp(across[:, best]) / 2 + across[:, best].min()
    centre = middle[0] * u + middle[1] * v
    return OrientedBox(
        cx_px=centre[0], cy_px=centre[1], length_px=max(length[best], 0.5), width_px=max(width[best], 0.5),
        angle_deg=float(np.degrees(angle)),
    )  # fmt: skip


def _track(located: LocatedDetection) -> Track:
    kind = located.detection.kind
    point = TrackPoint(t_s=0.0, pts=0, observed=True, position=located.position, outline=located.outline)
    return Track(id=kind.value, kind=kind, state=TrackState.CONFIRMED, points=(point,))
