"""How well the shipped screen keeps animals and rejects clutter.

Crops are cut as the pipeline cuts them. Simulated ones are of seeds never trained on; real clutter is of pictures the
training left out; real cetaceans were never trained on. A track here is three crops of one kind of clutter. The rows
that count most are those at what the detector took for dolphins: others are never screened. Without `../shared/data`
real rows are left out, and one says so.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.looking import SURE, detect
from wideberth_anomaly.core.choice import LEAST_DETECTION_PX
from wideberth_anomaly.core.network import RuntimeKind
from wideberth_anomaly.local import LocalAnomaly
from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_contracts.frames import Crop, FrameMeta, TimeBase
from wideberth_contracts.screening import Screening, ScreenSettings, ScreenVerdict
from wideberth_detector.local import LocalDetector
from wideberth_media import cut_crop, frame_of, read_image
from wideberth_simulator.stills import random_animal_crop, random_clutter_crop, random_still
from wideberth_simulator.stills.crops import CLUTTER_KINDS

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
Row = dict[str, Any]
Image = NDArray[np.uint8]

HELD_OUT_SEED = 900_000
"""Training, calibration and test of the card take seeds below."""
HELD_OUT_STILL = 7_000_000
"""Neither the detector nor the screen learnt from these stills."""
SIDE_PX = 160
A_TRACK = 3
LEFT_OUT_CLUTTER = ("surf_frames/m06*", "coast_frames/*cropped4*", "sea_negatives/sharkeye*", "sea_negatives/otter*")
"""Pictures the training did not see; the otter pictures carry no licence and only measure."""


def run(quick: bool) -> list[Row]:
    """All rows: `name, value, unit, aim, met, note`."""
    anomaly = LocalAnomaly.open()
    count = 30 if quick else 150
    animals = np.array([_score(anomaly, _simulated_animal(HELD_OUT_SEED + index)) for index in range(count)])
    threshold = _screen(anomaly, ()).threshold
    note = f"{len(animals)} crops; any dolphin, also those no detector would find"
    rows = [_row("simulated dolphins kept", round(100 * float((animals >= threshold).mean()), 1), "%", note)]
    rows += _at_simulated(anomaly, threshold, 20 if quick else 120)
    for kind in CLUTTER_KINDS:
        crops = [_simulated_clutter(HELD_OUT_SEED + index, kind) for index in range(max(9, count // 6))]
        rows += _clutter_rows(anomaly, f"simulated {kind}", crops, animals)
    rows.append(_parity_row())
    if not DATA.is_dir():
        return [*rows, _row("real crops", None, "", "left out: ../shared/data is not here")]
    for pattern in LEFT_OUT_CLUTTER:
        rows += _clutter_rows(anomaly, pattern.strip("*"), _real_clutter(pattern, 12 if quick else 48), animals)
    rows += _at_detections(anomaly, threshold, quick)
    for folder in ("porpoise_frames", "humpback_frames", "right_whale"):
        scores = np.array([_score(anomaly, crop) for crop in _cetaceans(folder)])
        rows.append(_kept_row(folder, scores, threshold, "real animals, single crops, never trained on", "100 %"))
    return rows


def _row(name: str, value: float | None, unit: str, note: str, aim: str | None = None, met: bool | None = None) -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}


def _kept_row(name: str, scores: NDArray[np.float64], threshold: float, note: str, aim: str) -> Row:
    kept = float((scores >= threshold).mean())
    least = float(aim.removesuffix(" %")) / 100
    return _row(f"{name} kept", round(100 * kept, 1), "%", f"{len(scores)} crops; {note}", aim, kept >= least)


def _clutter_rows(anomaly: LocalAnomaly, name: str, crops: list[Crop], animals: NDArray[np.float64]) -> list[Row]:
    scores = np.array([_score(anomaly, crop) for crop in crops])
    limit = np.quantile(animals, 0.01)
    tracks = [tuple(crops[start : start + A_TRACK]) for start in range(0, len(crops) - A_TRACK + 1, A_TRACK)]
    rejected = np.mean([_screen(anomaly, track).verdict is ScreenVerdict.CLUTTER for track in tracks])
    wins = (animals[:, None] > scores).mean() + (animals[:, None] == scores).mean() / 2
    note = f"{len(crops)} crops"
    return [
        _row(f"{name}: AUROC", round(float(wins), 3), "", f"{note}, against simulated dolphins"),
        _row(f"{name}: passes at 99 % TPR", round(100 * float((scores >= limit).mean()), 1), "%", note),
        _row(
            f"{name}: tracks rejected", round(100 * float(rejected), 1), "%", f"{len(tracks)} tracks, shipped threshold"
        ),
    ]


def _screen(anomaly: LocalAnomaly, crops: tuple[Crop, ...]) -> Screening:
    return asyncio.run(anomaly.screen("bench", crops, ScreenSettings()))


def _score(anomaly: LocalAnomaly, crop: Crop) -> float:
    score = _screen(anomaly, (crop,)).score
    assert score is not None, "every crop of the bench is large enough to be used"
    return score


def _crop(picture: Image, x_px: float, y_px: float, box_px: float, pts: int = 0) -> Crop:
    height, width = picture.shape[:2]
    meta = FrameMeta(
        clip="bench", pts=pts, time_base=TimeBase(numerator=1, denominator=1), t_s=pts, width_px=width, height_px=height
    )
    box = OrientedBox(cx_px=x_px, cy_px=y_px, length_px=box_px, width_px=box_px / 3, angle_deg=0.0)
    return cut_crop(frame_of(picture, meta), box)


def _simulated_animal(seed: int) -> Crop:
    drawn = random_animal_crop(seed, SIDE_PX)
    assert drawn.box is not None
    rng = np.random.default_rng(seed)
    length = min(drawn.box.length_px * rng.uniform(0.95, 1.25), SIDE_PX / 3)
    return _crop(np.asarray(drawn.image_bgr), drawn.box.cx_px, drawn.box.cy_px, max(8.0, length))


def _simulated_clutter(seed: int, kind: str) -> Crop:
    drawn = random_clutter_crop(seed, SIDE_PX, kind)
    length = float(np.exp(np.random.default_rng(seed).uniform(np.log(12), np.log(52))))
    return _crop(np.asarray(drawn.image_bgr), SIDE_PX / 2, SIDE_PX / 2, length, pts=seed)


def _real_clutter(pattern: str, count: int) -> list[Crop]:
    rng = np.random.default_rng(5)
    crops: list[Crop] = []
    pictures = [read_image(path) for path in sorted(DATA.glob(pattern))]
    for index in range(count):
        picture = pictures[index % len(pictures)]
        # The lower part of one picture holds a shark.
        x, y = rng.uniform(0, picture.shape[1]), rng.uniform(0, 0.8 * picture.shape[0])
        crops.append(_crop(picture, x, y, float(np.exp(rng.uniform(np.log(12), np.log(52)))), pts=index))
    return crops


def _cetaceans(folder: str) -> list[Crop]:
    crops = []
    for label in sorted((DATA / folder / "labels").glob("*.txt")):
        picture = read_image(next((DATA / folder / "images").glob(f"{label.stem}.*")))
        crops += [_crop(picture, x, y, max(w, h)) for x, y, w, h in _truth(label, picture)]
    return crops


def _parity_row() -> Row:
    scores = [
        [_score(anomaly, _simulated_animal(HELD_OUT_SEED + index)) for index in range(10)]
        for anomaly in (LocalAnomaly.open(runtime=kind) for kind in RuntimeKind)
    ]
    apart = float(np.abs(np.diff(np.array(scores), axis=0)).max())
    return _row("libraries apart", apart, "score", "largest difference, 10 crops", "< 0.001", apart < 1e-3)


def _at_simulated(anomaly: LocalAnomaly, threshold: float, count: int) -> list[Row]:
    """At what the shipped detector took for dolphins in simulated stills."""
    detector = LocalDetector.open()
    right: list[float] = []
    wrong: list[float] = []
    for seed in range(HELD_OUT_STILL, HELD_OUT_STILL + count):
        still = random_still(seed)
        picture = np.asarray(still.image_bgr)
        bodies = [(b.cx_px, b.cy_px, b.length_px, b.length_px) for b in still.boxes]
        dolphins = [box for box, b in zip(bodies, still.boxes, strict=True) if b.kind == ObjectKind.DOLPHIN.value]
        for box, score in _scored(anomaly, detector, picture):
            if any(_inside(box, body) for body in dolphins):
                right.append(score)
            elif not any(_inside(box, body) for body in bodies):
                wrong.append(score)
    return [
        _detected_row("simulated stills: found dolphins kept", right, threshold, kept=True),
        _detected_row("simulated stills: false alarms rejected", wrong, threshold, kept=False),
    ]


def _scored(anomaly: LocalAnomaly, detector: LocalDetector, picture: Image) -> Iterator[tuple[OrientedBox, float]]:
    """What the detector took for dolphins, with the score of its crop."""
    for item in detect(detector, picture, SURE).detections:
        box = item.box
        if item.kind is ObjectKind.DOLPHIN and box.length_px >= LEAST_DETECTION_PX:
            yield box, _score(anomaly, _crop(picture, box.cx_px, box.cy_px, box.length_px))


def _at_detections(anomaly: LocalAnomaly, threshold: float, quick: bool) -> list[Row]:
    """Where it counts: at what the shipped detector took for dolphins in real frames, right or wrong."""
    detector = LocalDetector.open()
    rows = []
    for folder, has_animals in (("porpoise_frames", True), ("humpback_frames", True), ("vessel_frames", False)):
        right: list[float] = []
        wrong: list[float] = []
        for path in sorted((DATA / folder / "images").glob("*.*"))[:: 9 if quick and not has_animals else 1]:
            picture = read_image(path)
            truth = _truth(DATA / folder / "labels" / f"{path.stem}.txt", picture) if has_animals else []
            for box, score in _scored(anomaly, detector, picture):
                (right if any(_inside(box, body) for body in truth) else wrong).append(score)
        rows.append(_detected_row(f"{folder}: false alarms rejected", wrong, threshold, kept=False))
        if has_animals:
            rows.append(_detected_row(f"{folder}: found animals kept", right, threshold, kept=True))
    return rows


def _detected_row(name: str, scores: list[float], threshold: float, *, kept: bool) -> Row:
    note = f"{len(scores)} detections above {SURE}, single crops"
    if not scores:
        return _row(name, None, "%", note)
    above = float((np.array(scores) >= threshold).mean())
    if kept:
        return _row(name, round(100 * above, 1), "%", note, "99 %", above >= 0.99)
    return _row(name, round(100 * (1 - above), 1), "%", note)


def _truth(label: Path, picture: Image) -> list[tuple[float, ...]]:
    """(centre x, y, width, height) in px of each labelled animal."""
    height, width = picture.shape[:2]
    rows = [[float(value) for value in line.split()[1:5]] for line in label.read_text().splitlines()]
    return [(x * width, y * height, w * width, h * height) for x, y, w, h in rows]


def _inside(box: OrientedBox, truth: tuple[float, ...]) -> bool:
    x, y, width, height = truth
    return abs(box.cx_px - x) < width / 2 and abs(box.cy_px - y) < height / 2
