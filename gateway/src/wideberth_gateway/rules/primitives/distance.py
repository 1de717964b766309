"""Nearer than a law allows: for all craft, for one class of craft, or beside calves and resting animals."""

from typing import Annotated, Literal

from pydantic import Field

from wideberth_contracts.judgement import Missing
from wideberth_contracts.known import AnimalState
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
        limit = f"{self.limit_m.value:g} m"
        return Terms("separation", "m", self.limit_m.value, f"within {limit}", f"beyond {limit}", wrong_is_low=True)

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
        lacks = f"whether the craft is {self.craft_class} needs a person"
        return _gated(super().readings(meeting), meeting.craft_is(self.craft_class), lacks)


class CalfOrRestingOverride(DistanceRule):
    """Another limit beside calves or resting animals; whether there are any a person must state."""

    type: Literal["calf_or_resting_override"]
    states: Annotated[tuple[AnimalState, ...], Field(min_length=1)]

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """No say where none of the states is present; undecided inside the limit where nobody said."""
        words = " or ".join(state.value for state in self.states)
        present = meeting.any_state(self.states)
        return _gated(super().readings(meeting), present, f"whether there is a {words} animal needs a person")


def _gated(readings: tuple[Reading, ...], applies: bool | None, lacks: str) -> tuple[Reading, ...]:
    if applies is True:
        return readings
    if applies is False:
        return tuple(_changed(one, Side.OUTSIDE) for one in readings)
    return tuple(one if one.side is Side.RIGHT else _changed(one, Side.UNSURE, lacks) for one in readings)


def _changed(one: Reading, side: Side, lacks: str = "") -> Reading:
    missing = Missing.A_PERSON if lacks else None
    return Reading(
        one.t_s, one.pts, one.captured_at, side, one.seen, one.value, one.low, one.high, lacks=lacks, missing=missing
    )
