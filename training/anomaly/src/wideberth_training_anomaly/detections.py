"""What the shipped detector takes for dolphins in simulated stills, right or wrong: the crops screened in earnest.

The hardest clutter is where the detector errs, and only animals it finds can be lost by screening. Random water and
animals no detector would find are another population; a threshold set on them rejects nothing.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from wideberth_contracts.detections import DetectSettings, ObjectKind, OrientedBox
from wideberth_contracts.frames import FrameMeta, TimeBase
from wideberth_detector.local import LocalDetector
from wideberth_media import frame_of
from wideberth_simulator.stills import Still, random_still
from wideberth_training_anomaly.pieces import Piece, cut
from wideberth_training_anomaly.shards import A_SHARD, Side

# Stills of a side, and their seeds: the detector itself learnt from low ones, so those judge nothing.
FIRST_STILL: dict[Side, int] = {"train": 0, "calibrate": 300_000, "test": 400_000}
STILLS: dict[Side, int] = {"train": 400, "calibrate": 200, "test": 200}
# Weak detections teach, for there are many; those strong enough to found a track set the threshold and judge.
TEACHING_CONFIDENCE, JUDGING_CONFIDENCE = 0.05, 0.15
# A detection is of a body when their centres are nearer than this share of the longer of both.
NEAR_FRACTION = 0.6


def render_detections(folder: Path, workers: int) -> None:
    """Detect in what is missing of all stills; crops are kept in files of fifty stills."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [
        (folder, side, seed)
        for side, first in FIRST_STILL.items()
        for seed in range(first, first + STILLS[side], A_SHARD)
        if not _path(folder, side, seed).exists()
    ]
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(_detect_shard, missing))


def detected(folder: Path, side: Side) -> tuple[list[Piece], list[Piece]]:
    """Pieces kept of one side: animals found, and false alarms. Detections of other bodies are in neither."""
    least = TEACHING_CONFIDENCE if side == "train" else JUDGING_CONFIDENCE
    animals: list[Piece] = []
    alarms: list[Piece] = []
    for path in sorted(folder.glob(f"detections_{side}_*.npz")):
        with np.load(path) as kept:
            rows = zip(kept["images"], kept["kinds"], kept["confidences"], kept["seeds"], strict=True)
            for image, kind, confidence, seed in rows:
                if confidence >= least:
                    into = animals if kind == "detected_dolphin" else alarms
                    into.append(Piece(image, str(kind), f"simulated still {seed}"))
    return animals, alarms


def _path(folder: Path, side: Side, seed: int) -> Path:
    return folder / f"detections_{side}_{seed}.npz"


def _detect_shard(what: tuple[Path, Side, int]) -> None:
    folder, side, first = what
    detector = LocalDetector.open(threads=1)
    rows = [row for seed in range(first, first + A_SHARD) for row in _crops(detector, random_still(seed), seed)]
    images, kinds, confidences, seeds = zip(*rows, strict=True)
    np.savez(
        _path(folder, side, first),
        images=np.stack(images),
        kinds=np.array(kinds),
        confidences=np.array(confidences),
        seeds=np.array(seeds),
    )


def _crops(detector: LocalDetector, still: Still, seed: int) -> Iterator[tuple[np.ndarray, str, float, int]]:
    height, width = still.image_bgr.shape[:2]
    base = TimeBase(numerator=1, denominator=1)
    meta = FrameMeta(clip="still", pts=seed, time_base=base, t_s=0.0, width_px=width, height_px=height)
    settings = DetectSettings(confidence=TEACHING_CONFIDENCE)
    for item in asyncio.run(detector.detect(frame_of(still.image_bgr, meta), settings)).detections:
        kind = kind_of(still, item.box) if item.kind is ObjectKind.DOLPHIN else None
        if kind is not None:
            crop = cut(still.image_bgr, item.box.cx_px, item.box.cy_px, item.box.length_px)
            yield crop, kind, item.confidence, seed


def kind_of(still: Still, box: OrientedBox) -> str | None:
    """`detected_dolphin`, `false_alarm`, or None for another body."""
    near = {
        body.kind
        for body in still.boxes
        if np.hypot(body.cx_px - box.cx_px, body.cy_px - box.cy_px) < NEAR_FRACTION * max(body.length_px, box.length_px)
    }
    if "dolphin" in near:
        return "detected_dolphin"
    return None if near else "false_alarm"
