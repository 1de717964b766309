"""A small client of tus 1.0, byte by byte under the test's control."""

import base64
from collections.abc import AsyncIterator, Mapping

import httpx

TUS = {"Tus-Resumable": "1.0.0"}
PART = {"Content-Type": "application/offset+octet-stream"}


def told(**pairs: str) -> dict[str, str]:
    """The header `Upload-Metadata`."""
    parts = (f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
    return {"Upload-Metadata": ",".join(parts)}


async def begin(client: httpx.AsyncClient, length: int, name: str = "clip.mp4", **pairs: str) -> str:
    """Path of a new upload."""
    headers = TUS | {"Upload-Length": str(length)} | told(filename=name, **pairs)
    answer = await client.post("/v1/uploads", headers=headers)
    assert answer.status_code == 201, answer.text
    return f"/v1/{answer.headers['location']}"


async def send(
    client: httpx.AsyncClient,
    path: str,
    at: int,
    content: bytes | AsyncIterator[bytes],
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """One PATCH."""
    return await client.patch(
        path, content=content, headers=TUS | PART | {"Upload-Offset": str(at)} | dict(headers or {})
    )


async def offset(client: httpx.AsyncClient, path: str) -> int:
    """What the server has."""
    answer = await client.head(path, headers=TUS)
    assert answer.status_code == 200, answer.status_code
    return int(answer.headers["upload-offset"])
