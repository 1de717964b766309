"""What is sent: Standard Webhooks 1.0 around a CloudEvent, or an event as Gundi (EarthRanger, SMART) takes it."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from wideberth_contracts.judgement import Alert
from wideberth_gateway.alerts.changes import Change
from wideberth_gateway.alerts.geojson import feature
from wideberth_gateway.alerts.words import ENGLISH, KOREAN, headline, reason
from wideberth_gateway.identity.naming import vessel_sentence
from wideberth_gateway.wording.language import Language

SECRET_PREFIX, SECRET_BYTES = "whsec_", 32


class Form(StrEnum):
    """Of the body."""

    STANDARD = "standard"
    GUNDI = "gundi"


@dataclass(frozen=True, slots=True)
class Message:
    """Body and headers of one try."""

    body: bytes
    headers: dict[str, str]


def new_secret() -> str:
    """A secret in the form of Standard Webhooks."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def message_id(webhook_id: str, event: int) -> str:
    """The same for every try of one event."""
    return f"msg_{webhook_id}_{event}"


def message(
    form: Form, alert: Alert, change: Change, secret: str, identity: str, source: str, now: datetime
) -> Message | None:
    """One try; None where the form cannot hold the alert (Gundi without a place).

    Args:
        form: of the receiver.
        alert: in the version that is told.
        change: what is new in it.
        secret: of the receiver: to sign with, or Gundi's API key.
        identity: `message_id`.
        source: URL of this gateway.
        now: of the try; signed, so that an old message cannot be played again.
    """
    if form is Form.GUNDI:
        return _gundi(alert, change, secret)
    body = json.dumps(_cloud_event(alert, change, identity, source), ensure_ascii=False).encode()
    stamp = str(int(now.timestamp()))
    return Message(
        body,
        {
            "content-type": "application/cloudevents+json",
            "webhook-id": identity,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(secret, identity, stamp, body),
        },
    )


def signature(secret: str, identity: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks 1.0, scheme v1)."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = b".".join((identity.encode(), stamp.encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _cloud_event(alert: Alert, change: Change, identity: str, source: str) -> dict[str, object]:
    moment = alert.created_at.astimezone(UTC).isoformat()
    return {
        "specversion": "1.0",
        "id": identity,
        "source": source,
        "type": change.value,
        "subject": alert.id,
        "time": moment,
        "timestamp": moment,
        "datacontenttype": "application/geo+json",
        "data": feature(alert),
    }


def _gundi(alert: Alert, change: Change, api_key: str) -> Message | None:
    encounter = alert.encounter
    if encounter.latitude is None or encounter.longitude is None:
        return None
    interval = encounter.closest_interval_95_m
    event = {
        "title": headline(alert, ENGLISH),
        "event_type": "wideberth_alert",
        "recorded_at": (alert.finding.start or alert.created_at).isoformat(),
        "location": {"lat": encounter.latitude, "lon": encounter.longitude},
        "event_details": {
            "alert_id": alert.id,
            "version": alert.version,
            "change": change.value,
            "status": alert.status.value,
            "severity": alert.severity.value,
            "rule": f"{alert.pack_id}@{alert.pack_version}/{alert.finding.rule}",
            "closest_m": round(encounter.closest_separation_m, 1),
            "closest_95_low_m": round(interval.low, 1),
            "closest_95_high_m": round(interval.high, 1),
            "vessel": vessel_sentence(alert.vessel, Language.ENGLISH),
            "vessel_ko": vessel_sentence(alert.vessel, Language.KOREAN),
            "reason": reason(alert, Language.ENGLISH),
            "reason_ko": reason(alert, Language.KOREAN),
            "title_ko": headline(alert, KOREAN),
        },
    }
    return Message(json.dumps(event).encode(), {"content-type": "application/json", "apikey": api_key})
