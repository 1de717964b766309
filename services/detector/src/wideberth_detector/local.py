"""The verb *detect* in this process."""

import asyncio
import hashlib
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import yaml

from wideberth_contracts.detections import Attention, DetectSettings, FrameDetections, ObjectKind
from wideberth_contracts.errors import ModelUnavailable
from wideberth_contracts.frames import Frame
from wideberth_contracts.settings import ModelRef, ServiceInfo
from wideberth_detector.core.detector import detect
from wideberth_detector.core.onnx_runtime import OnnxRuntime
from wideberth_detector.core.open_vino import OpenVino
from wideberth_detector.core.passes import Passes
from wideberth_detector.core.runtime import Runtime, RuntimeKind
from wideberth_detector.core.ultralytics_runtime import UltralyticsRuntime
from wideberth_media import as_array
from wideberth_servicekit.model_store import StoredModel, models_root, open_model

MODEL_NAME = "detector"
RUNTIMES: dict[RuntimeKind, type[OnnxRuntime] | type[OpenVino] | type[UltralyticsRuntime]] = {
    RuntimeKind.ONNXRUNTIME: OnnxRuntime,
    RuntimeKind.OPENVINO: OpenVino,
    RuntimeKind.ULTRALYTICS: UltralyticsRuntime,
}
# In the order tried: the INT8 graph where one was shipped, else the portable file.
FILES = {
    RuntimeKind.OPENVINO: (".xml", ".onnx"),
    RuntimeKind.ONNXRUNTIME: (".onnx",),
    RuntimeKind.ULTRALYTICS: (".pt",),
}


# The least confidence of a detection where neither the settings nor the model's card name one.
FLOOR = 0.15


def package_version() -> str:
    """Version of this distribution."""
    return version("wideberth-detector")


class LocalDetector:
    """`DetectorPort` without a network between. Safe to share among tasks."""

    def __init__(self, runtime: Runtime, model: ModelRef, floors: Mapping[ObjectKind, float] | None = None) -> None:
        """Take a network that is ready to run, what it is called, and the least confidence of a detection by kind."""
        self._passes = Passes(runtime)
        self._model = model
        self._floors = dict.fromkeys(ObjectKind, FLOOR) | dict(floors or {})

    @classmethod
    def open(
        cls,
        models: Path | None = None,
        model_version: str | None = None,
        runtime: RuntimeKind = RuntimeKind.OPENVINO,
        threads: int = 0,
    ) -> Self:
        """The shipped weights, checked against their checksums.

        Args:
            models: the folder with `detector/<version>/`; None to search from this package up.
            model_version: None for the newest.
            runtime: which library runs them.
            threads: passes side by side, each on one core; 0 for as many as there are cores.

        Raises:
            ModelUnavailable: weights are missing, changed, or not in a form this library runs.
        """
        stored = open_model(models_root(MODEL_NAME, models), MODEL_NAME, model_version)
        path = stored.file(*FILES[runtime])
        if path is None:
            detail = f"no {' or '.join(FILES[runtime])} file for {runtime.value}"
            raise ModelUnavailable(detail, where=str(stored.folder), remedy="choose another runtime")
        card = _card(stored)
        network = RUNTIMES[runtime](path, _classes(card), threads)
        weights = path.with_suffix(".bin").name if path.suffix == ".xml" else path.name
        model = ModelRef(id=stored.id, sha256=stored.sums[weights], runtime=network.name)
        return cls(network, model, _floors(card))

    @classmethod
    def from_file(cls, path: Path, runtime: RuntimeKind | None = None, threads: int = 0) -> Self:
        """A network of the user's own: `.onnx`, OpenVINO `.xml`, or `.pt` with the extra `ultralytics`.

        Raises:
            ModelUnavailable: the file is missing or cannot be run.
        """
        if not path.is_file():
            raise ModelUnavailable("no such file", where=str(path), remedy="check the path")
        kind = runtime or (RuntimeKind.ULTRALYTICS if path.suffix == ".pt" else RuntimeKind.OPENVINO)
        network = RUNTIMES[kind](path, None, threads)
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        return cls(network, ModelRef(id=path.name, sha256=digest, runtime=network.name))

    async def info(self) -> ServiceInfo:
        """See `Described.info`."""
        return ServiceInfo(
            service="detector",
            version=package_version(),
            device=self._passes.name,
            models=(self._model,),
        )

    async def detect(
        self, frame: Frame, settings: DetectSettings, attention: Attention | None = None
    ) -> FrameDetections:
        """See `DetectorPort.detect`."""
        return await asyncio.to_thread(self._detect, frame, settings, attention)

    def _detect(self, frame: Frame, settings: DetectSettings, attention: Attention | None) -> FrameDetections:
        started_s = time.perf_counter()
        asked = settings.confidence
        floors = self._floors if asked is None else dict.fromkeys(ObjectKind, asked)
        found = detect(as_array(frame), self._passes, settings, attention, floors, self._model.id)
        return FrameDetections(
            frame=frame.meta,
            detections=found.detections,
            rejections=found.rejections,
            aside=found.aside,
            looked=found.looked,
            inference_s=time.perf_counter() - started_s,
        )


def _card(stored: StoredModel) -> dict[str, Any]:
    """What the model's card says; nothing where there is none."""
    path = stored.file("card.yaml")
    return dict(yaml.safe_load(path.read_text("utf-8"))) if path else {}


def _classes(card: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The classes the card lists; None where it leaves that to the weights."""
    listed = card.get("classes")
    return tuple(str(name) for name in listed) if listed else None


def _floors(card: Mapping[str, Any]) -> dict[ObjectKind, float]:
    """The least confidence of each kind for which the card names one, under `confidence_by_class`."""
    return {ObjectKind(name): float(floor) for name, floor in (card.get("confidence_by_class") or {}).items()}
