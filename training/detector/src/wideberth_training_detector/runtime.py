"""Running an exported network without torch: the measuring code sees what the service will see."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from wideberth_training_detector.shapes import Floats, Image

Network = Callable[[Floats], Floats]
_STRIDE = 32
_PAD_GREY = 114


def open_network(path: Path) -> Network:
    """A function from (1, 3, h, w) RGB in 0..1 to the raw head (9, n), for an `.onnx` or OpenVINO `.xml` file."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import openvino

    core = openvino.Core()
    model = core.read_model(path)
    compiled: dict[tuple[int, ...], Any] = {}

    def run(batch: Floats) -> Floats:
        if batch.shape not in compiled:
            sized = model.clone()
            sized.reshape(list(batch.shape))
            # f32: left alone, the library rounds to bf16 where the processor has it, and numbers change by machine.
            hints = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
            compiled[batch.shape] = core.compile_model(sized, "CPU", hints)
        return np.asarray(compiled[batch.shape]({0: batch})[0][0], np.float32)

    return run


def to_network(pixels: Image) -> Floats:
    """BGR bytes to the network's input, padded with grey to whole strides on the right and below."""
    height, width = pixels.shape[:2]
    below, right = -height % _STRIDE, -width % _STRIDE
    padded = cv2.copyMakeBorder(pixels, 0, below, 0, right, cv2.BORDER_CONSTANT, value=(_PAD_GREY,) * 3)
    planes = np.ascontiguousarray(padded[:, :, ::-1].transpose(2, 0, 1)[None])
    return planes.astype(np.float32) / np.float32(255)


def detect(
    network: Network, pixels: Image, confidence: float, tile_px: int = 1280, overlap_px: int = 128, zoom: float = 1.0
) -> Floats:
    """Oriented boxes of a whole picture, tiled at full size.

    Args:
        network: from `open_network`.
        pixels: BGR.
        confidence: least class score.
        tile_px: longest side of a tile.
        overlap_px: shared by neighbouring tiles.
        zoom: the picture is scaled by this first.

    Returns:
        shape (n, 7): centre x, centre y, width, height (px), angle (rad), score, class; best first.
    """
    if zoom != 1.0:
        pixels = np.asarray(cv2.resize(pixels, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA), np.uint8)
    found = [np.zeros((0, 7), np.float32)]
    for y in _starts(pixels.shape[0], tile_px, overlap_px):
        for x in _starts(pixels.shape[1], tile_px, overlap_px):
            boxes = _decode(network(to_network(pixels[y : y + tile_px, x : x + tile_px])), confidence)
            boxes[:, :2] += (x, y)
            found.append(boxes)
    boxes = suppress(np.concatenate(found))
    boxes[:, :4] /= np.float32(zoom)
    return boxes


def _starts(length_px: int, tile_px: int, overlap_px: int) -> list[int]:
    if length_px <= tile_px:
        return [0]
    count = -(-(length_px - overlap_px) // (tile_px - overlap_px))
    return [round(v) for v in np.linspace(0, length_px - tile_px, count)]


def _decode(head: Floats, confidence: float) -> Floats:
    scores = head[4:-1]
    best = scores.max(axis=0)
    keep = best >= confidence
    parts = [head[:4, keep].T, head[-1:, keep].T, best[keep, None], scores[:, keep].argmax(axis=0)[:, None]]
    return np.concatenate(parts, axis=1).astype(np.float32)


def suppress(boxes: Floats, iou: float = 0.4, best: int = 600) -> Floats:
    """Class-wise suppression of oriented boxes by the IoU of their rectangles, best first."""
    boxes = boxes[np.argsort(-boxes[:, 5], kind="stable")][:best]
    kept: list[int] = []
    rects = [((float(b[0]), float(b[1])), (float(b[2]), float(b[3])), float(np.degrees(b[4]))) for b in boxes]
    for i, box in enumerate(boxes):
        if all(boxes[k][6] != box[6] or rotated_iou(rects[i], rects[k]) < iou for k in kept):
            kept.append(i)
    return boxes[kept]


Rect = tuple[tuple[float, float], tuple[float, float], float]


def rotated_iou(a: Rect, b: Rect) -> float:
    """Intersection over union of two rotated rectangles (centre, size, degrees)."""
    reach = (max(a[1]) + max(b[1])) * 0.75
    if abs(a[0][0] - b[0][0]) > reach or abs(a[0][1] - b[0][1]) > reach:
        return 0.0
    kind, points = cv2.rotatedRectangleIntersection(a, b)
    if kind == 0 or points is None:
        return 0.0
    shared = float(cv2.contourArea(cv2.convexHull(points)))
    return shared / max(a[1][0] * a[1][1] + b[1][0] * b[1][1] - shared, 1e-6)
