"""Encounters: one craft and one group of animals, with all moments they share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.known import AnimalState, Known
from wideberth_contracts.positions import Position, Separation
from wideberth_contracts.separations import SeparationSample, SeparationSeries
from wideberth_contracts.tracks import Track, TrackState
from wideberth_gateway.rules.aspects import Aspect, NoAspect, aspect_of
from wideberth_gateway.rules.groups import counts_as_animal, group_of_animals
from wideberth_gateway.rules.places import Place
from wideberth_gateway.rules.pods import Pod, PodHistory, pod_history
from wideberth_gateway.rules.readings import Beside, Moment
from wideberth_gateway.rules.statements import Statements


@dataclass(frozen=True, slots=True)
class Meeting:
    """A craft near a group, before any rule has spoken. `moments` are in order of time, never empty."""

    craft_track: str
    craft_kind: ObjectKind
    group: str
    animal_tracks: tuple[str, ...]
    moments: tuple[Moment, ...]
    positions: Mapping[int, Position]
    pod: PodHistory
    statements: Statements
    starts_at: datetime | None

    def closest(self) -> SeparationSample:
        """The sample with the smallest upper bound among frames that show both; among all where none does.

        The upper bound, because it says how near the craft came at least; ties go to the smaller value, then the
        earlier time.
        """
        seen = [moment.sample for moment in self.moments if moment.seen]
        samples = seen or [moment.sample for moment in self.moments]
        return min(samples, key=lambda sample: (sample.separation.interval_95_m.high, sample.separation.value_m))

    def closest_to_pod(self) -> Separation | None:
        """The same for the edge of the pod; None where there never was one."""
        seen = [moment.sample.pod for moment in self.moments if moment.seen and moment.sample.pod is not None]
        return min(seen, key=lambda pod: (pod.interval_95_m.high, pod.value_m), default=None)

    def pod_at(self, moment: Moment) -> Pod | None:
        """The group as it was."""
        return self.pod.at(moment.sample.t_s)

    def aspect(self, moment: Moment) -> Aspect | NoAspect:
        """How the craft lay to it."""
        return aspect_of(moment.place, self.pod_at(moment))

    def position(self, moment: Moment) -> Position | None:
        """Where the craft was."""
        return self.positions.get(moment.sample.pts)

    def utc(self, moment: Moment) -> datetime | None:
        """When it was, where the clip's time of day is known."""
        sample = moment.sample
        if sample.captured_at is not None or self.starts_at is None:
            return sample.captured_at
        return self.starts_at + timedelta(seconds=sample.t_s)

    def craft_is(self, craft_class: str) -> bool | None:
        """Whether the craft is of a class; None where nobody said."""
        return self.statements.craft_is(craft_class)

    def any_state(self, states: Iterable[AnimalState]) -> bool | None:
        """Whether the group has one of the states; None where nobody said."""
        return self.statements.any_state(states)

    def wake_at(self, t_s: float) -> bool | None:
        """Whether the craft had a wake; None where nobody said."""
        return self.statements.wake_at(t_s)

    @property
    def others_wait(self) -> bool | None:
        """Whether other boats queue; None where nobody said."""
        return self.statements.known.others_wait


def meetings(
    tracks: Sequence[Track],
    series: Sequence[SeparationSeries],
    reach_m: float,
    *,
    known: Known | None = None,
    starts_at: datetime | None = None,
) -> tuple[Meeting, ...]:
    """All meetings within reach, by first sight; rejected tracks and what is no craft take no part.

    Args:
        tracks: of the analysis; those that the series name are used.
        series: one a craft.
        reach_m: a meeting whose lower bound never comes below this is none.
        known: what persons said.
        starts_at: UTC of the clip's first frame.
    """
    rejected = {track.id for track in tracks if track.state is TrackState.REJECTED}
    no_craft = {track.id for track in tracks if not track.kind.is_craft}
    kept = [one for one in series if one.craft_track not in rejected | no_craft]
    groups = group_of_animals(tracks, kept)
    shared: dict[tuple[str, str], list[SeparationSample]] = defaultdict(list)
    for one in kept:
        for sample in one.samples:
            if sample.animal_track not in rejected:
                shared[one.craft_track, groups[sample.animal_track]].append(sample)
    making = _Making(tracks, groups, _Company(shared, tracks), known or Known(), starts_at)
    found = [
        making.meeting(craft, group, sorted(samples, key=lambda sample: sample.t_s))
        for (craft, group), samples in shared.items()
        if min(sample.separation.interval_95_m.low for sample in samples) <= reach_m
    ]
    return tuple(sorted(found, key=lambda one: (one.moments[0].sample.t_s, one.craft_track, one.group)))


class _Making:
    """What all meetings of an analysis are made from."""

    def __init__(
        self,
        tracks: Sequence[Track],
        groups: Mapping[str, str],
        company: "_Company",
        known: Known,
        starts_at: datetime | None,
    ) -> None:
        self._by_id = {track.id: track for track in tracks}
        members: dict[str, list[str]] = defaultdict(list)
        for animal, group in groups.items():
            members[group].append(animal)
        open_ones = {track.id for track in tracks if not counts_as_animal(track)}
        self._pods = {group: pod_history(tracks, set(animals) - open_ones) for group, animals in members.items()}
        self._company, self._known, self._starts_at = company, known, starts_at

    def meeting(self, craft: str, group: str, samples: Sequence[SeparationSample]) -> Meeting:
        """That craft and that group."""
        track = self._by_id.get(craft)
        kind = track.kind if track else ObjectKind.VESSEL
        return Meeting(
            craft_track=craft,
            craft_kind=kind,
            group=group,
            animal_tracks=tuple(sorted({sample.animal_track for sample in samples})),
            moments=tuple(self._company.at(craft, group, self._of_one_group(sample)) for sample in samples),
            positions=self._company.positions.get(craft, {}),
            pod=self._pods[group],
            statements=Statements(self._known, craft, kind, group),
            starts_at=self._starts_at,
        )

    def _of_one_group(self, sample: SeparationSample) -> SeparationSample:
        """Without the distance to the pod's edge where its outline was drawn around more groups than one."""
        if sample.pod is None or sum(pod.is_known_at(sample.t_s) for pod in self._pods.values()) < 2:
            return sample
        return sample.model_copy(update={"pod": None})


class _Company:
    """Bounds of all craft in one frame.

    A craft's nearest animal is never farther than the nearest of some group, so every craft of the frame that may be
    near any animal is counted as possibly near this group.
    """

    def __init__(self, shared: Mapping[tuple[str, str], Sequence[SeparationSample]], tracks: Sequence[Track]) -> None:
        craft = {craft for craft, _ in shared}
        self._open = {track.id for track in tracks if not counts_as_animal(track)}
        self.positions = {
            track.id: {point.pts: point.position for point in track.points if isinstance(point.position, Position)}
            for track in tracks
            if track.id in craft
        }
        self._places: dict[tuple[str, int], Place | None] = {}
        self._sure: dict[tuple[str, int], dict[str, float]] = defaultdict(dict)
        self._held: dict[tuple[str, int], dict[str, float]] = defaultdict(dict)
        self._possible: dict[int, dict[str, float]] = defaultdict(dict)
        for (name, group), samples in shared.items():
            for sample in samples:
                interval = sample.separation.interval_95_m
                self._held[group, sample.pts][name] = interval.high
                if sample.craft_observed and sample.animal_age_s == 0.0 and sample.animal_track not in self._open:
                    self._sure[group, sample.pts][name] = interval.high
                pod_low = sample.pod.interval_95_m.low if sample.pod else interval.low
                self._possible[sample.pts][name] = min(interval.low, pod_low)

    def at(self, craft: str, group: str, sample: SeparationSample) -> Moment:
        """That frame for that craft."""
        sure, held = self._sure.get((group, sample.pts), {}), self._held.get((group, sample.pts), {})
        beside = tuple(
            Beside(name, sure.get(name), low, self._place(name, sample.pts), held.get(name))
            for name, low in sorted(self._possible.get(sample.pts, {}).items())
        )
        return Moment(sample, beside, self._place(craft, sample.pts), sample.animal_track not in self._open)

    def _place(self, craft: str, pts: int) -> Place | None:
        key = (craft, pts)
        if key not in self._places:
            position = self.positions.get(craft, {}).get(pts)
            self._places[key] = Place.of(position) if position is not None else None
        return self._places[key]
