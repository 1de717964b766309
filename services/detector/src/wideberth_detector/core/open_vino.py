"""Networks run by OpenVINO, on the processor.

Arithmetic is fixed to single precision, INT8 where the model itself is INT8: left alone, the library rounds to bfloat16
where the processor has it, and the same frame scores differently on another machine.
"""

import sys
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from wideberth_detector.core.runtime import cannot_load, cores, head_of, names_in
from wideberth_detector.core.silu import free_activations

# Input sizes kept compiled. A clip needs three, two clips of different sizes six; the one used longest ago makes room.
MOST_SIZES = 8


class OpenVino:
    """A network from an ONNX file or an OpenVINO `.xml`, compiled once for each input size.

    A pass runs on one core, as many passes side by side as there are cores: on two cores a pass spread over both costs
    a fifth to a half more processor time, spent waiting for each other [measured].
    """

    def __init__(self, path: Path, class_names: tuple[str, ...] | None = None, threads: int = 0) -> None:
        """Read the file.

        Args:
            path: the `.onnx` or `.xml` file.
            class_names: the classes in the head's order; None to take them from the metadata.
            threads: passes side by side, each on one core; 0 for as many as there are cores.

        Raises:
            ModelUnavailable: the file is no network whose answer can be read.
        """
        # Importing the library would report its use to its maker; without this package it has nothing to report with.
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
        import openvino

        self.at_once = cores(threads)
        self._core = openvino.Core()
        _touch(self._core)
        self._config = {
            "INFERENCE_PRECISION_HINT": "f32",
            "INFERENCE_NUM_THREADS": self.at_once,
            "NUM_STREAMS": self.at_once,
        }
        try:
            self._model = self._core.read_model(path)
        except RuntimeError as error:
            raise cannot_load(path, error) from error
        height, width = (_size(side) for side in list(self._model.input(0).partial_shape)[2:])
        names = class_names or names_in(_metadata(path, self._model), path)
        self.head = head_of(path, names, _size(self._model.output(0).partial_shape[1]), (height, width))
        free_activations(self._model)
        self._model = _taking_pixels(self._model)
        self._sizes: dict[tuple[int, ...], _Compiled] = {}
        self._lock = Lock()
        self.name = f"OpenVINO {openvino.__version__.split('-')[0]}, CPU"

    def forward(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See `Runtime.forward`."""
        compiled = self._compiled(image.shape)
        request = compiled.take()
        try:
            return np.array(request.infer({0: image[None]})[0][0], np.float32)
        finally:
            compiled.idle.append(request)

    def _compiled(self, shape: tuple[int, ...]) -> "_Compiled":
        """The network for one input size; who asks while it is being compiled waits."""
        with self._lock:
            compiled = self._sizes.pop(shape, None)
            if compiled is None:
                while len(self._sizes) >= MOST_SIZES:
                    self._sizes.pop(next(iter(self._sizes)))
                model = self._model.clone()
                model.reshape([1, *shape])
                compiled = _Compiled(self._core.compile_model(model, "CPU", self._config))
            self._sizes[shape] = compiled
            return compiled


@dataclass(slots=True)
class _Compiled:
    """A network compiled for one size, and its requests that nobody uses. A deque is safe in threads."""

    network: Any
    idle: deque[Any] = field(default_factory=deque)

    def take(self) -> Any:
        """A request for one pass; give it back to `idle`."""
        try:
            return self.idle.pop()
        except IndexError:
            return self.network.create_infer_request()


def _touch(core: Any) -> None:
    """Run a network of one number, on this thread alone.

    What the library sets up when its answers first become arrays, it sets up with the interpreter's lock given away:
    two passes that are the first at the same time wait for each other for ever [seen, OpenVINO 2026.4].
    """
    from openvino import Model, Type, opset13

    number = opset13.parameter([1], Type.f32)
    request = core.compile_model(Model([opset13.relu(number)], [number]), "CPU").create_infer_request()
    np.array(request.infer({0: np.zeros(1, np.float32)})[0], np.float32)


def _taking_pixels(model: Any) -> Any:
    """The same network that takes 8-bit pixels, (1, height, width, 3), BGR: the library converts them as it reads."""
    from openvino import Layout, Type
    from openvino.preprocess import ColorFormat, PrePostProcessor

    door = PrePostProcessor(model)
    door.input().tensor().set_element_type(Type.u8).set_layout(Layout("NHWC")).set_color_format(ColorFormat.BGR)
    door.input().model().set_layout(Layout("NCHW"))
    door.input().preprocess().convert_element_type(Type.f32).convert_color(ColorFormat.RGB).scale(255.0)
    return door.build()


def _size(side: Any) -> int | None:
    """A side of a shape; None where it is free."""
    return int(side.get_length()) if side.is_static else None


def _metadata(path: Path, model: Any) -> dict[str, Any]:
    """What the exporter left about the classes: in the graph, or in `metadata.yaml` beside it."""
    if model.has_rt_info(["framework", "names"]):
        return {"names": model.get_rt_info(["framework", "names"]).astype(str)}
    beside = path.parent / "metadata.yaml"
    return dict(yaml.safe_load(beside.read_text("utf-8"))) if beside.is_file() else {}
