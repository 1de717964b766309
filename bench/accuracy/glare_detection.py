"""What clearing is worth to the detector: average precision of dolphins without sun, with it, and with it cleared.

The same simulated moments four times (`glare_scenes`): without the sun's glint, which is the best there could be;
with it; cleared; and as the pipeline takes them (both pictures searched where much was refilled, boxes that are mostly
fill set aside). And once more without the sun but through the filter, which must then do no harm. Every picture is
searched in full, so only the pictures differ. Runs with whatever detector is newest in `models/`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np

from bench.accuracy.average_precision import Rule
from bench.accuracy.glare_scenes import GlintedMoment, moments
from bench.accuracy.judged import Judged, Picture, Truth
from wideberth_contracts.detections import Detection, DetectSettings, ObjectKind, Tiling
from wideberth_contracts.frames import (
    ClearedFrame,
    ClearOutcome,
    ClearSettings,
    Frame,
    FrameMeta,
    FrameWindow,
    TimeBase,
)
from wideberth_contracts.poses import CameraPose, NoPose, PoseAbsence
from wideberth_detector.local import LocalDetector
from wideberth_glare.local import LocalGlare
from wideberth_media import mask_array
from wideberth_media.pixels import Pixels, frame_of
from wideberth_pipeline.look import ALSO_SEARCH_RAW_ABOVE, BELIEVED_FILLED
from wideberth_pipeline.union import union

UNSEEN = range(8000, 8006)
"""Seeds on which no part of the filter was tuned; 7000 to 7005 are for that."""
LOWEST_CONFIDENCE = 0.02
LEAST_WON_BACK = 0.5
LARGEST_LOSS = 0.005
NO_POSE = NoPose(reason=PoseAbsence.NO_TELEMETRY)
Row = dict[str, Any]
Detect = Callable[[Frame], Awaitable[tuple[Detection, ...]]]
WAYS = ("clean", "sunny", "cleared", "cleared without pose", "pipeline", "clean through the filter")


async def run(quick: bool) -> list[Row]:
    """Return all rows; `quick` takes two scenes instead of six."""
    detector = LocalDetector.open()
    settings = DetectSettings(confidence=LOWEST_CONFIDENCE, tiling=Tiling.FULL)

    async def detect(frame: Frame) -> tuple[Detection, ...]:
        return (await detector.detect(frame, settings)).detections

    judged, shares = await judge(UNSEEN[:2] if quick else UNSEEN, detect)
    model = (await detector.info()).models[0].id
    return _rows(judged, shares, model)


async def judge(seeds: range, detect: Detect) -> tuple[dict[str, Judged], list[float]]:
    """Return what the detector found, by the way the picture went, and the glint's share of each moment."""
    judged, shares = {way: Judged() for way in WAYS}, []
    drawn = await asyncio.to_thread(lambda: list(moments(seeds)))
    for moment in drawn:
        shares.append(moment.glint_share)
        for way, found in (await _found(moment, detect)).items():
            truths = {ObjectKind.DOLPHIN: Truth(moment.surfaced, tuple({} for _ in moment.surfaced))}
            picture = Picture("glinted", moment.name, about={"glint_share": moment.glint_share})
            judged[way].add(picture, truths, found, oriented=True, ignored={ObjectKind.DOLPHIN: moment.ignored})
    return judged, shares


async def _found(moment: GlintedMoment, detect: Detect) -> dict[str, tuple[Detection, ...]]:
    cleared = await LocalGlare().clear(_window(moment.sunny, moment.poses))
    unposed = await LocalGlare().clear(_window(moment.sunny, (NO_POSE,) * 3))
    harmless = await LocalGlare().clear(_window(moment.clean, moment.poses))
    clean = await detect(_frame(moment.clean[1], 1))
    sunny = await detect(_frame(moment.sunny[1], 1))
    on_cleared = await detect(cleared.frame)
    touched = harmless.outcome is ClearOutcome.CLEARED
    return {
        "clean": clean,
        "sunny": sunny,
        "cleared": on_cleared,
        "cleared without pose": await detect(unposed.frame),
        "pipeline": _as_the_pipeline(cleared, on_cleared, sunny),
        "clean through the filter": await detect(harmless.frame) if touched else clean,
    }


def _as_the_pipeline(
    cleared: ClearedFrame, on_cleared: tuple[Detection, ...], on_raw: tuple[Detection, ...]
) -> tuple[Detection, ...]:
    """Return what is left of both searches, as `wideberth_pipeline.look` has it."""
    if cleared.outcome is not ClearOutcome.CLEARED:
        return on_cleared
    both = union(on_cleared, on_raw) if cleared.glint_fraction > ALSO_SEARCH_RAW_ABOVE else on_cleared
    mask = mask_array(cleared.glint_mask, cleared.frame.meta.height_px, cleared.frame.meta.width_px)
    return tuple(found for found in both if _filled(mask, found) <= BELIEVED_FILLED)


def _filled(mask: Pixels, found: Detection) -> float:
    left, top, right, bottom = (max(0, round(edge)) for edge in found.box.xyxy_px())
    box = mask[top : bottom + 1, left : right + 1]
    return float(np.count_nonzero(box)) / box.size if box.size else 0.0


def _frame(picture: Pixels, place: int) -> Frame:
    height, width = picture.shape[:2]
    base = TimeBase(numerator=1, denominator=30)
    meta = FrameMeta(clip="bench", pts=place, time_base=base, t_s=place / 30, width_px=width, height_px=height)
    return frame_of(picture, meta)


def _window(pictures: tuple[Pixels, ...], poses: tuple[CameraPose | NoPose, ...]) -> FrameWindow:
    return FrameWindow(tuple(_frame(p, i) for i, p in enumerate(pictures)), 1, poses, ClearSettings())


def _rows(judged: dict[str, Judged], shares: list[float], model: str) -> list[Row]:
    precision = {way: judged[way].average_precision(ObjectKind.DOLPHIN, Rule.IOU50) or 0.0 for way in WAYS}
    animals = judged["clean"].truths(ObjectKind.DOLPHIN)
    about = f"{animals} animals up, {len(shares)} moments, {np.mean(shares):.0%} of the pixels glint; {model}"
    rows = [_row(f"AP50 of dolphins: {way}", precision[way], "share", None, None, about) for way in WAYS]
    lost = precision["clean"] - precision["sunny"]
    for way in ("cleared", "cleared without pose", "pipeline"):
        won = (precision[way] - precision["sunny"]) / lost if lost > 0 else 0.0
        title = f"loss to glint won back: {way}"
        note = f"of {lost:.3f} lost"
        rows.append(_row(title, won, "share", f">= {LEAST_WON_BACK}", won >= LEAST_WON_BACK, note))
    change = precision["clean through the filter"] - precision["clean"]
    aim = f"within {LARGEST_LOSS}"
    rows.append(_row("change by the filter where nothing glints", change, "AP", aim, abs(change) <= LARGEST_LOSS))
    return rows


def _row(name: str, value: float, unit: str, aim: str | None, met: bool | None, note: str = "") -> Row:
    return {"name": name, "value": round(value, 4), "unit": unit, "aim": aim, "met": met, "note": note}
