"""Cutting crops as the pipeline cuts them: a square of three times the detection's long side, at the network's size."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wideberth_anomaly.core.scoring import network_input

Image = NDArray[np.uint8]

# A crop is three times the detection, as the pipeline cuts it.
CROP_SPANS_BOXES = 3.0
SIDE_PX = 128
# Long sides, in px of the source, of the boxes a detector would put round clutter: from the smallest animal worth a
# look to what still fits a simulated crop.
SHORTEST_BOX_PX, LONGEST_BOX_PX = 12.0, 52.0


@dataclass(frozen=True, slots=True)
class Piece:
    """One crop.

    Attributes:
        image: (128, 128, 3) BGR.
        kind: `dolphin`, or the kind of clutter.
        group: what it was cut from; pieces of one group are never split between training and test.
    """

    image: Image
    kind: str
    group: str


def cut(source: Image, x_px: float, y_px: float, box_px: float) -> Image:
    """The crop round a detection, (128, 128, 3). Beyond the picture its border is repeated.

    Args:
        source: (height, width, 3) BGR.
        x_px, y_px: the detection's centre.
        box_px: its long side.
    """
    side = max(8, round(CROP_SPANS_BOXES * box_px))
    left, top = round(x_px - side / 2), round(y_px - side / 2)
    height, width = source.shape[:2]
    x = np.clip(np.arange(left, left + side), 0, width - 1)
    y = np.clip(np.arange(top, top + side), 0, height - 1)
    piece = source[y[:, None], x[None, :]]
    planes = network_input(np.ascontiguousarray(piece), SIDE_PX)[0]
    return np.asarray(np.clip(np.rint(planes.transpose(1, 2, 0)[:, :, ::-1] * 255), 0, 255), np.uint8)


def clutter_box_px(rng: np.random.Generator) -> float:
    """The long side of a box a detector might put round clutter."""
    return float(np.exp(rng.uniform(np.log(SHORTEST_BOX_PX), np.log(LONGEST_BOX_PX))))


def salient_places(source: Image, box_px: float, wanted: int, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Places that stand out at the size of a box, where a detector errs: maxima of a difference of Gaussians.

    Args:
        source: (height, width, 3) BGR.
        box_px: long side of the box.
        wanted: at most so many, drawn from the strongest four times as many.
        rng: draws.
    """
    grey = cv2.cvtColor(source, cv2.COLOR_BGR2GRAY).astype(np.float32)
    fine, coarse = (cv2.GaussianBlur(grey, (0, 0), sigma) for sigma in (box_px / 6, box_px / 3))
    strength = np.abs(fine - coarse)
    ring = int(max(3, box_px)) | 1
    peaks = strength >= cv2.dilate(strength, np.ones((ring, ring), np.uint8))
    y, x = np.nonzero(peaks)
    best = np.argsort(-strength[y, x], kind="stable")[: 4 * wanted]
    drawn = rng.permutation(best)[:wanted]
    return [(float(x[index]), float(y[index])) for index in drawn]
