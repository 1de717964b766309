"""Numbers of a law, each with where it comes from."""

import re
from collections.abc import Iterator
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, Discriminator, Field, Tag, model_validator

from wideberth_contracts.judgement import EvidenceLevel
from wideberth_contracts.phrases import Phrase, phrase
from wideberth_contracts.wire import NonNegative, Wire

METRES_PER_SECOND_PER_KNOT = 1852.0 / 3600.0
"""One international nautical mile (1,852 m, exact) an hour."""

UNITS = MappingProxyType(
    {
        "m": 1.0,
        "km": 1000.0,
        "yd": 0.9144,
        "ft": 0.3048,
        "nmi": 1852.0,
        "kn": 1.0,
        "km/h": 1.0 / 1.852,
        "min": 1.0,
        "h": 60.0,
        "deg": 1.0,
    }
)
"""What one of a law's unit is in the unit of the field: m, kn, min or deg. International yard and foot (exact)."""

STATED = re.compile(r"^([0-9]+(?:\.[0-9]+)?) ([a-z/]+)$")
STATED_WITHIN = 1e-3
"""Largest share by which a value may differ from what the law states in its own unit: room for rounding only."""


class ChoiceLevel(StrEnum):
    """Where a number comes from that no law gives: C calculated or measured, by the project."""

    C = "C"


class Number(Wire):
    """A number of the law, in the unit that the field's name states.

    Attributes:
        stated: as the law writes it where it uses another unit, such as `50 yd`; must be the same.
    """

    value: NonNegative
    evidence: EvidenceLevel
    source: Annotated[str, Field(min_length=3)]
    stated: str | None = None

    @model_validator(mode="after")
    def _is_what_is_stated(self) -> "Number":
        if self.stated is None:
            return self
        found = STATED.match(self.stated)
        if found is None or found[2] not in UNITS:
            raise ValueError(f"stated is a number and one of {', '.join(UNITS)}; got {self.stated!r}")
        meant = float(found[1]) * UNITS[found[2]]
        if abs(meant - self.value) > STATED_WITHIN * meant:
            raise ValueError(f"{self.stated} is {meant:.6g}, not {self.value:g}")
        return self


class Choice(Wire):
    """A number the project chose so that a law can be judged from above; it is part of no text."""

    value: NonNegative
    evidence: ChoiceLevel = ChoiceLevel.C
    source: Annotated[str, Field(min_length=3)]


def _kind(value: object) -> str:
    """A number without a level is one of the law that lacks it, unless its source says that it was chosen."""
    if isinstance(value, (Number, Choice)):
        return "choice" if isinstance(value, Choice) else "number"
    if not isinstance(value, dict):
        return "number"
    chosen = "evidence" not in value and str(value.get("source", "")).startswith("chosen")
    return "choice" if chosen or value.get("evidence") == ChoiceLevel.C.value else "number"


Amount = Annotated[Annotated[Number, Tag("number")] | Annotated[Choice, Tag("choice")], Discriminator(_kind)]
"""A number of the law where it gives one, else one that was chosen, and says so."""


class Band(Wire):
    """A ring around the animals, from `inner_m` (outside it) to `outer_m` (included); without `inner_m` a disc."""

    inner_m: Number | None = None
    outer_m: Amount

    @model_validator(mode="after")
    def _has_width(self) -> "Band":
        if self.inner_m is not None and self.inner_m.value >= self.outer_m.value:
            raise ValueError("inner_m is not smaller than outer_m")
        return self

    def said(self) -> Phrase:
        """Where it is."""
        if self.inner_m is None:
            return phrase("where.disc", outer_m=self.outer_m.value)
        return phrase("where.ring", inner_m=self.inner_m.value, outer_m=self.outer_m.value)


class Decision(Wire):
    """When a broken condition counts as a violation.

    Attributes:
        min_duration_s: the whole interval is on the wrong side for at least this long without a break.
        max_gap_s: longest time between two samples that still counts as without a break.
        min_frames: independent frames in that time that show the craft and a seen animal.
    """

    min_duration_s: NonNegative = 1.0
    max_gap_s: NonNegative = 1.0
    min_frames: Annotated[int, Field(ge=1)] = 3


def numbers_in(value: object) -> Iterator[Number]:
    """The numbers of a law in a value and its parts, in order of its fields."""
    if isinstance(value, Number):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from numbers_in(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from numbers_in(item)
