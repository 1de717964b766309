"""Telemetry as functions of time: each quantity interpolated from the rows that have it, with gaps kept as gaps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wideberth_contracts.poses import TelemetryPoint
from wideberth_distance.core.projection import Array, Mask

MAX_GAP_S = 1.0
"""A longer hole between rows is not bridged: a gimbal can do anything in it."""
MAX_SLOW_GAP_S = 1.6
"""The same for files that hold one row a second."""


@dataclass(frozen=True, slots=True)
class Series:
    """One quantity at its own times, both shape (N,), times rising."""

    t_s: Array
    value: Array

    def at(self, moments_s: Array) -> tuple[Array, Mask]:
        """Linear interpolation, and where a row is near enough on both sides to allow it."""
        if self.t_s.size == 0:
            return np.zeros_like(moments_s), np.zeros(moments_s.shape, dtype=bool)
        after = np.searchsorted(self.t_s, moments_s)
        before = np.clip(after - 1, 0, self.t_s.size - 1)
        after = np.clip(after, 0, self.t_s.size - 1)
        hole = np.where(
            before == after,
            np.abs(moments_s - self.t_s[before]),
            self.t_s[after] - self.t_s[before],
        )
        exact = self.t_s[after] == moments_s
        return np.interp(moments_s, self.t_s, self.value), exact | (hole <= self.max_gap_s())

    def max_gap_s(self) -> float:
        """The hole that is bridged, by the rate of the rows."""
        if self.t_s.size < 3:
            return MAX_GAP_S
        usual = float(np.median(np.diff(self.t_s)))
        return MAX_SLOW_GAP_S if usual > 0.6 * MAX_GAP_S else MAX_GAP_S

    def slope_at(self, moments_s: Array, baseline_s: float) -> Array:
        """Change per second over a baseline centred on each moment, by least squares over the rows in it."""
        low = np.searchsorted(self.t_s, moments_s - baseline_s / 2, side="left")
        high = np.searchsorted(self.t_s, moments_s + baseline_s / 2, side="right")
        slopes = np.zeros_like(moments_s)
        for index, (first, last) in enumerate(zip(low, high, strict=True)):
            t = self.t_s[first:last]
            if t.size >= 2 and t[-1] - t[0] > baseline_s / 4:
                centred = t - t.mean()
                slopes[index] = float(centred @ self.value[first:last] / (centred @ centred))
        return slopes


def series_of(points: Sequence[TelemetryPoint], field: str, *, is_angle: bool = False) -> Series:
    """The rows that have a field. Angles are unwrapped, so that north is no jump."""
    pairs = [(point.t_s, value) for point in points if (value := getattr(point, field)) is not None]
    times = np.array([t for t, _ in pairs], dtype=np.float64)
    values = np.array([v for _, v in pairs], dtype=np.float64)
    if is_angle and values.size:
        values = np.degrees(np.unwrap(np.radians(values)))
    return Series(times, values)


def quantum_of(series: Series) -> float:
    """The step in which a quantity is written, 0 where it does not change."""
    steps = np.abs(np.diff(np.unique(series.value)))
    steps = steps[steps > 1e-9]
    return float(steps.min()) if steps.size else 0.0
