"""Waiting for an analysis, and for what a test does in a loop of its own."""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any

import httpx


async def until_ended(client: httpx.AsyncClient, analysis_id: str, limit_s: float = 240.0) -> dict:
    """The analysis once nothing more happens by itself."""
    for _ in range(round(limit_s / 0.1)):
        view = (await client.get(f"/v1/analyses/{analysis_id}")).json()
        if view["state"] in ("done", "failed", "cancelled"):
            return view
        await asyncio.sleep(0.1)
    raise AssertionError(f"still {view}")


def in_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """A test that is one coroutine, run in a loop of its own."""

    @functools.wraps(test)
    def run(*given: Any, **named: Any) -> None:
        asyncio.run(test(*given, **named))

    return run
