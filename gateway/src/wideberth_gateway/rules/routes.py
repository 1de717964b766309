"""The rule packs, to be read: an alert names its pack, and a person must be able to look it up."""

import asyncio

from fastapi import APIRouter, Request

from wideberth_contracts.errors import NotFound
from wideberth_gateway.rules.catalogue import list_packs, load_pack
from wideberth_gateway.rules.pack import Pack

router = APIRouter(tags=["rules"])


@router.get("/v1/rules")
async def packs() -> tuple[str, ...]:
    """Ids of all packs."""
    return await asyncio.to_thread(list_packs)


@router.get("/v1/rules/{pack_id}")
async def pack(request: Request, pack_id: str) -> Pack:
    """One pack with every number, its evidence and its source."""
    if pack_id not in await asyncio.to_thread(list_packs):
        raise NotFound("no rule pack of that id", where=request.url.path, remedy="see /v1/rules")
    return await asyncio.to_thread(load_pack, pack_id)
