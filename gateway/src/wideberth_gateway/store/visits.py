"""Visits to an OpenID provider: who set out, and must come back with the same state, once and soon."""

import time
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_gateway.store.access_tables import provider_visits
from wideberth_gateway.store.engine import writing
from wideberth_gateway.store.sessions import digest

LONGEST_S = 600.0


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: `state` comes back with the browser, `nonce` in the token, `verifier` shows that it is us (PKCE)."""

    state: str
    nonce: str
    verifier: str


def begin_visit(engine: Engine, visit: Visit) -> None:
    """Somebody sets out; visits that nobody came back from are forgotten."""
    now = time.time()
    values = {"sha256": digest(visit.state), "nonce": visit.nonce, "verifier": visit.verifier, "began_epoch_s": now}
    with writing(engine) as connection:
        connection.execute(sa.delete(provider_visits).where(provider_visits.c.began_epoch_s < now - LONGEST_S))
        connection.execute(sa.insert(provider_visits).values(values))


def end_visit(engine: Engine, state: str) -> Visit | None:
    """The visit of that state, which is over with this; None where there is none."""
    same = provider_visits.c.sha256 == digest(state)
    with writing(engine) as connection:
        row = connection.execute(sa.select(provider_visits).where(same)).one_or_none()
        connection.execute(sa.delete(provider_visits).where(same))
    if row is None or row.began_epoch_s < time.time() - LONGEST_S:
        return None
    return Visit(state, row.nonce, row.verifier)
