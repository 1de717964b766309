"""From pixels to oriented boxes: tile, run, decode, merge, filter."""

import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.detections import Detection, DetectSettings, ObjectKind, OrientedBox
from wideberth_contracts.wire import Rejection
from wideberth_detector.core.candidates import Bools, Candidates, Ints
from wideberth_detector.core.filters import faults
from wideberth_detector.core.merge import join_halves, suppress
from wideberth_detector.core.obb import decode
from wideberth_detector.core.runtime import Runtime
from wideberth_detector.core.tiling import network_input, plan_tiles

# Boxes of different groups are never duplicates: a rider sits on a jet ski. Within one they are: one hull, two names.
GROUPS = {ObjectKind.DOLPHIN: 0, ObjectKind.VESSEL: 1, ObjectKind.JET_SKI: 1, ObjectKind.SWIMMER: 2}
NO_WORD = -1


def detect(
    pixels: NDArray[np.uint8], runtime: Runtime, settings: DetectSettings, model_id: str
) -> tuple[tuple[Detection, ...], tuple[Rejection, ...]]:
    """Everything seen in one frame, highest confidence first, and what was set aside.

    Anchors at or above the confidence = detections + rejections. The answer depends on the frame alone: each tile is
    one pass of its own, whatever else is waiting.

    Args:
        pixels: (height, width, 3) BGR.
        runtime: the network.
        settings: thresholds and tiling.
        model_id: written into each detection.
    """
    height_px, width_px = pixels.shape[:2]
    head = runtime.head
    group_of = np.array([GROUPS[kind] if kind else NO_WORD for kind in head.kinds], np.int64)
    kept, rejected = [], {"class without a word here": 0, "duplicate": 0, "piece of an object cut by tiles": 0}
    for tile in plan_tiles(width_px, height_px, settings.tiling, head.fixed_px):
        answer = runtime.forward(network_input(pixels, tile))
        found = decode(answer, len(head.kinds), head.oriented, settings.confidence, tile)
        named = found.select(group_of[found.kinds] != NO_WORD)
        rejected["class without a word here"] += len(found) - len(named)
        single = named.select(_single(named, group_of, settings.merge_iou))
        rejected["duplicate"] += len(named) - len(single)
        kept.append(single)
    candidates, across = _one_an_object(Candidates.joined(kept), group_of, settings.merge_iou)
    rejected["duplicate"] += across[0]
    rejected["piece of an object cut by tiles"] += across[1]
    wrong = faults(candidates, width_px, height_px)
    rejected |= {reason: int(fails.sum()) for reason, fails in wrong.items()}
    candidates = candidates.select(~np.any(list(wrong.values()), axis=0))
    rejections = tuple(Rejection(reason=reason, count=count) for reason, count in rejected.items() if count)
    return _worded(candidates, head.kinds, model_id), rejections


def _one_an_object(candidates: Candidates, group_of: Ints, merge_iou: float) -> tuple[Candidates, tuple[int, int]]:
    """Candidates of all tiles with one left an object, and how many went as duplicates and as pieces."""
    single = candidates.select(_single(candidates, group_of, merge_iou))
    joined = join_halves(single, group_of[single.kinds])
    # A joined hull may now cover what its halves did not.
    final = joined.select(_single(joined, group_of, merge_iou))
    duplicates = len(candidates) - len(single) + len(joined) - len(final)
    return final, (duplicates, len(single) - len(joined))


def _single(candidates: Candidates, group_of: Ints, merge_iou: float) -> Bools:
    """Which candidates stay, hulls being solid."""
    groups = group_of[candidates.kinds]
    return suppress(candidates, groups, groups == GROUPS[ObjectKind.VESSEL], merge_iou)


def _worded(candidates: Candidates, kinds: tuple[ObjectKind | None, ...], model_id: str) -> tuple[Detection, ...]:
    """Candidates as detections, highest confidence first."""
    detections = []
    for index in np.argsort(-candidates.confidences, kind="stable"):
        kind = kinds[candidates.kinds[index]]
        assert kind is not None
        cx, cy, length, width, angle = (float(value) for value in candidates.boxes[index])
        angle_deg = float(np.degrees(angle))
        box = OrientedBox(
            cx_px=cx,
            cy_px=cy,
            length_px=length,
            width_px=width,
            # Rounding may land on the open end of the range; both ends are the same line.
            angle_deg=angle_deg if -90.0 <= angle_deg < 90.0 else -90.0,
        )
        confidence = float(candidates.confidences[index])
        detections.append(Detection(kind=kind, confidence=confidence, box=box, model_id=model_id))
    return tuple(detections)
