"""Measure: `python -m wideberth_training_detector.evaluate MODEL.onnx [--val DIR] --json OUT`.

Real frames judge: nothing here was trained on except where a set is named `*_trained`. Frames are taken at full size in
tiles, as the service does. Renders of every picture go to `--renders` for looking at.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from wideberth_training_detector import CLASS_NAMES
from wideberth_training_detector.accuracy import Tally, average_precision, count_picture
from wideberth_training_detector.runtime import Network, detect, open_network
from wideberth_training_detector.shapes import Floats, LabelledBox, Sample, read_sample
from wideberth_training_detector.sources import HUMPBACKS, LAKE_TILES

# The pipeline's default: a tracker needs the uncertain ones too.
_CONFIDENCE = 0.15
_COLOURS = ((0, 0, 255), (0, 255, 255), (0, 255, 0), (255, 0, 255))


@dataclass(frozen=True)
class JudgeSet:
    """Pictures with truth, the map from their labels to ours, and the classes their truth is complete for."""

    name: str
    pictures: tuple[tuple[Path, Path], ...]
    classes: dict[int, int]
    complete: tuple[int, ...]
    oriented: bool


def judge_sets(root: Path, val: Path | None) -> Iterator[JudgeSet]:
    """Every set that can be measured here."""

    def pairs(folder: str) -> tuple[tuple[Path, Path], ...]:
        found = sorted((root / folder / "images").glob("*.*"))
        return tuple((p, p.parent.parent / "labels" / f"{p.stem}.txt") for p in found)

    yield JudgeSet("vessel_frames", pairs("vessel_frames"), {0: 3, 1: 1, 2: 2}, (0, 1, 2, 3), oriented=False)
    yield JudgeSet("porpoise_frames", pairs("porpoise_frames"), {0: 0}, (0, 1, 2, 3), oriented=False)
    for part, held_out in (("held_out", True), ("trained", False)):
        for source, name in ((HUMPBACKS, "humpback_frames"), (LAKE_TILES, "lake_tiles")):
            pictures = tuple((p, source.label_of(p)) for p in source.pictures(root, held_out))
            yield JudgeSet(f"{name}_{part}", pictures, source.classes, (0, 1, 2, 3), oriented=False)
    quiet = tuple((p, Path("/nonexistent")) for p in sorted((root / "sea_negatives").glob("*.*g")))
    yield JudgeSet("sea_negatives", quiet, {}, (0, 1, 2), oriented=False)
    if val is not None:
        for prefix in ("still", "composite"):
            found = sorted((val / "images").glob(f"{prefix}_*"))
            listed = tuple((p, val / "labels" / f"{p.stem}.txt") for p in found)
            yield JudgeSet(f"simulated_{prefix}s", listed, {k: k for k in range(4)}, (0, 1, 2, 3), oriented=True)


def measure(network: Network, chosen: JudgeSet, tile_px: int, zoom: float, renders: Path | None) -> dict[str, object]:
    """Per class AP50, recall at 0.15 confidence, and false alarms a picture, over one set."""
    tallies = [Tally() for _ in CLASS_NAMES]
    for picture, label in chosen.pictures:
        sample = read_sample(picture, label)
        found = detect(network, sample.pixels, 0.01, tile_px, zoom=zoom)
        for index, tally in enumerate(tallies):
            truth = [b for b in sample.boxes if chosen.classes.get(b.class_index) == index]
            count_picture(tally, truth, found[found[:, 6] == index], chosen.oriented, _CONFIDENCE)
        if renders is not None:
            _render(sample, found[found[:, 5] >= _CONFIDENCE], renders / chosen.name / f"{picture.stem}.jpg")
    number = max(len(chosen.pictures), 1)
    report: dict[str, object] = {"pictures": len(chosen.pictures)}
    for index, name in enumerate(CLASS_NAMES):
        tally = tallies[index]
        if tally.truths == 0 and index not in chosen.complete:
            continue
        row: dict[str, object] = {
            "truths": tally.truths,
            "false_alarms_a_picture": round(tally.false_alarms / number, 2),
        }
        if tally.truths:
            ap = average_precision(tally)
            row |= {
                "ap50": round(ap or 0.0, 3),
                "recall_iou50": round(tally.found / tally.truths, 3),
                "recall_iou30": round(tally.found_loose / tally.truths, 3),
                "recall_iou30_by_length_px": _by_size(tally.size_found),
            }
        report[name] = row
    return report


def _by_size(found: list[tuple[float, bool]]) -> dict[str, str]:
    bands = ((0, 12), (12, 25), (25, 50), (50, 100), (100, 1e9))
    rows = {}
    for low, high in bands:
        inside = [hit for size, hit in found if low <= size < high]
        if inside:
            rows[f"{low}-{int(high) if high < 1e9 else ''}"] = f"{sum(inside)}/{len(inside)}"
    return rows


def _render(sample: Sample, found: Floats, path: Path) -> None:
    """Truth thin and white, detections in their class colour."""
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = sample.pixels.copy()
    thick = max(1, canvas.shape[1] // 900)
    for box in sample.boxes:
        _outline(canvas, box, (255, 255, 255), thick)
    for x, y, w, h, angle, score, kind in found:
        rect = ((float(x), float(y)), (float(w), float(h)), float(np.degrees(angle)))
        colour = _COLOURS[int(kind)]
        _outline(canvas, LabelledBox(int(kind), cv2.boxPoints(rect).astype(np.float32)), colour, thick * 2)
        spot = (int(x + w / 2), int(y - h / 2))
        cv2.putText(canvas, f"{score:.2f}", spot, cv2.FONT_HERSHEY_SIMPLEX, 0.5 * thick, colour, thick)
    cv2.imwrite(str(path), canvas, [cv2.IMWRITE_JPEG_QUALITY, 85])


def _outline(canvas: np.ndarray, box: LabelledBox, colour: tuple[int, int, int], thick: int) -> None:
    cv2.polylines(canvas, [np.round(box.corners_px).astype(np.int32)], True, colour, thick)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../../../shared/data"))
    parser.add_argument("--val", type=Path, help="the `val` folder of a built set")
    parser.add_argument("--only", nargs="*", help="names of sets")
    parser.add_argument("--tile", type=int, default=1280)
    parser.add_argument("--zoom", type=float, default=1.0)
    parser.add_argument("--renders", type=Path)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    network = open_network(given.model)
    report: dict[str, object] = {}
    for chosen in judge_sets(given.data, given.val):
        if given.only and chosen.name not in given.only:
            continue
        report[chosen.name] = measure(network, chosen, given.tile, given.zoom, given.renders)
        print(json.dumps({chosen.name: report[chosen.name]}), flush=True)
    if given.json:
        given.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
