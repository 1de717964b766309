"""Signing in at an OpenID provider: code with PKCE, state bound to the browser, nonce, signed ID token."""

import asyncio
import ipaddress
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BadInput, NotSignedIn, Unavailable
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.visits import Visit, begin_visit, end_visit

CALLBACK = "/v1/session/provider/callback"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Of signatures that only the provider can make: none of a shared secret, and never none at all."""
TIME_LIMIT_S = 10.0
METADATA_HOLDS_S = 3600.0
CLOCKS_DIFFER_S = 60
AGAIN = "begin again from the page"


@dataclass(slots=True)
class Provider:
    """The provider of the settings, `oidc_*`."""

    settings: GatewaySettings
    _known: tuple[float, dict[str, Any]] | None = field(default=None)

    @property
    def issuer(self) -> str:
        """As it calls itself."""
        return self.settings.oidc_issuer or ""

    async def begin(self, engine: Engine) -> tuple[str, str]:
        """Where to send the browser, and the state that must come back with it.

        Raises:
            Unavailable: the provider cannot be reached.
        """
        metadata = await self._metadata()
        visit = Visit(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
        await asyncio.to_thread(begin_visit, engine, visit)
        asked = {
            "response_type": "code",
            "client_id": self.settings.oidc_client_id,
            "redirect_uri": self._callback(),
            "scope": self.settings.oidc_scopes,
            "state": visit.state,
            "nonce": visit.nonce,
            "code_challenge": create_s256_code_challenge(visit.verifier),
            "code_challenge_method": "S256",
        }
        address = str(metadata["authorization_endpoint"])
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", visit.state

    async def finish(self, engine: Engine, code: str, state: str) -> Mapping[str, Any]:
        """What the provider says of whoever came back, checked.

        Raises:
            NotSignedIn: nobody set out with that state lately, or the answer is not the provider's.
            Unavailable: the provider cannot be reached.
        """
        visit = await asyncio.to_thread(end_visit, engine, state)
        if visit is None:
            raise NotSignedIn("nobody set out to sign in like this, or too long ago", remedy=AGAIN)
        metadata = await self._metadata()
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._callback(),
            "client_id": self.settings.oidc_client_id or "",
            "code_verifier": visit.verifier,
        }
        secret = self.settings.oidc_client_secret
        auth = (self.settings.oidc_client_id or "", secret.get_secret_value()) if secret else None
        answer = await self._send("POST", str(metadata["token_endpoint"]), data=body, auth=auth)
        if "id_token" not in answer:
            raise NotSignedIn("the provider gave no ID token", where=self.issuer, remedy=AGAIN)
        keys = await self._send("GET", str(metadata["jwks_uri"]))
        return self._checked(answer, keys, visit.nonce)

    def _checked(self, answer: Mapping[str, Any], keys: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        wanted = {"iss": {"essential": True, "value": self.issuer},
                  "aud": {"essential": True, "value": self.settings.oidc_client_id}}  # fmt: skip
        known = {"nonce": nonce, "client_id": self.settings.oidc_client_id, "access_token": answer.get("access_token")}
        try:
            registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
            token = jwt.decode(str(answer["id_token"]), KeySet.import_key_set(dict(keys)), registry=registry)  # type: ignore[arg-type]
            claims = CodeIDToken(token.claims, token.header, wanted, known)
            claims.validate(leeway=CLOCKS_DIFFER_S)
        except (JoseError, ValueError, KeyError) as error:
            reason = f"the ID token does not hold ({type(error).__name__})"
            raise NotSignedIn(reason, where=self.issuer, remedy=AGAIN) from error
        return dict(token.claims)

    async def _metadata(self) -> dict[str, Any]:
        if self._known is None or time.monotonic() - self._known[0] > METADATA_HOLDS_S:
            _safe(self.issuer)
            found = await self._send("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self.issuer:
                detail = f"the provider calls itself {found.get('issuer')!r}"
                raise BadInput(detail, where=self.issuer, remedy="set WIDEBERTH_GATEWAY_OIDC_ISSUER to just that")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                _safe(str(found.get(name, "")))
            self._known = (time.monotonic(), found)
        return self._known[1]

    async def _send(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=TIME_LIMIT_S, follow_redirects=False) as client:
                answer = await client.request(method, url, **more)
        except httpx.HTTPError as error:
            detail = f"the provider cannot be reached ({type(error).__name__})"
            raise Unavailable(detail, where=url, retry_after_s=5.0) from error
        if answer.is_server_error:
            raise Unavailable(f"the provider answered {answer.status_code}", where=url, retry_after_s=5.0)
        try:
            content = answer.json()
        except ValueError:
            content = None
        if not answer.is_success or not isinstance(content, dict):
            raise NotSignedIn(f"the provider answered {answer.status_code}", where=url, remedy=AGAIN)
        return content

    def _callback(self) -> str:
        return f"{self.settings.public_url.rstrip('/')}{CALLBACK}"


def claim(claims: Mapping[str, Any], path: str) -> Any:
    """What stands at a path such as `realm_access.roles`; None where nothing does."""
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _safe(url: str) -> None:
    """Raises `BadInput` where what is told to the provider could be read on the way."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if not (parts.scheme == "https" or (parts.scheme == "http" and here)):
        raise BadInput(f"{url!r} is no address with TLS", where="oidc_issuer", remedy="use https://…")
