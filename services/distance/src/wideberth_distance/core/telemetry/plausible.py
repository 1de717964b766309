"""What no drone over the sea can read: set aside with a doubt, whatever format said it."""

import math
from dataclasses import replace
from typing import Any

from wideberth_distance.core.telemetry.fields import Values

RANGES: dict[str, tuple[float, float]] = {
    "height_above_takeoff_m": (-1_000.0, 10_000.0),
    "absolute_height_m": (-1_000.0, 20_000.0),
    "pitch_deg": (-135.0, 135.0),
    "roll_deg": (-180.0, 180.0),
    "yaw_deg": (-360.0, 360.0),
    "focal_length_mm": (1.0, 5_000.0),
    "zoom_ratio": (0.1, 1_000.0),
}
"""Lowest and highest value of each field. Pitch by the stops of DJI's gimbals, 45 degrees past nadir; the heights are
wide, for a reader must not judge a flight."""


def plausible(values: Values) -> Values:
    """The same values, without those outside their range."""
    odd: dict[str, Any] = {
        field: None
        for field, (low, high) in RANGES.items()
        if (value := getattr(values, field)) is not None and not (math.isfinite(value) and low <= value <= high)
    }
    if not odd:
        return values
    said = tuple(f"{field} outside {RANGES[field][0]:g} to {RANGES[field][1]:g}" for field in odd)
    return replace(values, doubts=(*values.doubts, *said), **odd)
