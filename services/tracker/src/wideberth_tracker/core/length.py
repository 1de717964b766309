"""How long an object is, from all its sightings."""

import math
from collections.abc import Sequence

import numpy as np

from wideberth_contracts.wire import Measured
from wideberth_tracker.core.kalman import Floats


def length_of(lengths: Sequence[tuple[float, float]]) -> Measured | None:
    """Median of the sightings' lengths, weighted by 1 / sigma².

    The scatter averages away with their number; the smallest error of a single sighting stays, for scale is shared.
    """
    if not lengths:
        return None
    values, sigmas = np.array(lengths).T
    weights = 1 / np.maximum(sigmas, 1e-3 * values) ** 2
    middle = _weighted_median(values, weights)
    scatter = 1.4826 * _weighted_median(np.abs(values - middle), weights)
    count = weights.sum() ** 2 / (weights**2).sum()
    sigma = math.hypot(1.2533 * scatter / math.sqrt(count), float(sigmas.min()))
    return Measured(value=middle, sigma=sigma)


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    share = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(share, share[-1] / 2)])
