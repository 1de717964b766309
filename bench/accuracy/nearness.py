"""At which size animals are found best, in real 4K frames and in simulated stills, and what the limit by length gives.

The detector judges animals longer than `nearness.LONGEST_TAUGHT_PX` in a smaller picture. The rows `at …` search the
whole picture at another size without any limit; the rows `limit …` search it as the product does, with another limit
than the shipped one, and `none` without. Overlap, recall and false alarms are those of `detector_real`; full tiling.

The rows `stream` are a clip made of the porpoise frames, each held for two seconds, analysed as a recording is. A
sighting is right where its middle lies in a true box.
"""

import asyncio
import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import av
import cv2
import numpy as np
import pyarrow.parquet as pq

from bench.accuracy import real_sets
from bench.accuracy.average_precision import Rule
from bench.accuracy.detector_real import PORPOISE_ALARMS, PORPOISE_RECALL
from bench.accuracy.detector_sim import draw
from bench.accuracy.judged import Judged
from bench.accuracy.looking import LEAST_CONFIDENCE, Image, card_of, default_confidence, detect, open_detector
from bench.accuracy.real_sets import HUMPBACKS, PORPOISES
from bench.accuracy.sim_stills import Stills
from wideberth.analysis import analyse
from wideberth_contracts.detections import Detection, ObjectKind, Tiling
from wideberth_contracts.settings import AnalysisSettings
from wideberth_detector.core import nearness
from wideberth_detector.local import LocalDetector

Row = dict[str, Any]

SIZES = (2.0, 1.5, 1.0, 0.8, 0.67, 0.5)
QUICK_SIZES = (1.0, 0.5)
LIMITS_PX = (math.inf, 300.0, nearness.LONGEST_TAUGHT_PX, 150.0, 100.0, 60.0)
QUICK_LIMITS_PX = (math.inf, nearness.LONGEST_TAUGHT_PX)
STILLS, QUICK_STILLS = 150, 20
STREAM_PX = (3840, 2160)
STREAM_FPS, HELD_FRAMES = 10, 20
DOLPHIN = ObjectKind.DOLPHIN


def run(quick: bool, model: Path | None = None) -> list[Row]:
    """All rows: `name, value, unit, aim, met, note`."""
    stills = draw(QUICK_STILLS if quick else STILLS)
    detector, sizes = open_detector(model), QUICK_SIZES if quick else SIZES
    rows = [_lengths_row(stills), *(_simulated_row(detector, stills, size) for size in sizes)]
    if not real_sets.DATA.is_dir():
        return [*rows, _row("real pictures", None, "", "left out: ../shared/data is not here")]
    card, sure = card_of(model), default_confidence(model)[DOLPHIN]
    for size in sizes:
        with limited_to(math.inf):
            rows += _real_rows(f"at {size:g} of its size", detector, card, sure, size)
    for limit_px in QUICK_LIMITS_PX if quick else LIMITS_PX:
        name = "limit none" if limit_px == math.inf else f"limit {limit_px:g} px"
        with limited_to(limit_px):
            rows += _real_rows(name, detector, card, sure)
            if not quick and model is None and limit_px in QUICK_LIMITS_PX:
                rows += _stream_rows(name)
    return rows


@contextmanager
def limited_to(limit_px: float) -> Iterator[None]:
    """The detector of this process with another limit."""
    with patch.object(nearness, "LONGEST_TAUGHT_PX", limit_px):
        yield


def at_size(detector: LocalDetector, pixels: Image, size: float) -> tuple[Detection, ...]:
    """What is found in a picture made larger or smaller, in pixels of the picture as it is."""
    if size == 1.0:
        return detect(detector, pixels, LEAST_CONFIDENCE, Tiling.FULL).detections
    how = cv2.INTER_CUBIC if size > 1 else cv2.INTER_AREA
    other = np.asarray(cv2.resize(pixels, None, fx=size, fy=size, interpolation=how), np.uint8)
    found = detect(detector, other, LEAST_CONFIDENCE, Tiling.FULL).detections
    return tuple(_scaled(one, 1 / size) for one in found)


def _scaled(one: Detection, by: float) -> Detection:
    lengths = {name: getattr(one.box, name) * by for name in ("cx_px", "cy_px", "length_px", "width_px")}
    return one.model_copy(update={"box": one.box.model_copy(update=lengths)})


def _lengths_row(stills: Stills) -> Row:
    lengths = np.concatenate([still.truths[DOLPHIN].boxes[:, 2] for still in stills if DOLPHIN in still.truths])
    note = f"half are under {np.median(lengths):.0f} px; {len(lengths)} of them, drawn as those that teach are"
    return _row("simulated dolphins: 19 in 20 are shorter than", round(float(np.percentile(lengths, 95))), "px", note)


def _simulated_row(detector: LocalDetector, stills: Stills, size: float) -> Row:
    judged = Judged()
    for still in stills:
        found = at_size(detector, still.pixels, size)
        judged.add(still.picture, still.truths, found, oriented=True, ignored=still.ignored)
    note = f"{judged.truths(DOLPHIN)} of them in {len(stills)} stills"
    return _row(f"simulated, at {size:g} of its size: AP50", judged.average_precision(DOLPHIN), "", note)


def _real_rows(
    name: str, detector: LocalDetector, card: dict[str, Any], sure: float, size: float = 1.0
) -> Iterator[Row]:
    judged = Judged()
    for real in (PORPOISES, HUMPBACKS):
        for pixels, picture, truths in real_sets.read(real, card, None):
            judged.add(picture, truths, at_size(detector, pixels, size), oriented=False)
    porpoises, humpbacks = judged.part(PORPOISES.name), judged.part(HUMPBACKS.name)
    note = f"{porpoises.truths(DOLPHIN)} porpoises in {len(porpoises.pictures)} frames"
    recall = porpoises.recall(DOLPHIN, porpoises.confidence_for(DOLPHIN, PORPOISE_ALARMS), Rule.IOU30)
    yield _row(f"porpoises, {name}: AP50", porpoises.average_precision(DOLPHIN), "", note)
    yield _row(f"porpoises, {name}: recall at ≤ 1 false alarm a frame", recall, "", note, PORPOISE_RECALL)
    yield _row(f"porpoises, {name}: false alarms", porpoises.false_alarms(DOLPHIN, sure), "a frame", f"at {sure:.2f}")
    whales = f"{humpbacks.truths(DOLPHIN)} whales in {len(humpbacks.pictures)} frames of 960 px, too small for a limit"
    yield _row(f"humpbacks, {name}: AP50", humpbacks.average_precision(DOLPHIN), "", whales)


@dataclass(frozen=True)
class Held:
    """A porpoise frame as it is in the clip: its true boxes, (n, 4) left, top, right, bottom in px."""

    pixels: Image
    boxes: np.ndarray


def _stream_rows(name: str) -> list[Row]:
    held = list(_held())
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "porpoises.mp4"
        _write(video, held)
        made = asyncio.run(analyse(video, None, AnalysisSettings(), Path(folder) / "results", quiet=True))
        table = pq.read_table(made.files["observations"]).to_pandas()
    seen = table[(table.kind == DOLPHIN.value) & (table.track_id.fillna("") != "")]
    right = there = wrong = 0
    looks = sorted(table.t_s.unique())
    for t_s in looks:
        boxes = held[min(len(held) - 1, int(t_s * STREAM_FPS / HELD_FRAMES))].boxes
        now = seen[seen.t_s == t_s]
        inside = _inside(now[["cx_px", "cy_px"]].to_numpy(), boxes)
        right, there, wrong = right + int(inside.any(0).sum()), there + len(boxes), wrong + int((~inside.any(1)).sum())
    note = f"{len(looks)} looks with a sighting of anything; sightings in tracks"
    return [
        _row(f"stream, {name}: share of porpoises in a track", right / there, "", note),
        _row(f"stream, {name}: false sightings in tracks", wrong / len(looks), "a look", note),
    ]


def _held() -> Iterator[Held]:
    width, height = STREAM_PX
    for pixels, _, truths in real_sets.read(PORPOISES, {}, None):
        left = (pixels.shape[1] - width) // 2
        # The truth of this set has no angles: length and width are those of the upright box, see `real_sets.labels`.
        middle_x, middle_y, wide, high = truths[DOLPHIN].boxes[:, :4].T
        corners = np.stack([middle_x - wide / 2, middle_y - high / 2, middle_x + wide / 2, middle_y + high / 2], 1)
        yield Held(np.ascontiguousarray(pixels[:height, left : left + width]), corners - [left, 0, left, 0])


def _inside(points: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """(points, boxes) which lies in which."""
    x, y = points[:, :1], points[:, 1:]
    inside: np.ndarray = (x >= boxes[:, 0]) & (y >= boxes[:, 1]) & (x <= boxes[:, 2]) & (y <= boxes[:, 3])
    return inside


def _write(path: Path, held: list[Held]) -> None:
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=STREAM_FPS, options={"crf": "16", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = *STREAM_PX, "yuv420p"
        for one in held:
            for _ in range(HELD_FRAMES):
                file.mux(stream.encode(av.VideoFrame.from_ndarray(one.pixels, format="bgr24")))
        file.mux(stream.encode(None))


def _row(name: str, value: float | None, unit: str, note: str, least: float | None = None) -> Row:
    met = None if least is None or value is None else value >= least
    rounded = None if value is None else round(value, 3)
    aim = None if least is None else f"≥ {least:g}"
    return {"name": name, "value": rounded, "unit": unit, "aim": aim, "met": met, "note": note}
