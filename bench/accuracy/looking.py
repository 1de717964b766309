"""Opening weights and looking at one picture with them, as the product does."""

import asyncio
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from wideberth_contracts.detections import DetectSettings, FrameDetections, ObjectKind, Tiling
from wideberth_contracts.errors import ModelUnavailable
from wideberth_contracts.frames import FrameMeta, TimeBase
from wideberth_detector.core.runtime import RuntimeKind
from wideberth_detector.local import LocalDetector
from wideberth_media import frame_of
from wideberth_servicekit.model_store import StoredModel, models_root, open_model

Image = NDArray[np.uint8]

SURE = 0.25
"""Where recall and false alarms are read for weights whose card names no confidence by class."""
LEAST_CONFIDENCE = 0.02
"""Average precision goes over all confidences from here."""


def stored(model: Path | None = None) -> StoredModel:
    """Weights: of the folder `…/detector/<version>`, or the newest shipped ones.

    Raises:
        ModelUnavailable: no weights there, or changed ones.
    """
    if model is None:
        return open_model(models_root("detector"), "detector")
    if model.resolve().parent.name != "detector":
        raise ModelUnavailable("no model folder", where=str(model), remedy="give …/detector/<version>")
    return open_model(model.resolve().parent.parent, "detector", model.resolve().name)


def open_detector(model: Path | None = None, *, single_precision: bool = False) -> LocalDetector:
    """The detector with given weights: the graph it takes by itself, or the one in single precision."""
    kept = stored(model)
    if single_precision:
        graph = kept.file(".onnx")
        assert graph is not None, "a released model has an ONNX file"
        return LocalDetector.from_file(graph, RuntimeKind.OPENVINO)
    return LocalDetector.open(kept.folder.parent.parent, kept.folder.name)


def card_of(model: Path | None = None) -> dict[str, object]:
    """What `card.yaml` says of the weights."""
    kept = stored(model)
    path = kept.folder / "card.yaml"
    return dict(yaml.safe_load(path.read_text("utf-8"))) if path.is_file() else {}


def default_confidence(model: Path | None = None) -> dict[ObjectKind, float]:
    """By class, the confidence its card recommends; `SURE` where it says nothing."""
    said = card_of(model).get("confidence_by_class")
    given = said if isinstance(said, dict) else {}
    return {kind: float(given.get(kind.value, SURE)) for kind in ObjectKind}


def detect(
    detector: LocalDetector, pixels: Image, confidence: float = 0.02, tiling: Tiling = Tiling.AUTO
) -> FrameDetections:
    """What a detector finds in one picture (BGR)."""
    height, width = pixels.shape[:2]
    meta = FrameMeta(
        clip="bench", pts=0, time_base=TimeBase(numerator=1, denominator=1), t_s=0.0, width_px=width, height_px=height
    )
    settings = DetectSettings(confidence=confidence, tiling=tiling)
    return asyncio.run(detector.detect(frame_of(pixels, meta), settings))
