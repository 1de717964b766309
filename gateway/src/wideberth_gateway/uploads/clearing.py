"""Uploads that nobody goes on with are cleared away."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from wideberth_gateway.uploads.desk import UploadDesk

EVERY_S = 3600.0

_log = logging.getLogger("wideberth.gateway")


@asynccontextmanager
async def keep_clearing(desk: UploadDesk) -> AsyncIterator[None]:
    """Clear now and every hour, until the context ends."""

    async def rounds() -> None:
        while True:
            try:
                if ended := await desk.clear():
                    _log.info("%d uploads were not gone on with in time and are cleared", ended)
            except Exception:  # the next round tries again; uploads themselves must not fail for it
                _log.exception("clearing of uploads failed")
            await asyncio.sleep(EVERY_S)

    task = asyncio.create_task(rounds())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
