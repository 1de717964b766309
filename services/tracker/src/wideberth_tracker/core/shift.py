"""The shift all objects of one frame share.

A gimbal that nods by a tenth of a degree moves every object of the frame together. Each detection says how far one
standard error of each shared source moves it; the part of these errors that changes from frame to frame is estimated
from all matched tracks at once and taken away. For the track itself its own residual is left out (leave one out), so
that no residual is used twice; with a single track nothing is taken away and the shift simply counts as noise.
"""

from dataclasses import dataclass

import numpy as np

from wideberth_tracker.core.kalman import Floats, inverse_2x2


@dataclass(frozen=True, slots=True)
class FrameShift:
    """What is known about the shift of one frame: amplitudes of k sources in standard deviations of their jitter.

    Attributes:
        information: (k, k) inverse covariance, at least the identity (the prior).
        vector: (k,) information @ mean.
    """

    information: Floats
    vector: Floats

    @classmethod
    def unknown(cls, sources: int) -> "FrameShift":
        """Nothing seen yet: the prior alone."""
        return cls(np.eye(sources), np.zeros(sources))

    def effect(self, basis: Floats) -> tuple[Floats, Floats]:
        """Shift (n, 2) of objects with `basis` (n, 2, k), and its covariance (n, 2, 2)."""
        cov = np.linalg.inv(self.information)
        return basis @ (cov @ self.vector), basis @ cov @ basis.transpose(0, 2, 1)


@dataclass(frozen=True, slots=True)
class ShiftEvidence:
    """Residuals of matched tracks.

    Attributes:
        informations: (n, k, k); vectors: (n, k): what each match says about the sources.
    """

    informations: Floats
    vectors: Floats

    @classmethod
    def of(cls, residuals: Floats, covs: Floats, basis: Floats, trusted: Floats) -> "ShiftEvidence":
        """Evidence of n matches.

        Args:
            residuals: (n, 2) seen minus predicted.
            covs: (n, 2, 2) of the residual without the shift.
            basis: (n, 2, k) displacement by one standard deviation of each source's jitter.
            trusted: (n,) weight in [0, 1]; 0 for matches that must not vote.
        """
        weighted = basis.transpose(0, 2, 1) @ inverse_2x2(covs) * trusted[:, None, None]
        return cls(weighted @ basis, np.einsum("nij,nj->ni", weighted, residuals))

    def all(self) -> FrameShift:
        """The shift by every vote."""
        return FrameShift(np.eye(self.vectors.shape[1]) + self.informations.sum(0), self.vectors.sum(0))

    def without_each(self, basis: Floats) -> tuple[Floats, Floats]:
        """For each match the shift (n, 2) and its covariance (n, 2, 2) by all votes but its own."""
        total = self.all()
        covs = np.linalg.inv(total.information - self.informations)
        means = np.einsum("nij,nj->ni", covs, total.vector - self.vectors)
        return np.einsum("nij,nj->ni", basis, means), basis @ covs @ basis.transpose(0, 2, 1)
