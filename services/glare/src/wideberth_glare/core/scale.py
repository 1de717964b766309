"""Kernel sizes: chosen in metres of sea, handed out in cells and pixels.

Everything was tuned at 0.08 m/px with a half-size grid, so the working grid is the reduction by halves that comes
closest to 0.16 m per cell. In an oblique picture a metre is fewer cells further up, so sizes are asked for by row.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

GRID_CELL_M = 0.16
REDUCTIONS = (2, 4, 8)
MAX_REDUCTION = REDUCTIONS[-1]
COARSEST_M = 0.25
"""Metres per pixel beyond which a small boat is too few pixels to be told from glint: nothing is cleared there."""


@dataclass(frozen=True)
class Scale:
    """Sizes for one picture.

    Attributes:
        ground_sample_m: metres per pixel, typical of the picture.
        reduction: pixels per cell of the working grid, per axis.
        rows_m: metres per pixel of each row, or None where all rows are alike.
    """

    ground_sample_m: float
    reduction: int
    rows_m: npt.NDArray[np.float64] | None = None

    @property
    def cell_m(self) -> float:
        """Metres per cell of the working grid, typical of the picture."""
        return self.ground_sample_m * self.reduction

    def row_cells_m(self, rows: int) -> npt.NDArray[np.float64]:
        """Return the metres per cell of each of the grid's first `rows` rows, no coarser than `COARSEST_M` px."""
        if self.rows_m is None:
            return np.full(rows, self.cell_m)
        middles = np.minimum(np.arange(rows) * self.reduction + self.reduction // 2, len(self.rows_m) - 1)
        return np.asarray(np.minimum(self.rows_m[middles], COARSEST_M) * self.reduction)

    def cells(self, metres: float) -> int:
        """Return a length in whole cells, at least 1."""
        return max(1, round(metres / self.cell_m))

    def pixels(self, metres: float) -> float:
        """Return a length in pixels."""
        return metres / self.ground_sample_m

    def of_rows(self, top: int, bottom: int) -> "Scale":
        """Return the sizes for a part of the picture."""
        return self if self.rows_m is None else replace(self, rows_m=self.rows_m[top:bottom])


def odd(value: float, least: int) -> int:
    """Return the odd whole number nearest to `value`, not under `least`."""
    return max(least, 2 * math.floor(value / 2) + 1)


def odds(values: npt.NDArray[np.float64], least: int) -> npt.NDArray[np.int64]:
    """Return `odd` of each value."""
    return np.maximum(least, 2 * np.floor(values / 2).astype(np.int64) + 1)


def scale_for(ground_sample_m: float, rows_m: npt.NDArray[np.float64] | None = None) -> Scale:
    """Return the sizes for a picture with so many metres per pixel."""
    wanted = math.log(GRID_CELL_M / ground_sample_m)
    reduction = min(REDUCTIONS, key=lambda r: abs(math.log(r) - wanted))
    return Scale(ground_sample_m, reduction, rows_m)
