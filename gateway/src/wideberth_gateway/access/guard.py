"""Who asks, for the routes: the gate has let them through and knows."""

from fastapi import Request

from wideberth_contracts.errors import NotSignedIn
from wideberth_contracts.phrases import phrase
from wideberth_gateway.access.callers import REMEDY, Caller
from wideberth_gateway.store.organisations import Whose


def caller_of(request: Request) -> Caller:
    """Who asks, where the policy wants somebody.

    Raises:
        NotSignedIn: nobody did; a route that asks this must be `named` in the policy.
    """
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None:
        said = phrase("problem.not_signed_in")
        raise NotSignedIn("nobody is signed in", where=request.url.path, remedy=REMEDY, said=said)
    return caller


def whose(request: Request) -> Whose:
    """For whom the request is done: their name, their organisation and what they see."""
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None or request.app.state.settings.access == "open":
        return Whose(actor_of(request))
    return Whose(caller.name, caller.organisation_id, request.state.sight)


def actor_of(request: Request) -> str:
    """Who asks, as the audit log names them; `client` where nobody had to sign in."""
    caller: Caller | None = getattr(request.state, "caller", None)
    return caller.name if caller is not None else "client"
