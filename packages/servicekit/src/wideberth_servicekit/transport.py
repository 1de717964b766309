"""How pictures get from one side to the other: raw or compressed in the body, or by reference into shared memory."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from wideberth_contracts.errors import BadInput, Busy, Unavailable
from wideberth_contracts.frames import PixelEncoding, SharedPixels
from wideberth_servicekit.parcels import AnswerBy, InBody, InMemory, Medium, Picture, PixelCodec, Place, Shape
from wideberth_servicekit.ring import SharedRing
from wideberth_servicekit.ring_reader import RingReader


@dataclass(frozen=True, slots=True)
class Sent:
    """Pictures on their way. `release` is called once the answer is there."""

    places: tuple[Place, ...]
    blobs: tuple[bytes | memoryview, ...]
    release: Callable[[], None]


class FrameTransport(Protocol):
    """What an Http adapter needs to send pictures and to take those of the answer."""

    @property
    def answer_by(self) -> AnswerBy:
        """How the answer's pictures should come."""
        ...

    async def send(self, pictures: Sequence[Picture]) -> Sent:
        """Make pictures ready to go."""
        ...

    async def receive(
        self, places: Sequence[Place], blobs: Sequence[memoryview], shapes: Sequence[Shape]
    ) -> tuple[memoryview, ...]:
        """Raw pixels of an answer, each of its shape."""
        ...


class RawTransport:
    """Pixels in the body: raw, or as PNG or JPEG where a codec is given.

    Args:
        encoding: JPEG is lossy and costs small targets; use it between hosts only.
        codec: for PNG and JPEG. Masks go as PNG with either, for a lossy mask is none.
    """

    def __init__(self, encoding: PixelEncoding = PixelEncoding.BGR24, codec: PixelCodec | None = None) -> None:
        if encoding is not PixelEncoding.BGR24 and codec is None:
            raise ValueError(f"{encoding.value} needs a codec")
        self._codec = codec
        self.answer_by = AnswerBy(medium=Medium.BODY, encoding=encoding)

    async def send(self, pictures: Sequence[Picture]) -> Sent:
        """Pictures in the body."""
        return await in_body(pictures, self.answer_by.encoding, self._codec)

    async def receive(
        self, places: Sequence[Place], blobs: Sequence[memoryview], shapes: Sequence[Shape]
    ) -> tuple[memoryview, ...]:
        """Pictures from the body."""
        return await unpacked(places, blobs, shapes, self._codec, None)


class SharedTransport:
    """Pixels by reference, for a service on the same host; raw in the body whenever no slot is free.

    Args:
        folder: the memory volume both sides mount.
        slots, slot_bytes: of this side's ring.
    """

    def __init__(self, folder: Path, *, slots: int = 16, slot_bytes: int = 32 << 20) -> None:
        self._ring = SharedRing(folder, slots=slots, slot_bytes=slot_bytes)
        self._reader = RingReader(folder)
        self.answer_by = AnswerBy(medium=Medium.MEMORY)

    async def send(self, pictures: Sequence[Picture]) -> Sent:
        """References, after one copy into the ring."""
        return in_memory(pictures, self._ring)

    async def receive(
        self, places: Sequence[Place], blobs: Sequence[memoryview], shapes: Sequence[Shape]
    ) -> tuple[memoryview, ...]:
        """Pixels of one's own: the service's slots are soon used again."""
        return await unpacked(places, blobs, shapes, None, self._reader.copy)

    def close(self) -> None:
        """Remove the ring."""
        self._ring.close()
        self._reader.close()

    def __enter__(self) -> Self:
        """For `with`, which closes."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()


async def in_body(pictures: Sequence[Picture], encoding: PixelEncoding, codec: PixelCodec | None) -> Sent:
    """Pictures in the body. Compression runs in threads."""
    if encoding is PixelEncoding.BGR24:
        places = tuple(InBody(encoding=encoding, nbytes=picture.shape.nbytes) for picture in pictures)
        return Sent(places, tuple(picture.pixels.cast("B") for picture in pictures), _nothing)
    if codec is None:
        raise BadInput(f"this service does not write {encoding.value}", remedy="ask for bgr24")
    encodings = [PixelEncoding.PNG if picture.shape.channels == 1 else encoding for picture in pictures]
    blobs = await asyncio.gather(
        *(
            asyncio.to_thread(codec.encode, picture.pixels, _tuple(picture.shape), used)
            for picture, used in zip(pictures, encodings, strict=True)
        )
    )
    places = tuple(InBody(encoding=used, nbytes=len(blob)) for blob, used in zip(blobs, encodings, strict=True))
    return Sent(places, tuple(blobs), _nothing)


def in_memory(pictures: Sequence[Picture], ring: SharedRing) -> Sent:
    """Pictures in shared memory, each raw in the body instead where the ring has no room for it."""
    places: list[Place] = []
    blobs: list[memoryview] = []
    held: list[SharedPixels] = []
    for picture in pictures:
        try:
            reference = ring.put(picture.pixels)
        except (Busy, Unavailable):
            # Slower, but never stuck.
            places.append(InBody(encoding=PixelEncoding.BGR24, nbytes=picture.shape.nbytes))
            blobs.append(picture.pixels.cast("B"))
            continue
        held.append(reference)
        places.append(InMemory(pixels=reference))

    def release() -> None:
        for reference in held:
            ring.release(reference)

    return Sent(tuple(places), tuple(blobs), release)


async def unpacked(
    places: Sequence[Place],
    blobs: Sequence[memoryview],
    shapes: Sequence[Shape],
    codec: PixelCodec | None,
    look_up: Callable[[SharedPixels], memoryview] | None,
) -> tuple[memoryview, ...]:
    """Raw pixels, each of its shape.

    Raises:
        BadInput: a picture of another size, in an encoding or a memory not to be had here.
        UnreadableImage: a compressed picture that does not decode.
    """
    if len(places) != len(shapes):
        raise BadInput(f"{len(shapes)} pictures are spoken of, {len(places)} sent", where="body.places")
    rest = iter(blobs)
    pixels = []
    for number, (place, shape) in enumerate(zip(places, shapes, strict=True)):
        where = f"body.places.{number}"
        if isinstance(place, InMemory):
            raw = _from_memory(place, look_up, where)
        elif place.encoding is PixelEncoding.BGR24:
            raw = next(rest)
        elif codec is None:
            raise BadInput(f"{place.encoding.value} is not read here", where=where, remedy="send bgr24")
        else:
            raw = await asyncio.to_thread(codec.decode, next(rest), _tuple(shape), place.encoding)
        if raw.nbytes != shape.nbytes:
            raise BadInput(f"{raw.nbytes} bytes of pixels, {shape.nbytes} expected", where=where)
        pixels.append(raw)
    return tuple(pixels)


def _from_memory(place: InMemory, look_up: Callable[[SharedPixels], memoryview] | None, where: str) -> memoryview:
    if look_up is None:
        raise BadInput("there is no shared memory here", where=where, remedy="set SHARED_DIR, or send raw pixels")
    return look_up(place.pixels)


def _tuple(shape: Shape) -> tuple[int, int, int]:
    return shape.height_px, shape.width_px, shape.channels


def _nothing() -> None:
    return None
