"""What endpoints of all ports share: finding adapter and pixel desk, and saying what a body is."""

from typing import Any

from fastapi import Request
from pydantic import TypeAdapter
from starlette.responses import Response

from wideberth_servicekit.parcels import MEDIA_TYPE
from wideberth_servicekit.pixel_desk import PixelDesk

PARCEL_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "magic, length, JSON, pictures; see wideberth_servicekit.parcels",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}
PARCEL_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}


def desk_of(request: Request) -> PixelDesk:
    """The service's pixel desk."""
    desk: PixelDesk = request.app.state.pixels
    return desk


def json_answer(value: object, adapter: TypeAdapter[Any]) -> Response:
    """A value as JSON, without validating again what the types already guarantee."""
    return Response(adapter.dump_json(value), media_type="application/json")
