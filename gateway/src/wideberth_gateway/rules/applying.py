"""Whether a law applies at all: its days, its area, its animals; and what of that could not be checked."""

from collections.abc import Sequence
from datetime import date, datetime

from wideberth_contracts.judgement import Finding, JudgeRequest, Missing, Verdict
from wideberth_contracts.known import Known, Species
from wideberth_contracts.positions import Position
from wideberth_gateway.rules.encounters import Meeting
from wideberth_gateway.rules.pack import NoDay, Pack
from wideberth_gateway.rules.places import Place


def species_of(pack: Pack, known: Known) -> Species:
    """What the animals are: as a person said, else the first species of the pack."""
    return known.species or pack.species[0]


def notes_of(pack: Pack, request: JudgeRequest, found: Sequence[Meeting]) -> tuple[str, ...]:
    """Assumptions, and what could not be checked, one sentence each."""
    if not request.tracks:
        return ()
    notes = []
    if request.known.species is None:
        notes.append(f"nobody said what animals these are: taken for {pack.species[0].value}, as the pack is about")
    elif not request.known.species.kinds & set(pack.species):
        notes.append(f"the pack is not about {request.known.species.value}")
    if isinstance(pack.valid_from, NoDay):
        notes.append(f"since when this law holds is not in the pack: {pack.valid_from.absent}")
    elif request.starts_at is None and not any(one.moments[0].sample.captured_at for one in found):
        notes.append("the clip's day is not known: that the law was in force then is not checked")
    if pack.area is not None and pack.area.absent:
        notes.append(f"whether this is {pack.area.name} is not checked: {pack.area.absent}")
    return tuple(notes)


def in_force(finding: Finding, pack: Pack, place: Position | None) -> Finding:
    """The finding, turned to `cannot_judge` where the law did not hold on that day, or not at that place."""
    why = _not_on_that_day(pack, finding.start) or _not_there(pack, place)
    if why is None:
        return finding
    changes = {"verdict": Verdict.CANNOT_JUDGE, "turned_from": finding.verdict, "missing": Missing.NOT_IN_FORCE}
    return finding.model_copy(update={**changes, "reason": f"{why}; else: {finding.reason}"})


def _not_on_that_day(pack: Pack, at: datetime | None) -> str | None:
    if at is None:
        return None
    day: date = at.date()
    if not isinstance(pack.valid_from, NoDay) and day < pack.valid_from:
        return f"the law held from {pack.valid_from}, and this was on {day} (UTC)"
    if pack.valid_until is not None and day > pack.valid_until:
        return f"the law held until {pack.valid_until}, and this was on {day} (UTC)"
    return None


def _not_there(pack: Pack, place: Position | None) -> str | None:
    if pack.area is None or not pack.area.outline or place is None:
        return None
    if place.latitude is None or place.longitude is None:
        return None
    depth_m = pack.area.depth_m(place.latitude, place.longitude)
    half_m = Place.of(place).half_95_m
    if depth_m > half_m:
        return None
    if depth_m < -half_m:
        return f"{-depth_m:.0f} m outside {pack.area.name}"
    return f"the edge of {pack.area.name} is {abs(depth_m):.0f} m off, nearer than the error of {half_m:.0f} m"
