"""A rule pack: one law as data."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from wideberth_contracts.judgement import EvidenceLevel
from wideberth_contracts.wire import Positive, Sha256, Wire
from wideberth_gateway.rules.numbers import Decision
from wideberth_gateway.rules.primitives import EncounterRule, Rule, RuleBase, WatchAircraftMinAlt


class Remark(Wire):
    """Something about the law that no primitive judges, such as the penalty or a protected area."""

    about: str
    says: str
    evidence: EvidenceLevel


class PackFile(Wire):
    """A pack as it stands in its file.

    Attributes:
        version: changes with every change of a number or text.
        valid_from: first day on which the law held.
        reach_m: beyond this distance no rule of the pack has a say, so there is no encounter.
        decision: of all rules that bring none of their own.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: Annotated[str, Field(min_length=1)]
    title: str
    jurisdiction: str
    valid_from: date
    valid_until: date | None = None
    reach_m: Positive
    decision: Decision = Decision()
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    remarks: tuple[Remark, ...] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "PackFile":
        ids = [rule.id for rule in self.rules]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"rule id used twice: {', '.join(twice)}")
        return self


class Pack(PackFile):
    """A pack, and the hash of the file it was read from."""

    sha256: Sha256

    def rule(self, rule_id: str) -> RuleBase | None:
        """The rule of that id, if the pack has it."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def decision_of(self, rule: RuleBase) -> Decision:
        """The rule's own decision numbers, or the pack's."""
        return rule.decision or self.decision

    def encounter_rules(self) -> tuple[EncounterRule, ...]:
        """Enabled rules about craft near animals, in the pack's order."""
        return tuple(rule for rule in self.rules if rule.enabled and isinstance(rule, EncounterRule))

    def own_rules(self) -> tuple[WatchAircraftMinAlt, ...]:
        """Enabled rules about the watching drone."""
        return tuple(rule for rule in self.rules if rule.enabled and isinstance(rule, WatchAircraftMinAlt))
