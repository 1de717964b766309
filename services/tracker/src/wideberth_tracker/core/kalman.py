"""Constant-velocity Kalman filters in a plane, many at once.

State of one filter: (x, y, vx, vy), shape (4,), with covariance (4, 4). All functions take n filters as (n, 4) and
(n, 4, 4) and return new arrays. The unit is that of the plane: metres on the sea, pixels in the picture.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ONE_2, ONE_4 = np.eye(2), np.eye(4)
"""Identities; nobody writes into them."""


def predict(means: Floats, covs: Floats, dt_s: float, noise: Floats, memory_s: Floats) -> tuple[Floats, Floats]:
    """Carry filters on by `dt_s`.

    Args:
        means: (n, 4); covs: (n, 4, 4).
        dt_s: time step, >= 0.
        noise: (n,) spectral density of the acceleration, plane unit²/s³.
        memory_s: (n,) time constant of the velocity's decay, > 0.
    """
    keep = np.exp(-dt_s / memory_s)
    reach = memory_s * (1.0 - keep)
    count = means.shape[0]
    transition = np.zeros((count, 4, 4))
    transition[:, 0, 0] = transition[:, 1, 1] = 1.0
    transition[:, 0, 2] = transition[:, 1, 3] = reach
    transition[:, 2, 2] = transition[:, 3, 3] = keep
    moved = times(transition, means)
    spread = transition @ covs @ transition.transpose(0, 2, 1)
    for axis in (0, 1):
        spread[:, axis, axis] += noise * dt_s**3 / 3
        spread[:, axis, axis + 2] += noise * dt_s**2 / 2
        spread[:, axis + 2, axis] += noise * dt_s**2 / 2
        spread[:, axis + 2, axis + 2] += noise * dt_s
    return moved, spread


def update(means: Floats, covs: Floats, seen: Floats, seen_covs: Floats) -> tuple[Floats, Floats]:
    """Bring in one position per filter.

    Args:
        seen: (n, 2) positions; seen_covs: (n, 2, 2), positive definite.

    The Joseph form keeps covariances symmetric and positive however small the measurement's error is.
    """
    innovation_cov = covs[:, :2, :2] + seen_covs
    gain = covs[:, :, :2] @ inverse_2x2(innovation_cov)
    moved = means + times(gain, seen - means[:, :2])
    shrink = np.zeros(covs.shape)
    shrink[:] = ONE_4
    shrink[:, :, :2] -= gain
    spread = shrink @ covs @ shrink.transpose(0, 2, 1) + gain @ seen_covs @ gain.transpose(0, 2, 1)
    return moved, (spread + spread.transpose(0, 2, 1)) / 2


def times(matrices: Floats, vectors: Floats) -> Floats:
    """Products of matrices (n, i, j) and vectors (n, j): (n, i)."""
    return np.asarray((matrices @ vectors[:, :, None])[:, :, 0])


def inverse_2x2(matrices: Floats) -> Floats:
    """Inverses of symmetric matrices (…, 2, 2) in closed form."""
    a, b, d = matrices[..., 0, 0], matrices[..., 0, 1], matrices[..., 1, 1]
    inverse = np.empty_like(matrices)
    inverse[..., 0, 0], inverse[..., 1, 1] = d, a
    inverse[..., 0, 1] = inverse[..., 1, 0] = -b
    return inverse / (a * d - b * b)[..., None, None]


def mahalanobis_squared(offsets: Floats, covs: Floats) -> tuple[Floats, Floats]:
    """Squared Mahalanobis lengths of offsets (…, 2) under covariances (…, 2, 2), and the determinants of those."""
    a, b, d = covs[..., 0, 0], covs[..., 0, 1], covs[..., 1, 1]
    determinant = a * d - b * b
    x, y = offsets[..., 0], offsets[..., 1]
    return (d * x * x - 2 * b * x * y + a * y * y) / determinant, determinant
