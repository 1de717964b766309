"""Write labelled stills: `python -m wideberth_simulator.stills --out DIR --count N`.

Writes `images/NNNNNN.jpg` and `labels/NNNNNN.txt` (YOLO oriented boxes: class x1 y1 ... x4 y4, normalised;
0 dolphin, 1 vessel, 2 jet_ski, 3 swimmer); `ignored/` holds the boxes of what is there but carries no label.
The same seed gives the same files.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import cv2
import numba
import numpy as np

from wideberth_simulator.stills.still import KINDS, LabelledBox, Still, random_still


def label_lines(still: Still, boxes: tuple[LabelledBox, ...] | None = None) -> list[str]:
    """Return one YOLO-OBB line a box, corners clipped to the picture; the still's labels where no boxes are given."""
    h, w = still.image_bgr.shape[:2]
    lines = []
    for box in still.boxes if boxes is None else boxes:
        corners = np.clip(box.corners() / [w, h], 0.0, 1.0).ravel()
        lines.append(" ".join([str(KINDS.index(box.kind)), *(f"{v:.6f}" for v in corners)]))
    return lines


def write_still(seed: int, stem: str, out: Path, size: tuple[int, int], suffix: str) -> None:
    """Write one picture, its labels, and the boxes of what it leaves without a label where there are any."""
    still = random_still(seed, *size)
    parameters = [cv2.IMWRITE_JPEG_QUALITY, 94] if suffix == "jpg" else []
    cv2.imwrite(str(out / "images" / f"{stem}.{suffix}"), still.image_bgr, parameters)
    (out / "labels" / f"{stem}.txt").write_text("\n".join(label_lines(still)) + "\n" if still.boxes else "")
    if still.ignored:
        (out / "ignored").mkdir(exist_ok=True)
        (out / "ignored" / f"{stem}.txt").write_text("\n".join(label_lines(still, still.ignored)) + "\n")


def _work(job: tuple[int, str, Path, tuple[int, int], str]) -> None:
    numba.set_num_threads(1)
    cv2.setNumThreads(1)
    write_still(*job)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m wideberth_simulator.stills", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0, help="still i takes seed + i")
    parser.add_argument("--size", type=int, default=640, help="width, px")
    parser.add_argument("--height", type=int, default=None, help="height, px; the width where absent")
    parser.add_argument("--format", choices=["jpg", "png"], default="jpg")
    parser.add_argument("--workers", type=int, default=1)
    args = parser.parse_args()
    for name in ("images", "labels"):
        (args.out / name).mkdir(parents=True, exist_ok=True)
    size = (args.size, args.height or args.size)
    jobs = [(args.seed + i, f"{args.seed + i:07d}", args.out, size, args.format) for i in range(args.count)]
    started = time.monotonic()
    if args.workers <= 1:
        for job in jobs:
            _work(job)
    else:
        with ProcessPoolExecutor(args.workers) as pool:
            list(pool.map(_work, jobs, chunksize=8))
    took = time.monotonic() - started
    sys.stdout.write(
        f"{args.count} stills in {took:.1f} s ({args.count / max(took, 1e-9):.1f} a second) in {args.out}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
