"""How well the shipped screen keeps animals and rejects clutter.

Crops are cut as the pipeline cuts them. Simulated ones are of seeds never trained on; real clutter is of pictures the
training left out; real cetaceans were never trained on. A track here is three crops: of one kind of clutter, or of three
dolphins. Without `../shared/data` the real rows are left out and one row says so.
"""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wideberth_anomaly.core.network import RuntimeKind
from wideberth_anomaly.local import LocalAnomaly
from wideberth_contracts.detections import OrientedBox
from wideberth_contracts.frames import Crop, FrameMeta, TimeBase
from wideberth_contracts.screening import Screening, ScreenSettings, ScreenVerdict
from wideberth_media import cut_crop, frame_of, read_image
from wideberth_simulator.stills import random_animal_crop, random_clutter_crop
from wideberth_simulator.stills.crops import CLUTTER_KINDS

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
Row = dict[str, Any]
Image = NDArray[np.uint8]

HELD_OUT_SEED = 900_000
"""Training, calibration and test of the card take seeds below."""
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
    rows = [_kept_row("simulated dolphins", animals, threshold, "aim is for surfaced and submerged together", "99 %")]
    for kind in CLUTTER_KINDS:
        crops = [_simulated_clutter(HELD_OUT_SEED + index, kind) for index in range(max(9, count // 6))]
        rows += _clutter_rows(anomaly, f"simulated {kind}", crops, animals)
    rows.append(_parity_row())
    if not DATA.is_dir():
        return [*rows, _row("real crops", None, "", "left out: ../shared/data is not here")]
    for pattern in LEFT_OUT_CLUTTER:
        rows += _clutter_rows(anomaly, pattern.strip("*"), _real_clutter(pattern, 12 if quick else 48), animals)
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
        height, width = picture.shape[:2]
        for line in label.read_text().splitlines():
            x, y, w, h = (float(value) for value in line.split()[1:5])
            crops.append(_crop(picture, x * width, y * height, max(w * width, h * height)))
    return crops


def _parity_row() -> Row:
    scores = [
        [_score(anomaly, _simulated_animal(HELD_OUT_SEED + index)) for index in range(10)]
        for anomaly in (LocalAnomaly.open(runtime=kind) for kind in RuntimeKind)
    ]
    apart = float(np.abs(np.diff(np.array(scores), axis=0)).max())
    return _row("libraries apart", apart, "score", "largest difference, 10 crops", "< 0.001", apart < 1e-3)
