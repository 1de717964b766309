"""A question to a gateway, in short segments."""

import json
from pathlib import Path

import httpx

FAST = {"segment_s": 2.0}


async def ask(client: httpx.AsyncClient, video: Path, **settings: object) -> httpx.Response:
    """The answer to the video as the body."""
    params = {"name": video.name, "settings": json.dumps(FAST | settings)}
    return await client.post("/v1/analyses", params=params, content=video.read_bytes())
