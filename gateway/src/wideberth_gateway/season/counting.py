"""Which encounters count: each stretch of video once, and none that a person said was no encounter."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from wideberth_contracts.judgement import Alert
from wideberth_contracts.reviews import RejectionReason
from wideberth_gateway.store.encounters import Kept, Looked, Met

NO_ENCOUNTER = frozenset(
    {RejectionReason.NO_ANIMAL, RejectionReason.NO_VESSEL, RejectionReason.SAME_OBJECT_TWICE, RejectionReason.DUPLICATE}
)
"""A person who rejects for one of these says that nothing met, or that it is counted already."""

Rejected = Mapping[tuple[str, str, str], RejectionReason | None]
"""By analysis, encounter and rule: why a person rejected the alert."""


def once(met: Iterable[Met], finished: Sequence[Looked]) -> tuple[Met, ...]:
    """Each stretch of a video counts by the newest analysis that looked at it.

    Args:
        met: of finished analyses.
        finished: those analyses, newest first.
    """
    newer: dict[str, list[list[tuple[float, float]] | None]] = {}
    covered: dict[str, tuple[list[tuple[float, float]] | None, ...]] = {}
    for one in finished:
        before = newer.setdefault(one.video_sha256, [])
        covered[one.id] = tuple(before)
        before.append(_spans(one.settings_json))
    return tuple(one for one in met if not _within(one.closest_t_s, covered.get(one.analysis_id, ())))


def judged_by_people(met: Iterable[Met], rejected: Rejected) -> tuple[Met, ...]:
    """The encounters as they stand after persons have looked at their alerts."""
    stand = (_after(one, rejected) for one in met)
    return tuple(one for one in stand if one is not None)


def reasons_of(alerts: Iterable[Alert]) -> dict[tuple[str, str, str], RejectionReason | None]:
    """Why each rejected alert was."""
    return {
        (one.analysis_id, one.encounter.id, one.finding.rule): one.reviews[-1].reason if one.reviews else None
        for one in alerts
    }


def _after(one: Met, rejected: Rejected) -> Met | None:
    keys = {rule: (one.analysis_id, one.encounter_id, rule) for rule in one.rules}
    gone = {rule: rejected[key] for rule, key in keys.items() if key in rejected}
    if any(reason in NO_ENCOUNTER for reason in gone.values()):
        return None
    left = tuple(rule for rule in one.rules if rule not in gone)
    return replace(one, rules=left, verdict=Kept.YES) if gone and not left else replace(one, rules=left)


def _spans(settings_json: str) -> list[tuple[float, float]] | None:
    """What was looked at; None: the whole clip."""
    spans = json.loads(settings_json).get("spans")
    return [(one["start_s"], one["stop_s"]) for one in spans] if spans else None


def _within(t_s: float, looks: tuple[list[tuple[float, float]] | None, ...]) -> bool:
    return any(spans is None or any(start <= t_s < stop for start, stop in spans) for spans in looks)
