"""The guard: bright things that are no glint stay as they are.

A glint is smaller than a vessel, and what is solid over 0.8 m in the *reference alone* is almost never glint. So the
reference proposes and the neighbours may only refuse: a small solid part is given up as glint when no neighbour holds
a part of its shape within the distance a fast vessel covers in between. That way neither a moving vessel nor a missing
neighbour can delete a vessel. Smaller parts are kept where they are rare, for glints of one size come in hundreds.
Limits: white things under about 0.5 m2 fall through in glitter; glints that run together into a solid patch larger
than `ALWAYS_KEPT_M2` stay in the picture.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from wideberth_glare.core.arrays import Grey, Mask, ellipse
from wideberth_glare.core.brightness import above_level
from wideberth_glare.core.scale import Scale, odd, odds

SOLID_M, LEAST_AREA_M2 = 0.8, 1.4
"""Diameter a thing must cover to count as solid, and its area. With 0.5 m the glints of a choppy sea pass (9 dB)."""
SMALL_M, SMALL_AREA_M2, RARE_PARTS = 0.5, 0.5, 6
"""The same for small things, kept only where the picture holds no more than so many of them."""
LARGEST_KERNEL_CELLS = 11
ALWAYS_KEPT_M2 = 6.0
"""Larger than this no part is given up, whatever the neighbours show."""
FASTEST_MPS = 20.0
SLACK_M = 0.8
"""Reach besides motion: registration and the sway of the drone."""
LARGEST_REACH_CELLS = 40
BORDER_CELLS = 4
"""So near the border a neighbour may not show the thing at all, and cannot refuse it."""
SAME_SHARE = 0.6
"""Share of a part's cells that must be solid in a neighbour for the part to count as seen again."""
GROWTH_M = 0.5
FIRM_M = 0.4
"""Diameter of what is firm enough to belong to a solid thing beside it."""
VESSEL_REACH_M = 5.0
REACH_PER_SIDE = 1.5
"""How far from a core (a cabin, a bow) the rest of the vessel is looked for, at most and by the core's side."""
THING_AREA_M2 = 1.0
"""Area of something that is neither sea nor sunlight from which on it is a core by itself."""
JOIN_M = 0.6
LEAST_HULL_SHARE = 0.5
"""A part that fills so much of its convex hull is one thing, and dark places within the hull belong to it."""


@dataclass(frozen=True)
class GridFrame:
    """A neighbour on the working grid, aligned: 255 where it is bright (or solid); its time from the reference."""

    bright: Mask
    offset_s: float


@dataclass(frozen=True)
class _Part:
    x: int
    y: int
    width: int
    height: int
    shape: Mask
    area_m2: float
    cell_m: float


def _opened(bright: Mask, diameter_m: float, scale: Scale) -> Mask:
    """Return the mask opened with a disc of so many metres, band by band of rows of one kernel size."""
    if scale.rows_m is None:
        sizes = np.array([odd(min(diameter_m / scale.cell_m, LARGEST_KERNEL_CELLS), 3)])
    else:
        sizes = odds(np.minimum(diameter_m / scale.row_cells_m(len(bright)), LARGEST_KERNEL_CELLS), 3)
    if (sizes == sizes[0]).all():
        return np.asarray(cv2.morphologyEx(bright, cv2.MORPH_OPEN, ellipse(int(sizes[0]))), np.uint8)
    out = np.zeros_like(bright)
    for size in np.unique(sizes):
        rows = np.flatnonzero(sizes == size)
        first, last = max(0, rows[0] - size), rows[-1] + size + 1
        band = np.asarray(cv2.morphologyEx(bright[first:last], cv2.MORPH_OPEN, ellipse(int(size))), np.uint8)
        out[rows] = band[rows - first]
    return out


def _parts(mask: Mask, least_area_m2: float, scale: Scale) -> list[_Part]:
    """Return the connected parts of a mask that are large enough; by their outlines, which is quick where few are."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    cells_m = scale.row_cells_m(len(mask))
    found = []
    for outline in outlines:
        x, y, width, height = cv2.boundingRect(outline)
        cell_m = float(cells_m[y + height // 2])
        if width * height * cell_m**2 < least_area_m2:
            continue
        shape = np.zeros((height, width), np.uint8)
        cv2.drawContours(shape, [outline], -1, 1, cv2.FILLED, offset=(-x, -y))
        shape[mask[y : y + height, x : x + width] == 0] = 0
        area_m2 = cv2.countNonZero(shape) * cell_m**2
        if area_m2 >= least_area_m2:
            found.append(_Part(x, y, width, height, shape, area_m2, cell_m))
    return found


def _seen_again(part: _Part, neighbour: GridFrame) -> bool:
    """Say whether the neighbour holds the part's shape within reach, or cannot tell."""
    bright = neighbour.bright
    rows, columns = bright.shape
    free = min(part.x, part.y, columns - part.x - part.width, rows - part.y - part.height)
    if free < BORDER_CELLS:
        return True
    reach = min(LARGEST_REACH_CELLS, round((SLACK_M + FASTEST_MPS * abs(neighbour.offset_s)) / part.cell_m) + 1)
    top, left = max(0, part.y - reach), max(0, part.x - reach)
    window = bright[top : part.y + part.height + reach, left : part.x + part.width + reach]
    found = cv2.matchTemplate((window > 0).astype(np.float32), part.shape.astype(np.float32), cv2.TM_CCORR)
    return bool(found.max() >= SAME_SHARE * part.shape.sum())


def _lasting(parts: list[_Part], neighbours: list[GridFrame], diameter_m: float, scale: Scale) -> list[_Part]:
    """Return the parts that no one can refuse: large, without neighbours, or as solid in one of them."""
    doubtful = [p for p in parts if p.area_m2 < ALWAYS_KEPT_M2]
    if not neighbours or not doubtful:
        return parts
    solid = [GridFrame(_opened(n.bright, diameter_m, scale), n.offset_s) for n in neighbours]
    return [p for p in parts if p.area_m2 >= ALWAYS_KEPT_M2 or any(_seen_again(p, n) for n in solid)]


def _drawn(parts: list[_Part], shape: tuple[int, int]) -> Mask:
    """Return the parts as one mask, each with its convex hull where it is one thing."""
    out = np.zeros(shape, np.uint8)
    for part in parts:
        box = out[part.y : part.y + part.height, part.x : part.x + part.width]
        box[part.shape > 0] = 255
        points = np.argwhere(part.shape > 0)[:, ::-1].astype(np.int32)
        hull = cv2.convexHull(points)
        if part.shape.sum() >= LEAST_HULL_SHARE * max(cv2.contourArea(hull), 1.0):
            cv2.fillConvexPoly(out, np.asarray(hull + np.array([part.x, part.y]), np.int32), 255)
    return out


def _whole(cores: list[_Part], things: Mask, scale: Scale) -> Mask:
    """Return the cores together with the things they touch: hull, deck and cabin of one vessel."""
    core = _drawn(cores, (things.shape[0], things.shape[1]))
    near = np.zeros_like(core)
    for part in cores:
        reach = round(min(VESSEL_REACH_M, REACH_PER_SIDE * part.area_m2**0.5) / part.cell_m)
        top, left = max(0, part.y - reach), max(0, part.x - reach)
        near[top : part.y + part.height + reach, left : part.x + part.width + reach] = 255
    joined = cv2.bitwise_or(core, cv2.bitwise_and(near, things))
    closed = cv2.morphologyEx(joined, cv2.MORPH_CLOSE, ellipse(odd(JOIN_M / scale.cell_m, 3)))
    touched = [p for p in _parts(np.asarray(closed, np.uint8), 0.0, scale) if _holds(p, core)]
    return _drawn(touched, (core.shape[0], core.shape[1]))


def _holds(part: _Part, core: Mask) -> bool:
    """Say whether a part shares a cell with a mask."""
    return bool(core[part.y : part.y + part.height, part.x : part.x + part.width][part.shape > 0].any())


def solid_parts(reduced: Grey, neighbours: list[GridFrame], level: Grey, things: Mask | None, scale: Scale) -> Mask:
    """Return 255 on the working grid where something solid is bright and not seen to scintillate, or is a thing.

    Args:
        reduced: the reference.
        level: sea level on the grid.
        things: 255 on the grid where something is neither sea nor sunlight; None where that is not known.
    """
    bright = above_level(reduced, level)
    large = _parts(_opened(bright, SOLID_M, scale), LEAST_AREA_M2, scale)
    small = _parts(_opened(bright, SMALL_M, scale), SMALL_AREA_M2, scale)
    cores = _lasting(large, neighbours, SOLID_M, scale)
    if len(small) <= RARE_PARTS + len(large):
        cores += _lasting(small, neighbours, SMALL_M, scale)
    if things is None:
        return _drawn(cores, (bright.shape[0], bright.shape[1]))
    cores += _parts(_opened(things, SMALL_M, scale), THING_AREA_M2, scale)
    return _whole(cores, things, scale)


def grown(solid: Mask, bright: Mask, scale: Scale) -> Mask:
    """Return the solid parts at full size, grown into what is firm around them in this very frame.

    Args:
        solid: on the working grid.
        bright: bright and white, at full size.
    """
    near = np.asarray(cv2.dilate(solid, ellipse(odd(2 * GROWTH_M / scale.cell_m, 3))), np.uint8)
    out = np.zeros_like(bright)
    x, y, width, height = cv2.boundingRect(near)
    if not width:
        return out
    # Only where something solid is: opening a mask of a whole picture costs more than all the rest of the guard.
    cells = (slice(y, y + height), slice(x, x + width))
    full, wide = (_enlarged(mask[cells], scale.reduction) for mask in (solid, near))
    x, y, width, height = (scale.reduction * edge for edge in (x, y, width, height))
    size = min(odd(scale.pixels(FIRM_M), 5), LARGEST_KERNEL_CELLS)
    top, left = max(0, y - size), max(0, x - size)
    around = bright[top : y + height + size, left : x + width + size]
    firm = cv2.morphologyEx(around, cv2.MORPH_OPEN, ellipse(size))[y - top :, x - left :][:height, :width]
    out[y : y + height, x : x + width] = cv2.bitwise_or(full, cv2.bitwise_and(wide, firm))
    return out


def _enlarged(grid: Mask, factor: int) -> Mask:
    size = (grid.shape[1] * factor, grid.shape[0] * factor)
    return np.asarray(cv2.resize(grid, size, interpolation=cv2.INTER_NEAREST), np.uint8)
