"""Who the vessels of an analysis were: AIS in, identities and new versions of its alerts out."""

import asyncio
import json
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel

from wideberth_contracts.errors import NotFound
from wideberth_gateway.access.guard import actor_of, whose
from wideberth_gateway.analyses.receiving import receive
from wideberth_gateway.analyses.routes import FILE_BODY, AnalysisId
from wideberth_gateway.identity.asking import IDENTITY_FILE
from wideberth_gateway.identity.desk import Held, IdentityDesk
from wideberth_gateway.identity.files import LARGEST_BYTES
from wideberth_gateway.identity.naming import told
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.shelved_work import held
from wideberth_gateway.store import analyses as store
from wideberth_gateway.store.ais import AisFile
from wideberth_gateway.store.analyses import Analysis
from wideberth_gateway.store.organisations import Owned

router = APIRouter(tags=["identity"])

Began = Annotated[AwareDatetime | None, Query(description="when the clip began, where no file of it says")]


class AisRead(BaseModel):
    """One AIS file as understood. `bad` lines by reason, the first of them in `identity.json` by number."""

    file: str
    form: str
    lines: int
    reports: int
    bad: dict[str, int]


class IdentityView(BaseModel):
    """What AIS says of the craft of an analysis, and how many of its alerts have a new version by it."""

    identities: list[dict[str, object]]
    files: list[AisRead]
    alerts_changed: int
    result: str


@router.post("/v1/analyses/{analysis_id}/ais", status_code=201, openapi_extra=FILE_BODY)
async def add(
    request: Request,
    analysis_id: AnalysisId,
    name: Annotated[str, Query(min_length=1, max_length=1000, description="the file's name, such as ais.nmea")],
    utc_offset_h: Annotated[float | None, Query(ge=-14, le=14, description="of times without a zone")] = None,
    ais_start: Annotated[AwareDatetime | None, Query(description="when a recording without times began")] = None,
    starts_at: Began = None,
) -> IdentityView:
    """AIVDM sentences or a CSV export, as the body. Kept as an original; counts with all AIS given before."""
    analysis, desk = await _find(request, analysis_id), _desk(request)
    kept = await receive(request.stream(), name, _shelf(request).folders, LARGEST_BYTES)
    await asyncio.to_thread(_shelf(request).keep_original, kept.sha256)
    await asyncio.to_thread(whose(request).brings, request.app.state.engine, Owned.ORIGINAL, kept.sha256)
    original = await asyncio.to_thread(store.keep_original, request.app.state.engine, kept)
    file = AisFile(original.sha256, kept.name, utc_offset_h, ais_start.timestamp() if ais_start else None)
    found = await asyncio.to_thread(desk.add, analysis, file, actor_of(request), starts_at)
    return _view(analysis_id, found)


@router.post("/v1/analyses/{analysis_id}/identity")
async def hold(request: Request, analysis_id: AnalysisId, starts_at: Began = None) -> IdentityView:
    """Held again against all AIS there is: files given before, and sentences heard live."""
    analysis = await _find(request, analysis_id)
    return _view(analysis_id, await asyncio.to_thread(_desk(request).hold, analysis, starts_at))


@router.get("/v1/analyses/{analysis_id}/identity", response_class=JSONResponse)
async def identity(request: Request, analysis_id: AnalysisId) -> JSONResponse:
    """`identity.json` as it stands (docs/formats.md)."""
    await _find(request, analysis_id)
    async with held(lambda: _shelf(request).analysis(analysis_id, lambda name: name == IDENTITY_FILE)) as folder:
        try:
            content = json.loads(await asyncio.to_thread((folder / IDENTITY_FILE).read_text, "utf-8"))
        except FileNotFoundError as error:
            remedy = "send AIS: POST /v1/analyses/{id}/ais"
            raise NotFound("it was not held against AIS", where=request.url.path, remedy=remedy) from error
    return JSONResponse(content)


def _view(analysis_id: str, held: Held) -> IdentityView:
    return IdentityView(
        identities=[told(one) for one in held.answered.found.identities],
        files=[
            AisRead(file=log.file, form=log.form, lines=log.lines, reports=len(log.reports), bad=log.bad)
            for log in held.logs
        ],
        alerts_changed=held.alerts_changed,
        result=f"/v1/analyses/{analysis_id}/results/{IDENTITY_FILE}",
    )


async def _find(request: Request, analysis_id: str) -> Analysis:
    found = await asyncio.to_thread(store.find_analysis, request.app.state.engine, analysis_id)
    if found is None:
        raise NotFound("no analysis of that id", where=request.url.path)
    return found


def _desk(request: Request) -> IdentityDesk:
    desk: IdentityDesk = request.app.state.identity
    return desk


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf
