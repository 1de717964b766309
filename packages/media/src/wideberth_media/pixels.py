"""Pixels as numpy sees them: BGR arrays without copies, pictures from files, decoded frames upright.

Colours: a stream that does not say which matrix it uses is taken as BT.709 from 720 lines up and BT.601 below, as
players do (ITU-R BT.709 and BT.601).
"""

from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace
from numpy.typing import NDArray

from wideberth_contracts.errors import UnreadableImage
from wideberth_contracts.frames import Crop, Frame, FrameMeta

Pixels = NDArray[np.uint8]

_UNSPECIFIED_COLORSPACE = 2
_HD_LINES = 720
_NUMPY_QUARTER_TURN_DEG = 90


def as_array(frame: Frame | Crop) -> Pixels:
    """The pixels, shape (height, width, 3), BGR, as a read-only view of the same memory."""
    return _view(frame.pixels, (frame.meta.height_px, frame.meta.width_px, 3))


def mask_array(mask: memoryview, height_px: int, width_px: int) -> Pixels:
    """A mask, shape (height, width), as a read-only view of the same memory."""
    return _view(mask, (height_px, width_px))


def buffer_of(array: Pixels) -> memoryview:
    """The flat read-only memory of an array; copies only an array that is not C-contiguous."""
    if array.dtype != np.uint8:
        raise ValueError(f"pixels are 8-bit, not {array.dtype}")
    return np.ascontiguousarray(array).data.toreadonly().cast("B")


def frame_of(array: Pixels, meta: FrameMeta) -> Frame:
    """A frame over the memory of an array, shape (height, width, 3), BGR."""
    if array.shape != (meta.height_px, meta.width_px, 3):
        raise ValueError(f"array of shape {array.shape}, {(meta.height_px, meta.width_px, 3)} expected")
    return Frame(meta=meta, pixels=buffer_of(array))


def read_image(path: Path | str) -> Pixels:
    """A picture file as BGR, shape (height, width, 3), turned upright where its EXIF says so.

    Raises:
        UnreadableImage: no file, or no picture in it.
    """
    path = Path(path)
    if not path.is_file():
        raise UnreadableImage("there is no such file", where=str(path), remedy="check the path")
    data = np.fromfile(path, dtype=np.uint8)
    array = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if array is None:
        raise UnreadableImage("this is no picture that can be decoded", where=str(path), remedy="use JPEG or PNG")
    return np.asarray(array, dtype=np.uint8)


def clockwise_rotation_deg(frame: VideoFrame) -> int:
    """How far the frame must be turned clockwise to stand upright: 0, 90, 180 or 270.

    The display matrix may ask for other angles; no camera writes them, and the nearest quarter turn is taken.
    """
    return round(-frame.rotation / _NUMPY_QUARTER_TURN_DEG) % 4 * _NUMPY_QUARTER_TURN_DEG


def upright_bgr(frame: VideoFrame, long_side_limit_px: int | None = None) -> Pixels:
    """A decoded frame as BGR, shape (height, width, 3), upright, C-contiguous.

    Args:
        frame: of any pixel format, 8 bit or more.
        long_side_limit_px: larger frames are scaled down to this, keeping their shape to the pixel.
    """
    width_px, height_px = limited_size(frame.width, frame.height, long_side_limit_px)
    assumed = None
    if int(frame.colorspace) == _UNSPECIFIED_COLORSPACE:
        assumed = Colorspace.ITU709 if frame.height >= _HD_LINES else Colorspace.ITU601
    bgr = frame.reformat(width=width_px, height=height_px, format="bgr24", src_colorspace=assumed)
    array = np.asarray(bgr.to_ndarray(), dtype=np.uint8)
    turns = clockwise_rotation_deg(frame) // _NUMPY_QUARTER_TURN_DEG
    return np.ascontiguousarray(np.rot90(array, k=-turns)) if turns else array


def upright_size(frame: VideoFrame, long_side_limit_px: int | None = None) -> tuple[int, int]:
    """Width and height of what `upright_bgr` makes of a frame."""
    width_px, height_px = limited_size(frame.width, frame.height, long_side_limit_px)
    return (height_px, width_px) if clockwise_rotation_deg(frame) in (90, 270) else (width_px, height_px)


def limited_size(width_px: int, height_px: int, long_side_limit_px: int | None) -> tuple[int, int]:
    """The size after scaling down to a limit of the long side; unchanged where it is within."""
    long_side = max(width_px, height_px)
    if long_side_limit_px is None or long_side <= long_side_limit_px:
        return width_px, height_px
    scale = long_side_limit_px / long_side
    return max(1, round(width_px * scale)), max(1, round(height_px * scale))


def _view(memory: memoryview, shape: tuple[int, ...]) -> Pixels:
    array = np.frombuffer(memory, dtype=np.uint8).reshape(shape)
    array.flags.writeable = False
    return array
