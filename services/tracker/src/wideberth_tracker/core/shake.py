"""How much the picture moves between two frames, where that is measured, worked out from poses, or not known.

A camera whose motion is not measured shakes a lot or hardly at all. How much is learnt from the matched tracks: it
moves until their surprises in the picture are on average what they should be. A jolt out of the calm is noticed by
the tracks that it leaves unmatched.
"""

import math

import numpy as np

from wideberth_tracker.core.bank import Bank
from wideberth_tracker.core.kalman import Floats, mahalanobis_squared
from wideberth_tracker.core.sightings import Sightings

SURPRISE = 9.0
"""Squared Mahalanobis distance from which a matched sighting is trusted less: a box that jumped."""
UNKNOWN_MOTION_PX = 8.0
KNOWN_MOTION_PX = 1.0
POSED_MOTION_PX = 3.0
"""Standard deviation per axis of the picture's shift between two frames, for a picture 1920 px wide: not measured (at
full shake), measured in the pictures, and worked out from poses whose angles tremble by about 0.1 deg."""
CAMERA_TURN_PX = 150.0
"""How much a camera whose motion is not measured may turn at full shake, px/s^1.5 in a picture 1920 px wide."""
GAIN_PER_S, FORGET_PER_S = 0.3, 5.0
LEAST, MOST = 0.13, 1.5
STEADY = 0.8
"""Below it a jolt is looked for."""
FULL_WIDTH_PX = 1920


def shake_after(shake: float, bank: Bank, sightings: Sightings, pairs: list[tuple[int, int]], dt_s: float) -> float:
    """The shake after `dt_s` and a frame whose certain pairs these are; without pairs it drifts towards full."""
    if not pairs:
        return float(shake ** math.exp(-FORGET_PER_S * dt_s))
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    residuals = sightings.boxes[columns, :2] - bank.image_means[rows, :2]
    squared, _ = mahalanobis_squared(residuals, bank.image_covs[rows][:, :2, :2] + sightings.box_covs[columns])
    surprise = float(np.minimum(squared / 2, SURPRISE).mean())
    return float(np.clip(shake * math.exp(GAIN_PER_S * dt_s * (surprise - 1)), LEAST, MOST))


def turn_px(shake: float, width_px: int) -> float:
    """How much the camera may turn, px/s^1.5."""
    return shake * CAMERA_TURN_PX * width_px / FULL_WIDTH_PX


def shift_px(shake: float, width_px: int) -> float:
    """How far the picture may shift between two frames, px per axis."""
    return shake * UNKNOWN_MOTION_PX * width_px / FULL_WIDTH_PX


def jolted(covs: Floats, shake: float, width_px: int, dt_s: float) -> Floats:
    """Covariances (n, 4, 4) in the picture, had the shake been full and not `shake`."""
    more = max(0.0, 1 - shake**2)
    turn = more * turn_px(1.0, width_px) ** 2
    shift = more * shift_px(1.0, width_px) ** 2
    grown = covs.copy()
    for axis in (0, 1):
        grown[:, axis, axis] += shift + turn * dt_s**3 / 3
        grown[:, axis, axis + 2] += turn * dt_s**2 / 2
        grown[:, axis + 2, axis] += turn * dt_s**2 / 2
        grown[:, axis + 2, axis + 2] += turn * dt_s
    return grown
