"""Labelled pictures: oriented boxes and the YOLO text that carries them."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]
# The grey Ultralytics pads with.
_PAD_GREY = 114


@dataclass(frozen=True)
class LabelledBox:
    """One object: class index and the four corners of its oriented box.

    Attributes:
        class_index: index into `CLASS_NAMES`.
        corners_px: shape (4, 2), x and y from the top-left corner of the picture, in order round the box.
    """

    class_index: int
    corners_px: Floats


@dataclass(frozen=True)
class Sample:
    """A picture (BGR, uint8) with the boxes of every object in it."""

    pixels: Image
    boxes: tuple[LabelledBox, ...]


def box_of_points(class_index: int, points_px: Floats) -> LabelledBox:
    """The smallest oriented box around points of shape (n, 2)."""
    rectangle = cv2.minAreaRect(points_px.astype(np.float32))
    return LabelledBox(class_index, cv2.boxPoints(rectangle).astype(np.float32))


def axis_aligned(class_index: int, x0: float, y0: float, x1: float, y1: float) -> LabelledBox:
    """A box whose sides follow the picture's, for truth that knows no angle."""
    return LabelledBox(class_index, np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32))


def crop(sample: Sample, x0_px: int, y0_px: int, size_px: int, min_inside: float = 0.5) -> Sample:
    """A square window of a sample; objects cut by its edge keep a box clipped to the window.

    Args:
        sample: the whole picture.
        x0_px: left edge; moved so that the window stays inside a picture that is large enough. A smaller picture
            is padded with grey: mirroring it would double its objects without labels.
        y0_px: top edge, the same.
        size_px: side of the window.
        min_inside: least fraction of a box's area inside the window for the object to be labelled.
    """
    height, width = sample.pixels.shape[:2]
    x0_px = int(np.clip(x0_px, min(0, width - size_px), max(0, width - size_px)))
    y0_px = int(np.clip(y0_px, min(0, height - size_px), max(0, height - size_px)))
    pixels = np.full((size_px, size_px, 3), _PAD_GREY, np.uint8)
    left, top = max(0, -x0_px), max(0, -y0_px)
    piece = sample.pixels[max(0, y0_px) : y0_px + size_px, max(0, x0_px) : x0_px + size_px]
    pixels[top : top + piece.shape[0], left : left + piece.shape[1]] = piece
    frame = np.array([[0, 0], [size_px, 0], [size_px, size_px], [0, size_px]], np.float32)
    kept: list[LabelledBox] = []
    for box in sample.boxes:
        moved = box.corners_px - np.array([x0_px, y0_px], np.float32)
        area = max(float(cv2.contourArea(moved)), 1e-3)
        inside, polygon = cv2.intersectConvexConvex(moved, frame)
        if inside / area >= min_inside and polygon is not None:
            whole = inside / area > 0.98
            kept.append(LabelledBox(box.class_index, moved) if whole else box_of_points(box.class_index, polygon[:, 0]))
    return Sample(pixels, tuple(kept))


def resize(sample: Sample, factor: float) -> Sample:
    """The sample scaled by a factor, area-averaged when it shrinks."""
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    pixels = cv2.resize(sample.pixels, None, fx=factor, fy=factor, interpolation=method)
    boxes = tuple(LabelledBox(b.class_index, b.corners_px * np.float32(factor)) for b in sample.boxes)
    return Sample(np.asarray(pixels, np.uint8), boxes)


def turn(sample: Sample, quarter_turns: int, mirror: bool) -> Sample:
    """The sample turned by quarter turns clockwise, then mirrored left to right when asked."""
    pixels = sample.pixels
    corners = [b.corners_px for b in sample.boxes]
    for _ in range(quarter_turns % 4):
        height = pixels.shape[0]
        pixels = np.rot90(pixels, -1)
        corners = [np.stack([height - c[:, 1], c[:, 0]], axis=1) for c in corners]
    if mirror:
        width = pixels.shape[1]
        pixels = pixels[:, ::-1]
        corners = [np.stack([width - c[:, 0], c[:, 1]], axis=1) for c in corners]
    boxes = tuple(LabelledBox(b.class_index, c) for b, c in zip(sample.boxes, corners, strict=True))
    return Sample(np.ascontiguousarray(pixels), boxes)


def write_sample(sample: Sample, folder: Path, name: str, quality: int) -> None:
    """Write `images/NAME.jpg` and `labels/NAME.txt` (class and four corners in fractions of the picture)."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    (folder / "labels").mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / "images" / f"{name}.jpg"), sample.pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    height, width = sample.pixels.shape[:2]
    scale = np.array([width, height], np.float32)
    lines = [
        " ".join([str(b.class_index), *(f"{v:.6f}" for v in np.clip(b.corners_px / scale, 0, 1).reshape(-1))])
        for b in sample.boxes
    ]
    (folder / "labels" / f"{name}.txt").write_text("\n".join(lines) + ("\n" if lines else ""))


def read_sample(image: Path, label: Path) -> Sample:
    """Read a picture with a label of centre boxes (5 values a line) or corners (9 values a line)."""
    pixels = cv2.imread(str(image), cv2.IMREAD_COLOR)
    if pixels is None:
        raise FileNotFoundError(image)
    height, width = pixels.shape[:2]
    scale = np.array([width, height], np.float32)
    boxes: list[LabelledBox] = []
    for line in label.read_text().splitlines() if label.exists() else []:
        values = [float(v) for v in line.split()]
        if len(values) >= 9:
            boxes.append(LabelledBox(int(values[0]), np.array(values[1:9], np.float32).reshape(4, 2) * scale))
        elif len(values) >= 5:
            x, y, w, h = (np.array(values[1:5], np.float32) * np.tile(scale, 2)).tolist()
            boxes.append(axis_aligned(int(values[0]), x - w / 2, y - h / 2, x + w / 2, y + h / 2))
    return Sample(np.asarray(pixels, np.uint8), tuple(boxes))
