"""An altimeter learnt from other flights, starting from what the product believes of any (`core/priors`).

Of each picture: r = log(reading / height implied by the board) = share + metres / reading + flight + own. Share and
metres are the drone's own bias, normal about nothing with the focal length's error and the prior's 4 % and 1 m. A
flight moves all its pictures alike, normal; what a picture adds is Student's t of nu = 4. The variance between flights
and that within them have the scaled inverse chi square of 4 degrees that makes the prior's Student's t of a normal, at
the prior's values: 1 m and 4 %, and 0.6 m with the picking of two ends. Few flights leave the prior as it is; many
replace it. Drawn by a Gibbs sampler.

Shapes: F folds (each leaves flights out), N pictures, J flights.
"""

from dataclasses import dataclass

import numpy as np

from wideberth_distance.core.length_calibration import PICK_SIGMA_PX
from wideberth_distance.core.priors import HEIGHT_DEGREES_OF_FREEDOM, HEIGHT_FLOOR_M, HEIGHT_NOISE_M, HEIGHT_SHARE
from wideberth_distance.core.projection import Array, Mask

BURN, KEPT = 500, 3000


@dataclass(frozen=True, slots=True)
class Believed:
    """What is believed of an altimeter before any board: relative standard errors.

    Attributes:
        share: of its bias and the focal length's.
        metres_m: of the bias that does not grow with height.
        between, within: flights, and pictures of a flight.
    """

    share: float
    metres_m: float
    between: float
    within: float

    @staticmethod
    def of(focal_share: float, height_m: float, length_px: float) -> "Believed":
        """The product's prior at a typical height, with boards of so many pixels."""
        between = np.hypot(HEIGHT_FLOOR_M / height_m, HEIGHT_SHARE)
        within = np.hypot(HEIGHT_NOISE_M / height_m, 2**0.5 * PICK_SIGMA_PX / length_px)
        return Believed(float(np.hypot(HEIGHT_SHARE, focal_share)), HEIGHT_FLOOR_M, float(between), float(within))


@dataclass(frozen=True, slots=True)
class Learnt:
    """Draws: of bias, shape (draws, F, 2), and of the spread between and within flights, shape (draws, F)."""

    bias: Array
    between: Array
    within: Array

    def log_ratio(self, fold: int, reading_m: float, seed: int = 0) -> Array:
        """Draws of r for a picture of a flight not known."""
        rng = np.random.default_rng(seed)
        bias, between, within = self.bias[:, fold], self.between[:, fold], self.within[:, fold]
        flight = between * rng.standard_normal(between.size)
        own = within * rng.standard_t(HEIGHT_DEGREES_OF_FREEDOM, within.size)
        return np.asarray(bias[:, 0] + bias[:, 1] / reading_m + flight + own)


def learnt(log_ratio: Array, reading_m: Array, flight: Array, used: Mask, believed: Believed, seed: int = 0) -> Learnt:
    """Learn from pictures.

    Args:
        log_ratio, reading_m: shape (F, N) or (N,).
        flight: shape (N,), numbered from 0.
        used: shape (F, N), the pictures that a fold may know.
        believed: before them.
        seed: of the draws.
    """
    rng = np.random.default_rng(seed)
    r, reading = (np.broadcast_to(each, used.shape) for each in (log_ratio, reading_m))
    of_flight = (flight[:, None] == np.arange(int(flight.max()) + 1)).astype(np.float64)
    bias, moved = np.zeros((used.shape[0], 2)), np.zeros((used.shape[0], of_flight.shape[1]))
    between, within = np.full(used.shape[0], believed.between**2), np.full(used.shape[0], believed.within**2)
    weight, known = used.astype(np.float64), used @ of_flight > 0
    half, kept = HEIGHT_DEGREES_OF_FREEDOM / 2, []
    for step in range(BURN + KEPT):
        bias = _line(r - moved @ of_flight.T, 1 / reading, weight / within[:, None], believed, rng)
        left = r - bias[:, :1] - bias[:, 1:] / reading
        precision = (weight / within[:, None]) @ of_flight + 1 / between[:, None]
        middle = (weight * left / within[:, None]) @ of_flight / precision
        moved = middle + rng.standard_normal(middle.shape) / np.sqrt(precision)
        own = left - moved @ of_flight.T
        # A normal whose precision is gamma(nu / 2, nu / 2) is Student's t of nu degrees.
        weight = used * rng.gamma(half + 0.5, size=r.shape) / (half + own**2 / (2 * within[:, None]))
        squares = (known * moved**2).sum(axis=1)
        between = (half * believed.between**2 + squares / 2) / rng.gamma(half + known.sum(axis=1) / 2)
        squares = (weight * own**2).sum(axis=1)
        within = (half * believed.within**2 + squares / 2) / rng.gamma(half + used.sum(axis=1) / 2)
        if step >= BURN:
            kept.append((bias, np.sqrt(between), np.sqrt(within)))
    return Learnt(*(np.stack([each[k] for each in kept]) for k in range(3)))


def _line(r: Array, per_m: Array, weight: Array, believed: Believed, rng: np.random.Generator) -> Array:
    """Share and metres given everything else, shape (F, 2)."""
    ones, firsts, squares = weight.sum(axis=1), (weight * per_m).sum(axis=1), (weight * per_m**2).sum(axis=1)
    precision = np.stack([np.stack([ones, firsts], -1), np.stack([firsts, squares], -1)], -2)
    spread = np.linalg.inv(precision + np.diag([believed.share**-2, believed.metres_m**-2]))
    right = np.stack([(weight * r).sum(axis=1), (weight * per_m * r).sum(axis=1)], -1)[..., None]
    drawn = rng.standard_normal((r.shape[0], 2, 1))
    return np.asarray((spread @ right + np.linalg.cholesky(spread) @ drawn)[..., 0])
