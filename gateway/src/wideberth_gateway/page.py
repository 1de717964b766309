"""The page, built before, served from the origin of the API, with nothing let in from elsewhere."""

import asyncio
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from wideberth_contracts.errors import NotFound

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",  # the map and the drawing of plots set styles of elements
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
FOR_EVER = "public, max-age=31536000, immutable"
"""Names of assets carry the hash of what is in them."""

ROOMS = ("alerts", "flights", "replay", "settings", "season", "upload")
"""First parts of addresses that the page draws itself."""


class Assets(StaticFiles):
    """Files whose names change with what is in them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """As it lies there, to be kept for ever."""
        answer = await super().get_response(path, scope)
        if answer.status_code < 400:
            answer.headers["Cache-Control"] = FOR_EVER
            answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer


def placed(text: str, rest: str | None) -> str:
    """The page told where its root lies, relative to the address asked for: a prefix that a proxy took off is kept.

    Args:
        text: of index.html, whose addresses are relative.
        rest: of the address behind its room; None where the address has one part or none.
    """
    up = "./" if rest is None else "../" * (rest.count("/") + 1)
    return text.replace("<head>", f'<head><base href="{up}">', 1)


def install_page(app: FastAPI, folder: Path) -> None:
    """Serve the page that lies in that folder; call it after all routes of the API are there.

    Raises:
        NotFound: the folder holds no page.
    """
    index = folder / "index.html"
    if not index.is_file():
        raise NotFound("the page was not built", where=str(folder), remedy="install the package wideberth-web again")

    async def page(request: Request) -> Response:
        if not await asyncio.to_thread(index.is_file):
            raise HTTPException(404)
        text = await asyncio.to_thread(index.read_text, "utf-8")
        return HTMLResponse(placed(text, request.path_params.get("rest")), headers=HEADERS)

    app.add_api_route("/", page, methods=["GET"], include_in_schema=False, name="page")
    for room in ROOMS:
        app.add_api_route(f"/{room}", page, methods=["GET"], include_in_schema=False, name=f"page.{room}")
        app.add_api_route(
            f"/{room}/{{rest:path}}", page, methods=["GET"], include_in_schema=False, name=f"page.{room}.rest"
        )
    app.mount("/assets", Assets(directory=folder / "assets"), name="assets")
