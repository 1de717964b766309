"""The trackers Wideberth's is compared with, each given the same boxes and nothing else.

Two settings each: as delivered, and `fitted` to the footage as Wideberth's own are: strong boxes from 0.4, weak from
0.1, three sightings to confirm, unseen for up to 8 s whatever the frame rate. Of the two the better counts, by
whichever score is looked at. The package `trackers` is in the dependency group `bench` of `services/tracker`;
Ultralytics needs an environment of its own (torch), named by `WIDEBERTH_ULTRALYTICS_PYTHON`.
"""

import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from wideberth_tracker.core.mot import MotBox

Boxes = Mapping[str, Sequence[MotBox]]
UNSEEN_S = 8.0
STRONG, WEAK, SIGHTINGS = 0.4, 0.1, 3
PYTHON = "WIDEBERTH_ULTRALYTICS_PYTHON"


def rivals(given: Boxes, fps: float) -> dict[str, dict[str, tuple[MotBox, ...]]]:
    """Tracks of every sequence by every tracker that is installed."""
    found = {name: {key: follow(make, boxes) for key, boxes in given.items()} for name, make in package(fps).items()}
    return {**found, **_ultralytics(given, fps)}


def package(fps: float) -> dict[str, Callable[[], Any]]:
    """The trackers of the package `trackers`. Pictures are not given, so BoT-SORT runs without camera motion."""
    if find_spec("trackers") is None or find_spec("supervision") is None:
        return {}
    from trackers import BoTSORTTracker, ByteTrackTracker, OCSORTTracker, SORTTracker

    # The package multiplies the buffer by frame_rate / 30, so 30 x seconds is right at every rate.
    buffer = {"lost_track_buffer": round(30 * UNSEEN_S), "minimum_consecutive_frames": SIGHTINGS}
    start, strong = {"track_activation_threshold": STRONG}, {"high_conf_det_threshold": STRONG}
    kinds: dict[str, tuple[Any, dict[str, Any], dict[str, Any]]] = {
        "SORT": (SORTTracker, {}, {**buffer, **start}),
        "ByteTrack": (ByteTrackTracker, {}, {**buffer, **start, **strong}),
        "OC-SORT": (OCSORTTracker, {}, {**buffer, **strong}),
        "BoT-SORT": (BoTSORTTracker, {"enable_cmc": False}, {"enable_cmc": False, **buffer, **start, **strong}),
    }
    makers: dict[str, Callable[[], Any]] = {}
    for name, (kind, delivered, fitted) in kinds.items():
        makers[f"trackers {name}"] = _maker(kind, fps, delivered)
        makers[f"trackers {name}, fitted"] = _maker(kind, fps, fitted)
    return makers


def _maker(kind: Any, fps: float, settings: dict[str, Any]) -> Callable[[], Any]:
    return lambda: kind(frame_rate=fps, **settings)


def follow(make: Callable[[], Any], boxes: Sequence[MotBox]) -> tuple[MotBox, ...]:
    """One sequence through one new tracker of the package."""
    follower, found = make(), []
    by_frame = defaultdict(list)
    for box in boxes:
        by_frame[box.frame].append(box)
    for frame in range(min(by_frame), max(by_frame) + 1) if by_frame else ():
        result = follower.update(supervision_of(by_frame.get(frame, [])))
        for (left, top, right, bottom), identity in zip(result.xyxy, result.tracker_id, strict=True):
            if identity >= 0:
                found.append(MotBox(frame, int(identity), left, top, right - left, bottom - top, 1.0))
    return tuple(found)


def supervision_of(boxes: Sequence[MotBox]) -> Any:
    """Boxes of one frame as `supervision.Detections`."""
    from supervision import Detections

    corners = [(b.left_px, b.top_px, b.left_px + b.width_px, b.top_px + b.height_px) for b in boxes]
    return Detections(
        xyxy=np.array(corners, dtype=np.float64).reshape(-1, 4),
        confidence=np.array([b.confidence for b in boxes], dtype=np.float64),
        class_id=np.zeros(len(boxes), dtype=int),
    )


def _ultralytics(given: Boxes, fps: float) -> dict[str, dict[str, tuple[MotBox, ...]]]:
    python = os.environ.get(PYTHON)
    if python is None:
        return {}
    fitted = {
        "track_high_thresh": STRONG,
        "track_low_thresh": WEAK,
        "new_track_thresh": STRONG,
        "track_buffer": round(fps * UNSEEN_S),
    }
    kinds = ("bytetrack", "ocsort", "botsort")
    rows = {
        key: [[b.frame, b.left_px, b.top_px, b.width_px, b.height_px, b.confidence] for b in boxes]
        for key, boxes in given.items()
    }
    task = {
        "settings": {**{kind: {} for kind in kinds}, **{f"{kind}, fitted": fitted for kind in kinds}},
        "sequences": rows,
    }
    script = Path(__file__).with_name("ultralytics_trackers.py")
    done = subprocess.run(
        [python, str(script)], input=json.dumps(task), capture_output=True, text=True, check=True,
        env={**os.environ, "YOLO_OFFLINE": "1", "YOLO_AUTOINSTALL": "0", "YOLO_VERBOSE": "0"},
    )  # fmt: skip
    answer = json.loads(done.stdout[done.stdout.index("{") :])
    return {
        f"Ultralytics {name}": {
            key: tuple(MotBox(int(f), int(i), x, y, w, h, 1.0) for f, i, x, y, w, h in sequences.get(key, ()))
            for key in given
        }
        for name, sequences in answer.items()
    }
