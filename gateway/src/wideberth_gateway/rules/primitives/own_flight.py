"""The watching drone itself: how high it flew, and how near to the animals."""

from abc import abstractmethod
from dataclasses import replace
from typing import Literal

from pydantic import model_validator

from wideberth_contracts.judgement import Missing
from wideberth_contracts.phrases import phrase
from wideberth_gateway.rules.numbers import Number
from wideberth_gateway.rules.places import STANDARD_ERRORS_95
from wideberth_gateway.rules.primitives.base import RuleBase
from wideberth_gateway.rules.readings import AirMoment, OwnFlight, Reading, Side, Terms


class OwnRule(RuleBase):
    """A rule about the watching drone; judged while animals are in the picture."""

    @abstractmethod
    def terms(self) -> Terms:
        """How this rule speaks."""

    def __call__(self, flight: OwnFlight) -> tuple[Reading, ...]:
        """The flight read by this rule."""
        return tuple(self.read(one) for one in flight.moments)

    @abstractmethod
    def read(self, at: AirMoment) -> Reading:
        """One moment of it."""


class WatchAircraftMinAlt(OwnRule):
    """The watching drone stays above `min_m`; `strict` when the limit itself is too low."""

    type: Literal["watch_aircraft_min_alt"]
    min_m: Number
    strict: bool

    def terms(self) -> Terms:
        """Height against the limit."""
        limit = self.min_m.value
        wrong, right = phrase("height.low", limit=limit), phrase("height.high", limit=limit)
        return Terms(phrase("noun.height"), "m", limit, wrong, right, wrong_is_low=True)

    def read(self, at: AirMoment) -> Reading:
        """Wrong when the upper bound is not above the limit, right when the lower bound is."""
        low, value, high = _height_m(at)
        limit = self.min_m.value
        wrong = high <= limit if self.strict else high < limit
        right = low > limit if self.strict else low >= limit
        return _read(at, wrong, right, (low, value, high))


class WatchAircraftMinDistance(OwnRule):
    """The watching drone keeps `min_horizontal_m` from the animals, and with `below_m` only while it flies lower.

    Attributes:
        strict: the limit itself is too near.
    """

    type: Literal["watch_aircraft_min_distance"]
    min_horizontal_m: Number
    below_m: Number | None = None
    strict: bool = False

    @model_validator(mode="after")
    def _limit_is_a_distance(self) -> "WatchAircraftMinDistance":
        if self.min_horizontal_m.value <= 0:
            raise ValueError("min_horizontal_m is not above nought")
        return self

    def terms(self) -> Terms:
        """Horizontal distance against the limit."""
        limit = self.min_horizontal_m.value
        wrong = phrase("within", limit=limit)
        if self.below_m:
            wrong = phrase("within_below", limit=limit, below_m=self.below_m.value)
        return Terms(phrase("noun.drone_distance"), "m", limit, wrong, phrase("beyond", limit=limit), True)

    def read(self, at: AirMoment) -> Reading:
        """Wrong when surely too low and surely too near; right when surely high or surely far enough."""
        low_h, _, high_h = _height_m(at)
        lower = True if self.below_m is None or high_h < self.below_m.value else None
        if self.below_m is not None and low_h >= self.below_m.value:
            return Reading(at.moment.t_s, None, None, Side.OUTSIDE, seen=True)
        seen = at.nearest_m is not None and self._within(at.nearest_m)
        if not seen and lower and at.held_m is not None and self._within(at.held_m):
            # The nearest animal is not in this frame: another one, farther off, says nothing against it.
            return replace(_read(at, True, False, at.held_m), seen=False)
        if at.nearest_m is None:
            lacks = phrase("lacks.frame_place")
            return Reading(at.moment.t_s, None, None, Side.EDGE, seen=False, lacks=lacks, missing=Missing.NO_POSITION)
        low, limit = at.nearest_m[0], self.min_horizontal_m.value
        right = low > limit if self.strict else low >= limit
        return _read(at, seen and lower is True, right, at.nearest_m)

    def _within(self, bounds: tuple[float, float, float]) -> bool:
        """The whole interval is too near."""
        limit = self.min_horizontal_m.value
        return bounds[2] <= limit if self.strict else bounds[2] < limit


def _height_m(at: AirMoment) -> tuple[float, float, float]:
    height = at.moment.height_m
    half = STANDARD_ERRORS_95 * height.sigma
    return height.value - half, height.value, height.value + half


def _read(at: AirMoment, wrong: bool, right: bool, bounds: tuple[float, float, float]) -> Reading:
    side = Side.WRONG if wrong else Side.RIGHT if right else Side.UNSURE
    missing = Missing.ERROR_TOO_LARGE if side is Side.UNSURE else None
    low, value, high = bounds
    return Reading(at.moment.t_s, None, None, side, True, value, low, high, missing=missing)
