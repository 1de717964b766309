"""The trackers of Ultralytics on boxes alone: run by `tracking_rivals`, in an environment that has ultralytics and lap.

Standard input: {"settings": {name: {...}}, "sequences": {name: [[frame, left, top, width, height, confidence], ...]}}.
Standard output: {tracker: {sequence: [[frame, id, left, top, width, height], ...]}}. A row keeps the box as it was
given: the trackers' own smoothed boxes would be compared by their smoothing too. No pictures, so no camera motion.
"""

import json
import sys
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import numpy as np
from ultralytics.cfg import get_cfg  # noqa: F401  (sets the package up before its trackers are imported)
from ultralytics.trackers.bot_sort import BOTSORT
from ultralytics.trackers.byte_tracker import BYTETracker
from ultralytics.trackers.oc_sort import OCSORT
from ultralytics.utils import ROOT, YAML

KINDS = {"bytetrack": BYTETracker, "ocsort": OCSORT, "botsort": BOTSORT}


class Boxes:
    """What a tracker reads of a detector's result: centre and size, confidence and class."""

    def __init__(self, rows: Any) -> None:
        self.rows = np.asarray(rows, dtype=np.float64).reshape(-1, 5)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> "Boxes":
        return Boxes(self.rows[index])

    @property
    def xywh(self) -> Any:
        left, top, width, height, _ = self.rows.T
        return np.stack([left + width / 2, top + height / 2, width, height], axis=1)

    @property
    def conf(self) -> Any:
        return self.rows[:, 4]

    @property
    def cls(self) -> Any:
        return np.zeros(len(self.rows))


def follow(kind: str, settings: dict[str, Any], rows: list[list[float]]) -> list[list[float]]:
    """One sequence through one new tracker: rows of frame, id and box."""
    read: Any = YAML.load
    delivered = read(ROOT / "cfg" / "trackers" / f"{kind}.yaml")
    args = SimpleNamespace(**{**delivered, **settings, "device": "cpu"})
    if hasattr(args, "gmc_method"):
        args.gmc_method = "none"
    tracker = KINDS[kind](args)
    by_frame = defaultdict(list)
    for frame, *box in rows:
        by_frame[int(frame)].append(box)
    found, picture = [], np.zeros((1080, 1920, 3), dtype=np.uint8)
    for frame in range(min(by_frame), max(by_frame) + 1):
        boxes = by_frame.get(frame, [])
        for row in tracker.update(Boxes(boxes), picture):
            found.append([frame, int(row[4]), *boxes[int(row[7])][:4]])
    return found


def main() -> None:
    """Standard input to standard output."""
    task = json.load(sys.stdin)
    answer = {
        name: {key: follow(name.split(",")[0], settings, rows) for key, rows in task["sequences"].items() if rows}
        for name, settings in task["settings"].items()
    }
    json.dump(answer, sys.stdout)


main()
