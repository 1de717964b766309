"""Which of a track's crops are worth a look.

Good crops are sure, sharp and not refilled, and lie apart in time: three crops of one moment are one piece of
evidence, and an animal shows its back for a second or two only. So the track's time is cut into as many spans as crops
are wanted and each span gives its best; spans without a crop are made up for by the best of the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wideberth_contracts.frames import CropMeta
from wideberth_contracts.screening import ScreenSettings

# Below this the network sees its own upsampling: 8 px of animal are stretched to 43.
LEAST_DETECTION_PX = 8.0

FILLED = "mostly refilled glint"
TOO_SMALL = "too few pixels"
OTHERS_BETTER = "other crops are better"


@dataclass(frozen=True, slots=True)
class Choice:
    """Indices of the crops to score, in order of time, and why each of the others is left out."""

    used: tuple[int, ...]
    reasons: dict[int, str]


def choose(crops: Sequence[CropMeta], settings: ScreenSettings) -> Choice:
    """The crops to score. Depends on the set of crops, not on their order.

    Args:
        crops: of one track.
        settings: how many, and how much of one may be refilled.
    """
    reasons: dict[int, str] = {}
    for index, crop in enumerate(crops):
        if crop.filled_fraction > settings.max_filled_fraction:
            reasons[index] = FILLED
        elif crop.detection_px < LEAST_DETECTION_PX:
            reasons[index] = TOO_SMALL
    usable = [index for index in range(len(crops)) if index not in reasons]
    # Ties go to the earlier crop, so that shuffled input gives the same choice.
    ranked = sorted(usable, key=lambda index: (-_worth(crops[index], crops), crops[index].pts))
    used = _spread(ranked, [crop.t_s for crop in crops], max(0, settings.max_crops))
    reasons |= dict.fromkeys(set(usable) - set(used), OTHERS_BETTER)
    return Choice(tuple(sorted(used, key=lambda index: crops[index].pts)), reasons)


def _worth(crop: CropMeta, crops: Sequence[CropMeta]) -> float:
    """Confidence, less what is refilled, less what is blurred beside the track's sharpest crop."""
    sharpest = max(other.sharpness for other in crops)
    # Sharpness falls with the square root of detail; where it was not measured it says nothing.
    relative = np.sqrt(crop.sharpness / sharpest) if sharpest > 0 else 1.0
    return float(crop.confidence * (1.0 - crop.filled_fraction) * (0.5 + 0.5 * relative))


def _spread(ranked: list[int], times_s: list[float], wanted: int) -> list[int]:
    """The first of `ranked` in each of `wanted` equal spans of time, then the first of the rest."""
    if wanted == 0 or len(ranked) <= wanted:
        return ranked[:wanted]
    first_s = min(times_s[index] for index in ranked)
    length_s = max(times_s[index] for index in ranked) - first_s
    taken: dict[int, int] = {}
    for index in ranked:
        span = int((times_s[index] - first_s) / length_s * wanted) if length_s > 0 else 0
        taken.setdefault(min(span, wanted - 1), index)
    chosen = list(taken.values())
    rest = [index for index in ranked if index not in chosen]
    return chosen + rest[: wanted - len(chosen)]
