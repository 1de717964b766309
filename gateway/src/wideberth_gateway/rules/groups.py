"""Which animals belong together.

Animals surface for seconds and come back as new tracks, so belonging is judged in space and time: two tracks belong
to one group when some sighting of one is near some sighting of the other, near meaning what a swimming animal can
cover in the time between. Groups are the connected sets of that relation.

Limits: positions are compared without their errors; two pods that mix become one group.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.positions import Position
from wideberth_contracts.screening import ScreenVerdict
from wideberth_contracts.separations import SeparationSeries
from wideberth_contracts.tracks import Track, TrackState

LINK_M = 100.0
"""Spread of a pod between neighbours, m. Jeju's pods travel within some tens of metres; chosen with room to spare."""

SWIM_MPS = 3.0
"""Fast travel of a bottlenose dolphin, m/s."""

LINK_WITHIN_S = 120.0
"""Sightings further apart in time say nothing about belonging together."""

SIGHTINGS_OF_AN_OPEN_ANIMAL = 10
"""What screening left open counts as an animal from so many frames on: two seconds at five frames a second, as long as
an animal is up. Chosen: false alarms that came together by chance had five at most in simulated encounters."""

BELIEVED = (TrackState.CONFIRMED, TrackState.LOST)

SIGHTINGS_A_TRACK = 6
"""Enough of a track's points to link it; keeps the work small for hundreds of tracks."""


def counts_as_animal(track: Track) -> bool:
    """False for what screening left open and few frames show: it may be a wave, and nothing is decided by it."""
    if track.screened is not ScreenVerdict.UNKNOWN:
        return True
    return sum(point.observed for point in track.points) >= SIGHTINGS_OF_AN_OPEN_ANIMAL


@dataclass(frozen=True, slots=True)
class _Sighting:
    t_s: float
    east_m: float
    north_m: float


def group_of_animals(tracks: Iterable[Track], series: Iterable[SeparationSeries]) -> dict[str, str]:
    """Group id of every animal believed in, and of every one named in the series.

    `g1`, `g2` … by first sighting; groups that no craft came near follow those that one did. Animals without any
    position are linked to the first group: nothing tells them apart.
    """
    kept = tuple(tracks)
    near = {animal for one in series for animal in (*one.animals, *(s.animal_track for s in one.samples))}
    wanted = near | {track.id for track in kept if track.kind is ObjectKind.DOLPHIN and track.state in BELIEVED}
    sightings = {track.id: _sightings(track) for track in kept if track.id in wanted}
    ids = sorted(wanted, key=lambda animal: (_first_s(sightings.get(animal, ())), animal))
    leaders: list[list[str]] = []
    for animal in ids:
        linked = [members for members in leaders if any(_linked(animal, other, sightings) for other in members)]
        joined = [*(member for members in linked for member in members), animal]
        leaders = [members for members in leaders if members not in linked] + [joined]
    leaders.sort(
        key=lambda members: (
            near.isdisjoint(members),
            min((_first_s(sightings.get(one, ())), one) for one in members),
        )
    )
    return {animal: f"g{number}" for number, members in enumerate(leaders, start=1) for animal in members}


def _sightings(track: Track) -> tuple[_Sighting, ...]:
    seen = [
        _Sighting(point.t_s, point.position.east_m, point.position.north_m)
        for point in track.points
        if point.observed and isinstance(point.position, Position)
    ]
    if len(seen) <= SIGHTINGS_A_TRACK:
        return tuple(seen)
    step = (len(seen) - 1) / (SIGHTINGS_A_TRACK - 1)
    return tuple(seen[round(index * step)] for index in range(SIGHTINGS_A_TRACK))


def _first_s(sightings: tuple[_Sighting, ...]) -> float:
    return sightings[0].t_s if sightings else float("inf")


def _linked(one: str, other: str, sightings: dict[str, tuple[_Sighting, ...]]) -> bool:
    here, there = sightings.get(one, ()), sightings.get(other, ())
    if not here or not there:
        return True
    return any(_near(a, b) for a in here for b in there)


def _near(a: _Sighting, b: _Sighting) -> bool:
    apart_s = abs(a.t_s - b.t_s)
    if apart_s > LINK_WITHIN_S:
        return False
    reach_m = LINK_M + SWIM_MPS * apart_s
    return (a.east_m - b.east_m) ** 2 + (a.north_m - b.north_m) ** 2 <= reach_m**2
