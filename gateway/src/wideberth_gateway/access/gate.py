"""The one place where a request is let through or refused, before anything of its route runs."""

import asyncio
from dataclasses import dataclass, field
from functools import reduce

from fastapi import FastAPI, Request
from sqlalchemy.engine import Engine
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from wideberth_contracts.errors import InternalFault, NotAllowed, NotSignedIn
from wideberth_contracts.phrases import Phrase, phrase
from wideberth_gateway.access.callers import REMEDY, Caller, find_caller
from wideberth_gateway.access.limits import Buckets, small_body
from wideberth_gateway.access.matching import Reached, reached, routes_of
from wideberth_gateway.access.ownership import check
from wideberth_gateway.access.policy import POLICY, Open, Rule
from wideberth_gateway.access.provider import CALLBACK
from wideberth_gateway.access.telling import Telling
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.buckets import Flow
from wideberth_gateway.store.organisations import Sight

ROLES_REMEDY = "ask an administrator for the role"
SIGN_INS = frozenset({("POST", "/v1/session"), ("GET", "/v1/session/provider"), ("GET", CALLBACK)})
BURST_S = 10.0
"""A bucket holds what flows in within this."""
WHILE_ONE_TIME = frozenset({"/v1/session", "/v1/session/password"})
"""What somebody may who still has the password that was given to them."""


@dataclass(slots=True)
class Gate:
    """ASGI middleware: who asks, and whether they may; what they did, where the trail tells of it.

    Attributes:
        app: what it wraps.
        gateway: the application whose routes it knows.
        settings: whether people must sign in, and how.
    """

    app: ASGIApp
    gateway: FastAPI
    settings: GatewaySettings
    _requests: Buckets = field(init=False)
    _sign_ins: Buckets = field(init=False)
    _telling: Telling = field(default_factory=Telling)
    _routes: tuple[tuple[str, BaseRoute], ...] = field(default=())

    def __post_init__(self) -> None:
        per_s = self.settings.requests_per_s
        self._requests = Buckets("requests", Flow(per_s, BURST_S * per_s))
        per_minute = self.settings.sign_ins_per_minute
        self._sign_ins = Buckets("sign_ins", Flow(per_minute / 60, per_minute))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. A path that no route answers goes through to its 404 or 405: nothing runs there.

        Raises:
            NotSignedIn: somebody must sign in first.
            NotAllowed: whoever asks may not.
        NotFound: the path names something of another organisation.
        Busy: they ask too often.
        TooLarge: the body is longer than the route takes.
        """
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            raise NotAllowed("there is nothing but HTTP here", where=scope["path"])
        found = self._reached(scope)
        if found is None:
            await self.app(scope, receive, send)
            return
        scope["route"] = found.route  # for the metrics, should it end here
        rule = rule_of(scope["method"], found.template)
        caller = await self._caller(scope, rule, found.template)
        state = Request(scope).state
        state.template, state.caller = found.template, caller
        state.sight = await self._sight(caller, rule, found)
        state.blurred = self._blurred(caller, rule)
        if not rule.files:
            receive = small_body(receive, Headers(scope=scope).get("content-length"))
        if rule.told is not None and caller is not None:
            send = self._telling.around(send, self._engine, rule.told, scope, caller.name)
        await self.app(scope, receive, send)

    @property
    def _engine(self) -> Engine:
        engine: Engine = self.gateway.state.engine
        return engine

    def _reached(self, scope: Scope) -> Reached | None:
        if not self._routes:
            self._routes = tuple(routes_of(self.gateway))
        return reached(self._routes, scope)

    async def _take(self, buckets: Buckets, caller: str) -> None:
        if self.settings.access == "accounts":
            await buckets.take(self._engine, caller)

    def _blurred(self, caller: Caller | None, rule: Rule) -> bool:
        """Whether recordings are blurred for them: by all of their roles that open the route."""
        if caller is None or self.settings.access == "open":
            return False
        used = caller.roles & rule.roles
        return bool(used) and used <= self.settings.blur_for

    async def _sight(self, caller: Caller | None, rule: Rule, found: Reached) -> Sight:
        if caller is None or self.settings.access == "open" or caller.only is not None:
            return None
        sight = caller.sight(rule.roles)
        await asyncio.to_thread(check, self._engine, found.template, found.parameters, sight)
        return sight

    async def _caller(self, scope: Scope, rule: Rule, template: str) -> Caller | None:
        connection = HTTPConnection(scope)
        host = connection.client.host if connection.client else "nobody"
        if rule.open_to is Open.EVERYONE:
            await self._take(self._sign_ins if (scope["method"], template) in SIGN_INS else self._requests, host)
            return None
        try:
            caller = await asyncio.to_thread(find_caller, self._engine, self.settings, connection)
        except NotSignedIn:
            await self._take(self._sign_ins, host)  # keys are not guessed either
            raise
        await self._take(self._requests, host if caller is None else f"name:{caller.name}")
        if self.settings.access == "open" and not rule.named:
            return caller
        if caller is None:
            said = phrase("problem.not_signed_in")
            raise NotSignedIn("nobody is signed in", where=scope["path"], remedy=REMEDY, said=said)
        _let_through(caller, rule, template, scope["path"])
        return caller


def _let_through(caller: Caller, rule: Rule, template: str, path: str) -> None:
    if caller.only is not None:
        if caller.only != template:
            raise NotAllowed(f"the token of {caller.name} opens {caller.only} alone", where=path)
        return
    if caller.session is not None and caller.session.person.must_change and template not in WHILE_ONE_TIME:
        remedy = "PUT /v1/session/password"
        raise NotAllowed("the one-time password must be changed first", where=path, remedy=remedy)
    if rule.open_to is Open.NOBODY and not caller.roles & rule.roles:
        roles = sorted(role.value for role in rule.roles)
        wanted = " or ".join(roles) or "nobody"
        said = phrase("problem.not_for_these_roles", name=caller.name, wanted=_one_of(roles))
        raise NotAllowed(f"{caller.name} may not: this is for {wanted}", where=path, remedy=ROLES_REMEDY, said=said)


def _one_of(roles: list[str]) -> Phrase:
    """Any of some roles, in words."""
    first, *more = [phrase(f"role.{role}") for role in roles] or [phrase("role.nobody")]
    return reduce(lambda one, other: phrase("role.either", one=one, other=other), more, first)


def rule_of(method: str, template: str) -> Rule:
    """The row of the route; one that answers nobody where there is none. HEAD is as GET where it has no own row."""
    own = POLICY.get(f"{method} {template}")
    if own is None and method == "HEAD":
        own = POLICY.get(f"GET {template}")
    return own or Rule(named=True)


def for_whom(method: str, template: str) -> str:
    """Whom the route answers, in words."""
    rule = rule_of(method, template)
    if rule.open_to is not Open.NOBODY:
        return rule.open_to.value
    return ", ".join(sorted(role.value for role in rule.roles)) or rule.open_to.value


async def passed(request: Request) -> None:
    """That the route which runs is the one that the gate looked at; a dependency of every route."""
    ran = getattr(request.scope.get("route"), "path", None)
    if getattr(request.state, "template", None) != ran:
        raise InternalFault("a request came past the gate", where=request.url.path)
