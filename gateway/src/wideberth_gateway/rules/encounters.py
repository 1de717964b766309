"""Encounters: one craft and one group of animals, with all moments they share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.positions import Position
from wideberth_contracts.separations import SeparationSample, SeparationSeries
from wideberth_contracts.tracks import Track, TrackState
from wideberth_gateway.rules.groups import group_of_animals
from wideberth_gateway.rules.readings import Moment


@dataclass(frozen=True, slots=True)
class Meeting:
    """A craft near a group, before any rule has spoken. `moments` are in order of time, never empty."""

    craft_track: str
    craft_kind: ObjectKind
    group: str
    animal_tracks: tuple[str, ...]
    moments: tuple[Moment, ...]

    def closest(self) -> SeparationSample:
        """The sample with the smallest upper bound among frames that show both; among all where none does.

        The upper bound, because it says how near the craft came at least; ties go to the smaller value, then the
        earlier time.
        """
        seen = [moment.sample for moment in self.moments if moment.seen]
        samples = seen or [moment.sample for moment in self.moments]
        return min(samples, key=lambda sample: (sample.separation.interval_95_m.high, sample.separation.value_m))


def meetings(tracks: Sequence[Track], series: Sequence[SeparationSeries], reach_m: float) -> tuple[Meeting, ...]:
    """All meetings within reach, by first sight; rejected tracks and what is no craft take no part.

    Args:
        tracks: of the analysis; those that the series name are used.
        series: one a craft.
        reach_m: a meeting whose lower bound never comes below this is none.
    """
    by_id = {track.id: track for track in tracks}
    rejected = {track.id for track in tracks if track.state is TrackState.REJECTED}
    no_craft = {track.id for track in tracks if not track.kind.is_craft}
    kept = [one for one in series if one.craft_track not in rejected | no_craft]
    groups = group_of_animals(tracks, kept)
    shared: dict[tuple[str, str], list[SeparationSample]] = defaultdict(list)
    for one in kept:
        for sample in one.samples:
            if sample.animal_track not in rejected:
                shared[one.craft_track, groups[sample.animal_track]].append(sample)
    company = _Company(shared)
    found = [
        _meeting(craft, group, sorted(samples, key=lambda sample: sample.t_s), by_id, company)
        for (craft, group), samples in shared.items()
        if min(sample.separation.interval_95_m.low for sample in samples) <= reach_m
    ]
    return tuple(sorted(found, key=lambda one: (one.moments[0].sample.t_s, one.craft_track, one.group)))


def craft_position(tracks: Iterable[Track], craft: str, pts: int) -> Position | None:
    """Where the craft was in that frame."""
    for track in tracks:
        if track.id == craft:
            for point in track.points:
                if point.pts == pts and isinstance(point.position, Position):
                    return point.position
    return None


class _Company:
    """Bounds of all craft in one frame.

    A craft's nearest animal is never farther than the nearest of some group, so every craft of the frame that may be
    near any animal is counted as possibly near this group.
    """

    def __init__(self, shared: Mapping[tuple[str, str], Sequence[SeparationSample]]) -> None:
        self._sure: dict[tuple[str, int], list[float]] = defaultdict(list)
        self._possible: dict[int, list[float]] = defaultdict(list)
        for (_, group), samples in shared.items():
            for sample in samples:
                key = (group, sample.pts)
                interval = sample.separation.interval_95_m
                if sample.craft_observed and sample.animal_age_s == 0.0:
                    self._sure[key].append(interval.high)
                pod_low = sample.pod.interval_95_m.low if sample.pod else interval.low
                self._possible[sample.pts].append(min(interval.low, pod_low))

    def at(self, group: str, sample: SeparationSample) -> Moment:
        sure, possible = self._sure.get((group, sample.pts), ()), self._possible.get(sample.pts, ())
        return Moment(sample, tuple(sure), tuple(possible))


def _meeting(
    craft: str, group: str, samples: Sequence[SeparationSample], by_id: Mapping[str, Track], company: _Company
) -> Meeting:
    track = by_id.get(craft)
    return Meeting(
        craft_track=craft,
        craft_kind=track.kind if track else ObjectKind.VESSEL,
        group=group,
        animal_tracks=tuple(sorted({sample.animal_track for sample in samples})),
        moments=tuple(company.at(group, sample) for sample in samples),
    )
