"""One least-squares fit a flight: telemetry as prior, every clue as a term of the likelihood.

Unknowns: an offset and a scale of the height, a scale of the focal length, offsets of yaw and of the camera's place,
the error of the horizon's dip, the pitch and roll offsets at each moment that has a clue (tied to one another by
`wander.Wander`), and the error of each known length. All are written in their own prior standard errors, so the sum
of squares is that of the whitened unknowns and of the clues' misfits in their standard errors. Gauss-Newton; the
height's terms weigh as a Student-t with 4 degrees of freedom (barometers have heavy tails), clues as Huber with
k = 2.5.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from wideberth_distance.core.clue_terms import Clues, Values, misfits
from wideberth_distance.core.priors import (
    DIP_SIGMA_DEG,
    HEIGHT_DEGREES_OF_FREEDOM,
    HEIGHT_NOISE_M,
    HEIGHT_SHARE,
    PITCH_OFFSET_DEG,
    ROLL_OFFSET_DEG,
    YAW_SIGMA_DEG,
)
from wideberth_distance.core.projection import Array
from wideberth_distance.core.said import Level, Said
from wideberth_distance.core.wander import Wander

SCALARS = ("height_offset", "height_scale", "focal", "yaw", "east", "north", "dip")
QUANTITIES = ("height", "pitch", "roll", "yaw", "focal_length", "camera_east", "camera_north")
"""Order of the numbers of a pose, by the names of `ErrorSource`."""
_HEIGHT_TERMS = (0, 1)
_STEPS = 12
_STEP = 1e-4
_ENOUGH = 1e-5
_HUBER = 2.5


@dataclass(frozen=True, slots=True)
class Prior:
    """Standard errors that differ from flight to flight."""

    level: Level
    focal_share: float
    place_m: float
    pitch: Wander = PITCH_OFFSET_DEG
    roll: Wander = ROLL_OFFSET_DEG


@dataclass(frozen=True)
class FlightFit:
    """The fit: values of the unknowns and their covariance, (P,) and (P, P)."""

    prior: Prior
    clue_s: Array
    values: Array
    covariance: Array

    def corrected(self, said: Said) -> tuple[Array, Array]:
        """Poses at N moments: values (N, 7) in the order of `QUANTITIES`, covariances (N, 7, 7)."""
        count, clues = said.t_s.size, self.clue_s.size
        first = len(SCALARS)
        jacobian = np.zeros((count, len(QUANTITIES), self.values.size))
        added = np.zeros((count, len(QUANTITIES)))
        jacobian[:, 0, 0], jacobian[:, 0, 1], added[:, 0] = 1.0, said.rise_m, HEIGHT_NOISE_M**2
        for row, (wander, start) in enumerate(((self.prior.pitch, first), (self.prior.roll, first + clues)), start=1):
            weights, left = wander.carried(self.clue_s, said.t_s)
            jacobian[:, row, start : start + clues] = weights
            added[:, row] = left
        jacobian[:, 3, 3] = jacobian[:, 5, 4] = jacobian[:, 6, 5] = 1.0
        focal = said.focal_px * np.exp(self.values[2])
        jacobian[:, 4, 2] = focal
        # Every term but the focal length's is linear in the unknowns.
        shifts = jacobian @ self.values
        level = self.prior.level.above_water_m.value
        plain = np.stack(
            [said.rise_m + level, said.pitch_deg, said.roll_deg, said.yaw_deg, focal, said.east_m, said.north_m], axis=1
        )
        shifts[:, 4] = 0.0
        covariance = jacobian @ self.covariance @ np.swapaxes(jacobian, 1, 2)
        covariance[:, np.arange(len(QUANTITIES)), np.arange(len(QUANTITIES))] += added
        return plain + shifts, covariance


def prior_covariance(prior: Prior, clues: Clues) -> Array:
    """Of the unknowns, shape (P, P)."""
    scalars = (
        prior.level.above_water_m.sigma, HEIGHT_SHARE, prior.focal_share, YAW_SIGMA_DEG, prior.place_m, prior.place_m,
        DIP_SIGMA_DEG,
    )  # fmt: skip
    count, lengths = clues.t_s.size, clues.length_shares
    whole = np.zeros((len(scalars) + 2 * count + lengths.size,) * 2)
    whole[: len(scalars), : len(scalars)] = np.diag(np.square(scalars))
    for number, wander in enumerate((prior.pitch, prior.roll)):
        start = len(scalars) + number * count
        whole[start : start + count, start : start + count] = wander.covariance(clues.t_s, clues.t_s)
    whole[len(scalars) + 2 * count :, len(scalars) + 2 * count :] = np.diag(np.square(lengths))
    return whole


def fit_flight(prior: Prior, said: Said, clues: Clues) -> tuple[FlightFit, Array]:
    """The fit, and each clue term's misfit in standard errors, shape (T,).

    Args:
        prior: of this flight.
        said: what telemetry says at the clues' moments, in the order of `clues.t_s`.
        clues: none gives the prior back.
    """
    spread = prior_covariance(prior, clues)
    root = np.linalg.cholesky(spread + 1e-12 * np.eye(spread.shape[0]))
    fit = FlightFit(prior, clues.t_s, np.zeros(spread.shape[0]), spread)
    if clues.t_s.size == 0:
        return fit, np.zeros(0)

    def misfit(whitened: Array) -> Array:
        return misfits(_values(replace(fit, values=root @ whitened), said), clues)

    at = np.zeros(spread.shape[0])
    for _ in range(_STEPS):
        missed = misfit(at)
        slope = _slope(misfit, at)
        weights, own = _huber(missed), np.ones(at.size)
        own[list(_HEIGHT_TERMS)] = _student(at[list(_HEIGHT_TERMS)])
        normal = np.diag(own) + slope.T @ (weights[:, None] * slope)
        step = -np.linalg.solve(normal, own * at + slope.T @ (weights * missed))
        at = at + step
        if float(np.abs(step).max()) < _ENOUGH:
            break
    slope, missed = _slope(misfit, at), misfit(at)
    normal = np.eye(at.size) + slope.T @ (_huber(missed)[:, None] * slope)
    covariance = root @ np.linalg.inv(normal) @ root.T
    return replace(fit, values=root @ at, covariance=(covariance + covariance.T) / 2), missed


def _values(fit: FlightFit, said: Said) -> Values:
    """The unknowns as cameras at the clues' moments."""
    count = fit.clue_s.size
    return Values(
        poses=_at_clues(fit, said), dip_deg=float(fit.values[6]), log_lengths=fit.values[len(SCALARS) + 2 * count :]
    )


def _at_clues(fit: FlightFit, said: Said) -> Array:
    """As `FlightFit.corrected` at the clues' own moments, where the offsets are unknowns themselves."""
    first, count = len(SCALARS), fit.clue_s.size
    values = fit.values
    height = said.rise_m + fit.prior.level.above_water_m.value + values[0] + values[1] * said.rise_m
    return np.stack(
        [
            height,
            said.pitch_deg + values[first : first + count],
            said.roll_deg + values[first + count : first + 2 * count],
            said.yaw_deg + values[3],
            said.focal_px * np.exp(values[2]),
            said.east_m + values[4],
            said.north_m + values[5],
        ],
        axis=1,
    )


def _slope(misfit: Callable[[Array], Array], at: Array) -> Array:
    """Numeric derivative, shape (T, P)."""
    columns = []
    for place in range(at.size):
        step = np.zeros(at.size)
        step[place] = _STEP
        columns.append((misfit(at + step) - misfit(at - step)) / (2 * _STEP))
    return np.stack(columns, axis=1)


def _huber(missed: Array) -> Array:
    return np.asarray(np.minimum(1.0, _HUBER / np.maximum(np.abs(missed), 1e-12)))


def _student(at: Array) -> Array:
    freedom = HEIGHT_DEGREES_OF_FREEDOM
    return np.asarray((freedom + 1) / (freedom + at**2))
