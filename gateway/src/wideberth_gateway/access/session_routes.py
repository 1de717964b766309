"""Sign in, sign out, who am I, another password."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import Conflict, NotAllowed, NotFound, NotSignedIn
from wideberth_contracts.wire import Wire
from wideberth_gateway.access.callers import REMEDY, cookie_name, find_caller, with_tls
from wideberth_gateway.access.guard import caller_of
from wideberth_gateway.access.passwords import LONGEST
from wideberth_gateway.access.roles import Role
from wideberth_gateway.access.signing_in import change_password, sign_in
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.sessions import LONGEST_S, Session, end_session

router = APIRouter(tags=["access"])

Name = Annotated[str, Field(min_length=1, max_length=100)]
Password = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class SignInAsked(Wire):
    """Somebody signs in."""

    name: Name
    password: Password


class PasswordAsked(Wire):
    """Somebody changes their password."""

    old: Password
    new: Password


class SessionView(Wire):
    """Who is signed in. `csrf`: to be sent as `X-CSRF-Token` with whatever changes something."""

    name: str
    roles: tuple[Role, ...]
    organisation: str
    csrf: str
    must_change_password: bool
    has_password: bool


class WaysView(Wire):
    """How one may sign in here. `provider`: name of the OpenID provider, None where there is none."""

    password: bool = True
    provider: str | None


@router.get("/v1/session")
async def who(request: Request) -> SessionView:
    """Who is signed in; 401 where nobody is, 404 where nobody has to."""
    _with_accounts(request)
    caller = await asyncio.to_thread(find_caller, _engine(request), _settings(request), request)
    if caller is None or caller.session is None:
        raise NotSignedIn("nobody is signed in", where=request.url.path, remedy=REMEDY)
    return view_of(caller.session)


@router.get("/v1/session/ways")
async def ways(request: Request) -> WaysView:
    """How one may sign in; 404 where nobody has to."""
    _with_accounts(request)
    settings = _settings(request)
    return WaysView(provider=settings.oidc_label if settings.oidc_issuer else None)


@router.post("/v1/session", status_code=201)
async def enter(request: Request, response: Response, asked: SignInAsked) -> SessionView:
    """Sign in: the session is in a cookie that scripts cannot read."""
    _with_accounts(request)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("another site may not sign anybody in", where=request.url.path)
    token, session = await asyncio.to_thread(sign_in, _engine(request), asked.name, asked.password)
    hand_out(response, _settings(request), token)
    return view_of(session)


@router.delete("/v1/session", status_code=204)
async def leave(request: Request, response: Response) -> None:
    """Sign out: the session ends here, not only in the browser."""
    session = _session(request)
    await asyncio.to_thread(end_session, _engine(request), session)
    response.delete_cookie(cookie_name(_settings(request)), path="/", secure=with_tls(_settings(request)))


@router.put("/v1/session/password")
async def password(request: Request, response: Response, asked: PasswordAsked) -> SessionView:
    """Another password. All sessions end; a new one goes on here."""
    person = _session(request).person
    if person.password is None:
        raise Conflict("your password is with the provider you sign in at", where=person.name)
    token, session = await asyncio.to_thread(change_password, _engine(request), person, asked.old, asked.new)
    hand_out(response, _settings(request), token)
    return view_of(session)


def hand_out(response: Response, settings: GatewaySettings, token: str) -> None:
    """The session's cookie. Lax: a link from elsewhere finds one signed in, a form from elsewhere does not."""
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=round(LONGEST_S),
        path="/",
        secure=with_tls(settings),
        httponly=True,
        samesite="lax",
    )


def view_of(session: Session) -> SessionView:
    """As a page needs it."""
    person = session.person
    return SessionView(
        name=person.name,
        roles=tuple(sorted(person.roles)),
        organisation=person.organisation_id,
        csrf=session.csrf,
        must_change_password=person.must_change,
        has_password=person.password is not None,
    )


def _session(request: Request) -> Session:
    _with_accounts(request)
    session = caller_of(request).session
    if session is None:
        raise Conflict("a key has no session", where=request.url.path, remedy="sign in with name and password")
    return session


def _with_accounts(request: Request) -> None:
    if _settings(request).access == "open":
        raise NotFound("nobody has to sign in here", where=request.url.path)


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def _settings(request: Request) -> GatewaySettings:
    settings: GatewaySettings = request.app.state.settings
    return settings
