"""The way the original system analysed a clip, timed.

`python -m wideberth_training_detector.original_way VIDEO --weights X.pt --sample-fps 5 [--max-frames N]`

Ultralytics in torch over all 1024-px slices by SAHI, every sampled frame, confidence 0.3, then ByteTrack (threshold
0.2, buffer 30, match 0.8). Decoding is timed with it. Prints one JSON object; `wideberth bench speed` calls it as a
separate process, for torch never shares an environment with the services.
"""

import argparse
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np

from wideberth_training_detector.quiet import keep_offline
from wideberth_training_detector.shapes import Image

# Published settings of the original: slices, SAHI's own default overlap, detector and tracker thresholds.
_SLICE_PX = 1024
_OVERLAP = 0.2
_CONFIDENCE = 0.3
_TRACKER = {
    "tracker_type": "bytetrack", "track_high_thresh": 0.2, "track_low_thresh": 0.1, "new_track_thresh": 0.2,
    "track_buffer": 30, "match_thresh": 0.8, "fuse_score": True,
}  # fmt: skip


def sampled_frames(video: Path, sample_fps: float, max_frames: int | None) -> Iterator[tuple[float, Image]]:
    """Frames nearest to a grid of `sample_fps`, with their time in s; the rest are decoded and dropped."""
    reader = cv2.VideoCapture(str(video))
    if not reader.isOpened():
        raise FileNotFoundError(video)
    given, due_s = 0, 0.0
    fps = reader.get(cv2.CAP_PROP_FPS) or 30.0
    index = 0
    while max_frames is None or given < max_frames:
        if not reader.grab():
            break
        at_s = index / fps
        index += 1
        if at_s + 0.5 / fps < due_s:
            continue
        due_s += 1.0 / sample_fps
        ok, pixels = reader.retrieve()
        if ok:
            given += 1
            yield at_s, np.asarray(pixels, np.uint8)
    reader.release()


def run(video: Path, weights: Path, sample_fps: float, max_frames: int | None) -> dict[str, float | int]:
    """Detect and track; how long it took.

    Returns:
        frames, seconds (wall, without loading), frames_per_s, real_time_factor (seconds of video a second of work),
        detections, tracks.
    """
    import torch
    from sahi import AutoDetectionModel
    from sahi.predict import get_sliced_prediction
    from ultralytics.trackers.byte_tracker import BYTETracker

    model = AutoDetectionModel.from_pretrained(
        "ultralytics", model_path=str(weights), confidence_threshold=_CONFIDENCE, device="cpu"
    )
    tracker = BYTETracker(SimpleNamespace(**_TRACKER))
    frames = detections = 0
    ids: set[int] = set()
    threads_set = False
    begun = time.perf_counter()
    for _, pixels in sampled_frames(video, sample_fps, max_frames):
        answer = get_sliced_prediction(
            pixels[:, :, ::-1].copy(), model, slice_height=_SLICE_PX, slice_width=_SLICE_PX,
            overlap_height_ratio=_OVERLAP, overlap_width_ratio=_OVERLAP, verbose=0,
        )  # fmt: skip
        if not threads_set:
            # The first predict selects the CPU device, which sets torch to cpu_count - 1 threads: give it all back.
            torch.set_num_threads(max(1, _cores()))
            threads_set = True
        boxes = _boxes(answer, pixels.shape[:2])
        detections += len(boxes)
        ids |= {int(row[4]) for row in tracker.update(boxes)}
        frames += 1
    seconds = time.perf_counter() - begun
    return {
        "frames": frames,
        "seconds": round(seconds, 3),
        "frames_per_s": round(frames / seconds, 4) if seconds else 0.0,
        "real_time_factor": round(frames / sample_fps / seconds, 4) if seconds else 0.0,
        "detections": detections,
        "tracks": len(ids),
    }


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _boxes(answer: Any, shape_px: tuple[int, ...]) -> Any:
    """SAHI's answer in the form Ultralytics' tracker reads."""
    from ultralytics.engine.results import Boxes

    rows = [[*p.bbox.to_xyxy(), p.score.value, p.category.id] for p in answer.object_prediction_list]
    return Boxes(np.array(rows, np.float32).reshape(-1, 6), shape_px)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video", type=Path)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--sample-fps", type=float, default=5.0)
    parser.add_argument("--max-frames", type=int)
    parser.add_argument("--work", type=Path, default=Path("work"))
    given = parser.parse_args()
    keep_offline(given.work)
    print(json.dumps(run(given.video, given.weights, given.sample_fps, given.max_frames)))


if __name__ == "__main__":
    main()
