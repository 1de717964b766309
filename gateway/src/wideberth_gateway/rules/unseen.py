"""Spans of a clip that nothing looked at: nothing is compliant across them, for absence of evidence is no evidence."""

from collections.abc import Sequence

from wideberth_contracts.judgement import Finding, JudgeRequest, Missing, Unseen, Verdict
from wideberth_contracts.phrases import Phrase, phrase
from wideberth_gateway.wording.recognising import Written, recognised
from wideberth_gateway.wording.saying import say

CUT_OFF_S = 2.0
"""What was last or first seen so near to such a span is taken to go on in it: a track is begun within two seconds."""


def with_unseen(finding: Finding, unseen: Sequence[Unseen], start_s: float, end_s: float) -> Finding:
    """The finding; `cannot_judge` in place of `compliant` where part of [start_s, end_s] was not looked at."""
    gap = next((one for one in unseen if touches(one, start_s, end_s)), None)
    if gap is None or finding.verdict is not Verdict.COMPLIANT:
        return finding
    said = phrase(
        "not_looked_at",
        start_s=gap.start_s,
        stop_s=gap.stop_s,
        reason=finding.said or finding.reason,
    )
    changes = {"verdict": Verdict.CANNOT_JUDGE, "turned_from": finding.verdict, "missing": Missing.NOT_LOOKED_AT}
    return finding.model_copy(update={**changes, "reason": say(said), "said": said})


def touches(gap: Unseen, start_s: float, end_s: float) -> bool:
    """Whether what was seen from start_s to end_s may have gone on in the gap."""
    return start_s < gap.stop_s + CUT_OFF_S and end_s > gap.start_s - CUT_OFF_S


def unseen_notes(request: JudgeRequest) -> tuple[Phrase, ...]:
    """One sentence for each span that was not looked at."""
    return tuple(
        phrase(
            "note.not_looked_at",
            start_s=gap.start_s,
            stop_s=gap.stop_s,
            why=recognised(gap.reason, Written.FAULT) or gap.reason,
        )
        for gap in request.unseen
    )
