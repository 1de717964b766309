"""To the OpenID provider and back."""

import asyncio
import hmac
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import NotFound, NotSignedIn
from wideberth_gateway.access.callers import with_tls
from wideberth_gateway.access.provider import AGAIN, CALLBACK, Provider
from wideberth_gateway.access.session_routes import hand_out
from wideberth_gateway.access.vouching import vouched
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.sessions import open_session
from wideberth_gateway.store.visits import LONGEST_S

VISIT_COOKIE = "wideberth-visit"
SEE_OTHER = 303

router = APIRouter(tags=["access"])


@router.get("/v1/session/provider", status_code=SEE_OTHER, response_class=RedirectResponse)
async def go(request: Request) -> RedirectResponse:
    """To the provider; 404 where there is none."""
    provider, settings = _provider(request), _settings(request)
    address, state = await provider.begin(request.app.state.engine)
    answer = RedirectResponse(address, SEE_OTHER)
    answer.set_cookie(
        VISIT_COOKIE,
        state,
        max_age=round(LONGEST_S),
        path=CALLBACK,
        secure=with_tls(settings),
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get(CALLBACK, status_code=SEE_OTHER, response_class=RedirectResponse)
async def come_back(
    request: Request,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    error: Annotated[str, Query(max_length=200)] = "",
) -> RedirectResponse:
    """From the provider: the session opens, and the page is next."""
    provider, settings, engine = _provider(request), _settings(request), _engine(request)
    sent_out = request.cookies.get(VISIT_COOKIE, "")
    if not state or not hmac.compare_digest(sent_out.encode(), state.encode()):
        raise NotSignedIn("this browser did not set out to sign in", where=request.url.path, remedy=AGAIN)
    if error or not code:
        raise NotSignedIn(f"the provider says: {error or 'nothing'}", where=provider.issuer, remedy=AGAIN)
    claims = await provider.finish(engine, code, state)
    person = await asyncio.to_thread(vouched, engine, settings, claims)
    token, _ = await asyncio.to_thread(open_session, engine, person)
    answer = RedirectResponse("/", SEE_OTHER)
    hand_out(answer, settings, token)
    answer.delete_cookie(VISIT_COOKIE, path=CALLBACK, secure=with_tls(settings))
    return answer


def _provider(request: Request) -> Provider:
    settings = _settings(request)
    if settings.access == "open" or not settings.oidc_issuer:
        raise NotFound("there is no provider to sign in at", where=request.url.path)
    provider: Provider = request.app.state.provider
    return provider


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def _settings(request: Request) -> GatewaySettings:
    settings: GatewaySettings = request.app.state.settings
    return settings
