"""Sea areas to which what somebody sees may be limited, for administrators."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import Field, model_validator
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BadInput
from wideberth_contracts.wire import Latitude, Longitude, Wire
from wideberth_gateway.access.guard import actor_of
from wideberth_gateway.analyses.whereabouts import locate_all
from wideberth_gateway.rules.areas import Area, Corner
from wideberth_gateway.rules.catalogue import Packs, list_packs
from wideberth_gateway.rules.outlines import REMEDY, areas_of, corners_of
from wideberth_gateway.store import areas as store
from wideberth_gateway.store.areas import SeaArea

router = APIRouter(tags=["access"])

MOST_CORNERS = 10_000


class AreaAsked(Wire):
    """A new area: an outline as GeoJSON, or that of an area of a rule pack, by its id (`kr`, `kr.KR-A`)."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
    outline: dict[str, Any] | None = None
    rule_area: Annotated[str | None, Field(max_length=200)] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "AreaAsked":
        if (self.outline is None) == (self.rule_area is None):
            raise ValueError("give either outline or rule_area")
        return self


class AreaView(Wire):
    """An area. `source`: where its outline is from. `corners`: latitude, longitude."""

    id: str
    name: str
    source: str
    corners: tuple[tuple[Latitude, Longitude], ...]


@router.get("/v1/areas")
async def listed(request: Request) -> tuple[AreaView, ...]:
    """All areas, oldest first."""
    return tuple(_view(one) for one in await asyncio.to_thread(store.list_areas, _engine(request)))


@router.post("/v1/areas", status_code=201)
async def add(request: Request, asked: AreaAsked) -> AreaView:
    """A new one; what lies within it is known when this answers."""

    def added() -> SeaArea:
        corners, source = _outline(request, asked)
        locate_all(_engine(request), request.app.state.shelf)
        return store.add_area(_engine(request), asked.name, corners, source, actor_of(request))

    return _view(await asyncio.to_thread(added))


@router.delete("/v1/areas/{area_id}", status_code=204)
async def remove(request: Request, area_id: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]) -> None:
    """It is no more; 409 while somebody is limited to it."""
    await asyncio.to_thread(store.remove_area, _engine(request), area_id, actor_of(request))


def _outline(request: Request, asked: AreaAsked) -> tuple[tuple[Corner, ...], str]:
    if asked.rule_area is not None:
        find: Packs = request.app.state.packs
        known: dict[str, Area] = {name: one for pack in list_packs() for name, one in areas_of(find(pack)).items()}
        area = known.get(asked.rule_area)
        if area is None or not area.outline:
            there = ", ".join(name for name, one in known.items() if one.outline) or "none"
            why = area.absent if area else "no rule pack has an area of that id"
            raise BadInput(f"no outline: {why}", where="rule_area", remedy=f"give an outline; packs have {there}")
        return area.outline, f"rule pack, {asked.rule_area}"
    try:
        corners = corners_of(asked.outline)
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput(f"no outline: {' '.join(str(error).split())[:200]}", where="outline", remedy=REMEDY) from error
    if len(corners) > MOST_CORNERS:
        raise BadInput(f"{len(corners)} corners", where="outline", remedy=f"give {MOST_CORNERS} at most")
    return corners, "given by an administrator"


def _view(area: SeaArea) -> AreaView:
    corners = tuple((one.latitude, one.longitude) for one in area.corners)
    return AreaView(id=area.id, name=area.name, source=area.source, corners=corners)


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine
