"""Do the intervals hold the truth? Scenes with a known truth, seen through flights that err as the priors say.

Nothing is rendered: the true camera gives boxes, the camera that telemetry and clues make gives positions. Craft
proportions vary as the hull's priors say they do, boxes jitter by 2 % (craft) and 4 % (animals) of their length.
"""

from dataclasses import dataclass

import numpy as np

from wideberth_contracts.detections import Detection, ObjectKind, OrientedBox
from wideberth_contracts.positions import LocatedDetection, LocateRequest, Position, Separation
from wideberth_contracts.separations import SeparateRequest
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_distance.core.craft import DECK_BEAM, DECK_LENGTH, PRIORS
from wideberth_distance.core.locate import locate
from wideberth_distance.core.polygons import polygon_to_points_m
from wideberth_distance.core.projection import Array, Cameras, cameras_of, image_from_sea
from wideberth_distance.core.separate import separate
from wideberth_distance.trials.flights import HEIGHT_PX, WIDTH_PX, Known, draw_flight

LIMIT_M = 50.0


@dataclass(frozen=True, slots=True)
class Trial:
    """One scene: what is true, and what was said of it."""

    truth_m: float
    said: Separation
    height_m: float
    range_m: float
    pitch_deg: float
    same_frame: bool | None

    @property
    def held(self) -> bool:
        """Whether the 95 % interval holds the truth."""
        return self.said.interval_95_m.low <= self.truth_m <= self.said.interval_95_m.high

    @property
    def relative_error(self) -> float:
        """Of the value said; of separations under a metre, in metres."""
        return abs(self.said.value_m - self.truth_m) / max(self.truth_m, 1.0)


@dataclass(frozen=True, slots=True)
class Scenes:
    """What scenes to draw, ranges uniform but for the distance, which is as often in every octave.

    Attributes:
        nadir_share: how often the camera looks straight down.
        apart_m: true separation.
        camera_measured: focal length known to 1 %, not to the table's 5 %.
    """

    height_m: tuple[float, float] = (30.0, 120.0)
    pitch_deg: tuple[float, float] = (-90.0, -15.0)
    range_m: tuple[float, float] = (0.0, 1000.0)
    apart_m: tuple[float, float] = (3.0, 120.0)
    nadir_share: float = 0.15
    camera_measured: bool = False


NEAR_LIMIT = Scenes(apart_m=(50.0, 60.0))


def run_trials(
    count: int, seed: int, *, draws: int = 1000, known: Known = Known.RAW, scenes: Scenes | None = None
) -> list[Trial]:
    """Scenes until `count` of them have a separation."""
    generator = np.random.default_rng(seed)
    trials: list[Trial] = []
    while len(trials) < count:
        trial = _trial(generator, draws, known, scenes or Scenes())
        if trial is not None:
            trials.append(trial)
    return trials


def covered_share(trials: list[Trial]) -> float:
    """Share of trials whose 95 % interval holds the truth."""
    return float(np.mean([trial.held for trial in trials]))


def false_inside_share(trials: list[Trial]) -> float:
    """Share of trials truly outside 50 m whose whole interval lies inside."""
    outside = [t for t in trials if t.truth_m >= LIMIT_M]
    return float(np.mean([t.said.interval_95_m.high < LIMIT_M for t in outside])) if outside else 0.0


def _trial(generator: np.random.Generator, draws: int, known: Known, scenes: Scenes) -> Trial | None:
    height_m = generator.uniform(*scenes.height_m)
    pitch_deg = -90.0 if generator.random() < scenes.nadir_share else generator.uniform(*scenes.pitch_deg)
    # Anywhere in the middle of the picture.
    depression = np.radians(np.clip(-pitch_deg + generator.uniform(-18, 18), 2.0, 90.0))
    range_m = height_m / np.tan(depression)
    if not scenes.range_m[0] <= range_m <= scenes.range_m[1]:
        return None
    flight = draw_flight(generator, height_m, pitch_deg, known, camera_measured=scenes.camera_measured)
    if flight is None:
        return None
    camera = cameras_of(flight.true).nominal()
    bearing = np.radians(generator.uniform(-20, 20))
    centre = range_m * np.array([np.sin(bearing), np.cos(bearing)])
    solid, outline = craft_at(generator, centre)
    apart = generator.uniform(*scenes.apart_m)
    towards = generator.uniform(0, 2 * np.pi)
    animal = centre + (apart + 3) * np.array([np.sin(towards), np.cos(towards)])
    truth_m = float(polygon_to_points_m(outline, animal[None])[0])
    boxes = (seen_box(camera, solid, generator, 0.02), seen_box(camera, dolphin_at(generator, animal), generator, 0.04))
    if boxes[0] is None or boxes[1] is None:
        return None
    kinds = (ObjectKind.VESSEL, ObjectKind.DOLPHIN)
    detections = tuple(
        Detection(kind=kind, confidence=0.9, box=box, model_id="truth")
        for kind, box in zip(kinds, boxes, strict=True)
        if box is not None
    )
    located = locate(LocateRequest(pose=flight.said, detections=detections)).detections
    if not all(isinstance(each.position, Position) for each in located):
        return None
    answer = separate(SeparateRequest(tracks=tuple(map(_track, located)), draws=draws))
    if not answer.series:
        return None
    said = answer.series[0].samples[0].separation
    return Trial(truth_m, said, height_m, float(range_m), pitch_deg, flight.same_frame)


def craft_at(generator: np.random.Generator, centre: Array) -> tuple[Array, Array]:
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


def dolphin_at(generator: np.random.Generator, centre: Array) -> Array:
    axis, length = generator.uniform(0, 2 * np.pi), generator.uniform(1.6, 2.6)
    along = np.array([np.sin(axis), np.cos(axis)]) * length / 2
    across = np.array([-np.cos(axis), np.sin(axis)]) * 0.3
    corners = np.array([centre + a + b for a in (along, -along) for b in (across, -across)])
    return np.concatenate([np.column_stack([corners, np.full(4, -0.3)]), [[*centre, 0.1]]])


def seen_box(camera: Cameras, solid: Array, generator: np.random.Generator, jitter: float) -> OrientedBox | None:
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
