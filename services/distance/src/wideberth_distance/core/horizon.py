"""The sea horizon in one frame: found near where telemetry expects it, or refused with a reason.

Lines that stand out are sought over pitch and roll in a small copy (`horizon_search`) and fitted at full size from the
lowest up (`horizon_line`): clouds and skylines lie above the horizon. The first that is sharp and whole is the horizon
unless something speaks against it (`horizon_doubts`); haze's bias is taken out (`horizon_edge`). Refused rather than
guessed: what is wrong here is wrong in every distance of the flight.
"""

import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.clues import HorizonAbsence, HorizonView, MaybeHorizon, NoHorizon
from wideberth_contracts.poses import CameraPose, FramePose
from wideberth_contracts.wire import Measured
from wideberth_distance.core.horizon_curve import View, camera_of_line, horizon_rows
from wideberth_distance.core.horizon_doubts import doubt_of
from wideberth_distance.core.horizon_line import STRIP_DEG, Line, line_along
from wideberth_distance.core.horizon_search import LEAST_IN_VIEW, Candidate, candidates

GATE_DEG, GATE_SIGMA = 2.0, 4.0
"""Farther than this from telemetry a line is another line."""
BEYOND_DEG = 1.0
"""Searched beyond the gate, so that a better line there can speak against one within."""
RIVAL_SHARE = 0.65
"""A line must be this good against the best, or it is one of the waves or clouds."""
TOGETHER_PX = 0.3
"""What the whole line may be off by however long it is: lens, coding, swell."""
STRONGER = 3.0
"""A line this much clearer than the chosen one, outside the gate, says that telemetry errs by more than it knows."""

Image = NDArray[np.uint8]


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
    found = candidates(pixels, view, (pitch, roll), gate + BEYOND_DEG)
    if not found:
        return NoHorizon(t_s=t_s, reason=HorizonAbsence.NOT_FOUND, detail="no line stands out")
    clearest = found[0]
    near = [each for each in found if abs(each.pitch_deg - pitch) <= gate]
    if not near or clearest.score > STRONGER * max(each.score for each in near):
        detail = f"the clearest line is {clearest.pitch_deg - pitch:+.1f} deg from telemetry, allowed ± {gate:.1f}"
        return NoHorizon(t_s=t_s, reason=HorizonAbsence.DISAGREES, detail=detail)
    chosen = _lowest(pixels, view, found)
    if isinstance(chosen, str):
        return NoHorizon(t_s=t_s, reason=HorizonAbsence.NOT_FOUND, detail=chosen)
    sighting = _sighting(view, t_s, *chosen)
    if abs(sighting.pitch_deg.value - pitch) > gate:
        detail = f"the line is {sighting.pitch_deg.value - pitch:+.1f} deg from telemetry, allowed ± {gate:.1f}"
        return NoHorizon(t_s=t_s, reason=HorizonAbsence.DISAGREES, detail=detail)
    return sighting


def _in_view(view: View, pitch_deg: float, roll_deg: float, sigma_deg: float) -> bool:
    columns = np.linspace(0, view.width_px, 33)
    margin = STRIP_DEG * view.px_per_deg
    shares = []
    for shift in (-sigma_deg, 0.0, sigma_deg):
        rows = horizon_rows(view, float(np.clip(pitch_deg + shift, -89, 89)), roll_deg, columns)
        shares.append(float(np.mean((rows > margin) & (rows < view.height_px - margin))))
    return max(shares) >= LEAST_IN_VIEW


def _lowest(pixels: Image, view: View, found: list[Candidate]) -> tuple[Candidate, Line] | str:
    """The lowest of the lines that are sharp and whole, if nothing speaks against it."""
    tried = [(each, line_along(pixels, view, (each.pitch_deg, each.roll_deg))) for each in found]
    lines = [(each, line) for each, line in tried if isinstance(line, Line)]
    if not lines:
        return next(line for _, line in tried if isinstance(line, str))
    best = max(line.quality for _, line in lines)
    good = [(each, line) for each, line in lines if line.quality >= RIVAL_SHARE * best]
    # A lower row is a camera that looks higher.
    lowest, line = max(good, key=lambda pair: pair[0].pitch_deg + pair[1].offset_px / view.px_per_deg)
    doubt = doubt_of(pixels, view, (lowest.pitch_deg, lowest.roll_deg), line)
    return (lowest, line) if doubt is None else doubt


def _sighting(view: View, t_s: float, candidate: Candidate, line: Line) -> HorizonView:
    coarse = candidate.pitch_deg, candidate.roll_deg
    columns = np.linspace(0, view.width_px, 9)
    rows = horizon_rows(view, *coarse, columns) + line.offset_px + line.edge.at_px
    rows = rows + line.slope * (columns - view.width_px / 2)
    pitch, roll = camera_of_line(view, coarse, columns, rows)
    stretch = view.px_per_deg * (1 + np.tan(np.radians(pitch)) ** 2)
    sigma_px = float(np.sqrt(line.sigma_px**2 + line.edge.sigma_px**2 + TOGETHER_PX**2))
    return HorizonView(
        t_s=t_s,
        pitch_deg=Measured(value=pitch, sigma=max(sigma_px / stretch, 0.005)),
        roll_deg=Measured(value=roll, sigma=max(float(np.degrees(line.sigma_slope)), 0.015)),
        focal_px=view.focal_px,
        height_m=view.height_m,
        columns_share=float(line.share_of_columns.mean()),
    )
