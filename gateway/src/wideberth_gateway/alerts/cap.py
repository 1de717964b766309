"""Alerts as messages of the Common Alerting Protocol 1.2 (OASIS), for authorities' systems.

The first version is an Alert, later ones Update what went before, and a rejected or withdrawn one Cancels it.
`certainty` is Observed only once persons have confirmed.
"""

from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree as ET

from wideberth_contracts.identity import IdentityVerdict, VesselIdentity
from wideberth_contracts.judgement import Alert, AlertStatus
from wideberth_contracts.reviews import Severity
from wideberth_gateway.alerts.words import LANGUAGES, Words, description, headline

MEDIA_TYPE = "application/cap+xml"
NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
PLACE_KM = 0.1
"""Radius of the circle round the closest approach."""
_FALLEN = (AlertStatus.REJECTED, AlertStatus.WITHDRAWN)
_SEVERITIES = {Severity.NOTICE: "Minor", Severity.SERIOUS: "Moderate", Severity.GRAVE: "Severe"}


def cap_xml(versions: Sequence[Alert], sender: str, web: str) -> bytes:
    """The message of the last of the versions.

    Args:
        versions: of one alert, oldest first.
        sender: an address in the form of e-mail, without spaces or commas.
        web: link to the alert.
    """
    alert = versions[-1]
    root = ET.Element("alert", xmlns=NAMESPACE)
    _add(root, "identifier", identifier(alert))
    _add(root, "sender", sender)
    _add(root, "sent", _moment(alert.created_at))
    _add(root, "status", "Actual")
    _add(root, "msgType", _kind(alert))
    _add(root, "source", "Wideberth")
    _add(root, "scope", "Restricted")
    _add(root, "restriction", "For the authority in charge: a candidate is not a finding of guilt.")
    _add(root, "note", f"version {alert.version} of alert {alert.id}")
    if len(versions) > 1:
        _add(root, "references", " ".join(f"{sender},{identifier(v)},{_moment(v.created_at)}" for v in versions[:-1]))
    _add(root, "incidents", alert.encounter.id)
    for words in LANGUAGES:
        _info(root, alert, words, web)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def identifier(alert: Alert) -> str:
    """Unique for each version, as CAP asks for."""
    return f"wideberth-{alert.id}-v{alert.version}"


def _info(root: ET.Element, alert: Alert, words: Words, web: str) -> None:
    info = _add(root, "info", None)
    _add(info, "language", words.code)
    _add(info, "category", "Env")
    _add(info, "event", words.event)
    _add(info, "urgency", "Past")
    _add(info, "severity", _SEVERITIES[alert.severity])
    _add(info, "certainty", "Observed" if alert.status is AlertStatus.CONFIRMED else "Likely")
    if alert.finding.start is not None:
        _add(info, "onset", _moment(alert.finding.start))
    _add(info, "senderName", "Wideberth")
    _add(info, "headline", headline(alert, words))
    _add(info, "description", description(alert, words))
    _add(info, "web", web)
    for name, value in _parameters(alert).items():
        parameter = _add(info, "parameter", None)
        _add(parameter, "valueName", name)
        _add(parameter, "value", value)
    encounter = alert.encounter
    if encounter.latitude is not None and encounter.longitude is not None:
        area = _add(info, "area", None)
        _add(area, "areaDesc", f"{encounter.latitude:.5f}, {encounter.longitude:.5f}")
        _add(area, "circle", f"{encounter.latitude:.6f},{encounter.longitude:.6f} {PLACE_KM}")


def _parameters(alert: Alert) -> dict[str, str]:
    interval = alert.encounter.closest_interval_95_m
    return {
        "wideberth:alert": alert.id,
        "wideberth:version": str(alert.version),
        "wideberth:status": alert.status.value,
        "wideberth:rule": f"{alert.pack_id}@{alert.pack_version}/{alert.finding.rule}",
        "wideberth:closest_m": f"{alert.encounter.closest_separation_m:.1f}",
        "wideberth:closest_95_m": f"{interval.low:.1f} {interval.high:.1f}",
        "wideberth:grade": alert.grade.value,
        **_vessel(alert.vessel),
    }


def _vessel(known: VesselIdentity | None) -> dict[str, str]:
    if known is None:
        return {"wideberth:vessel": "not_held_against_ais"}
    said = {"wideberth:vessel": known.verdict.value, "wideberth:vessel_probability": f"{known.probability:.4f}"}
    if known.verdict is IdentityVerdict.MATCHED:
        said |= {"wideberth:vessel_mmsi": f"{known.mmsi:09d}"} | (
            {"wideberth:vessel_name": known.name} if known.name else {}
        )
    return said


def _kind(alert: Alert) -> str:
    if alert.status in _FALLEN and alert.version > 1:
        return "Cancel"
    return "Alert" if alert.version == 1 else "Update"


def _moment(moment: datetime) -> str:
    """CAP knows no fraction and no Z."""
    return moment.replace(microsecond=0).isoformat()


def _add(parent: ET.Element, name: str, text: str | None) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = text
    return child
