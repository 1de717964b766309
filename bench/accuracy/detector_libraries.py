"""The same weights by different libraries: what a frame costs and whether the answers agree."""

import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.accuracy.looking import detect, stored
from wideberth_contracts.detections import FrameDetections
from wideberth_detector.core.runtime import RuntimeKind
from wideberth_detector.local import FILES, LocalDetector
from wideberth_simulator.stills import random_still

Row = dict[str, Any]
SEED = 4_999_999


def pace_rows(quick: bool, model: Path | None = None) -> list[Row]:
    """What a frame costs by each library, with the graph it takes by itself."""
    kept = stored(model)
    rows = []
    for name, size in (("1080p", (1920, 1080)), ("4K", (3840, 2160))):
        pixels = np.asarray(random_still(SEED, *size).image_bgr)
        for kind in (RuntimeKind.OPENVINO, RuntimeKind.ONNXRUNTIME):
            detector = LocalDetector.open(kept.folder.parent.parent, kept.folder.name, runtime=kind)
            detect(detector, pixels)
            taken = []
            for _ in range(2 if quick else 5):
                started = time.perf_counter()
                detect(detector, pixels)
                taken.append(time.perf_counter() - started)
            graph = kept.file(*FILES[kind])
            note = f"{graph.name if graph else 'no graph'}; best of {len(taken)}, all cores"
            rows.append(_row(f"{name} by {kind.value}", round(1000 * min(taken)), "ms a frame", note))
    return rows


def parity_row(model: Path | None = None) -> Row:
    """One graph, single precision, by both libraries."""
    graph = stored(model).file(".onnx")
    assert graph is not None, "a released model has an ONNX file"
    pixels = np.asarray(random_still(SEED, 1920, 1080).image_bgr)
    kinds = (RuntimeKind.OPENVINO, RuntimeKind.ONNXRUNTIME)
    first, second = (detect(LocalDetector.from_file(graph, kind), pixels) for kind in kinds)
    apart = _apart(first, second)
    aim = "same boxes within 1 px, confidences within 0.02"
    note = f"of {len(first.detections)} at 1080p found by one only, above 0.1; {graph.name} by both"
    return {**_row("libraries apart", apart, "detections", note), "aim": aim, "met": apart == 0}


def _row(name: str, value: float, unit: str, note: str) -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": None, "met": None, "note": note}


def _apart(first: FrameDetections, second: FrameDetections) -> int:
    """Detections above 0.1 of either that the other lacks."""

    def lacking(these: FrameDetections, those: FrameDetections) -> int:
        return sum(
            not any(
                a.kind is b.kind
                and abs(a.box.cx_px - b.box.cx_px) < 1
                and abs(a.box.cy_px - b.box.cy_px) < 1
                and abs(a.confidence - b.confidence) < 0.02
                for b in those.detections
            )
            for a in these.detections
            if a.confidence > 0.1
        )

    return lacking(first, second) + lacking(second, first)
