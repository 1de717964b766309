"""The line along a candidate at full size: an edge in each of its pieces, and a line through those that agree."""

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from wideberth_distance.core.horizon_curve import View, horizon_rows
from wideberth_distance.core.horizon_edge import LENS_PX, Edge, edge_of
from wideberth_distance.core.horizon_search import LEAST_IN_VIEW, planes
from wideberth_distance.core.projection import Array, Mask

PIECES = 48
FINE_COLUMNS = 1280
"""Columns that are looked at, of all rows; more tell no more."""
STRIP_DEG = 0.4
LEAST_AGREE, LEAST_SPREAD = 0.52, 0.5
"""Shares of the pieces that must lie on a line for it to be one, and along the picture."""
WHOLE = 0.9
"""A line along less of the picture may be a coast, or the rim of haze, for the rest of it."""
AGREE_PX = 1.5
TOPMOST = 0.4
"""Waves below the horizon may be steeper than it; nothing above is but land and clouds."""
LEAST_EDGE, LEAST_STEP = 3.0, 3.0
"""Grey levels, of the edge as a whole and within 4 px: borders of coding blocks make 2."""
CLEAR_STEP = 20.0
"""Grey levels within 4 px: nothing is clearer."""
MOST_HAZE_DEG = 0.2
"""An edge this much wider than the lens makes it is one of haze."""
CODING_STEP, CODING_PX = 6.0, 0.6
"""An edge fainter than this, in grey levels, whose ends differ by less than this may be a border of coding blocks."""
HUBER = 1.345

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Line:
    """A line along a candidate's curve.

    Attributes:
        offset_px, slope: of the row, against the curve and per px from the middle column.
        sigma_px, sigma_slope: standard errors.
        share_of_columns: (48,) 1 for pieces of the width on the line, else 0.
        edge: what the mean profile across it shows.
    """

    offset_px: float
    slope: float
    sigma_px: float
    sigma_slope: float
    share_of_columns: Array
    edge: Edge

    @property
    def quality(self) -> float:
        """How much of a line it is: its length by its sharpness."""
        return float(self.share_of_columns.mean()) * min(self.edge.step, CLEAR_STEP)


def straightened(
    pixels: Image, view: View, at: tuple[float, float], half_px: int, every_px: int = 1
) -> tuple[Image, Array]:
    """The surroundings of a horizon's curve: (2 half + 1, columns, 3), and the curve's rows."""
    columns = np.arange(every_px // 2, view.width_px, every_px)
    rows = horizon_rows(view, *at, columns + 0.5)
    first = int(np.clip(np.floor(rows.min()) - half_px - 2, 0, view.height_px - 2))
    last = int(np.clip(np.ceil(rows.max()) + half_px + 2, first + 1, view.height_px))
    wanted = (rows[None, :] - 0.5 - first + np.arange(-half_px, half_px + 1)[:, None]).astype(np.float32)
    across = np.ascontiguousarray(np.broadcast_to(columns.astype(np.float32), wanted.shape))
    strip = cv2.remap(pixels[first:last], across, wanted, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(strip, np.uint8), rows


def line_along(pixels: Image, view: View, at: tuple[float, float]) -> Line | str:
    """The line near a horizon's curve, or what is wrong with it.

    Args:
        pixels: (height, width, 3) BGR.
        view: focal length, height and size.
        at: pitch and roll of the candidate.
    """
    half = max(16, int(np.ceil(STRIP_DEG * view.px_per_deg)))
    strip, rows = straightened(pixels, view, at, half, max(1, view.width_px // FINE_COLUMNS))
    inside = (rows > half) & (rows < view.height_px - half)
    bounds = np.linspace(0, rows.size, PIECES + 1).astype(int)
    kept = np.array([bool(inside[a:b].all()) for a, b in itertools.pairwise(bounds)])
    if kept.sum() < PIECES * LEAST_IN_VIEW:
        return "too little of the line lies in the picture"
    pieces = np.asarray(cv2.resize(strip.astype(np.float32), (PIECES, strip.shape[0]), interpolation=cv2.INTER_AREA))
    middles = np.asarray((np.arange(PIECES) + 0.5 - PIECES / 2) * (view.width_px / PIECES), np.float64)
    shades = [np.asarray(plane.T, np.float64) for plane in planes(pieces)]
    lines: list[Line] = []
    for topmost in (1.0, TOPMOST):
        lines = [line for shade in shades if (line := _fitted(shade, middles, kept, topmost)) is not None]
        if lines:
            break
    if not lines:
        return "the line is broken: too few pieces of it agree"
    line = max(lines, key=lambda each: each.quality)
    return line if (wrong := _wrong_edge(line, view, at)) is None else wrong


def _wrong_edge(line: Line, view: View, at: tuple[float, float]) -> str | None:
    edge = line.edge
    if abs(edge.contrast) < LEAST_EDGE or edge.step < LEAST_STEP:
        return "sky and sea melt into one another"
    if line.share_of_columns.mean() < WHOLE:
        return "only a part of the line is seen: the rest may be a coast, or the rim of haze"
    if edge.width_px - LENS_PX > MOST_HAZE_DEG * view.px_per_deg:
        return "the far sea is lost in haze"
    tilt = line.slope * np.array([-0.5, 0.5]) * view.width_px
    ends = horizon_rows(view, *at, np.array([0.0, view.width_px])) + tilt
    if edge.step < CODING_STEP and abs(float(ends[1] - ends[0])) < CODING_PX:
        return "as level and as faint as the blocks of the coding"
    return None


def _fitted(pieces: Array, middles_px: Array, kept: Mask, topmost: float) -> Line | None:
    """The line most pieces agree on.

    Args:
        pieces: (48, rows) profiles, sky first.
        middles_px: of the pieces, from the middle column.
        kept: pieces that lie in the picture.
        topmost: the uppermost edge this steep, of the steepest, is taken in each piece.
    """
    half = pieces.shape[1] // 2
    smooth = np.asarray(cv2.GaussianBlur(np.ascontiguousarray(pieces), (9, 1), sigmaX=1.2, sigmaY=0.1), np.float64)
    slopes = np.gradient(smooth, axis=1)
    sign = np.sign(np.median(slopes[kept].sum(axis=1)))
    rising = slopes * (sign if sign else 1.0)
    peaks = np.zeros(rising.shape, bool)
    peaks[:, 1:-1] = (rising[:, 1:-1] >= rising[:, :-2]) & (rising[:, 1:-1] >= rising[:, 2:])
    at = (peaks & (rising >= topmost * rising.max(axis=1, keepdims=True))).argmax(axis=1)
    inner = np.flatnonzero(kept & (at > 1) & (at < pieces.shape[1] - 2))
    if inner.size < PIECES * LEAST_AGREE:
        return None
    rows = _peak(rising[inner], at[inner]) - half
    x = middles_px[inner]
    good = _consensus(x, rows)
    if good.sum() < LEAST_AGREE * kept.sum() or np.ptp(x[good]) < LEAST_SPREAD * np.ptp(middles_px):
        return None
    x, rows, inner = x[good], rows[good], inner[good]
    offset, slope, scale = _robust_line(x, rows)
    # Pieces err together over a few neighbours: a sixth of them count; the worse the line, the less surely they agree.
    sure = (x.size / float(kept.sum())) ** 2
    count, about = x.size / 6 * sure**2, float(np.var(x))
    sigma_px, sigma_slope = scale / count**0.5 * (1 + x.mean() ** 2 / about) ** 0.5, scale / (count * about) ** 0.5
    edge = edge_of(_aligned(smooth[inner], offset + slope * x))
    if edge is None:
        return None
    share = np.zeros(PIECES)
    share[inner] = 1.0
    return Line(offset, slope, float(sigma_px), float(sigma_slope), share, edge)


def _robust_line(x: Array, y: Array) -> tuple[float, float, float]:
    """Offset and slope by Huber's weights, and the scatter about them, px."""
    weights = np.ones(x.size)
    for _ in range(4):
        middle, level = np.average(x, weights=weights), np.average(y, weights=weights)
        slope = float(np.sum(weights * (x - middle) * (y - level)) / np.sum(weights * (x - middle) ** 2))
        offset = float(level - slope * middle)
        left = np.abs(y - offset - slope * x)
        scale = max(1.48 * float(np.median(left)), 0.15)
        weights = np.minimum(1.0, HUBER * scale / np.maximum(left, 1e-9))
    return offset, slope, max(float(np.sqrt(np.mean(left**2))), 0.15)


def _peak(rising: Array, at: npt.NDArray[np.intp]) -> Array:
    """Sub-pixel place of each row's maximum, by a parabola through three."""
    rows = np.arange(at.size)
    before, here, after = rising[rows, at - 1], rising[rows, at], rising[rows, at + 1]
    bend = before - 2 * here + after
    shift = np.where(np.abs(bend) > 1e-9, 0.5 * (before - after) / np.where(np.abs(bend) > 1e-9, bend, 1.0), 0.0)
    return np.asarray(at + np.clip(shift, -1, 1))


def _consensus(x: Array, y: Array) -> Mask:
    """Which points lie near the line through two of them that most lie near, of all pairs far enough apart."""
    first, second = np.triu_indices(x.size, k=1)
    far = np.abs(x[second] - x[first]) >= 0.25 * np.ptp(x)
    first, second = first[far], second[far]
    slopes = (y[second] - y[first]) / (x[second] - x[first])
    offsets = y[first] - slopes * x[first]
    good = np.abs(y[None] - offsets[:, None] - slopes[:, None] * x[None]) < AGREE_PX
    return np.asarray(good[int(good.sum(axis=1).argmax())])


def _aligned(pieces: Array, offsets_px: Array) -> Array:
    rows = np.arange(pieces.shape[1], dtype=np.float64)
    moved = [np.interp(rows + offset, rows, piece) for piece, offset in zip(pieces, offsets_px, strict=True)]
    return np.asarray(np.median(moved, axis=0))
