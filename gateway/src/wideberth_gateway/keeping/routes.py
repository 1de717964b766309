"""Originals as files, with ranges: the video as it came, for a page that plays it and for whoever wants it back."""

import asyncio
import mimetypes

from fastapi import APIRouter, Request
from starlette.responses import Response

from wideberth_contracts.errors import NotFound
from wideberth_gateway.analyses.routes import AnalysisId
from wideberth_gateway.keeping.ranges import kept_response
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.store import analyses as store

router = APIRouter(tags=["keeping"])


@router.get("/v1/originals/{sha256}/content", response_class=Response)
async def content(request: Request, sha256: AnalysisId) -> Response:
    """The file as it came; ranges are served."""
    found = await asyncio.to_thread(store.find_original, request.app.state.engine, sha256)
    if found is None:
        raise NotFound("no file of that hash was sent", where=request.url.path)
    shelf: Shelf = request.app.state.shelf
    kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    here = shelf.folders.original(sha256)
    return await asyncio.to_thread(kept_response, request, shelf, f"originals/{sha256}", here, kind)
