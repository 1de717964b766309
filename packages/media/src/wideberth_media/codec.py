"""PNG and JPEG, by OpenCV. `CvPixelCodec` is what servicekit's transports take as their codec."""

import cv2
import numpy as np

from wideberth_contracts.errors import UnreadableImage
from wideberth_contracts.frames import PixelEncoding
from wideberth_media.pixels import Pixels, buffer_of

# A lossy hop changes the models' input; at 92 small targets keep their edges at 1/6 of the raw size.
JPEG_QUALITY = 92
# Level 1 is five times as fast as the default and a tenth larger.
_PNG_LEVEL = 1
_HEADER_BYTES = 1 << 16


def encode_pixels(array: Pixels, encoding: PixelEncoding) -> bytes:
    """Compressed pixels; `array` has shape (height, width, 3), BGR, or (height, width)."""
    if encoding is PixelEncoding.JPEG:
        suffix, options = ".jpg", [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    elif encoding is PixelEncoding.PNG:
        suffix, options = ".png", [cv2.IMWRITE_PNG_COMPRESSION, _PNG_LEVEL]
    else:
        return bytes(buffer_of(array))
    written, data = cv2.imencode(suffix, array, options)
    if not written:
        raise ValueError(f"{encoding.value} cannot hold a picture of shape {array.shape}")
    return data.tobytes()


def decode_pixels(data: memoryview, shape: tuple[int, int, int]) -> Pixels:
    """Raw pixels of exactly this shape; (height, width, 1) gives (height, width).

    Raises:
        UnreadableImage: no picture, or one of another size.
    """
    height_px, width_px, channels = shape
    claimed = claimed_size(bytes(data[:_HEADER_BYTES]))
    if claimed is not None and claimed != (width_px, height_px):
        # Told before it is decoded: a few bytes can claim gigabytes of pixels.
        raise UnreadableImage(f"a picture of {claimed[0]} x {claimed[1]} px, {width_px} x {height_px} expected")
    colour = cv2.IMREAD_GRAYSCALE if channels == 1 else cv2.IMREAD_COLOR
    array = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), colour | cv2.IMREAD_IGNORE_ORIENTATION) if data else None
    if array is None:
        raise UnreadableImage("these bytes are no JPEG or PNG", remedy="send a whole picture")
    if array.shape[:2] != (height_px, width_px):
        raise UnreadableImage(f"a picture of {array.shape[1]} x {array.shape[0]} px, {width_px} x {height_px} expected")
    return np.asarray(array, dtype=np.uint8)


def claimed_size(head: bytes) -> tuple[int, int] | None:
    """Width and height in px that the first bytes of a PNG or JPEG state; None where they do not."""
    if head[:8] == b"\x89PNG\r\n\x1a\n" and head[12:16] == b"IHDR" and len(head) >= 24:
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    if head[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        marker, length = head[at + 1], int.from_bytes(head[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # start of frame, ITU T.81 table B.1
            return int.from_bytes(head[at + 7 : at + 9], "big"), int.from_bytes(head[at + 5 : at + 7], "big")
        at += 2 + length
    return None


class CvPixelCodec:
    """Compresses and restores pixels in memory."""

    def encode(self, pixels: memoryview, shape: tuple[int, int, int], encoding: PixelEncoding) -> bytes:
        """Compress pixels of shape (height, width, channels)."""
        array = np.frombuffer(pixels, dtype=np.uint8).reshape(shape if shape[2] > 1 else shape[:2])
        return encode_pixels(array, encoding)

    def decode(self, data: memoryview, shape: tuple[int, int, int], encoding: PixelEncoding) -> memoryview:
        """Raw pixels of exactly this shape; the bytes themselves tell which format they are."""
        return buffer_of(decode_pixels(data, shape))
