"""Whether a law applies at all: its days, its area, its animals; and what of that could not be checked."""

from collections.abc import Sequence
from datetime import date, datetime

from wideberth_contracts.judgement import Finding, JudgeRequest, Missing, Verdict
from wideberth_contracts.known import Known, Species
from wideberth_contracts.phrases import Phrase, phrase
from wideberth_contracts.positions import Position
from wideberth_gateway.rules.areas import Area
from wideberth_gateway.rules.encounters import Meeting
from wideberth_gateway.rules.pack import NoDay, Pack
from wideberth_gateway.rules.places import Place
from wideberth_gateway.wording.saying import say


def species_of(pack: Pack, known: Known) -> Species:
    """What the animals are: as a person said, else the first species of the pack."""
    return known.species or pack.species[0]


def notes_of(pack: Pack, request: JudgeRequest, found: Sequence[Meeting]) -> tuple[Phrase, ...]:
    """Assumptions, and what could not be checked, one sentence each."""
    if not request.tracks:
        return ()
    notes = []
    if request.known.species is None:
        notes.append(phrase("note.species_assumed", species=_species(pack.species[0])))
    elif not request.known.species.kinds & set(pack.species):
        notes.append(phrase("note.not_about", species=_species(request.known.species)))
    if isinstance(pack.valid_from, NoDay):
        notes.append(phrase("note.no_day", absent=pack.valid_from.absent))
    elif request.starts_at is None and not any(one.moments[0].sample.captured_at for one in found):
        notes.append(phrase("note.day_unknown"))
    if pack.area is not None and pack.area.absent:
        notes.append(phrase("note.area_unchecked", area=pack.area.name, absent=pack.area.absent))
    return tuple(notes)


def in_force(finding: Finding, pack: Pack, place: Position | None) -> Finding:
    """The finding, turned to `cannot_judge` where the law, or that rule, did not hold on that day or at that place."""
    rule = pack.rule(finding.rule)
    part = _outside(rule.holds_in, place, sure=True) if rule is not None and rule.holds_in is not None else None
    why = _not_on_that_day(pack, finding.start) or (pack.area and _outside(pack.area, place)) or part
    if why is None:
        return finding
    changes = {"verdict": Verdict.CANNOT_JUDGE, "turned_from": finding.verdict, "missing": Missing.NOT_IN_FORCE}
    said = phrase("not_in_force", why=why, reason=finding.said or finding.reason)
    return finding.model_copy(update={**changes, "reason": say(said), "said": said})


def _species(species: Species) -> Phrase:
    return phrase(f"species.{species.value}")


def _not_on_that_day(pack: Pack, at: datetime | None) -> Phrase | None:
    if at is None:
        return None
    day: date = at.date()
    if not isinstance(pack.valid_from, NoDay) and day < pack.valid_from:
        return phrase("force.not_yet", day=str(pack.valid_from), was=str(day))
    if pack.valid_until is not None and day > pack.valid_until:
        return phrase("force.no_longer", day=str(pack.valid_until), was=str(day))
    return None


def _outside(area: Area, place: Position | None, *, sure: bool = False) -> Phrase | None:
    """Why it is not surely inside; `sure`: where no place is known, that is a reason too."""
    if not area.outline:
        return None
    if place is None or place.latitude is None or place.longitude is None:
        return phrase("force.no_place", area=area.name) if sure else None
    depth_m = area.depth_m(place.latitude, place.longitude)
    half_m = Place.of(place).half_95_m
    if depth_m > half_m:
        return None
    if depth_m < -half_m:
        return phrase("force.outside", metres=-depth_m, area=area.name)
    return phrase("force.edge", metres=abs(depth_m), area=area.name, error_m=half_m)
