"""The verdict on one track."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wideberth_anomaly.core.choice import choose
from wideberth_anomaly.core.network import Network
from wideberth_anomaly.core.scoring import network_input, score_of
from wideberth_contracts.frames import CropMeta
from wideberth_contracts.screening import CropScore, Screening, ScreenSettings, ScreenVerdict


def screen(
    track_id: str,
    crops: Sequence[tuple[CropMeta, NDArray[np.uint8]]],
    network: Network,
    threshold: float,
    settings: ScreenSettings,
    model_id: str,
) -> Screening:
    """Animal, clutter or unknown. One crop far from clutter makes the track an animal; no usable crop, unknown.

    Every crop goes through the network alone, so the answer does not depend on how many there are.

    Args:
        track_id: handed through.
        crops: each with its pixels, (height, width, 3) BGR.
        network: the clutter model.
        threshold: scores below look like clutter; a low quantile of animals' scores, never of clutter's.
        settings: how many crops, and which.
        model_id: handed through.
    """
    choice = choose([meta for meta, _ in crops], settings)
    scores: dict[int, float] = {}
    for index in choice.used:
        meta, pixels = crops[index]
        image = network_input(pixels, network.side_px)
        scores[index] = score_of(network.map_of(image), meta.detection_px / max(meta.width_px, meta.height_px))
    best = max(scores.values(), default=None)
    if best is None:
        verdict = ScreenVerdict.UNKNOWN
    else:
        verdict = ScreenVerdict.CLUTTER if best < threshold else ScreenVerdict.ANIMAL
    listed = (
        CropScore(pts=meta.pts, score=scores[index])
        if index in scores
        else CropScore(pts=meta.pts, used=False, reason=choice.reasons[index])
        for index, (meta, _) in enumerate(crops)
    )
    return Screening(
        track_id=track_id,
        verdict=verdict,
        score=best,
        threshold=threshold,
        crops=tuple(listed),
        model_id=model_id,
    )
