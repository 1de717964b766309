"""Monte Carlo over shared and own errors.

One set of draws stands for one possible truth of the flight: height is Student-t (nu = 4, barometers have heavy tails,
geometry notes section 4), all else normal. The same draw moves every object of every frame, so that what objects share
cancels where it does.
"""

import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import special

from wideberth_contracts.positions import ErrorSource, Position, ProbabilityBelow, Separation
from wideberth_contracts.wire import Interval
from wideberth_distance.core.priors import HEIGHT_DEGREES_OF_FREEDOM
from wideberth_distance.core.projection import SOURCES, Array

PERCENTILES = (2.5, 97.5)
_INDEX = {source: index for index, source in enumerate(SOURCES)}


def draw_sources(count: int, seed: int) -> Array:
    """Shared errors in standard errors, shape (count, 7), columns in the order of `SOURCES`.

    Latin hypercube: each column holds every quantile once, in random order, so that few draws give steady percentiles.
    """
    generator = np.random.default_rng(seed)
    shares = (np.arange(count) + 0.5) / count
    normal = special.ndtri(shares)
    heavy = special.stdtrit(HEIGHT_DEGREES_OF_FREEDOM, shares)
    columns = [heavy if source is ErrorSource.HEIGHT else normal for source in SOURCES]
    return np.stack([generator.permutation(column) for column in columns], axis=1)


@dataclass(frozen=True)
class Draws:
    """All random numbers of a request, made once.

    Attributes:
        powered: of the shared sources, shape (14, D), see `powers`.
        seed: own errors of a track come from it and the track's id, so that other tracks do not change them.
    """

    powered: Array
    seed: int
    _own: dict[str, Array] = field(default_factory=dict)

    @staticmethod
    def of(count: int, seed: int) -> "Draws":
        """As many as asked, the same for the same seed."""
        return Draws(powers(draw_sources(count, seed)), seed)

    def own(self, name: str) -> Array:
        """Standard normal pairs of one track, shape (2, D)."""
        if name not in self._own:
            generator = np.random.default_rng([self.seed, zlib.crc32(name.encode())])
            self._own[name] = generator.standard_normal((2, self.powered.shape[1]))
        return self._own[name]


@dataclass(frozen=True, slots=True)
class Fix:
    """A position ready for draws.

    Attributes:
        nominal: east, north.
        shared: linear and square coefficients of the displacement by source, shape (14, 2), rows as in `powers`.
        root: lower Cholesky factor of the own covariance: (east, north by first, north by second).
    """

    nominal: tuple[float, float]
    shared: Array
    root: tuple[float, float, float]


def fix_of(position: Position) -> Fix:
    """A source that the position lacks moves it by nothing."""
    count = len(SOURCES)
    shared = np.zeros((2 * count, 2))
    for term in position.shared:
        plus, minus, row = term.plus, term.minus, _INDEX[term.source]
        shared[row] = (plus.east_m - minus.east_m) / 2, (plus.north_m - minus.north_m) / 2
        shared[count + row] = (plus.east_m + minus.east_m) / 2, (plus.north_m + minus.north_m) / 2
    own = position.own
    first = math.sqrt(max(own.east_east, 1e-12))
    second = own.east_north / first
    third = math.sqrt(max(own.north_north - second * second, 0.0))
    return Fix((position.east_m, position.north_m), shared, (first, second, third))


def powers(draws: Array) -> Array:
    """Draws above their squares, shape (14, D): what the coefficients are multiplied with."""
    return np.concatenate([draws.T, draws.T**2])


def places(fixes: Sequence[Fix], powered: Array, own: Array) -> tuple[Array, Array]:
    """East and north of K positions under D draws, each shape (K, D).

    Args:
        fixes: The positions.
        powered: Of the shared sources, see `powers`.
        own: Standard normal pairs, shape (2, D): these positions keep their places among one another.
    """
    shared = np.stack([fix.shared for fix in fixes])
    nominal = np.array([fix.nominal for fix in fixes])
    root = np.array([fix.root for fix in fixes])
    east = nominal[:, :1] + shared[:, :, 0] @ powered + root[:, :1] * own[0]
    north = nominal[:, 1:] + shared[:, :, 1] @ powered + root[:, 1:2] * own[0] + root[:, 2:] * own[1]
    return east, north


def pair_separation(a: Position, b: Position, draws: Array, thresholds_m: Iterable[float]) -> Separation:
    """Separation of two points of one frame."""
    powered = powers(draws)
    own = np.random.default_rng(1).standard_normal((2, 2, draws.shape[0]))
    (a_east, a_north), (b_east, b_north) = (
        places([fix_of(each)], powered, noise) for each, noise in zip((a, b), own, strict=True)
    )
    nominal = float(np.hypot(a.east_m - b.east_m, a.north_m - b.north_m))
    return summary(nominal, np.hypot(a_east - b_east, a_north - b_north)[0], thresholds_m)


def edges_95(values: Array) -> tuple[float, float]:
    """Percentiles 2.5 and 97.5 of values of shape (D,), interpolated."""
    ordered = np.sort(values)
    at = np.array(PERCENTILES) / 100 * (values.size - 1)
    low, high = np.interp(at, np.arange(values.size), ordered)
    return float(low), float(high)


def summary(nominal_m: float, distances_m: Array, thresholds_m: Iterable[float]) -> Separation:
    """A separation from its draws, shape (D,). The interval always holds the nominal value."""
    low, high = edges_95(distances_m)
    return Separation(
        value_m=nominal_m,
        sigma_m=float(distances_m.std()),
        interval_95_m=Interval(low=min(low, nominal_m), high=max(high, nominal_m)),
        p_below=tuple(
            ProbabilityBelow(
                threshold_m=limit, probability=float(np.count_nonzero(distances_m < limit) / distances_m.size)
            )
            for limit in thresholds_m
        ),
    )
