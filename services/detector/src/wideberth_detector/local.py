"""The verb *detect* in this process."""

import asyncio
import hashlib
import time
from importlib.metadata import version
from pathlib import Path
from typing import Self

import yaml

from wideberth_contracts.detections import DetectSettings, FrameDetections
from wideberth_contracts.errors import ModelUnavailable
from wideberth_contracts.frames import Frame
from wideberth_contracts.settings import ModelRef, ServiceInfo
from wideberth_detector.core.detector import detect
from wideberth_detector.core.onnx_runtime import OnnxRuntime
from wideberth_detector.core.open_vino import OpenVino
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


def package_version() -> str:
    """Version of this distribution."""
    return version("wideberth-detector")


class LocalDetector:
    """`DetectorPort` without a network between. Safe to share among tasks."""

    def __init__(self, runtime: Runtime, model: ModelRef) -> None:
        """Take a network that is ready to run, and what it is called."""
        self._runtime = runtime
        self._model = model

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
            threads: 0 for as many as there are cores.

        Raises:
            ModelUnavailable: weights are missing, changed, or not in a form this library runs.
        """
        stored = open_model(models_root(MODEL_NAME, models), MODEL_NAME, model_version)
        path = stored.file(*FILES[runtime])
        if path is None:
            detail = f"no {' or '.join(FILES[runtime])} file for {runtime.value}"
            raise ModelUnavailable(detail, where=str(stored.folder), remedy="choose another runtime")
        network = RUNTIMES[runtime](path, _classes(stored), threads)
        weights = path.with_suffix(".bin").name if path.suffix == ".xml" else path.name
        return cls(network, ModelRef(id=stored.id, sha256=stored.sums[weights], runtime=network.name))

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
            device=self._runtime.name,
            models=(self._model,),
        )

    async def detect(self, frame: Frame, settings: DetectSettings) -> FrameDetections:
        """See `DetectorPort.detect`."""
        return await asyncio.to_thread(self._detect, frame, settings)

    def _detect(self, frame: Frame, settings: DetectSettings) -> FrameDetections:
        started_s = time.perf_counter()
        detections, rejections = detect(as_array(frame), self._runtime, settings, self._model.id)
        return FrameDetections(
            frame=frame.meta,
            detections=detections,
            rejections=rejections,
            inference_s=time.perf_counter() - started_s,
        )


def _classes(stored: StoredModel) -> tuple[str, ...] | None:
    """The classes the model card lists; None where it leaves that to the weights."""
    card = stored.file("card.yaml")
    listed = yaml.safe_load(card.read_text("utf-8")).get("classes") if card else None
    return tuple(str(name) for name in listed) if listed else None
