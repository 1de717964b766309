"""Moving or stopped, as a probability."""

import numpy as np
from scipy.special import ndtr

from wideberth_tracker.core.kalman import Floats, times

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)
REACH = 6.0
"""Half width of the integration in standard deviations: what lies beyond is below 1e-8."""


def p_faster(velocities: Floats, covs: Floats, above_mps: float) -> Floats:
    """P(speed > above_mps) for velocities (n, 2) with covariances (n, 2, 2), m/s; (n,).

    The probability of the disc of radius `above_mps` under the normal law is integrated along the wider axis of each
    covariance with 32 Gauss-Legendre nodes; across it the integral is closed.
    """
    values, axes = np.linalg.eigh(covs)
    deviations = np.sqrt(np.maximum(values, 1e-12))
    centre = times(axes.transpose(0, 2, 1), velocities)
    wide, narrow = deviations[:, 1], deviations[:, 0]
    low = np.clip(centre[:, 1] - REACH * wide, -above_mps, above_mps)
    high = np.clip(centre[:, 1] + REACH * wide, -above_mps, above_mps)
    half = (high - low) / 2
    x = (high + low)[:, None] / 2 + half[:, None] * _NODES
    density = np.exp(-0.5 * ((x - centre[:, 1, None]) / wide[:, None]) ** 2) / (wide[:, None] * np.sqrt(2 * np.pi))
    chord = np.sqrt(np.maximum(above_mps**2 - x * x, 0.0))
    upper = ndtr((chord - centre[:, 0, None]) / narrow[:, None])
    lower = ndtr((-chord - centre[:, 0, None]) / narrow[:, None])
    inside = half * ((density * (upper - lower)) @ _WEIGHTS)
    return np.asarray(np.clip(1.0 - inside, 0.0, 1.0), dtype=np.float64)
