"""Where the sea horizon falls in a picture, and which camera a line found there belongs to.

All directions at the dip below the horizontal form a cone round the vertical; its picture in a pinhole camera is a
conic, nearly straight: 0.3 px of bend over 1920 px at 60 m, more from higher up and with wider lenses.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from wideberth_distance.core.projection import Array, horizon_dip_rad

_AZIMUTHS_RAD = np.radians(np.linspace(-70.0, 70.0, 561))
_STEP_DEG = 1e-3
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class View:
    """What the curve depends on beside pitch and roll."""

    focal_px: float
    height_m: float
    width_px: int
    height_px: int

    def scaled(self, by: float, width_px: int, height_px: int) -> "View":
        """The same view in a picture of another size."""
        return View(self.focal_px * by, self.height_m, width_px, height_px)

    @property
    def px_per_deg(self) -> float:
        """In the middle of the picture."""
        return self.focal_px * float(np.radians(1.0))


def horizon_rows(view: View, pitch_deg: float, roll_deg: float, columns_px: npt.NDArray[np.floating[Any]]) -> Array:
    """Row of the horizon at each column, px from the top; extrapolated where the cone leaves the view."""
    dip, pitch, roll = horizon_dip_rad(view.height_m), np.radians(pitch_deg), np.radians(roll_deg)
    across = np.sin(_AZIMUTHS_RAD) * np.cos(dip)
    ahead = np.cos(_AZIMUTHS_RAD) * np.cos(dip)
    depth = ahead * np.cos(pitch) - np.sin(dip) * np.sin(pitch)
    seen = depth > 0.05
    u = across[seen] / depth[seen]
    v = (ahead[seen] * np.sin(pitch) + np.sin(dip) * np.cos(pitch)) / depth[seen]
    x = view.width_px / 2 + view.focal_px * (np.cos(roll) * u + np.sin(roll) * v)
    y = view.height_px / 2 + view.focal_px * (np.cos(roll) * v - np.sin(roll) * u)
    order = np.argsort(x)
    return np.asarray(np.interp(columns_px, x[order], y[order]))


def camera_of_line(
    view: View, start_deg: tuple[float, float], columns_px: Array, rows_px: Array
) -> tuple[float, float]:
    """Pitch and roll whose horizon passes through points of a line, by least squares from a start."""
    pitch, roll = start_deg
    for _ in range(_ROUNDS):
        rows = horizon_rows(view, pitch, roll, columns_px)
        slopes = np.stack(
            [
                (horizon_rows(view, pitch + _STEP_DEG, roll, columns_px) - rows) / _STEP_DEG,
                (horizon_rows(view, pitch, roll + _STEP_DEG, columns_px) - rows) / _STEP_DEG,
            ],
            axis=1,
        )
        step = np.linalg.lstsq(slopes, rows_px - rows, rcond=None)[0]
        pitch, roll = pitch + float(step[0]), roll + float(step[1])
    return pitch, roll
