"""The watching drone's own flight, as the rules about it need it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import DroneMoment, JudgeRequest
from wideberth_contracts.positions import ErrorSource, Position
from wideberth_contracts.tracks import TrackState
from wideberth_gateway.rules.groups import counts_as_animal
from wideberth_gateway.rules.places import Place, Spread, offset
from wideberth_gateway.rules.pods import HOLD_S, UNSEEN_MPS
from wideberth_gateway.rules.readings import AirMoment, OwnFlight

REAL = (TrackState.CONFIRMED, TrackState.LOST)
MOVES_WITH_THE_DRONE = (ErrorSource.CAMERA_EAST, ErrorSource.CAMERA_NORTH)
SAME_TIME_DIGITS = 3
"""Times of the same frame agree to the millisecond."""


def own_flight(request: JudgeRequest) -> OwnFlight | None:
    """The drone from the first to the last animal in the picture; None where there was none."""
    animals: dict[float, dict[str, Position | None]] = defaultdict(dict)
    for track in request.tracks:
        if track.kind is ObjectKind.DOLPHIN and track.state in REAL and counts_as_animal(track):
            for point in track.points:
                if point.observed:
                    place = point.position if isinstance(point.position, Position) else None
                    animals[round(point.t_s, SAME_TIME_DIGITS)][track.id] = place
    if not animals:
        return None
    first, last = min(animals), max(animals)
    span = sorted(
        (one for one in request.drone if first <= round(one.t_s, SAME_TIME_DIGITS) <= last), key=lambda one: one.t_s
    )
    return OwnFlight(tuple(_moments(span, animals)), request.starts_at)


def _moments(span: list[DroneMoment], animals: Mapping[float, Mapping[str, Position | None]]) -> Iterator[AirMoment]:
    held: dict[str, tuple[float, Position]] = {}
    for one in span:
        seen = animals.get(round(one.t_s, SAME_TIME_DIGITS), {})
        unseen = [
            (place, UNSEEN_MPS * (one.t_s - t_s))
            for name, (t_s, place) in held.items()
            if name not in seen and one.t_s - t_s <= HOLD_S
        ]
        yield AirMoment(
            one,
            _nearest_m(one, [(place, 0.0) for place in seen.values() if place is not None]),
            _nearest_m(one, unseen),
        )
        held |= {name: (one.t_s, place) for name, place in seen.items() if place is not None}


def _nearest_m(drone: DroneMoment, animals: list[tuple[Position, float]]) -> tuple[float, float, float] | None:
    """Low, value, high of the horizontal distance to the nearest animal: by the upper bound."""
    if drone.east_m is None or drone.north_m is None:
        return None
    here = Place(drone.east_m, drone.north_m, Spread(0.0, 0.0, 0.0), {})
    found = []
    for position, grown_m in animals:
        to = offset(here, Place.of(position, grown_m=grown_m, without=MOVES_WITH_THE_DRONE))
        half = to.distance_half_95_m
        found.append((max(0.0, to.distance_m - half), to.distance_m, to.distance_m + half))
    return min(found, key=lambda bounds: bounds[2], default=None)
