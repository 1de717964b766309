"""How well the shipped detector finds things: on simulated stills it never saw, and on real frames.

Real frames have upright truth, so detections are compared by their upright boxes there. Licences and sources stand in
the model card; rows say where a part of a set was trained on. Without `../shared/data` those rows are left out and one
row says so.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.average_precision import Boxes, Tally, upright
from wideberth_contracts.detections import DetectSettings, FrameDetections, ObjectKind, Tiling
from wideberth_contracts.frames import FrameMeta, TimeBase
from wideberth_detector.core.runtime import RuntimeKind
from wideberth_detector.local import FILES, LocalDetector
from wideberth_media import frame_of, read_image
from wideberth_servicekit.model_store import models_root, open_model
from wideberth_simulator.stills import random_still

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
Row = dict[str, Any]
Image = NDArray[np.uint8]

LEAST_IOU = 0.5
SURE = 0.25
"""Where recall and false alarms are read; average precision goes over all confidences."""
HELD_OUT_SEED = 7_000_000
"""Training takes seeds far below."""


@dataclass(frozen=True)
class RealSet:
    """Labelled frames: what their classes mean here, and whether the detector learnt from some of them."""

    folder: str
    kinds: dict[int, ObjectKind]
    note: str


REAL_SETS = (
    RealSet("porpoise_frames", {0: ObjectKind.DOLPHIN}, "never trained on; 4K, harbour porpoises, murky water"),
    RealSet("humpback_frames", {0: ObjectKind.DOLPHIN}, "parts trained on; glint, two whales submerged"),
    RealSet(
        "vessel_frames",
        {0: ObjectKind.SWIMMER, 1: ObjectKind.VESSEL, 2: ObjectKind.JET_SKI},
        "never trained on; SeaDronesSee",
    ),
    RealSet("lake_vessel_frames", {0: ObjectKind.VESSEL, 1: ObjectKind.JET_SKI}, "parts trained on; straight down"),
)


def run(quick: bool) -> list[Row]:
    """All rows: `name, value, unit, aim, met, note`."""
    detector = LocalDetector.open()
    rows = _simulated_rows(detector, 12 if quick else 60)
    rows += [*_pace_rows(quick), _parity_row()]
    if not DATA.is_dir():
        return [*rows, _row("real frames", None, "", "left out: ../shared/data is not here")]
    for real in REAL_SETS:
        rows += _real_rows(detector, real, 6 if quick else 1000)
    return rows + _empty_rows(detector)


def _row(
    name: str, value: float | str | None, unit: str, note: str, aim: str | None = None, met: bool | None = None
) -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}


def detect(
    detector: LocalDetector, pixels: Image, confidence: float = 0.02, tiling: Tiling = Tiling.AUTO
) -> FrameDetections:
    height, width = pixels.shape[:2]
    meta = FrameMeta(
        clip="bench", pts=0, time_base=TimeBase(numerator=1, denominator=1), t_s=0.0, width_px=width, height_px=height
    )
    settings = DetectSettings(confidence=confidence, tiling=tiling)
    return asyncio.run(detector.detect(frame_of(pixels, meta), settings))


def _boxes(found: FrameDetections, kind: ObjectKind) -> tuple[Boxes, NDArray[np.float64]]:
    of_kind = [item for item in found.detections if item.kind is kind]
    rows = [
        (b.cx_px, b.cy_px, b.length_px, b.width_px, np.radians(b.angle_deg)) for b in (item.box for item in of_kind)
    ]
    return np.array(rows).reshape(-1, 5), np.array([item.confidence for item in of_kind])


def _simulated_rows(detector: LocalDetector, count: int) -> list[Row]:
    tallies: defaultdict[ObjectKind, Tally] = defaultdict(Tally)
    for seed in range(HELD_OUT_SEED, HELD_OUT_SEED + count):
        still = random_still(seed)
        found = detect(detector, still.image_bgr)
        for kind in ObjectKind:
            truth = [b for b in still.boxes if b.kind == kind.value]
            corners = [(b.cx_px, b.cy_px, b.length_px, b.width_px, np.radians(b.angle_deg)) for b in truth]
            tallies[kind].count(np.array(corners).reshape(-1, 5), *_boxes(found, kind), LEAST_IOU, SURE)
    return list(_tally_rows("simulated stills", tallies, count, "oriented overlap, seeds never trained on"))


def _tally_rows(name: str, tallies: dict[ObjectKind, Tally], pictures: int, note: str) -> Iterator[Row]:
    for kind, tally in tallies.items():
        if tally.truths:
            of = f"{tally.truths} of them; {note}"
            yield _row(f"{name}: {kind.value} AP50", round(tally.average_precision(), 3), "", of)
            yield _row(f"{name}: {kind.value} recall", round(tally.found / tally.truths, 3), "", f"at {SURE}; {of}")
        alarms = round(tally.false_alarms / max(1, pictures), 2)
        yield _row(f"{name}: {kind.value} false alarms", alarms, "a picture", f"at {SURE}; {note}")


def _real_rows(detector: LocalDetector, real: RealSet, most: int) -> list[Row]:
    tallies = {kind: Tally() for kind in ObjectKind}
    pictures = sorted((DATA / real.folder / "images").glob("*.*"))[:most]
    for picture in pictures:
        pixels = read_image(picture)
        truth = _labels(DATA / real.folder / "labels" / f"{picture.stem}.txt", real, pixels.shape)
        found = detect(detector, pixels)
        for kind, tally in tallies.items():
            boxes, confidences = _boxes(found, kind)
            tally.count(truth[kind], upright(boxes), confidences, LEAST_IOU, SURE)
    return list(_tally_rows(real.folder, tallies, len(pictures), real.note))


def _labels(path: Path, real: RealSet, shape: tuple[int, ...]) -> dict[ObjectKind, Boxes]:
    found: dict[ObjectKind, list[list[float]]] = {kind: [] for kind in ObjectKind}
    for line in path.read_text().splitlines() if path.is_file() else ():
        index, x, y, w, h = line.split()[:5]
        kind = real.kinds.get(int(index))
        if kind is not None:
            height, width = shape[:2]
            found[kind].append([float(x) * width, float(y) * height, float(w) * width, float(h) * height, 0.0])
    return {kind: np.array(rows).reshape(-1, 5) for kind, rows in found.items()}


def _empty_rows(detector: LocalDetector) -> list[Row]:
    pictures = sorted((DATA / "sea_negatives").glob("*.*g"))
    alarms: defaultdict[ObjectKind, int] = defaultdict(int)
    for picture in pictures:
        for item in detect(detector, read_image(picture), SURE).detections:
            alarms[item.kind] += 1
    note = f"{len(pictures)} real pictures without any; at {SURE}"
    return [
        _row(f"sea_negatives: {k.value} false alarms", round(alarms[k] / len(pictures), 2), "a picture", note)
        for k in ObjectKind
    ]


def _pace_rows(quick: bool) -> list[Row]:
    """What a frame costs by each library, with the graph it takes by itself."""
    rows = []
    for name, size in (("1080p", (1920, 1080)), ("4K", (3840, 2160))):
        pixels = np.asarray(random_still(HELD_OUT_SEED - 1, *size).image_bgr)
        for kind in (RuntimeKind.OPENVINO, RuntimeKind.ONNXRUNTIME):
            detector = LocalDetector.open(runtime=kind)
            detect(detector, pixels)
            taken = []
            for _ in range(2 if quick else 5):
                started = time.perf_counter()
                detect(detector, pixels)
                taken.append(time.perf_counter() - started)
            graph = open_model(models_root("detector"), "detector").file(*FILES[kind])
            note = f"{graph.name if graph else 'no graph'}; best of {len(taken)}, all cores"
            rows.append(_row(f"{name} by {kind.value}", round(1000 * min(taken)), "ms a frame", note))
    return rows


def _parity_row() -> Row:
    """One graph, single precision, by both libraries."""
    graph = open_model(models_root("detector"), "detector").file(".onnx")
    assert graph is not None, "the shipped model has an ONNX file"
    pixels = np.asarray(random_still(HELD_OUT_SEED - 1, 1920, 1080).image_bgr)
    kinds = (RuntimeKind.OPENVINO, RuntimeKind.ONNXRUNTIME)
    first, second = (detect(LocalDetector.from_file(graph, kind), pixels) for kind in kinds)
    apart = _apart(first, second)
    aim = "same boxes within 1 px, confidences within 0.02"
    note = f"of {len(first.detections)} at 1080p found by one only, above 0.1; {graph.name} by both"
    return _row("libraries apart", apart, "detections", note, aim, apart == 0)


def _apart(first: FrameDetections, second: FrameDetections) -> int:
    """Detections above 0.1 of either that the other lacks."""

    def lacking(these: FrameDetections, those: FrameDetections) -> int:
        return sum(
            not any(
                abs(a.box.cx_px - b.box.cx_px) < 1
                and abs(a.box.cy_px - b.box.cy_px) < 1
                and abs(a.confidence - b.confidence) < 0.02
                for b in those.detections
            )
            for a in these.detections
            if a.confidence > 0.1
        )

    return lacking(first, second) + lacking(second, first)
