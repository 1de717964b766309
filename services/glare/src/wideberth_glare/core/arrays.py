"""The arrays the filter speaks in."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Bgr = npt.NDArray[np.uint8]
"""(h, w, 3), 8 bit, B, G, R."""
Grey = npt.NDArray[np.uint8]
"""(h, w), 8 bit."""
Mask = npt.NDArray[np.uint8]
"""(h, w), 0 or 255."""
Floats = npt.NDArray[np.float32]
Homography = npt.NDArray[np.float64]
"""(3, 3), target from source, pixels at full size with centres at half-integers."""


def over(image: Grey, limit_dn: float) -> Mask:
    """Return 255 where the image is over the limit."""
    return np.asarray(cv2.threshold(image, limit_dn, 255, cv2.THRESH_BINARY)[1], np.uint8)


def ellipse(diameter: int) -> Mask:
    """Return an elliptic structuring element of 0 and 1."""
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (diameter, diameter)), np.uint8)


@dataclass(frozen=True)
class Neighbour:
    """A frame beside the reference.

    Attributes:
        pixels: same shape as the reference.
        offset_s: its time minus the reference's.
        reference_from_neighbour: by the poses of both, or None where one of them is not known.
    """

    pixels: Bgr
    offset_s: float
    reference_from_neighbour: Homography | None
