"""The rule packs, to be read: an alert names its pack, and a person must be able to look it up."""

import asyncio

from fastapi import APIRouter, Request

from wideberth_contracts.errors import NotFound
from wideberth_gateway.rules.catalogue import Packs, list_packs, list_versions
from wideberth_gateway.rules.pack import Pack

router = APIRouter(tags=["rules"])


@router.get("/v1/rules")
async def packs() -> tuple[str, ...]:
    """Ids of all packs."""
    return await asyncio.to_thread(list_packs)


@router.get("/v1/rules/{name}")
async def pack(request: Request, name: str) -> Pack:
    """One pack, `kr` or `kr@2026.11.1`, with every number, its evidence and its source."""
    pack_id, _, version = name.partition("@")
    versions = await asyncio.to_thread(list_versions, pack_id)
    if not versions or (version and version not in versions):
        raise NotFound("no rule pack of that id and version", where=request.url.path, remedy="see /v1/rules")
    packs: Packs = request.app.state.packs
    return await asyncio.to_thread(packs, name)


@router.get("/v1/rules/{pack_id}/versions")
async def pack_versions(request: Request, pack_id: str) -> tuple[str, ...]:
    """Versions of a pack, the one in force first."""
    versions = await asyncio.to_thread(list_versions, pack_id)
    if not versions:
        raise NotFound("no rule pack of that id", where=request.url.path, remedy="see /v1/rules")
    return versions
