"""The flight's own sea: what looks like places known to be empty is less likely an animal.

Water the training never saw is an anomaly to any model. Places of the flight's first minute where nothing was detected
tell how this water looks: a crop that lies among them loses up to `MOST_TAKEN` of its score. How near is near is told
by how far the empty places lie from each other.
"""

import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.screening import SeaMemory

# Of a score, which is in log-odds.
MOST_TAKEN = 2.0
# A memory of fewer places says nothing of how they vary.
LEAST_PLACES = 8


def taken_from(place: NDArray[np.float32] | None, sea: SeaMemory | None, model_id: str) -> float:
    """What a crop's score loses for lying among the empty sea: 0 to `MOST_TAKEN`.

    Args:
        place: of the crop; None from a model that cannot tell.
        sea: the memory; one of another model is not read.
        model_id: of the model that made `place`.
    """
    if place is None or sea is None or sea.model_id != model_id or len(sea.places) < LEAST_PLACES:
        return 0.0
    bank = np.array(sea.places, np.float64)
    apart = np.linalg.norm(bank[:, None] - bank[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    usual = float(np.median(apart.min(axis=1)))
    nearest = float(np.linalg.norm(bank - place, axis=1).min())
    # As near as they are to each other takes all, twice as far nothing.
    return MOST_TAKEN * float(np.clip(2.0 - nearest / max(usual, 1e-9), 0.0, 1.0))
