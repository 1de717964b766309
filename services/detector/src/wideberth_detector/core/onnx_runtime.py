"""Networks run by ONNX Runtime, on the processor, in single precision."""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wideberth_detector.core.runtime import cannot_load, cores, head_of, names_in, planes


class OnnxRuntime:
    """A network from an ONNX file."""

    def __init__(self, path: Path, class_names: tuple[str, ...] | None = None, threads: int = 0) -> None:
        """Load the file.

        Args:
            path: the `.onnx` file.
            class_names: the classes in the head's order; None to take them from the file's metadata.
            threads: passes side by side, each on one core; 0 for as many as there are cores.

        Raises:
            ModelUnavailable: the file is no network whose answer can be read.
        """
        # The library reports its use to its maker by default on Linux; the switch is read at import.
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        # Idle threads must sleep: several services share the cores of a host.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library has one private class an error, and no common base
            raise cannot_load(path, error) from error
        node = self._session.get_inputs()[0]
        self._input = node.name
        self.at_once = cores(threads)
        rows, *_ = (_size(side) for side in self._session.get_outputs()[0].shape[1:])
        names = class_names or names_in(self._session.get_modelmeta().custom_metadata_map, path)
        self.head = head_of(path, names, rows, (_size(node.shape[2]), _size(node.shape[3])))
        self.name = f"ONNX Runtime {onnxruntime.__version__}, CPU"

    def forward(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See `Runtime.forward`."""
        return np.asarray(self._session.run(None, {self._input: planes(image)})[0][0], np.float32)


def _size(side: object) -> int | None:
    """A side of a shape; None where it is free, which the library says with a name."""
    return side if isinstance(side, int) else None
