"""Exceptions: recorded beside the finding they are claimed for; one that the law names turns a violation.

Nothing is deleted: the finding keeps its numbers, its frames, what it was turned from, and who claimed what.
"""

from collections.abc import Sequence

from wideberth_contracts.judgement import EvidenceLevel, Finding, Verdict
from wideberth_contracts.known import ExceptionClaim, ExceptionRecord
from wideberth_contracts.phrases import phrase
from wideberth_gateway.rules.pack import AdmittedException
from wideberth_gateway.wording.saying import say

NOT_NAMED = phrase("exception.not_named")


def with_exceptions(
    finding: Finding, claims: Sequence[ExceptionClaim], admitted: Sequence[AdmittedException]
) -> Finding:
    """The finding with every claim that was made about it.

    Args:
        claims: about this craft and group.
        admitted: exceptions of the pack.
    """
    about = [claim for claim in claims if _is_about(claim, finding)]
    if not about:
        return finding
    records = tuple(_record(claim, finding.rule, admitted) for claim in about)
    changes: dict[str, object] = {"exceptions": records}
    turning = next((one for one in records if one.admitted), None)
    if turning is not None and finding.verdict is Verdict.VIOLATION:
        claim = turning.claim
        kind, before = phrase(f"exception.{claim.kind.value}"), finding.said or finding.reason
        said = phrase("excepted", kind=kind, says=claim.says, by=claim.by, reason=before)
        changes |= {
            "verdict": Verdict.COMPLIANT,
            "turned_from": Verdict.VIOLATION,
            "reason": say(said),
            "said": said,
        }
    return finding.model_copy(update=changes)


def _is_about(claim: ExceptionClaim, finding: Finding) -> bool:
    if claim.rules and finding.rule not in claim.rules:
        return False
    starts_after = claim.start_s is not None and claim.start_s > finding.start_s
    ends_before = claim.end_s is not None and claim.end_s < finding.end_s
    return not starts_after and not ends_before  # a claim for part of the span does not excuse the rest


def _record(claim: ExceptionClaim, rule_id: str, admitted: Sequence[AdmittedException]) -> ExceptionRecord:
    for one in admitted:
        if one.kind is claim.kind and (not one.rules or rule_id in one.rules):
            sure = one.evidence is not EvidenceLevel.M
            said = phrase("exception.named", says=one.says, source=one.source, evidence=one.evidence.value)
            return ExceptionRecord(claim=claim, admitted=sure, why=say(said), said=said)
    return ExceptionRecord(claim=claim, admitted=False, why=say(NOT_NAMED), said=NOT_NAMED)
