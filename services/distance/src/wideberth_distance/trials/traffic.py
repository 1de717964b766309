"""A busy patch of sea before one hovering camera: boxes of craft and dolphins, frame after frame, for timing."""

import numpy as np

from wideberth_contracts.detections import Detection, ObjectKind
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.wire import Measured
from wideberth_distance.core.projection import Array, Cameras, cameras_of
from wideberth_distance.trials.coverage import craft_at, dolphin_at, seen_box
from wideberth_distance.trials.flights import FOCAL_PX, HEIGHT_PX, WIDTH_PX

STEP_S = 0.2
"""Between frames: those that are sensed are five a second."""
_JITTER = {ObjectKind.VESSEL: 0.02, ObjectKind.DOLPHIN: 0.04}
_SPEED_MPS = {ObjectKind.VESSEL: 2.0, ObjectKind.DOLPHIN: 1.0}


def hovering() -> CameraPose:
    """80 m up, 25 deg below the horizontal, with the errors of raw telemetry and a measured camera."""

    def with_sigma(value: float, sigma: float) -> Measured:
        return Measured(value=value, sigma=sigma)

    return CameraPose(
        height_m=with_sigma(80.0, 3.0),
        pitch_deg=with_sigma(-25.0, 0.7),
        roll_deg=with_sigma(0.0, 0.5),
        yaw_deg=with_sigma(10.0, 2.0),
        focal_px=with_sigma(FOCAL_PX, 0.02 * FOCAL_PX),
        east_m=with_sigma(0.0, 1.5),
        north_m=with_sigma(0.0, 1.5),
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
    )


def traffic(vessels: int, dolphins: int, frames: int, seed: int) -> list[tuple[Detection, ...]]:
    """Detections of every frame: all objects, 110 to 400 m away, in the order vessels, dolphins."""
    generator = np.random.default_rng(seed)
    camera = cameras_of(hovering()).nominal()
    kinds = [ObjectKind.VESSEL] * vessels + [ObjectKind.DOLPHIN] * dolphins
    columns = [_object(generator, camera, kind, frames) for kind in kinds]
    return [tuple(column[frame] for column in columns) for frame in range(frames)]


def _object(generator: np.random.Generator, camera: Cameras, kind: ObjectKind, frames: int) -> list[Detection]:
    while True:
        away_m, bearing = generator.uniform(110, 400), np.radians(10 + generator.uniform(-25, 25))
        start = away_m * np.array([np.sin(bearing), np.cos(bearing)])
        step = generator.normal(0, _SPEED_MPS[kind] * STEP_S, 2)
        looks, jitter = int(generator.integers(2**31)), np.random.default_rng(int(generator.integers(2**31)))
        boxes = [
            seen_box(camera, _solid(kind, start + frame * step, looks), jitter, _JITTER[kind])
            for frame in range(frames)
        ]
        found = [Detection(kind=kind, confidence=0.9, box=box, model_id="truth") for box in boxes if box is not None]
        if len(found) == frames:
            return found


def _solid(kind: ObjectKind, centre: Array, looks: int) -> Array:
    """The same object at every place: what is drawn of it depends on `looks` alone."""
    generator = np.random.default_rng(looks)
    return craft_at(generator, centre)[0] if kind is ObjectKind.VESSEL else dolphin_at(generator, centre)
