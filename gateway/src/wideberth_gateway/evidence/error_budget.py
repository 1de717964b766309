"""What the error of a separation is made of: to first order, each source by itself, along the line between the two.

Shared sources (height, pitch, focal length ...) move vessel and animal together; what counts is by how much they move
them differently. Own errors (pixels, waves) of the two add up. The interval of a finding is that of the Monte Carlo of
*locate*, with its tails; this table tells where it comes from and what would make it smaller.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from wideberth_contracts.positions import Covariance2, EastNorth, Position
from wideberth_contracts.tracks import Track, TrackPoint

TIME_TOLERANCE_S = 1e-3
IN_95 = 2.4477
"""Radius that holds 95 % of a two-dimensional normal distribution, in standard errors: sqrt(-2 ln 0.05)."""


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


@dataclass(frozen=True, slots=True)
class _End:
    """One end of the separation: its place, its displacements by source, its own covariance."""

    east_m: float
    north_m: float
    shared: dict[str, EastNorth]
    own: Covariance2


def error_budget(
    tracks: Sequence[Track], craft: str, animal: str, t_s: float, judged_sigma_m: float
) -> ErrorBudget | None:
    """The budget at a sensed frame; None where one of the two has no position there."""
    by_id = {track.id: track for track in tracks}
    boat, dolphin = _at(by_id.get(craft), t_s), _at(by_id.get(animal), t_s)
    if boat is None or dolphin is None or not isinstance(dolphin.position, Position):
        return None
    far = _end(dolphin.position)
    near = _nearest(boat, far)
    if near is None:
        return None
    east, north = far.east_m - near.east_m, far.north_m - near.north_m
    separation_m = math.hypot(east, north)
    along = (east / separation_m, north / separation_m) if separation_m else (1.0, 0.0)
    shares = [
        Share(source, abs(_along(_difference(far.shared.get(source), near.shared.get(source)), along)))
        for source in sorted(set(near.shared) | set(far.shared))
    ]
    shares += [Share("vessel_own", _own(near.own, along)), Share("animal_own", _own(far.own, along))]
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


def _end(position: Position) -> _End:
    shared = {
        term.source.value: EastNorth(
            east_m=(term.plus.east_m - term.minus.east_m) / 2, north_m=(term.plus.north_m - term.minus.north_m) / 2
        )
        for term in position.shared
    }
    return _End(position.east_m, position.north_m, shared, position.own)


def _nearest(boat: TrackPoint, far: _End) -> _End | None:
    """The point of the hull nearest to the animal; the waterline centre where no hull is known."""
    if len(boat.outline) < 3:
        return _end(boat.position) if isinstance(boat.position, Position) else None
    corners = [_end(corner) for corner in boat.outline]
    sides = zip(corners, [*corners[1:], corners[0]], strict=True)
    candidates = [_on_side(start, stop, far) for start, stop in sides]
    return min(candidates, key=lambda end: math.hypot(end.east_m - far.east_m, end.north_m - far.north_m))


def _on_side(start: _End, stop: _End, far: _End) -> _End:
    east, north = stop.east_m - start.east_m, stop.north_m - start.north_m
    length_squared = east * east + north * north
    to_east, to_north = far.east_m - start.east_m, far.north_m - start.north_m
    share = max(0.0, min(1.0, (to_east * east + to_north * north) / length_squared)) if length_squared else 0.0
    shared = {
        source: EastNorth(
            east_m=(1 - share) * start.shared[source].east_m + share * stop.shared[source].east_m,
            north_m=(1 - share) * start.shared[source].north_m + share * stop.shared[source].north_m,
        )
        for source in start.shared.keys() & stop.shared.keys()
    }
    own = Covariance2(
        east_east=(1 - share) * start.own.east_east + share * stop.own.east_east,
        east_north=(1 - share) * start.own.east_north + share * stop.own.east_north,
        north_north=(1 - share) * start.own.north_north + share * stop.own.north_north,
    )
    return _End(start.east_m + share * east, start.north_m + share * north, shared, own)


def _difference(far: EastNorth | None, near: EastNorth | None) -> EastNorth:
    zero = EastNorth(east_m=0.0, north_m=0.0)
    one, other = far or zero, near or zero
    return EastNorth(east_m=one.east_m - other.east_m, north_m=one.north_m - other.north_m)


def _along(displacement: EastNorth, along: tuple[float, float]) -> float:
    return displacement.east_m * along[0] + displacement.north_m * along[1]


def _own(own: Covariance2, along: tuple[float, float]) -> float:
    east, north = along
    variance = own.east_east * east * east + 2 * own.east_north * east * north + own.north_north * north * north
    return math.sqrt(max(0.0, variance))
