"""Kernel sizes: chosen in metres of sea, handed out in pixels.

Everything was tuned at 0.08 m/px with a half-size grid, so the working grid is the reduction that comes closest to
0.16 m per cell; glints larger than a cell and vessels smaller than the kernel are what the choice trades against.
"""

import math
from dataclasses import dataclass

GRID_CELL_M = 0.16
SOLID_M = 0.8
"""Diameter a thing must cover to count as solid. With 0.5 m the glints of a choppy sea pass (9 dB lost)."""
MIN_REDUCTION, MAX_REDUCTION = 2, 8


@dataclass(frozen=True)
class Scale:
    """Sizes for one picture.

    Attributes:
        ground_sample_m: metres per pixel.
        reduction: pixels per cell of the working grid, per axis.
    """

    ground_sample_m: float
    reduction: int

    @property
    def cell_m(self) -> float:
        """Metres per cell of the working grid."""
        return self.ground_sample_m * self.reduction

    @property
    def solid_cells(self) -> int:
        """Diameter of the solid kernel in cells, odd, at least 3."""
        return odd(SOLID_M / self.cell_m, 3)

    def cells(self, metres: float) -> int:
        """Return a length in whole cells, at least 1."""
        return max(1, round(metres / self.cell_m))

    def px(self, metres: float) -> int:
        """Return a length in whole pixels, at least 1."""
        return max(1, round(metres / self.ground_sample_m))

    def area_cells(self, square_metres: float) -> float:
        """Return an area in cells."""
        return square_metres / self.cell_m**2


def odd(value: float, least: int) -> int:
    """Return the odd whole number nearest to `value`, not under `least`."""
    return max(least, 2 * math.floor(value / 2) + 1)


def scale_for(ground_sample_m: float) -> Scale:
    """Return the sizes for a picture with so many metres per pixel."""
    reduction = round(GRID_CELL_M / ground_sample_m / 2) * 2
    return Scale(ground_sample_m, min(MAX_REDUCTION, max(MIN_REDUCTION, reduction)))
