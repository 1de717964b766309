"""The verb *detect* over HTTP."""

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from wideberth_contracts.detections import Attention, DetectSettings, FrameDetections
from wideberth_contracts.frames import Frame, FrameMeta
from wideberth_contracts.ports import DetectorPort
from wideberth_contracts.wire import Wire
from wideberth_servicekit.client import HttpAdapter
from wideberth_servicekit.endpoints import PARCEL_BODY, desk_of, json_answer
from wideberth_servicekit.parcels import Parcel, Picture, shape_of

DETECT = "/v1/detect"
_ANSWER: TypeAdapter[FrameDetections] = TypeAdapter(FrameDetections)


class DetectContent(Wire):
    """A frame without its pixels, the settings, and what the frames before tell; None for a still."""

    frame: FrameMeta
    settings: DetectSettings = DetectSettings()
    attention: Attention | None = None


def routes() -> APIRouter:
    """Endpoints that call the `DetectorPort` in `app.state.adapter`."""
    router = APIRouter(tags=["detector"])

    @router.post(DETECT, openapi_extra=PARCEL_BODY, response_model=FrameDetections)
    async def detect(request: Request) -> Response:
        adapter: DetectorPort = request.app.state.adapter
        desk = desk_of(request)
        delivery = await desk.delivery(request, Parcel[DetectContent])
        content = delivery.content
        meta = content.frame
        (pixels,) = await desk.pictures(delivery, [shape_of(meta)])
        answer = await adapter.detect(Frame(meta, pixels), content.settings, content.attention)
        desk.check(delivery)
        return json_answer(answer, _ANSWER)

    return router


class HttpDetector(HttpAdapter):
    """`DetectorPort` by a service."""

    async def detect(
        self, frame: Frame, settings: DetectSettings, attention: Attention | None = None
    ) -> FrameDetections:
        """Oriented boxes of everything seen, highest confidence first."""
        content = DetectContent(frame=frame.meta, settings=settings, attention=attention)
        return await self._ask_about(DETECT, content, [Picture(frame.pixels, shape_of(frame.meta))], _ANSWER)
