"""Who asks: what a request says of it, and what is known of that."""

from dataclasses import dataclass

from sqlalchemy.engine import Engine
from starlette.requests import HTTPConnection

from wideberth_contracts.errors import NotSignedIn
from wideberth_gateway.access.roles import Roles
from wideberth_gateway.store.keys import find_holder

REMEDY = "send `Authorization: Bearer KEY`; keys are made with `wideberth keys add`"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks, known by name."""

    name: str
    roles: Roles


def find_caller(engine: Engine, request: HTTPConnection) -> Caller | None:
    """Who asks; None where they do not say. Reads the database.

    Raises:
        NotSignedIn: a key that is unknown or was revoked.
    """
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        return None
    holder = find_holder(engine, key.strip())
    if holder is None:
        raise NotSignedIn("the key is unknown or was revoked", where=request.url.path, remedy=REMEDY)
    return Caller(holder.name, frozenset({holder.role}))
