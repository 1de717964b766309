"""How well scores part animals from clutter, and where the two thresholds go.

The unit is the track: a surfacing of an animal, a piece of clutter. Its score is the highest of at most three crops,
chosen as the service chooses them. The lower threshold is a low order statistic of surfacings, never a quantile of
clutter: what matters is how many animals are lost. The upper one is where clutter becomes rare.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from wideberth_anomaly.core.choice import choose
from wideberth_contracts.frames import CropMeta
from wideberth_contracts.screening import ScreenSettings
from wideberth_training_anomaly.looks import Looks
from wideberth_training_anomaly.pieces import SIDE_PX

Scores = NDArray[np.float64]

MOST_LOST, SURE = 0.01, 0.95
# Share of clutter that may look like an animal beyond doubt.
CLUTTER_ABOVE = 0.05


@dataclass(frozen=True, slots=True)
class Tracks:
    """Scores of tracks: of what kind each is."""

    scores: Scores
    kinds: NDArray[np.str_]

    @property
    def animals(self) -> Scores:
        """Of surfacings."""
        return np.asarray(self.scores[self.kinds == "dolphin"])

    @property
    def clutter(self) -> Scores:
        """Of everything else."""
        return np.asarray(self.scores[self.kinds != "dolphin"])


def tracks_of(looks: Looks, scores: Scores) -> Tracks:
    """Crops joined to tracks."""
    found, kinds = [], []
    for name in np.unique(looks.tracks):
        rows = np.nonzero(looks.tracks == name)[0]
        metas = [_meta(looks, int(row)) for row in rows]
        used = choose(metas, ScreenSettings()).used
        found.append(max(scores[rows[index]] for index in used))
        kinds.append(looks.kinds[rows[0]])
    return Tracks(np.array(found), np.array(kinds))


def screened(looks: Looks) -> Looks:
    """Only those that the service would look at: three crops a track at most."""
    keep = np.zeros(len(looks), np.bool_)
    for name in np.unique(looks.tracks):
        rows = np.nonzero(looks.tracks == name)[0]
        used = choose([_meta(looks, int(row)) for row in rows], ScreenSettings()).used
        keep[rows[list(used)]] = True
    return looks.where(keep)


def _meta(looks: Looks, row: int) -> CropMeta:
    t_s = float(looks.times_s[row])
    return CropMeta(
        pts=round(1000 * t_s),
        t_s=t_s,
        width_px=SIDE_PX,
        height_px=SIDE_PX,
        detection_px=SIDE_PX / 3,
        confidence=float(looks.confidences[row]),
    )


def auroc(positive: Scores, negative: Scores) -> float:
    """Probability that a positive scores above a negative, ties counting half."""
    order = np.sort(negative)
    below = np.searchsorted(order, positive, "left")
    not_above = np.searchsorted(order, positive, "right")
    return float((below + not_above).mean() / 2 / len(negative))


def least_share(successes: int, trials: int, sure: float = SURE) -> float:
    """The lower bound of Clopper and Pearson, one-sided: the true share is above it with that probability."""
    return 0.0 if successes == 0 else float(beta.ppf(1 - sure, successes, trials - successes + 1))


def threshold(surfacings: Scores) -> tuple[float, float]:
    """The highest threshold that provably keeps 99 % of such surfacings, and the bound; see `MOST_LOST`, `SURE`.

    With fewer than 299 surfacings none can be proven to: then it lies below all of them.
    """
    ordered, count = np.sort(surfacings), len(surfacings)
    lost = 0
    while least_share(count - lost - 1, count) >= 1 - MOST_LOST:
        lost += 1
    below = ordered[lost] - 1e-6 * max(1.0, abs(ordered[lost]))
    return float(below), least_share(count - lost, count)


def sure_above(calibration: Tracks, lower: float) -> float:
    """The upper threshold: at least `lower`, and at most `CLUTTER_ABOVE` of clutter tracks score higher."""
    return max(lower, float(np.quantile(calibration.clutter, 1 - CLUTTER_ABOVE)))


def by_kind(kinds: Iterable[str], scores: Scores) -> dict[str, Scores]:
    """Scores sorted into their kinds."""
    names = np.array(list(kinds))
    return {str(kind): scores[names == kind] for kind in np.unique(names)}
