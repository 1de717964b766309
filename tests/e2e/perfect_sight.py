"""A detector that knows the truth: what the rest of the chain is worth when nothing is overlooked.

Boxes come from the simulator's truth with the noise of a good detector, seeded; everything after them is real.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from wideberth_contracts.detections import (
    Attention,
    Detection,
    DetectSettings,
    FrameDetections,
    ObjectKind,
    OrientedBox,
)
from wideberth_contracts.frames import Frame
from wideberth_contracts.settings import ServiceInfo

SEEN_KINDS = {kind.value for kind in ObjectKind}
VISIBLE_FROM = 0.3  # share of the object that must show


class TruthDetector:
    """`DetectorPort` from a truth table."""

    def __init__(self, truth: Path, noise_px: float = 1.0) -> None:
        self._rows: dict[int, list[dict[str, Any]]] = {}
        self._noise_px = noise_px
        for row in pq.read_table(truth).to_pylist():
            if row["kind"] in SEEN_KINDS and row["cx_px"] is not None and row["visible_fraction"] > VISIBLE_FROM:
                self._rows.setdefault(row["pts"], []).append(row)

    async def info(self) -> ServiceInfo:
        """No model at all."""
        return ServiceInfo(service="detector", version="truth", device="cpu")

    async def detect(
        self, frame: Frame, settings: DetectSettings, attention: Attention | None = None
    ) -> FrameDetections:
        """The true boxes of a frame, a little off."""
        rng = np.random.default_rng(frame.meta.pts + 1)
        found = [self._detection(row, rng) for row in self._rows.get(frame.meta.pts, [])]
        return FrameDetections(frame=frame.meta, detections=tuple(found))

    def _detection(self, row: dict[str, Any], rng: np.random.Generator) -> Detection:
        dx, dy = rng.normal(0, self._noise_px / 2, 2)
        stretch, squeeze = 1 + rng.normal(0, 0.02, 2)
        box = OrientedBox(
            cx_px=row["cx_px"] + dx,
            cy_px=row["cy_px"] + dy,
            length_px=max(row["length_px"] * stretch, 1.0),
            width_px=max(row["width_px"] * squeeze, 1.0),
            angle_deg=row["angle_deg"],
        )
        return Detection(kind=ObjectKind(row["kind"]), confidence=0.9, box=box, model_id="truth")
