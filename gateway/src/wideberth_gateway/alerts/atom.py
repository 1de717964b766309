"""Alerts as an Atom feed (RFC 4287) with places by GeoRSS, for people with a reader."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from wideberth_contracts.judgement import Alert
from wideberth_gateway.alerts.words import LANGUAGES, description, headline

MEDIA_TYPE = "application/atom+xml"
ATOM, GEORSS = "http://www.w3.org/2005/Atom", "http://www.georss.org/georss"


def atom_xml(alerts: Sequence[Alert], public_url: str, feed_path: str) -> bytes:
    """The feed.

    Args:
        alerts: in their latest versions, newest first.
        public_url: where others reach the gateway, without a slash at the end.
        feed_path: of the feed itself.
    """
    root = ET.Element("feed", {"xmlns": ATOM, "xmlns:georss": GEORSS})
    _add(root, "id", f"{public_url}{feed_path}")
    _add(root, "title", "Wideberth: alerts, candidates until a person confirms")
    newest = alerts[0].created_at if alerts else datetime.fromtimestamp(0, tz=UTC)
    _add(root, "updated", newest.isoformat())
    _add(_add(root, "author"), "name", "Wideberth")
    _add(root, "link", rel="self", type=MEDIA_TYPE, href=f"{public_url}{feed_path}")
    for alert in alerts:
        _entry(root, alert, public_url)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(root: ET.Element, alert: Alert, public_url: str) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", f"urn:wideberth:alert:{alert.id}")
    _add(entry, "title", " / ".join(headline(alert, words) for words in LANGUAGES))
    _add(entry, "updated", alert.created_at.isoformat())
    link = f"{public_url}/v1/collections/alerts/items/{alert.id}"
    _add(entry, "link", rel="alternate", type="application/geo+json", href=link)
    _add(entry, "link", rel="related", type="application/cap+xml", href=f"{public_url}/v1/alerts/{alert.id}/cap.xml")
    _add(entry, "category", term=alert.status.value)
    _add(entry, "category", term=alert.severity.value)
    _add(entry, "summary", "\n\n".join(description(alert, words) for words in LANGUAGES))
    encounter = alert.encounter
    if encounter.latitude is not None and encounter.longitude is not None:
        _add(entry, "georss:point", f"{encounter.latitude:.6f} {encounter.longitude:.6f}")


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, name, attributes)
    child.text = text
    return child
