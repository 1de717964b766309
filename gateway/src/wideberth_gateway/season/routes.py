"""The encounters of a season, for the rate at which rules are kept."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, Field
from sqlalchemy.engine import Engine

from wideberth_contracts.wire import Interval, Latitude, Longitude, NonNegative, Sha256, UtcDatetime, Wire
from wideberth_gateway.access.guard import whose
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.season.counting import judged_by_people, once, reasons_of
from wideberth_gateway.season.reading import read_new
from wideberth_gateway.store import encounters as store
from wideberth_gateway.store.alerts import rejected
from wideberth_gateway.store.encounters import Kept, Met
from wideberth_gateway.store.organisations import Sight

router = APIRouter(tags=["season"])


class EncounterView(Wire):
    """A craft near animals, once, as it stands after persons have looked at its alerts.

    Attributes:
        vessel: its name or MMSI where AIS matched one.
        start: None where the time of day is not known.
        kept: `kept`: a rule was judged and none was broken; `not_judged`: none could be. Advisory rules do not count.
        rules_broken: without those whose alert was rejected.
    """

    analysis_id: Sha256
    encounter_id: str
    vessel_track: str
    vessel_kind: str
    vessel: str | None
    pack_id: str
    start: UtcDatetime | None
    closest_t_s: float
    closest_separation_m: NonNegative
    interval_95_m: Interval
    latitude_deg: Latitude | None
    longitude_deg: Longitude | None
    kept: Kept
    rules_broken: tuple[str, ...]


class SeasonView(Wire):
    """Encounters in order of time. `next_offset` of the next request, where there are more.

    Attributes:
        not_readable: analyses whose encounters could not be read, with the reason: they are missing here.
    """

    encounters: tuple[EncounterView, ...]
    count: Annotated[int, Field(ge=0)]
    next_offset: int | None
    not_readable: dict[str, str]


@router.get("/v1/season/encounters")
async def encounters(
    request: Request,
    earliest: Annotated[AwareDatetime | None, Query(description="leaves out what has no time")] = None,
    latest: Annotated[AwareDatetime | None, Query(description="leaves out what has no time")] = None,
    within_m: Annotated[float | None, Query(gt=0, description="closest separation at most")] = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> SeasonView:
    """Every encounter once, broken rules or not: where a video was analysed twice, by the newer analysis."""
    engine, shelf, sight = request.app.state.engine, request.app.state.shelf, whose(request).sight
    found = await asyncio.to_thread(_standing, engine, shelf, sight)
    span = (earliest.timestamp() if earliest else None, latest.timestamp() if latest else None)
    wanted = [one for one in found if _in(one, span) and (within_m is None or one.closest_m <= within_m)]
    page = wanted[offset : offset + limit]
    return SeasonView(
        encounters=tuple(_view(one) for one in page),
        count=len(wanted),
        next_offset=offset + limit if offset + limit < len(wanted) else None,
        not_readable=await asyncio.to_thread(store.unreadable, engine, sight),
    )


def _standing(engine: Engine, shelf: Shelf, sight: Sight) -> tuple[Met, ...]:
    """The newest analysis counts among those of their organisations; where that flew is no matter here."""
    read_new(engine, shelf)
    found = once(store.all_met(engine, sight), store.finished(engine, sight))
    return judged_by_people(found, reasons_of(rejected(engine)))


def _in(one: Met, span: tuple[float | None, float | None]) -> bool:
    earliest, latest = span
    if earliest is None and latest is None:
        return True
    at = one.starts_epoch_s
    return at is not None and (earliest is None or at >= earliest) and (latest is None or at <= latest)


def _view(one: Met) -> EncounterView:
    return EncounterView(
        analysis_id=one.analysis_id,
        encounter_id=one.encounter_id,
        vessel_track=one.craft_track,
        vessel_kind=one.craft_kind,
        vessel=one.vessel,
        pack_id=one.pack_id,
        start=None if one.starts_epoch_s is None else datetime.fromtimestamp(one.starts_epoch_s, UTC),
        closest_t_s=one.closest_t_s,
        closest_separation_m=one.closest_m,
        interval_95_m=Interval(low=one.low_95_m, high=one.high_95_m),
        latitude_deg=one.latitude_deg,
        longitude_deg=one.longitude_deg,
        kept=one.verdict,
        rules_broken=one.rules,
    )
