"""Craft as solids: proportions by kind, and the corners that fill a detector's box."""

from dataclasses import dataclass

import numpy as np

from wideberth_contracts.detections import ObjectKind
from wideberth_distance.core.projection import Array


@dataclass(frozen=True, slots=True)
class CraftPrior:
    """Proportions of a kind of craft; logarithms are natural, each a mean and a standard deviation.

    Attributes:
        log_length_m: weak, keeps a bad box from making a ship of a buoy.
        log_beam_share: beam over length.
        log_height_share: top of the superstructure above the water, over beam.
        freeboard_share: of that height.
        cabin_length_share, cabin_beam_share: of length and beam, at the top.
    """

    log_length_m: tuple[float, float]
    log_beam_share: tuple[float, float]
    log_height_share: tuple[float, float]
    freeboard_share: float
    cabin_length_share: float
    cabin_beam_share: float


PRIORS = {
    # Tour, fishing, motor, sailing and inflatable boats of 5 to 20 m; the top is a cabin's roof or a standing head.
    ObjectKind.VESSEL: CraftPrior((np.log(10.0), 0.8), (np.log(0.32), 0.18), (np.log(0.95), 0.3), 0.35, 0.45, 0.7),
    # 2.7 to 3.4 m by 1.1 to 1.25 m, with a rider whose head is 1.6 m above the water.
    ObjectKind.JET_SKI: CraftPrior((np.log(3.0), 0.2), (np.log(0.39), 0.1), (np.log(1.4), 0.2), 0.3, 0.3, 0.5),
}
OUTLINE = np.array(
    [[0.5, 0.22], [0.22, 0.47], [-0.22, 0.47], [-0.5, 0.22], [-0.5, -0.22], [-0.22, -0.47], [0.22, -0.47], [0.5, -0.22]]
)
"""The waterline in units of length and beam: the mean of a pointed bow and a square stern at either end, since a box
does not tell which is which."""
KEEL = np.array([[0.5, 0.0], [-0.5, 0.0]])
"""Ends of the keel in the same units."""
DECK_LENGTH, DECK_BEAM = 1.06, 1.10
"""Hulls flare: the deck over the waterline, in length and beam."""


def solid(prior: CraftPrior) -> Array:
    """The craft's corners, shape (4, 22): ones, places along and across in units of length and beam, and heights in
    units of its height. The last two are the ends of the keel line."""
    cabin_half = np.array([prior.cabin_length_share, prior.cabin_beam_share]) / 2
    cabin = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]]) * cabin_half
    deck = OUTLINE * [DECK_LENGTH, DECK_BEAM]
    rise = np.repeat([0.0, prior.freeboard_share, 1.0, 0.0], [len(OUTLINE), len(deck), len(cabin), len(KEEL)])
    return np.stack([np.ones(len(rise)), *np.concatenate([OUTLINE, deck, cabin, KEEL]).T, rise])


SOLIDS = {kind: solid(prior) for kind, prior in PRIORS.items()}
"""Corners by kind."""
