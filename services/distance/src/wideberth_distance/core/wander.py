"""An offset that is constant but for a slow wander: the gimbal's, between the moments that tell it.

Prior of o(t) = c + d(t): c normal with a standard error of its own, d stationary with covariance
s² exp(-|t - t'| / tau) (Ornstein-Uhlenbeck). Learnt at some moments, it carries to others by the conditional mean of
the normal distribution, and its error grows back towards the wander's with the time between.
"""

from dataclasses import dataclass

import numpy as np

from wideberth_distance.core.projection import Array


@dataclass(frozen=True, slots=True)
class Wander:
    """Standard errors of the constant and of the wander, and how long the wander remembers itself."""

    constant: float
    wander: float
    memory_s: float

    @property
    def sigma(self) -> float:
        """Of the offset at any one moment."""
        return float(np.hypot(self.constant, self.wander))

    def per_sqrt_minute(self) -> float:
        """How much it changes in a minute, one standard error."""
        return float(self.wander * np.sqrt(2 * (1 - np.exp(-60.0 / self.memory_s))))

    def covariance(self, a_s: Array, b_s: Array) -> Array:
        """Between moments of shapes (N,) and (M,): shape (N, M)."""
        apart = np.abs(a_s[:, None] - b_s[None, :])
        return np.asarray(self.constant**2 + self.wander**2 * np.exp(-apart / self.memory_s))

    def carried(self, known_s: Array, wanted_s: Array) -> tuple[Array, Array]:
        """Weights that carry the offset from known moments to wanted ones, (M, N), and the variance added, (M,)."""
        if known_s.size == 0:
            return np.zeros((wanted_s.size, 0)), np.full(wanted_s.size, self.sigma**2)
        known = self.covariance(known_s, known_s) + 1e-9 * np.eye(known_s.size)
        across = self.covariance(wanted_s, known_s)
        weights = np.linalg.solve(known, across.T).T
        left = self.sigma**2 - np.einsum("mn,mn->m", weights, across)
        return np.asarray(weights, np.float64), np.asarray(np.maximum(left, 0.0))
