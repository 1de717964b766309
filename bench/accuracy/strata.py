"""Scores by the size of an object and by the conditions it was seen in."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from bench.accuracy.average_precision import Rule, average_precision
from bench.accuracy.judged import Judged
from wideberth_contracts.detections import ObjectKind


@dataclass(frozen=True)
class Stratum:
    """A way to part objects.

    Attributes:
        name: as people read it.
        key: the number it goes by; of the object (`length_px`, `depth_m`, `glint`) or of the picture.
        edges: between its bands, each from one edge up to, not including, the next.
        falls_on_detections: whether a false alarm has this number too, so that precision can be told by band.
    """

    name: str
    key: str
    edges: tuple[float, ...]
    falls_on_detections: bool = True


STRATA = (
    Stratum("length, px", "length_px", (0, 12, 24, 50, 100, inf)),
    Stratum("depth of the back, m", "depth_m", (0, 0.01, 0.2, 0.6, inf), falls_on_detections=False),
    Stratum("glint round the box", "glint", (0, 0.005, 0.05, 0.2, inf)),
    Stratum("wind, m/s", "wind_mps", (0, 3, 6, 10, inf)),
    Stratum("height, m", "height_m", (0, 30, 60, 100, inf)),
    Stratum("camera below the horizon, deg", "down_deg", (0, 30, 60, 89, inf)),
)


def by_band(judged: Judged, kind: ObjectKind, stratum: Stratum, confidence: float) -> Iterator[dict[str, Any]]:
    """One row a band with objects: `band, truths, recall_iou50, recall_iou30, ap50`.

    Objects of other bands, and the detections that found them, are left out of a band's precision; a detection that
    found nothing counts in the band it falls into itself.
    """
    objects = [row for row in judged.objects if row.kind == kind.value]
    detections = [row for row in judged.detections if row.kind == kind.value]
    value = {id(row): _value(judged, row, stratum.key) for row in (*objects, *detections)}
    for low, high in zip(stratum.edges, stratum.edges[1:], strict=False):
        inside = [row for row in objects if low <= value[id(row)] < high]
        if not inside:
            continue
        row: dict[str, Any] = {"band": _band(low, high), "truths": len(inside), "ap50": None}
        for rule in (Rule.IOU50, Rule.IOU30):
            row[f"recall_{rule}"] = float(np.mean([one.found_at[rule] >= confidence for one in inside]))
        if stratum.falls_on_detections:
            chosen = [
                one
                for one in detections
                if low <= value[id(one if one.found[Rule.IOU50] < 0 else judged.objects[one.found[Rule.IOU50]])] < high
            ]
            right = np.array([one.found[Rule.IOU50] >= 0 for one in chosen], np.bool_)
            row["ap50"] = average_precision(np.array([one.confidence for one in chosen]), right, len(inside))
        yield row


def average_precision_below(judged: Judged, kind: ObjectKind, key: str, limit: float) -> tuple[float | None, int]:
    """AP50 of the objects under a limit, and how many there are."""
    rows = list(by_band(judged, kind, Stratum(key, key, (0, limit)), 1.0))
    return (rows[0]["ap50"], rows[0]["truths"]) if rows else (None, 0)


def _value(judged: Judged, row: Any, key: str) -> float:
    found = row.about.get(key, judged.pictures[row.picture].about.get(key))
    return float("nan") if found is None else float(found)


def _band(low: float, high: float) -> str:
    if high == inf:
        return f"≥ {low:g}"
    return f"< {high:g}" if low == 0 else f"{low:g} to {high:g}"
