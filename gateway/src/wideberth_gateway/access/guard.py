"""The check at the edge: the key of a request, and whether it may."""

import asyncio

from fastapi import Request
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import NotAllowed, NotSignedIn
from wideberth_contracts.phrases import phrase
from wideberth_gateway.access.roles import MAY, Act
from wideberth_gateway.store.keys import Holder, find_holder

_REMEDY = "send `Authorization: Bearer KEY`; keys are made with `wideberth keys add`"


async def allowed(request: Request, act: Act) -> Holder:
    """Who asks, if they may.

    Raises:
        NotSignedIn: no key, or none that holds.
        NotAllowed: the key is of another role.
    """
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        said = phrase("problem.key_needed")
        raise NotSignedIn(f"a key is needed to {act.value}", where=request.url.path, remedy=_REMEDY, said=said)
    engine: Engine = request.app.state.engine
    holder = await asyncio.to_thread(find_holder, engine, key.strip())
    if holder is None:
        said = phrase("problem.key_unknown")
        raise NotSignedIn("the key is unknown or was revoked", where=request.url.path, remedy=_REMEDY, said=said)
    if act not in MAY[holder.role]:
        said = phrase("problem.key_of_another_role", role=holder.role.value)
        raise NotAllowed(f"a key of role {holder.role.value} may not {act.value}", where=request.url.path, said=said)
    return holder


def actor_of(request: Request) -> str:
    """Who asks, as the audit log names them; `client` where nobody signed in."""
    actor: str = getattr(request.state, "actor", "client")
    return actor
