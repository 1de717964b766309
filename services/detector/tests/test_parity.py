"""The shipped weights: one answer from every library and from both precisions, within tolerance."""

import asyncio

import cv2
import numpy as np
import pytest

from wideberth_contracts.detections import Attention, Detection, DetectSettings, FrameDetections
from wideberth_detector.core.runtime import RuntimeKind
from wideberth_detector.local import MODEL_NAME, LocalDetector
from wideberth_servicekit.model_store import models_root, open_model

SURE = 0.4
"""Weaker boxes may fall to either side of a threshold."""


@pytest.fixture(scope="module")
def sea() -> np.ndarray:
    """A drawn sea, 640 x 960, with three white boats, and dark backs of animals beside each other."""
    rng = np.random.default_rng(5)
    grey = cv2.GaussianBlur(rng.normal(0, 30, (640, 960)).astype(np.float32), (0, 0), 3) * 2 + rng.normal(
        0, 2, (640, 960)
    )
    pixels = (np.array([105.0, 85.0, 35.0]) + grey[..., None]).clip(0, 255).astype(np.uint8)
    for x, y, turn in ((180, 150, 20), (620, 200, 100), (400, 500, -30)):
        for size, colour in (((48, 15), (235, 235, 230)), ((18, 9), (120, 110, 100))):
            cv2.ellipse(pixels, (x, y), size, turn, 0, 360, colour, -1, cv2.LINE_AA)
    for x, y in ((700, 450), (760, 470), (820, 430)):
        cv2.ellipse(pixels, (x, y), (24, 6), 15, 0, 360, (62, 58, 50), -1, cv2.LINE_AA)
    return cv2.GaussianBlur(pixels, (0, 0), 0.8)


def detectors() -> dict[str, LocalDetector]:
    stored = open_model(models_root(MODEL_NAME), MODEL_NAME)
    graph = stored.file(".onnx")
    assert graph is not None
    return {
        "ONNX Runtime": LocalDetector.open(runtime=RuntimeKind.ONNXRUNTIME),
        "OpenVINO": LocalDetector.from_file(graph, RuntimeKind.OPENVINO),
        "as shipped": LocalDetector.open(),
    }


def matched(one: Detection, others: tuple[Detection, ...], px: float, confidence: float) -> bool:
    return any(
        other.kind is one.kind
        and np.hypot(other.box.cx_px - one.box.cx_px, other.box.cy_px - one.box.cy_px) <= px
        and abs(other.box.length_px - one.box.length_px) <= 2 * px
        and abs(other.confidence - one.confidence) <= confidence
        for other in others
    )


def test_one_answer_whatever_runs_it(sea, frame_of):
    settings = DetectSettings(confidence=0.1)
    found: dict[str, FrameDetections] = {
        name: asyncio.run(detector.detect(frame_of(sea), settings)) for name, detector in detectors().items()
    }
    sure = [item for item in found["ONNX Runtime"].detections if item.confidence >= SURE]
    assert len(sure) >= 3, "the boats at least"
    for item in sure:
        assert matched(item, found["OpenVINO"].detections, px=0.5, confidence=0.01)
        assert matched(item, found["as shipped"].detections, px=6.0, confidence=0.25)


def test_a_frame_of_a_stream_is_the_same_every_time(sea, frame_of):
    large = frame_of(np.tile(sea, (2, 3, 1)))
    detector = LocalDetector.open()
    answers = [asyncio.run(detector.detect(large, DetectSettings(), Attention(turn=2))) for _ in range(2)]
    assert answers[0].detections
    assert answers[0].detections == answers[1].detections
    assert answers[0].looked == answers[1].looked
