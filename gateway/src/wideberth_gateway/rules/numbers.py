"""Numbers of a law, each with where it comes from."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from wideberth_contracts.judgement import EvidenceLevel
from wideberth_contracts.wire import NonNegative, Wire

METRES_PER_SECOND_PER_KNOT = 1852.0 / 3600.0
"""One international nautical mile (1,852 m, exact) an hour."""


class ChoiceLevel(StrEnum):
    """Where a number comes from that no law gives: C calculated or measured, by the project."""

    C = "C"


class Number(Wire):
    """A number of the law, in the unit that the field's name states."""

    value: NonNegative
    evidence: EvidenceLevel
    source: Annotated[str, Field(min_length=3)]


class Choice(Wire):
    """A number the project chose so that a law can be judged from above; it is part of no text."""

    value: NonNegative
    evidence: ChoiceLevel = ChoiceLevel.C
    source: Annotated[str, Field(min_length=3)]


class Band(Wire):
    """A ring around the animals, from `inner_m` (outside it) to `outer_m` (included)."""

    inner_m: Number
    outer_m: Number


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
