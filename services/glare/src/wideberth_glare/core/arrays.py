"""The arrays the filter speaks in, and how they shrink.

Pictures shrink by halves only: OpenCV does that ten times faster than any other step.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

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

Number = TypeVar("Number", np.uint8, np.uint16, np.float32)
FINE_SHIFT = 6
_PAIR = np.ones((2, 2), np.uint8)


def over(image: Grey, limit_dn: float) -> Mask:
    """Return 255 where the image is over the limit."""
    return np.asarray(cv2.threshold(image, limit_dn, 255, cv2.THRESH_BINARY)[1], np.uint8)


def without(mask: Mask, other: Mask) -> Mask:
    """Return a mask less another one."""
    rest = cv2.bitwise_not(other)
    return np.asarray(cv2.bitwise_and(mask, rest, dst=rest), np.uint8)


def ellipse(diameter: int) -> Mask:
    """Return an elliptic structuring element of 0 and 1."""
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (diameter, diameter)), np.uint8)


def reduce_by_minimum(grey: Grey, factor: int) -> Grey:
    """Return the minimum of each `factor` x `factor` block: dark gaps between glints survive, glints do not.

    Args:
        factor: a power of 2.
    """
    while factor > 1:
        least = cv2.erode(grey, _PAIR, anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)
        grey, factor = np.ascontiguousarray(least[::2, ::2], np.uint8), factor // 2
    return grey


def reduce_by_maximum(grey: Grey, factor: int) -> Grey:
    """Return the maximum of each `factor` x `factor` block; `factor` is a power of 2."""
    while factor > 1:
        most = cv2.dilate(grey, _PAIR, anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)
        grey, factor = np.ascontiguousarray(most[::2, ::2], np.uint8), factor // 2
    return grey


def reduce_by_mean(image: npt.NDArray[Number], factor: int) -> npt.NDArray[Number]:
    """Return the mean of each `factor` x `factor` block, in the numbers of the image; `factor` is a power of 2."""
    while factor > 1:
        size = (max(1, image.shape[1] // 2), max(1, image.shape[0] // 2))
        image, factor = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), image.dtype), factor // 2
    return image


def shifted(image: npt.NDArray[Any]) -> npt.NDArray[np.uint16]:
    """Return the image in steps of 1/64 level: 8 bit would round means of few pixels up by half a level."""
    fine = image.astype(np.uint16)
    np.left_shift(fine, FINE_SHIFT, out=fine)
    return fine


def grown_to(image: Grey, like: npt.NDArray[np.uint8], interpolation: int) -> Grey:
    """Return an image at the size of another."""
    return np.asarray(cv2.resize(image, (like.shape[1], like.shape[0]), interpolation=interpolation), np.uint8)


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
