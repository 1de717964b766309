"""Lines that stand out near where telemetry expects the horizon, in a copy of the frame 640 px wide."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter

from wideberth_distance.core.horizon_curve import View, horizon_rows
from wideberth_distance.core.projection import Array, Mask

LOOK_PX = 640
BLOCKS = 40
"""Columns are averaged into so many blocks."""
ROLLS_DEG = np.arange(-3.0, 3.01, 0.25)
LEAST_IN_VIEW = 0.5
"""Share of the columns in which a line must lie inside the picture."""
STEP_PX = 3
"""Half the height of the window across which the search compares, px of the small picture."""
SLOPE_PX = 31
LEAST_CONTRAST, CLIP_CONTRAST = 0.7, 8.0
"""Grey levels: of a line, and the most a block counts."""
FAINTEST = 0.15
"""Of the clearest line's contrast."""
APART_PX, MOST = 5, 4

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that stands out.

    Attributes:
        pitch_deg, roll_deg: of the camera whose horizon it would be.
        score: mean contrast across it, grey levels.
    """

    pitch_deg: float
    roll_deg: float
    score: float


def candidates(pixels: Image, view: View, start_deg: tuple[float, float], reach_deg: float) -> list[Candidate]:
    """Lines within reach of the expected pitch and ± 3 deg of the roll, clearest first."""
    by = min(1.0, LOOK_PX / view.width_px)
    reach = int(np.ceil(reach_deg * view.px_per_deg * by))
    strip, inside = _straightened(pixels, view, start_deg, by, reach)
    sums = [_turned(np.where(inside, _steps(plane), 0.0), inside, reach) for plane in planes(strip)]
    found: list[Candidate] = []
    profile = np.max([each.max(axis=0) for each in sums], axis=0)
    best = float(profile.max(initial=0.0))
    while len(found) < MOST:
        offset = int(profile.argmax())
        if profile[offset] < max(LEAST_CONTRAST, FAINTEST * best):
            break
        which = int(np.argmax([each[:, offset].max() for each in sums]))
        turn = int(sums[which][:, offset].argmax())
        # A lower row is a camera that looks higher.
        pitch = start_deg[0] + (offset - reach) / (view.px_per_deg * by)
        roll = start_deg[1] + float(ROLLS_DEG[turn])
        found.append(Candidate(pitch, roll, float(profile[offset])))
        profile[max(0, offset - APART_PX) : offset + APART_PX + 1] = 0.0
    return found


def _straightened(
    pixels: Image, view: View, start_deg: tuple[float, float], by: float, reach: int
) -> tuple[npt.NDArray[np.float32], Mask]:
    """The small copy along the expected curve in blocks of columns, (rows, 40, 3), and where it is in the picture."""
    half = reach + STEP_PX + int(np.ceil(LOOK_PX / 2 * np.tan(np.radians(ROLLS_DEG[-1]))))
    columns = np.arange(round(view.width_px * by))
    curve = horizon_rows(view, *start_deg, (columns + 0.5) / by)
    first = int(np.clip(curve.min() - (half + 2) / by, 0, view.height_px - 1))
    last = int(np.clip(curve.max() + (half + 2) / by, first + 1, view.height_px))
    height = max(1, round((last - first) * by))
    small = cv2.resize(pixels[first:last], (columns.size, height), interpolation=cv2.INTER_AREA)
    rows = (curve - first) * height / (last - first) - 0.5 + np.arange(-half, half + 1)[:, None]
    across = np.broadcast_to(columns.astype(np.float32), rows.shape)
    strip = cv2.remap(
        small, np.ascontiguousarray(across), rows.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    inside = (rows >= STEP_PX) & (rows < height - STEP_PX)
    size = (BLOCKS, 2 * half + 1)
    blocks = np.asarray(cv2.resize(strip.astype(np.float32), size, interpolation=cv2.INTER_AREA), np.float32)
    return blocks, cv2.resize(inside.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.99


def _steps(plane: Array) -> Array:
    """Mean of the rows above each row less that of those below, clipped, and less the same of the rows around."""
    sums = np.concatenate([np.zeros((1, plane.shape[1])), np.cumsum(plane, axis=0)])
    rows = np.arange(plane.shape[0])
    above = sums[rows] - sums[np.maximum(rows - STEP_PX, 0)]
    below = sums[np.minimum(rows + STEP_PX, plane.shape[0])] - sums[rows]
    steps = np.clip((above - below) / STEP_PX, -CLIP_CONTRAST, CLIP_CONTRAST)
    # What the rows around have as well is a slope of the light, not a line.
    return np.asarray(steps - median_filter(steps, (SLOPE_PX, 1)))


def _turned(steps: Array, inside: Mask, reach: int) -> Array:
    """Contrast by roll and offset, (rolls, 2 reach + 1); 0 where too little lies in the picture."""
    across = (np.arange(BLOCKS) + 0.5 - BLOCKS / 2) * (LOOK_PX / BLOCKS)
    # The right side points down where the roll is positive: the horizon rises to the right.
    drop = -np.tan(np.radians(ROLLS_DEG))[:, None] * across
    middle = steps.shape[0] // 2
    rows = np.round(middle + drop[:, None, :] + np.arange(-reach, reach + 1)[None, :, None]).astype(int)
    blocks = np.arange(BLOCKS)
    found, there = steps[rows, blocks], inside[rows, blocks]
    return np.asarray(np.abs(found.mean(axis=2)) * (there.mean(axis=2) >= LEAST_IN_VIEW))


def planes(pixels: npt.NDArray[np.generic]) -> list[Array]:
    """Luminance, and blue less red: haze leaves now the one, now the other."""
    blue, green, red = (pixels[..., i].astype(np.float64) for i in range(3))
    return [0.114 * blue + 0.587 * green + 0.299 * red, blue - red]
