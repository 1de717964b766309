"""Who asks: what a request says of it, and what is known of that."""

import hmac
from dataclasses import dataclass

from sqlalchemy.engine import Engine
from starlette.requests import HTTPConnection

from wideberth_contracts.errors import NotAllowed, NotSignedIn
from wideberth_contracts.phrases import phrase
from wideberth_gateway.access.roles import Role, Roles
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.keys import find_holder
from wideberth_gateway.store.organisations import Bounds, Sees, Sight
from wideberth_gateway.store.sessions import Session, find_session

REMEDY = "sign in on the page, or send `Authorization: Bearer KEY` (docs/access.md)"
METRICS_CALLER = "metrics"
CSRF_HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
GIVEN_MORE = frozenset({Role.REVIEWER, Role.REGULATOR})
"""Roles that see rows of other organisations where an administrator says so."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks, known by name.

    Attributes:
        organisation_id: what they bring is of it.
        sees: organisations beside it, for reviewers and regulators; None: all.
        areas: they see what lies in these alone; None: everywhere.
        session: theirs, where they signed in; None where they sent a key.
        only: the one route that a token of the machine opens; None for everyone else.
    """

    name: str
    roles: Roles
    organisation_id: str
    sees: Sees = frozenset()
    areas: Sees = None
    session: Session | None = None
    only: str | None = None

    def sight(self, acting_as: Roles) -> Sight:
        """What they see while they use these of their roles."""
        used = self.roles & acting_as
        if Role.ADMINISTRATOR in used:
            return None
        theirs: Sees = frozenset({self.organisation_id})
        if used & GIVEN_MORE:
            theirs = None if self.sees is None else frozenset({self.organisation_id}) | self.sees
        return None if theirs is None and self.areas is None else Bounds(theirs, self.areas, self.name)


def find_caller(engine: Engine, settings: GatewaySettings, request: HTTPConnection) -> Caller | None:
    """Who asks; None where they do not say. Reads the database.

    Raises:
        NotSignedIn: a key that is unknown, over or revoked.
        NotAllowed: a page changes something without the token of its session.
    """
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return _holder(engine, settings, request, key.strip())
    token = request.cookies.get(cookie_name(settings))
    session = find_session(engine, token, settings.session_idle_s) if token and settings.access == "accounts" else None
    if session is None:
        return None
    given = request.headers.get(CSRF_HEADER, "")
    if request.scope["method"] not in SAFE and not hmac.compare_digest(given.encode(), session.csrf.encode()):
        remedy = f"send the `csrf` of GET /v1/session as {CSRF_HEADER}"
        raise NotAllowed("the request does not come from the page", where=request.url.path, remedy=remedy)
    person = session.person
    return Caller(person.name, person.roles, person.organisation_id, person.sees, person.areas, session)


def cookie_name(settings: GatewaySettings) -> str:
    """Of the session. With TLS, browsers themselves hold that it is of this host and goes by TLS alone."""
    return "__Host-wideberth" if with_tls(settings) else "wideberth"


def with_tls(settings: GatewaySettings) -> bool:
    """Whether people reach the gateway by TLS."""
    return settings.public_url.startswith("https://")


def _holder(engine: Engine, settings: GatewaySettings, request: HTTPConnection, key: str) -> Caller:
    watcher = settings.metrics_token
    if watcher is not None and hmac.compare_digest(key.encode(), watcher.get_secret_value().encode()):
        return Caller(METRICS_CALLER, frozenset(), "", only="/metrics")
    holder = find_holder(engine, key)
    if holder is None:
        said = phrase("problem.key_unknown")
        raise NotSignedIn("the key is unknown, over or revoked", where=request.url.path, remedy=REMEDY, said=said)
    return Caller(holder.name, holder.roles, holder.organisation_id, holder.sees, holder.areas)
