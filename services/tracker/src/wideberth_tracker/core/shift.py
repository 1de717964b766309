"""The shift all objects of one frame share.

A gimbal that nods by a tenth of a degree moves every object of the frame together. Each detection says how far one
standard error of each shared source moves it; the part of these errors that changes from frame to frame is estimated
from all matched tracks at once and taken away. For the track itself its own residual is left out (leave one out), so
that no residual is used twice; with a single track nothing is taken away and the shift simply counts as noise.
"""

from dataclasses import dataclass

import numpy as np

from wideberth_tracker.core.kalman import ONE_2, Floats, inverse_2x2, times


@dataclass(frozen=True, slots=True)
class ShiftEvidence:
    """What n matched tracks say about the shift of one frame: amplitudes of k sources in standard deviations of their
    jitter, standard normal before anything is seen.

    Attributes:
        residuals: (n, 2) seen minus predicted.
        precisions: (n, 2, 2) inverse covariance of the residual without the shift; 0 for matches that must not vote.
        basis: (n, 2, k) displacement by one standard deviation of each source's jitter.
    """

    residuals: Floats
    precisions: Floats
    basis: Floats

    @classmethod
    def of(cls, residuals: Floats, covs: Floats, basis: Floats, trusted: Floats) -> "ShiftEvidence":
        """Evidence of n matches; `covs` (n, 2, 2) of the residuals, `trusted` (n,) weight in [0, 1]."""
        return cls(residuals, inverse_2x2(covs) * trusted[:, None, None], basis)

    def amplitudes(self) -> tuple[Floats, Floats]:
        """Mean (k,) and covariance (k, k) of the amplitudes by every vote."""
        weighted = self.basis.transpose(0, 2, 1) @ self.precisions
        information = np.eye(self.basis.shape[2]) + (weighted @ self.basis).sum(axis=0)
        cov = np.linalg.inv(information)
        return cov @ times(weighted, self.residuals).sum(axis=0), cov

    def effect(self, basis: Floats) -> tuple[Floats, Floats]:
        """Shift (m, 2) of objects with `basis` (m, 2, k), and its covariance (m, 2, 2), by every vote."""
        mean, cov = self.amplitudes()
        return basis @ mean, basis @ cov @ basis.transpose(0, 2, 1)

    def without_each(self) -> tuple[Floats, Floats]:
        """For each match the shift (n, 2) and its covariance (n, 2, 2) by all votes but its own.

        A vote is taken back in the plane: A'^-1 = A^-1 - P, with A the covariance by every vote and P the vote's
        precision.
        """
        moved, spread = self.effect(self.basis)
        weight = spread @ self.precisions
        undo = _general_inverse_2x2(ONE_2 - weight)
        mean = times(undo, moved - times(weight, self.residuals))
        cov = undo @ spread
        return mean, (cov + cov.transpose(0, 2, 1)) / 2


def unmoved(basis: Floats) -> tuple[Floats, Floats]:
    """Shift and its covariance before anything is seen."""
    return np.zeros(basis.shape[:2]), basis @ basis.transpose(0, 2, 1)


def _general_inverse_2x2(matrices: Floats) -> Floats:
    a, b, c, d = matrices[:, 0, 0], matrices[:, 0, 1], matrices[:, 1, 0], matrices[:, 1, 1]
    inverse = np.empty_like(matrices)
    inverse[:, 0, 0], inverse[:, 0, 1], inverse[:, 1, 0], inverse[:, 1, 1] = d, -b, -c, a
    return np.asarray(inverse / (a * d - b * c)[:, None, None])
