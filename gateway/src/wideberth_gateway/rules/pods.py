"""A group of animals through time: where its middle is, where it heads, how fast its slowest animal is.

The heading is that of the animals' own movement over twelve seconds, six to each side of the moment, fewer at a
clip's ends. It is undefined where the animals were followed for less than five of them, hardly move, or go different
ways (milling): then no rule about ahead and astern is judged. An animal under water keeps its last place for six
seconds, as in the separations, and only its error grows.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from wideberth_contracts.phrases import Phrase, phrase
from wideberth_contracts.positions import Position
from wideberth_contracts.tracks import Track
from wideberth_gateway.rules.places import STANDARD_ERRORS_95, Place, middle_of

HALF_WINDOW_S = 6.0
SHORTEST_S = 5.0
"""A pod's heading needs so long a look (reference of the rules, section 7)."""
SHORTEST_TRACK_S = 2.0
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
        slowest_mps: low, value and high of the slowest animal followed; None where none was long enough.
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


@dataclass(frozen=True, slots=True)
class _Sightings:
    t_s: tuple[float, ...]
    positions: tuple[Position, ...]

    def between(self, start_s: float, end_s: float) -> slice:
        return slice(bisect_left(self.t_s, start_s - CLOCK_SLACK_S), bisect_right(self.t_s, end_s + CLOCK_SLACK_S))


@dataclass(slots=True)
class PodHistory:
    """One group through a clip; made by `pod_history`. What was worked out for a moment is kept."""

    animals: tuple[_Sightings, ...]
    _known: dict[float, Pod | None] = field(default_factory=dict)

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
        moves = [(move, span) for one in self.animals if (found := _movement(one, t_s)) for move, span in [found]]
        slowest = min((move.speed() for move, _ in moves), key=lambda speed: speed[1], default=None)
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
            seen.append(_Sightings(tuple(t for t, _ in points), tuple(place for _, place in points)))
    return PodHistory(tuple(one for one in seen if one.t_s))


def _held(one: _Sightings, t_s: float) -> Place | None:
    index = bisect_right(one.t_s, t_s + CLOCK_SLACK_S) - 1
    if index < 0 or t_s - one.t_s[index] > HOLD_S + CLOCK_SLACK_S:
        return None
    return Place.of(one.positions[index], grown_m=UNSEEN_MPS * max(0.0, t_s - one.t_s[index]))


def _movement(one: _Sightings, t_s: float) -> tuple[_Movement, tuple[float, float]] | None:
    """A straight line through an animal's sightings about a moment, and the time from the first to the last."""
    part = one.between(t_s - HALF_WINDOW_S, t_s + HALF_WINDOW_S)
    times, places = one.t_s[part], one.positions[part]
    if len(times) < FEWEST_SIGHTINGS or times[-1] - times[0] < SHORTEST_TRACK_S:
        return None
    mean_t = sum(times) / len(times)
    lever = sum((t - mean_t) ** 2 for t in times)
    east = sum((t - mean_t) * place.east_m for t, place in zip(times, places, strict=True)) / lever
    north = sum((t - mean_t) * place.north_m for t, place in zip(times, places, strict=True)) / lever
    own = sum(place.own.east_east + place.own.north_north for place in places) / (2 * len(places))
    scatter = _residual(times, places, mean_t, east, north)
    return _Movement(east, north, max(own, scatter) / lever), (times[0], times[-1])


def _residual(times: Sequence[float], places: Sequence[Position], mean_t: float, east: float, north: float) -> float:
    """Variance per axis about the line, m²."""
    mean_e = sum(place.east_m for place in places) / len(places)
    mean_n = sum(place.north_m for place in places) / len(places)
    total = sum(
        (place.east_m - mean_e - east * (t - mean_t)) ** 2 + (place.north_m - mean_n - north * (t - mean_t)) ** 2
        for t, place in zip(times, places, strict=True)
    )
    return total / (2 * (len(times) - 2))


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
