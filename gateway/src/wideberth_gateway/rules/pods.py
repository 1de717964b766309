"""A group of animals through time: where its middle is, where it heads, how fast its slowest animal is.

The heading is that of the animals' own movement over twelve seconds, six to each side of the moment, fewer at a
clip's ends. It is undefined where the animals were followed for less than five of them, hardly move, or go different
ways (milling): then no rule about ahead and astern is judged. An animal under water keeps its last place for six
seconds, as in the separations, and only its error grows.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from wideberth_contracts.phrases import Phrase, phrase
from wideberth_contracts.positions import Position
from wideberth_contracts.tracks import Track
from wideberth_gateway.rules.places import STANDARD_ERRORS_95, Place, middle_of

HALF_WINDOW_S = 6.0
SHORTEST_S = 5.0
"""A pod's heading needs so long a look (reference of the rules, section 7)."""
SHORTEST_TRACK_S = 2.0
UNBROKEN_S = 1.5
"""An animal that was not seen for longer may be another one: where two of a pod are taken for one, the step from one to
the other passes for a slow or a fast swimmer. So each animal's pace is told from one surfacing at a time."""
HOLD_S = 6.0
UNSEEN_MPS = 1.5
"""As `SeparateRequest.hold_animal_s` and `animal_speed_mps`."""
SLOWEST_POD_MPS = 0.5
WIDEST_HEADING_DEG = 45.0
"""A heading less sure than this is none. Chosen: half of the quarter that ahead means at the widest."""
PICTURE_WANDERS_MPS = 0.1
"""Standard error per axis of a speed over some ten seconds that all objects of the picture share. Chosen."""
FEWEST_SIGHTINGS = 3
CLOCK_SLACK_S = 1e-6

MILLING = phrase("lacks.milling")
TOO_SHORT = phrase("lacks.followed", least_s=SHORTEST_S)
NO_ANIMAL = phrase("lacks.animal_place")


@dataclass(frozen=True, slots=True)
class Pod:
    """A group at one moment.

    Attributes:
        half_m: from the middle to its farthest known animal.
        course_deg, course_half_95_deg: heading and half-width of its 95 % interval; None with `why`.
        slowest_mps: low, value and high of the slowest animal followed, over one surfacing of it; None where none was
            long enough.
    """

    middle: Place
    half_m: float
    course_deg: float | None
    course_half_95_deg: float
    slowest_mps: tuple[float, float, float] | None
    why: Phrase | None = None


@dataclass(frozen=True, slots=True)
class _Movement:
    east_mps: float
    north_mps: float
    variance: float

    def speed(self) -> tuple[float, float, float]:
        value = math.hypot(self.east_mps, self.north_mps)
        half = STANDARD_ERRORS_95 * math.sqrt(self.variance + PICTURE_WANDERS_MPS**2)
        return max(0.0, value - half), value, value + half


class _Sums(NamedTuple):
    """Of times, places and their products, counted from an animal's first sighting; `own` of its own variances."""

    t: float
    e: float
    n: float
    tt: float
    te: float
    tn: float
    square: float
    own: float


def _sums(t_s: Sequence[float], positions: Sequence[Position]) -> tuple[_Sums, ...]:
    """Before each sighting and after the last, so that a line through any of them costs the same."""
    found = [_Sums(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)]
    for time, place in zip(t_s, positions, strict=True):
        t, e, n = time - t_s[0], place.east_m - positions[0].east_m, place.north_m - positions[0].north_m
        own = place.own.east_east + place.own.north_north
        more = (t, e, n, t * t, t * e, t * n, e * e + n * n, own)
        found.append(_Sums(*(a + b for a, b in zip(found[-1], more, strict=True))))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Sightings:
    t_s: tuple[float, ...]
    positions: tuple[Position, ...]
    sums: tuple[_Sums, ...]

    def sums_over(self, part: slice) -> _Sums:
        """Of these sightings alone."""
        return _Sums(*(b - a for a, b in zip(self.sums[part.start], self.sums[part.stop], strict=True)))

    def is_held(self, t_s: float) -> bool:
        """Whether its place is known at a moment."""
        index = bisect_right(self.t_s, t_s + CLOCK_SLACK_S) - 1
        return index >= 0 and t_s - self.t_s[index] <= HOLD_S + CLOCK_SLACK_S

    def between(self, start_s: float, end_s: float) -> slice:
        return slice(bisect_left(self.t_s, start_s - CLOCK_SLACK_S), bisect_right(self.t_s, end_s + CLOCK_SLACK_S))


@dataclass(slots=True)
class PodHistory:
    """One group through a clip; made by `pod_history`. What was worked out for a moment is kept."""

    animals: tuple[_Sightings, ...]
    _known: dict[float, Pod | None] = field(default_factory=dict)

    def is_known_at(self, t_s: float) -> bool:
        """Whether any animal's place is known at a moment; `at` says more and costs more."""
        return any(one.is_held(t_s) for one in self.animals)

    def at(self, t_s: float) -> Pod | None:
        """The group at a moment; None where no animal's place is known."""
        if t_s not in self._known:
            self._known[t_s] = self._at(t_s)
        return self._known[t_s]

    def _at(self, t_s: float) -> Pod | None:
        places = [place for one in self.animals if (place := _held(one, t_s)) is not None]
        if not places:
            return None
        middle = middle_of(places)
        half_m = max(math.hypot(one.east_m - middle.east_m, one.north_m - middle.north_m) for one in places)
        about = [(one, one.between(t_s - HALF_WINDOW_S, t_s + HALF_WINDOW_S)) for one in self.animals]
        moves = [(move, span) for one, part in about if (found := _movement(one, part)) for move, span in [found]]
        paces = (
            found[0].speed()
            for one, part in about
            for piece in _unbroken(one, part)
            if (found := _movement(one, piece))
        )
        slowest = min(paces, key=lambda speed: speed[1], default=None)
        if not moves or max(end for _, (_, end) in moves) - min(start for _, (start, _) in moves) < SHORTEST_S:
            return Pod(middle, half_m, None, 180.0, slowest, TOO_SHORT)
        heading = _heading([move for move, _ in moves])
        if heading is None:
            return Pod(middle, half_m, None, 180.0, slowest, MILLING)
        return Pod(middle, half_m, heading[0], heading[1], slowest)


def pod_history(tracks: Iterable[Track], animals: Iterable[str]) -> PodHistory:
    """The group made of these animals."""
    wanted = set(animals)
    seen = []
    for track in tracks:
        if track.id in wanted:
            points = [(p.t_s, p.position) for p in track.points if p.observed and isinstance(p.position, Position)]
            times, places = tuple(t for t, _ in points), tuple(place for _, place in points)
            seen.append(_Sightings(times, places, _sums(times, places)))
    return PodHistory(tuple(one for one in seen if one.t_s))


def _held(one: _Sightings, t_s: float) -> Place | None:
    if not one.is_held(t_s):
        return None
    index = bisect_right(one.t_s, t_s + CLOCK_SLACK_S) - 1
    return Place.of(one.positions[index], grown_m=UNSEEN_MPS * max(0.0, t_s - one.t_s[index]))


def _unbroken(one: _Sightings, part: slice) -> Iterator[slice]:
    """The pieces of a part without a dive in them: after one, a track may go on with the next animal."""
    start = part.start
    for index in range(part.start + 1, part.stop):
        if one.t_s[index] - one.t_s[index - 1] > UNBROKEN_S:
            yield slice(start, index)
            start = index
    yield slice(start, part.stop)


def _movement(one: _Sightings, part: slice) -> tuple[_Movement, tuple[float, float]] | None:
    """A straight line through some of an animal's sightings, and the time from the first to the last."""
    times = one.t_s[part]
    if len(times) < FEWEST_SIGHTINGS or times[-1] - times[0] < SHORTEST_TRACK_S:
        return None
    count, sums = len(times), one.sums_over(part)
    lever = sums.tt - sums.t * sums.t / count
    east, north = (sums.te - sums.t * sums.e / count) / lever, (sums.tn - sums.t * sums.n / count) / lever
    # Variance per axis about the line, m^2: what the line leaves of the squares.
    left = sums.square - (sums.e * sums.e + sums.n * sums.n) / count - (east * east + north * north) * lever
    scatter = max(0.0, left) / (2 * (count - 2))
    return _Movement(east, north, max(sums.own / (2 * count), scatter) / lever), (times[0], times[-1])


def _heading(moves: Sequence[_Movement]) -> tuple[float, float] | None:
    """Direction of the mean movement and half-width of its 95 % interval; None where it is not told."""
    weights = [1.0 / (move.variance + PICTURE_WANDERS_MPS**2) for move in moves]
    east = sum(w * move.east_mps for w, move in zip(weights, moves, strict=True)) / sum(weights)
    north = sum(w * move.north_mps for w, move in zip(weights, moves, strict=True)) / sum(weights)
    variance = 1.0 / sum(1.0 / move.variance if move.variance else 1e12 for move in moves)
    if len(moves) > 1:
        apart = sum((move.east_mps - east) ** 2 + (move.north_mps - north) ** 2 for move in moves)
        variance = max(variance, apart / (2 * (len(moves) - 1)) / len(moves))
    speed = math.hypot(east, north)
    error = STANDARD_ERRORS_95 * math.sqrt(variance + PICTURE_WANDERS_MPS**2)
    if speed < SLOWEST_POD_MPS or error >= speed:
        return None
    half = math.degrees(math.asin(error / speed))
    return None if half > WIDEST_HEADING_DEG else (math.degrees(math.atan2(east, north)) % 360.0, half)
