"""Oriented boxes for truth that knows no angle: the object inside an upright box is parted from the water by colour."""

import cv2
import numpy as np

from wideberth_training_detector.shapes import Floats, Image, LabelledBox, Sample, box_of_points

# A part whose own bounding box matches the label this well is believed; for worse ones (piers, shade) the label stays.
_MIN_AGREEMENT = 0.55
# A boat or whale fills at least this part of its label box and never nearly all of it.
_FILL = (0.18, 0.8)


def orient(sample: Sample) -> Sample:
    """The sample with upright boxes turned to their objects where a parting is believed."""
    boxes = []
    for box in sample.boxes:
        outline = outline_of(sample.pixels, box)
        boxes.append(box if outline is None else box_of_points(box.class_index, outline))
    return Sample(sample.pixels, tuple(boxes))


def outline_of(pixels: Image, box: LabelledBox) -> Floats | None:
    """Points round the object inside a box, (n, 2) in picture pixels, by GrabCut; `None` where they do not fit it."""
    x0, y0 = np.floor(box.corners_px.min(axis=0)).astype(int)
    x1, y1 = np.ceil(box.corners_px.max(axis=0)).astype(int)
    height, width = pixels.shape[:2]
    if min(x0, y0) < 1 or x1 >= width or y1 >= height or min(x1 - x0, y1 - y0) < 12:
        return None
    margin = int(max(x1 - x0, y1 - y0) * 0.5) + 4
    left, top = max(0, x0 - margin), max(0, y0 - margin)
    window = pixels[top : min(height, y1 + margin), left : min(width, x1 + margin)].copy()
    mask = np.zeros(window.shape[:2], np.uint8)
    cv2.setRNGSeed(7)
    rectangle = (int(x0 - left), int(y0 - top), int(x1 - x0), int(y1 - y0))
    cv2.grabCut(window, mask, rectangle, np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_RECT)
    solid = _largest_part((mask == 1) | (mask == 3))
    if solid is None or not _fits(solid, rectangle):
        return None
    outline = cv2.findContours(solid.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0][0][:, 0]
    return np.asarray(outline + np.array([left, top]), np.float32)


def _largest_part(mask: np.ndarray) -> np.ndarray | None:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count < 2:
        return None
    return np.asarray(labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))


def _fits(solid: np.ndarray, rectangle: tuple[int, int, int, int]) -> bool:
    x, y, w, h = rectangle
    ys, xs = np.nonzero(solid)
    inter_w = min(xs.max() + 1, x + w) - max(xs.min(), x)
    inter_h = min(ys.max() + 1, y + h) - max(ys.min(), y)
    inter = max(inter_w, 0) * max(inter_h, 0)
    own = (xs.max() + 1 - xs.min()) * (ys.max() + 1 - ys.min())
    fill = solid.sum() / (w * h)
    return bool(inter / (own + w * h - inter) >= _MIN_AGREEMENT and _FILL[0] <= fill <= _FILL[1])
