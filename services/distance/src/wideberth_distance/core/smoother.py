"""Where a craft was and how fast, by all its sightings before and after: a Kalman filter and smoother on the sea plane.

A constant velocity disturbed by white acceleration noise is seen through errors that are not independent from frame to
frame, and each is a state of its own: the slow wander of the pose (Ornstein-Uhlenbeck, a minute), the barometer's
(seconds), and what waves and the box's breathing leave for a second or two; only the rest is white. How large the last
two are, and how much the craft manoeuvres, differs from craft to craft: every combination of `WHITE`, `SLUGGISH` and
`MANOEUVRE` runs beside the others, and what each is worth follows from how well it foretold the sightings.

Rauch, Tung and Striebel 1965 for the smoother; the mixture is Magill 1965. Own errors that never change (a hull whose
height is not known) cancel in a velocity and need no state.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from wideberth_distance.core.projection import Array

WHITE = (0.003, 0.03, 0.2, 1.0)
SLUGGISH = (0.003, 0.1, 0.8)
"""Shares of a sighting's own covariance that are new in each frame, and that stay for `SLUGGISH_S`. Both may be small:
most of the own covariance of a hull is what one box cannot tell of its proportions, and that stays as it is."""
MANOEUVRE = (0.0005, 0.02, 0.4)
"""Spectral density of the acceleration, m²/s³: adrift or on a steady course, easing, turning and braking."""
WANDER_S, HEIGHT_WANDER_S, SLUGGISH_S = 60.0, 8.0, 1.5
FIRST_SPEED_MPS = 8.0
KEPT = 4
"""So many of the likeliest combinations are smoothed; the rest weigh next to nothing."""
_STATES = 9
_PLACE, _SPEED, _WANDER, _HEIGHT, _SLOW = slice(0, 2), slice(2, 4), slice(4, 6), slice(6, 7), slice(7, 9)


@dataclass(frozen=True, slots=True)
class Seen:
    """N moments of one craft, times rising.

    Attributes:
        t_s: shape (N,); observed: shape (N,), whether it was seen then.
        places: shape (N, 2); own: shape (N, 2, 2), covariance of the own error.
        wander: shape (N, 2, 2), lower root of the covariance of the pose's slow wander at that place.
        height: shape (N, 2), displacement by one standard error of the barometer's wander.
    """

    t_s: Array
    observed: np.ndarray[tuple[int], np.dtype[np.bool_]]
    places: Array
    own: Array
    wander: Array
    height: Array


@dataclass(frozen=True, slots=True)
class Smoothed:
    """What is known of the velocity at each moment, as a mixture of K normals.

    Attributes:
        weights: shape (K,).
        velocities: shape (K, N, 2); covariances: shape (K, N, 2, 2).
    """

    weights: Array
    velocities: Array
    covariances: Array

    def nominal(self, index: int) -> Array:
        """Mean velocity at one moment, shape (2,)."""
        return np.asarray(self.weights @ self.velocities[:, index])

    def covariance(self, index: int) -> Array:
        """Of the velocity at one moment, shape (2, 2): within the normals and between them."""
        apart = self.velocities[:, index] - self.nominal(index)
        within = np.tensordot(self.weights, self.covariances[:, index], axes=1)
        return np.asarray(within + np.einsum("k,ki,kj->ij", self.weights, apart, apart))

    def drawn(self, index: int, normal: Array) -> Array:
        """Velocities at one moment from standard normal pairs of shape (2, D); shape (2, D). Every normal has its
        share of the draws."""
        count = normal.shape[1]
        edges = np.round(np.cumsum(self.weights) * count).astype(int)
        out, start = np.empty_like(normal), 0
        for number, end in enumerate(edges):
            root = np.linalg.cholesky(self.covariances[number, index] + 1e-12 * np.eye(2))
            out[:, start:end] = self.velocities[number, index][:, None] + root @ normal[:, start:end]
            start = end
        return out


@dataclass(frozen=True, slots=True)
class _Hypotheses:
    """H combinations, each number of shape (H,)."""

    white: Array
    sluggish: Array
    manoeuvre: Array

    @staticmethod
    def all() -> "_Hypotheses":
        table = np.array(list(product(WHITE, SLUGGISH, MANOEUVRE)))
        return _Hypotheses(table[:, 0], table[:, 1], table[:, 2])

    def chosen(self, which: np.ndarray[tuple[int], np.dtype[np.intp]]) -> "_Hypotheses":
        return _Hypotheses(self.white[which], self.sluggish[which], self.manoeuvre[which])


def smooth(seen: Seen) -> Smoothed:
    """The velocity at every moment, from all of them."""
    everything = _Hypotheses.all()
    scores = _Filter(seen, everything).run(keep=False)
    best = np.argsort(scores)[::-1][:KEPT]
    weights = np.exp(scores[best] - scores[best[0]])
    run = _Filter(seen, everything.chosen(best))
    run.run(keep=True)
    velocities, covariances = run.backwards()
    return Smoothed(weights / weights.sum(), velocities, covariances)


class _Filter:
    """All hypotheses over one craft's sightings."""

    def __init__(self, seen: Seen, hypotheses: _Hypotheses) -> None:
        self._seen, self._given = seen, hypotheses
        count = hypotheses.white.shape[0]
        self._means = np.zeros((count, _STATES))
        self._means[:, _PLACE] = seen.places[0]
        first = np.array([1e4, 1e4, FIRST_SPEED_MPS**2, FIRST_SPEED_MPS**2, 1, 1, 1, 1, 1])
        self._covs = np.tile(np.diag(first), (count, 1, 1))
        self._kept: list[tuple[Array, Array, Array, Array, Array]] = []

    def run(self, *, keep: bool) -> Array:
        """Forward over all moments; logarithm of each hypothesis' likelihood, shape (H,)."""
        scores = np.zeros(self._means.shape[0])
        before = float(self._seen.t_s[0])
        for index, t_s in enumerate(self._seen.t_s.tolist()):
            step = self._predict(t_s - before)
            predicted = self._means, self._covs
            if self._seen.observed[index]:
                scores += self._update(index)
            if keep:
                self._kept.append((step, *predicted, self._means, self._covs))
            before = t_s
        return scores

    def _predict(self, dt_s: float) -> Array:
        step = np.eye(_STATES)
        step[0, 2] = step[1, 3] = dt_s
        noise = np.zeros((self._means.shape[0], _STATES, _STATES))
        for part, memory_s in ((_WANDER, WANDER_S), (_HEIGHT, HEIGHT_WANDER_S), (_SLOW, SLUGGISH_S)):
            stays = np.exp(-dt_s / memory_s)
            for state in range(part.start, part.stop):
                step[state, state] = stays
                noise[:, state, state] = 1 - stays**2
        power = self._given.manoeuvre
        for axis in (0, 1):
            noise[:, axis, axis] = power * dt_s**3 / 3
            noise[:, axis, axis + 2] = noise[:, axis + 2, axis] = power * dt_s**2 / 2
            noise[:, axis + 2, axis + 2] = power * dt_s
        self._means = self._means @ step.T
        self._covs = step @ self._covs @ step.T + noise
        return step

    def _update(self, index: int) -> Array:
        """Bring one sighting in; logarithm of its likelihood."""
        seen, given = self._seen, self._given
        own = seen.own[index] + 1e-6 * np.eye(2)
        root = np.linalg.cholesky(own)
        look = np.zeros((given.white.shape[0], 2, _STATES))
        look[:, :, _PLACE] = np.eye(2)
        look[:, :, _WANDER] = seen.wander[index]
        look[:, :, 6] = seen.height[index]
        look[:, :, _SLOW] = np.sqrt(given.sluggish)[:, None, None] * root
        across = self._covs @ look.transpose(0, 2, 1)
        spread = look @ across + given.white[:, None, None] * own
        off = seen.places[index] - np.einsum("hij,hj->hi", look, self._means)
        inverse = np.linalg.inv(spread)
        squared = np.einsum("hi,hij,hj->h", off, inverse, off)
        # A box that jumped is trusted less, in proportion: one wrong box must not look like a manoeuvre.
        excess = np.maximum(1.0, squared / OUTLIER)
        inverse = inverse / excess[:, None, None]
        gain = across @ inverse
        self._means = self._means + np.einsum("hij,hj->hi", gain, off)
        covs = self._covs - gain @ across.transpose(0, 2, 1)
        self._covs = (covs + covs.transpose(0, 2, 1)) / 2
        determinant = spread[:, 0, 0] * spread[:, 1, 1] - spread[:, 0, 1] * spread[:, 1, 0]
        return np.asarray(-0.5 * (np.minimum(squared, OUTLIER + np.log(excess)) + np.log(determinant)))

    def backwards(self) -> tuple[Array, Array]:
        """Smoothed velocities, shape (H, N, 2), and covariances, shape (H, N, 2, 2)."""
        means, covs = self._kept[-1][3], self._kept[-1][4]
        speeds, spreads = [means[:, _SPEED]], [covs[:, _SPEED, _SPEED]]
        for index in range(len(self._kept) - 2, -1, -1):
            step, later_means, later_covs = self._kept[index + 1][:3]
            here_means, here_covs = self._kept[index][3:]
            gain = np.linalg.solve(later_covs, step @ here_covs).transpose(0, 2, 1)
            means = here_means + np.einsum("hij,hj->hi", gain, means - later_means)
            covs = here_covs + gain @ (covs - later_covs) @ gain.transpose(0, 2, 1)
            speeds.append(means[:, _SPEED])
            spreads.append(covs[:, _SPEED, _SPEED])
        return np.stack(speeds[::-1], axis=1), np.stack(spreads[::-1], axis=1)


OUTLIER = 12.0
"""Squared Mahalanobis distance of a sighting that is trusted less (1 in 400 true ones, 2 degrees of freedom)."""
