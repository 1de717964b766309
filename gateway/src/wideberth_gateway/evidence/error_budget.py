"""What the error of a separation is made of: to first order, each source by itself, along the line between the two.

Shared sources (height, pitch, focal length ...) move vessel and animal together; what counts is by how much they move
them differently. Own errors (pixels, waves) of the two add up. The interval of a finding is that of the Monte Carlo of
*locate*, with its tails; this table tells where it comes from and what would make it smaller.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from wideberth_contracts.positions import Covariance2, EastNorth, Position, SharedTerm, separation_effects_m
from wideberth_contracts.tracks import Track, TrackPoint

TIME_TOLERANCE_S = 1e-3
IN_95 = 2.4477
"""Radius that holds 95 % of a two-dimensional normal distribution, in standard errors: sqrt(-2 ln 0.05)."""

NAMES = {"own_a": "vessel_own", "own_b": "animal_own"}
"""Of the two ends' own errors."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one source contributes: one standard error of the separation, m."""

    source: str
    sigma_m: float


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """The error of a separation at one frame.

    Attributes:
        shares: largest first.
        together_m: root of the sum of squares.
        judged_sigma_m: what the Monte Carlo said at that frame.
    """

    t_s: float
    separation_m: float
    shares: tuple[Share, ...]
    together_m: float
    judged_sigma_m: float

    @property
    def rest_m(self) -> float:
        """One standard error that the shares do not explain: tails, and what moved since it was last seen."""
        return math.sqrt(max(0.0, self.judged_sigma_m**2 - self.together_m**2))

    def as_json(self) -> dict[str, object]:
        """For `error-budget.json`."""
        return asdict(self) | {"rest_m": self.rest_m}


@dataclass(frozen=True, slots=True)
class Ellipse:
    """The ellipse that holds 95 % of a position: half axes in m, direction of the long one clockwise from north."""

    major_m: float
    minor_m: float
    bearing_deg: float


def error_budget(
    tracks: Sequence[Track], craft: str, animal: str, t_s: float, judged_sigma_m: float
) -> ErrorBudget | None:
    """The budget at a sensed frame; None where one of the two has no position there."""
    by_id = {track.id: track for track in tracks}
    boat, dolphin = _at(by_id.get(craft), t_s), _at(by_id.get(animal), t_s)
    if boat is None or dolphin is None or not isinstance(dolphin.position, Position):
        return None
    near = _nearest(boat, dolphin.position)
    if near is None:
        return None
    separation_m = math.hypot(dolphin.position.east_m - near.east_m, dolphin.position.north_m - near.north_m)
    effects = separation_effects_m(near, dolphin.position)
    shares = [Share(NAMES.get(source, source), abs(effect_m)) for source, effect_m in effects.items()]
    together_m = math.sqrt(sum(share.sigma_m**2 for share in shares))
    largest_first = tuple(sorted(shares, key=lambda share: -share.sigma_m))
    return ErrorBudget(t_s, separation_m, largest_first, together_m, judged_sigma_m)


def ellipse_95(tracks: Sequence[Track], name: str, t_s: float) -> Ellipse | None:
    """Of a track's position at a sensed frame, shared and own error together; None where it has none."""
    point = _at(next((track for track in tracks if track.id == name), None), t_s)
    if point is None or not isinstance(point.position, Position):
        return None
    own, shared = point.position.own, point.position.shared_covariance()
    east, north = own.east_east + shared.east_east, own.north_north + shared.north_north
    mixed = own.east_north + shared.east_north
    middle, spread = (east + north) / 2, math.hypot((east - north) / 2, mixed)
    bearing_deg = math.degrees(math.atan2(2 * mixed, north - east)) / 2 % 180
    return Ellipse(IN_95 * math.sqrt(middle + spread), IN_95 * math.sqrt(max(0.0, middle - spread)), bearing_deg)


def _at(track: Track | None, t_s: float) -> TrackPoint | None:
    points = track.points if track else ()
    return next((point for point in points if abs(point.t_s - t_s) < TIME_TOLERANCE_S), None)


def _nearest(boat: TrackPoint, far: Position) -> Position | None:
    """The point of the hull nearest to the animal; the waterline centre where no hull is known."""
    corners = boat.outline
    if len(corners) < 3:
        return boat.position if isinstance(boat.position, Position) else None
    sides = zip(corners, [*corners[1:], corners[0]], strict=True)
    candidates = [_on_side(start, stop, far) for start, stop in sides]
    return min(candidates, key=lambda end: math.hypot(end.east_m - far.east_m, end.north_m - far.north_m))


def _on_side(start: Position, stop: Position, far: Position) -> Position:
    """The point of a side nearest to the animal, its errors between those of the side's ends."""
    east, north = stop.east_m - start.east_m, stop.north_m - start.north_m
    length_squared = east * east + north * north
    to_east, to_north = far.east_m - start.east_m, far.north_m - start.north_m
    share = max(0.0, min(1.0, (to_east * east + to_north * north) / length_squared)) if length_squared else 0.0

    def between(one: float, other: float) -> float:
        return (1 - share) * one + share * other

    def moved(one: EastNorth, other: EastNorth) -> EastNorth:
        return EastNorth(east_m=between(one.east_m, other.east_m), north_m=between(one.north_m, other.north_m))

    others = {term.source: term for term in stop.shared}
    shared = tuple(
        SharedTerm(source=term.source, plus=moved(term.plus, other.plus), minus=moved(term.minus, other.minus))
        for term in start.shared
        if (other := others.get(term.source)) is not None
    )
    own = Covariance2(
        east_east=between(start.own.east_east, stop.own.east_east),
        east_north=between(start.own.east_north, stop.own.east_north),
        north_north=between(start.own.north_north, stop.own.north_north),
    )
    return Position(east_m=start.east_m + share * east, north_m=start.north_m + share * north, shared=shared, own=own)
