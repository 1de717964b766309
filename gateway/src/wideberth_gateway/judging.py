"""Encounters as flat rows, the form other tools rely on."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from wideberth_contracts.judgement import Finding, JudgeAnswer
from wideberth_contracts.known import ExceptionRecord
from wideberth_contracts.phrases import phrase
from wideberth_contracts.tracks import Track
from wideberth_contracts.wire import Interval
from wideberth_gateway.version import wideberth_version
from wideberth_gateway.wording.saying import korean


class Row(TypedDict):
    """One encounter under one rule; documented in docs/formats.md.

    `start` and `end` are the span that decided, ISO 8601 in UTC; where the clip's time of day is unknown they are the
    seconds from its start, as `start_s` and `end_s` always are.
    """

    vessel_track: str
    vessel_kind: str
    group: str
    unsure_animals: list[str]
    rule: str
    verdict: str
    reason: str
    reason_ko: str | None
    advisory: bool
    start: str | float
    end: str | float
    start_s: float
    end_s: float
    closest_separation_m: float
    interval_95_m: list[float]
    closest_t_s: float
    closest_pod_m: float | None
    pod_interval_95_m: list[float] | None
    missing: str | None
    missing_ko: str | None
    turned_from: str | None
    exceptions: list[dict[str, object]]
    decisive_pts: list[int]
    bands: list[dict[str, object]]


def rows(answer: JudgeAnswer, tracks: Iterable[Track] = ()) -> list[Row]:
    """One row for each encounter and rule that has a say, in the answer's order.

    Args:
        answer: of the verb *judge*.
        tracks: name the kind of a craft better than the answer where given.
    """
    kinds = {track.id: track.kind for track in tracks}
    return [
        Row(
            vessel_track=encounter.craft_track,
            vessel_kind=kinds.get(encounter.craft_track, encounter.craft_kind).value,
            group=encounter.group,
            unsure_animals=list(encounter.unsure_animals),
            rule=finding.rule,
            verdict=finding.verdict.value,
            reason=finding.reason,
            reason_ko=korean(finding.said),
            advisory=finding.advisory,
            start=_moment(finding.start, finding.start_s),
            end=_moment(finding.end, finding.end_s),
            start_s=finding.start_s,
            end_s=finding.end_s,
            closest_separation_m=encounter.closest_separation_m,
            interval_95_m=[encounter.closest_interval_95_m.low, encounter.closest_interval_95_m.high],
            closest_t_s=encounter.closest_t_s,
            closest_pod_m=encounter.closest_pod_m,
            pod_interval_95_m=_bounds(encounter.closest_pod_interval_95_m),
            missing=finding.missing.value if finding.missing else None,
            missing_ko=_missing_ko(finding),
            turned_from=finding.turned_from.value if finding.turned_from else None,
            exceptions=[_exception(one) for one in finding.exceptions],
            decisive_pts=list(finding.decisive_pts),
            bands=[one.model_dump(mode="json") for one in encounter.bands],
        )
        for encounter in answer.encounters
        for finding in encounter.findings
    ]


def encounters_json(answer: JudgeAnswer, analysis_id: str | None, tracks: Iterable[Track] = ()) -> str:
    """The content of `encounters.json`: rows, the drone's own conduct, and which text was applied."""
    content = {
        "wideberth_version": wideberth_version(),
        "analysis_id": analysis_id,
        "rule_pack": {"id": answer.pack_id, "version": answer.pack_version, "sha256": answer.pack_sha256},
        "species": answer.species.value if answer.species else None,
        "notes": list(answer.notes),
        "notes_ko": [korean(note) for note in answer.notes_said],
        "encounters": rows(answer, tracks),
        "own_conduct": [_own(finding) for finding in answer.own_conduct],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _own(finding: Finding) -> dict[str, object]:
    plain = finding.model_dump(mode="json", exclude={"said", "exceptions"})
    words = {"reason_ko": korean(finding.said), "missing_ko": _missing_ko(finding)}
    return plain | words | {"exceptions": [_exception(one) for one in finding.exceptions]}


def _exception(one: ExceptionRecord) -> dict[str, object]:
    return one.model_dump(mode="json", exclude={"said"}) | {"why_ko": korean(one.said)}


def _missing_ko(finding: Finding) -> str | None:
    return korean(phrase(f"missing.{finding.missing.value}")) if finding.missing else None


def _bounds(interval: Interval | None) -> list[float] | None:
    return [interval.low, interval.high] if interval else None


def _moment(known: datetime | None, t_s: float) -> str | float:
    return known.isoformat() if known else t_s
