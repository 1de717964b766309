"""Passes through the network side by side, as many as there are cores to run them."""

from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from wideberth_detector.core.runtime import Head, Runtime


class Passes:
    """A network and the threads that wait for it. Safe to share."""

    def __init__(self, runtime: Runtime) -> None:
        """Take a network that is ready to run."""
        self._runtime = runtime
        self._pool = ThreadPoolExecutor(runtime.at_once, thread_name_prefix="detect")

    @property
    def head(self) -> Head:
        """How the answers read."""
        return self._runtime.head

    @property
    def name(self) -> str:
        """The library and the device in use."""
        return self._runtime.name

    def start(self, image: NDArray[np.uint8]) -> "Future[NDArray[np.float32]]":
        """Begin a pass; its result is the raw head of `Runtime.forward`."""
        return self._pool.submit(self._runtime.forward, image)
