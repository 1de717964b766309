"""What a candidate cannot be: physics, not confidence, sets boxes aside here."""

import numpy as np

from wideberth_detector.core.candidates import Bools, Candidates

# The smallest dolphin in the reference survey covers 66 px² (16 x 4); below a third of that no shape is left.
LEAST_AREA_PX2 = 20.0
LEAST_WIDTH_PX = 2.0
# Racing shells apart, hulls and animals are at most eight times as long as wide; twice that is a wave crest or a rope.
MOST_ASPECT = 16.0


def faults(candidates: Candidates, width_px: int, height_px: int) -> dict[str, Bools]:
    """For each reason, which candidates it sets aside; a candidate counts for the first reason that holds.

    Args:
        candidates: in pixels of the frame.
        width_px, height_px: the frame.
    """
    x, y, length, width = candidates.boxes[:, 0], candidates.boxes[:, 1], candidates.boxes[:, 2], candidates.boxes[:, 3]
    found: dict[str, Bools] = {}
    taken = np.zeros(len(candidates), np.bool_)
    tests = {
        "centre outside the frame": (x < 0) | (y < 0) | (x > width_px) | (y > height_px),
        "too small": (length * width < LEAST_AREA_PX2) | (width < LEAST_WIDTH_PX),
        "impossible shape": length > MOST_ASPECT * width,
    }
    for reason, fails in tests.items():
        found[reason] = fails & ~taken
        taken |= fails
    return found
