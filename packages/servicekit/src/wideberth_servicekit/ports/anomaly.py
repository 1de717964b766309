"""The verb *screen* over HTTP."""

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from wideberth_contracts.frames import Crop, CropMeta
from wideberth_contracts.ports import AnomalyPort
from wideberth_contracts.screening import Screening, ScreenSettings, SeaMemory
from wideberth_contracts.wire import Wire
from wideberth_servicekit.client import HttpAdapter
from wideberth_servicekit.endpoints import PARCEL_BODY, desk_of, json_answer
from wideberth_servicekit.parcels import Parcel, Picture, shape_of

SCREEN, REMEMBER = "/v1/screen", "/v1/remember"
_ANSWER: TypeAdapter[Screening] = TypeAdapter(Screening)
_MEMORY: TypeAdapter[SeaMemory] = TypeAdapter(SeaMemory)


class ScreenContent(Wire):
    """A track's crops without their pixels, the settings, and what the flight's empty sea looks like."""

    track_id: str
    crops: tuple[CropMeta, ...]
    settings: ScreenSettings = ScreenSettings()
    sea: SeaMemory | None = None


class SeaContent(Wire):
    """Crops of empty sea without their pixels."""

    crops: tuple[CropMeta, ...]


def routes() -> APIRouter:
    """Endpoints that call the `AnomalyPort` in `app.state.adapter`."""
    router = APIRouter(tags=["anomaly"])

    @router.post(SCREEN, openapi_extra=PARCEL_BODY, response_model=Screening)
    async def screen(request: Request) -> Response:
        adapter: AnomalyPort = request.app.state.adapter
        desk = desk_of(request)
        delivery = await desk.delivery(request, Parcel[ScreenContent])
        content = delivery.content
        pixels = await desk.pictures(delivery, [shape_of(meta) for meta in content.crops])
        crops = tuple(Crop(meta, view) for meta, view in zip(content.crops, pixels, strict=True))
        answer = await adapter.screen(content.track_id, crops, content.settings, content.sea)
        desk.check(delivery)
        return json_answer(answer, _ANSWER)

    @router.post(REMEMBER, openapi_extra=PARCEL_BODY, response_model=SeaMemory)
    async def remember(request: Request) -> Response:
        adapter: AnomalyPort = request.app.state.adapter
        desk = desk_of(request)
        delivery = await desk.delivery(request, Parcel[SeaContent])
        metas = delivery.content.crops
        pixels = await desk.pictures(delivery, [shape_of(meta) for meta in metas])
        answer = await adapter.remember(tuple(Crop(meta, view) for meta, view in zip(metas, pixels, strict=True)))
        desk.check(delivery)
        return json_answer(answer, _MEMORY)

    return router


class HttpAnomaly(HttpAdapter):
    """`AnomalyPort` by a service."""

    async def screen(
        self, track_id: str, crops: tuple[Crop, ...], settings: ScreenSettings, sea: SeaMemory | None = None
    ) -> Screening:
        """See `AnomalyPort.screen`."""
        metas = tuple(crop.meta for crop in crops)
        content = ScreenContent(track_id=track_id, crops=metas, settings=settings, sea=sea)
        return await self._ask_about(SCREEN, content, _pictures(crops), _ANSWER)

    async def remember(self, crops: tuple[Crop, ...]) -> SeaMemory:
        """See `AnomalyPort.remember`."""
        content = SeaContent(crops=tuple(crop.meta for crop in crops))
        return await self._ask_about(REMEMBER, content, _pictures(crops), _MEMORY)


def _pictures(crops: tuple[Crop, ...]) -> list[Picture]:
    return [Picture(crop.pixels, shape_of(crop.meta)) for crop in crops]
