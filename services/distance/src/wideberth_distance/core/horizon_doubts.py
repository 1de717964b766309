"""What speaks against a line being the sea's horizon: land, clouds, the picture's own border."""

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter

from wideberth_distance.core.horizon_curve import View
from wideberth_distance.core.horizon_line import PIECES, Line, straightened

LOOK_COLUMNS = 640
REACH_DEG = 3.0
BORDER_LEVEL = 6
"""Grey levels: no sky is darker."""
ROUGHER, ROUGHER_BY, ROUGH_DEG = 1.25, 0.25, 0.4
"""Fine texture of a sky, at most: of the sea's, and in grey levels more."""
BELOW_DEG, BELOW_NOISE, BELOW_STEP = 2.5, 8.0, 1.0
"""How far below the line another is looked for, and how far it must stand out: of the rows' own noise, in grey
levels."""
SKYLINE_BLOCKS, BAND_SHARE, LAND_SHARE = 64, 0.25, 0.1
SKYLINE_PX, SKYLINE_SHARE, SKYLINE_CONTRAST, SKYLINE_COLUMNS = 4, 0.6, 3.0, 0.35
"""Half the height of an edge above the line, when a column has one (of the line's contrast, in grey levels), and how
many columns are too many."""
SEA_WITHIN_DEG = 0.8
WAVES_ROWS, WAVES_COLUMNS, WAVES_CLIP, WAVES_SKY_DEG = 3, 31, 4.0, 0.6
WAVES_GAIN, WAVES_BY, WAVES_RUN, WAVES_MOST = 1.2, 0.05, 8, 0.8
"""Waves are more than the sky's noise by a factor and in grey levels, in most of a run of rows."""

Image = npt.NDArray[np.uint8]


def doubt_of(pixels: Image, view: View, at: tuple[float, float], line: Line) -> str | None:
    """What speaks against the line, or None.

    Args:
        pixels: (height, width, 3) BGR.
        view: focal length, height and size.
        at: pitch and roll of the candidate that the line lies along.
        line: as fitted.
    """
    every = max(1, view.width_px // LOOK_COLUMNS)
    reach = int(np.ceil(REACH_DEG * view.px_per_deg))
    turned = at[0] + line.offset_px / view.px_per_deg, at[1] - float(np.degrees(line.slope))
    strip, rows = straightened(pixels, view, turned, reach, every)
    own = line.share_of_columns[np.minimum(np.arange(strip.shape[1]) * PIECES // strip.shape[1], PIECES - 1)] > 0
    strip, rows = strip[:, own], rows[own]
    # Rows that any column has outside the picture are repetitions of its first or last one.
    above, below = min(reach, int(rows.min()) - 1), min(reach, int(view.height_px - rows.max()) - 2)
    strip = np.ascontiguousarray(strip[reach - above : reach + below + 1])
    grey = np.asarray(cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY), np.float32)
    if np.median(strip[max(0, above - 12) : max(above - 4, 1)].max(axis=2)) < BORDER_LEVEL:
        return "black above the line: a border of the picture"
    if _rougher_above(grey, above, view):
        return "rougher above the line than below: land, or a cloud bank"
    if _edge_below(grey, above, view):
        return "another edge below the line: it is the base of a cloud, or a coast lies before it"
    if _waves_from_deg(grey, above, view) > SEA_WITHIN_DEG:
        return "no waves below the line: haze, or the sky below a cloud"
    if _edge_above(grey, above, line.edge.contrast, _sea_brighter_by(grey, above)):
        return "darker things stand on the line: a coast or a bank of cloud"
    return None


def _rougher_above(grey: npt.NDArray[np.float32], at: int, view: View) -> bool:
    """Whether what lies above the line has more fine texture than what lies below it."""
    reach, clear = int(np.ceil(ROUGH_DEG * view.px_per_deg)), 6
    band = grey[max(0, at - reach) : at + reach + 1]
    middle = min(at, reach)
    fine = np.abs(band - cv2.GaussianBlur(band, (0, 0), 2.0))
    above, below = fine[: max(middle - clear, 1)], fine[min(middle + clear, fine.shape[0] - 1) :]
    return float(above.mean()) > ROUGHER * float(below.mean()) + ROUGHER_BY


def _edge_below(grey: npt.NDArray[np.float32], at: int, view: View) -> bool:
    """Whether a second sharp edge runs along the line below it: waves are never as straight over the whole width."""
    profile = grey[: at + int(BELOW_DEG * view.px_per_deg)].mean(axis=1, dtype=np.float64)
    steps = np.abs(profile[4:] - profile[:-4])[at + 8 :]
    if steps.size < 16:
        return False
    apart = steps - median_filter(steps, 41)
    noise = max(1.48 * float(np.median(np.abs(apart - np.median(apart)))), 0.02)
    return float(apart.max()) > max(BELOW_NOISE * noise, BELOW_STEP)


def _waves_from_deg(grey: npt.NDArray[np.float32], at: int, view: View) -> float:
    """How far below the line waves begin to show: unevenness along the rows, more than the sky's."""
    wide = cv2.resize(grey, (max(8, grey.shape[1] // 4), grey.shape[0]), interpolation=cv2.INTER_AREA)
    wide = cv2.blur(wide, (1, WAVES_ROWS))
    apart = np.abs(wide - cv2.blur(wide, (WAVES_COLUMNS, 1)))
    # Boats, glint and birds are no waves.
    apart = np.minimum(apart, WAVES_CLIP * np.median(apart, axis=1, keepdims=True))
    waves = apart.mean(axis=1, dtype=np.float64)
    sky = waves[max(0, at - int(WAVES_SKY_DEG * view.px_per_deg)) : max(at - 6, 1)]
    calm = float(np.median(sky))
    shown = waves[at + 3 :] > max(WAVES_GAIN * calm, calm + WAVES_BY)
    runs = np.convolve(shown, np.ones(WAVES_RUN), "valid") >= WAVES_MOST * WAVES_RUN
    return float(np.argmax(runs)) / view.px_per_deg if runs.any() else np.inf


def _sea_brighter_by(grey: npt.NDArray[np.float32], at: int) -> float:
    sides = grey[at + 4 : at + 12], grey[max(0, at - 12) : max(at - 4, 1)]
    sea, sky = (float(np.median(side)) for side in sides)
    return sea - sky


def _edge_above(grey: npt.NDArray[np.float32], at: int, contrast: float, sea_brighter_by: float) -> bool:
    """Whether something stands between the line and the sky: darker in many columns, or a band all along."""
    sky = grey[: max(at - 4, 1)]
    if sky.shape[0] <= 4 * SKYLINE_PX:
        return False
    # Seldom is the sea brighter than the sky, often than the land.
    share = SKYLINE_SHARE if sea_brighter_by < SKYLINE_CONTRAST else LAND_SHARE
    limit = max(share * abs(contrast), SKYLINE_CONTRAST)
    # Blocks of columns narrow enough for hills, wide enough that noise averages out.
    blocks = cv2.resize(sky, (SKYLINE_BLOCKS, sky.shape[0]), interpolation=cv2.INTER_AREA)
    sky = np.asarray(cv2.blur(blocks, (1, SKYLINE_PX)), np.float32)
    steps = sky[: -2 * SKYLINE_PX] - sky[2 * SKYLINE_PX :]
    # Land is dark from its skyline down to the line, a cloud only for a while.
    dark = (steps.max(axis=0) > limit) & (sky.max(axis=0) - sky[-2 * SKYLINE_PX :].mean(axis=0) > limit)
    band = np.abs(np.median(steps, axis=1)).max()
    return float(np.mean(dark)) > SKYLINE_COLUMNS or float(band) > max(BAND_SHARE * abs(contrast), SKYLINE_CONTRAST)
