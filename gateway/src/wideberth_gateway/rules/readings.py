"""What a rule reads off single moments, before any verdict."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wideberth_contracts.judgement import DroneMoment
from wideberth_contracts.separations import SeparationSample


class Side(StrEnum):
    """On which side of the law the whole 95 % interval of one moment lies.

    `unsure`: it lies on neither side, or something is missing. `edge`: it may or may not be in the rule's band.
    `outside`: the rule has no say at this moment.
    """

    WRONG = "wrong"
    RIGHT = "right"
    UNSURE = "unsure"
    EDGE = "edge"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Moment:
    """One craft at one frame against its nearest animal, and the company it keeps there.

    Attributes:
        surely_within_m: upper bounds of the separation of every craft near the group that is seen with its animal.
        possibly_within_m: lower bounds, of separation or pod distance, of every craft in the frame.
    """

    sample: SeparationSample
    surely_within_m: tuple[float, ...] = ()
    possibly_within_m: tuple[float, ...] = ()

    @property
    def seen(self) -> bool:
        """True when the frame itself shows both the craft and the animal. Only such frames decide."""
        return self.sample.craft_observed and self.sample.animal_age_s == 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One moment as a rule sees it.

    Attributes:
        seen: the frame shows what is judged; others can bridge a gap and nothing else.
        value, low, high: the number compared and its 95 % interval, in the rule's unit; None where it is missing.
        lacks: what is missing, where `side` is `unsure` for that reason.
    """

    t_s: float
    pts: int | None
    captured_at: datetime | None
    side: Side
    seen: bool
    value: float | None = None
    low: float | None = None
    high: float | None = None
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a rule speaks: the thing measured, the bound, and both sides of it in words.

    `wrong_is_low`: a number too small breaks the rule (distance, height), not one too large (speed, count).
    """

    noun: str
    unit: str
    threshold: float
    wrong: str
    right: str
    wrong_is_low: bool
    decimals: int = 1


@dataclass(frozen=True, slots=True)
class OwnFlight:
    """Heights of the watching drone while animals were in the picture, in order of time."""

    moments: tuple[DroneMoment, ...]
    starts_at: datetime | None
