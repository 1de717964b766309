"""A service without a socket: its application, started as on the network, behind an httpx client.

The test harness that proves the wire. Single-process mode uses the local adapters, not this.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI


@asynccontextmanager
async def in_process(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running application; start-up and shut-down happen around it.

    Errors come back as they would over the network: an unforeseen exception is a 500, not raised into the caller.
    """
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            yield client
