"""Guided tiling against slicing everything at full size, on simulated 4K clips and on the same clips at 1080p.

Clips are rendered, coded as H.264 and read back at 5 frames a second. Each frame is detected twice, at the confidence
of an analysis: cut everywhere into 640-px pieces (`Tiling.FULL`, the reference), and guided, with what the frames
before tell (`wideberth_pipeline`'s own attention). An object is found where a box of its kind overlaps it by at least
`LEAST_IOU`: at the confidence the model's card recommends for its kind, and, in rows of its own, at any confidence an
analysis uses. Times are of one run, frame by frame in turn, compiling left out.

An analysis removes glint before it looks. Here it stays, and the scene with glint over the animals is a row of its own.
"""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow.parquet as pq

from bench.accuracy.looking import default_confidence, open_detector
from wideberth_contracts.detections import Attention, DetectSettings, FrameDetections, ObjectKind, OrientedBox, Tiling
from wideberth_contracts.frames import Frame
from wideberth_contracts.settings import TRACKED_CONFIDENCE
from wideberth_detector.core.merge import iou
from wideberth_detector.local import LocalDetector
from wideberth_media import VideoReader, as_array, frame_of
from wideberth_pipeline.attention import Recent
from wideberth_simulator import bundled_scene, simulate

SCENES = ("day", "height_110", "rough", "calm", "low_sun", "nadir_90", "demo")
GLINT_SCENE = "glint_centre"
QUICK = ("height_110", "rough")
FRAMES, QUICK_FRAMES = 15, 5
SAMPLE_FPS = 5
LEAST_IOU = 0.3
LEAST_VISIBLE = 0.3
"""Share of an object that must show to count: the rest is under water, under glint or outside the picture."""
AIM_LOST, AIM_PIXELS, AIM_TIMES = 1.0, 6.0, 5.0
FULL = DetectSettings(confidence=TRACKED_CONFIDENCE, tiling=Tiling.FULL)
GUIDED = DetectSettings(confidence=TRACKED_CONFIDENCE)
Row = dict[str, Any]
Truths = list[tuple[ObjectKind, OrientedBox]]
Floors = dict[ObjectKind, float]


@dataclass
class Side:
    """One way of looking, over all frames: what it found, surely and at all, and what it cost."""

    found: Counter[ObjectKind] = field(default_factory=Counter)
    weakly: Counter[ObjectKind] = field(default_factory=Counter)
    false_alarms: int = 0
    inferred_px: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0

    def add(self, answer: FrameDetections, cpu_s: float, wall_s: float) -> None:
        """Count the cost of one frame."""
        assert answer.looked is not None
        self.inferred_px += answer.looked.inferred_px
        self.cpu_s += cpu_s
        self.wall_s += wall_s


@dataclass
class Comparison:
    """Both ways on the same frames of one size.

    Attributes:
        both: objects found by the reference that guiding found too.
        put_off: summed share of the frames that drew the eye and did not fit.
    """

    frames: int = 0
    truths: Counter[ObjectKind] = field(default_factory=Counter)
    both: Counter[ObjectKind] = field(default_factory=Counter)
    full: Side = field(default_factory=Side)
    guided: Side = field(default_factory=Side)
    put_off: float = 0.0

    def add(self, truths: Truths, full: FrameDetections, guided: FrameDetections, sure: Floors) -> None:
        """Compare one frame with its truth; `sure` is the confidence of each kind from which a box counts."""
        self.frames += 1
        self.put_off += guided.looked.put_off_fraction if guided.looked else 0.0
        for kind, box in truths:
            by_full, by_guided = _finds(full, kind, box, sure[kind]), _finds(guided, kind, box, sure[kind])
            self.truths[kind] += 1
            self.full.found[kind] += by_full
            self.guided.found[kind] += by_guided
            self.both[kind] += by_full and by_guided
            self.full.weakly[kind] += _finds(full, kind, box, 0.0)
            self.guided.weakly[kind] += _finds(guided, kind, box, 0.0)
        self.full.false_alarms += _false_alarms(full, truths, sure)
        self.guided.false_alarms += _false_alarms(guided, truths, sure)


def run(quick: bool, model: Path | None = None) -> list[Row]:
    """All rows: `name, value, unit, aim, met, note`; `model` names other weights than the shipped ones."""
    detector, sure = open_detector(model), default_confidence(model)
    in_4k, in_1080p, in_glint = Comparison(), Comparison(), Comparison()
    rows: list[Row] = []
    for name in QUICK if quick else (*SCENES, GLINT_SCENE):
        here = Comparison()
        into = ((in_glint, here), ()) if name == GLINT_SCENE else ((in_4k, here), (in_1080p,))
        with tempfile.TemporaryDirectory() as folder:
            for shown in _clip(name, QUICK_FRAMES if quick else FRAMES, Path(folder)):
                shown.compare(detector, sure, *into)
        rows.append(_scene_row(name, here))
    rows += [*_rows("4K", in_4k, aimed=True), *_rows("1080p", in_1080p, aimed=False)]
    return [*rows, *_recall_rows("4K, glint left in", in_glint, aimed=False)]


@dataclass
class _Shown:
    """A frame of a clip at both sizes, its truth, and what is recent at each size."""

    frame: Frame
    truths: Truths
    recent: dict[int, Recent]

    def compare(
        self, detector: LocalDetector, sure: Floors, large: tuple[Comparison, ...], small: tuple[Comparison, ...]
    ) -> None:
        """Detect both ways at the sizes that are compared."""
        for halved, into in ((1, large), (2, small)):
            if not into:
                continue
            frame = self.frame if halved == 1 else _half(self.frame)
            truths = [(kind, _scaled(box, 1 / halved)) for kind, box in self.truths]
            t_s, recent = frame.meta.t_s, self.recent[halved]
            attention = recent.attention(t_s, SAMPLE_FPS)
            full, full_cost = _timed(detector, frame, FULL, None)
            guided, guided_cost = _timed(detector, frame, GUIDED, attention)
            self.recent[halved] = recent.with_seen(t_s, guided.detections)
            for comparison in into:
                comparison.full.add(full, *full_cost)
                comparison.guided.add(guided, *guided_cost)
                comparison.add(truths, full, guided, sure)


def _clip(name: str, frames: int, folder: Path) -> Iterator[_Shown]:
    """The frames of a scene in 4K."""
    scene = bundled_scene(name)
    video = replace(scene.video, width_px=3840, height_px=2160, fps=Fraction(SAMPLE_FPS), bitrate_mbps=None)
    files = simulate(replace(scene, video=video, duration_s=frames / SAMPLE_FPS), folder, None, clean=False)
    truths = _truths(files.truth)
    recent = {1: Recent(), 2: Recent()}
    with VideoReader(files.video, clip=name, sample_fps=float(SAMPLE_FPS), neighbours=0) as reader:
        for sampled in reader:
            yield _Shown(sampled.frame, truths.get(sampled.frame.meta.pts, []), recent)


def _truths(path: Path) -> dict[int, Truths]:
    """What shows in each frame, by PTS."""
    found: dict[int, Truths] = {}
    named = {kind.value for kind in ObjectKind}
    for row in pq.read_table(path).to_pylist():
        if row["cx_px"] is None or row["kind"] not in named or row["visible_fraction"] < LEAST_VISIBLE:
            continue
        along, across = row["length_px"], row["width_px"]
        turned = row["angle_deg"] + (90.0 if across > along else 0.0)
        box = OrientedBox(
            cx_px=row["cx_px"],
            cy_px=row["cy_px"],
            length_px=max(along, across),
            width_px=min(along, across),
            angle_deg=(turned + 90.0) % 180.0 - 90.0,
        )
        found.setdefault(row["pts"], []).append((ObjectKind(row["kind"]), box))
    return found


def _half(frame: Frame) -> Frame:
    pixels = as_array(frame)
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    halved = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return frame_of(halved, frame.meta.model_copy(update={"width_px": width, "height_px": height}))


def _scaled(box: OrientedBox, scale: float) -> OrientedBox:
    lengths = {name: getattr(box, name) * scale for name in ("cx_px", "cy_px", "length_px", "width_px")}
    return box.model_copy(update=lengths)


def _timed(
    detector: LocalDetector, frame: Frame, settings: DetectSettings, attention: Attention | None
) -> tuple[FrameDetections, tuple[float, float]]:
    """Detections, and the CPU and wall seconds they took; what a new size costs to compile is left out."""
    if attention is None or attention.first:
        asyncio.run(detector.detect(frame, settings, attention))
    cpu_s, wall_s = time.process_time(), time.perf_counter()
    answer = asyncio.run(detector.detect(frame, settings, attention))
    return answer, (time.process_time() - cpu_s, time.perf_counter() - wall_s)


def _row_of(box: OrientedBox) -> list[float]:
    return [box.cx_px, box.cy_px, box.length_px, box.width_px, float(np.radians(box.angle_deg))]


def _overlaps(box: OrientedBox, others: list[OrientedBox]) -> float:
    """The most overlap of a box with others."""
    if not others:
        return 0.0
    return float(iou(np.array(_row_of(box)), np.array([_row_of(other) for other in others])).max())


def _finds(answer: FrameDetections, kind: ObjectKind, box: OrientedBox, least: float) -> bool:
    boxes = [found.box for found in answer.detections if found.kind is kind and found.confidence >= least]
    return _overlaps(box, boxes) >= LEAST_IOU


def _false_alarms(answer: FrameDetections, truths: Truths, sure: Floors) -> int:
    """Detections that touch nothing of their kind."""
    of_kind = {kind: [box for other, box in truths if other is kind] for kind in ObjectKind}
    counted = [found for found in answer.detections if found.confidence >= sure[found.kind]]
    return sum(_overlaps(found.box, of_kind[found.kind]) == 0.0 for found in counted)


def _row(name: str, value: float, unit: str, note: str, aim: float | None = None, met: bool | None = None) -> Row:
    return {"name": name, "value": round(value, 3), "unit": unit, "aim": aim, "met": met, "note": note}


def _scene_row(name: str, seen: Comparison) -> Row:
    kinds = ", ".join(
        f"{kind.value} {seen.full.found[kind]} → {seen.guided.found[kind]} of {count}"
        for kind, count in seen.truths.items()
    )
    ratio = seen.full.inferred_px / seen.guided.inferred_px
    return _row(f"{name} (4K)", ratio, "x fewer pixels", f"found, full → guided: {kinds}")


def _recall_rows(size: str, seen: Comparison, *, aimed: bool) -> Iterator[Row]:
    """Recall lost, by kind."""
    for kind, count in seen.truths.items():
        before, after, both = seen.full.found[kind], seen.guided.found[kind], seen.both[kind]
        lost = 100.0 * (before - after) / count
        note = f"found, full → guided: {before} → {after} of {count}; {both} by both; overlap ≥ {LEAST_IOU}"
        aim = (AIM_LOST, lost <= AIM_LOST) if aimed else (None, None)
        yield _row(f"{size} {kind.value} recall lost", lost, "points", note, *aim)
        before, after = seen.full.weakly[kind], seen.guided.weakly[kind]
        note = f"at {TRACKED_CONFIDENCE}: {before} → {after} of {count}"
        yield _row(f"{size} {kind.value} recall lost, weak boxes", 100.0 * (before - after) / count, "points", note)


def _rows(size: str, seen: Comparison, *, aimed: bool) -> Iterator[Row]:
    """Rows of one size; the aims are set for 4K."""
    full, guided, frames = seen.full, seen.guided, max(1, seen.frames)
    yield from _recall_rows(size, seen, aimed=aimed)
    for name, side in (("full", full), ("guided", guided)):
        note = f"{side.cpu_s / frames * 1e3:.0f} ms CPU, {side.wall_s / frames * 1e3:.0f} ms wall a frame"
        yield _row(f"{size} {name} inferred", side.inferred_px / frames / 1e6, "Mpx a frame", note)
        yield _row(f"{size} {name} false alarms", side.false_alarms / frames, "a frame", "touch nothing of their kind")
    ratios = (
        ("fewer pixels inferred", full.inferred_px / guided.inferred_px, AIM_PIXELS),
        ("less processor time", full.cpu_s / guided.cpu_s, AIM_TIMES),
        ("faster by the clock", full.wall_s / guided.wall_s, AIM_TIMES),
    )
    for name, ratio, aim_at_least in ratios:
        aim = (aim_at_least, ratio >= aim_at_least) if aimed else (None, None)
        yield _row(f"{size} {name}", ratio, "x", f"{frames} frames", *aim)
    yield _row(f"{size} put off", 100 * seen.put_off / frames, "% of a frame", "drew the eye, beyond the budget")
