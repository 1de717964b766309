"""A rule pack: one law as data."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from wideberth_contracts.judgement import EvidenceLevel
from wideberth_contracts.known import ExceptionKind, Species
from wideberth_contracts.wire import Positive, Sha256, Wire
from wideberth_gateway.rules.areas import Area, Corner
from wideberth_gateway.rules.numbers import Decision
from wideberth_gateway.rules.primitives import EncounterRule, OwnRule, Penalty, Rule, RuleBase

PACK_ID = r"^[a-z][a-z0-9-]*$"
VERSION = r"^[0-9A-Za-z][0-9A-Za-z.-]*$"


class Remark(Wire):
    """Something about the law that no primitive judges."""

    about: str
    says: str
    evidence: EvidenceLevel


class AdmittedException(Wire):
    """An exception that the law names, for some of its rules or for all of them."""

    kind: ExceptionKind
    says: Annotated[str, Field(min_length=3)]
    evidence: EvidenceLevel
    source: Annotated[str, Field(min_length=3)]
    rules: tuple[str, ...] = ()


class NoDay(Wire):
    """The day is not at hand, and why."""

    absent: Annotated[str, Field(min_length=3)]


class PackFile(Wire):
    """A pack as it stands in its file.

    Attributes:
        version: changes with every change of a number or text.
        language: of the rules' original texts, ISO 639-1.
        valid_from: first day on which the law held; valid_until: the last, None while it holds.
        area: None in packs older than the field.
        species: animals the law is about; where nobody says what was filmed, the first is taken.
        reach_m: beyond this distance no rule of the pack has a say, so there is no encounter.
        decision: of all rules that bring none of their own.
    """

    id: Annotated[str, Field(pattern=PACK_ID)]
    version: Annotated[str, Field(pattern=VERSION)]
    title: Annotated[str, Field(min_length=3)]
    jurisdiction: str
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    valid_from: date | NoDay
    valid_until: date | None = None
    area: Area | None = None
    species: Annotated[tuple[Species, ...], Field(min_length=1)] = (Species.DOLPHIN,)
    reach_m: Positive
    decision: Decision = Decision()
    penalty: Penalty | None = None
    exceptions: tuple[AdmittedException, ...] = ()
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    remarks: tuple[Remark, ...] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> "PackFile":
        ids = [rule.id for rule in self.rules]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"rule id used twice: {', '.join(twice)}")
        unknown = sorted({name for one in self.exceptions for name in one.rules} - set(ids))
        if unknown:
            raise ValueError(f"an exception names a rule that the pack has not: {', '.join(unknown)}")
        if self.valid_until and not isinstance(self.valid_from, NoDay) and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        return self


class GivenOutline(Wire):
    """The outline of one area as an operator gave it.

    Attributes:
        area: its id; file: its name; content: the file, UTF-8; sha256: of its bytes.
    """

    area: Annotated[str, Field(min_length=1)]
    file: str
    content: str
    sha256: Sha256
    corners: Annotated[tuple[Corner, ...], Field(min_length=3)]


class Pack(PackFile):
    """A pack, and the hash of the file it was read from.

    Attributes:
        outlines: given by the operator; where there are any, the hash is of the file and of them.
    """

    sha256: Sha256
    outlines: tuple[GivenOutline, ...] = ()

    @property
    def name(self) -> str:
        """Id and version, as `--rules` takes them."""
        return f"{self.id}@{self.version}"

    def rule(self, rule_id: str) -> RuleBase | None:
        """The rule of that id, if the pack has it."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def encounter_rules(self, species: Species | None = None) -> tuple[EncounterRule, ...]:
        """Enabled rules about craft near animals (of that species, where given), in the pack's order."""
        rules = tuple(rule for rule in self.rules if rule.enabled and isinstance(rule, EncounterRule))
        return rules if species is None else tuple(rule for rule in rules if rule.about(species))

    def own_rules(self, species: Species | None = None) -> tuple[OwnRule, ...]:
        """Enabled rules about the watching drone."""
        rules = tuple(rule for rule in self.rules if rule.enabled and isinstance(rule, OwnRule))
        return rules if species is None else tuple(rule for rule in rules if rule.about(species))
