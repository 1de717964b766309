"""An alert in a sentence, in English and Korean: for feeds that people read."""

from dataclasses import dataclass

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import Alert, AlertStatus
from wideberth_contracts.reviews import Severity
from wideberth_gateway.identity.naming import vessel_sentence
from wideberth_gateway.wording.language import Language
from wideberth_gateway.wording.saying import say


@dataclass(frozen=True, slots=True)
class Words:
    """One language.

    Attributes:
        language: of its words; code: the same by RFC 5646.
        headline, description: templates; see `said`.
    """

    language: Language
    code: str
    event: str
    statuses: dict[AlertStatus, str]
    severities: dict[Severity, str]
    kinds: dict[ObjectKind, str]
    headline: str
    description: str
    unknown_time: str


ENGLISH = Words(
    language=Language.ENGLISH,
    code="en-US",
    event="Vessel too close to dolphins, or conduct near them",
    statuses={
        AlertStatus.CANDIDATE: "Candidate",
        AlertStatus.CONFIRMED: "Confirmed",
        AlertStatus.REJECTED: "Rejected",
        AlertStatus.WITHDRAWN: "Withdrawn",
    },
    severities={Severity.NOTICE: "notice", Severity.SERIOUS: "serious", Severity.GRAVE: "grave"},
    kinds={
        ObjectKind.VESSEL: "vessel",
        ObjectKind.JET_SKI: "jet ski",
        ObjectKind.SWIMMER: "swimmer",
        ObjectKind.DOLPHIN: "dolphin",
    },
    headline="{status}: {kind} {closest:.0f} m from dolphins, rule {rule} ({severity})",
    description=(
        "{status}. {kind} {track}, closest measured approach {closest:.1f} m (95 %: {low:.1f} to {high:.1f} m), at "
        "{time}. {vessel} Rule {rule}: {text} Source: {citation}. {reason}"
    ),
    unknown_time="a time not known",
)
KOREAN = Words(
    language=Language.KOREAN,
    code="ko-KR",
    event="선박의 돌고래 접근 또는 주변 운항 위반",
    statuses={
        AlertStatus.CANDIDATE: "위반 후보",
        AlertStatus.CONFIRMED: "확인됨",
        AlertStatus.REJECTED: "기각됨",
        AlertStatus.WITHDRAWN: "철회됨",
    },
    severities={Severity.NOTICE: "주의", Severity.SERIOUS: "심각", Severity.GRAVE: "매우 심각"},
    kinds={
        ObjectKind.VESSEL: "선박",
        ObjectKind.JET_SKI: "수상오토바이",
        ObjectKind.SWIMMER: "수영하는 사람",
        ObjectKind.DOLPHIN: "돌고래",
    },
    headline="{status}: {kind}, 돌고래와 {closest:.0f} m, 규칙 {rule} ({severity})",
    description=(
        "{status}. {kind} {track}, 측정된 최근접 거리 {closest:.1f} m (95 % 구간 {low:.1f}~{high:.1f} m), 시각 {time}. "
        "{vessel} 규칙 {rule}: {text} 근거: {citation}. {reason}"
    ),
    unknown_time="시각 미상",
)
LANGUAGES = (KOREAN, ENGLISH)


def words_of(language: Language) -> Words:
    """The words of a language."""
    return KOREAN if language is Language.KOREAN else ENGLISH


def headline(alert: Alert, words: Words) -> str:
    """One line."""
    return words.headline.format(**_said(alert, words))


def description(alert: Alert, words: Words) -> str:
    """A paragraph: what was measured, when, who it was if that is known, the rule, where it is written, and why."""
    return words.description.format(**_said(alert, words))


def reason(alert: Alert, language: Language) -> str:
    """Why it is one, or why it was taken back. English where it was kept by a version that had no phrases."""
    said = alert.withdrawn_said if alert.withdrawn_because else alert.finding.said
    return alert.withdrawn_because or alert.finding.reason if said is None else say(said, language)


def _said(alert: Alert, words: Words) -> dict[str, object]:
    encounter, start = alert.encounter, alert.finding.start
    return {
        "status": words.statuses[alert.status],
        "severity": words.severities[alert.severity],
        "kind": words.kinds[encounter.craft_kind],
        "track": encounter.craft_track,
        "closest": encounter.closest_separation_m,
        "low": encounter.closest_interval_95_m.low,
        "high": encounter.closest_interval_95_m.high,
        "time": start.isoformat() if start else words.unknown_time,
        "rule": alert.finding.rule,
        "text": _rule_text(alert, words),
        "citation": alert.rule_text.citation,
        "vessel": vessel_sentence(alert.vessel, words.language),
        "reason": reason(alert, words.language),
    }


def _rule_text(alert: Alert, words: Words) -> str:
    """The wording where it is Korean; the English summary of laws that are not."""
    original = alert.rule_text.original
    is_korean = isinstance(original, str) and any("가" <= letter <= "힣" for letter in original)
    return str(original) if words is KOREAN and is_korean else alert.rule_text.english
