"""The clutter model, run by OpenVINO or ONNX Runtime: one crop in, one map out.

Any network of anomalib's export fits: one input of (n, 3, side, side), RGB, 0..1, and an output `anomaly_map`. An
output `embedding`, (n, numbers), is what a flight's own sea is remembered by; without it nothing is.
Arithmetic is single precision: thresholds were set with it, and OpenVINO would round to bfloat16 unasked.
"""

import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.errors import ModelUnavailable

MAP, PLACE = "anomaly_map", "embedding"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the network says of one crop.

    Attributes:
        anomaly_map: (rows, columns).
        place: where the crop lies among others, one vector; None from a network without that output.
    """

    anomaly_map: NDArray[np.float32]
    place: NDArray[np.float32] | None


class RuntimeKind(StrEnum):
    """Which library runs the network."""

    ONNXRUNTIME = "onnxruntime"
    OPENVINO = "openvino"


class Network(Protocol):
    """A network that is ready to run."""

    @property
    def name(self) -> str:
        """The library and the device in use."""
        ...

    @property
    def side_px(self) -> int:
        """Side of its square input."""
        ...

    def look(self, image: NDArray[np.float32]) -> Answer:
        """What it says of one input (1, 3, side, side). Safe in many threads."""
        ...


class OnnxNetwork:
    """A network from an ONNX file, run by ONNX Runtime."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        """Load the file; `threads` 0 for as many as there are cores.

        Raises:
            ModelUnavailable: the file is no such network.
        """
        # The library reports its use to its maker by default on Linux; the switch is read at import.
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # Idle threads must sleep: several services share the cores of a host.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library has one private class an error, and no common base
            raise _cannot_load(path, error) from error
        node = self._session.get_inputs()[0]
        self._input = node.name
        self._outputs = _outputs_among([output.name for output in self._session.get_outputs()], path)
        self.side_px = _side(list(node.shape), path)
        self.name = f"ONNX Runtime {onnxruntime.__version__}, CPU"

    def look(self, image: NDArray[np.float32]) -> Answer:
        """See `Network.look`."""
        said = dict(zip(self._outputs, self._session.run(list(self._outputs), {self._input: image}), strict=True))
        return _answer(said)


class OpenVinoNetwork:
    """A network from an ONNX file or an OpenVINO `.xml`, run by OpenVINO."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        """Read and compile the file; see `OnnxNetwork`.

        Raises:
            ModelUnavailable: the file is no such network.
        """
        # Importing the library would report its use to its maker; without this package it has nothing to report with.
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
        import openvino

        core = openvino.Core()
        config = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
        try:
            model = core.read_model(path)
        except RuntimeError as error:
            raise _cannot_load(path, error) from error
        sides = [size.get_length() if size.is_static else None for size in model.input(0).partial_shape]
        self.side_px = _side(sides, path)
        self._outputs = _outputs_among([output.any_name for output in model.outputs], path)
        model.reshape([1, 3, self.side_px, self.side_px])
        self._request: Any = core.compile_model(model, "CPU", config).create_infer_request()
        self._lock = Lock()
        self.name = f"OpenVINO {openvino.__version__.split('-')[0]}, CPU"

    def look(self, image: NDArray[np.float32]) -> Answer:
        """See `Network.look`. Calls take turns: one uses all the threads there are."""
        with self._lock:
            self._request.infer({0: image})
            return _answer({name: np.array(self._request.get_tensor(name).data) for name in self._outputs})


def _answer(said: dict[str, Any]) -> Answer:
    place = np.asarray(said[PLACE][0], np.float32) if PLACE in said else None
    return Answer(np.asarray(said[MAP][0, 0], np.float32), place)


def _side(shape: list[Any], path: Path) -> int:
    side = shape[-1]
    if len(shape) != 4 or not isinstance(side, int) or shape[-2] != side:
        raise ModelUnavailable(f"its input {shape} is no square of known size", where=str(path), remedy="export again")
    return side


def _outputs_among(names: list[str], path: Path) -> tuple[str, ...]:
    if MAP not in names:
        remedy = "export an anomalib model to ONNX"
        raise ModelUnavailable(f"it has no output {MAP}, only {', '.join(names)}", where=str(path), remedy=remedy)
    return tuple(name for name in (MAP, PLACE) if name in names)


def _cannot_load(path: Path, error: Exception) -> ModelUnavailable:
    reason = next(iter(str(error).splitlines()), type(error).__name__)[:200]
    return ModelUnavailable(f"cannot be loaded: {reason}", where=str(path), remedy="fetch or export the weights again")
