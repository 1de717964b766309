"""Places on the sea and offsets between them, with the errors that do not cancel.

Errors that both ends of an offset share move both alike: what is left of them is the difference of their terms, to
first order. Lengths in m, directions in degrees clockwise from north.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wideberth_contracts.positions import ErrorSource, Position

STANDARD_ERRORS_95 = 1.96
"""Half-width of a two-sided 95 % interval of a normal error, in standard errors."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A 2 x 2 covariance, m²."""

    east_east: float
    east_north: float
    north_north: float

    def half_95_along(self, east: float, north: float) -> float:
        """Half-width of the 95 % interval along a unit vector, m."""
        variance = self.east_east * east * east + 2 * self.east_north * east * north + self.north_north * north * north
        return STANDARD_ERRORS_95 * math.sqrt(max(0.0, variance))

    def half_95_any(self) -> float:
        """The same along the worst direction, m."""
        middle = (self.east_east + self.north_north) / 2
        across = math.hypot((self.east_east - self.north_north) / 2, self.east_north)
        return STANDARD_ERRORS_95 * math.sqrt(max(0.0, middle + across))


@dataclass(frozen=True, slots=True)
class Place:
    """A point with its own error, and how each shared source would move it."""

    east_m: float
    north_m: float
    own: Spread
    shared: Mapping[ErrorSource, tuple[float, float]]

    @classmethod
    def of(cls, position: Position, *, grown_m: float = 0.0, without: Sequence[ErrorSource] = ()) -> "Place":
        """The place of a position.

        Args:
            grown_m: standard error per axis by which an unseen thing may have moved.
            without: sources that move the other end of the offset just as much.
        """
        own, more = position.own, grown_m * grown_m
        shared = {
            term.source: ((term.plus.east_m - term.minus.east_m) / 2, (term.plus.north_m - term.minus.north_m) / 2)
            for term in position.shared
            if term.source not in without
        }
        spread = Spread(own.east_east + more, own.east_north, own.north_north + more)
        return cls(position.east_m, position.north_m, spread, shared)

    @property
    def half_95_m(self) -> float:
        """Half-width of the 95 % interval along the worst direction, against what does not move with the picture."""
        ee, en, nn = self.own.east_east, self.own.east_north, self.own.north_north
        for east, north in self.shared.values():
            ee, en, nn = ee + east * east, en + east * north, nn + north * north
        return Spread(ee, en, nn).half_95_any()


def middle_of(places: Sequence[Place]) -> Place:
    """The mean of places; never of none."""
    count = len(places)
    own = Spread(
        sum(one.own.east_east for one in places) / count**2,
        sum(one.own.east_north for one in places) / count**2,
        sum(one.own.north_north for one in places) / count**2,
    )
    sources = {source for one in places for source in one.shared}
    shared = {
        source: (
            sum(one.shared.get(source, (0.0, 0.0))[0] for one in places) / count,
            sum(one.shared.get(source, (0.0, 0.0))[1] for one in places) / count,
        )
        for source in sources
    }
    return Place(sum(one.east_m for one in places) / count, sum(one.north_m for one in places) / count, own, shared)


@dataclass(frozen=True, slots=True)
class Offset:
    """From one place to another."""

    east_m: float
    north_m: float
    spread: Spread

    @property
    def distance_m(self) -> float:
        """Length."""
        return math.hypot(self.east_m, self.north_m)

    @property
    def distance_half_95_m(self) -> float:
        """Half-width of the length's 95 % interval."""
        length = self.distance_m
        if length == 0.0:
            return self.spread.half_95_any()
        return self.spread.half_95_along(self.east_m / length, self.north_m / length)

    @property
    def bearing_deg(self) -> float:
        """Direction, [0, 360)."""
        return math.degrees(math.atan2(self.east_m, self.north_m)) % 360.0

    @property
    def bearing_half_95_deg(self) -> float:
        """Half-width of the direction's 95 % interval; 180 where the two places may be one."""
        length = self.distance_m
        if length <= self.spread.half_95_any():
            return 180.0
        across = self.spread.half_95_along(-self.north_m / length, self.east_m / length)
        return math.degrees(math.asin(min(1.0, across / length)))


def offset(start: Place, end: Place) -> Offset:
    """From `start` to `end`, with what is left of the errors."""
    ee = start.own.east_east + end.own.east_east
    en = start.own.east_north + end.own.east_north
    nn = start.own.north_north + end.own.north_north
    for source in {*start.shared, *end.shared}:
        a, b = start.shared.get(source, (0.0, 0.0)), end.shared.get(source, (0.0, 0.0))
        east, north = b[0] - a[0], b[1] - a[1]
        ee, en, nn = ee + east * east, en + east * north, nn + north * north
    return Offset(end.east_m - start.east_m, end.north_m - start.north_m, Spread(ee, en, nn))


def turn_deg(start_deg: float, end_deg: float) -> float:
    """From one direction to another, (-180, 180], to starboard positive."""
    return 180.0 - (180.0 - (end_deg - start_deg)) % 360.0
