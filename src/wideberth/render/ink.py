"""Drawing on BGR pictures: lines by OpenCV, text by Pillow (OpenCV's fonts have no ±)."""

from functools import lru_cache
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]  # BGR

DOLPHIN: Colour = (235, 190, 60)
CRAFT: Colour = (90, 200, 250)
BREACH: Colour = (60, 60, 240)
FINE: Colour = (110, 200, 110)
UNSURE: Colour = (190, 190, 190)
RING_NEAR: Colour = (70, 70, 235)
RING_FAR: Colour = (60, 190, 240)


@lru_cache(maxsize=8)
def _font(size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"), size_px)


@lru_cache(maxsize=2048)
def _patch(text: str, size_px: int) -> NDArray[np.uint8]:
    left, top, right, bottom = _font(size_px).getbbox(text)
    pad = max(2, size_px // 5)
    image = Image.new("L", (int(right - left) + 2 * pad, int(bottom - top) + 2 * pad), 0)
    ImageDraw.Draw(image).text((pad - left, pad - top), text, fill=255, font=_font(size_px))
    return np.asarray(image)


def write(picture: Picture, text: str, x_px: float, y_px: float, colour: Colour, size_px: int = 18) -> int:
    """Text on a darkened plate, its top left at (x, y), pushed inside the picture; returns the plate's height."""
    alpha = _patch(text, size_px)
    height, width = alpha.shape
    x = int(min(max(0, x_px), max(0, picture.shape[1] - width)))
    y = int(min(max(0, y_px), max(0, picture.shape[0] - height)))
    place = picture[y : y + height, x : x + width]
    mask = alpha[: place.shape[0], : place.shape[1], None].astype(np.float32) / 255
    darkened = place.astype(np.float32) * 0.35
    place[:] = (darkened * (1 - mask) + np.array(colour, np.float32) * mask).astype(np.uint8)
    return int(height)


def polyline(picture: Picture, points_px: NDArray[np.float64], colour: Colour, *, closed: bool, thick: int = 2) -> None:
    """A line through points, shape (N, 2); anti-aliased."""
    if len(points_px) < 2:
        return
    limit = 4 * max(picture.shape)
    fixed = np.clip(points_px, -limit, limit).round().astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(picture, [fixed], closed, colour, thick, cv2.LINE_AA)


def dot(picture: Picture, x_px: float, y_px: float, colour: Colour, radius_px: int = 4) -> None:
    """A filled disc."""
    cv2.circle(picture, (round(x_px), round(y_px)), radius_px, colour, -1, cv2.LINE_AA)
