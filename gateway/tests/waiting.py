"""Waiting for an analysis."""

import asyncio

import httpx


async def until_ended(client: httpx.AsyncClient, analysis_id: str, limit_s: float = 240.0) -> dict:
    """The analysis once nothing more happens by itself."""
    for _ in range(round(limit_s / 0.1)):
        view = (await client.get(f"/v1/analyses/{analysis_id}")).json()
        if view["state"] in ("done", "failed", "cancelled"):
            return view
        await asyncio.sleep(0.1)
    raise AssertionError(f"still {view}")
