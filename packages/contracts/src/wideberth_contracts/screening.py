"""Screening: is a track an animal or clutter?"""

from enum import StrEnum

from wideberth_contracts.wire import Fraction, Wire


class ScreenVerdict(StrEnum):
    """What a track looks like.

    `clutter` only if every usable crop does; `animal` beyond doubt; `unknown` between both, or where no crop could be
    used. An unknown track stays and is marked: a person decides.
    """

    ANIMAL = "animal"
    CLUTTER = "clutter"
    UNKNOWN = "unknown"


class CropScore(Wire):
    """How far one crop is from clutter; higher is less like clutter. A crop not used has a reason and no score."""

    pts: int
    score: float | None = None
    used: bool = True
    reason: str | None = None


class ScreenSettings(Wire):
    """How tracks are screened.

    Attributes:
        max_crops: best crops a track, at most.
        max_filled_fraction: crops filled beyond are not used.
        sea_memory: whether places of the flight's first minute where nothing was detected count as clutter.
    """

    max_crops: int = 3
    max_filled_fraction: Fraction = 0.5
    sea_memory: bool = False


class SeaMemory(Wire):
    """What a flight's empty sea looks like to one model; handed in with every track of the flight.

    Attributes:
        model_id: of the model that made it; another cannot read it.
        places: where each crop lies among others, in the model's own units.
    """

    model_id: str
    places: tuple[tuple[float, ...], ...] = ()


class Screening(Wire):
    """The verdict on one track.

    Attributes:
        score: of the crop least like clutter; None where no crop could be used.
        threshold: below it a track is clutter.
        sure_above: from it on a track is an animal; between both it is unknown.
    """

    track_id: str
    verdict: ScreenVerdict
    score: float | None
    threshold: float
    sure_above: float
    crops: tuple[CropScore, ...]
    model_id: str
