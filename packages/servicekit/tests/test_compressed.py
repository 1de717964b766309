"""Compressed pixels, with a PNG codec of a few lines: the kit has none of its own."""

import struct
import zlib
from collections.abc import Sequence

import pytest

from wideberth_contracts.detections import DetectSettings
from wideberth_contracts.errors import BadInput, UnreadableImage
from wideberth_contracts.frames import PixelEncoding
from wideberth_servicekit.conformance import outcome_of, running
from wideberth_servicekit.conformance.little_adapters import LittleDetector, LittleGlare
from wideberth_servicekit.conformance.samples import frame, window
from wideberth_servicekit.parcels import AnswerBy, InBody, Picture, shape_of
from wideberth_servicekit.ports import HttpDetector, HttpGlare, detector, glare
from wideberth_servicekit.transport import RawTransport, Sent

pytestmark = pytest.mark.anyio


class Png:
    """PNG without filters (ISO/IEC 15948)."""

    def encode(self, pixels: memoryview, shape: tuple[int, int, int], encoding: PixelEncoding) -> bytes:
        rows, columns, channels = shape
        width = columns * channels
        raw = b"".join(b"\0" + bytes(pixels[row * width : (row + 1) * width]) for row in range(rows))
        head = struct.pack(">IIBBBBB", columns, rows, 8, 2 if channels == 3 else 0, 0, 0, 0)
        chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 1)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in chunks
        )

    def decode(self, data: memoryview, shape: tuple[int, int, int], encoding: PixelEncoding) -> memoryview:
        rows, columns, channels = shape
        size = struct.unpack_from(">II", data, 16) if len(data) > 24 else (0, 0)
        if size != (columns, rows):
            raise UnreadableImage("another size", where="png")
        length = struct.unpack_from(">I", data, 33)[0]
        raw = zlib.decompress(data[41 : 41 + length])
        width = columns * channels + 1
        return memoryview(b"".join(raw[row * width + 1 : (row + 1) * width] for row in range(rows)))


class Lying(RawTransport):
    """Says PNG and sends something else."""

    async def send(self, pictures: Sequence[Picture]) -> Sent:
        return Sent((InBody(encoding=PixelEncoding.PNG, nbytes=5),), (b"hello",), lambda: None)


async def test_frames_and_masks_survive_png_both_ways() -> None:
    async with running(LittleGlare(), glare.routes(), Png()) as client:
        over_http = await outcome_of(HttpGlare(client, RawTransport(PixelEncoding.PNG, Png())).clear(window()))
    assert over_http == await outcome_of(LittleGlare().clear(window()))


async def test_mask_goes_without_loss_even_where_frames_go_as_jpeg() -> None:
    sent = await RawTransport(PixelEncoding.JPEG, Png()).send(
        [
            Picture(frame().pixels, shape_of(frame().meta)),
            Picture(memoryview(bytes(6)), type(shape_of(frame().meta))(2, 3, 1)),
        ]
    )
    assert [place.encoding for place in sent.places if isinstance(place, InBody)] == ["jpeg", "png"]


async def test_service_without_a_codec_refuses_png_with_the_remedy() -> None:
    async with running(LittleDetector(), detector.routes()) as client:
        with pytest.raises(BadInput, match="bgr24"):
            await HttpDetector(client, RawTransport(PixelEncoding.PNG, Png())).detect(frame(), DetectSettings())


async def test_bytes_that_are_no_picture_are_unreadable_over_the_wire() -> None:
    async with running(LittleDetector(), detector.routes(), Png()) as client:
        with pytest.raises(UnreadableImage, match="another size"):
            await HttpDetector(client, Lying()).detect(frame(), DetectSettings())


def test_encoding_without_a_codec_is_refused_at_once() -> None:
    assert RawTransport().answer_by == AnswerBy()
    with pytest.raises(ValueError, match="codec"):
        RawTransport(PixelEncoding.JPEG)
