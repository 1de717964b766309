"""Who may do what: one row a route. A route without a row answers nobody; a test walks all routes of the gateway."""

from dataclasses import dataclass
from enum import StrEnum

from wideberth_gateway.access.roles import Role, Roles

ALL: Roles = frozenset(Role)
OPERATOR = frozenset({Role.OPERATOR, Role.ADMINISTRATOR})
"""Who brings recordings. An administrator may do whatever is not a decision: who runs a machine is not who judges."""
READERS = ALL
REVIEWER = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})
EVIDENCE = frozenset({Role.REVIEWER, Role.REGULATOR, Role.ADMINISTRATOR})
CORRECTORS = frozenset({Role.REVIEWER, Role.RESEARCHER, Role.ADMINISTRATOR})
DECIDERS = frozenset({Role.REVIEWER, Role.REGULATOR})
"""A regulator decides as second person only (`alerts.reviewing`)."""
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


class Open(StrEnum):
    """For whom a route is there beside its roles."""

    NOBODY = "nobody else"
    SIGNED_IN = "everyone who signed in"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row.

    Attributes:
        roles: who may.
        open_to: who may beside them.
        named: whether somebody must have signed in also where the setting `access` is `open`.
        files: whether the body may be a file, as large as the settings allow; others are small.
        told: action of the audit trail when somebody known by name was answered; None: not told, or told by the route.
    """

    roles: Roles = frozenset()
    open_to: Open = Open.NOBODY
    named: bool = False
    files: bool = False
    told: str | None = None


PUBLIC = Rule(open_to=Open.EVERYONE)
SIGNED_IN = Rule(open_to=Open.SIGNED_IN)
READ = Rule(READERS)
EXPORT = Rule(READERS, told="export.read")
OPERATE = Rule(OPERATOR)
SEND = Rule(OPERATOR, files=True)
MANAGE = Rule(ADMINISTRATOR)
MANAGE_BY_NAME = Rule(ADMINISTRATOR, named=True)
READ_EVIDENCE = Rule(EVIDENCE, told="evidence.read")

ANALYSIS = "/v1/analyses/{analysis_id}"
ALERT = "/v1/alerts/{alert_id}"
ROOMS = ("alerts", "flights", "replay", "settings", "season", "upload")

_SERVICE: dict[str, Rule] = {
    "GET /livez": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /info": SIGNED_IN,
    "GET /metrics": MANAGE,
    "GET /openapi.json": SIGNED_IN,
    "GET /docs": MANAGE,
}
_PAGE: dict[str, Rule] = {
    "GET /": PUBLIC,
    "GET /assets": PUBLIC,
    **{f"GET /{room}": PUBLIC for room in ROOMS},
    **{f"GET /{room}/{{rest:path}}": PUBLIC for room in ROOMS},
}
_FILES: dict[str, Rule] = {
    "OPTIONS /v1/uploads": SIGNED_IN,
    "OPTIONS /v1/uploads/{upload_id}": SIGNED_IN,
    "POST /v1/uploads": SEND,
    "HEAD /v1/uploads/{upload_id}": OPERATE,
    "GET /v1/uploads/{upload_id}": OPERATE,
    "PATCH /v1/uploads/{upload_id}": SEND,
    "POST /v1/uploads/{upload_id}": SEND,
    "DELETE /v1/uploads/{upload_id}": OPERATE,
    "POST /v1/originals": SEND,
    "GET /v1/originals/{sha256}": READ,
    "GET /v1/originals/{sha256}/content": EXPORT,
}
_FLIGHTS: dict[str, Rule] = {
    "POST /v1/flights": OPERATE,
    "GET /v1/flights": READ,
    "GET /v1/flights/{flight_id}": READ,
    "PATCH /v1/flights/{flight_id}": OPERATE,
    "PUT /v1/flights/{flight_id}/parts/{position}/telemetry": OPERATE,
    "GET /v1/flights/{flight_id}/look": READ,
    "GET /v1/flights/{flight_id}/analyses": READ,
    "POST /v1/flights/card": OPERATE,
    "GET /v1/folders": OPERATE,
    "POST /v1/folders": OPERATE,
    "GET /v1/folders/{registration_id}": OPERATE,
    "POST /v1/flights/{flight_id}/analyses": OPERATE,
}
_ANALYSES: dict[str, Rule] = {
    "POST /v1/analyses": SEND,
    "GET /v1/analyses": READ,
    f"GET {ANALYSIS}": READ,
    f"POST {ANALYSIS}/cancel": OPERATE,
    f"POST {ANALYSIS}/resume": OPERATE,
    f"POST {ANALYSIS}/fork": OPERATE,
    f"GET {ANALYSIS}/results": READ,
    f"GET {ANALYSIS}/results/{{file}}": EXPORT,
    f"POST {ANALYSIS}/ais": SEND,
    f"POST {ANALYSIS}/identity": OPERATE,
    f"GET {ANALYSIS}/identity": READ,
    f"POST {ANALYSIS}/judgements": Rule(REVIEWER),
    f"GET {ANALYSIS}/judgements": READ,
    f"GET {ANALYSIS}/judgements/{{name}}": READ,
    f"GET {ANALYSIS}/replay": READ,
    f"GET {ANALYSIS}/replay/spans/{{index}}": READ,
    f"GET {ANALYSIS}/replay/video": READ,
    f"POST {ANALYSIS}/replay/measure": READ,
    f"GET {ANALYSIS}/replay/spans/{{index}}/frames": READ,
    f"GET {ANALYSIS}/replay/spans/{{index}}/aside": READ,
    f"GET {ANALYSIS}/replay/playable": READ,
    f"GET {ANALYSIS}/replay/proxy": READ,
    f"POST {ANALYSIS}/replay/cleared/{{pts}}": READ,
    f"GET {ANALYSIS}/compare/{{other_id}}": READ,
    f"GET {ANALYSIS}/corrections": READ,
    f"POST {ANALYSIS}/corrections": Rule(CORRECTORS),
    f"GET {ANALYSIS}/corrections/training-set": READ,
    "GET /v1/exports": SIGNED_IN,
    f"GET {ANALYSIS}/exports/{{form}}": READ,
}
_ALERTS: dict[str, Rule] = {
    "GET /v1/": SIGNED_IN,
    "GET /v1/conformance": SIGNED_IN,
    "GET /v1/collections": SIGNED_IN,
    "GET /v1/collections/alerts": SIGNED_IN,
    "GET /v1/collections/alerts/items": READ,
    "GET /v1/collections/alerts/items/{alert_id}": READ,
    "GET /v1/alerts/stream": READ,
    "GET /v1/alerts/feed.atom": READ,
    "GET /v1/alerts/rejections": Rule(REVIEWER, named=True, told="export.read"),
    f"GET {ALERT}/account": READ,
    f"GET {ALERT}/cap.xml": READ,
    f"POST {ALERT}/reviews": Rule(DECIDERS, named=True),
    f"POST {ALERT}/evidence": Rule(REVIEWER, named=True),
}
_EVIDENCE: dict[str, Rule] = {
    "GET /v1/evidence": Rule(EVIDENCE),
    "GET /v1/evidence/{name}": READ_EVIDENCE,
    "GET /v1/evidence/{name}/bag.zip": Rule(EVIDENCE, named=True),
    "GET /v1/evidence/{name}/stamp.tsr": READ_EVIDENCE,
    "GET /v1/audit/head": Rule(EVIDENCE),
    "GET /v1/audit/check": Rule(EVIDENCE),
    "GET /v1/audit/entries": Rule(EVIDENCE),
}
_RULES: dict[str, Rule] = {
    "GET /v1/rules": SIGNED_IN,
    "GET /v1/rules/{name}": SIGNED_IN,
    "GET /v1/rules/{pack_id}/versions": SIGNED_IN,
}
_SEASON: dict[str, Rule] = {
    "GET /v1/season/encounters": READ,
    "GET /v1/models": SIGNED_IN,
    "GET /v1/standing": MANAGE,
}
_SESSION: dict[str, Rule] = {
    "GET /v1/session": PUBLIC,
    "POST /v1/session": PUBLIC,
    "GET /v1/session/ways": PUBLIC,
    "GET /v1/session/provider": PUBLIC,
    "GET /v1/session/provider/callback": PUBLIC,
    "DELETE /v1/session": SIGNED_IN,
    "PUT /v1/session/password": SIGNED_IN,
}
_PEOPLE: dict[str, Rule] = {
    "GET /v1/people": MANAGE_BY_NAME,
    "POST /v1/people": MANAGE_BY_NAME,
    "PUT /v1/people/{person_id}": MANAGE_BY_NAME,
    "POST /v1/people/{person_id}/password": MANAGE_BY_NAME,
    "GET /v1/organisations": MANAGE_BY_NAME,
    "POST /v1/organisations": MANAGE_BY_NAME,
    "PUT /v1/organisations/{organisation_id}": MANAGE_BY_NAME,
    "GET /v1/areas": MANAGE_BY_NAME,
    "POST /v1/areas": MANAGE_BY_NAME,
    "DELETE /v1/areas/{area_id}": MANAGE_BY_NAME,
    "GET /v1/keys": MANAGE_BY_NAME,
    "POST /v1/keys": MANAGE_BY_NAME,
    "DELETE /v1/keys/{key_id}": MANAGE_BY_NAME,
}
_MACHINE: dict[str, Rule] = {
    "POST /v1/holds": MANAGE,
    "GET /v1/holds": MANAGE,
    "DELETE /v1/holds/{hold_id}": MANAGE,
    "GET /v1/retention": MANAGE,
    "POST /v1/webhooks": MANAGE_BY_NAME,
    "GET /v1/webhooks": MANAGE_BY_NAME,
    "DELETE /v1/webhooks/{webhook_id}": MANAGE_BY_NAME,
    "GET /v1/webhooks/{webhook_id}/deliveries": MANAGE_BY_NAME,
    "POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/retry": MANAGE_BY_NAME,
}

_FEEDS = _ALERTS | _EVIDENCE | _RULES | _SEASON
POLICY: dict[str, Rule] = _SERVICE | _PAGE | _FILES | _FLIGHTS | _ANALYSES | _FEEDS | _SESSION | _PEOPLE | _MACHINE
"""By method and template of the route, as in `GET /v1/flights/{flight_id}`."""
