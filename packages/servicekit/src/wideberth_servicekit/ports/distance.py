"""The verbs *poses*, *locate* and *horizon*, the reading of telemetry, and separations over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from wideberth_contracts.clues import MaybeHorizon
from wideberth_contracts.frames import Frame, FrameMeta
from wideberth_contracts.ports import DistancePort
from wideberth_contracts.poses import FramePose, PosesAnswer, PosesRequest, TelemetryRecord
from wideberth_contracts.positions import LocateAnswer, LocateRequest
from wideberth_contracts.separations import SeparateAnswer, SeparateRequest
from wideberth_contracts.wire import Wire
from wideberth_servicekit.client import HttpAdapter
from wideberth_servicekit.endpoints import PARCEL_BODY, desk_of, json_answer
from wideberth_servicekit.parcels import Parcel, Picture, shape_of

READ_TELEMETRY = "/v1/read-telemetry"
HORIZON = "/v1/horizon"
POSES = "/v1/poses"
LOCATE = "/v1/locate"
SEPARATE = "/v1/separate"
_TELEMETRY: TypeAdapter[TelemetryRecord] = TypeAdapter(TelemetryRecord)
_HORIZON: TypeAdapter[MaybeHorizon] = TypeAdapter(MaybeHorizon)
_POSES: TypeAdapter[PosesAnswer] = TypeAdapter(PosesAnswer)
_LOCATE: TypeAdapter[LocateAnswer] = TypeAdapter(LocateAnswer)
_SEPARATE: TypeAdapter[SeparateAnswer] = TypeAdapter(SeparateAnswer)

_FILE_BODY = {
    "requestBody": {
        "required": True,
        "description": "the telemetry file as it is",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class HorizonContent(Wire):
    """A frame without its pixels, and the pose expected of it."""

    frame: FrameMeta
    expected: FramePose


def routes() -> APIRouter:
    """Endpoints that call the `DistancePort` in `app.state.adapter`."""
    router = APIRouter(tags=["distance"])

    @router.post(READ_TELEMETRY, openapi_extra=_FILE_BODY, response_model=TelemetryRecord)
    async def read_telemetry(
        request: Request, name: Annotated[str, Query()], utc_offset_h: Annotated[float, Query(ge=-12, le=14)]
    ) -> Response:
        adapter: DistancePort = request.app.state.adapter
        return json_answer(await adapter.read_telemetry(name, await request.body(), utc_offset_h), _TELEMETRY)

    @router.post(HORIZON, openapi_extra=PARCEL_BODY, response_model=MaybeHorizon)
    async def horizon(request: Request) -> Response:
        adapter: DistancePort = request.app.state.adapter
        desk = desk_of(request)
        delivery = await desk.delivery(request, Parcel[HorizonContent])
        content = delivery.content
        (pixels,) = await desk.pictures(delivery, [shape_of(content.frame)])
        answer = await adapter.horizon(Frame(content.frame, pixels), content.expected)
        desk.check(delivery)
        return json_answer(answer, _HORIZON)

    @router.post(POSES, response_model=PosesAnswer)
    async def poses(request: Request, body: PosesRequest) -> Response:
        adapter: DistancePort = request.app.state.adapter
        return json_answer(await adapter.poses(body), _POSES)

    @router.post(LOCATE, response_model=LocateAnswer)
    async def locate(request: Request, body: LocateRequest) -> Response:
        adapter: DistancePort = request.app.state.adapter
        return json_answer(await adapter.locate(body), _LOCATE)

    @router.post(SEPARATE, response_model=SeparateAnswer)
    async def separate(request: Request, body: SeparateRequest) -> Response:
        adapter: DistancePort = request.app.state.adapter
        return json_answer(await adapter.separate(body), _SEPARATE)

    return router


class HttpDistance(HttpAdapter):
    """`DistancePort` by a service."""

    async def read_telemetry(self, name: str, content: bytes, utc_offset_h: float) -> TelemetryRecord:
        """The telemetry of a file. Raises `UnreadableTelemetry` naming file, line and remedy."""
        request = self._client.build_request(
            "POST",
            READ_TELEMETRY,
            params={"name": name, "utc_offset_h": repr(utc_offset_h)},
            content=content,
            headers={"Content-Type": "application/octet-stream"},
        )
        return self._read(await self._send(request), _TELEMETRY)

    async def horizon(self, frame: Frame, expected: FramePose) -> MaybeHorizon:
        """What a frame shows of the sea horizon."""
        content = HorizonContent(frame=frame.meta, expected=expected)
        return await self._ask_about(HORIZON, content, [Picture(frame.pixels, shape_of(frame.meta))], _HORIZON)

    async def poses(self, request: PosesRequest) -> PosesAnswer:
        """One pose a moment, and the grade."""
        return await self._ask(POSES, request, _POSES)

    async def locate(self, request: LocateRequest) -> LocateAnswer:
        """Points and detections on the sea."""
        return await self._ask(LOCATE, request, _LOCATE)

    async def separate(self, request: SeparateRequest) -> SeparateAnswer:
        """Every craft against its nearest animal, through time."""
        return await self._ask(SEPARATE, request, _SEPARATE)
