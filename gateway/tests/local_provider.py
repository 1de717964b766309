"""An OpenID provider on loopback that really signs, checks PKCE and the client, and can be told to err."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from gateway_process import free_port
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "wideberth", "a secret of the client"


@dataclass
class LocalProvider:
    """`claims`: what it says of whoever signs in. `forge` is called with header, claims and the key to sign with."""

    issuer: str
    claims: dict[str, Any] = field(default_factory=dict)
    forge: Any = None
    asked: list[dict[str, str]] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        def configuration() -> dict[str, Any]:
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            return {"issuer": self.issuer} | {name: f"{self.issuer}/{path}" for name, path in ends.items()}

        @app.get("/keys")
        def keys() -> dict[str, Any]:
            return {"keys": [self.key.as_dict(private=False)]}

        @app.get("/authorize")
        def authorize(request: Request) -> RedirectResponse:
            asked = dict(request.query_params)
            self.asked.append(asked)
            code = uuid4().hex
            self._codes[code] = asked
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

        @app.post("/token")
        async def token(request: Request) -> JSONResponse:
            body = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
            asked = self._codes.pop(body["code"], None)
            basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
            challenge = base64.urlsafe_b64encode(hashlib.sha256(body["code_verifier"].encode()).digest())
            good = (
                asked is not None
                and request.headers.get("authorization") == f"Basic {basic}"
                and challenge.rstrip(b"=").decode() == asked["code_challenge"]
                and body["redirect_uri"] == asked["redirect_uri"]
            )
            if not good:
                return JSONResponse({"error": "invalid_grant"}, 400)
            return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": self._signed(asked["nonce"])})

        return app

    def _signed(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "nonce": nonce} | self.claims
        header, key = {"alg": "RS256", "kid": "one"}, self.key
        if self.forge is not None:
            header, claims, key = self.forge(header, claims, key)
        if header["alg"] == "none":
            parts = (json.dumps(part).encode() for part in (header, claims))
            return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
        return jwt.encode(header, claims, key, algorithms=["RS256", "HS256"])


def shared_secret() -> OctKey:
    """A key that whoever knows the client's secret has too."""
    return OctKey.import_key(CLIENT_SECRET.ljust(32))


@contextmanager
def local_provider() -> Iterator[LocalProvider]:
    """It runs until the end of the block."""
    port = free_port()
    provider = LocalProvider(f"http://127.0.0.1:{port}")
    server = uvicorn.Server(uvicorn.Config(provider.app(), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(timeout=10)
