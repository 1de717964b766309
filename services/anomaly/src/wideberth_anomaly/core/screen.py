"""The verdict on one track."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wideberth_anomaly.core.choice import choose
from wideberth_anomaly.core.network import Network
from wideberth_anomaly.core.scoring import network_input, score_of
from wideberth_anomaly.core.sea import taken_from
from wideberth_contracts.frames import CropMeta
from wideberth_contracts.screening import CropScore, Screening, ScreenSettings, ScreenVerdict, SeaMemory

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Model:
    """A clutter model ready to run.

    Attributes:
        network: what scores crops.
        threshold: scores below look like clutter; a low quantile of animals' scores, never of clutter's.
        sure_above: from here on a track is an animal; what lies between is unknown.
        id: its name.
    """

    network: Network
    threshold: float
    sure_above: float
    id: str


def screen(
    track_id: str,
    crops: Sequence[tuple[CropMeta, Picture]],
    model: Model,
    settings: ScreenSettings,
    sea: SeaMemory | None = None,
) -> Screening:
    """Animal, clutter or unknown, by the crop least like clutter; without a usable crop, unknown.

    Every crop goes through the network alone, so the answer does not depend on how many there are.

    Args:
        track_id: handed through.
        crops: each with its pixels, (height, width, 3) BGR.
        model: the clutter model.
        settings: how many crops, and which.
        sea: what the flight's empty sea looks like, if that is to count.
    """
    choice = choose([meta for meta, _ in crops], settings)
    scores = {index: _score(*crops[index], model, sea) for index in choice.used}
    best = max(scores.values(), default=None)
    listed = (
        CropScore(pts=meta.pts, score=scores[index])
        if index in scores
        else CropScore(pts=meta.pts, used=False, reason=choice.reasons[index])
        for index, (meta, _) in enumerate(crops)
    )
    return Screening(
        track_id=track_id,
        verdict=_verdict(best, model),
        score=best,
        threshold=model.threshold,
        sure_above=model.sure_above,
        crops=tuple(listed),
        model_id=model.id,
    )


def remember(crops: Sequence[Picture], model: Model) -> SeaMemory:
    """Where crops of empty sea lie among others."""
    answers = (model.network.look(network_input(pixels, model.network.side_px)) for pixels in crops)
    places = (tuple(float(value) for value in said.place) for said in answers if said.place is not None)
    return SeaMemory(model_id=model.id, places=tuple(places))


def _score(meta: CropMeta, pixels: Picture, model: Model, sea: SeaMemory | None) -> float:
    said = model.network.look(network_input(pixels, model.network.side_px))
    looks = score_of(said.anomaly_map, meta.detection_px / max(meta.width_px, meta.height_px))
    return looks - taken_from(said.place, sea, model.id)


def _verdict(best: float | None, model: Model) -> ScreenVerdict:
    if best is None:
        return ScreenVerdict.UNKNOWN
    if best < model.threshold:
        return ScreenVerdict.CLUTTER
    return ScreenVerdict.ANIMAL if best >= model.sure_above else ScreenVerdict.UNKNOWN
