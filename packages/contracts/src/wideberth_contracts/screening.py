"""Screening: is a track an animal or clutter?"""

from enum import StrEnum

from wideberth_contracts.wire import Fraction, Wire


class ScreenVerdict(StrEnum):
    """`clutter` only if every usable crop looks like clutter; `unknown` where no crop could be used."""

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
    """At most `max_crops` best crops a track; crops filled beyond `max_filled_fraction` are not used."""

    max_crops: int = 3
    max_filled_fraction: Fraction = 0.5


class Screening(Wire):
    """The verdict on one track."""

    track_id: str
    verdict: ScreenVerdict
    score: float | None
    threshold: float
    crops: tuple[CropScore, ...]
    model_id: str
