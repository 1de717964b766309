"""What every route of the replay begins with: the analysis that is asked about, and the shelf it lies on."""

import asyncio
from typing import Annotated

from fastapi import Path, Request

from wideberth_contracts.errors import NotFound
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.store import analyses as store

AnalysisId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


async def known(request: Request, analysis_id: str) -> store.Analysis:
    """The analysis of that id. Raises `NotFound`."""
    found = await asyncio.to_thread(store.find_analysis, request.app.state.engine, analysis_id)
    if found is None:
        raise NotFound("no analysis of that id", where=request.url.path)
    return found


def shelf_of(request: Request) -> Shelf:
    """Where the gateway keeps files."""
    shelf: Shelf = request.app.state.shelf
    return shelf
