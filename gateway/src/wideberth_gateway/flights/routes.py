"""Flights: made of files sent before, told about, paired anew, looked at, analysed. They are not deleted here."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from wideberth_gateway.access.guard import actor_of, whose
from wideberth_gateway.analyses.messages import AnalysisView, FileRef
from wideberth_gateway.flights.card import sorted_card
from wideberth_gateway.flights.desk import FlightDesk
from wideberth_gateway.flights.messages import (
    AnalysesRequest,
    CardRequest,
    CardView,
    FlightAnalyses,
    FlightChange,
    FlightList,
    FlightLook,
    FlightsMade,
    FlightsRequest,
    FlightView,
    FlightWork,
    PairRequest,
    PartAnalysis,
    SegmentView,
    starts_s,
)
from wideberth_gateway.replay.blurring import shown
from wideberth_gateway.store import flights as store
from wideberth_gateway.store.analyses import analyses_of

router = APIRouter(tags=["flights"])

FlightId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Position = Annotated[int, Path(ge=0, le=10_000)]


@router.post("/v1/flights", status_code=201)
async def make(request: Request, asked: FlightsRequest) -> FlightsMade:
    """One flight a recording: telemetry is found by name, parts by name, size and time. The same again is the same."""
    made, alone = await _desk(request).make(asked, whose(request))
    return FlightsMade(
        flights=tuple(FlightView.of(flight) for flight in made),
        alone=tuple(FileRef(sha256=file.sha256, name=file.name) for file in alone),
    )


@router.get("/v1/flights")
async def listed(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[
        str | None, Query(pattern=r"^[0-9a-f]{64}$", description="`next_after` of the page before")
    ] = None,
) -> FlightList:
    """Flights, newest first."""
    found = await asyncio.to_thread(
        store.newest, request.app.state.engine, limit=limit, after=after, sight=whose(request).sight
    )
    views = tuple(FlightView.of(flight) for flight in found)
    return FlightList(flights=views, next_after=views[-1].id if len(views) == limit else None)


@router.get("/v1/flights/{flight_id}")
async def flight(request: Request, flight_id: FlightId) -> FlightView:
    """One flight with its parts."""
    return FlightView.of(await asyncio.to_thread(store.find, request.app.state.engine, flight_id))


@router.patch("/v1/flights/{flight_id}")
async def change(request: Request, flight_id: FlightId, asked: FlightChange) -> FlightView:
    """What a person says of it: name, operator, drone, permit, notes."""
    values = asked.model_dump(exclude_none=True)
    return FlightView.of(
        await asyncio.to_thread(store.change, request.app.state.engine, flight_id, values, actor_of(request))
    )


@router.put("/v1/flights/{flight_id}/parts/{position}/telemetry")
async def pair(request: Request, flight_id: FlightId, position: Position, asked: PairRequest) -> FlightView:
    """Another telemetry for a part, where the names found the wrong one or none."""
    return FlightView.of(await _desk(request).pair(flight_id, position, asked.telemetry, whose(request)))


@router.get("/v1/flights/{flight_id}/look")
async def look(request: Request, flight_id: FlightId) -> FlightLook:
    """What the flight is good for, before anything is sensed: measurable share, error along its time, path, faults."""
    return await _desk(request).look(flight_id)


@router.post("/v1/flights/{flight_id}/analyses", status_code=202)
async def analyse(request: Request, flight_id: FlightId, asked: AnalysesRequest) -> FlightAnalyses:
    """One question for the flight, or for chosen spans of it: an analysis is started for each part they touch."""
    found = await _desk(request).analyse(flight_id, asked, whose(request))
    now = datetime.now(UTC)
    names = await asyncio.to_thread(request.app.state.shelf.results, tuple(one.id for one in found))
    return FlightAnalyses(analyses=tuple(AnalysisView.of(one, shown(request, names[one.id]), now) for one in found))


@router.get("/v1/flights/{flight_id}/analyses")
async def work(request: Request, flight_id: FlightId) -> FlightWork:
    """Every analysis of its videos, newest first, with progress by segment on the time of the flight."""
    engine, now = request.app.state.engine, datetime.now(UTC)
    flight = await asyncio.to_thread(store.find, engine, flight_id)
    parts = {part.video_sha256: part for part in flight.parts}
    found = await asyncio.to_thread(analyses_of, engine, tuple(parts), whose(request).sight)
    names = await asyncio.to_thread(request.app.state.shelf.results, tuple(one.id for one in found))
    told = []
    for one in found:
        part = parts[one.video_sha256]
        begins_s = starts_s(flight, part.position)
        segments = tuple(SegmentView.of(row, begins_s, begins_s + part.duration_s) for row in one.segments)
        told.append(
            PartAnalysis(
                position=part.position,
                analysis=AnalysisView.of(one, shown(request, names[one.id]), now),
                segments=segments,
            )
        )
    return FlightWork(id=flight.id, analyses=tuple(told))


@router.post("/v1/flights/card")
async def card(asked: CardRequest) -> CardView:
    """What of a card's files belongs together, told by their names and sizes before anything is sent."""
    return sorted_card(asked)


def _desk(request: Request) -> FlightDesk:
    desk: FlightDesk = request.app.state.flights
    return desk
