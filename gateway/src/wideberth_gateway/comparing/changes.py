"""What changed from one analysis to another: tracks, encounters, alerts, separations; gone, new or changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from wideberth_contracts.judgement import Alert, Encounter, JudgeAnswer
from wideberth_contracts.separations import SeparationSeries
from wideberth_contracts.tracks import Track
from wideberth_gateway.comparing.matching import Pair, believed, matched

SAME_TIME_S = 1.0
"""Beginnings and ends of a track that differ by less are the same: a step of the slowest usual rate."""

SAME_OVERLAP = 0.5
SAME_METRES = 0.05
"""Half of the last digit that is shown."""


class Difference(StrEnum):
    """What became of something. `SAME`: nothing that is compared changed."""

    GONE = "gone"
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


class View(BaseModel):
    """Frozen, and told in full in the API's description."""

    model_config = ConfigDict(frozen=True)


class TrackChange(View):
    """A track. Changed: another class, other beginning or end, or boxes that overlap little."""

    change: Difference
    a: str | None
    b: str | None
    kind_a: str | None
    kind_b: str | None
    overlap: float | None
    sightings_a: int | None
    sightings_b: int | None
    start_s: float
    end_s: float


class EncounterChange(View):
    """A craft near a group. Closest separations with their 95 % intervals, and the verdicts by rule that differ."""

    change: Difference
    craft_a: str | None
    craft_b: str | None
    closest_a_m: float | None
    closest_b_m: float | None
    interval_a_m: tuple[float, float] | None
    interval_b_m: tuple[float, float] | None
    closest_t_s: float
    verdicts: tuple[tuple[str, str, str], ...]


class AlertChange(View):
    """An alert by its craft and rule."""

    change: Difference
    rule: str
    a: str | None
    b: str | None
    status_a: str | None
    status_b: str | None
    severity_a: str | None
    severity_b: str | None


class SeparationChange(View):
    """How a craft's separation differs over the moments that both have.

    Attributes:
        within: share of the moments at which either value lies in the other's 95 % interval.
    """

    change: Difference
    craft_a: str | None
    craft_b: str | None
    moments: int
    mean_difference_m: float | None
    largest_difference_m: float | None
    largest_t_s: float | None
    within: float | None


class Comparison(View):
    """All changes from analysis a to analysis b, and the settings and models that differ."""

    a: str
    b: str
    settings: tuple[tuple[str, str, str], ...]
    tracks: tuple[TrackChange, ...]
    encounters: tuple[EncounterChange, ...]
    alerts: tuple[AlertChange, ...]
    separations: tuple[SeparationChange, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two analyses."""

    analysis_id: str
    told: Mapping[str, str]
    tracks: tuple[Track, ...]
    series: tuple[SeparationSeries, ...]
    judged: JudgeAnswer | None
    alerts: tuple[Alert, ...]


def compared(a: Side, b: Side) -> Comparison:
    """The whole comparison."""
    pairs = matched(a.tracks, b.tracks)
    there = {pair.a: pair.b for pair in pairs}
    names = sorted(a.told.keys() | b.told.keys())
    return Comparison(
        a=a.analysis_id,
        b=b.analysis_id,
        settings=tuple(
            (name, a.told.get(name, ""), b.told.get(name, "")) for name in names if a.told.get(name) != b.told.get(name)
        ),
        tracks=_tracks(a, b, pairs),
        encounters=_encounters(a, b, there),
        alerts=_alerts(a, b, there),
        separations=_separations(a, b, there),
    )


def _tracks(a: Side, b: Side, pairs: tuple[Pair, ...]) -> tuple[TrackChange, ...]:
    of_a, of_b = ({track.id: track for track in believed(side.tracks)} for side in (a, b))
    rows = [_track(of_a[pair.a], of_b[pair.b], pair.overlap) for pair in pairs]
    rows += [_track(of_a[name], None, None) for name in of_a if name not in {pair.a for pair in pairs}]
    rows += [_track(None, of_b[name], None) for name in of_b if name not in {pair.b for pair in pairs}]
    return tuple(sorted(rows, key=lambda row: (row.start_s, row.a or row.b or "")))


def _track(a: Track | None, b: Track | None, overlap: float | None) -> TrackChange:
    both = [one for one in (a, b) if one is not None]
    same = a is not None and b is not None and _alike(a, b) and (overlap or 0.0) >= SAME_OVERLAP
    return TrackChange(
        change=_change(a, b, same=same),
        a=a.id if a else None,
        b=b.id if b else None,
        kind_a=a.kind.value if a else None,
        kind_b=b.kind.value if b else None,
        overlap=overlap,
        sightings_a=_sightings(a) if a else None,
        sightings_b=_sightings(b) if b else None,
        start_s=min(one.points[0].t_s for one in both),
        end_s=max(one.points[-1].t_s for one in both),
    )


def _alike(a: Track, b: Track) -> bool:
    """Of one class, and there from and until about the same time. Sightings are no matter: rates may differ."""
    ends = zip((a.points[0], a.points[-1]), (b.points[0], b.points[-1]), strict=True)
    return a.kind is b.kind and all(abs(one.t_s - other.t_s) <= SAME_TIME_S for one, other in ends)


def _sightings(track: Track) -> int:
    return sum(point.observed for point in track.points)


def _encounters(a: Side, b: Side, there: Mapping[str, str]) -> tuple[EncounterChange, ...]:
    left = list(b.judged.encounters) if b.judged else []
    rows = []
    for one in a.judged.encounters if a.judged else ():
        other = _best(one, left, there)
        if other is not None:
            left.remove(other)
        rows.append(_encounter(one, other))
    rows += [_encounter(None, other) for other in left]
    return tuple(sorted(rows, key=lambda row: row.closest_t_s))


def _best(one: Encounter, others: Sequence[Encounter], there: Mapping[str, str]) -> Encounter | None:
    """The same craft's encounter that shares most time with it."""
    same = [other for other in others if other.craft_track == there.get(one.craft_track)]
    shared = [(min(one.end_s, other.end_s) - max(one.start_s, other.start_s), other) for other in same]
    best = max(shared, key=lambda item: item[0], default=None)
    return best[1] if best is not None and best[0] >= 0 else None


def _encounter(a: Encounter | None, b: Encounter | None) -> EncounterChange:
    verdicts = _verdicts(a, b) if a is not None and b is not None else ()
    moved = a is not None and b is not None and abs(a.closest_separation_m - b.closest_separation_m) >= SAME_METRES
    first = a if a is not None else b
    return EncounterChange(
        change=_change(a, b, same=not verdicts and not moved),
        craft_a=a.craft_track if a else None,
        craft_b=b.craft_track if b else None,
        closest_a_m=a.closest_separation_m if a else None,
        closest_b_m=b.closest_separation_m if b else None,
        interval_a_m=(a.closest_interval_95_m.low, a.closest_interval_95_m.high) if a else None,
        interval_b_m=(b.closest_interval_95_m.low, b.closest_interval_95_m.high) if b else None,
        closest_t_s=first.closest_t_s if first else 0.0,
        verdicts=verdicts,
    )


def _verdicts(a: Encounter, b: Encounter) -> tuple[tuple[str, str, str], ...]:
    of_a, of_b = ({one.rule: one.verdict.value for one in side.findings} for side in (a, b))
    rules = sorted(of_a.keys() | of_b.keys())
    return tuple((rule, of_a.get(rule, ""), of_b.get(rule, "")) for rule in rules if of_a.get(rule) != of_b.get(rule))


def _alerts(a: Side, b: Side, there: Mapping[str, str]) -> tuple[AlertChange, ...]:
    left = list(b.alerts)
    rows = []
    for one in a.alerts:
        craft = there.get(one.encounter.craft_track)
        same = [
            other for other in left if (other.encounter.craft_track, other.finding.rule) == (craft, one.finding.rule)
        ]
        other = min(same, key=lambda each: abs(each.finding.start_s - one.finding.start_s), default=None)
        if other is not None:
            left.remove(other)
        rows.append(_alert(one, other))
    return tuple(rows + [_alert(None, other) for other in left])


def _alert(a: Alert | None, b: Alert | None) -> AlertChange:
    first = a if a is not None else b
    same = a is not None and b is not None and (a.status, a.severity) == (b.status, b.severity)
    return AlertChange(
        change=_change(a, b, same=same),
        rule=first.finding.rule if first else "",
        a=a.id if a else None,
        b=b.id if b else None,
        status_a=a.status.value if a else None,
        status_b=b.status.value if b else None,
        severity_a=a.severity.value if a else None,
        severity_b=b.severity.value if b else None,
    )


def _separations(a: Side, b: Side, there: Mapping[str, str]) -> tuple[SeparationChange, ...]:
    of_b = {one.craft_track: one for one in b.series}
    rows = [_series(one, of_b.pop(there.get(one.craft_track, ""), None)) for one in a.series]
    return tuple(rows + [_series(None, other) for other in of_b.values()])


def _series(a: SeparationSeries | None, b: SeparationSeries | None) -> SeparationChange:
    at_b = {round(sample.t_s, 3): sample for sample in b.samples} if b else {}
    both = [(one, at_b[round(one.t_s, 3)]) for one in a.samples if round(one.t_s, 3) in at_b] if a else []
    apart = [(other.separation.value_m - one.separation.value_m, one.t_s) for one, other in both]
    largest = max(apart, key=lambda item: abs(item[0]), default=None)
    inside = [
        one.separation.interval_95_m.low <= other.separation.value_m <= one.separation.interval_95_m.high
        or other.separation.interval_95_m.low <= one.separation.value_m <= other.separation.interval_95_m.high
        for one, other in both
    ]
    return SeparationChange(
        change=_change(a, b, same=largest is not None and abs(largest[0]) < SAME_METRES),
        craft_a=a.craft_track if a else None,
        craft_b=b.craft_track if b else None,
        moments=len(both),
        mean_difference_m=sum(value for value, _ in apart) / len(apart) if apart else None,
        largest_difference_m=largest[0] if largest else None,
        largest_t_s=largest[1] if largest else None,
        within=sum(inside) / len(inside) if inside else None,
    )


def _change(a: object | None, b: object | None, *, same: bool) -> Difference:
    if a is None:
        return Difference.NEW
    if b is None:
        return Difference.GONE
    return Difference.SAME if same else Difference.CHANGED
