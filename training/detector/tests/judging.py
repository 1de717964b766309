"""Little judged tables for tests."""

import numpy as np

from bench.accuracy.judged import Judged, Picture, Truth
from wideberth_contracts.detections import Detection, ObjectKind, OrientedBox


def found(kind: ObjectKind, *rows: tuple[float, float]) -> tuple[Detection, ...]:
    """Detections of 20 x 10 px at (centre x, confidence)."""
    return tuple(
        Detection(
            kind=kind,
            confidence=confidence,
            model_id="test",
            box=OrientedBox(cx_px=x, cy_px=50, length_px=20, width_px=10, angle_deg=0),
        )
        for x, confidence in rows
    )


def judged(
    detections: tuple[Detection, ...], truth_at: dict[ObjectKind, tuple[float, ...]], part: str = "simulated stills"
) -> Judged:
    """One picture with objects of 20 x 10 px at some centres x."""
    table = Judged()
    unlit = {"glint": 0.0, "depth_m": 0.0}
    truths = {
        kind: Truth(np.array([[x, 50, 20, 10, 0] for x in places]), tuple(unlit for _ in places))
        for kind, places in truth_at.items()
    }
    about = {"wind_mps": 4.0, "height_m": 40.0, "down_deg": 90.0}
    table.add(
        Picture(part, "7", trained_on=False, about=about),
        truths,
        detections,
        oriented=True,
        about_box=lambda boxes: [{"glint": 0.0} for _ in boxes],
    )
    return table
