"""The service's side of the transport: takes pictures however they come, answers the way the caller asked."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import StreamingResponse

from wideberth_contracts.errors import Unavailable
from wideberth_contracts.frames import SharedPixels
from wideberth_contracts.wire import Wire
from wideberth_servicekit.parcels import (
    MEDIA_TYPE,
    AnswerBy,
    Content,
    InMemory,
    Medium,
    Parcel,
    Picture,
    PixelCodec,
    Place,
    Shape,
    opened,
    pieces,
    sealed,
)
from wideberth_servicekit.ring import SharedRing
from wideberth_servicekit.ring_reader import RingReader
from wideberth_servicekit.settings import ServiceSettings
from wideberth_servicekit.transport import Sent, in_body, in_memory, unpacked

# A caller on the same host copies an answer out in milliseconds; a slot is safe from reuse for this long. One that is
# later than that is told by the generation, and asks again for raw pixels.
HOLD_S = 0.5


@dataclass(frozen=True)
class Delivery(Generic[Content]):
    """A request's parcel, opened; its pictures are fetched by `PixelDesk.pictures`."""

    content: Content
    places: tuple[Place, ...]
    blobs: tuple[memoryview, ...]
    answer_by: AnswerBy


class PixelDesk:
    """One a service; holds its ring and its view of other processes' rings."""

    def __init__(self, settings: ServiceSettings, codec: PixelCodec | None) -> None:
        self._settings = settings
        self._codec = codec
        self._ring: SharedRing | None = None
        self._reader = None if settings.shared_dir is None else RingReader(settings.shared_dir)

    async def delivery(self, request: Request, kind: type[Parcel[Content]]) -> Delivery[Content]:
        """The parcel in a request.

        Raises:
            BadInput, TooLarge: no parcel, or too much of it.
            RequestValidationError: its JSON does not fit.
        """
        body = await _body(request)
        try:
            parcel, blobs = opened(body, kind)
        except ValidationError as error:
            faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors(include_input=False)]
            raise RequestValidationError(faults) from error
        return Delivery(parcel.content, parcel.places, blobs, parcel.answer_by)

    async def pictures(self, delivery: Delivery[Content], shapes: Sequence[Shape]) -> tuple[memoryview, ...]:
        """Raw pixels of the delivered pictures; those in shared memory without a copy."""
        look_up = None if self._reader is None else self._reader.view
        return await unpacked(delivery.places, delivery.blobs, shapes, self._codec, look_up)

    def check(self, delivery: Delivery[Content]) -> None:
        """Called after the work: the pictures in shared memory were still those meant. Raises `Conflict`."""
        for reference in _references(delivery.places):
            if self._reader is not None:
                self._reader.check(reference)

    async def answer(self, content: Wire, pictures: Sequence[Picture], by: AnswerBy) -> StreamingResponse:
        """A parcel as response."""
        sent = await self._sent(pictures, by)
        parts = sealed(Parcel[Wire].model_construct(content=content, places=sent.places, answer_by=by), sent.blobs)
        length = sum(len(part) for part in parts)
        return StreamingResponse(_each(parts), media_type=MEDIA_TYPE, headers={"Content-Length": str(length)})

    def close(self) -> None:
        """Remove the ring."""
        if self._ring is not None:
            self._ring.close()
        if self._reader is not None:
            self._reader.close()

    def __enter__(self) -> Self:
        """For `with`, which closes."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    async def _sent(self, pictures: Sequence[Picture], by: AnswerBy) -> Sent:
        if by.medium is Medium.MEMORY and pictures and self._settings.shared_dir is not None:
            try:
                return in_memory(pictures, self._own_ring())
            except Unavailable:
                pass  # the volume cannot be written here: raw in the body instead
        return await in_body(pictures, by.encoding, self._codec)

    def _own_ring(self) -> SharedRing:
        """Made when first needed: most services never answer with pixels."""
        if self._ring is None:
            assert self._settings.shared_dir is not None
            self._ring = SharedRing(
                self._settings.shared_dir,
                slots=self._settings.shared_slots,
                slot_bytes=self._settings.shared_slot_bytes,
                hold_s=HOLD_S,
            )
        return self._ring


async def _body(request: Request) -> memoryview:
    """The whole body with one copy; its size is limited at the edge."""
    body = bytearray(int(request.headers.get("content-length", 0)))
    filled = 0
    async for chunk in request.stream():
        end = filled + len(chunk)
        body[filled:end] = chunk
        filled = end
    return memoryview(body)[:filled].toreadonly()


def _references(places: Sequence[Place]) -> list[SharedPixels]:
    return [place.pixels for place in places if isinstance(place, InMemory)]


async def _each(parts: Sequence[bytes | memoryview]) -> AsyncIterator[memoryview]:
    for piece in pieces(parts):
        yield piece
