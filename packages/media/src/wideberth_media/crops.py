"""Crops: a square of the frame around one detection."""

import math

import cv2
import numpy as np

from wideberth_contracts.detections import OrientedBox
from wideberth_contracts.frames import Crop, CropMeta, Frame, PixelEncoding
from wideberth_media.codec import decode_pixels, encode_pixels
from wideberth_media.pixels import Pixels, as_array, buffer_of

_SMALLEST_SIDE_PX = 8


def cut_crop(
    frame: Frame,
    box: OrientedBox,
    *,
    factor: float = 3.0,
    filled_fraction: float = 0.0,
    confidence: float = 1.0,
    ground_sample_m: float | None = None,
) -> Crop:
    """A square of `factor` times the box's long side, centred on the box.

    Pixels outside the frame repeat its border, so that a crop at the edge has no black corner to learn.

    Args:
        frame: where the box was found.
        box: of the detection.
        factor: side of the square in long sides of the box.
        filled_fraction, confidence, ground_sample_m: of the detection, carried along.
    """
    array = as_array(frame)
    side_px = max(_SMALLEST_SIDE_PX, math.ceil(factor * box.length_px))
    rows = _indices(box.cy_px, side_px, frame.meta.height_px)
    columns = _indices(box.cx_px, side_px, frame.meta.width_px)
    pixels = np.ascontiguousarray(array[np.ix_(rows, columns)])
    meta = CropMeta(
        pts=frame.meta.pts,
        t_s=frame.meta.t_s,
        width_px=side_px,
        height_px=side_px,
        detection_px=box.length_px,
        confidence=confidence,
        ground_sample_m=ground_sample_m,
        filled_fraction=filled_fraction,
        sharpness=sharpness_of(pixels),
    )
    return Crop(meta, buffer_of(pixels))


def sharpness_of(array_bgr: Pixels) -> float:
    """Variance of the Laplacian of the grey picture, in grey levels squared; higher is sharper."""
    grey = cv2.cvtColor(array_bgr, cv2.COLOR_BGR2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_64F).var())


def encode_crop(crop: Crop, encoding: PixelEncoding = PixelEncoding.JPEG) -> bytes:
    """The crop's pixels as JPEG or PNG."""
    return encode_pixels(as_array(crop), encoding)


def decode_crop(data: bytes | memoryview, meta: CropMeta) -> Crop:
    """The crop from its compressed pixels.

    Raises:
        UnreadableImage: no picture, or one of another size than `meta` says.
    """
    pixels = decode_pixels(memoryview(data), (meta.height_px, meta.width_px, 3))
    return Crop(meta, buffer_of(pixels))


def _indices(centre_px: float, side_px: int, limit_px: int) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    first = round(centre_px - side_px / 2)
    return np.clip(np.arange(first, first + side_px), 0, limit_px - 1)
