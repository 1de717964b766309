"""Faster than a law allows, and under way where the propeller must stand still.

Speed is over ground. A propeller cannot be seen from above: what is said is "under way", and "with wake" where a
person saw one, never "engine on".
"""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from pydantic import model_validator

from wideberth_contracts.judgement import Missing
from wideberth_contracts.phrases import phrase
from wideberth_gateway.rules.encounters import Meeting
from wideberth_gateway.rules.numbers import METRES_PER_SECOND_PER_KNOT, Band, Choice, Decision, Number
from wideberth_gateway.rules.primitives.base import (
    NO_SPEED,
    ROUNDING,
    EncounterRule,
    MeasuredTo,
    in_band,
    lacking,
    reading,
    speed_kn,
)
from wideberth_gateway.rules.readings import Moment, Reading, Side, Terms

SURELY = 0.975
"""Probability at which a state of the craft counts as sure: one tail of a 95 % interval."""


def read_speed(
    moment: Moment, inside: bool | None, is_right: Callable[[float], bool], is_wrong: Callable[[float], bool]
) -> Reading:
    """The craft's speed in a band: right when the upper bound is, wrong when the lower bound is.

    Where the band itself is in doubt the side is `right` or `edge`, never `wrong`: an edge does not decide.
    """
    if inside is False:
        return reading(moment, Side.OUTSIDE)
    speed = speed_kn(moment)
    if speed is None:
        return lacking(moment, inside, NO_SPEED, Missing.NO_SPEED)
    low, value, high = speed
    missing = None
    if is_right(high):
        side = Side.RIGHT
    elif inside is None:
        side, missing = Side.EDGE, Missing.EDGE_OF_BAND
    else:
        side = Side.WRONG if is_wrong(low) else Side.UNSURE
        missing = Missing.ERROR_TOO_LARGE if side is Side.UNSURE else None
    return reading(moment, side, value, low, high, missing=missing)


class SpeedMaxInBand(EncounterRule):
    """At most `max_kn` over ground within a band; `limit_allowed` says whether `max_kn` itself is allowed."""

    type: Literal["speed_max_in_band"]
    band: Band
    max_kn: Number
    limit_allowed: bool = True
    measured_to: MeasuredTo = MeasuredTo.NEAREST_ANIMAL

    def terms(self) -> Terms:
        """Speed against the limit."""
        limit, where = self.max_kn.value, self.band.said()
        above, below = ("speed.above", "speed.at_most") if self.limit_allowed else ("speed.not_below", "speed.below")
        wrong, right = phrase(above, limit=limit, where=where), phrase(below, limit=limit, where=where)
        return Terms(phrase("noun.speed"), "kn", limit, wrong, right, False)

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong when surely in the band and surely faster."""
        limit = self.max_kn.value
        if self.limit_allowed:
            right, wrong = (lambda high: high <= limit + ROUNDING), (lambda low: low > limit + ROUNDING)
        else:
            right, wrong = (lambda high: high < limit - ROUNDING), (lambda low: low >= limit - ROUNDING)
        return tuple(
            read_speed(one, in_band(one, self.band, self.measured_to), right, wrong) for one in meeting.moments
        )


class RelativeSpeedMax(EncounterRule):
    """No faster than the slowest animal and `plus_kn` within a band.

    The slowest animal followed is at least as fast as the slowest there is, so a craft surely faster than that is
    surely faster than the law allows.
    """

    type: Literal["relative_speed_max"]
    band: Band
    plus_kn: Number

    def terms(self) -> Terms:
        """Difference of the speeds against the limit."""
        limit, where = self.plus_kn.value, self.band.said()
        wrong, right = phrase("speed.more", limit=limit, where=where), phrase("speed.at_most", limit=limit, where=where)
        return Terms(phrase("noun.faster"), "kn", limit, wrong, right, wrong_is_low=False)

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong when surely in the band and the difference is surely larger."""
        return tuple(self._read(one, meeting) for one in meeting.moments)

    def _read(self, moment: Moment, meeting: Meeting) -> Reading:
        inside = in_band(moment, self.band)
        if inside is False:
            return reading(moment, Side.OUTSIDE)
        speed, pod = speed_kn(moment), meeting.pod_at(moment)
        if speed is None:
            return lacking(moment, inside, NO_SPEED, Missing.NO_SPEED)
        if pod is None or pod.slowest_mps is None:
            return lacking(moment, inside, phrase("lacks.animal_speed"), Missing.NO_SPEED)
        slow = [mps / METRES_PER_SECOND_PER_KNOT for mps in pod.slowest_mps]
        low, value, high = speed[0] - slow[2], speed[1] - slow[1], speed[2] - slow[0]
        limit = self.plus_kn.value
        if high <= limit + ROUNDING:
            return reading(moment, Side.RIGHT, value, low, high)
        if inside is None:
            return reading(moment, Side.EDGE, value, low, high, missing=Missing.EDGE_OF_BAND)
        if low > limit + ROUNDING:
            return reading(moment, Side.WRONG, value, low, high)
        return reading(moment, Side.UNSURE, value, low, high, missing=Missing.ERROR_TOO_LARGE)


class StopRule(EncounterRule):
    """Not under way within a ring, judged from speed against drift, and from wake.

    Attributes:
        drift_max_kn: a craft not faster than this moves as wind and current alone can move it.
        under_way_above_kn: faster than this is under way, whatever wind and current do.
    """

    drift_max_kn: Choice
    under_way_above_kn: Choice

    @model_validator(mode="after")
    def _drift_below_way(self) -> "StopRule":
        if self.drift_max_kn.value > self.under_way_above_kn.value:
            raise ValueError("drift_max_kn lies above under_way_above_kn")
        return self

    @abstractmethod
    def ring(self) -> Band:
        """Where it must not be under way."""

    def terms(self) -> Terms:
        """Speed against what drift can do."""
        where, threshold = self.ring().said(), self.under_way_above_kn.value
        wrong, right = phrase("way.is", where=where), phrase("way.not", where=where)
        return Terms(phrase("noun.speed"), "kn", threshold, wrong, right, False)

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong when surely in the ring and surely under way."""
        return tuple(self._read(one, meeting.wake_at(one.sample.t_s)) for one in meeting.moments)

    def _read(self, moment: Moment, wake: bool | None) -> Reading:
        drift, way = self.drift_max_kn.value, self.under_way_above_kn.value
        inside = in_band(moment, self.ring())
        found = read_speed(moment, inside, lambda high: high <= drift + ROUNDING, lambda low: low > way + ROUNDING)
        if found.side is Side.WRONG:
            return replace(found, note=phrase("note.wake")) if wake else found
        if found.side is Side.RIGHT and wake and inside:
            lacks = phrase("more.drift_wake", drift=drift)
            return replace(found, side=Side.UNSURE, lacks=lacks, missing=Missing.ERROR_TOO_LARGE)
        if found.side is not Side.UNSURE or found.value is None or found.low is None:
            return found
        return self._between(moment, found, wake)

    def _between(self, moment: Moment, found: Reading, wake: bool | None) -> Reading:
        """Neither surely drift nor surely way by the speed over ground alone: the water and the wake may tell."""
        drift, way, state = self.drift_max_kn.value, self.under_way_above_kn.value, moment.sample.underway
        moves = found.low is not None and found.low > drift
        if state is not None and state.water is not None:
            moves = moves or state.p_moving >= SURELY
            carried = (state.p_drifting or 0.0) + (state.p_stopped or 0.0) >= SURELY
            if carried and not wake:
                return replace(found, side=Side.RIGHT, missing=None, note=phrase("note.drifting"))
        if wake and moves:
            return replace(found, side=Side.WRONG, missing=None, note=phrase("note.wake"))
        return replace(found, lacks=phrase("more.between", drift=drift, way=way))


class PropulsionOffInBand(StopRule):
    """Propeller stopped within a band."""

    type: Literal["propulsion_off_in_band"]
    band: Band

    def ring(self) -> Band:
        """The band."""
        return self.band


class MustStopIfInside(StopRule):
    """A craft that is inside must stop until it is outside again; drifting is no offence.

    Attributes:
        time_to_stop_s: a craft that comes in, or beside which animals come up, is given so long.
    """

    type: Literal["must_stop_if_inside"]
    within_m: Number
    time_to_stop_s: Choice

    def ring(self) -> Band:
        """The disc."""
        return Band(outer_m=self.within_m)

    def decision_from(self, usual: Decision) -> Decision:
        """Under way for longer than the time to stop."""
        base = super().decision_from(usual)
        return base.model_copy(update={"min_duration_s": max(base.min_duration_s, self.time_to_stop_s.value)})
