"""From verdicts to alerts: one for each encounter and rule whose verdict is `violation`, and for nothing else."""

import hashlib
from datetime import datetime

from wideberth_contracts.errors import BadRulePack
from wideberth_contracts.judgement import Alert, AlertStatus, Encounter, JudgeAnswer, RuleText, Verdict
from wideberth_contracts.poses import TelemetryGrade
from wideberth_gateway.alerts.severity import severity_of
from wideberth_gateway.rules.pack import Pack

ID_HEX_DIGITS = 32
"""128 bits of SHA-256: no two alerts meet by chance."""


def alerts_of(
    judgement: JudgeAnswer,
    pack: Pack,
    *,
    analysis_id: str,
    grade: TelemetryGrade,
    model_ids: tuple[str, ...],
    created_at: datetime,
) -> tuple[Alert, ...]:
    """Candidates, in the order of the judgement. Advisory ones say so in their finding.

    Raises:
        BadRulePack: `pack` is not the one that the judgement was made with.
    """
    if pack.sha256 != judgement.pack_sha256:
        raise BadRulePack(f"the judgement was made with another {judgement.pack_id}", remedy="judge again")
    return tuple(
        Alert(
            id=alert_id(analysis_id, encounter, finding.rule),
            version=1,
            status=AlertStatus.CANDIDATE,
            analysis_id=analysis_id,
            encounter=encounter,
            finding=finding,
            rule_text=_text(pack, finding.rule),
            pack_id=judgement.pack_id,
            pack_version=judgement.pack_version,
            grade=grade,
            model_ids=model_ids,
            created_at=created_at,
            severity=severity_of(finding),
        )
        for encounter in judgement.encounters
        for finding in encounter.findings
        if finding.verdict is Verdict.VIOLATION
    )


def alert_id(analysis_id: str, encounter: Encounter, rule: str) -> str:
    """The same for the same encounter of the same analysis under the same rule, whenever it is made."""
    named = "\n".join((analysis_id, encounter.craft_track, encounter.group, rule))
    return hashlib.sha256(named.encode()).hexdigest()[:ID_HEX_DIGITS]


def _text(pack: Pack, rule_id: str) -> RuleText:
    rule = pack.rule(rule_id)
    if rule is None:
        raise BadRulePack(f"the pack {pack.id} has no rule {rule_id}", remedy="judge again")
    return rule.text
