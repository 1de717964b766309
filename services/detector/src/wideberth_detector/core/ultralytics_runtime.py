"""Any Ultralytics `.pt`, oriented or upright, behind the same door. Needs the extra `ultralytics`, and brings torch."""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.errors import ModelUnavailable
from wideberth_detector.core.runtime import cannot_load, cores, head_of, names_in, planes


class UltralyticsRuntime:
    """A network from a `.pt` file, run by torch on the processor."""

    def __init__(self, path: Path, class_names: tuple[str, ...] | None = None, threads: int = 0) -> None:
        """Load the file.

        Args:
            path: the `.pt` file. It is a pickle: load only files you trust.
            class_names: the classes in the head's order; None to take them from the file.
            threads: 0 for as many as there are cores.

        Raises:
            ModelUnavailable: the extra is not installed, or the file is no network whose answer can be read.
        """
        for switch, value in (("YOLO_OFFLINE", "1"), ("YOLO_AUTOINSTALL", "0"), ("YOLO_VERBOSE", "0")):
            os.environ.setdefault(switch, value)
        try:
            torch: Any = import_module("torch")
            ultralytics: Any = import_module("ultralytics")
        except ImportError as error:
            remedy = "install wideberth-detector[ultralytics], or export the model to ONNX"
            raise ModelUnavailable("a .pt file needs Ultralytics", where=str(path), remedy=remedy) from error
        try:
            model: Any = ultralytics.YOLO(str(path)).model.float().eval()
        except Exception as error:  # unpickling runs foreign code and may raise anything
            raise cannot_load(path, error) from error
        # Newer heads suppress duplicates themselves unless told not to; the raw answer is wanted.
        if getattr(model.model[-1], "end2end", False):
            model.model[-1].end2end = False
        # Importing Ultralytics leaves torch with one thread.
        torch.set_num_threads(cores(threads))
        # Its own threads are used within a pass, so passes take turns.
        self.at_once = 1
        self._torch, self._model = torch, model
        names = class_names or names_in({"names": model.names}, path)
        rows = self._raw(np.zeros((1, 3, 64, 64), np.float32)).shape[0]
        self.head = head_of(path, names, rows, (None, None))
        self.name = f"Ultralytics {ultralytics.__version__}, torch {torch.__version__}, CPU"

    def forward(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See `Runtime.forward`."""
        return self._raw(planes(image))

    def _raw(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """The first output of the network, without its batch dimension."""
        with self._torch.inference_mode():
            answer = self._model(self._torch.from_numpy(image))
        first = answer[0] if isinstance(answer, (list, tuple)) else answer
        return np.asarray(first[0].numpy(), np.float32)
