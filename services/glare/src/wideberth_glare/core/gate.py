"""The gate: is there glint, and where. The mask only ever acts inside the glitter field found here.

A glitter field is where saturated specks stand close together and do not stay: foam and surf seldom saturate a
camera exposed for the sea and last for seconds, a vessel is one solid thing. The sun's place would predict the
field, but a window of frames carries no geographic origin, so it is measured.
"""

from dataclasses import dataclass
from functools import reduce

import cv2
import numpy as np

from wideberth_glare.core.arrays import Grey, Mask, ellipse, over
from wideberth_glare.core.scale import Scale

SATURATED_DN = 235
WINDOW_M = 8.0
"""Side of the window over which specks are counted."""
FIELD_SHARE = 0.012
"""Share of cells with a speck from which on the place is a glitter field."""
LEAST_FIELD_SHARE = 0.004
"""Share of the picture that must be field before anything is cleared."""


@dataclass(frozen=True)
class Evidence:
    """What was measured.

    Attributes:
        field: on the working grid, 255 where the sea glitters.
        speck_share: share of cells with a scintillating, saturated speck.
        field_share: share of the picture that is field.
    """

    field: Mask
    speck_share: float
    field_share: float

    @property
    def glint(self) -> bool:
        """Whether there is glint to clear."""
        return self.field_share >= LEAST_FIELD_SHARE


def _any_in_cell(mask: Mask, reduction: int) -> Mask:
    grown = cv2.dilate(mask, np.ones((reduction, reduction), np.uint8), anchor=(0, 0))
    return np.ascontiguousarray(grown[::reduction, ::reduction])


def specks(grey: Grey, bright: Mask, solid: Mask, reduction: int) -> Mask:
    """Return 255 on the working grid where a saturated pixel lies that belongs to nothing solid."""
    peak = over(grey, SATURATED_DN)
    found = _any_in_cell(np.asarray(cv2.bitwise_and(peak, bright), np.uint8), reduction)
    near_solid = cv2.dilate(solid, ellipse(7))
    return np.asarray(cv2.bitwise_and(found, cv2.bitwise_not(near_solid)), np.uint8)


def glint_evidence(found: Mask, lasting: list[Mask], scale: Scale) -> Evidence:
    """Return where the sea glitters.

    Args:
        found: specks of the reference.
        lasting: one a neighbour, 255 where that neighbour has a peak too; a speck in all of them does not scintillate.
    """
    fleeting = found
    if lasting:
        stays = reduce(lambda a, b: np.asarray(cv2.bitwise_and(a, b), np.uint8), lasting)
        wide = cv2.dilate(stays, np.ones((3, 3), np.uint8))
        fleeting = np.asarray(cv2.bitwise_and(found, cv2.bitwise_not(wide)), np.uint8)
    side = max(3, scale.cells(WINDOW_M))
    density = np.asarray(cv2.blur(fleeting, (side, side)), np.uint8)
    field = np.asarray(cv2.dilate(over(density, FIELD_SHARE * 255), np.ones((3, 3), np.uint8)), np.uint8)
    return Evidence(field, _share(fleeting), _share(field))


def _share(mask: Mask) -> float:
    return cv2.countNonZero(mask) / mask.size
