"""The neighbours of a frame, laid over the region of it that is cleared."""

from dataclasses import dataclass

import numpy as np

from wideberth_glare.core.align import Tracked, corners, moved, on_grid, warp
from wideberth_glare.core.arrays import Homography, Neighbour
from wideberth_glare.core.cells import Cells, cells_of, grid_size
from wideberth_glare.core.region import Region, clipped, whole
from wideberth_glare.core.rim import Witness
from wideberth_glare.core.scale import Scale

MARGIN_PX = 8
LEAST_DEPTH = 0.2
"""Of the deepest corner's: where one comes so much nearer to the horizon, corners do not tell what is seen."""


@dataclass(frozen=True)
class Beside:
    """A neighbour, and its cells on the working grid of the reference's region."""

    cells: Cells
    witness: Witness

    @property
    def offset_s(self) -> float:
        """Its time minus the reference's."""
        return self.witness.offset_s


def laid_beside(reference: Cells, neighbours: list[Neighbour], region: Region, scale: Scale) -> list[Beside]:
    """Return the neighbours that show anything of the region.

    Args:
        reference: cells of all of it where a neighbour comes without poses; not looked at otherwise.
    """
    tracked: Tracked | None = None
    found = []
    for neighbour in neighbours:
        onto, seen = neighbour.reference_from_neighbour, whole(neighbour.pixels.shape)
        if onto is not None:
            seen = _seen(np.asarray(np.linalg.inv(onto)), region, neighbour.pixels.shape)
        if not seen.height or not seen.width:
            continue
        cells = cells_of(np.ascontiguousarray(seen.of(neighbour.pixels)), scale)
        if onto is None:
            tracked = tracked or Tracked(reference.darkest)
            onto = tracked.reference_from(cells.darkest, scale.reduction)
        there = region.from_picture() @ onto
        within = on_grid(there @ np.linalg.inv(seen.from_picture()), scale.reduction)
        rows, columns = grid_size(region, scale)
        size = (columns, rows)
        witness = Witness(neighbour.pixels, neighbour.offset_s, there)
        laid = Cells(warp(cells.darkest, within, size), warp(cells.brightest, within, size))
        found.append(Beside(laid, witness))
    return found


def _seen(neighbour_from_reference: Homography, region: Region, shape: tuple[int, ...]) -> Region:
    """Return the part of a neighbour that the reference's region shows."""
    at = corners(region.width, region.height) + np.array([region.left, region.top])
    depths = np.column_stack([at, np.ones(4)]) @ neighbour_from_reference[2]
    if depths.min() < LEAST_DEPTH * depths.max():
        return whole(shape)
    there = moved(neighbour_from_reference, at)
    low, high = there.min(axis=0) - MARGIN_PX, there.max(axis=0) + MARGIN_PX
    return clipped((low[1], high[1], low[0], high[0]), shape)
