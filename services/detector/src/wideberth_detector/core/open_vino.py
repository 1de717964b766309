"""Networks run by OpenVINO, on the processor.

Arithmetic is fixed to single precision, INT8 where the model itself is INT8: left alone, the library rounds to bfloat16
where the processor has it, and the same frame scores differently on another machine.
"""

import sys
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from wideberth_detector.core.runtime import cannot_load, head_of, names_in

# Input sizes kept compiled. A clip needs one or two; the one used longest ago makes room.
MOST_SIZES = 4


class OpenVino:
    """A network from an ONNX file or an OpenVINO `.xml`, compiled once for each input size."""

    def __init__(self, path: Path, class_names: tuple[str, ...] | None = None, threads: int = 0) -> None:
        """Read the file.

        Args:
            path: the `.onnx` or `.xml` file.
            class_names: the classes in the head's order; None to take them from the metadata.
            threads: 0 for as many as there are cores.

        Raises:
            ModelUnavailable: the file is no network whose answer can be read.
        """
        # Importing the library would report its use to its maker; without this package it has nothing to report with.
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
        import openvino

        self._core = openvino.Core()
        self._config = {
            "INFERENCE_PRECISION_HINT": "f32",
            "INFERENCE_NUM_THREADS": threads,
            "PERFORMANCE_HINT": "LATENCY",
        }
        try:
            self._model = self._core.read_model(path)
        except RuntimeError as error:
            raise cannot_load(path, error) from error
        height, width = (_size(side) for side in list(self._model.input(0).partial_shape)[2:])
        names = class_names or names_in(_metadata(path, self._model), path)
        self.head = head_of(path, names, _size(self._model.output(0).partial_shape[1]), (height, width))
        self._requests: dict[tuple[int, ...], Any] = {}
        self._lock = Lock()
        self.name = f"OpenVINO {openvino.__version__.split('-')[0]}, CPU"

    def forward(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Runtime.forward`. Calls take turns: one uses all the threads there are."""
        with self._lock:
            request = self._requests.pop(image.shape, None) or self._compiled(image.shape)
            self._requests[image.shape] = request
            return np.array(request.infer({0: image})[0][0], np.float32)

    def _compiled(self, shape: tuple[int, ...]) -> Any:
        """A request for one input size."""
        while len(self._requests) >= MOST_SIZES:
            self._requests.pop(next(iter(self._requests)))
        model = self._model.clone()
        model.reshape(list(shape))
        return self._core.compile_model(model, "CPU", self._config).create_infer_request()


def _size(side: Any) -> int | None:
    """A side of a shape; None where it is free."""
    return int(side.get_length()) if side.is_static else None


def _metadata(path: Path, model: Any) -> dict[str, Any]:
    """What the exporter left about the classes: in the graph, or in `metadata.yaml` beside it."""
    if model.has_rt_info(["framework", "names"]):
        return {"names": model.get_rt_info(["framework", "names"]).astype(str)}
    beside = path.parent / "metadata.yaml"
    return dict(yaml.safe_load(beside.read_text("utf-8"))) if beside.is_file() else {}
