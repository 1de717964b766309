"""Where the sea ends in the profile across a horizon, haze accounted for.

Haze hides the far sea: seen e radians below the horizon from height h the water is h / e away, so its contrast falls as
exp(-c h / e) (Koschmieder). The haze over the far sea is mostly darker than the sky, so a step is left at the
horizon, and the sea comes out of the haze below it: the steepest place lies at the horizon or a little lower, by less
the sharper the edge. How much is taken from how far the edge is wider than the lens makes it: 0.18 of that, by
simulated horizons, and as uncertain.
"""

from dataclasses import dataclass

import numpy as np

from wideberth_distance.core.projection import Array

_REACH_PX = 8
"""Sky and sea are compared so far from the edge."""
LENS_PX = 3.6
"""Width, contrast over steepest slope, of an edge that lens, coding and the smoothing here alone make."""
_HAZE_SHARE = 0.18


@dataclass(frozen=True, slots=True)
class Edge:
    """The end of the sea.

    Attributes:
        at_px: from the profile's middle, positive downwards.
        sigma_px: its uncertainty by the haze.
        width_px: contrast over steepest slope.
        contrast: of sea against sky, grey levels.
        step: the part of it within 4 px.
    """

    at_px: float
    sigma_px: float
    width_px: float
    contrast: float
    step: float


def edge_of(profile: Array) -> Edge | None:
    """The edge in the middle of a profile of odd length, from sky (first) to sea (last); None where there is none."""
    middle = profile.size // 2
    reach = min(_REACH_PX, middle - 1)
    sky = float(np.median(profile[max(0, middle - 2 * reach) : middle - reach // 2]))
    sea = float(np.median(profile[middle + reach // 2 + 1 : middle + 2 * reach]))
    slope = float(np.abs(np.gradient(profile)[middle - 2 : middle + 3]).max())
    if slope < 1e-6:
        return None
    width = abs(sea - sky) / slope
    haze = max(0.0, width - LENS_PX)
    step = float(np.abs(profile[4:] - profile[:-4])[middle - 4 : middle + 1].max())
    return Edge(-_HAZE_SHARE * haze, _HAZE_SHARE * haze, width, sea - sky, step)
