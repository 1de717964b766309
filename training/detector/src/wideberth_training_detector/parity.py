"""The same weights by torch, ONNX Runtime and OpenVINO, in single precision and in INT8: are the detections the same?

`python -m wideberth_training_detector.parity FOLDER [--checkpoint FILE.pt]`, FOLDER being `…/detector/<version>`.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from bench.accuracy import detector_sim, sim_stills
from bench.accuracy.looking import detect, stored
from wideberth_contracts.detections import Detection, Tiling
from wideberth_detector.core.runtime import RuntimeKind
from wideberth_detector.local import LocalDetector
from wideberth_training_detector.quiet import keep_offline

STILLS = 40
SHOWN = 0.1
"""Detections from this confidence are compared."""
NEAR_PX, NEAR_CONFIDENCE = 1.0, 0.02
"""How far apart two libraries may be in single precision."""
INT8_NEAR_PX = 6.0


def opened(folder: Path, checkpoint: Path | None) -> dict[str, LocalDetector]:
    """The weights by every library that has a file; the first is what the others are compared with."""
    kept = stored(folder)
    graph = kept.file(".onnx")
    assert graph is not None, "a released model has an ONNX file"
    found = {} if checkpoint is None else {"torch f32": LocalDetector.from_file(checkpoint, RuntimeKind.ULTRALYTICS)}
    found["ONNX Runtime f32"] = LocalDetector.from_file(graph, RuntimeKind.ONNXRUNTIME)
    found["OpenVINO f32"] = LocalDetector.from_file(graph, RuntimeKind.OPENVINO)
    if kept.file(".xml") is not None:
        found["OpenVINO INT8"] = LocalDetector.open(kept.folder.parent.parent, kept.folder.name)
    return found


def compare(detectors: dict[str, LocalDetector], stills: sim_stills.Stills) -> dict[str, dict[str, Any]]:
    """By library: detections compared with the first's, how many lack a counterpart, and how far counterparts differ.

    A counterpart is of the same class, within `NEAR_PX` and `NEAR_CONFIDENCE`; for INT8 within `INT8_NEAR_PX` and any
    confidence, its differences being what is told.
    """
    seen: dict[str, list[tuple[Detection, ...]]] = {name: [] for name in detectors}
    for still in stills:
        for name, detector in detectors.items():
            # Below what is shown, so that a detection just under the limit still is a counterpart.
            seen[name].append(detect(detector, still.pixels, SHOWN - NEAR_CONFIDENCE, Tiling.FULL).detections)
    first, *others = detectors
    return {name: {"compared_with": first, **_difference(seen[first], seen[name], "INT8" in name)} for name in others}


def _difference(
    first: list[tuple[Detection, ...]], second: list[tuple[Detection, ...]], loosely: bool
) -> dict[str, Any]:
    apart, pairs = 0, []
    for these, those in zip(first, second, strict=True):
        found = [_counterpart(item, those, loosely) for item in these if item.confidence >= SHOWN]
        back = [_counterpart(item, these, loosely) for item in those if item.confidence >= SHOWN]
        apart += sum(gap is None for gap in (*found, *back))
        pairs += [gap for gap in found if gap is not None]
    gaps = np.array(pairs).reshape(-1, 2)
    most = gaps.max(axis=0, initial=0.0)
    return {
        "detections": sum(item.confidence >= SHOWN for items in first for item in items),
        "lacking_a_counterpart": int(apart),
        "most_px_apart": round(float(most[0]), 3),
        "most_confidence_apart": round(float(most[1]), 4),
        "mean_confidence_apart": round(float(gaps[:, 1].mean()) if len(gaps) else 0.0, 4),
    }


def _counterpart(item: Detection, others: tuple[Detection, ...], loosely: bool) -> tuple[float, float] | None:
    """How far the nearest counterpart is, in px and confidence; None where there is none."""
    near_px, near_confidence = (INT8_NEAR_PX, 1.0) if loosely else (NEAR_PX, NEAR_CONFIDENCE)
    gaps = [
        (
            float(np.hypot(item.box.cx_px - other.box.cx_px, item.box.cy_px - other.box.cy_px)),
            abs(item.confidence - other.confidence),
        )
        for other in others
        if other.kind is item.kind
    ]
    fitting = [gap for gap in gaps if gap[0] <= near_px and gap[1] <= near_confidence]
    return min(fitting) if fitting else None


def main() -> None:
    """Command line; ends with 1 where single precision differs between libraries."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--stills", type=int, default=STILLS)
    parser.add_argument("--work", type=Path, default=Path("work"))
    given = parser.parse_args()
    keep_offline(given.work)
    found = compare(opened(given.folder, given.checkpoint), detector_sim.draw(given.stills))
    print(json.dumps(found, indent=1))
    if any(row["lacking_a_counterpart"] for name, row in found.items() if "f32" in name):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
