"""The feed in other people's formats: Atom for readers, CAP for authorities."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import NotFound
from wideberth_gateway.access.guard import whose
from wideberth_gateway.alerts import atom, cap
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store import alerts as store

ATOM_PATH = "/v1/alerts/feed.atom"

router = APIRouter(tags=["alerts"])


@router.get(ATOM_PATH, response_class=Response)
async def atom_feed(request: Request, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> Response:
    """The newest alerts in their latest versions, newest first."""
    engine: Engine = request.app.state.engine
    found = await asyncio.to_thread(store.newest, engine, limit, whose(request).sight)
    body = atom.atom_xml([kept.alert for kept in found], _settings(request).public_url.rstrip("/"), ATOM_PATH)
    return Response(body, media_type=atom.MEDIA_TYPE)


@router.get("/v1/alerts/{alert_id}/cap.xml", response_class=Response)
async def cap_message(
    request: Request,
    alert_id: str,
    version: Annotated[int | None, Query(ge=1, description="the latest unless told")] = None,
) -> Response:
    """A version as a CAP 1.2 message that updates or cancels those before it."""
    engine: Engine = request.app.state.engine
    versions = await asyncio.to_thread(store.versions, engine, alert_id)
    wanted = tuple(each for each in versions if version is None or each.version <= version)
    if not wanted or (version is not None and wanted[-1].version != version):
        raise NotFound("no such version of an alert of that id", where=request.url.path)
    settings = _settings(request)
    web = f"{settings.public_url.rstrip('/')}/v1/collections/alerts/items/{alert_id}"
    return Response(cap.cap_xml(wanted, settings.cap_sender, web), media_type=cap.MEDIA_TYPE)


def _settings(request: Request) -> GatewaySettings:
    settings: GatewaySettings = request.app.state.settings
    return settings
