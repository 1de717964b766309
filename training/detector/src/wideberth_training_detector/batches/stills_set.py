"""Render simulated stills once and keep them: `python -m wideberth_training_detector.batches.stills_set --out F`.

For machines whose few cores are better spent on the network while it learns; `accelerated.py --kept-stills F` reads
the file. The format is that of `ground_set.py`.
"""

import argparse
from functools import partial
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from wideberth_training_detector.batches.stills_stream import still_of

MOST_BOXES = 40
_QUALITY = 95


def render(first_seed: int, count: int, side_px: int, out: Path, workers: int) -> int:
    """Write `count` stills of consecutive seeds and return how many boxes they carry."""
    seeds = range(first_seed, first_seed + count)
    with get_context("spawn").Pool(workers, _one_thread) as pool:
        drawn = list(pool.imap(partial(_packed, side_px=side_px), seeds, chunksize=4))
    blobs, boxes = [blob for blob, _ in drawn], np.stack([rows for _, rows in drawn])
    offsets = np.cumsum([0, *(len(blob) for blob in blobs)])
    origin = np.array([f"still:{seed}" for seed in seeds])
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez(out, bytes=np.concatenate(blobs), offsets=offsets, boxes=boxes, origin=origin)
    return int((~np.isnan(boxes[..., 0])).sum())


def _one_thread() -> None:
    import numba

    cv2.setNumThreads(1)
    numba.set_num_threads(1)


def _packed(seed: int, side_px: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    rgb, found = still_of(seed, side_px)
    rows = np.full((MOST_BOXES, 6), np.nan, np.float32)
    rows[: min(len(found), MOST_BOXES)] = found[:MOST_BOXES]
    _, blob = cv2.imencode(".webp", np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])
    return np.asarray(blob, np.uint8).ravel(), rows


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=1600)
    parser.add_argument("--side", type=int, default=640)
    parser.add_argument("--workers", type=int, default=cpu_count() or 1)
    given = parser.parse_args()
    print(render(given.first_seed, given.count, given.side, given.out, given.workers), "boxes")


if __name__ == "__main__":
    main()
