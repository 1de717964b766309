"""Simulated stills made by other processes while training goes on."""

import contextlib
import multiprocessing
import os
import queue
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wideberth_training_detector import CLASS_NAMES
from wideberth_training_detector.batches.pool import PicturePool

_WAITING = 64


class StillsStream:
    """Renders stills of consecutive seeds with all the processes it is given; `drain` moves them into a pool.

    Seeds are dealt out in turn: process k of n makes first + k, first + k + n, …, or every `step`-th from there. Each
    keeps to one thread: left alone, the libraries under them start one a core, and the network waits for its batches.

    Attributes:
        made: stills moved so far.
    """

    def __init__(self, processes: int, first_seed: int, side_px: int, step: int | None = None) -> None:
        self.made = 0
        context = multiprocessing.get_context("spawn")
        self._ready: Any = context.Queue(_WAITING)
        self._workers: list[BaseProcess] = [
            context.Process(target=_render, args=(self._ready, first_seed + k, step or processes, side_px), daemon=True)
            for k in range(processes)
        ]

    def __enter__(self) -> "StillsStream":
        # Set before the workers start, for their libraries read it as they are loaded.
        before = os.environ.get("OMP_NUM_THREADS")
        os.environ["OMP_NUM_THREADS"] = "1"
        for worker in self._workers:
            worker.start()
        os.environ["OMP_NUM_THREADS"] = before or str(os.cpu_count() or 1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.terminate()

    def drain(self, pool: PicturePool) -> int:
        """Move what is ready into the pool and return how many that was."""
        moved = 0
        with contextlib.suppress(queue.Empty):
            while moved < _WAITING:
                rgb, boxes = self._ready.get_nowait()
                pool.add(rgb, boxes)
                moved += 1
        self.made += moved
        return moved


def still_of(seed: int, side_px: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """One still as R G B and its boxes (n, 6): class index, centre x, centre y, length, width (px), angle (rad)."""
    from wideberth_simulator.stills import random_still

    still = random_still(seed, side_px, side_px)
    rows = [
        (CLASS_NAMES.index(b.kind), b.cx_px, b.cy_px, b.length_px, b.width_px, np.radians(b.angle_deg))
        for b in still.boxes
    ]
    rgb = np.ascontiguousarray(still.image_bgr[..., ::-1])
    return rgb, np.array(rows, np.float32).reshape(-1, 6)


def _render(ready: Any, seed: int, step: int, side_px: int) -> None:
    import cv2
    import numba

    cv2.setNumThreads(1)
    numba.set_num_threads(1)
    # On a machine of few cores the network comes first.
    os.nice(15)
    while True:
        ready.put(still_of(seed, side_px))
        seed += step
