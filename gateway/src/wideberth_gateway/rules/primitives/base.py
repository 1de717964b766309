"""What every rule carries, and how a moment's distance lies to a ring.

A rule is a validated value that turns the moments of a meeting into readings; its fields are the numbers of one
sentence of a law. It never holds a verdict: `deciding` makes one.
"""

from abc import abstractmethod
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from wideberth_contracts.judgement import EvidenceLevel, Missing, RuleText
from wideberth_contracts.known import Species
from wideberth_contracts.phrases import Phrase, phrase
from wideberth_contracts.positions import Separation
from wideberth_contracts.wire import Wire
from wideberth_gateway.rules.areas import Area
from wideberth_gateway.rules.encounters import Meeting
from wideberth_gateway.rules.numbers import METRES_PER_SECOND_PER_KNOT, Band, Decision, Number, numbers_in
from wideberth_gateway.rules.readings import Moment, Reading, Side, Terms

ROUNDING = 1e-9
"""Slack for the rounding of unit conversions, so that exactly 5 kn stays 5 kn. Has no effect on any real interval."""


class MeasuredTo(StrEnum):
    """What a distance is measured to. A pod has an edge from three animals on; of fewer it is the nearest animal."""

    NEAREST_ANIMAL = "nearest_animal"
    POD = "pod"


class Penalty(Wire):
    """What breaking the law may cost, in words. Amounts are never calculated with."""

    says: Annotated[str, Field(min_length=3)]
    evidence: EvidenceLevel
    source: Annotated[str, Field(min_length=3)]


class RuleBase(Wire):
    """What every rule carries.

    Attributes:
        species: the rule is about these; none means all of the pack's.
        enabled: judged at all; a rule that rests on memory only is never enabled.
        holds_in: the rule holds only there, where the pack's area is wider; off while it has no outline.
        advisory: a warning; a violation on one reading of the law only, or a guideline and no law.
        decision: overrides the pack's.
        penalty: overrides the pack's.
        note: for the people who read the pack.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z]{2}-[0-9A-Za-z]+$")]
    text: RuleText
    species: tuple[Species, ...] = ()
    enabled: bool = True
    holds_in: Area | None = None
    advisory: bool = False
    decision: Decision | None = None
    penalty: Penalty | None = None
    note: str = ""

    @model_validator(mode="after")
    def _memory_stays_off(self) -> "RuleBase":
        levels = {self.text.evidence_level, *(number.evidence for number in self.numbers())}
        if self.enabled and EvidenceLevel.M in levels:
            raise ValueError("a rule with a number from memory (evidence M) cannot be enabled")
        return self

    @model_validator(mode="after")
    def _off_without_an_outline(self) -> "RuleBase":
        if self.enabled and self.holds_in is not None and not self.holds_in.outline:
            raise ValueError(f"a rule of a part cannot be enabled without its outline ({self.holds_in.absent})")
        return self

    def numbers(self) -> tuple[Number, ...]:
        """The numbers of the law in this rule."""
        return tuple(numbers_in(self))

    def decision_from(self, usual: Decision) -> Decision:
        """When it counts: the rule's own numbers, or the pack's usual ones."""
        return self.decision or usual

    def about(self, species: Species) -> bool:
        """Whether the rule is about that species."""
        return not self.species or bool(species.kinds & set(self.species))


class EncounterRule(RuleBase):
    """A rule about one craft near animals."""

    @abstractmethod
    def terms(self) -> Terms:
        """How this rule speaks."""

    def terms_in(self, meeting: Meeting) -> Terms:
        """The same in one encounter, where what persons said sets another limit."""
        return self.terms()

    @abstractmethod
    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """The moments of a meeting read by this rule, one each, in order of time."""


def measured(moment: Moment, to: MeasuredTo) -> Separation:
    """The distance that the rule means."""
    sample = moment.sample
    return sample.pod if to is MeasuredTo.POD and sample.pod is not None else sample.separation


def in_band(moment: Moment, band: Band, to: MeasuredTo = MeasuredTo.NEAREST_ANIMAL) -> bool | None:
    """True when the whole interval of the distance is in the band, False when none of it is, None when some is."""
    inner_m = -1.0 if band.inner_m is None else band.inner_m.value
    interval = measured(moment, to).interval_95_m
    if interval.low > inner_m and interval.high <= band.outer_m.value:
        return True
    if interval.high <= inner_m or interval.low > band.outer_m.value:
        return False
    return None


def within(moment: Moment, radius_m: float, to: MeasuredTo = MeasuredTo.NEAREST_ANIMAL) -> bool | None:
    """The same for a disc."""
    interval = measured(moment, to).interval_95_m
    if interval.high <= radius_m:
        return True
    return False if interval.low > radius_m else None


def reading(
    moment: Moment,
    side: Side,
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
    *,
    lacks: Phrase | None = None,
    missing: Missing | None = None,
    note: Phrase | None = None,
) -> Reading:
    """A reading of this moment."""
    at = moment.sample
    return Reading(at.t_s, at.pts, at.captured_at, side, moment.seen, value, low, high, lacks, missing, note)


def lacking(moment: Moment, inside: bool | None, lacks: Phrase, missing: Missing) -> Reading:
    """A reading that something kept from being made: `unsure` surely in the band, `edge` perhaps in it."""
    return reading(moment, Side.UNSURE if inside else Side.EDGE, lacks=lacks, missing=missing)


def speed_kn(moment: Moment) -> tuple[float, float, float] | None:
    """Low, value and high of the craft's speed over ground; None where it was not followed long enough."""
    speed = moment.sample.speed
    if speed is None:
        return None
    low, high = speed.interval_95_mps.low, speed.interval_95_mps.high
    per_knot = METRES_PER_SECOND_PER_KNOT
    return low / per_knot, speed.value_mps / per_knot, high / per_knot


NO_SPEED = phrase("lacks.speed")
