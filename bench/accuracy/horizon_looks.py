"""One simulated frame searched for its horizon; apart from the bench, so that other processes can import it."""

import time
from typing import Any

import cv2
import numpy as np

from bench.accuracy.horizon_scenes import Scene, scene
from wideberth_contracts.clues import HorizonView
from wideberth_contracts.wire import Measured
from wideberth_distance.core.horizon import find_horizon

CODED_QUALITY = 60


def look(case: tuple[int, int, bool]) -> dict[str, Any]:
    """Errors of one frame, None where nothing was found; case: seed, width in px, whether coded hard."""
    seed, width_px, coded = case
    cv2.setNumThreads(1)
    made = scene(seed, width_px, width_px * 9 // 16)
    pixels = made.pixels
    if coded:
        _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, CODED_QUALITY])
        pixels = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    begun = time.process_time()
    found = find_horizon(pixels, 0.0, made.expected)
    ms = (time.process_time() - begun) * 1e3
    said: dict[str, Any] = {"across": made.across, "ms": ms, "error_deg": None, "as_told_deg": None, "z": None}
    if not isinstance(found, HorizonView):
        return said
    true = made.true
    told = find_horizon(pixels, 0.0, made.expected.model_copy(update={"focal_px": _off(true.focal_px, made, seed)}))
    error = found.pitch_deg.value - true.pitch_deg.value
    said |= {"error_deg": error, "z": error / found.pitch_deg.sigma}
    said["roll_deg"] = found.roll_deg.value - true.roll_deg.value
    if isinstance(told, HorizonView):
        said["as_told_deg"] = told.pitch_deg.value - true.pitch_deg.value
    return said


def _off(focal: Measured, made: Scene, seed: int) -> Measured:
    """The focal length as a table tells it: 5 % off."""
    by = 1 + 0.05 * float(np.random.default_rng((seed, 5)).standard_normal())
    return made.expected.focal_px.model_copy(update={"value": focal.value * by})
