"""The verbs *track* and *motion* over HTTP."""

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from wideberth_contracts.frames import Frame, FrameMeta, ImageMotion, NoImageMotion
from wideberth_contracts.ports import TrackerPort
from wideberth_contracts.tracks import TrackAnswer, TrackRequest
from wideberth_contracts.wire import Wire
from wideberth_servicekit.client import HttpAdapter
from wideberth_servicekit.endpoints import PARCEL_BODY, desk_of, json_answer
from wideberth_servicekit.parcels import Parcel, Picture, shape_of

MOTION = "/v1/motion"
TRACK = "/v1/track"
_MOTION: TypeAdapter[ImageMotion | NoImageMotion] = TypeAdapter(ImageMotion | NoImageMotion)
_TRACK: TypeAdapter[TrackAnswer] = TypeAdapter(TrackAnswer)


class MotionContent(Wire):
    """Two frames without their pixels."""

    earlier: FrameMeta
    later: FrameMeta


def routes() -> APIRouter:
    """Endpoints that call the `TrackerPort` in `app.state.adapter`."""
    router = APIRouter(tags=["tracker"])

    @router.post(MOTION, openapi_extra=PARCEL_BODY, response_model=ImageMotion | NoImageMotion)
    async def motion(request: Request) -> Response:
        adapter: TrackerPort = request.app.state.adapter
        desk = desk_of(request)
        delivery = await desk.delivery(request, Parcel[MotionContent])
        metas = (delivery.content.earlier, delivery.content.later)
        earlier, later = await desk.pictures(delivery, [shape_of(meta) for meta in metas])
        answer = await adapter.motion(Frame(metas[0], earlier), Frame(metas[1], later))
        desk.check(delivery)
        return json_answer(answer, _MOTION)

    @router.post(TRACK, response_model=TrackAnswer)
    async def track(request: Request, body: TrackRequest) -> Response:
        adapter: TrackerPort = request.app.state.adapter
        return json_answer(await adapter.track(body), _TRACK)

    return router


class HttpTracker(HttpAdapter):
    """`TrackerPort` by a service."""

    async def motion(self, earlier: Frame, later: Frame) -> ImageMotion | NoImageMotion:
        """How the picture moved between two frames."""
        content = MotionContent(earlier=earlier.meta, later=later.meta)
        pictures = [Picture(frame.pixels, shape_of(frame.meta)) for frame in (earlier, later)]
        return await self._ask_about(MOTION, content, pictures, _MOTION)

    async def track(self, request: TrackRequest) -> TrackAnswer:
        """Tracks touched by these frames, and the memory for the next."""
        return await self._ask(TRACK, request, _TRACK)
