"""The sea horizon in one frame: found near where telemetry expects it, or refused with a reason.

A coarse search over pitch and roll on the frame reduced to 640 px, by the contrast across the expected curve; then a
strip along that curve straightened at full size, an edge in each of its pieces, a line through those that agree, and
the haze's bias taken out (`horizon_edge`). Refused rather than guessed: a second edge as strong, sky rougher than the
sea below it, too few pieces that agree, an edge drowned in haze.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from wideberth_contracts.clues import HorizonAbsence, HorizonView, MaybeHorizon, NoHorizon
from wideberth_contracts.poses import CameraPose, FramePose
from wideberth_contracts.wire import Measured
from wideberth_distance.core.horizon_curve import View, camera_of_line, horizon_rows
from wideberth_distance.core.horizon_edge import Edge, edge_of
from wideberth_distance.core.projection import Array

LOOK_PX = 640
GATE_DEG, GATE_SIGMA = 2.0, 4.0
"""Farther than this from telemetry a line is another line."""
BEYOND_DEG = 1.0
"""Searched beyond the gate, so that a better line there can speak against one within."""
ROLLS_DEG = np.arange(-3.0, 3.01, 0.25)
LEAST_IN_VIEW = 0.5
"""Share of the columns in which the expected curve must lie inside the picture."""
STEP_PX = 4
"""Half the height of the window across which the coarse search compares, px of the small picture."""
LEAST_CONTRAST, CLIP_CONTRAST, LEAST_EDGE, LEAST_STEP = 1.5, 20.0, 3.0, 1.6
"""Grey levels: of a line in the small picture, the most a pixel counts, and of the edge itself: blocks of coding make
2."""
RIVAL_ABOVE, RIVAL_BELOW, RIVAL_APART_DEG = 0.45, 0.7, 0.3
PIECES = 48
STRIP_DEG = 0.4
LEAST_AGREE, LEAST_SPREAD = 0.4, 0.5
AGREE_PX = 1.5
MOST_WIDTH_DEG = 0.5
ROUGHER = 1.25
CODING_STEP, CODING_PX = 3.0, 0.6
"""An edge fainter than this, in grey levels, whose ends differ by less than this may be a border of coding blocks."""
BELOW_DEG, BELOW_NOISE, BELOW_STEP = 2.5, 8.0, 1.0
"""How far below the line another is looked for, and how far it must stand out: of the rows' own noise, in grey
levels."""
SKY_DEG = 3.0
"""How far above the line another edge is looked for, and when a column has one, and how many columns are too many."""
SKYLINE_SHARE, SKYLINE_CONTRAST, SKYLINE_COLUMNS = 0.4, 3.0, 0.35

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line along the coarse curve.

    Attributes:
        offset_px, slope: of the row, against the strip's middle and per px from the middle column.
        agree: share of pieces on it.
        sigma_px, sigma_slope: standard errors.
        profile: mean profile across it, sky first.
    """

    offset_px: float
    slope: float
    agree: float
    sigma_px: float
    sigma_slope: float
    profile: Array


def find_horizon(pixels: Image, t_s: float, expected: FramePose) -> MaybeHorizon:
    """What a frame shows of the horizon.

    Args:
        pixels: (height, width, 3) BGR.
        t_s: of the frame.
        expected: by telemetry; a frame without a pose is not searched.
    """
    if not isinstance(expected, CameraPose):
        return NoHorizon(t_s=t_s, reason=HorizonAbsence.NO_POSE, detail=expected.reason.value)
    height, width = pixels.shape[:2]
    view = View(expected.focal_px.value, expected.height_m.value, width, height)
    pitch, roll = expected.pitch_deg.value, expected.roll_deg.value
    gate = max(GATE_DEG, GATE_SIGMA * expected.pitch_deg.sigma)
    if not _in_view(view, pitch, roll, expected.pitch_deg.sigma):
        return NoHorizon(t_s=t_s, reason=HorizonAbsence.OUT_OF_VIEW)
    coarse = _coarse(pixels, view, (pitch, roll), gate + BEYOND_DEG)
    if isinstance(coarse, str):
        return NoHorizon(t_s=t_s, reason=HorizonAbsence.NOT_FOUND, detail=coarse)
    if abs(coarse[0] - pitch) > gate:
        detail = f"the clearest line is {coarse[0] - pitch:+.1f} deg from telemetry, allowed ± {gate:.1f}"
        return NoHorizon(t_s=t_s, reason=HorizonAbsence.DISAGREES, detail=detail)
    fine = _fine(pixels, view, coarse)
    if isinstance(fine, str):
        return NoHorizon(t_s=t_s, reason=HorizonAbsence.NOT_FOUND, detail=fine)
    line, edge = fine
    return _sighting(view, t_s, coarse, line, edge)


def _in_view(view: View, pitch_deg: float, roll_deg: float, sigma_deg: float) -> bool:
    columns = np.linspace(0, view.width_px, 33)
    margin = STRIP_DEG * view.px_per_deg
    shares = []
    for shift in (-sigma_deg, 0.0, sigma_deg):
        rows = horizon_rows(view, float(np.clip(pitch_deg + shift, -89, 89)), roll_deg, columns)
        shares.append(float(np.mean((rows > margin) & (rows < view.height_px - margin))))
    return max(shares) >= LEAST_IN_VIEW


def _planes(pixels: Image) -> list[Array]:
    """Luminance, and blue less red: haze leaves now the one, now the other."""
    blue, green, red = (pixels[..., i].astype(np.float32) for i in range(3))
    return [0.114 * blue + 0.587 * green + 0.299 * red, blue - red]


def _coarse(pixels: Image, view: View, start: tuple[float, float], reach_deg: float) -> tuple[float, float] | str:
    """Pitch and roll of the clearest line, or why there is none."""
    by = min(1.0, LOOK_PX / view.width_px)
    small = cv2.resize(pixels, None, fx=by, fy=by, interpolation=cv2.INTER_AREA)
    little = view.scaled(small.shape[1] / view.width_px, small.shape[1], small.shape[0])
    reach = int(np.ceil(reach_deg * little.px_per_deg))
    columns = np.arange(0, small.shape[1], 2)
    best: tuple[float, float, Array] | None = None
    for plane in _planes(np.asarray(small)):
        steps = _steps(np.asarray(plane, np.float64))
        for roll in ROLLS_DEG:
            rows = np.round(horizon_rows(little, start[0], start[1] + roll, columns + 0.5)).astype(int)
            at = rows[None, :] + np.arange(-reach, reach + 1)[:, None]
            inside = (at >= STEP_PX) & (at < small.shape[0] - STEP_PX)
            found = np.where(inside, steps[np.clip(at, 0, steps.shape[0] - 1), columns[None, :]], 0.0)
            profile = found.sum(axis=1) / max(columns.size * LEAST_IN_VIEW, 1.0)
            profile[inside.mean(axis=1) < LEAST_IN_VIEW] = 0.0
            score = float(np.abs(profile).max())
            if best is None or score > best[0]:
                best = (score, float(roll), profile)
    assert best is not None
    score, roll, profile = best
    if score < LEAST_CONTRAST:
        return "no line stands out"
    peak = int(np.argmax(np.abs(profile)))
    apart = np.arange(profile.size) - peak
    clear = max(RIVAL_APART_DEG * little.px_per_deg, 2 * STEP_PX)
    above, below = (float(np.abs(profile[part]).max(initial=0.0)) for part in (apart < -clear, apart > clear))
    if above > RIVAL_ABOVE * score or below > RIVAL_BELOW * score:
        return "two lines stand out: coast, clouds or a haze bank"
    # A lower row is a camera that looks higher.
    return start[0] + (peak - reach) / little.px_per_deg, start[1] + roll


def _steps(plane: Array) -> Array:
    """Mean of the rows above each row less that of those below, clipped."""
    sums = np.concatenate([np.zeros((1, plane.shape[1])), np.cumsum(plane, axis=0)])
    rows = np.arange(plane.shape[0])
    above = sums[rows] - sums[np.maximum(rows - STEP_PX, 0)]
    below = sums[np.minimum(rows + STEP_PX, plane.shape[0])] - sums[rows]
    return np.asarray(np.clip((above - below) / STEP_PX, -CLIP_CONTRAST, CLIP_CONTRAST))


def _strip(pixels: Image, view: View, at: tuple[float, float], half_px: int, every_px: int = 1) -> tuple[Image, Array]:
    """The surroundings of the curve, straightened: (2 half + 1, columns, 3), and the curve's rows."""
    columns = np.arange(0, view.width_px, every_px)
    rows = horizon_rows(view, *at, columns + 0.5)
    wanted = (rows[None, :] - 0.5 + np.arange(-half_px, half_px + 1)[:, None]).astype(np.float32)
    across = np.broadcast_to(columns.astype(np.float32), wanted.shape)
    straight = cv2.remap(
        pixels, np.ascontiguousarray(across), wanted, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(straight, np.uint8), rows


def _fine(pixels: Image, view: View, coarse: tuple[float, float]) -> tuple[_Line, Edge] | str:
    half = max(16, int(np.ceil(STRIP_DEG * view.px_per_deg)))
    strip, rows = _strip(pixels, view, coarse, half)
    usable = (rows > half) & (rows < view.height_px - half)
    lines = [_line(np.asarray(plane, np.float64), usable) for plane in _planes(strip)]
    found = [line for line in lines if line is not None]
    if not found:
        return "the line is broken: too few pieces of it agree"
    line = max(found, key=lambda each: each.agree * abs(float(each.profile[-1] - each.profile[0])))
    if _rougher_above(strip, line, usable):
        return "rougher above the line than below: land, or a cloud bank"
    edge = edge_of(line.profile)
    if edge is None or abs(edge.contrast) < LEAST_EDGE or edge.step < LEAST_STEP:
        return "sky and sea melt into one another"
    if edge.width_px > MOST_WIDTH_DEG * view.px_per_deg:
        return "the far sea is lost in haze"
    tilt = line.slope * np.array([-0.5, 0.5]) * view.width_px
    ends = horizon_rows(view, *coarse, np.array([0.0, view.width_px])) + tilt
    if edge.step < CODING_STEP and abs(float(ends[1] - ends[0])) < CODING_PX:
        return "as level and as faint as the blocks of the coding"
    if _edge_below(pixels, view, (coarse, line)):
        return "another edge below the line: it is the base of a cloud, or a coast lies before it"
    if _edge_above(pixels, view, coarse, edge.contrast):
        return "another edge above the line: a coast or a bank of cloud"
    return line, edge


def _line(plane: Array, usable: NDArray[np.bool_]) -> _Line | None:
    """The line most pieces agree on."""
    half = plane.shape[0] // 2
    smooth = cv2.GaussianBlur(plane, (1, 9), sigmaX=0.1, sigmaY=1.2)
    bounds = np.linspace(0, plane.shape[1], PIECES + 1).astype(int)
    kept = [k for k in range(PIECES) if usable[bounds[k] : bounds[k + 1]].all()]
    if len(kept) < PIECES * LEAST_IN_VIEW:
        return None
    pieces = np.stack([smooth[:, bounds[k] : bounds[k + 1]].mean(axis=1) for k in kept])
    middles = np.array([(bounds[k] + bounds[k + 1]) / 2 for k in kept]) - plane.shape[1] / 2
    slopes = np.gradient(pieces, axis=1)
    sign = np.sign(np.median(slopes.sum(axis=1)))
    rising = slopes * (sign if sign else 1.0)
    at = rising.argmax(axis=1)
    inner = (at > 1) & (at < plane.shape[0] - 2)
    if inner.sum() < PIECES * LEAST_AGREE:
        return None
    rows = _peak(rising[inner], at[inner]) - half
    x = middles[inner]
    good = _consensus(x, rows)
    agree = float(good.sum()) / len(kept)
    if agree < LEAST_AGREE or np.ptp(x[good]) < LEAST_SPREAD * plane.shape[1]:
        return None
    design = np.stack([np.ones(int(good.sum())), x[good]], axis=1)
    (offset, slope), *_ = np.linalg.lstsq(design, rows[good], rcond=None)
    left = rows[good] - design @ [offset, slope]
    # Pieces err together over a few neighbours: a quarter of them count.
    scale = max(float(np.sqrt(np.mean(left**2))), 0.15)
    spread = np.linalg.inv(design.T @ design) * scale**2 * 4
    profile = _aligned(pieces[inner][good], offset + slope * x[good])
    return _Line(float(offset), float(slope), agree, float(spread[0, 0] ** 0.5), float(spread[1, 1] ** 0.5), profile)


def _peak(rising: Array, at: NDArray[np.intp]) -> Array:
    """Sub-pixel place of each row's maximum, by a parabola through three."""
    rows = np.arange(at.size)
    before, here, after = rising[rows, at - 1], rising[rows, at], rising[rows, at + 1]
    bend = before - 2 * here + after
    shift = np.where(np.abs(bend) > 1e-9, 0.5 * (before - after) / np.where(np.abs(bend) > 1e-9, bend, 1.0), 0.0)
    return np.asarray(at + np.clip(shift, -1, 1))


def _consensus(x: Array, y: Array) -> NDArray[np.bool_]:
    """Which points lie near the line through two of them that most lie near, of all pairs far enough apart."""
    first, second = np.triu_indices(x.size, k=1)
    far = np.abs(x[second] - x[first]) >= 0.25 * np.ptp(x)
    first, second = first[far], second[far]
    slopes = (y[second] - y[first]) / (x[second] - x[first])
    offsets = y[first] - slopes * x[first]
    good = np.abs(y[None] - offsets[:, None] - slopes[:, None] * x[None]) < AGREE_PX
    best = int(good.sum(axis=1).argmax())
    return np.asarray(good[best])


def _aligned(pieces: Array, offsets_px: Array) -> Array:
    rows = np.arange(pieces.shape[1], dtype=np.float64)
    moved = [np.interp(rows + offset, rows, piece) for piece, offset in zip(pieces, offsets_px, strict=True)]
    return np.asarray(np.median(moved, axis=0))


def _rougher_above(strip: Image, line: _Line, usable: NDArray[np.bool_]) -> bool:
    """Whether what lies above the line has more fine texture than what lies below it."""
    grey = cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY).astype(np.float32)
    fine = np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 2.0))[:, usable]
    half = grey.shape[0] // 2 + round(line.offset_px)
    clear = 6
    above, below = fine[: max(half - clear, 1)], fine[min(half + clear, fine.shape[0] - 1) :]
    return float(above.mean()) > ROUGHER * float(below.mean()) + 0.25


def _edge_below(pixels: Image, view: View, found: tuple[tuple[float, float], _Line]) -> bool:
    """Whether a second sharp edge runs along the line below it: waves are never as straight over the whole width."""
    (pitch, roll), line = found
    tilt = roll - float(np.degrees(line.slope))
    reach = int(np.ceil(BELOW_DEG * view.px_per_deg))
    strip, rows = _strip(pixels, view, (pitch + line.offset_px / view.px_per_deg, tilt), reach, every_px=4)
    grey = cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY).astype(np.float64)
    whole = grey.mean(axis=1)
    # Rows that any column has outside the picture are repetitions of its last one.
    last = min(whole.size, reach + int(view.height_px - rows.max()) - 2)
    steps = np.abs(whole[4:] - whole[:-4])[reach + 8 : max(last - 4, 0)]
    if steps.size < 16:
        return False
    apart = steps - median_filter(steps, 41)
    noise = max(1.48 * float(np.median(np.abs(apart - np.median(apart)))), 0.02)
    return float(apart.max()) > max(BELOW_NOISE * noise, BELOW_STEP)


def _edge_above(pixels: Image, view: View, at: tuple[float, float], contrast: float) -> bool:
    """Whether many columns have an edge in the sky above the line, at any height: a skyline is rough."""
    by = min(1.0, LOOK_PX / view.width_px)
    small = np.asarray(cv2.resize(pixels, None, fx=by, fy=by, interpolation=cv2.INTER_AREA), np.uint8)
    little = view.scaled(small.shape[1] / view.width_px, small.shape[1], small.shape[0])
    near, far = (int(np.ceil(deg * little.px_per_deg)) + STEP_PX for deg in (0.05, SKY_DEG))
    strip, _ = _strip(small, little, at, far)
    steps = np.abs(_steps(np.asarray(_planes(strip)[0], np.float64)))[STEP_PX : far - near]
    if steps.shape[0] == 0:
        return False
    limit = max(SKYLINE_SHARE * min(abs(contrast), CLIP_CONTRAST), SKYLINE_CONTRAST)
    return float(np.mean(steps.max(axis=0) > limit)) > SKYLINE_COLUMNS


def _sighting(view: View, t_s: float, coarse: tuple[float, float], line: _Line, edge: Edge) -> MaybeHorizon:
    columns = np.linspace(0, view.width_px, 9)
    rows = horizon_rows(view, *coarse, columns) + line.offset_px + edge.at_px
    rows = rows + line.slope * (columns - view.width_px / 2)
    pitch, roll = camera_of_line(view, coarse, columns, rows)
    stretch = view.px_per_deg * (1 + np.tan(np.radians(pitch)) ** 2)
    sigma_px = float(np.sqrt(line.sigma_px**2 + edge.sigma_px**2 + 0.25**2))
    return HorizonView(
        t_s=t_s,
        pitch_deg=Measured(value=pitch, sigma=max(sigma_px / stretch, 0.005)),
        roll_deg=Measured(value=roll, sigma=max(float(np.degrees(line.sigma_slope)), 0.01)),
        focal_px=view.focal_px,
        height_m=view.height_m,
        columns_share=min(line.agree, 1.0),
    )
