"""Nearer than a law allows: for all craft, for one class of craft, or beside calves and resting animals."""

from typing import Annotated, Literal

from pydantic import Field

from wideberth_contracts.judgement import Missing
from wideberth_contracts.known import AnimalState
from wideberth_contracts.phrases import Phrase, phrase
from wideberth_gateway.rules.encounters import Meeting
from wideberth_gateway.rules.numbers import Amount
from wideberth_gateway.rules.primitives.base import EncounterRule, MeasuredTo, measured, reading
from wideberth_gateway.rules.readings import Moment, Reading, Side, Terms


class DistanceRule(EncounterRule):
    """No craft nearer than `limit_m`; `inclusive` when the limit itself is already too near."""

    limit_m: Amount
    inclusive: bool
    measured_to: MeasuredTo = MeasuredTo.NEAREST_ANIMAL

    def terms(self) -> Terms:
        """Separation against the limit."""
        limit = self.limit_m.value
        wrong, right = phrase("within", limit=limit), phrase("beyond", limit=limit)
        return Terms(phrase("noun.separation"), "m", limit, wrong, right, wrong_is_low=True)

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong when the upper bound is inside the limit, right when the lower bound is outside."""
        return tuple(self.read(moment) for moment in meeting.moments)

    def read(self, moment: Moment) -> Reading:
        """One moment."""
        separation, limit = measured(moment, self.measured_to), self.limit_m.value
        low, high = separation.interval_95_m.low, separation.interval_95_m.high
        wrong = high <= limit if self.inclusive else high < limit
        right = low > limit if self.inclusive else low >= limit
        side = Side.WRONG if wrong else Side.RIGHT if right else Side.UNSURE
        missing = Missing.ERROR_TOO_LARGE if side is Side.UNSURE else None
        return reading(moment, side, separation.value_m, low, high, missing=missing)


class MinDistance(DistanceRule):
    """No craft nearer than the limit."""

    type: Literal["min_distance"]


class VesselClassOverride(DistanceRule):
    """Another limit for craft of one class. `jet_ski` is seen in the picture; any other class a person must state."""

    type: Literal["vessel_class_override"]
    craft_class: Annotated[str, Field(min_length=1)]

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """No say about a craft that is not of the class; undecided inside the limit where nobody said."""
        lacks = phrase("lacks.class", what=_class_said(self.craft_class))
        return _gated(super().readings(meeting), meeting.craft_is(self.craft_class), lacks)


class CalfOrRestingOverride(DistanceRule):
    """Another limit beside calves or resting animals; whether there are any a person must state."""

    type: Literal["calf_or_resting_override"]
    states: Annotated[tuple[AnimalState, ...], Field(min_length=1)]

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """No say where none of the states is present; undecided inside the limit where nobody said."""
        lacks = phrase("lacks.state", what=_states_said(self.states))
        return _gated(super().readings(meeting), meeting.any_state(self.states), lacks)


CLASSES = ("jet_ski", "large_vessel", "permitted")
"""Classes of craft that have a word in every language; another is said as the pack writes it."""


def _class_said(craft_class: str) -> Phrase:
    return phrase(f"craft.{craft_class}") if craft_class in CLASSES else phrase("craft.other", name=craft_class)


def _states_said(states: tuple[AnimalState, ...]) -> Phrase:
    first, *others = (phrase(f"state.{state.value}") for state in states)
    return phrase("either", first=first, second=_states_said(states[1:])) if others else first


def _gated(readings: tuple[Reading, ...], applies: bool | None, lacks: Phrase) -> tuple[Reading, ...]:
    if applies is True:
        return readings
    if applies is False:
        return tuple(_changed(one, Side.OUTSIDE) for one in readings)
    return tuple(one if one.side is Side.RIGHT else _changed(one, Side.UNSURE, lacks) for one in readings)


def _changed(one: Reading, side: Side, lacks: Phrase | None = None) -> Reading:
    missing = Missing.A_PERSON if lacks else None
    return Reading(
        one.t_s, one.pts, one.captured_at, side, one.seen, one.value, one.low, one.high, lacks=lacks, missing=missing
    )
