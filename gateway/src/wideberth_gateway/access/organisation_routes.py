"""Organisations and what they may keep here, for administrators."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import Field
from sqlalchemy.engine import Engine

from wideberth_contracts.wire import Wire
from wideberth_gateway.access.guard import actor_of
from wideberth_gateway.store import organisations as store
from wideberth_gateway.store import quotas
from wideberth_gateway.store.organisations import Organisation

router = APIRouter(tags=["access"])

OrganisationId = Annotated[str, Path(pattern=r"^(home|[0-9a-f]{32})$")]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]


class OrganisationAsked(Wire):
    """An organisation's name, and what it may keep here, bytes: unless given that stays; null: as the settings say."""

    name: Name
    quota_bytes: Annotated[int | None, Field(gt=0)] = None


class OrganisationView(Wire):
    """An organisation. `quota_bytes`: what it may keep here, null: as the settings say; `used_bytes`: what it does."""

    id: str
    name: str
    quota_bytes: int | None
    used_bytes: int


@router.get("/v1/organisations")
async def organisations(request: Request) -> tuple[OrganisationView, ...]:
    """All organisations, the first one first."""

    def found() -> tuple[OrganisationView, ...]:
        return tuple(_organisation(_engine(request), one) for one in store.list_organisations(_engine(request)))

    return await asyncio.to_thread(found)


@router.post("/v1/organisations", status_code=201)
async def add_organisation(request: Request, asked: OrganisationAsked) -> OrganisationView:
    """A new one."""

    def added() -> OrganisationView:
        made = store.add_organisation(_engine(request), asked.name, actor_of(request))
        return _with_quota(request, made.id, asked)

    return await asyncio.to_thread(added)


@router.put("/v1/organisations/{organisation_id}")
async def rename(request: Request, organisation_id: OrganisationId, asked: OrganisationAsked) -> OrganisationView:
    """Another name, another quota."""

    def renamed() -> OrganisationView:
        store.rename_organisation(_engine(request), organisation_id, asked.name, actor_of(request))
        return _with_quota(request, organisation_id, asked)

    return await asyncio.to_thread(renamed)


def _with_quota(request: Request, organisation_id: str, asked: OrganisationAsked) -> OrganisationView:
    engine = _engine(request)
    if "quota_bytes" in asked.model_fields_set:
        store.set_quota(engine, organisation_id, asked.quota_bytes, actor_of(request))
    return _organisation(engine, store.find_organisation(engine, organisation_id))


def _organisation(engine: Engine, one: Organisation) -> OrganisationView:
    used = quotas.used_by_organisation(engine, one.id)
    return OrganisationView(id=one.id, name=one.name, quota_bytes=one.quota_bytes, used_bytes=used)


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine
