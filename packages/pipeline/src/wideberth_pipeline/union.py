"""Detections of the raw and of the cleared frame, as one list.

Clearing may uncover an animal, and may also wipe one out: so where much was refilled both pictures are searched. What
that is worth and what it costs: docs/decisions/0004.
"""

from collections.abc import Sequence

from wideberth_contracts.detections import Detection

SAME_OBJECT_OVERLAP = 0.3


def union(cleared: Sequence[Detection], raw: Sequence[Detection]) -> tuple[Detection, ...]:
    """All of both, without the second sighting of the same object; the more confident one stays."""
    kept: list[Detection] = []
    for found in sorted((*cleared, *raw), key=lambda found: -found.confidence):
        if not any(overlap(found, other) > SAME_OBJECT_OVERLAP for other in kept):
            kept.append(found)
    return tuple(kept)


def overlap(a: Detection, b: Detection) -> float:
    """Intersection of the upright boxes over the smaller of the two, 0 to 1."""
    left, top, right, bottom = a.box.xyxy_px()
    other_left, other_top, other_right, other_bottom = b.box.xyxy_px()
    width = min(right, other_right) - max(left, other_left)
    height = min(bottom, other_bottom) - max(top, other_top)
    if width <= 0 or height <= 0:
        return 0.0
    smaller = min((right - left) * (bottom - top), (other_right - other_left) * (other_bottom - other_top))
    return width * height / smaller if smaller > 0 else 0.0
