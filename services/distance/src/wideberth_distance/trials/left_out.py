"""Lengths of boards in flights left out, three ways: the published model, the product's prior, and that learnt.

A flight is a day of a platform: a take-off of the same day shares its weather, so none of that day is learnt from.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from wideberth_contracts.poses import CameraPose
from wideberth_contracts.positions import ImagePoint, LocateRequest, PointPair
from wideberth_contracts.wire import Measured
from wideberth_distance.core.length_calibration import PICK_SIGMA_PX
from wideberth_distance.core.locate import locate
from wideberth_distance.core.priors import (
    HEIGHT_DEGREES_OF_FREEDOM,
    PITCH_SIGMA_DEG,
    ROLL_SIGMA_DEG,
    YAW_SIGMA_DEG,
    height_sigma_m,
)
from wideberth_distance.core.projection import Array, Mask
from wideberth_distance.trials.joint_lengths import Known, fitted, length_interval
from wideberth_distance.trials.known_lengths import BAROMETER, Photo
from wideberth_distance.trials.learnt_heights import Believed, learnt

LASER_M, LASER_SHARE = 0.5, 0.015
"""Geometry notes, section 4."""
HEAVY_95 = float(special.stdtrit(HEIGHT_DEGREES_OF_FREEDOM, 0.975))
"""The product draws heights from Student's t: its 95 % lie within so many standard errors."""


@dataclass(frozen=True, slots=True)
class Said:
    """A length with its 95 % interval."""

    truth_m: float
    low_m: float
    high_m: float

    @property
    def held(self) -> bool:
        """Whether the truth lies in it."""
        return self.low_m <= self.truth_m <= self.high_m

    @property
    def width(self) -> float:
        """Over the true length."""
        return (self.high_m - self.low_m) / self.truth_m


def published(those: Sequence[Photo], altimeters: Sequence[str], *, scaled: bool) -> list[Said]:
    """By the published model learnt on every other flight, with a scaling of the readings (1.0) or without (2021)."""
    focal, length, px = (
        np.array(each) for each in zip(*((p.focal_px, p.length_m, p.length_px) for p in those), strict=True)
    )
    readings = np.array([[p.readings_m.get(a, np.nan) for p in those] for a in altimeters])
    used, fold = _left_out(those)
    posterior = fitted(Known(focal, length, px, readings), used, scaled=scaled)
    said = []
    for i in range(len(those)):
        low, high = length_interval(posterior, int(fold[i]), readings[:, i], float(px[i]), float(focal[i]), seed=i)
        said.append(Said(float(length[i]), low, high))
    return said


def by_prior(photo: Photo, altimeter: str) -> Said:
    """By what the product believes of any flight."""
    height_m = photo.readings_m[altimeter]
    by_laser = float(np.hypot(LASER_M, LASER_SHARE * height_m))
    sigma_m = height_sigma_m(height_m, 0.0) if altimeter == BAROMETER else by_laser
    return _located(photo, Measured(value=height_m, sigma=sigma_m), photo.focal_share, PICK_SIGMA_PX)


def by_others(those: Sequence[Photo], altimeters: Sequence[str]) -> list[Said]:
    """By the altimeter learnt on every other flight; of two altimeters, by their mean in logarithms.

    What was learnt holds the focal length's error and the picking of ends too, so neither is added again.
    """
    logs = np.log([[p.readings_m[a] for a in altimeters] for p in those])
    implied = np.log([p.implied_m for p in those])
    used, fold = _left_out(those)
    share = np.array([_first_share(logs - implied[:, None], each) for each in used])
    reading = np.exp(logs @ np.stack([share, 1 - share])) if len(altimeters) == 2 else np.exp(logs)
    reading = np.broadcast_to(reading.T, used.shape)
    typical = (float(np.median([getattr(p, n) for p in those])) for n in ("focal_share", "implied_m", "length_px"))
    found = learnt(np.log(reading) - implied, reading, fold, used, Believed.of(*typical))
    said = []
    for i in range(len(those)):
        at = int(fold[i])
        low, middle, high = np.quantile(found.log_ratio(at, float(reading[at, i]), seed=i), [0.025, 0.5, 0.975])
        height_m = float(reading[at, i] * np.exp(-middle))
        height = Measured(value=height_m, sigma=height_m * float(high - low) / 2 / HEAVY_95)
        said.append(_located(those[i], height, 0.0, 0.0))
    return said


def _left_out(those: Sequence[Photo]) -> tuple[Mask, Array]:
    """One fold a flight: what each may know, shape (F, N), and the fold that leaves each picture out, shape (N,)."""
    days = sorted({photo.day for photo in those})
    fold = np.array([days.index(photo.day) for photo in those])
    return fold[None, :] != np.arange(len(days))[:, None], fold


def _first_share(residual: Array, used: Mask) -> float:
    """Weight of the first of two altimeters that leaves the least variance; 1 where there is but one."""
    if residual.shape[1] == 1:
        return 1.0
    (first, both), (_, second) = np.cov(residual[used].T)
    return float(np.clip((second - both) / (first + second - 2 * both), 0.0, 1.0))


def _located(photo: Photo, height_m: Measured, focal_share: float, pick_px: float) -> Said:
    """The product's separation of the board's ends, in the middle of a picture from straight above."""
    width, tall = photo.width_px, photo.width_px * 9 // 16
    pose = CameraPose(
        height_m=height_m,
        pitch_deg=Measured(value=-90.0, sigma=PITCH_SIGMA_DEG),
        roll_deg=Measured(value=0.0, sigma=ROLL_SIGMA_DEG),
        yaw_deg=Measured(value=0.0, sigma=YAW_SIGMA_DEG),
        focal_px=Measured(value=photo.focal_px, sigma=focal_share * photo.focal_px),
        east_m=Measured(value=0.0, sigma=0.0),
        north_m=Measured(value=0.0, sigma=0.0),
        width_px=width,
        height_px=tall,
        significant_wave_height_m=0.0,
    )
    ends = tuple(
        ImagePoint(x_px=width / 2 + side * photo.length_px / 2, y_px=tall / 2, sigma_px=pick_px) for side in (-1, 1)
    )
    found = locate(LocateRequest(pose=pose, points=ends, pairs=(PointPair(a=0, b=1),))).separations[0].separation
    if found is None:
        raise RuntimeError(f"{photo.image}: no separation from {height_m.value:.1f} m straight down")
    return Said(photo.length_m, found.interval_95_m.low, found.interval_95_m.high)
