"""Alerts as GeoJSON (RFC 7946). The point is where the craft was at its closest approach.

A file holds nothing of the moment it was written, so that the same analysis gives the same bytes.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from wideberth_contracts.judgement import Alert
from wideberth_gateway.alerts.reviewing import review_is_outdated
from wideberth_gateway.alerts.words import ENGLISH, KOREAN, headline, reason, words_of
from wideberth_gateway.identity.naming import told, vessel_sentence
from wideberth_gateway.version import wideberth_version
from wideberth_gateway.wording.language import Language
from wideberth_gateway.wording.saying import korean

Json = dict[str, object]


def alerts_geojson(alerts: Sequence[Alert], analysis_id: str | None = None) -> str:
    """A FeatureCollection of alerts, as text.

    Args:
        alerts: of one analysis.
        analysis_id: of that analysis; needed where there is no alert to tell it.
    """
    named = analysis_id or (alerts[0].analysis_id if alerts else None)
    collection: Json = {
        "type": "FeatureCollection",
        "wideberth_version": wideberth_version(),
        "analysis_id": named,
        "features": [feature(alert) for alert in alerts],
    }
    return json.dumps(collection, ensure_ascii=False, indent=1)


def feature(alert: Alert) -> Json:
    """One alert as a GeoJSON Feature; `geometry` is null where the place is unknown."""
    encounter = alert.encounter
    geometry: Json | None = None
    if encounter.latitude is not None and encounter.longitude is not None:
        geometry = {"type": "Point", "coordinates": [encounter.longitude, encounter.latitude]}
    return {"type": "Feature", "id": alert.id, "geometry": geometry, "properties": _properties(alert)}


def fed(alert: Alert, language: Language) -> Json:
    """The Feature as the feed shows it: with the moment of this version, and in `shown` the words of one language."""
    made, words = feature(alert), words_of(language)
    properties = made["properties"]
    assert isinstance(properties, dict)
    properties["created_at"] = alert.created_at.isoformat()
    properties["shown"] = {
        "language": language.value,
        "headline": headline(alert, words),
        "status": words.statuses[alert.status],
        "severity": words.severities[alert.severity],
        "vessel_kind": words.kinds[alert.encounter.craft_kind],
        "vessel": vessel_sentence(alert.vessel, language),
        "reason": reason(alert, language),
    }
    return made


def _properties(alert: Alert) -> Json:
    encounter, finding = alert.encounter, alert.finding
    closest, measured = encounter.closest_interval_95_m, finding.interval_95
    return {
        "version": alert.version,
        "status": alert.status.value,
        "severity": alert.severity.value,
        "reviews": [
            {"decision": r.decision.value, "version": r.version, "at": r.at.isoformat()} for r in alert.reviews
        ],
        "review_is_outdated": review_is_outdated(alert),
        "withdrawn_because": alert.withdrawn_because or None,
        "withdrawn_because_ko": korean(alert.withdrawn_said),
        "analysis_id": alert.analysis_id,
        "rule": finding.rule,
        "rule_english": alert.rule_text.english,
        "rule_original": str(alert.rule_text.original),
        "citation": alert.rule_text.citation,
        "evidence_level": alert.rule_text.evidence_level.value,
        "pack_id": alert.pack_id,
        "pack_version": alert.pack_version,
        "verdict": finding.verdict.value,
        "advisory": finding.advisory,
        "reason": finding.reason,
        "reason_ko": korean(finding.said),
        "headline": headline(alert, ENGLISH),
        "headline_ko": headline(alert, KOREAN),
        "vessel": vessel_sentence(alert.vessel, Language.ENGLISH),
        "vessel_ko": vessel_sentence(alert.vessel, Language.KOREAN),
        "vessel_track": encounter.craft_track,
        "vessel_kind": encounter.craft_kind.value,
        "group": encounter.group,
        "animal_tracks": list(encounter.animal_tracks),
        "unsure_animals": list(encounter.unsure_animals),
        "start": _iso(finding.start),
        "end": _iso(finding.end),
        "start_s": finding.start_s,
        "end_s": finding.end_s,
        "duration_s": finding.duration_s,
        "closest_separation_m": encounter.closest_separation_m,
        "interval_95_m": [closest.low, closest.high],
        "closest_t_s": encounter.closest_t_s,
        "closest_pts": encounter.closest_pts,
        "measured": finding.measured,
        "measured_interval_95": [measured.low, measured.high] if measured else None,
        "threshold": finding.threshold,
        "unit": finding.unit,
        "decisive_pts": list(finding.decisive_pts),
        "telemetry_grade": alert.grade.value,
        "model_ids": list(alert.model_ids),
        "vessel_identity": told(alert.vessel) if alert.vessel else None,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
