"""Cross-validation on the lake: `python -m wideberth_training_detector.folds FOLD0.pt FOLD1.pt FOLD2.pt --json OUT`.

Each network looks at the photographs of the fold it was trained without (`sources.lake_fold`); detections of all folds
are pooled, then scored. Whole frames (2048 px) and full-size tiles (800 px) are scored apart.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.accuracy import real_sets
from bench.accuracy.detector_real import look
from bench.accuracy.judged import Judged, joined
from bench.accuracy.real_sets import LAKE, LAKE_TILES, RealSet
from wideberth_contracts.detections import ObjectKind
from wideberth_detector.local import LocalDetector
from wideberth_training_detector.quiet import keep_offline
from wideberth_training_detector.sources import LAKE_FOLDS, Source, lake_fold

KINDS = (ObjectKind.VESSEL, ObjectKind.JET_SKI)
VIEWS = {"frames": LAKE, "tiles": LAKE_TILES}


def pool(detectors: Sequence[LocalDetector], real: RealSet) -> Judged:
    """The tables of a set in which every picture was looked at by the network that never saw it.

    Args:
        detectors: by fold.

    Raises:
        ValueError: another number of networks than folds.
    """
    if len(detectors) != LAKE_FOLDS:
        raise ValueError(f"{len(detectors)} networks; {LAKE_FOLDS} folds need one each")
    parts = []
    for fold, detector in enumerate(detectors):
        unseen = frozenset(path.stem for path in real.pictures() if lake_fold(Source.picture_id(path)) == fold)
        parts.append(look(detector, {}, (replace(real, only=unseen),)))
    return joined(parts)


def scores(judged: Judged) -> dict[str, dict[str, Any]]:
    """By class: objects there are, and AP50."""
    return {
        kind.value: {"truths": judged.truths(kind), "ap50": round(judged.average_precision(kind) or 0.0, 3)}
        for kind in KINDS
    }


def cross_validate(checkpoints: Sequence[Path]) -> dict[str, Any]:
    """Scores of whole frames and of tiles, pooled over the folds.

    Args:
        checkpoints: by fold, the network trained without it.
    """
    detectors = [LocalDetector.from_file(path) for path in checkpoints]
    found: dict[str, Any] = {"folds": LAKE_FOLDS, "how": "sorted photographs by place modulo the folds; f32; IoU 0.5"}
    for name, real in VIEWS.items():
        found[name] = scores(pool(detectors, real))
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs=LAKE_FOLDS)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--work", type=Path, default=Path("work"))
    given = parser.parse_args()
    if not real_sets.DATA.is_dir():
        raise SystemExit(f"the lake is not here: {real_sets.DATA}")
    keep_offline(given.work)
    found = json.dumps(cross_validate(given.checkpoints), indent=1)
    print(found)
    if given.json:
        given.json.write_text(found + "\n")


if __name__ == "__main__":
    main()
