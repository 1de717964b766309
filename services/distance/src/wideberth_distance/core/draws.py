"""Monte Carlo over shared and own errors.

One set of draws stands for one possible truth of the flight: height is Student-t (nu = 4, barometers have heavy tails,
geometry notes section 4), all else normal. The same draw moves every object of every frame, so that what objects share
cancels where it does.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from wideberth_contracts.positions import ErrorSource, Position, ProbabilityBelow, Separation
from wideberth_contracts.wire import Interval
from wideberth_distance.core.projection import SOURCES, Array

HEIGHT_DEGREES_OF_FREEDOM = 4.0
PERCENTILES = (2.5, 97.5)
_INDEX = {source: index for index, source in enumerate(SOURCES)}


def draw_sources(count: int, seed: int) -> Array:
    """Shared errors in standard errors, shape (count, 7), columns in the order of `SOURCES`."""
    generator = np.random.default_rng(seed)
    draws = generator.standard_normal((count, len(SOURCES)))
    draws[:, _INDEX[ErrorSource.HEIGHT]] = generator.standard_t(HEIGHT_DEGREES_OF_FREEDOM, count)
    return draws


def coefficients(positions: Sequence[Position]) -> Array:
    """Linear and square coefficients of each position's shared displacement, shape (K, 2, 7, 2).

    Axes: position, (linear, square), source, (east, north). A source that a position lacks moves it by nothing.
    """
    table = np.zeros((len(positions), 2, len(SOURCES), 2))
    for index, position in enumerate(positions):
        for term in position.shared:
            plus = np.array([term.plus.east_m, term.plus.north_m])
            minus = np.array([term.minus.east_m, term.minus.north_m])
            table[index, 0, _INDEX[term.source]] = (plus - minus) / 2
            table[index, 1, _INDEX[term.source]] = (plus + minus) / 2
    return table


def powers(draws: Array) -> Array:
    """Draws and their squares side by side, shape (D, 14): what the coefficients are multiplied with."""
    return np.concatenate([draws, draws**2], axis=1)


def shared_places(positions: Sequence[Position], powered: Array) -> Array:
    """Each position under each draw of the shared errors alone, shape (D, K, 2)."""
    nominal = np.array([[p.east_m, p.north_m] for p in positions])
    table = coefficients(positions).reshape(len(positions), 2 * len(SOURCES), 2)
    moved = powered @ np.swapaxes(table, 0, 1).reshape(2 * len(SOURCES), -1)
    return nominal + moved.reshape(powered.shape[0], len(positions), 2)


def own_roots(positions: Sequence[Position]) -> Array:
    """Lower Cholesky factors of the own covariances, shape (K, 2, 2)."""
    rows = np.array([[p.own.east_east, p.own.east_north, p.own.north_north] for p in positions])
    first = np.sqrt(np.maximum(rows[:, 0], 1e-12))
    second = rows[:, 1] / first
    third = np.sqrt(np.maximum(rows[:, 2] - second**2, 0.0))
    return np.stack([np.stack([first, np.zeros_like(first)], -1), np.stack([second, third], -1)], axis=1)


def pair_separation(a: Position, b: Position, draws: Array, thresholds_m: Iterable[float]) -> Separation:
    """Separation of two points of one frame."""
    places = shared_places([a, b], powers(draws))
    own = np.random.default_rng(1).standard_normal((2, draws.shape[0], 2))
    roots = own_roots([a, b])
    places[:, 0] += own[0] @ roots[0].T
    places[:, 1] += own[1] @ roots[1].T
    nominal = float(np.hypot(a.east_m - b.east_m, a.north_m - b.north_m))
    return summary(nominal, np.hypot(*np.moveaxis(places[:, 0] - places[:, 1], -1, 0)), thresholds_m)


def summary(nominal_m: float, distances_m: Array, thresholds_m: Iterable[float]) -> Separation:
    """A separation from its draws, shape (D,). The interval always holds the nominal value."""
    low, high = np.percentile(distances_m, PERCENTILES)
    return Separation(
        value_m=nominal_m,
        sigma_m=float(distances_m.std()),
        interval_95_m=Interval(low=min(float(low), nominal_m), high=max(float(high), nominal_m)),
        p_below=tuple(
            ProbabilityBelow(threshold_m=limit, probability=float(np.mean(distances_m < limit)))
            for limit in thresholds_m
        ),
    )
