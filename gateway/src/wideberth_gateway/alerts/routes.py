"""The alert feed: GeoJSON pages shaped like OGC API Features, and a stream of what becomes new."""

import asyncio
import hashlib
import json
import math
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import NotFound
from wideberth_contracts.judgement import AlertStatus
from wideberth_gateway.access.guard import whose
from wideberth_gateway.access.ownership import sees_alert
from wideberth_gateway.alerts.asking import box_of, cursor_of, sequence_of, span_of
from wideberth_gateway.alerts.geojson import Json, fed
from wideberth_gateway.alerts.hub import STILL_HERE, Event, Hub
from wideberth_gateway.store import alerts as store
from wideberth_gateway.store.alerts import Kept, Wanted
from wideberth_gateway.store.organisations import Sight
from wideberth_gateway.version import wideberth_version
from wideberth_gateway.wording.language import Language, preferred

GEOJSON, STREAM = "application/geo+json", "text/event-stream"
ITEMS = "/v1/collections/alerts/items"
STREAM_S = 900.0


@dataclass(frozen=True, slots=True)
class _Answering:
    """How to answer: in which language, and which answer the asker holds already."""

    language: Language
    if_none_match: str | None


def _answering(
    lang: Annotated[Language | None, Query(description="of the words in `shown`; goes before Accept-Language")] = None,
    accept_language: Annotated[str | None, Header()] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> _Answering:
    return _Answering(preferred(accept_language, lang), if_none_match)


Answer = Annotated[_Answering, Depends(_answering)]

router = APIRouter(tags=["alerts"])


@router.get("/v1/collections/alerts/items", response_class=Response, responses={200: {"content": {GEOJSON: {}}}})
async def items(
    request: Request,
    answer: Answer,
    bbox: Annotated[str | None, Query(description="west,south,east,north in degrees")] = None,
    datetime: Annotated[str | None, Query(description="RFC 3339 instant or start/end, .. for an open end")] = None,
    analysis: Annotated[str | None, Query(description="id of one analysis")] = None,
    status: Annotated[list[AlertStatus] | None, Query(description="may be repeated; all unless told")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[str | None, Query(description="from the link `next`")] = None,
) -> Response:
    """Alerts in their latest version, in the order in which they came to be so.

    Whoever reads to the end and comes back with the last cursor misses nothing and gets new versions again. Alerts
    without a place are not in any `bbox`, alerts without a time of day not in any `datetime`.
    """
    start, end = span_of(datetime) if datetime else (None, None)
    wanted = Wanted(
        limit=limit,
        after=sequence_of(cursor) if cursor else 0,
        box=box_of(bbox) if bbox else None,
        earliest=start,
        latest=end,
        analysis_id=analysis,
        statuses=tuple(status or ()),
        sight=whose(request).sight,
    )
    found = await asyncio.to_thread(store.latest, _engine(request), wanted)
    return _answer(_page(request, found, wanted, answer.language), answer)


@router.get("/v1/collections/alerts/items/{alert_id}", response_class=Response)
async def item(
    request: Request,
    alert_id: str,
    answer: Answer,
) -> Response:
    """One alert in its latest version, with all versions that went before in `history`."""
    versions = await asyncio.to_thread(store.versions, _engine(request), alert_id)
    if not versions:
        raise NotFound("no alert of that id", where=request.url.path)
    history = [{"version": one.version, "status": one.status, "created_at": one.created_at} for one in versions]
    return _answer(fed(versions[-1], answer.language) | {"history": json.loads(_dump(history))}, answer)


@router.get("/v1/alerts/stream", response_class=Response, responses={200: {"content": {STREAM: {}}}})
async def stream(
    request: Request,
    last_event_id: Annotated[int | None, Header(ge=0, description="go on after this event")] = None,
) -> Response:
    """Every alert and every new version, once it is durable. Without `Last-Event-ID`, from now on.

    An event is a hint: the feed holds the truth.
    """
    hub: Hub = request.app.state.hub
    start = last_event_id if last_event_id is not None else await hub.last_event()
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _told(hub, start, _engine(request), whose(request).sight), media_type=STREAM, headers=headers
    )


async def _told(hub: Hub, seen: int, engine: Engine, sight: Sight) -> AsyncIterator[bytes]:
    """Whoever must sign in comes back after a while, by `Last-Event-ID`: by then they may have been signed out."""
    yield b": alerts\nretry: 2000\n\n"
    until = math.inf if sight is None else time.monotonic() + STREAM_S
    while time.monotonic() < until:
        events, seen = await hub.after(seen)
        told = [event.text for event in events if await _is_told(engine, event, sight)]
        if told or not events:
            yield b"".join(told) or STILL_HERE


async def _is_told(engine: Engine, event: Event, sight: Sight) -> bool:
    return sight is None or await asyncio.to_thread(sees_alert, engine, event.alert_id, sight)


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def _page(request: Request, found: tuple[Kept, ...], wanted: Wanted, language: Language) -> Json:
    links = [{"rel": "self", "type": GEOJSON, "href": _href(request, None)}]
    last = found[-1].sequence if found else wanted.after
    if len(found) == wanted.limit:
        links.append({"rel": "next", "type": GEOJSON, "href": _href(request, cursor_of(last))})
    return {
        "type": "FeatureCollection",
        "wideberth_version": wideberth_version(),
        "numberReturned": len(found),
        "links": links,
        "cursor": cursor_of(last),
        "features": [fed(kept.alert, language) for kept in found],
    }


def _href(request: Request, cursor: str | None) -> str:
    """Relative, so that it holds behind any proxy."""
    url = request.url.include_query_params(cursor=cursor) if cursor else request.url
    return f"{url.path}?{url.query}" if url.query else url.path


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _answer(content: Json, answer: _Answering) -> Response:
    body = _dump(content).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    words = {"Content-Language": answer.language.value, "Vary": "Accept-Language"}
    headers = {"ETag": tag, "Cache-Control": "no-cache", **words}
    known = {one.strip().removeprefix("W/") for one in (answer.if_none_match or "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=GEOJSON, headers=headers)
