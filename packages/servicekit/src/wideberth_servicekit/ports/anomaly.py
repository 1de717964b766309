"""The verb *screen* over HTTP."""

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from wideberth_contracts.frames import Crop, CropMeta
from wideberth_contracts.ports import AnomalyPort
from wideberth_contracts.screening import Screening, ScreenSettings
from wideberth_contracts.wire import Wire
from wideberth_servicekit.client import HttpAdapter
from wideberth_servicekit.endpoints import PARCEL_BODY, desk_of, json_answer
from wideberth_servicekit.parcels import Parcel, Picture, shape_of

SCREEN = "/v1/screen"
_ANSWER: TypeAdapter[Screening] = TypeAdapter(Screening)


class ScreenContent(Wire):
    """A track's crops without their pixels, and the settings."""

    track_id: str
    crops: tuple[CropMeta, ...]
    settings: ScreenSettings = ScreenSettings()


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
        answer = await adapter.screen(content.track_id, crops, content.settings)
        desk.check(delivery)
        return json_answer(answer, _ANSWER)

    return router


class HttpAnomaly(HttpAdapter):
    """`AnomalyPort` by a service."""

    async def screen(self, track_id: str, crops: tuple[Crop, ...], settings: ScreenSettings) -> Screening:
        """Animal or clutter, from a track's best crops."""
        content = ScreenContent(track_id=track_id, crops=tuple(crop.meta for crop in crops), settings=settings)
        pictures = [Picture(crop.pixels, shape_of(crop.meta)) for crop in crops]
        return await self._ask_about(SCREEN, content, pictures, _ANSWER)
