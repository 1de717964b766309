"""A gateway that wants everyone to sign in, with a key of each role."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from synthetic import opened

from wideberth_gateway.access.matching import methods_of, routes_of
from wideberth_gateway.access.roles import Role
from wideberth_gateway.app import create_gateway
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.keys import add_key

STANDS_FOR = {
    "upload_id": "0" * 32,
    "position": "0",
    "index": "0",
    "delivery_id": "1",
    "name": "x",
    "file": "x",
    "pack_id": "kr",
    "person_id": "0" * 32,
    "key_id": "0" * 32,
    "organisation_id": "0" * 32,
    "area_id": "0" * 32,
    "rest:path": "x",
    "hold_id": "x",
    "webhook_id": "x",
}
"""What stands in a path for each parameter; 64 zeros for the others."""
ENDLESS_S = 0.5
"""A route that has not answered by then is a stream: it was let through."""


@dataclass
class Gated:
    """One gateway of a module with `access` as `accounts`."""

    run: Any
    client: httpx.AsyncClient
    app: FastAPI
    keys: dict[Role, str]

    def ask(self, method: str, path: str, key: str | None = None, **more: Any) -> httpx.Response | None:
        """The answer; None where it never ends."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        headers |= more.pop("headers", {})

        async def asked() -> httpx.Response | None:
            try:
                async with asyncio.timeout(ENDLESS_S if path == "/v1/alerts/stream" else None):
                    return await self.client.request(method, path, headers=headers, **more)
            except TimeoutError:
                return None

        return self.run(asked())

    def status(self, method: str, path: str, key: str | None = None, **more: Any) -> int:
        """Of the answer; 200 where it never ends."""
        answer = self.ask(method, path, key, **more)
        return 200 if answer is None else answer.status_code


def every_route(app: FastAPI) -> set[str]:
    """Method and template of whatever the application answers."""
    return {f"{method} {template}" for template, route in routes_of(app) for method in methods_of(route)}


def path_of(template: str) -> str:
    """The template with something in place of each parameter."""
    filled = re.sub(r"\{([^}]+)\}", lambda found: STANDS_FOR.get(found[1], "0" * 64), template)
    return "/assets/x.js" if filled == "/assets" else filled


def page_in(folder: Path) -> Path:
    """A page, the smallest there is."""
    (folder / "assets").mkdir(parents=True)
    (folder / "assets" / "x.js").write_text("0")
    (folder / "index.html").write_text("<div id='page'></div>")
    return folder


@contextmanager
def gated(folder: Path, **settings: Any) -> Iterator[Gated]:
    """It runs until the end of the block."""
    generous = {"requests_per_s": 10_000.0, "sign_ins_per_minute": 100_000.0}
    common = {"data_dir": folder / "data", "job_poll_s": 0.1, "access": "accounts"}
    given = GatewaySettings(**(common | generous | settings))
    app = create_gateway(opened, given, page=page_in(folder / "page"))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60)
    stack = AsyncExitStack()
    with asyncio.Runner() as runner:
        runner.run(stack.enter_async_context(app.router.lifespan_context(app)))
        keys = {role: add_key(app.state.engine, f"a {role.value}", role) for role in Role}
        yield Gated(runner.run, client, app, keys)
        runner.run(client.aclose())
        runner.run(stack.aclose())
