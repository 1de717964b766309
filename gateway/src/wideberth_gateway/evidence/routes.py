"""Evidence over HTTP: a bag is made on request, described, and handed out whole."""

import asyncio
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel

from wideberth_contracts.errors import NotFound
from wideberth_gateway.access.guard import caller_of, whose
from wideberth_gateway.access.ownership import bag_is_seen
from wideberth_gateway.evidence.desk import EvidenceDesk
from wideberth_gateway.evidence.sealing import Sealed
from wideberth_gateway.evidence.stamping import ANSWER_TYPE
from wideberth_gateway.evidence.verify_bag import stamped_at
from wideberth_gateway.store import audit

router = APIRouter(tags=["evidence"])


class BagView(BaseModel):
    """A bag.

    Attributes:
        seal: SHA-256 of its tag manifest: note it, and `verify.py --seal` tells whether a bag is this one.
        stamp: where its time stamp is; None while it is queued, or no authority is set.
        stamped_at: what the stamp says; its signature is checked by whoever has the authority's certificate.
    """

    name: str
    seal: str
    files: int
    size_bytes: int
    bag: str
    stamp: str | None
    stamped_at: str | None


class TrailHead(BaseModel):
    """The newest entry of the audit trail. Published or noted elsewhere, it holds all that went before."""

    sequence: int
    at: datetime | None
    hash: str | None


@router.post("/v1/alerts/{alert_id}/evidence", status_code=201, responses={200: {"model": BagView}})
async def make(request: Request, response: Response, alert_id: str) -> BagView:
    """The bag of an alert in its latest version; made now (201), or there already (200). Takes up to a minute."""
    desk = _desk(request)
    sealed, now = await asyncio.to_thread(desk.make, alert_id)
    response.status_code = 201 if now else 200
    response.headers["Location"] = f"/v1/evidence/{sealed.path.name}"
    return await asyncio.to_thread(_view, desk, sealed)


@router.get("/v1/evidence")
async def listed(request: Request) -> tuple[str, ...]:
    """Names of all bags."""
    engine, sight = request.app.state.engine, whose(request).sight
    names = await asyncio.to_thread(_desk(request).names)
    return await asyncio.to_thread(lambda: tuple(name for name in names if bag_is_seen(engine, name, sight)))


@router.get("/v1/evidence/{name}")
async def bag(request: Request, name: str) -> BagView:
    """One bag, described."""
    desk = _desk(request)
    return await asyncio.to_thread(lambda: _view(desk, desk.find(name)))


@router.get("/v1/evidence/{name}/bag.zip", response_class=FileResponse)
async def whole(request: Request, name: str) -> FileResponse:
    """The bag as a .zip without compression; unpack it and run verify.py. Who fetched it is in the audit trail."""
    holder = caller_of(request)
    desk = _desk(request)
    path = await asyncio.to_thread(desk.zipped, name)
    await asyncio.to_thread(desk.fetched, name, holder.name)
    return FileResponse(path, media_type="application/zip", filename=f"{name}.zip")


@router.get("/v1/evidence/{name}/stamp.tsr", response_class=Response)
async def stamp(request: Request, name: str) -> Response:
    """The RFC 3161 time stamp of the bag's manifest; beside the unpacked bag, as NAME.tsr, verify.py finds it."""
    desk = _desk(request)
    await asyncio.to_thread(desk.find, name)
    found = await asyncio.to_thread(desk.stamp, name)
    if found is None:
        raise NotFound("no time stamp yet", where=request.url.path, remedy="set WIDEBERTH_GATEWAY_TSA_URL, or wait")
    return Response(found, media_type=ANSWER_TYPE)


@router.get("/v1/audit/head")
async def head(request: Request) -> TrailHead:
    """Place and hash of the newest entry of the audit trail."""
    last = await asyncio.to_thread(audit.newest, request.app.state.engine)
    if last is None:
        return TrailHead(sequence=0, at=None, hash=None)
    return TrailHead(sequence=last.sequence, at=datetime.fromisoformat(last.entry["at"]), hash=last.hash)


def _view(desk: EvidenceDesk, sealed: Sealed) -> BagView:
    name = sealed.path.name
    stamp = desk.stamp(name)
    return BagView(
        name=name,
        seal=sealed.seal,
        files=sealed.files,
        size_bytes=sealed.size_bytes,
        bag=f"/v1/evidence/{name}/bag.zip",
        stamp=f"/v1/evidence/{name}/stamp.tsr" if stamp else None,
        stamped_at=stamped_at(stamp) if stamp else None,
    )


def _desk(request: Request) -> EvidenceDesk:
    desk: EvidenceDesk = request.app.state.evidence
    return desk
