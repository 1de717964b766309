"""What a rule reads off single moments, before any verdict."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wideberth_contracts.judgement import DroneMoment, Missing
from wideberth_contracts.phrases import Phrase, phrase
from wideberth_contracts.separations import SeparationSample
from wideberth_gateway.rules.places import Place


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
class Beside:
    """A craft in the frame, this one among them.

    Attributes:
        surely_within_m: upper bound of its separation, where it is seen with an animal of this group.
        held_within_m: the same, grown, where it or the animal is carried on unseen as well.
        possibly_within_m: lower bound, of separation or pod distance, to any animal.
    """

    craft: str
    surely_within_m: float | None
    possibly_within_m: float
    place: Place | None = None
    held_within_m: float | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One craft at one frame against its nearest animal, and the company it keeps there.

    Attributes:
        company: every craft of the frame, each once, this one among them.
        place: of the craft; None where its position is not known.
        is_animal: False where the nearest was seen so seldom that it may be none.
    """

    sample: SeparationSample
    company: tuple[Beside, ...] = ()
    place: Place | None = None
    is_animal: bool = True

    @property
    def seen(self) -> bool:
        """True when the frame itself shows both the craft and the animal. Only such frames decide."""
        return self.is_animal and self.sample.craft_observed and self.sample.animal_age_s == 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One moment as a rule sees it.

    Attributes:
        seen: the frame shows what is judged; others can bridge a gap and nothing else.
        value, low, high: the number compared and its 95 % interval, in the rule's unit; None where it is missing.
        lacks: what is missing, where `side` is `unsure` for that reason; missing: the same in one word.
        note: what else the moment shows, such as a wake.
    """

    t_s: float
    pts: int | None
    captured_at: datetime | None
    side: Side
    seen: bool
    value: float | None = None
    low: float | None = None
    high: float | None = None
    lacks: Phrase | None = None
    missing: Missing | None = None
    note: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """How a rule speaks: the thing measured, the bound, and both sides of it as phrases.

    `wrong_is_low`: a number too small breaks the rule (distance, height), not one too large (speed, count).
    """

    noun: Phrase
    unit: str
    threshold: float
    wrong: Phrase
    right: Phrase
    wrong_is_low: bool
    decimals: int = 1

    @property
    def unit_said(self) -> Phrase:
        """The unit as persons read it."""
        return phrase(f"unit.{self.unit}")


@dataclass(frozen=True, slots=True)
class AirMoment:
    """The watching drone at one time.

    Attributes:
        nearest_m: horizontal distance to the nearest animal seen at that time, low, value, high; None where none was.
        held_m: the same to one seen shortly before, grown since; None where there was none.
    """

    moment: DroneMoment
    nearest_m: tuple[float, float, float] | None = None
    held_m: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class OwnFlight:
    """The watching drone while animals were in the picture, in order of time."""

    moments: tuple[AirMoment, ...]
    starts_at: datetime | None
