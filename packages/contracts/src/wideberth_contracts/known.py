"""What a person knows about an encounter that no picture shows. Every statement says who made it.

A statement never makes a violation by itself: it says which rules have a say, or which exception is claimed.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from wideberth_contracts.phrases import Phrase
from wideberth_contracts.wire import NonNegative, Wire

DRONE = "drone"
"""Stands for the watching drone where a statement names a craft."""

Words = Annotated[str, Field(min_length=1)]


class Species(StrEnum):
    """Animals that laws tell apart. `dolphin` is any small cetacean; `whale` any large one."""

    DOLPHIN = "dolphin"
    SPINNER_DOLPHIN = "spinner_dolphin"
    KILLER_WHALE = "killer_whale"
    SOUTHERN_RESIDENT_KILLER_WHALE = "southern_resident_killer_whale"
    WHALE = "whale"
    HUMPBACK_WHALE = "humpback_whale"
    RIGHT_WHALE = "right_whale"

    @property
    def kinds(self) -> frozenset["Species"]:
        """This species and what it is one of: a rule for any of them is a rule for it."""
        return frozenset({self} | ({_WIDER[self]} if self in _WIDER else set()))


_WIDER = {
    Species.SPINNER_DOLPHIN: Species.DOLPHIN,
    Species.SOUTHERN_RESIDENT_KILLER_WHALE: Species.KILLER_WHALE,
    Species.HUMPBACK_WHALE: Species.WHALE,
    Species.RIGHT_WHALE: Species.WHALE,
}


class AnimalState(StrEnum):
    """States of animals that a law protects more, and that need an expert's eye."""

    CALF = "calf"
    RESTING = "resting"


class StateSeen(Wire):
    """A calf is, or is not, in the group; the group is, or is not, resting. `group` None: in all groups."""

    state: AnimalState
    present: bool
    group: str | None = None
    by: Words


class CraftClassed(Wire):
    """The class of a craft in a law's words, such as `large_vessel` or `permitted`; or that it is not of it."""

    craft_track: str
    craft_class: Words
    is_one: bool = True
    by: Words


class WakeSeen(Wire):
    """A stern wake was seen, or was seen to be absent, in that span."""

    craft_track: str
    start_s: float
    end_s: float
    present: bool = True
    by: Words

    @model_validator(mode="after")
    def _in_order(self) -> "WakeSeen":
        if self.end_s < self.start_s:
            raise ValueError("end_s lies before start_s")
        return self


class ExceptionKind(StrEnum):
    """Why a law may let something pass."""

    ANIMAL_APPROACHED = "animal_approached"
    RESEARCH_PERMIT = "research_permit"
    SAFETY = "safety"


class ExceptionClaim(Wire):
    """An exception that somebody claims for a craft (`drone` for the watching drone).

    Attributes:
        says: in words, with the permit's number where there is one.
        rules: ids; none means every rule that the law lets it touch.
        group, start_s, end_s: narrow it down; None does not.
    """

    kind: ExceptionKind
    craft_track: str
    says: Words
    by: Words
    rules: tuple[str, ...] = ()
    group: str | None = None
    start_s: NonNegative | None = None
    end_s: NonNegative | None = None


class ExceptionRecord(Wire):
    """A claim beside the finding it was made about.

    Attributes:
        admitted: the rule pack names such an exception for this rule; only then it turns a verdict.
        why: where the law says so, or that no text seen does, in English; said: the same as data.
    """

    claim: ExceptionClaim
    admitted: bool
    why: str
    said: Phrase | None = None


class Known(Wire):
    """All statements of persons about one analysis.

    Attributes:
        species: of the animals; None: not told, then that of the pack is taken and the answer says so.
        others_wait: other boats queue to watch; None where nobody said.
    """

    species: Species | None = None
    states: tuple[StateSeen, ...] = ()
    craft_classes: tuple[CraftClassed, ...] = ()
    wakes: tuple[WakeSeen, ...] = ()
    others_wait: bool | None = None
    exceptions: tuple[ExceptionClaim, ...] = ()
